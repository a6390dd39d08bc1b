"""Words of a unit that a customer should not read as they stand: meant for the desk, or telling of work still open.

Changes no word: whoever releases the answer is shown the sentences and decides. Knows phrases only, no meaning.
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


def unfit(text: str) -> tuple[str, ...]:
    """Return the sentences that a person should look at before a customer reads them, as written, three at most."""
    found = [piece for piece in as_written(nfc(text)) if _is_unfit(fold_aligned(piece))]
    return tuple(piece if len(piece) <= _LONGEST else f"{piece[:_LONGEST].rstrip()}…" for piece in found[:_MOST])


def _is_unfit(folded: str) -> bool:
    return bool(_FOR_THE_DESK.search(folded) or _STILL_OPEN.search(folded))
