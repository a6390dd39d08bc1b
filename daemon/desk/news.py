"""What each kind of event does to a ticket. Every kind that is recorded from outside has its function here."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from daemon.desk import clocks, drafts, endings, notices, replies, steps, time_change, todo, wishes
from daemon.desk.calendar import due_of
from daemon.desk.ticket import (
    Event,
    State,
    UnitAsked,
    UnitState,
)
from daemon.desk.work import Work


def take(work: Work, event: Event) -> None:
    """Let one event do its work; an event that tells nothing new stays a line in the history."""
    handler = HANDLERS.get(event.kind)
    if handler:
        handler(work, event)


def _mail_sent(work: Work, event: Event) -> None:
    content = event.content
    if content.get("warning"):  # it went out, but its copy in Sent is missing or lacks something
        work.ask_person("mail", content["warning"])
    if content["purpose"] == "request":
        _request_sent(work, event)
    elif content["purpose"] == "answer" and work.ticket.state is State.RELEASED:
        steps.mark_answered(work, "email", event.at)
    elif content["purpose"] == "answer":
        clocks.told_after_end(work, "email", event.at)


def _request_sent(work: Work, event: Event) -> None:
    """The unit's time runs from when it was asked (P9), so its due time is known only now."""
    row = _row_sent(work, event)
    if row is None:
        return
    if not (row.open or row.before):
        _sent_in_vain(work, row, event)
        return
    rule = clocks.unit_rule(work.desk.procedure.steps.get(row.step))
    due = due_of(work.desk.calendar, rule, event.at) if rule else None
    first = row.asked is None
    sent = {UnitState.WANTED: UnitState.ASKED}
    row = replace(
        row,
        state=sent.get(row.state, row.state),
        before=sent.get(row.before, row.before) if row.before else None,
        asked=event.at if first else row.asked,
        due=due if first else row.due,
        message_id=event.content["message_id"],
    )
    work.put_unit(row)
    if first and row.before:  # the ticket was ended while the form was on its way
        notices.tell_not_needed(work, row, "phòng đã kết thúc phiếu")


def _row_sent(work: Work, event: Event) -> UnitAsked | None:
    """The asking whose form went out; a unit may be asked in several."""
    unit, place = event.content.get("unit"), (event.content.get("step"), event.content.get("round"))
    exact = (row for row in work.ticket.units if row.unit == unit and (row.step, row.round) == place)
    return next(exact, None) or replies.row_of(work, unit) or replies.row_ended(work, unit)


def _sent_in_vain(work: Work, row: UnitAsked, event: Event) -> None:
    """The asking was given up while its form was on its way: who is not asked anew is told that it need not answer."""
    if row.state is not UnitState.WITHDRAWN or row.asked is not None:
        return
    row = replace(row, asked=event.at, message_id=event.content["message_id"])
    work.put_unit(row)
    units = [other.unit for other in work.ticket.asked_now() if other.open]
    if any(other.unit == row.unit and other.open for other in work.ticket.units):
        return
    names = ", ".join(work.card(unit).name for unit in units)
    why = f"đã chuyển {names} giải quyết" if names else "phòng đã có kết quả hoặc giải quyết cách khác"
    notices.tell_not_needed(work, row, why)


def _mail_refused(work: Work, event: Event) -> None:
    content = event.content
    if content.get("purpose") in ("request", "reminder") and content.get("unit"):
        replies.bounced(
            work, {"unit": content["unit"], "recipient": ", ".join(content.get("to", ())), "dsn_status": ""}
        )
        return
    said = f"Thư gửi {', '.join(content.get('to', ()))} bị từ chối: {content.get('reason', '')}"
    if content.get("purpose") == "answer" and work.ticket.state is State.RELEASED:
        work.ask_person(todo.UNDELIVERED, f"{said} {todo.undelivered(work.ticket.number)}")
        return
    work.ask_person("mail", said)


def _retried(work: Work, _event: Event) -> None:
    """Somebody had it done again; if it fails once more, it says so again."""
    work.settled("effect")


def _effect_set_aside(work: Work, event: Event) -> None:
    work.ask_person(
        "effect", f"{event.content.get('reason', '')} Làm lại bằng: motcua retry {event.content.get('effect')}"
    )


HANDLERS: Mapping[str, Callable[[Work, Event], None]] = {
    "received": replies.received,
    "fields_set": wishes.set_fields,
    "draft_edited": drafts.draft_edited,
    "draft_touched": drafts.draft_touched,
    "found": wishes.found,
    "looked_up": wishes.looked_up,
    "ask": wishes.ask,
    "approved": drafts.approved,
    "sent_back": drafts.sent_back,
    "draft_sent": drafts.draft_sent,
    "answered": wishes.answered,
    "scan_returned": drafts.scan_returned,
    "extended": wishes.extended,
    "reopened": endings.reopened,
    "cancelled": endings.finish(State.CANCELLED),
    "closed_by": endings.finish(State.CLOSED),
    "merged": endings.finish(State.MERGED),
    "number_given": drafts.number_given,
    "reply": replies.reply,
    "customer_wrote": replies.customer_wrote,
    time_change.ANNOUNCED: time_change.looked,
    time_change.NOT_ANNOUNCED: time_change.looked,
    "group_answered": replies.group_answered,
    "group_moved": replies.group_moved,
    "document_written": drafts.document_written,
    "original_filed": drafts.document_written,
    "mail_sent": _mail_sent,
    "mail_refused": _mail_refused,
    "draft_saved": drafts.draft_saved,
    "effect_set_aside": _effect_set_aside,
    "retried": _retried,
}
