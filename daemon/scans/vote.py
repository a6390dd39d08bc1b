"""Several engines' readings of one field to one value, and whether it may be used unseen.

Two engines that were built apart and read the same are believed; one alone never is. The thresholds were set on pages
made for the purpose (``tools/make_scan_set.py``), half of which were kept back for the figures.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from daemon.desk.form import FieldKind, FieldReading, Standing, Vote
from daemon.desk.text import fold
from daemon.scans import fields, likely
from daemon.scans.engines import ASTER, PADDLE, TESSERACT
from daemon.scans.raw import SeenCell
from daemon.scans.tails import Tails

SHIPPED_CODE = r"P[A-Z]\d{2}[A-Z0-9]{2}\d{7}"
EXACT = frozenset({FieldKind.CODE, FieldKind.PHONE, FieldKind.METER, FieldKind.DATE, FieldKind.EMAIL})
# The least certain character of each of two agreeing engines; below it agreement may be shared misreading.
_PAIR_SURE = 0.35
_KNOWN_NAME_SURE = 0.75
_NAME_SURE, _ADDRESS_SURE, _UNKNOWN_SURE = 0.90, 0.85, 0.97


@dataclass(frozen=True, slots=True)
class Rules:
    """What deciding needs: the customer code's pattern, and ``snap``.

    ``snap`` returns an address with its places spelled as in the gazetteer if it knows its commune or district, else
    None. ``tails`` are the ends of all addresses of the desk's area.
    """

    code: re.Pattern[str] = field(default_factory=lambda: re.compile(SHIPPED_CODE))
    snap: Callable[[str], str | None] = lambda address: None
    tails: Tails = field(default_factory=lambda: Tails(()))


def decide(cell: SeenCell, rules: Rules, sure: bool = True) -> FieldReading:
    """Return the reading of a cell. ``sure`` False (a doubtful pose) sends every value to a person."""
    if cell.ink == "empty":
        standing = Standing.CHECK if cell.required else Standing.ACCEPTED
        return FieldReading(cell.field, None, standing, 1.0, "ô để trống" if cell.required else "", crop=cell.crop)
    value, confidence, reason = weigh(cell.kind, cell.votes, rules)
    if not reason and cell.ink == "doubt":
        reason = "nét quá ít hoặc quá mờ, có thể chỉ là vết bẩn"
    if not reason and not sure:
        reason = "phiếu nằm lệch, chưa chắc cắt đúng ô"
    standing = Standing.CHECK if reason else Standing.ACCEPTED
    return FieldReading(cell.field, value, standing, round(confidence, 4), reason, cell.votes, cell.crop)


def weigh(kind: FieldKind, votes: Sequence[Vote], rules: Rules) -> tuple[str | None, float, str]:
    """Return (value, confidence, reason); the reason is empty where the value may be used as it is."""
    if not votes:
        return None, 0.0, "chưa có bộ đọc chữ, hãy nhìn ảnh và gõ vào"
    if kind in EXACT:
        return _exact(kind, votes, rules)
    if kind is FieldKind.NAME:
        return _named(votes)
    if kind is FieldKind.ADDRESS:
        return _placed(votes, rules)
    return _worded(votes)


def _repaired(kind: FieldKind, votes: Sequence[Vote], rules: Rules) -> dict[str, tuple[str, float]]:
    repair = fields.repair(kind, rules.code)
    return {v.engine: (value, v.confidence) for v in votes if (value := repair(v.text)) is not None}


def _exact(kind: FieldKind, votes: Sequence[Vote], rules: Rules) -> tuple[str | None, float, str]:
    """Codes, numbers, dates, addresses of e-mail: equal character for character in two engines, or a person looks."""
    read = _repaired(kind, votes, rules)
    if not read:
        return _guessed(kind, votes, rules), 0.0, "đọc không ra đúng dạng"
    tally = Counter(value for value, _ in read.values())
    value, engines = tally.most_common(1)[0]
    if engines == 1:
        engine = next(name for name in (PADDLE, ASTER, TESSERACT) if name in read)
        value = read[engine][0]
    sure = sorted((c for v, c in read.values() if v == value), reverse=True)
    confidence = sure[0] if engines == 1 else (sure[0] + sure[1]) / 2
    reason = _why_not(kind, value, read, sure)
    if reason and kind is FieldKind.CODE and rules.code.fullmatch(fields.likely_code(value)):
        value = fields.likely_code(value)
    return value, confidence * (0.6 if engines == 1 else 1.0), reason


def _guessed(kind: FieldKind, votes: Sequence[Vote], rules: Rules) -> str | None:
    """Return what a reading that fits no pattern most likely meant: for a person to look at, never for a vote."""
    guess = fields.guess(kind, rules.code)
    order = {PADDLE: 0, ASTER: 1, TESSERACT: 2}
    for vote in sorted(votes, key=lambda vote: order.get(vote.engine, 3)):
        if value := guess(vote.text):
            return value
    return None


def _why_not(kind: FieldKind, value: str, read: dict[str, tuple[str, float]], sure: Sequence[float]) -> str:
    if len(sure) < 2:
        return "các bộ đọc không đọc giống nhau" if len(read) > 1 else "chỉ một bộ đọc đọc được"
    if sure[1] < _PAIR_SURE or sure[0] < 0.8:
        return "nét chữ không rõ"
    if kind is FieldKind.PHONE and not fields.plausible_phone(value):
        return "đầu số điện thoại không có trong thực tế"
    against = [c for v, c in read.values() if v != value]
    return "có bộ đọc đọc khác" if against and max(against) > 0.85 else ""


def _named(votes: Sequence[Vote]) -> tuple[str | None, float, str]:
    by = {v.engine: v for v in votes}
    best = _better(by)
    value = fields.name(best.text) if best else None
    if best is None or value is None:
        return None, 0.0, "không đọc được chữ"
    known = likely.known_name(value)
    reason = _text_reason(value, by, _KNOWN_NAME_SURE if known and _marks_agree(value, by) else _NAME_SURE)
    if not reason and not fields.sounds_vietnamese(value):
        reason = "có tiếng không giống tên người Việt"
    if not reason and not known and not _confirmed(value, by):
        reason = "có tiếng ít gặp trong tên người"
    paddle = by.get(PADDLE)
    if reason and paddle and best is not paddle:
        value = likely.name(value, paddle.text)
    return value, best.confidence, reason


def _confirmed(value: str, by: dict[str, Vote]) -> bool:
    """Say whether Tesseract, which knows all tone marks, read the very same."""
    tesseract = by.get(TESSERACT)
    return tesseract is not None and _same(tesseract.text, value)


def _marks_agree(value: str, by: dict[str, Vote]) -> bool:
    """Say whether PP-OCRv6 can write every mark of a text and saw the very same: Nhàn, but not Thủy, whose ủ it lacks."""
    paddle = by.get(PADDLE)
    if paddle is None:
        return False
    mine = [char for char in value.lower() if char.isalpha()]
    theirs = [char for char in paddle.text.lower() if char.isalpha()]
    return mine == theirs


def _better(by: dict[str, Vote]) -> Vote | None:
    """Return the vote that gives a text its tone marks: AsterOCR's, on clear print Tesseract's if that is surer."""
    aster, tesseract = by.get(ASTER), by.get(TESSERACT)
    if aster and tesseract and tesseract.confidence >= 0.92 and aster.confidence < 0.85:
        return tesseract
    return aster or tesseract or by.get(PADDLE)


def _text_reason(value: str, by: dict[str, Vote], least: float) -> str:
    """Return why a text with tone marks is not believed: only a full agreement, or a sure reading with its skeleton."""
    aster, tesseract, paddle = by.get(ASTER), by.get(TESSERACT), by.get(PADDLE)
    if aster is None:
        return "chỉ một bộ đọc đọc được"
    if (
        tesseract
        and _same(tesseract.text, aster.text)
        and _same(aster.text, value)
        and tesseract.confidence > 0.5
        and aster.confidence > 0.5
    ):
        return ""
    if tesseract and tesseract.confidence > 0.85 and not _same(tesseract.text, value):
        return "các bộ đọc không đọc giống nhau"
    if paddle and _same(aster.text, value) and _skeleton_agrees(value, paddle.text) and aster.confidence >= least:
        return ""
    return "dấu thanh hoặc nét chữ chưa chắc"


def _same(one: str, other: str) -> bool:
    return "".join(one.split()).strip(" .,") == "".join(other.split()).strip(" .,")


def _bare(text: str) -> str:
    return "".join(char for char in fold(text) if char.isalnum())


def _skeleton_agrees(value: str, other: str) -> bool:
    """Say whether two readings agree without tone marks; PP-OCRv6 drops letters it does not know, such as ệ."""
    mine, theirs = _bare(value), _bare(other)
    known = "".join(char for char in value.lower() if fold(char).isalnum() and char not in _UNKNOWN)
    return mine == theirs or _bare(known) == theirs or _fits_between(_bare(known), theirs, mine)


_UNKNOWN = frozenset("ảạăằắẳẵặầấẩẫậẻẽẹềếểễệỉịỏọồốổỗộơờớởỡợủụưừứửữựỳỷỹỵđ")


def _fits_between(least: str, reading: str, most: str) -> bool:
    """Say whether a reading lacks only letters that its engine does not know."""
    return _within(least, reading) and _within(reading, most)


def _within(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)


def _placed(votes: Sequence[Vote], rules: Rules) -> tuple[str | None, float, str]:
    by = {v.engine: v for v in votes}
    best = _better(by)
    read = fields.address(best.text) if best else None
    if best is None or read is None:
        return None, 0.0, "không đọc được chữ"
    others = [v.text for v in votes if v is not best and v.engine == PADDLE]
    tail = rules.tails.find([read, *others])
    if tail is None:
        snapped = rules.snap(read)
        return snapped or read, best.confidence, _text_reason(read, by, _ADDRESS_SURE if snapped else _UNKNOWN_SURE)
    head = read[: tail.start].rstrip(" ,.;")
    value = f"{head}, {tail.text}" if head else tail.text
    reason = _address_reason(value, head, read, by, tail.sure)
    if reason and head and others:
        value = f"{likely.beginning(head, _head_of(others[0], tail.text))}, {tail.text}"
    return value, best.confidence, reason


def _head_of(reading: str, tail: str) -> str:
    """Return what stands before the end of an address in another engine's reading."""
    return reading.split(",")[0] if "," in reading else reading[: max(0, len(reading) - len(tail))]


def _address_reason(value: str, head: str, read: str, by: dict[str, Vote], sure: bool) -> str:
    """Return why an address whose end is known is not believed: its beginning must be read twice alike."""
    if fold(value) == fold(read) and not _text_reason(read, by, _ADDRESS_SURE):
        return ""
    numbered = re.fullmatch(r"(?:Tổ|Số nhà|Khu phố|Thôn|Xóm|Khu|Tổ nhân dân) (\d+[A-Za-z]?)", head)
    paddle = by.get(PADDLE)
    if sure and numbered and paddle:
        theirs = re.search(r"\d+[A-Za-z]?", paddle.text)
        if theirs and theirs[0] == numbered[1] and _similar(head, paddle.text[: len(head)]):
            return ""
    return "dấu thanh hoặc nét chữ chưa chắc"


def _similar(one: str, other: str) -> bool:
    return Levenshtein.normalized_similarity(_bare(one), _bare(other)) >= 0.6


def _worded(votes: Sequence[Vote]) -> tuple[str | None, float, str]:
    by = {v.engine: v for v in votes}
    aster, tesseract = by.get(ASTER), by.get(TESSERACT)
    best = aster or tesseract or by.get(PADDLE)
    if aster and tesseract and tesseract.confidence > max(0.85, aster.confidence):
        best = tesseract
    value = fields.words(best.text) if best else None
    if best is None or value is None:
        return None, 0.0, "không đọc được chữ"
    if aster and tesseract:
        close = Levenshtein.normalized_similarity(_bare(aster.text), _bare(tesseract.text))
        return value, best.confidence, "" if close > 0.93 or aster.confidence > 0.85 else "chữ khó đọc"
    return value, best.confidence, "" if best.confidence > 0.85 else "chữ khó đọc"


def settle_votes(kind: FieldKind, best: str | None, votes: Sequence[Vote], rules: Rules) -> tuple[str | None, str]:
    """Return (value, reason) for a field found in a letter's running text, where confidences say little.

    ``best`` is the value in the text put together from all engines, ``votes`` the values in each engine's own text.
    """
    repair = fields.repair(kind, rules.code)
    read = [value for vote in votes if (value := repair(vote.text)) is not None]
    if not read:
        return best, "" if best is None else "chỉ một bộ đọc đọc được"
    if kind is FieldKind.TEXT:
        return _matter(best, votes)
    if kind is FieldKind.ADDRESS:
        read = [_ended(value, rules) for value in read]
        best = _ended(best, rules) if best else None
    value, engines = Counter(read).most_common(1)[0]
    if engines >= 2:
        return value, "" if kind is not FieldKind.PHONE or fields.plausible_phone(value) else "đầu số điện thoại lạ"
    return best or value, "các bộ đọc không đọc giống nhau" if len(read) > 1 else "chỉ một bộ đọc đọc được"


def _ended(address: str, rules: Rules) -> str:
    """Return an address with its commune and district as they are spelled."""
    tail = rules.tails.find([address])
    if tail is None or not tail.sure:
        return rules.snap(address) or address
    head = address[: tail.start].rstrip(" ,.;")
    return f"{head}, {tail.text}" if head else tail.text


def _matter(best: str | None, votes: Sequence[Vote]) -> tuple[str | None, str]:
    by = {vote.engine: _bare(vote.text) for vote in votes}
    close = Levenshtein.normalized_similarity(by.get(ASTER, ""), by.get(TESSERACT, ""))
    return best, "" if close > 0.93 else "chữ khó đọc, hãy đọc lại thư"
