"""What an agent does with a ticket on screen, beside the plain wishes of ``actions``: each is one or more of its events.

Two people may have the same ticket open. Whoever writes says what they had seen; where a person, a unit or the customer has
added something since, nothing is written and they are told.
"""

import contextlib
from collections.abc import Iterator, Sequence

from daemon.desk.ticket import Author, Event, ReplyForm, State, Ticket
from daemon.desk.trouble import Refused
from daemon.office import actions
from daemon.office.parts import Parts

# What the program writes while people read does not change what they meant to do.
_OURS = "program"
FORMS = ("letter", "phone", "email")


class Overtaken(Refused):
    """Somebody else has changed the ticket since it was read; ``events`` are theirs."""

    def __init__(self, number: str, events: Sequence[Event]) -> None:
        super().__init__(f"Phiếu {number} vừa có thay đổi của người khác, nên chưa ghi gì.")
        self.events = tuple(events)


@contextlib.contextmanager
def unchanged(parts: Parts, number: str, seen: int, by: str) -> Iterator[None]:
    """Hold one transaction for a change of somebody who saw the ticket's first ``seen`` events. Raises Overtaken."""
    with parts.database.write():
        fresh = [each for each in parts.store.events(number) if each.seq > seen]
        others = [each for each in fresh if each.author.kind != _OURS and each.author.name != by]
        if others:
            raise Overtaken(number, others)
        yield


def remark(parts: Parts, number: str, text: str, by: str) -> None:
    """Write a note on the ticket's history; it changes nothing else. Raises Refused for an empty one."""
    if not text.strip():
        raise Refused("Ghi chú trống.")
    _say(parts, number, Event("remark", parts.clock.now(), Author("person", by), {"text": text.strip()}))


def send_back(parts: Parts, number: str, why: str, by: str) -> None:
    """Give a drafted answer back to be written otherwise. Raises Refused without a reason or a draft."""
    ticket = _need(parts, number)
    if ticket.state is not State.TO_APPROVE:
        raise Refused(f"Phiếu {number} không có dự thảo chờ duyệt.")
    if not why.strip():
        raise Refused("Ghi lý do trả lại để giao dịch viên biết cần sửa gì.")
    _say(parts, number, Event("sent_back", parts.clock.now(), Author("person", by), {"why": why.strip()}))


def rewrite(parts: Parts, number: str, text: str, by: str) -> None:
    """Put other words into the drafted answer: a new draft is made of them. Raises Refused."""
    ticket = _need(parts, number)
    if ticket.state is not State.TO_APPROVE or ticket.draft is None:
        raise Refused(f"Phiếu {number} không có dự thảo chờ duyệt.")
    source = ticket.found.source if ticket.found else "giao dịch viên"
    actions.found(parts, number, source, text, by)


def answer_by(parts: Parts, number: str, form: str, by: str) -> None:
    """Answer in another form than was agreed: the draft is made anew in that form. Raises Refused."""
    ticket = _need(parts, number)
    if form == ReplyForm.EMAIL and not ticket.customer.email:
        raise Refused("Khách hàng chưa có địa chỉ thư điện tử: nhập địa chỉ rồi đổi hình thức trả lời.")
    actions.set_fields(parts, number, (f"wanted_reply={form}",), by)


def called(parts: Parts, number: str, note: str, by: str) -> None:
    """The customer was told on the phone. An answer not yet released is released by it. Raises Refused."""
    ticket = _need(parts, number)
    with parts.database.write():
        if ticket.state is State.TO_APPROVE:
            actions.approve(parts, number, by, as_is=True)  # it was said already
        actions.answered(parts, number, "phone", note, by)


def not_reached(parts: Parts, number: str, note: str, by: str) -> None:
    """A call did not reach the customer: it stands in the history, the ticket waits on."""
    text = f"Gọi khách hàng không được. {note}".strip()
    _say(parts, number, Event("remark", parts.clock.now(), Author("person", by), {"text": text, "call": "failed"}))


def answered_at_once(parts: Parts, number: str, text: str, source: str, note: str, by: str) -> None:
    """The customer had the answer while still there (P4): what was found and that it was told, together."""
    with parts.database.write():
        actions.found(parts, number, source, text, by)
        actions.answered(parts, number, "phone", note, by)


def _need(parts: Parts, number: str) -> Ticket:
    ticket = parts.store.ticket(number)
    if ticket is None:
        raise Refused(f"Không có phiếu {number}.")
    return ticket


def _say(parts: Parts, number: str, event: Event) -> None:
    parts.store.record(number, event, event.at)
