"""What mails do to a ticket: replies of units, bounces, the group's answer, the customer who writes again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from daemon.desk import besides, clocks, group, promises, steps, time_change
from daemon.desk.acknowledged import without_acknowledgment
from daemon.desk.answer import agreed, answer_text, refuses
from daemon.desk.ticket import (
    FINISHED,
    Event,
    State,
    UnitAsked,
    UnitState,
)
from daemon.desk.work import LEADERS, Work


def received(work: Work, event: Event) -> None:
    """File what the customer sent beside the ticket's other files, and mark what else it asks."""
    work.want_original("original", event.content)
    besides.mark(work)


def reply(work: Work, event: Event) -> None:
    """Take a mail that answers one of ours: bounces first, then what no machine wrote and may be trusted."""
    content = event.content
    work.want_original("reply", content)
    kind, unit = content["kind"], content.get("unit")
    if kind == "bounce":
        bounced(work, content)
        return
    if kind in ("auto_reply", "read_receipt", "unrelated"):
        return
    if not content.get("trusted"):
        work.ask_person(
            "reply",
            f"Thư từ địa chỉ chưa được tin ({content.get('from')}): {content.get('why', '')} Nếu đúng là trả lời của đơn vị: motcua place {content.get('item')} {work.ticket.number}",
        )
        return
    if work.ticket.state in FINISHED and work.ticket.ended_from and promises.met(work.ticket) is None:
        _after_end(work, unit, event)
        return
    if work.ticket.state in clocks.TOLD or work.ticket.state is State.RELEASED:
        work.ask_person("reply", f"{unit} trả lời muộn, khách hàng đã được trả lời: xem có cần trả lời thêm không.")
        return
    row = row_of(work, unit)
    if row is not None and row.heard is None:
        row = replace(row, heard=event.at)
        work.put_unit(row)
    if row is None:
        work.ask_person("reply", f"{unit} viết thư cho phiếu này nhưng không được hỏi: xem có dùng làm trả lời không.")
        return
    REPLIES.get(kind, _reply_answer)(work, row, event)


def row_of(work: Work, unit: str | None) -> UnitAsked | None:
    """Return the latest asking of a unit that was not withdrawn, or None."""
    rows = [row for row in work.ticket.units if row.unit == unit and row.state is not UnitState.WITHDRAWN]
    return rows[-1] if rows else None


def row_ended(work: Work, unit: str | None) -> UnitAsked | None:
    """Return the latest asking of a unit that is withdrawn only because its ticket was ended, or None."""
    return next((row for row in reversed(work.ticket.units) if row.unit == unit and row.before), None)


def _after_end(work: Work, unit: str | None, event: Event) -> None:
    """Keep what a unit writes to a ticket ended before its customer was answered: opened again, it is there."""
    row, kind = row_ended(work, unit), event.content["kind"]
    text = (event.content.get("text") or "").strip()
    if row and text and kind in _AFTER_END:
        more = kind == "partial" and row.before is UnitState.ANSWERED  # an answer stays one, whatever comes on top
        work.put_unit(replace(_SAID[kind](row, event), before=row.before if more else _AFTER_END[kind]))
    work.ask_person(
        "reply",
        f"{unit} viết thư sau khi phiếu đã kết thúc, khách hàng chưa được trả lời. Cần trả lời thì mở lại: motcua reopen {work.ticket.number} --why …",
    )


_AFTER_END = {"answer": UnitState.ANSWERED, "partial": UnitState.PARTIAL, "question": UnitState.QUESTION}


def _reply_answer(work: Work, row: UnitAsked, event: Event) -> None:
    text = event.content.get("text") or ""
    if row.state is UnitState.ANSWERED:
        work.put_unit(replace(row, answer=_joined(without_acknowledgment(row.answer or ""), text)))
        time_change.answered(work, event.content, agreed(work.ticket))
        work.ask_person("reply", f"{row.unit} gửi bổ sung sau khi đã trả lời: xem lại dự thảo.")
        return
    if not text.strip():
        work.ask_person(
            "reply",
            f"{row.unit} trả lời không có nội dung đọc được: xem thư và tệp kèm, rồi ghi lại: motcua found {work.ticket.number} --source phone < trả-lời.txt",
        )
        return
    row = replace(_answered(row, event), state=UnitState.ANSWERED)
    work.put_unit(row)
    time_change.answered(work, event.content, agreed(work.ticket))
    work.note("unit_answered", "", unit=row.unit, late=bool(row.due and event.at > row.due))
    if work.step and work.step.name == row.step:
        all_answered(work)


def all_answered(work: Work) -> None:
    """Go on where nobody asked in this round is waited for any more."""
    if any(row.open for row in work.ticket.asked_now()):
        return
    step = work.step
    assert step is not None
    outcome = "answered"
    if step.does == "ask_leader" and any(_refused(row) for row in work.ticket.asked_now()):
        outcome = "refused"
    if step.does == "ask_unit":
        group.tell(work, answer_text(work), ", ".join(row.unit for row in work.ticket.asked_now()))
    steps.advance(work, outcome)


def _refused(row: UnitAsked) -> bool:
    return row.unit == LEADERS and refuses(row.answer or "")


def _reply_partial(work: Work, row: UnitAsked, event: Event) -> None:
    work.put_unit(replace(_partly(row, event), state=UnitState.PARTIAL if row.open else row.state))


def _answered(row: UnitAsked, event: Event) -> UnitAsked:
    return replace(row, answer=_joined(_told(row), event.content.get("text")), answered=event.at, put_off=())


def _partly(row: UnitAsked, event: Event) -> UnitAsked:
    put_off = (*row.put_off, *event.content.get("put_off", ()))
    return replace(row, answer=_joined(row.answer, event.content.get("text")) or None, put_off=put_off)


def _asked_back(row: UnitAsked, event: Event) -> UnitAsked:
    return replace(row, question=event.content.get("text") or "")


_SAID: Mapping[str, Callable[[UnitAsked, Event], UnitAsked]] = {
    "answer": _answered,
    "partial": _partly,
    "question": _asked_back,
}


def _joined(*texts: str | None) -> str:
    return "\n".join(text for text in texts if text).strip()


def _told(row: UnitAsked) -> str:
    """What the parts of an answer told so far, without what the rest of it makes untrue: promises, teams on their way."""
    text = row.answer or ""
    for sentence in row.put_off:
        text = text.replace(sentence, "", 1)
    return without_acknowledgment(text)


def _reply_question(work: Work, row: UnitAsked, event: Event) -> None:
    row = replace(_asked_back(row, event), state=UnitState.QUESTION)
    text = row.question
    work.put_unit(row)
    work.ask_person(
        "question",
        f"{row.unit} hỏi lại: {text} Trả lời bằng: motcua ask {work.ticket.number} --unit '{row.unit}' < trả-lời.txt",
    )


def _reply_forward(work: Work, row: UnitAsked, event: Event) -> None:
    work.note("unit_forwarded", event.content.get("text") or "", unit=row.unit)


REPLIES: Mapping[str, Callable[[Work, UnitAsked, Event], None]] = {
    "answer": _reply_answer,
    "partial": _reply_partial,
    "question": _reply_question,
    "forward": _reply_forward,
}


def bounced(work: Work, content: Mapping[str, Any]) -> None:
    """A mail did not arrive: the unit's next address is tried, the agent is told (contract, "Who may do what")."""
    if content.get("dsn_action") == "delayed":
        return
    row = row_of(work, content.get("unit"))
    if row is None or not row.open:
        if ended := row_ended(work, content.get("unit")):  # opened again, it is not waited for as if it had been asked
            work.put_unit(replace(ended, before=UnitState.BOUNCED))
        work.ask_person("bounce", _came_back(work, content))
        return
    step = work.desk.procedure.steps[row.step]
    following = replace(row, address=row.address + 1, state=UnitState.WANTED)
    if row.unit != LEADERS and clocks.address_of(work, step, following):
        work.put_unit(following)
        work.note("next_address", f"Thư gửi {row.unit} bị trả lại, gửi địa chỉ tiếp theo", unit=row.unit)
        steps.send_request(work, step, following)
    else:
        work.put_unit(replace(row, state=UnitState.BOUNCED))
    work.ask_person(
        "bounce",
        f"Thư gửi {row.unit} bị trả lại ({content.get('recipient') or ''} {content.get('dsn_status') or ''}): kiểm tra địa chỉ đơn vị.",
    )


def _came_back(work: Work, content: Mapping[str, Any]) -> str:
    """Say that a mail to a customer, or to nobody who is waited for, came back, and what can be done."""
    said = f"Thư gửi {content.get('recipient') or 'khách hàng'} bị trả lại: kiểm tra địa chỉ."
    number = work.ticket.number
    if (content.get("recipient") or "").lower() != (work.ticket.customer.email or "").lower():
        return said
    if work.ticket.state not in clocks.TOLD:
        return f"{said} Sửa bằng: motcua set {number} email=…"
    return (
        f"{said} Khách chưa nhận được trả lời thì báo cách khác, hoặc gửi lại: motcua reopen {number} --why …, rồi "
        f"motcua set {number} email=… và motcua found {number} --source phone < trả-lời.txt"
    )


def group_answered(work: Work, event: Event) -> None:
    """The unit answered the first of the group; this customer gets their own answer in their own form."""
    ticket, step = work.ticket, work.step
    if ticket.state is not State.WAITING_UNIT or step is None or step.does != "ask_unit":
        return
    content = event.content
    work.change(found=group.answer_of(content["leader"], content["text"], content["source"], event.at))
    steps.advance(work, "answered")
    steps.doubt_shared(work, content["leader"], content.get("doubtful", ()), content.get("left_out", 0))


def group_moved(work: Work, event: Event) -> None:
    """The first of the group ended without an answer: this one asks itself, or waits behind the one that does."""
    work.change(group=event.content["leader"])
    step = work.step
    if work.ticket.state is State.WAITING_UNIT and step is not None:
        steps.ask_unit(work, step)


def customer_wrote(work: Work, event: Event) -> None:
    """File what the customer wrote again and leave it to a person."""
    work.want_original("customer", event.content)
    work.ask_person("customer", f"Khách hàng viết thêm: {(event.content.get('text') or '')[:300]}")
