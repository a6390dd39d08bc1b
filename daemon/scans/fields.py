"""What an engine read, repaired by the kind of field: code, phone, meter, date, e-mail, name, address, text.

Each function returns the value in the one form the program keeps, or None where the reading cannot be one. Nothing is
decided here, and nothing is invented: only signs that engines are known to mix up are exchanged.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable

from rapidfuzz.distance import Levenshtein

from daemon.desk.form import FieldKind
from daemon.desk.text import fold_aligned, nfc, squeeze

_DIGIT_FOR = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "!": "1", "Z": "2", "A": "4", "S": "5"}
_DIGIT_FOR |= {"G": "6", "T": "7", "B": "8", "/": "1", "J": "1", "Ạ": "0", "Ô": "0", "Ơ": "0"}
_LETTER_FOR = {"0": "O", "1": "I", "5": "S", "8": "B", "2": "Z", "6": "G", "4": "A", "7": "T"}
_MOBILE = re.compile(r"0(?:3[2-9]|5[2689]|7[06-9]|8[1-9]|9\d)\d{7}|02\d{9}|1[89]00\d{4,6}")
_DATE = re.compile(r"(?<!\d)(\d{1,2})[\s/.,|!\-]{1,3}(\d{1,2})[\s/.,|!\-]{1,3}(\d{4})(?!\d)")
_DATE_IN_WORDS = re.compile(r"(\d{1,2})\W{0,3}th\w{2,3}g\W{0,3}(\d{1,2})\W{0,3}n\w{1,2}m\W{0,3}(\d{4})(?!\d)", re.I)
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._+-]*@(?:[a-z0-9-]+\.)+[a-z]{2,6}")
_HOSTS = ("gmail.com", "yahoo.com.vn", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "npc.com.vn")
_MOST_CHANGES = 4


def code(text: str, pattern: re.Pattern[str]) -> str | None:
    """Return the customer code in a reading: upper case, no blanks, mixed-up letters and digits set right."""
    flat = "".join(char for char in nfc(text).upper() if char.isalnum() or char in "|!/")
    found = pattern.search(flat)
    if found and len(found[0]) == len(flat):
        return found[0]
    return _repaired(flat, pattern)


def _repaired(flat: str, pattern: re.Pattern[str]) -> str | None:
    """Return the only reading within the fewest exchanges that fits the pattern, None if none or several do."""
    places = [n for n, char in enumerate(flat) if char in _DIGIT_FOR or char in _LETTER_FOR]
    if len(flat) > 24:
        return None
    for changes in range(1, _MOST_CHANGES + 1):
        fits = set()
        for chosen in itertools.combinations(places, changes):
            chars = list(flat)
            for n in chosen:
                chars[n] = _DIGIT_FOR.get(chars[n]) or _LETTER_FOR[chars[n]]
            candidate = "".join(chars)
            if pattern.fullmatch(candidate):
                fits.add(candidate)
        if fits:
            return fits.pop() if len(fits) == 1 else None
    return None


# Every customer of the Northern Power Corporation has a code that begins so.
_HEAD = "PA"


def guessed_code(text: str, pattern: re.Pattern[str]) -> str | None:
    """Return the code that a reading with a spoilt beginning most likely meant, None where the rest does not fit."""
    flat = "".join(char for char in nfc(text).upper() if char.isalnum() or char in "|!/")
    fits = (code(_HEAD + flat[cut:], pattern) for cut in range(6))
    return next((found for found in fits if found), None)


def likely_code(found: str) -> str:
    """Return a code that nobody is sure of with the beginning that every code of the company has."""
    return _HEAD + found[len(_HEAD) :]


def guessed_date(text: str) -> str | None:
    """Return the date of a reading whose strokes between the figures were lost or read as the figure 1."""
    flat = digits(text)
    for day, month, year in ((0, 2, 4), (0, 3, 6)):
        if len(flat) == year + 4 and (month == 2 or flat[2] == flat[5] == "1"):
            return date(f"{flat[day : day + 2]}/{flat[month : month + 2]}/{flat[year:]}")
    return None


def guess(kind: FieldKind, pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    """Return the function that says what a reading that cannot be repaired most likely meant."""
    if kind is FieldKind.CODE:
        return lambda text: guessed_code(text, pattern)
    return guessed_date if kind is FieldKind.DATE else lambda text: None


def digits(text: str) -> str:
    """Return the digits of a reading, letters that look like digits exchanged, everything else left out."""
    flat = "".join(nfc(text).upper().split())
    return "".join(_DIGIT_FOR.get(c, c) for c in flat if c.isdigit() or (c in _DIGIT_FOR and c not in "/!|T"))


def phone(text: str) -> str | None:
    """Return a phone number of ten or eleven digits beginning with 0 (or a 1800/1900 number), digits only."""
    written = text.strip()
    number = digits(written)
    if written.startswith("+84") or (number.startswith("84") and len(number) in (11, 12)):
        number = "0" + number[2:]
    return number if re.fullmatch(r"0\d{9,10}|1[89]00\d{4,6}", number) else None


def plausible_phone(number: str) -> bool:
    """Say whether a number has a prefix and length that Vietnamese networks use."""
    return _MOBILE.fullmatch(number) is not None


def meter(text: str) -> str | None:
    """Return a meter's serial number of 5 to 14 digits; a serial with letters keeps them in upper case."""
    flat = re.sub(r"[\s.\-]", "", nfc(text).upper())
    number = digits(flat)
    if 5 <= len(number) <= 14 and len(number) >= 0.85 * len(flat):
        return number
    return flat if re.fullmatch(r"[A-Z0-9]{5,16}", flat) else None


def date(text: str) -> str | None:
    """Return a real date of this century as dd/mm/yyyy, from figures or ``ngày … tháng … năm …``."""
    flat = nfc(text)
    found = _DATE_IN_WORDS.search(flat)
    if not found:
        # A letter among the figures is a misread figure; left alone it would cut 2l/05 down to 2.
        found = _DATE.search("".join(c if c in "/!|" else _DIGIT_FOR.get(c, c) for c in flat.upper()))
    if not found:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        when = dt.date(year, month, day)
    except ValueError:
        return None
    return f"{when:%d/%m/%Y}" if 2000 <= when.year <= 2099 else None


def email(text: str) -> str | None:
    """Return an e-mail address in lower case; a lost or misread @ before a well-known host is put back."""
    flat = "".join(nfc(text).split()).lower().replace(",", ".")
    if _EMAIL.fullmatch(flat):
        return _known_host(flat)
    for host in _HOSTS:
        if flat.endswith(host):
            head = flat.removesuffix(host)
            # Engines read the sign @ as one of these where they do not know it.
            fixed = re.sub(r"[^a-z0-9._+-]+$|[e0aqo©®]$", "", head) if head else ""
            candidate = f"{fixed.rstrip('@')}@{host}"
            return candidate if _EMAIL.fullmatch(candidate) else None
    return None


def _known_host(address: str) -> str:
    """Return the address with its host set right where it is one sign away from one that everybody uses."""
    head, _, host = address.partition("@")
    near = [known for known in _HOSTS if host != known and Levenshtein.distance(host, known) == 1]
    return f"{head}@{near[0]}" if len(near) == 1 and host not in _HOSTS else address


def name(text: str) -> str | None:
    """Return a name without signs that are none of its own, None if fewer than two letters remain."""
    kept = squeeze(re.sub(r"[^\w\s.,&()'/-]|_", " ", nfc(text))).strip(" .,;:-'/")
    kept = _apart(re.sub(r"(?<=\w),(?=\s*\w)", "", kept) if kept.count(",") == 1 else kept)
    return kept if sum(char.isalpha() for char in kept) >= 2 else None


def _apart(text: str) -> str:
    """Return the text with the blanks that a narrow hand hides: a capital within a word begins the next word."""
    return "".join(
        f" {char}" if n and char.isupper() and text[n - 1].islower() else char for n, char in enumerate(text)
    )


def address(text: str) -> str | None:
    """Return an address with commas set as written, stray signs at its ends dropped."""
    kept = _apart(squeeze(nfc(text)).strip(" .,;:-'\"|_"))
    kept = re.sub(r"\s+([,.;])", r"\1", kept)
    kept = re.sub(r",(?=\w)", ", ", kept)
    kept = re.sub(r"(?<=[^\W\d_])(?=\d)", " ", kept) if re.match(r"\w{2,5}\d", kept) else kept
    kept = _spelled(kept)
    kept = re.sub(r"[.;](?=\s+(?:xã|phường|thị trấn|huyện|thành phố|tỉnh|TP)\b)", ",", kept)
    return kept if sum(char.isalpha() for char in kept) >= 3 else None


_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|sl|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|nh|ng|[cmnpt])?", re.I
)


def sounds_vietnamese(text: str) -> bool:
    """Say whether every word can be a Vietnamese syllable; a lost or doubled letter often leaves one that cannot."""
    return all(_SYLLABLE.fullmatch(word) for word in re.findall(r"[a-z]+", fold_aligned(text)))


# Words of addresses whose tone marks thin pens and faxes lose first; only where nothing else can be meant.
_STANDING = (
    (re.compile(r"^to(?= \d)|(?<=, )to(?= \d)"), "Tổ"),
    (re.compile(r"^thon\b"), "Thôn"),
    (re.compile(r"^xom\b"), "Xóm"),
    (re.compile(r"^khu pho\b"), "Khu phố"),
    (re.compile(r"^so nha\b"), "Số nhà"),
    (re.compile(r"^tieu khu\b"), "Tiểu khu"),
    (re.compile(r"^to nhan dan\b"), "Tổ nhân dân"),
    (re.compile(r"(?<=, )xa\b"), "xã"),
    (re.compile(r"(?<=, )phuong\b"), "phường"),
    (re.compile(r"(?<=, )thi tran\b"), "thị trấn"),
    (re.compile(r"(?<=, )huyen\b"), "huyện"),
    (re.compile(r"(?<=, )thanh pho\b"), "thành phố"),
    (re.compile(r"(?<=, )tinh\b"), "tỉnh"),
)


def _spelled(text: str) -> str:
    """Return the address with the kinds of its places spelled right: huyên, huyén and huyen can only be huyện."""
    for pattern, word in _STANDING:
        found = pattern.search(fold_aligned(text))
        if found:
            # A word that a person wrote with a capital, or without, stays so.
            shown = (word[0].upper() if text[found.start()].isupper() else word[0].lower()) + word[1:]
            text = text[: found.start()] + shown + text[found.end() :]
    return text


def words(text: str) -> str | None:
    """Return free text with its white space squeezed, None if it holds no word."""
    kept = squeeze(text)
    return kept if sum(char.isalnum() for char in kept) >= 3 else None


def repair(kind: FieldKind, pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    """Return the function that repairs readings of a kind of field."""
    if kind is FieldKind.CODE:
        return lambda text: code(text, pattern)
    return {
        FieldKind.PHONE: phone,
        FieldKind.METER: meter,
        FieldKind.DATE: date,
        FieldKind.EMAIL: email,
        FieldKind.NAME: name,
        FieldKind.ADDRESS: address,
        FieldKind.TEXT: words,
    }[kind]
