"""What of an answer given to the first customer of one outage is for the others too: the outage, not that customer's own matter.

A sentence that surely is the first one's own ("Về tủ thuốc trạm xá: …", his name, his code) and tells nothing of the
outage is left out. What cannot be told apart is passed on and shown, sentence by sentence, to whoever releases it.
"""

import re
from dataclasses import dataclass

from daemon.desk.text import as_written, fold, nfc
from daemon.desk.ticket import PROGRAM, Customer, Ticket

_OUTAGE = re.compile(
    r"\b(?:mat dien|cat dien|ngung|giam cung cap|cup dien|cap dien|dong dien|co dien|dien (?:tro )?lai|cap lai|khoi phuc|su co|duong day"
    r"|tram bien ap|tba|mba|nhanh re|may cat|cau chi|cau dao|day (?:dan|ha the|trung the)|cay do|chong set|qua tai|ngan mach"
    r"|bao duong|thi cong|nguyen nhan|khac phuc|xu ly xong|co lap|sat lo|thien tai|luc \d+|\d+ ?h\d*|\d+ gio|du kien|luoi dien|dong lai)\b"
)
# Words that only their tones tell from others: bão and báo, lũ and lự, gió and giờ.
_OUTAGE_EXACT = re.compile(r"\b(?:trạm \d+|lộ \d+|cột|sứ|sét|gió|mưa|bão|giông|dông|lũ)\b", re.IGNORECASE)
_OWN_THING = re.compile(
    r"\b(?:cong to|hoa don|tien dien|hop dong|boi thuong|den bu|thiet hai|chi phi|cua (?:ong|ba|anh|chi|co|chu|bac|khach hang|gia dinh)"
    r"|(?:nha|ho|gia dinh) (?:ong|ba|anh|chi|co|chu|bac)|gia dinh)\b"
)
_POLITE = re.compile(r"\b(?:cam on|thong cam|xin loi|tran trong|kinh bao|kinh gui|mong)\b")
_HEAD = re.compile(r"^[-+•*\d.)\s]*(?:về|với|đối với|riêng|còn|riêng về)\s+(?P<about>[^:.;\n]{3,80}):", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_PLAIN = frozenset(_WORD.findall("ve viec cua cac o tai thi la va noi dung de nghi yeu cau phan anh khach hang ong ba"))


@dataclass(frozen=True, slots=True)
class Shared:
    """What the others get, the sentences left out of it, and those in it that a person should look at."""

    text: str
    left_out: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


def shared(text: str, leader: Ticket, other: Ticket) -> Shared:
    """Return what of the ``leader``'s answer goes to the ``other`` customer of the same outage, never the empty text.

    Of what a person wrote nothing is left out: it may have been meant for all of them.
    """
    found = _told_apart(text, leader, other)
    if leader.found is None or leader.found.by == PROGRAM.name:
        return found
    return Shared(text, (), (*found.left_out, *found.doubtful))


def _told_apart(text: str, leader: Ticket, other: Ticket) -> Shared:
    lines: list[str] = []
    left_out: list[str] = []
    doubtful: list[str] = []
    for line in nfc(text).splitlines():
        kept, under_own_head = [], False
        for sentence in as_written(line):
            own = _own(sentence, leader.customer, other)
            under_own_head = under_own_head or (own and _HEAD.match(sentence) is not None)
            about_outage = _of_outage(_beside_head(sentence))
            if (own or under_own_head) and not about_outage:
                left_out.append(sentence)
                continue
            kept.append(sentence)
            if own or under_own_head or _unsure(sentence, about_outage, leader):
                doubtful.append(sentence)
        lines.append(" ".join(kept))
    rest = "\n".join(line for line in lines if line)
    if not rest:
        return Shared(text, (), tuple(left_out))
    return Shared(rest, tuple(left_out), tuple(doubtful))


def _own(sentence: str, leader: Customer, other: Ticket) -> bool:
    """Say whether a sentence names the first customer, or has a head of its own that the other one did not ask about."""
    head = _HEAD.match(sentence)
    if head:
        about = frozenset(_WORD.findall(fold(head["about"]))) - _PLAIN
        asked = frozenset(_WORD.findall(fold(f"{other.subject or ''} {other.content}")))
        return not _of_outage(head["about"]) and not about <= asked
    return _names(sentence, leader, other.customer)


def _names(sentence: str, leader: Customer, other: Customer) -> bool:
    folded, digits = fold(sentence), re.sub(r"\D", "", sentence)
    name = fold(leader.name or "")
    if len(name.split()) > 1 and name != fold(other.name or "") and name in folded:
        return True
    code, email, phone = leader.customer_code, leader.email, re.sub(r"\D", "", leader.phone or "")
    return (
        bool(code and code != other.customer_code and fold(code) in folded)
        or bool(email and email != other.email and email.lower() in sentence.lower())
        or bool(len(phone) > 7 and phone in digits)
    )


def _of_outage(text: str) -> bool:
    return _OUTAGE.search(fold(text)) is not None or _OUTAGE_EXACT.search(text) is not None


def _beside_head(sentence: str) -> str:
    head = _HEAD.match(sentence)
    return sentence[head.end() :] if head else sentence


def _unsure(sentence: str, about_outage: bool, leader: Ticket) -> bool:
    """Say whether a sentence may be the first customer's own: it names such a thing, or a unit wrote it and not of the outage."""
    folded = fold(sentence)
    if _POLITE.search(folded) and not _OWN_THING.search(folded.replace("khach hang", "")):
        return False
    by_unit = leader.found is None
    return _OWN_THING.search(folded) is not None or (by_unit and not about_outage)
