"""Customer codes, phone numbers and mail addresses in a text. Their patterns are configuration."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import phonenumbers

from daemon.desk.text import fold_aligned

_SEPARATORS = " .-–_\u00a0"
_TO_DIGIT = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "S": "5", "B": "8", "Z": "2", "G": "6"}
_TO_LETTER = {"0": "O", "1": "I", "8": "B", "5": "S", "2": "Z"}
_CLASS = re.compile(r"(\[[^\]]+\]|\\d|[A-Z0-9])(?:\{(\d+)\})?")
_NUMBER = re.compile(r"(?<![\w/])(?:\(?\+?84\)?|\(?0|[oO](?=[\doO ]{9}))[\doOlI()\s.\-–]{7,16}(?![\d/])")
_SPECIAL = re.compile(r"\b1[89]00[\s.\-]?\d{2}[\s.\-]?\d{2,4}\b")
_MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_MINE = re.compile(
    r"(?:sdt|dien thoai|dt|so may|so|lien he|lh|goi|tel|mobile|di dong|zalo|hotline khach|lien lac|may)\W{0,4}$"
)
_NOT_MINE = re.compile(
    r"(?:tong dai|hotline|duong day nong|so truc|truc ban|dien luc|so cu|khong dung|cu la|may truc|goi vao|goi den|goi toi|nhan tin tu|tin nhan tu|so la)\W{0,3}(?:\w+\W+){0,3}$"
)
# «gọi tới» and «gọi tôi» are one without their marks, and opposites.
_CALL_ME = re.compile(r"gọi (?:cho |lại |lại cho )?(?:tôi|em|cháu|mình)\W{0,3}(?:\w+\W+){0,2}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A value read from a text: where it stood, the value, how sure, and what to ask (Vietnamese) or None."""

    start: int
    end: int
    value: str
    confidence: float
    question: str | None = None


class CodePattern:
    """The customer-code pattern of the configuration, read position by position so that slips can be mended.

    Understands literals, ``\\d``, character classes and ``{n}``. Raises ``ValueError`` for anything else.
    """

    def __init__(self, pattern: str) -> None:
        classes: list[str] = []
        here = 0
        for match in _CLASS.finditer(pattern):
            if match.start() != here:
                raise ValueError(f"mẫu mã khách hàng không hiểu được: {pattern}")
            here = match.end()
            classes += [match[1]] * int(match[2] or 1)
        if here != len(pattern) or not classes:
            raise ValueError(f"mẫu mã khách hàng không hiểu được: {pattern}")
        self._places = [re.compile(one) for one in classes]
        self._start = re.compile(rf"(?<![^\W_]){classes[0]}", re.IGNORECASE)
        self.length = len(classes)

    def find(self, text: str) -> tuple[Piece, ...]:
        """Return the codes in a text, upper case and without separators; mended ones are less sure."""
        found: list[Piece] = []
        start = self._start.search(text)
        while start is not None:
            piece = self._at(text, start.start())
            if piece is not None:
                found.append(piece)
            start = self._start.search(text, piece.end if piece is not None else start.end())
        return tuple(found)

    def _at(self, text: str, start: int) -> Piece | None:
        chars, ends, gap = [], [], 0
        for index in range(start, min(len(text), start + 3 * self.length)):
            char = text[index]
            if char.isascii() and (char.isalnum() or char == "|"):
                chars.append(char.upper())
                ends.append(index + 1)
                gap = 0
            elif char in _SEPARATORS and gap < 2 and len(chars) < self.length:
                gap += 1
            else:
                break
            if len(chars) > self.length + 3:
                break
        value, mended = self._mend(chars[: self.length])
        if value is None:
            return self._broken(chars, start, ends)
        end = ends[self.length - 1]
        if end < len(text) and text[end].isalnum():
            return Piece(start, ends[-1], "", 0.0, f"Mã khách hàng «{text[start : ends[-1]]}» thừa ký tự: hỏi lại.")
        return Piece(start, end, value, 0.75 if mended else 0.99)

    def _broken(self, chars: Sequence[str], start: int, ends: Sequence[int]) -> Piece | None:
        """A word that begins like a code but is too short is asked about, never used."""
        run = 0
        while run < len(chars) and run < self.length and self._places[run].fullmatch(chars[run]):
            run += 1
        if run < min(8, self.length - 1):
            return None
        written = "".join(chars[:run])
        return Piece(start, ends[run - 1], "", 0.0, f"Mã khách hàng «{written}…» thiếu hoặc sai ký tự: hỏi lại.")

    def _mend(self, chars: Sequence[str]) -> tuple[str | None, bool]:
        """Mend slips such as O for 0, but none in the first four characters: they tell a code from a word."""
        if len(chars) < self.length:
            return None, False
        out, mended = [], False
        for place, char in zip(self._places, chars, strict=True):
            if not place.fullmatch(char):
                fixed = next(
                    (
                        other
                        for other in (_TO_DIGIT.get(char), _TO_LETTER.get(char))
                        if other and place.fullmatch(other)
                    ),
                    None,
                )
                if fixed is None:
                    return None, False
                out.append(fixed)
                mended = True
            else:
                out.append(char)
        if mended and any(one != char for one, char in zip(out[:4], chars[:4], strict=True)):
            return None, False
        digits = sum(char.isdigit() for char in chars)
        return ("".join(out), mended) if digits >= self.length // 3 else (None, False)


def find_phones(text: str, old_prefixes: Mapping[str, str], taken: Sequence[Piece] = ()) -> tuple[Piece, ...]:
    """Return Vietnamese phone numbers as digits with a leading 0, 1800/1900 numbers left out."""
    folded = fold_aligned(text)
    found = []
    for match in _NUMBER.finditer(text):
        start, end = match.start(), match.start() + len(match.group().rstrip(" .-–(\n"))
        if any(start < piece.end and piece.start < end for piece in taken):
            continue
        number, sure, length = _number(match.group(), old_prefixes)
        if number is None or _SPECIAL.match(text, start):
            continue
        before = folded[max(0, start - 40) : start]
        mine = _CALL_ME.search(text[max(0, start - 40) : start]) is not None
        if mine or _MINE.search(before):
            sure = min(0.99, sure + 0.02)
        if not mine and _NOT_MINE.search(before):
            sure -= 0.5
        found.append(Piece(start, start + length, number, sure))
    return tuple(found)


def _number(written: str, old_prefixes: Mapping[str, str]) -> tuple[str | None, float, int]:
    """Return the number, how sure, and how many characters of the written run belong to it."""
    for cut in range(len(written), 8, -1):
        if not written[cut - 1].isalnum() or (cut < len(written) and written[cut].isalnum()):
            continue
        digits, mended = _digits(written[:cut])
        for old, new in old_prefixes.items():
            if digits.startswith(old) and len(digits) == 11:
                return new + digits[len(old) :], 0.85, cut
        if _is_phone(digits):
            return digits, 0.7 if mended else 0.97, cut
    return None, 0.0, 0


def _digits(written: str) -> tuple[str, bool]:
    mended = any(char in "oOlI" for char in written)
    digits = re.sub(r"\D", "", written.translate(str.maketrans("oOlI", "0011")))
    if written.lstrip(" (").startswith("+84") or (digits.startswith("84") and len(digits) >= 11):
        digits = "0" + digits[2:].lstrip("0")
    return digits, mended


def _is_phone(digits: str) -> bool:
    """Mobile numbers are told by their form; whether an area code exists the library knows."""
    if len(digits) == 10 and digits[0] == "0" and digits[1] in "35789":
        return True
    if not digits.startswith("02") or not 10 <= len(digits) <= 11:
        return False
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) and (len(digits) == 11 or phonenumbers.is_valid_number(number))


def find_mails(text: str) -> tuple[str, ...]:
    """Return the mail addresses in a text, in its order, each once."""
    return tuple(dict.fromkeys(match.group().rstrip(".-") for match in _MAIL.finditer(text)))
