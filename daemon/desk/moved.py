"""What a unit's answer to a wish to move an outage says beyond the letter's own frame.

The frame says that it is agreed, the old hour and the new one; or with regret that it is not. A sentence that says no more
than that is left out, and of one that adds a reason only the reason stays. Whatever may say more stays as it is written.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from daemon.desk.text import as_written, fold, fold_aligned, nfc

_DATE = re.compile(
    r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(?:20)?\d{2})?\b|\bngay (\d{1,2}) thang (\d{1,2})(?: nam \d{4})?\b"
)
_HOUR = re.compile(r"\b(\d{1,2})\s?(?:h|g|gio|:)\s?(\d{2})?(?:\s?phut)?(?![\w/])")
_WORD = re.compile(r"[^\W_]+")
_CLAUSE = re.compile(r",\s+|(?<!\s)\s+(?=(?:do|vì|bởi vì|lý do)\b)", re.IGNORECASE)
_REASON = re.compile(r"(?:(?:với )?lý do(?: là)?|do|vì|bởi vì)\s*:?\s+", re.IGNORECASE)
_BINDS = re.compile(r"(?:để|nhưng|tuy|song|với điều kiện|nếu|trừ|và|hoặc|nên|sau đó|đồng thời|kèm)\b", re.IGNORECASE)
_CONSIDERED = re.compile(
    r"sau khi (?:xem xét|nghiên cứu|cân đối|rà soát|kiểm tra|tính toán)(?: [^\W\d]+){0,8},\s+", re.IGNORECASE
)
_AGREES = re.compile(r"\b(?:dong y|nhat tri|chap thuan|thong nhat)\b")
_REFUSES = re.compile(
    r"\b(?:khong dong y|khong the|khong chap thuan|tu choi|khong thong nhat|khong (?:doi|chuyen) duoc)\b"
)
_FRAME = frozenset(
    _WORD.findall(
        "dong y nhat tri thong chap thuan voi de nghi cua quy khach hang ong ba don vi cong ty phong dieu do luc ve viec xin"
        " chuyen doi thay thoi gian gio lich ke hoach ngung giam cat mat cup cung cap dien cong tac sang thanh qua tu den het"
        " toi vao ngay thang nam thu hai ba tu sau bay chu nhat moi cu bat dau ket thuc du kien da thong bao theo nhu tren"
        " chieu trua hom khung duoc se la cho noi dung yeu cau tren khu vuc tai"
    )
)
_NO = frozenset(_WORD.findall("khong chua the choi"))
_BEYOND = frozenset(_WORD.findall("neu nhung tuy chi phai can do vi de truoc khong chua tru som muon them"))


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is left of an answer to be said, and the reason it gives for a refusal, without its full stop."""

    text: str
    reason: str = ""


def beyond_agreement(text: str, moments: Iterable[dt.datetime], request: str) -> Beyond:
    """Return what an agreement says beyond the old and new ``moments``; words of the ``request`` are no news to its writer."""
    return _beyond(text, _AGREES, tuple(moments), request, reason=False)


def beyond_refusal(text: str, moments: Iterable[dt.datetime], request: str) -> Beyond:
    """Return what a refusal says beyond that it is one, and its reason."""
    return _beyond(text, _REFUSES, tuple(moments), request, reason=True)


def _beyond(text: str, says: re.Pattern[str], moments: tuple[dt.datetime, ...], request: str, reason: bool) -> Beyond:
    known = _FRAME | (frozenset(_WORD.findall(fold(request))) - _BEYOND) | (_NO if reason else frozenset())
    lines, why, said = [], "", False
    for line in nfc(text).splitlines():
        kept = []
        for sentence in as_written(line):
            rest = _rest(sentence, says, moments, known)
            if rest is None and not (said and _DATE.search(fold_aligned(sentence)) and _only(sentence, moments, known)):
                kept.append(sentence)
            elif rest and reason and not why:
                why = rest
            elif rest:
                kept.append(f"Lý do: {rest}.")
            said = said or rest is not None
        lines.append(" ".join(kept))
    return Beyond("\n".join(line for line in lines if line), why)


def _rest(sentence: str, says: re.Pattern[str], moments: tuple[dt.datetime, ...], known: frozenset[str]) -> str | None:
    """Return what follows the clauses that only say what the frame says, None where the sentence is to be kept whole."""
    considered = _CONSIDERED.match(sentence)
    first, *others = _CLAUSE.split(sentence[considered.end() if considered else 0 :].rstrip(" .;!"))
    if not says.search(fold(first)) or not _only(first, moments, known):
        return None
    while others and not _REASON.match(others[0]) and _only(others[0], moments, known):
        others.pop(0)
    rest = ", ".join(others)
    if not rest:
        return ""
    because = _REASON.match(rest)
    if because is None and (_BINDS.match(rest) or _AGREES.search(fold(rest))):
        return None
    rest = rest[because.end() :] if because else rest
    if because is None and says is _AGREES:
        return None  # more than an agreement, and no reason: as it is written
    return rest[:1].lower() + rest[1:] if because is None else rest


def _only(clause: str, moments: tuple[dt.datetime, ...], known: frozenset[str]) -> bool:
    """Say whether a clause has no words but those known and no times but those given."""
    folded = fold_aligned(clause)
    days = {(moment.day, moment.month) for moment in moments}
    hours = {(moment.hour, moment.minute) for moment in moments}
    for match in _DATE.finditer(folded):
        if (int(match[1] or match[3]), int(match[2] or match[4])) not in days:
            return False
    folded = _DATE.sub(" ", folded)
    for match in _HOUR.finditer(folded):
        if (int(match[1]), int(match[2] or 0)) not in hours:
            return False
    folded = _HOUR.sub(" ", folded)
    return all(word in known and not word.isdecimal() for word in _WORD.findall(folded))
