"""The clocks of a ticket: promises made, computed again when the calendar changes, reminders before, at and after.

A reminder fires once. Several missed together (the daemon was down) become one to each party. Nothing goes out at night
or on a day off unless the ticket is urgent.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from daemon.desk import mails, promises
from daemon.desk.calendar import due, due_before, due_of, notice
from daemon.desk.effects import Mail
from daemon.desk.holder import waits_behind
from daemon.desk.procedure import DeadlineRule, Reminder, Span, Step
from daemon.desk.text import fold
from daemon.desk.ticket import FINISHED, Deadline, State, UnitAsked, UnitState
from daemon.desk.work import LEADERS, Work

UNIT_ANSWER = "unit_answer"
TOLD = frozenset({State.ANSWERED}) | FINISHED


def slug(unit: str) -> str:
    """Return a unit's id as it stands in keys and file names: ASCII, no blanks."""
    return fold(unit).replace(" ", "-")


# -- promises ----------------------------------------------------------------------------------------------------------
def promise(work: Work, rule: DeadlineRule, moment: dt.datetime) -> None:
    """Put a deadline on the ticket, once a round."""
    ticket = work.ticket
    if any(line.name == rule.name and line.round == ticket.round for line in ticket.deadlines):
        return
    line = Deadline(rule.name, due_of(work.desk.calendar, rule, moment), rule.holder, rule.rule, moment, ticket.round)
    work.change(deadlines=(*ticket.deadlines, line))
    work.note("deadline_set", f"{rule.title or rule.name}: {rule.rule}", name=rule.name, due=line.due)


def promise_from(work: Work, rules: tuple[DeadlineRule, ...], **moments: dt.datetime | None) -> None:
    """Put every deadline whose moment is known on the ticket."""
    for rule in rules:
        moment = moments.get(rule.of)
        if moment is not None:
            promise(work, rule, moment)


def say_if_too_late(work: Work) -> None:
    """Say at once where the customer can no longer be told 24 hours before the outage (P7)."""
    ticket = work.ticket
    if ticket.outage_start is None or any(field == "notice" for field in ticket.check):
        return
    told = notice(work.desk.calendar, ticket.received, ticket.outage_start)
    if not told.feasible:
        work.ask_person(
            "notice", "Không còn đủ 24 giờ trước giờ ngừng điện đã thông báo: cần gọi ngay B26 và báo khách hàng."
        )
    elif told.act_by is None:
        work.ask_person("notice", "Từ lúc nhận đến mốc 24 giờ không còn giờ hành chính nào: cần xử lý ngoài giờ.")


def meet(work: Work, *names: str, at: dt.datetime | None = None) -> None:
    """Stop the clocks of the given names (all of them without names): what was promised has been done, now or before."""
    done = min(at or work.now, work.now)
    lines = [
        replace(line, met=done) if line.met is None and (not names or line.name in names) else line
        for line in work.ticket.deadlines
    ]
    work.change(deadlines=tuple(lines))


def told_after_end(work: Work, by: str, at: dt.datetime) -> None:
    """The answer reached the customer though the ticket had been ended: the promise is kept, and nothing is sent again."""
    ticket = work.ticket
    if ticket.state in FINISHED and ticket.ended_from and promises.met(ticket) is None:
        meet(work, at=at)
        work.note("told", "", by=by)


def compute_again(work: Work) -> None:
    """Move every open due time that the calendar now puts elsewhere, with an event for each one moved."""
    lines = [_moved(work, line) for line in work.ticket.deadlines]
    work.change(deadlines=tuple(lines))
    for row in work.ticket.units:
        rule = unit_rule(work.desk.procedure.steps.get(row.step))
        if row.open and row.asked and row.due and rule:
            fresh = due_of(work.desk.calendar, rule, row.asked)
            if fresh != row.due:
                work.note(
                    "deadline_moved", "Lịch làm việc thay đổi", name=UNIT_ANSWER, unit=row.unit, old=row.due, due=fresh
                )
                work.put_unit(replace(row, due=fresh))


def _moved(work: Work, line: Deadline) -> Deadline:
    if line.met or line.extended:
        return line
    way, _, span = line.rule.partition(" ")
    make = due_before if way == "before" else due
    fresh = make(work.desk.calendar, Span.parse(span), line.start)
    if fresh == line.due:
        return line
    work.note("deadline_moved", "Lịch làm việc thay đổi", name=line.name, old=line.due, due=fresh)
    return replace(line, due=fresh)


def unit_rule(step: Step | None) -> DeadlineRule | None:
    """Return the rule of the unit's time in a step, or None."""
    return next((rule for rule in step.deadlines if rule.of == "asked"), None) if step else None


def hold(work: Work) -> None:
    """Write on every open promise to the customer who holds it now: units, the ticket it waits behind, else the agent."""
    waiting = [row.unit for row in work.ticket.asked_now() if row.open and row.state is not UnitState.QUESTION]
    with_units = work.ticket.state is State.WAITING_UNIT and waiting
    holder = ", ".join(waiting) if with_units else waits_behind(work.ticket) or "agent"
    lines = [line if line.met else replace(line, holder=holder) for line in work.ticket.deadlines]
    work.change(deadlines=tuple(lines))


# -- reminders ---------------------------------------------------------------------------------------------------------
def ring(work: Work) -> dt.datetime | None:
    """Give every reminder that is due, and return when the next one is."""
    if work.ticket.state in TOLD:
        return None
    upcoming = [*_ring_units(work), *_ring_promises(work)]
    return min(upcoming, default=None)


def _fire(work: Work, reminder: Reminder, base: dt.datetime) -> dt.datetime:
    calendar = work.desk.calendar
    at = base
    if reminder.span is not None:
        at = (
            due_before(calendar, reminder.span, base)
            if reminder.when == "before"
            else due(calendar, reminder.span, base)
        )
    return at if work.ticket.urgent or calendar.is_office_time(at) else calendar.next_office_instant(at)


def _ring_units(work: Work) -> Iterator[dt.datetime]:
    for row in work.ticket.units:
        step = work.desk.procedure.steps.get(row.step)
        if row.open and row.due and step and not _acknowledged(row, step):
            yield from _ring_unit(work, row, step)


def _acknowledged(row: UnitAsked, step: Step) -> bool:
    """A duty desk is asked to acknowledge by a time (P2 c); once it wrote, no reminder may say that it did not."""
    return step.duty_desk and row.heard is not None


def _ring_unit(work: Work, row: UnitAsked, step: Step) -> Iterator[dt.datetime]:
    due_at = row.due
    assert due_at is not None
    times = [
        (_fire(work, each, _tighter(work, row, due_at) if each.when == "before" else due_at), each)
        for each in step.reminders
    ]
    ready = [each for at, each in times if at <= work.now and each.name not in row.reminded]
    if "expired" in step.then and due_at >= work.now:
        yield due_at + dt.timedelta(microseconds=1)
    yield from (at for at, each in times if at > work.now and each.name not in row.reminded)
    if not ready:
        return
    state = UnitState.REMINDED if row.state is UnitState.ASKED else row.state
    row = replace(row, reminded=(*row.reminded, *(each.name for each in ready)), state=state)
    work.put_unit(row)
    for each in {each.to: each for each in ready}.values():
        _remind(work, each, row, due_at)


def _tighter(work: Work, row: UnitAsked, unit_due: dt.datetime) -> dt.datetime:
    """The unit's due or the promise to the customer less its margin, whichever comes first (facts, section 0).

    A margin that had begun before the unit was asked says nothing about the unit.
    """
    promised = [
        line.due for line in work.ticket.deadlines if line.met is None and line.name in ("appointment", "tell_customer")
    ]
    margins = [due_before(work.desk.calendar, work.desk.procedure.customer_margin, at) for at in promised]
    return min([unit_due, *(at for at in margins if row.asked and at > row.asked)])


def _ring_promises(work: Work) -> Iterator[dt.datetime]:
    rules = {rule.name: rule for rule in _rules(work)}
    for line in work.ticket.deadlines:
        if line.met is None:
            rule = rules.get(line.name)
            yield from _ring_promise(work, line, rule.reminders if rule else ())


def _rules(work: Work) -> Iterator[DeadlineRule]:
    yield from work.request_type.deadlines
    for step in work.desk.procedure.steps.values():
        yield from step.deadlines


def _ring_promise(work: Work, line: Deadline, reminders: tuple[Reminder, ...]) -> Iterator[dt.datetime]:
    times = [(_fire(work, each, line.due), each) for each in reminders]
    ready = [each for at, each in times if at <= work.now and each.name not in line.warned]
    yield from (at for at, each in times if at > work.now and each.name not in line.warned)
    if line.due > work.now:
        yield line.due + dt.timedelta(microseconds=1)
    warned = [*line.warned, *(each.name for each in ready)]
    if line.due < work.now and "missed" not in warned:
        warned.append("missed")
        work.note("deadline_missed", "", name=line.name, due=line.due, holder=line.holder)
    if warned != list(line.warned):
        fresh = replace(line, warned=tuple(warned))
        work.change(deadlines=tuple(fresh if old is line else old for old in work.ticket.deadlines))
    for each in {each.to: each for each in ready}.values():
        _remind(work, each, None, line.due)


def _remind(work: Work, reminder: Reminder, row: UnitAsked | None, due_at: dt.datetime) -> None:
    to = _addressees(work, reminder.to, row)
    unit = row.unit if row else ""
    kind = "escalated" if reminder.to in (LEADERS, "leaders", "chief") else "reminded"
    work.note(kind, reminder.name, to=reminder.to, unit=unit, due=due_at)
    if not (reminder.mail and to and work.desk.outgoing.reminders):
        return
    text = work.desk.procedure.mails[reminder.mail]
    values = mails.values(work, work.card(unit) if unit else None, due_at)
    mail = Mail(
        to=to,
        subject=mails.subject(work.ticket, mails.fill(text.subject, values)),
        body=mails.fill(text.body, values),
        step=row.step if row else work.ticket.step or "start",
        round=row.round if row else work.ticket.round,
        in_reply_to=row.message_id if row and reminder.to == "unit" else None,
        urgent=work.ticket.urgent,
        purpose="reminder",
        unit=unit or None,
    )
    work.want_mail(f"remind-{reminder.name}-{reminder.to}{'-' + slug(unit) if unit else ''}", mail)


def _addressees(work: Work, party: str, row: UnitAsked | None) -> tuple[str, ...]:
    if party == "agent":
        return work.desk.agents
    if party == "leaders" or row is None:
        return work.desk.units.leaders
    card = work.card(row.unit)
    if party == "chief":
        return (card.chief_address,) if card.chief_address else work.desk.units.leaders
    step = work.desk.procedure.steps[row.step]
    return address_of(work, step, row)


def address_of(work: Work, step: Step, row: UnitAsked) -> tuple[str, ...]:
    """Return where a unit is written to: its duty desk where the step says so, else its address in hand; may be empty."""
    card = work.card(row.unit)
    addresses = ((card.duty_address,) if step.duty_desk and card.duty_address else ()) + card.addresses
    addresses = tuple(dict.fromkeys(addresses))
    return addresses[row.address : row.address + 1]
