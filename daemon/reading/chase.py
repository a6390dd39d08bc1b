"""Is a text a chase: the customer asks after an earlier request, or adds to it? Words only; which ticket is not known here."""

import re

from daemon.desk.text import fold

_MOST = 5000
_AFTER = re.compile(
    r"\b(van chua|chua) (thay |nhan duoc |co |duoc )?(ai )?(tra loi|phan hoi|hoi am|giai quyet|ket qua|goi lai|lien he)"
    r"|\b(da|toi) (gui|goi|bao|hoi|phan anh|de nghi|yeu cau)( \w+){0,6} (hom truoc|hom qua|tuan truoc|lan truoc|may lan|roi ma|truoc do)"
    r"|\bnhac lai (yeu cau|de nghi|viec)|\b(den dau|toi dau) roi\b|\byeu cau (truoc|lan truoc|da gui)\b|\bphieu hen\b"
)
_ADDS = re.compile(
    r"\b(bo sung|gui them|xin them|cap nhat|sua lai|dinh chinh)( \w+){0,4} (so dien thoai|sdt|dien thoai|dia chi|thong tin|ma khach hang|email)"
    r"|\b(so dien thoai|sdt|dia chi|ma khach hang) (moi|dung) (la|cua)"
)
_ANSWER = re.compile(r"^\s*(re|tra loi|tl|fw|fwd)\s*:", re.IGNORECASE)


def is_chase(subject: str | None, text: str) -> bool:
    """Say whether a text asks after an earlier request or adds something to it."""
    words = fold(text[:_MOST])
    if _AFTER.search(words) or _ADDS.search(words):
        return True
    return bool(subject and _ANSWER.match(fold(subject)) and len(words) < 600)
