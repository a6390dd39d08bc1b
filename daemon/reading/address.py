"""The customer's address in a text: the run of words from the house or hamlet to the commune, district and province.

Copied as written. Which unit serves it is decided in ``places``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from daemon.desk.text import fold_aligned
from daemon.reading.places import DISTRICT, PlaceHit
from daemon.reading.tokens import key

_LABEL = re.compile(
    r"(?:^|\n)[ \t]*(?:dia chi|dc|noi o|cho o|dia chi su dung dien|dia chi khach hang|thuong tru|tru tai|hien o|dia diem)[^\n:]{0,25}:\s*([^\n]{3,160})"
)
_SMALL = r"(?:so nha|nha so|so|sn|ngo|ngach|duong|pho|to dan pho|to nhan dan|tdp|to|thon|ban|xom|khu pho|khu(?! vuc)|tieu khu|doi|cum|lang|khom|(?<!bien )(?<!dien )(?<!cao )(?<!trung )(?<!ha )ap|tk|kp|quoc lo|ql|tinh lo|km|khu tap the|kdc|lo|toa|chung cu|phieng)"
_LANDMARK = r"(?:nga ba|nga tu|nga nam|dau cau|chan cau|dau doc|chan doc|dinh doc|doan cua|khuc cua|kcn|ccn|khu cong nghiep|cum cong nghiep|khu do thi|khu dan cu|cong truong|ki ot|kiot|tang|khoi)"
_MARKED_LANDMARK = r"(?:cầu|dốc|đèo|đập|bến|cua)"
"""Short words that are other words without their marks."""
_OTHER_WORDS = frozenset(
    key(word)
    for word in (
        "phó",
        "phở",
        "bán",
        "bàn",
        "bạn",
        "lò",
        "lỗ",
        "lỡ",
        "tô",
        "tờ",
        "đổi",
        "đợi",
        "đời",
        "đôi",
        "sợ",
        "lăng",
        "áp",
        "làn",
        "sổ",
        "cùm",
    )
)
_HEAD = re.compile(rf"(?:^|(?<=[\s,(:;.\-–/]))({_SMALL}|{_LANDMARK}|{fold_aligned(_MARKED_LANDMARK)})\b\.?")
_HOUSE = re.compile(r"(?:^|[.;:,(]\s|\n)(\d{1,4}[a-z]?(?:/\d{1,4}){0,3}\s[a-z]{2,7}(?:\s[a-z]{1,7}){1,3})$")
_JOIN = re.compile(r"[\s,.\-–]*(?:thuoc\s|o\s|tai\s)?[\s,\-–]*\Z")
_STOP = re.compile(
    r"\b(?:toi|la|em|minh|chung toi|nha|co|bi|mat|hoi|bao|xin|muon|de nghi|cat|o|tai|cua|dien|va|hien|nay|khu vuc|dang|thi|den|tu|vi|do"
    r"|ten|chau|khach hang|gan|truoc|sau|ve|cho|sang|voi|kia|dau|cuoi|tren|duoi|doan|qua)\b"
)
_HARD_STOP = re.compile(r"\b(?:toi|la|bi|mat|hoi|xin|muon|de nghi|cat|cua|dien|va|khach hang|khu vuc|chung toi)\b")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as written, where it stands, the places in it, and how sure it is the customer's."""

    start: int
    end: int
    text: str
    hits: tuple[PlaceHit, ...]
    confidence: float


def find_addresses(text: str, hits: Sequence[PlaceHit]) -> tuple[Address, ...]:
    """Return the addresses of an NFC text around its places, in the order of the text."""
    folded = fold_aligned(text)
    found: list[Address] = []
    groups = _groups(folded, [hit for hit in hits if hit.role == "place" and hit.level != "province"], hits)
    for group in groups:
        start = _extend(folded, text, group[0].start)
        end = _closed(text, start, group[-1].end)
        sure = 0.95 if group[0].kind else 0.8
        found.append(Address(start, end, text[start:end].strip(" ,.-–"), tuple(group), sure))
    return tuple(found)


def labelled_address(text: str) -> tuple[int, int] | None:
    """Return where the value of an address field of a form or letter head stands, or None."""
    match = _LABEL.search(fold_aligned(text))
    if match is None:
        return None
    end = match.end(1)
    cut = re.search(
        r"[.;]\s|\s(?:dien thoai|dt|sdt|ma kh|ma khach|so dt|email)\b", fold_aligned(text)[match.start(1) : end]
    )
    if cut:
        end = match.start(1) + cut.start()
    return match.start(1), end


def _groups(folded: str, bases: Sequence[PlaceHit], hits: Sequence[PlaceHit]) -> list[list[PlaceHit]]:
    """Join commune, district and province that follow each other into one address."""
    groups: list[list[PlaceHit]] = []
    for hit in hits:
        if hit not in bases and hit.level != "province":
            continue
        if groups and follows(folded, groups[-1][-1], hit):
            groups[-1].append(hit)
        elif hit in bases:
            groups.append([hit])
    return groups


def follows(folded: str, last: PlaceHit, hit: PlaceHit) -> bool:
    """Say whether a place goes on with the one before it: a commune's district, a district's province."""
    gap = folded[last.end : hit.start]
    close = len(gap) <= 14 and _JOIN.match(gap) is not None and "\n" not in gap.strip(" ,")
    return close and _highest(hit) > _rank(last)


def _highest(hit: PlaceHit) -> int:
    """«Chợ Mới» is a commune and was a district: behind a commune it is read as the district."""
    return max(_rank(hit), 2 if any(place.kind in DISTRICT for place in hit.places) else 0)


def _rank(hit: PlaceHit) -> int:
    return {"hamlet": 0, "commune": 1, "district": 2, "province": 3}[hit.level]


def _extend(folded: str, text: str, start: int) -> int:
    """Take in the hamlet, street and house number written before a commune."""
    here = start
    for _ in range(5):
        before = folded[max(0, here - 70) : here]
        trimmed = before.rstrip(" ,.-–(")
        if not trimmed or "\n" in before[len(trimmed) :]:
            break
        starts = _piece_starts(trimmed, text[here - len(before) : here])
        if not starts:
            house = _HOUSE.search(trimmed)
            return here - len(before) + house.start(1) if house else here
        here = here - len(before) + starts[-1]
    return here


def _closed(text: str, start: int, end: int) -> int:
    """Go on to the closing bracket of «thôn A (xã B cũ, nay thuộc xã C)»."""
    if text.count("(", start, end) <= text.count(")", start, end):
        return end
    closing = text.find(")", end, end + 60)
    return closing + 1 if closing >= 0 and "\n" not in text[end:closing] else end


def _piece_starts(trimmed: str, written: str) -> list[int]:
    """Return where a small part that reaches to the end of the text may start, the nearest last."""
    out: list[int] = []
    head: re.Match[str] | None = None
    for match in _HEAD.finditer(trimmed):
        if trimmed[: match.start()].endswith("yeu ") or not _is_head(match[1], written[match.start(1) : match.end(1)]):
            continue
        follows = head is not None and not trimmed[head.end() : match.start()].strip(" .")
        if follows:  # «thôn Bản Chang»: one part, not two
            head = match
            continue
        head = match
        if _is_part(match, trimmed[match.end() :]):
            out.append(match.start())
    return out


def _is_head(folded: str, written: str) -> bool:
    """«phó», «bán», «lò» are no street, hamlet or lot; «cầu», «dốc» only as they are written, «cau», «doc» may be others."""
    if re.fullmatch(fold_aligned(_MARKED_LANDMARK), folded):
        return re.fullmatch(_MARKED_LANDMARK, written, re.IGNORECASE) is not None
    return key(written) not in _OTHER_WORDS


def _is_part(match: re.Match[str], rest: str) -> bool:
    words = rest.split()
    if match.group().endswith(".") and len(match[1]) > 2:  # «… xuống đường. Mai Đức Lan»: a sentence ends there
        return False
    if not words or len(words) > 7 or re.search(r"[\n,;()?!:]|\s[-–]\s", rest):
        return False
    if (_HARD_STOP if len(words) <= 3 else _STOP).search(rest):
        return False
    if match[1] in ("so", "to", "doi", "lo", "km", "tk"):
        return words[0][0].isdigit() or (len(words) <= 2 and len(words[0]) <= 3)
    return len(words) <= 4 or any(char.isdigit() for char in rest)
