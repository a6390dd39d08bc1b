"""What a unit wrote before it knew the result: that the report came, that a team is on its way, that it will write again.

Once the result is there these clauses are untrue or empty, and a customer should not read them. What the same sentence
says was done already ("đã cắt điện cô lập lúc 4h50") stays.
"""

import re

from daemon.desk.text import as_written, fold, fold_aligned, nfc

_CLAUSE = re.compile(r"(?<=,)\s+|(?<=;)\s+|(?<!\s)\s+(?=và\s+(?:đang|sẽ)\b)", re.IGNORECASE)
_WHO = r"(?:(?:\w+ ){0,4}?(?:don vi|dien luc|doi|to|truc|ca|phong|chung toi|anh em|kip)(?: \w+){0,4}? )?"
_GOT = re.compile(
    rf"{_WHO}(?:da |xin )?(?:tiep )?nhan(?: duoc)?(?: du)?"
    r"(?: (?:tin|thong tin|phieu|thu|mail|email|lenh|yeu cau|thong bao|bao|noi dung|de nghi)(?: \w+){0,6})?"
)
_TO_COME = re.compile(
    r"\b(?:dang|se|chuan bi)(?: (?:tiep tuc|khan truong|duoc|cho|phoi hop))*"
    r" (?:tren duong|ra (?:hien truong|kiem tra)|(?:den|toi)(?: (?:hien truong|noi|kiem tra)\b|$)|cu|dieu|di chuyen|di kiem tra"
    r"|kiem tra|xu ly|xac minh|khac phuc|bao|thong bao|tra loi|gui|cap nhat|thong tin)(?!\w)"
)
_DONE = re.compile(
    r"\b(?:da (?!(?:nhan|tiep nhan|nam)\b)|(?:xong|co dien)(?! (?:thi )?(?:se|bao)\b)|hoan thanh|nguyen nhan)\b"
)
# Words that only their tones tell from others: do and độ, đó; vì and (đơn) vị.
_BECAUSE = re.compile(r"\b(?:do|vì)\b", re.IGNORECASE)
_WHEN = re.compile(r"\d|\b(?:tuần|tháng|một ngày|hai ngày|ba ngày)\b", re.IGNORECASE)
_RECEIVED = re.compile(
    r"(?:\w+ ){0,8}?(?:da |vua |co )?(?:tiep )?nhan duoc (?:phieu|van ban|cong van|thu|mail|email|yeu cau|de nghi|noi dung|thong tin)"
    r"\b[^,;:.!?\n]*(?:\.\s+|\n\s*)"
)
# Words by which such a sentence tells more than that; with their tones, since "do" may be "độ" and "da" may be "Đà".
_TELLS_MORE = re.compile(
    r"\b(?:đã(?! (?:tiếp )?nhận)|sẽ|đang|không|chưa|do|vì|nên|và|rồi|xong|nhưng|nguyên nhân|kết quả|đồng ý|nhất trí|chấp thuận|vào hồi)\b"
)
_LINKS = re.compile(r"^(?:và|nhưng|hiện|hiện nay|hiện tại)\s+", re.IGNORECASE)


def without_acknowledgment(text: str) -> str:
    """Return a text without its clauses that only acknowledge or announce; the empty text where it says nothing else."""
    lines = (" ".join(filter(None, map(_left, as_written(line)))) for line in nfc(text).splitlines())
    return "\n".join(line for line in lines if line)


def without_receipt(text: str) -> str:
    """Return a text without its first sentence where that says only that our form came; one that is nothing else stays."""
    text = nfc(text)
    received = _RECEIVED.match(fold_aligned(text))
    if received is None or _TELLS_MORE.search(text[: received.end()].lower()):
        return text
    return text[received.end() :] or text


def _left(sentence: str) -> str:
    clauses = _CLAUSE.split(sentence)
    kept = [clause for clause in clauses if not _empty(clause)]
    if len(kept) == len(clauses):
        return sentence
    rest = _LINKS.sub("", " ".join(kept)).rstrip(" ,;")
    if not rest:
        return ""
    return rest[:1].upper() + rest[1:] + ("" if rest[-1] in ".!?" else ".")


def _empty(clause: str) -> bool:
    folded = fold(clause).strip(" .,;!")
    if _GOT.fullmatch(folded):
        return True
    to_come = _TO_COME.search(folded)
    if to_come is None or _DONE.search(folded) or _BECAUSE.search(clause):
        return False
    return not (to_come[0].startswith("se") and _WHEN.search(clause))  # a promise with its time stands
