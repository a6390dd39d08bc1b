"""Moving an outage for one customer (P7) moves it for all on the same lines, who are owed notice by law (facts, section 0).

Beside the asking of the dispatch room the announced outage is looked up. A new time that leaves less than the lawful
notice, or that cannot be read, is released only after a person decided so. Times are read from texts by the office.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daemon.desk import clocks, wording
from daemon.desk.calendar import due_before
from daemon.desk.desk import Desk
from daemon.desk.effects import LOOK_UP
from daemon.desk.procedure import Procedure, Span, Step
from daemon.desk.ticket import Category, Event, State, Ticket, TimeChange
from daemon.desk.work import Work

ANNOUNCED, NOT_ANNOUNCED = "announced_outage", "no_announced_outage"
FIELD = "override_notice"
ABOUT = "announced"
_HEAD = "Chưa duyệt được: "


# -- the announced outage ----------------------------------------------------------------------------------------------
def look(work: Work, step: Step) -> None:
    """Want the announced outage looked up, where the step names sources; nothing waits for it."""
    ticket = work.ticket
    if ticket.category is not Category.OUTAGE_TIME_CHANGE or not step.sources:
        return
    work.change(change=TimeChange())
    start = ticket.outage_start
    stamp = start.astimezone(work.desk.calendar.zone).strftime("%Y%m%d%H%M") if start else "none"
    work.want(LOOK_UP, work.key(f"look-up-announced-{stamp}"), {"sources": list(step.sources), "about": ABOUT})


def looked(work: Work, event: Event) -> None:
    """Take what was found of the announced outage; where none begins as the customer says, a person is told."""
    ticket, content = work.ticket, event.content
    asked = content.get("outage_start")
    if ticket.category is not Category.OUTAGE_TIME_CHANGE or _at(asked) != ticket.outage_start:
        return
    known = ticket.change or TimeChange()
    work.change(change=replace(known, others=content.get("others"), shared=content.get("shared") or ""))
    if event.kind == NOT_ANNOUNCED and ticket.state not in clocks.TOLD:
        work.ask_person("outage_start", content["question"])


def start_corrected(work: Work, before: dt.datetime | None) -> None:
    """A person corrected the announced start under way: the promise is made again from it, the outage looked up again."""
    ticket, step = work.ticket, work.step
    if ticket.outage_start == before or step is None or ticket.state not in (State.WAITING_UNIT, State.TO_APPROVE):
        return
    if ticket.category is Category.OUTAGE_TIME_CHANGE:
        clocks.promise_from(work, work.request_type.deadlines, outage_start=ticket.outage_start)
        clocks.say_if_too_late(work)
        known = ticket.change or TimeChange()
        look(work, work.desk.procedure.steps[_asking(work)])
        work.change(change=replace(known, others=None, shared=""))


def _asking(work: Work) -> str:
    steps = work.desk.procedure.steps
    return next((name for name in work.request_type.steps if steps[name].sources), work.ticket.step)


# -- the new time ------------------------------------------------------------------------------------------------------
def answered(work: Work, content: Mapping[str, Any], agreed: bool | None) -> None:
    """Take the new time that stands in an answer, and say at once where releasing it will need a decision."""
    ticket = work.ticket
    if ticket.category is not Category.OUTAGE_TIME_CHANGE:
        return
    known = ticket.change or TimeChange()
    start, end = _at(content.get("new_start")), _at(content.get("new_end"))
    if start is not None:
        known = replace(known, new_start=start, new_end=end, override="", override_by="")
    work.change(change=known)
    _judge(work, agreed)


def set_by_person(work: Work, event: Event, agreed: bool | None) -> None:
    """Take a new time or an override from a person; confirming everything at once is no override."""
    if work.ticket.category is not Category.OUTAGE_TIME_CHANGE:
        return
    known = _with_fields(work.ticket.change or TimeChange(), event)
    work.change(change=known)
    if event.content["fields"].get(FIELD):
        work.note("notice_overridden", known.override, by=known.override_by, others=known.others, start=known.new_start)
    _judge(work, agreed)


def _with_fields(known: TimeChange, event: Event) -> TimeChange:
    fields: Mapping[str, Any] = event.content.get("fields") or {}
    if "new_start" in fields:
        known = replace(known, new_start=_at(fields["new_start"]), new_end=None, override="", override_by="")
    if fields.get(FIELD):
        known = replace(known, override=fields[FIELD], override_by=event.author.name)
    return known


def _judge(work: Work, agreed: bool | None) -> None:
    ticket = work.ticket
    why = None
    if ticket.state not in clocks.TOLD and ticket.state is not State.RELEASED:
        why = refusal(ticket, work.desk, work.now, agreed)
    questions = tuple(each for each in ticket.questions if not each.startswith(_HEAD))
    if why is None:
        work.change(questions=questions, check=tuple(name for name in ticket.check if name != FIELD))
    elif why not in ticket.questions or FIELD not in ticket.check:
        work.change(questions=questions)
        work.ask_person(FIELD, why)


# -- before and after release ------------------------------------------------------------------------------------------
def refusal(ticket: Ticket, desk: Desk, now: dt.datetime, agreed: bool | None) -> str | None:
    """Return in Vietnamese why an answer may not be released yet, or None where it may.

    It may where nothing was agreed, where the new start leaves the lawful notice by the clock, or after an override.
    What a person said and ``decide`` has not yet considered counts.
    """
    span = desk.procedure.change_notice
    if ticket.category is not Category.OUTAGE_TIME_CHANGE or span is None or agreed is False:
        return None
    known = ticket.change or TimeChange()
    for event in ticket.news:
        if event.kind == "fields_set":
            known = _with_fields(known, event)
    start = known.new_start
    if known.override or (agreed is None and start is None):
        return None
    if start is not None and due_before(desk.calendar, span, start) >= now:
        return None
    return _HEAD + _why(desk.procedure, span, start and start.astimezone(desk.calendar.zone), known, ticket.number)


def _why(procedure: Procedure, span: Span, start: dt.datetime | None, known: TimeChange, number: str) -> str:
    days = _length(span)
    first = (
        f"giờ ngừng điện mới ({wording.time_of(start)}) còn chưa đầy {days}."
        if start
        else "không đọc được giờ bắt đầu mới trong câu trả lời."
    )
    law = f"Theo {procedure.change_law}, " if procedure.change_law else ""
    rule = f"{law}{'l' if law else 'L'}ịch ngừng điện phải báo trước ít nhất {days} cho mọi khách hàng liên quan:"
    shared = f" chung {known.shared}" if known.shared else ""
    others = (
        f"còn {known.others} khách hàng khác{shared} phải được báo."
        if known.others is not None
        else "chưa đếm được số khách hàng khác phải được báo (chưa rõ trạm, lộ hoặc chưa có danh sách khách hàng)."
    )
    write = "" if start else f"Ghi giờ mới: motcua set {number} new_start=2026-01-31T07:30. "
    decide = f'Nếu vẫn phải đổi: motcua set {number} override_notice="lý do", rồi duyệt lại.'
    return f"{first} {rule} {others} {write}{decide}"


def _length(span: Span) -> str:
    if span.unit == "working day":
        return f"{span.count} ngày làm việc"
    if span.unit == "minute" and span.count % 1440 == 0:
        return f"{span.count // 1440} ngày"
    return f"{span.count / 60:g} giờ{' hành chính' if span.unit == 'office minute' else ''}"


def told(work: Work, agreed: bool | None) -> None:
    """The customer has the answer. Where nobody released it and the law stood against it, that is kept and told."""
    if work.ticket.state is State.RELEASED:
        return
    why = refusal(work.ticket, work.desk, work.now, agreed)
    if why is None:
        return
    known = work.ticket.change or TimeChange()
    said = why.removeprefix(_HEAD)
    work.note("released_without_override", said, others=known.others, start=known.new_start)
    work.ask_person(FIELD, f"Khách hàng đã được báo giờ mới khi chưa có quyết định: {said}")


def _at(text: Any) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None
