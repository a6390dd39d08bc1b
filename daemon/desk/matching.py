"""Which ticket a mail belongs to, and whether its sender may move it. Pure; nobody guesses (contract, "Which ticket").

Thread headers and the number in the subject come first; where they contradict, or several numbers stand in the subject
without a thread to choose, a person decides. Text that is only quoted counts for nothing: the caller hands in the new
text alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from daemon.desk.message import Message
from daemon.desk.text import nfc

How = Literal["thread", "subject", "both", "report", "code"]

NUMBER = r"PCBK-\d{4}-\d{6}"
CODE = r"P[A-Z]\d{2}[A-Z0-9]{2}\d{7}"

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-") | dict.fromkeys("\u200b\u200c\u200d\u2060\u00ad\ufeff", None))
_AROUND_DASH = re.compile(r"\s{0,8}-\s{0,8}")
_JOINTS = frozenset(" .-\u00a0\u2010\u2011\u2013")
_MOST_TEXT = 200_000
_MOST_IDS = 200


class Known(Protocol):
    """What the caller knows of its tickets."""

    def by_message_id(self, message_id: str) -> str | None:
        """Return the ticket of a Message-ID (with its angle brackets) that we sent or took in, or None."""

    def exists(self, number: str) -> bool:
        """Say whether there is a ticket of that number."""

    def waiting_with_code(self, code: str) -> tuple[str, ...]:
        """Return the numbers of the tickets of a customer code that wait for a unit."""


@dataclass(frozen=True, slots=True)
class Match:
    """The ticket of a mail, or None with the candidates a person chooses from; ``why`` is said in Vietnamese."""

    number: str | None
    how: How | None
    confidence: float
    candidates: tuple[str, ...]
    conflict: bool
    why: str


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a mail may move a ticket by itself; None for reports of mail servers, which nobody signs."""

    unit: str | None
    trusted: bool | None
    why: str


def find(
    message: Message,
    known: Known,
    new_text: str | None = None,
    *,
    number_pattern: str = NUMBER,
    code_pattern: str = CODE,
) -> Match:
    """Return the ticket of a mail. ``new_text`` is its text without history; None leaves customer codes out."""
    thread = _thread(message, known, number_pattern)
    named = numbers_in(f"{message.subject}\n{message.reported_subject or ''}", number_pattern)
    report = message.report is not None
    if len(thread) > 1 and len(set(named) & set(thread)) != 1:
        return _unsure((*thread, *named), "Luồng thư nối với nhiều phiếu khác nhau.", known)
    if thread and not named:
        return _sure(thread[0], "report" if report else "thread", 0.98, "Thư trả lời trong luồng của phiếu.")
    if thread:
        return _thread_and_subject(thread, named, known, report=report)
    if len(named) > 1:
        return _unsure(named, "Tiêu đề có nhiều mã phiếu, không có luồng thư để chọn.", known)
    if named and known.exists(named[0]):
        return _sure(named[0], "report" if report else "subject", 0.95, "Tiêu đề có mã phiếu.")
    if named:
        return Match(None, None, 0.0, (), False, f"Tiêu đề có mã {named[0]} nhưng không có phiếu này.")
    return _by_text(new_text or "", known, number_pattern, code_pattern)


def numbers_in(text: str, pattern: str = NUMBER) -> tuple[str, ...]:
    """Return the different ticket numbers in a text, in order, whatever dashes, blanks or case they were typed with."""
    plain = _AROUND_DASH.sub("-", nfc(text[:_MOST_TEXT]).translate(_DASHES)).upper()
    return tuple(dict.fromkeys(re.findall(rf"(?<![A-Z0-9])(?:{pattern})(?![0-9A-Z])", plain)))


def codes_in(text: str, pattern: str = CODE) -> tuple[str, ...]:
    """Return the different customer codes in a text, in capitals and without the blanks, dots or dashes inside them."""
    plain = nfc(text[:_MOST_TEXT]).upper()
    kept = [position for position, char in enumerate(plain) if not _is_joint(plain, position)]
    packed = "".join(plain[position] for position in kept)
    found = []
    for match in re.finditer(pattern, packed):
        first, last = kept[match.start()], kept[match.end() - 1]
        before, after = plain[first - 1 : first], plain[last + 1 : last + 2]
        if not (before.isalnum() or after.isalnum()):
            found.append(match[0])
    return tuple(dict.fromkeys(found))


def _is_joint(text: str, position: int) -> bool:
    return (
        text[position] in _JOINTS
        and 0 < position < len(text) - 1
        and text[position - 1].isalnum()
        and text[position + 1].isalnum()
    )


def _thread(message: Message, known: Known, number_pattern: str) -> tuple[str, ...]:
    """The tickets of the thread. The mail directly answered decides alone where it is known; of older ones all count."""
    direct = message.in_reply_to + ((message.reported_message_id,) if message.reported_message_id else ())
    nearest = _tickets(direct, known, number_pattern)
    if len(nearest) == 1:
        return nearest
    return tuple(dict.fromkeys((*nearest, *_tickets(message.references[-_MOST_IDS:], known, number_pattern))))


def _tickets(ids: tuple[str, ...], known: Known, number_pattern: str) -> tuple[str, ...]:
    """The tickets of Message-IDs: known ones, and those of our own shape whose ticket exists."""
    shape = re.compile(rf"<({number_pattern})\.[\w-]{{1,60}}\.\d{{1,6}}\.[\w-]{{1,80}}@[^<>\s]{{1,200}}>", re.I)
    found: list[str] = []
    for item in ids[:_MOST_IDS]:
        number = known.by_message_id(item)
        own = shape.fullmatch(item) if number is None else None
        if own and known.exists(own[1].upper()):
            number = own[1].upper()
        if number is not None:
            found.append(number)
    return tuple(dict.fromkeys(found))


def _thread_and_subject(thread: tuple[str, ...], named: tuple[str, ...], known: Known, *, report: bool) -> Match:
    both = [number for number in named if number in thread]
    if len(both) == 1:
        return _sure(both[0], "report" if report else "both", 1.0, "Luồng thư và mã ở tiêu đề cùng chỉ một phiếu.")
    return _unsure((*named, *thread), "Luồng thư và mã ở tiêu đề chỉ hai phiếu khác nhau.", known)


def _by_text(new_text: str, known: Known, number_pattern: str, code_pattern: str) -> Match:
    """The new text: a customer code waiting once places the mail; a number written there is only shown to a person."""
    codes = codes_in(new_text, code_pattern)
    tickets = tuple(dict.fromkeys(number for code in codes[:50] for number in known.waiting_with_code(code)))
    if len(tickets) == 1:
        return _sure(tickets[0], "code", 0.85, f"Mã khách hàng {codes[0]} chỉ có một phiếu đang chờ.")
    named = tuple(number for number in numbers_in(new_text, number_pattern)[:50] if known.exists(number))
    if named:
        why = f"Không có mã phiếu ở tiêu đề, không thuộc luồng thư nào; chữ trong thư ghi {', '.join(named)}."
        return Match(None, None, 0.0, tuple(dict.fromkeys((*named, *tickets))), False, why)
    if tickets:
        why = f"Mã khách hàng trong thư có nhiều phiếu đang chờ: {', '.join(tickets)}."
        return Match(None, None, 0.0, tickets, False, why)
    return Match(
        None, None, 0.0, (), False, "Thư không có mã phiếu, không thuộc luồng thư nào, không có mã khách hàng đang chờ."
    )


def _sure(number: str, how: How, confidence: float, why: str) -> Match:
    return Match(number, how, confidence, (number,), False, why)


def _unsure(candidates: tuple[str, ...], why: str, known: Known) -> Match:
    real = tuple(number for number in dict.fromkeys(candidates) if known.exists(number))
    said = f"{why[:-1]}: {', '.join(real)}." if real else why
    return Match(None, None, 0.0, real, True, said)


def trust(
    message: Message, addresses_of_units: Mapping[str, str], authserv_id: str | None = None, require_auth: bool = False
) -> Trust:
    """Say whether the sender is a unit and nothing speaks against it.

    ``addresses_of_units`` gives the unit of each registered address (lower case). Only Authentication-Results
    (RFC 8601) of our own server count: its ``authserv_id``; those that others wrote are ignored.
    """
    if message.report == "delivery-status":
        return Trust(None, None, "Thư báo của máy chủ thư.")
    sender = (message.from_address or "").lower()
    unit = addresses_of_units.get(sender)
    if unit is None:
        return Trust(None, False, f"Địa chỉ {sender or '(trống)'} không phải địa chỉ đã đăng ký của đơn vị.")
    if len(set(message.from_all)) > 1:
        return Trust(unit, False, "Thư có nhiều địa chỉ người gửi.")
    verdicts = _verdicts(message, authserv_id)
    failed = [f"{method}={value}" for method, value in verdicts.items() if value in ("fail", "hardfail", "reject")]
    if verdicts.get("dmarc") == "pass":
        return Trust(unit, True, "Địa chỉ đã đăng ký, máy chủ thư xác thực người gửi.")
    if failed:
        return Trust(unit, False, f"Máy chủ thư báo người gửi không xác thực được ({', '.join(failed)}).")
    if require_auth and "pass" not in verdicts.values():
        return Trust(unit, False, "Địa chỉ đã đăng ký nhưng máy chủ thư không xác thực người gửi.")
    return Trust(unit, True, "Địa chỉ đã đăng ký của đơn vị.")


def _verdicts(message: Message, authserv_id: str | None) -> dict[str, str]:
    """The results for dmarc, spf and dkim that our own server wrote; one passing signature is enough."""
    verdicts: dict[str, str] = {}
    if not authserv_id:
        return verdicts
    for value in message.header_all("authentication-results")[:20]:
        bare = re.sub(r"\([^()]{0,500}\)|\"[^\"]{0,500}\"", " ", value[:4000])
        server, _semicolon, results = bare.partition(";")
        if server.split()[:1] != [] and server.split()[0].lower() == authserv_id.lower():
            for method, result in re.findall(r"(?:^|[;\s])(dmarc|spf|dkim)\s{0,5}=\s{0,5}([a-z]+)", results.lower()):
                if verdicts.get(method) != "pass":
                    verdicts[method] = result
    return verdicts
