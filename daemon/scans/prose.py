"""The paragraphs of a free letter, and what only its layout tells: the date at its foot, the meter, its own matter.

Works on read lines and their places. What the words mean is another room's work; here only the set phrases of a
Vietnamese letter are known, compared without tone marks because readings of worn pages lose those first.
"""

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from daemon.desk.text import fold, fold_aligned, squeeze
from daemon.scans import fields
from daemon.scans.raw import SeenLine

# Beginnings (folded) of paragraphs that are not the matter of a letter.
_HEAD = ("cong hoa xa hoi chu nghia viet nam", "doc lap - tu do - hanh phuc", "kinh gui", "kinh thua")
_WHO = (
    "ten toi la",
    "toi ten la",
    "toi la",
    "ho va ten",
    "ho ten",
    "nguoi de nghi",
    "nguoi lam don",
    "nguoi viet don",
    "khach hang",
    "ten khach hang",
    "dia chi",
    "noi o",
    "thuong tru",
    "ho khau",
    "dien thoai",
    "so dien thoai",
    "so dt",
    "sdt",
    "dt:",
    "di dong",
    "so tai khoan",
    "can cuoc cong dan",
    "ma kh",
    "ma khach hang",
    "so cong to",
    "cong to so",
    "so che tao",
    "email",
    "sinh nam",
    "sinh ngay",
    "cccd",
    "cmnd",
    "so hop dong",
    "hien dang su dung dien tai",
)
_REPLY = ("hinh thuc tra loi", "hinh thuc nhan tra loi", "de nghi tra loi bang", "tra loi bang")
_THANKS = (
    "toi xin chan thanh cam on",
    "xin chan thanh cam on",
    "chan thanh cam on",
    "xin tran trong cam on",
    "tran trong cam on",
    "tran trong",
    "toi xin cam on",
    "toi xin cam doan",
)
_FOOT = ("nguoi lam don", "nguoi de nghi", "nguoi viet don", "ky va ghi ro ho ten", "(ky", "ky, ghi ro ho ten")
_MATTER = re.compile(
    r"(?:ly do(?: de nghi| viet don)?|noi dung(?: de nghi| yeu cau| kien nghi| phan anh)?|de nghi|yeu cau|ve viec"
    r"|v/v|trinh bay|su viec)\s*[:;]\s*"
)
_ASKING = re.compile(r"(?:tra loi|phan hoi|lien he|goi dien|goi lai|bao lai)")
_HOPING = re.compile(r"(?:kinh |rat )?(?:mong|de nghi quy|xin quy|nho quy)")
_CHANNEL = re.compile(r"(?:qua email|@|thu dien tu|bang van ban|van ban|dien thoai|so tren|lien he)")
_LABELS = (*_WHO, "ly do", "noi dung", "ve viec", "yeu cau", "de nghi")
_DATED = re.compile(r"ng\wy\W{0,3}(\d{1,2})\W{0,3}th\wng\W{0,3}(\d{1,2})\W{0,3}n\wm\W{0,3}(\d{4})")
_METER = re.compile(r"c\wng t\w(?:\s*\(?(?:so|s\w)\)?)?\D{0,24}?([0-9OQIl][0-9OQIl .]{4,18}[0-9OQIl])")


def paragraphs(lines: Sequence[SeenLine], texts: Sequence[str]) -> list[str]:
    """Return the letter's paragraphs: a line goes on with the one above if its first word had no room there.

    ``texts`` are the lines' words; a line that begins farther right than its neighbours begins a paragraph.
    """
    if not lines:
        return []
    widest = max(line.box[2] - line.box[0] for line in lines)
    body = [line for line in lines if line.box[2] - line.box[0] > 0.6 * widest]
    left, right = min(line.box[0] for line in body), max(line.box[2] for line in body)
    width = max(1, right - left)
    found: list[str] = []
    above: SeenLine | None = None
    for line, text in zip(lines, texts, strict=True):
        indented = line.box[0] - left > 0.03 * width
        if not text:
            continue
        if found and above and not indented and not _opens(text) and _wrapped(above, line, text, left, right):
            found[-1] = f"{found[-1]} {text}"
        else:
            found.append(text)
        above = line
    return [squeeze(text) for text in found]


def _wrapped(above: SeenLine, line: SeenLine, text: str, left: int, right: int) -> bool:
    """Say whether a line had to begin because its first word found no room on the line above."""
    first = len(text.split()[0]) + 1
    needed = (line.box[2] - line.box[0]) * first / max(first, len(text))
    return right - above.box[2] < 1.2 * needed + 0.03 * (right - left) and above.box[0] - left < 0.12 * (right - left)


def _opens(text: str) -> bool:
    """Say whether a line can only begin a paragraph: a set phrase, or a label with its colon."""
    label = text.find(":")
    return (
        _starts(text, (*_HEAD, *_REPLY, *_THANKS, *_FOOT, "ten toi la"))
        or (0 < label < 30 and _starts(text, _LABELS))
        or _HOPING.match(fold(text)) is not None
    )


def _starts(text: str, marks: Sequence[str]) -> bool:
    folded = fold(text).lstrip("-+*.0123456789 ")
    return any(fuzz.ratio(mark, folded[: len(mark)]) >= 84 for mark in marks)


def is_formula(text: str) -> bool:
    """Say whether a line is nothing but the head or the foot of a letter: motto, address, thanks, "(Ký, ghi rõ họ tên)"."""
    if len(text) > 75 or any(char.isdigit() for char in text):
        return False
    tells = re.search(r"\b(?:toi|ten|em|chung|dia chi|ma)\b", fold(text))
    return _starts(text, (*_THANKS, *_FOOT)) or (_starts(text, _HEAD) and not tells)


def told(found: Sequence[str]) -> Mapping[str, str | None]:
    """Return ``date``, ``meter``, ``content`` and ``name`` (the one signed) as far as the layout tells them."""
    return {"date": _date(found), "meter": _meter(found), "content": _content(found), "name": _signed(found)}


def _date(found: Sequence[str]) -> str | None:
    for text in reversed(found):
        match = _DATED.search(fold(text))
        if match:
            return fields.date("/".join(match.groups()))
    for text in reversed(found):
        if len(text) < 45 and re.search(r"ng\wy|,", fold(text)) and (day := fields.date(text)):
            return day
    return None


def _meter(found: Sequence[str]) -> str | None:
    for text in found:
        match = _METER.search(fold_aligned(text))
        if match:
            return fields.meter(text[match.start(1) : match.end(1)])
    return None


def _is_title(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return len(text) < 60 and len(letters) >= 4 and sum(char.isupper() for char in letters) > 0.8 * len(letters)


def _body(found: Sequence[str]) -> list[str]:
    """Return the paragraphs between the letter's head and its thanks, date and signature."""
    body: list[str] = []
    for text in found:
        dated = _DATED.search(fold(text)) and len(text) < 60
        if _starts(text, _THANKS) or _starts(text, _FOOT) or dated:
            if body:
                break
            continue
        if _starts(text, _HEAD) or _is_title(text) or not any(char.isalpha() for char in text):
            continue
        body.append(text)
    return body


def _matter(text: str) -> str:
    """Return what of a paragraph is the customer's matter, "" if it only says who writes and how to answer."""
    folded = fold_aligned(text)
    label = _MATTER.search(folded)
    if label and label.start() < 12:
        text = text[label.end() :].strip()
    elif _starts(text, _REPLY) or (_starts(text, _WHO) and not _long_story(folded)):
        return ""
    kept = [sentence for sentence in _sentences(text) if not _formal(sentence)]
    return " ".join(kept)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[^\W\d_])", text) if part]


def _formal(sentence: str) -> bool:
    """Say whether a sentence only tells who writes, gives thanks, or asks to be answered in a certain way."""
    folded = fold(sentence)
    if _starts(sentence, _WHO) or _starts(sentence, _THANKS) or _starts(sentence, _REPLY):
        return True
    if not _ASKING.search(folded) or "khong" in folded.split():
        # Nobody answered the phone: that is what the letter is about.
        return False
    return bool(_HOPING.match(folded)) or bool(_CHANNEL.search(folded) and len(folded) < 110)


def _long_story(folded: str) -> bool:
    return len(_sentences(folded)) > 1


def _content(found: Sequence[str]) -> str | None:
    parts = [matter for text in _body(found) if (matter := _matter(text))]
    return squeeze(" ".join(parts)) or None


def _signed(found: Sequence[str]) -> str | None:
    """Return the name under the signature: the last short line that looks like a person's name."""
    for text in reversed(found[-4:]):
        if _starts(text, (*_THANKS, *_FOOT, *_HEAD)):
            continue
        words = text.split()
        if 2 <= len(words) <= 5 and all(word[0].isupper() and word.isalpha() for word in words) and not _is_title(text):
            return text
    return None
