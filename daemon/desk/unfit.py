"""Words of a unit that a customer should not read as they stand: meant for the desk, or telling of work still open.

What a unit calls internal is left out and told; else no word is changed: whoever releases the answer is shown the sentences
and decides. Knows phrases only, no meaning.
"""

import re

from daemon.desk.text import as_written, fold_aligned, nfc

_FOR_THE_DESK = re.compile(
    r"\b(?:noi bo|dung hua|dung noi|gdkh|b26|(?:de nghi|nho|mong|xin|kinh gui|gui) (?:quy )?phong|(?<!van )phong (?:bao|tra loi|thong bao|xem|gui|giup|chuyen|hoi|giai thich|lien he|luu y|chiu kho|phoi hop|ghi nhan|theo doi)"
    r"|bao (?:cho |lai )?khach|(?:file|tep|van ban|bien ban) (?:\w+ ){0,3}(?:dinh kem|kem theo)|(?:dinh kem|kem theo)\b|gui (?:anh|chi|em) \w+ phong"
    r"|khach hang khac cung bi anh huong)\b"
)
_STILL_OPEN = re.compile(
    r"\b(?:(?:dang|con|se) (?:duoc |tiep tuc |phai )?(?:xac minh|kiem tra|lam ro|cho|tong hop)|chua (?:co|xac dinh|ro|xong)"
    r"|(?:bao|gui|tra loi|thong tin) (?:sau|tiep|bo sung))\b"
)
_MOST, _LONGEST = 3, 120


_INTERNAL = re.compile(
    r"(?:^|(?<=[.;!?)]\s))[ \t]*[-–*•]?[ \t]*[(\[]?(?:(?:luu y )?noi bo\s?[:–-]"
    r"|(?:duong day, tram bien ap|khach hang khac cung bi anh huong)\s?:)[^\n]*?(?:[.!?]+[)\]]?(?=\s|$)|$)",
    re.MULTILINE,
)


def without_internal(text: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without what its writer calls internal, the sentence that begins with «Nội bộ:» or answers our own question for the desk.

    What was left out is the second value. A text that is nothing else stays whole: somebody has to look at it.
    """
    text = nfc(text)
    found = list(_INTERNAL.finditer(fold_aligned(text)))
    left = text
    for match in reversed(found):
        left = left[: match.start()].rstrip(" \t") + left[match.end() :]
    left = re.sub(r"\n{3,}", "\n\n", left).strip()
    if not found or not left:
        return text, ()
    return left, tuple(text[match.start() : match.end()].strip() for match in found)


def unfit(text: str) -> tuple[str, ...]:
    """Return the sentences that a person should look at before a customer reads them, as written, three at most."""
    found = [piece for piece in as_written(nfc(text)) if _is_unfit(fold_aligned(piece))]
    return tuple(piece if len(piece) <= _LONGEST else f"{piece[:_LONGEST].rstrip()}…" for piece in found[:_MOST])


def _is_unfit(folded: str) -> bool:
    return bool(_FOR_THE_DESK.search(folded) or _STILL_OPEN.search(folded))
