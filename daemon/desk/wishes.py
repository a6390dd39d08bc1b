"""What people wish of a ticket: fields confirmed or corrected, findings, askings, extensions."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daemon.desk import besides, clocks, drafts, endings, group, mails, notices, promises, steps, time_change, todo
from daemon.desk.answer import agreed
from daemon.desk.effects import Mail
from daemon.desk.endings import REOPENED
from daemon.desk.greeting import without_greeting
from daemon.desk.ticket import (
    FINISHED,
    Category,
    Event,
    FoundAnswer,
    ReplyForm,
    State,
    Ticket,
    UnitAsked,
    UnitState,
)
from daemon.desk.work import Work

_QUOTE = 600  # characters of a question or a request that are quoted back to a unit
# Where a danger found only now still goes to the duty desk: nothing was released.
_UNDER_WAY = (State.LOOKING_UP, State.WAITING_UNIT, State.TO_APPROVE)
CUSTOMER_FIELDS = ("name", "customer_code", "phone", "address", "email")


def set_fields(work: Work, event: Event) -> None:
    """Confirm or correct what was read, and go on from there."""
    fields: Mapping[str, Any] = event.content["fields"]
    if fields.get("draft") == "outbox":
        work.settled(todo.DRAFT)
        drafts.replace_draft(work)
        return
    before = work.ticket
    customer = replace(before.customer, **{name: value for name, value in fields.items() if name in CUSTOMER_FIELDS})
    changes: dict[str, Any] = {"customer": customer}
    if "category" in fields:
        changes["category"] = Category(fields["category"])
    if "wanted_reply" in fields:
        changes["wanted_reply"] = ReplyForm(fields["wanted_reply"]) if fields["wanted_reply"] else None
    if "outage_start" in fields:
        changes["outage_start"] = dt.datetime.fromisoformat(fields["outage_start"]) if fields["outage_start"] else None
    changes |= {name: fields[name] for name in ("unit", "danger", "content") if name in fields}
    everything = tuple(
        name for name in before.check if name not in (todo.UNDELIVERED, todo.DRAFT)
    )  # those a word does not settle
    confirmed = everything if event.content.get("all") else tuple(fields)
    work.change(**changes)
    work.seen_to(confirmed)
    if work.ticket.outage_start != before.outage_start:
        _drop_deadline(work, "tell_customer")
        time_change.start_corrected(work, before.outage_start)
    time_change.set_by_person(work, event, agreed(work.ticket))
    _go_on_after_change(work, before)
    if steps.WORDING in before.check and steps.WORDING not in work.ticket.check and _same_draft(work, before):
        drafts.replace_draft(work)  # it was held back from the customer's address
    notices.corrected(work, before)


def _same_draft(work: Work, before: Ticket) -> bool:
    now = work.ticket.draft
    return bool(now and before.draft and now.round == before.draft.round)


def _drop_deadline(work: Work, name: str) -> None:
    kept = tuple(line for line in work.ticket.deadlines if line.name != name or line.round != work.ticket.round)
    work.change(deadlines=kept)


def _go_on_after_change(work: Work, before: Ticket) -> None:
    ticket, email = work.ticket, before.customer.email
    if ticket.category is not before.category:
        if ticket.state is not State.RELEASED and not _answered(ticket):
            _begin_anew(work, before.category, "loại yêu cầu của phiếu được sửa lại")
    elif ticket.state is State.TO_CHECK:
        if REOPENED not in ticket.check:  # a field put right is no word that units are to be asked again
            steps.begin(work)
    elif ticket.danger and not before.danger and ticket.state in _UNDER_WAY and not _duty_desk_asked(work):
        _begin_anew(work, before.category, "khách hàng báo có nguy hiểm, đã báo trực vận hành")
    elif ticket.unit != before.unit and ticket.unit and ticket.state is State.WAITING_UNIT:
        _ask_another(work, ticket.unit)
    elif ticket.state is State.TO_APPROVE and ticket.draft and _goes_another_way(work, email):
        steps.remove_draft(work)
        _to_draft(work)
    elif ticket.state is State.RELEASED and todo.UNDELIVERED in ticket.check:
        _send_again(work, email)
    elif _letter_in_hand(ticket) and _called_otherwise(ticket, before):
        drafts.write_again(work, before)


def _letter_in_hand(ticket: Ticket) -> bool:
    """Say whether the answer's letter still can be another: to be approved, or released to be signed."""
    signed_on_paper = ticket.draft is not None and ticket.draft.form is ReplyForm.LETTER
    return ticket.draft is not None and (
        ticket.state is State.TO_APPROVE or (ticket.state is State.RELEASED and signed_on_paper)
    )


def _called_otherwise(ticket: Ticket, before: Ticket) -> bool:
    """Say whether the letter names the customer as he was read, not as he is."""
    return any(getattr(ticket.customer, name) != getattr(before.customer, name) for name in CUSTOMER_FIELDS)


def _send_again(work: Work, refused: str | None) -> None:
    """Send the released answer, refused at one address, to the one that a person gave now."""
    draft, email = work.ticket.draft, work.ticket.customer.email
    if draft is None or not email or email == refused:
        return
    work.settled(todo.UNDELIVERED)
    mail = steps.answer_mail(work, work.ticket.step, draft.round)
    work.want_mail(f"answer-{draft.round}-{work.ticket.news[-1].seq}", mail)


def _answered(ticket: Ticket) -> bool:
    """Say whether a ticket is ended and its customer has the answer: another kind is then for the ledger alone."""
    ended = ticket.state in FINISHED and ticket.state is not State.SET_ASIDE
    return ended and promises.met(ticket) is not None


def _duty_desk_asked(work: Work) -> bool:
    return any(row.step in work.desk.procedure.duty_steps for row in work.ticket.asked_now())


def _begin_anew(work: Work, before: Category, why: str) -> None:
    """Go on as what the ticket is now: another kind, or a danger, whose duty desk comes before all else.

    Those who waited behind it as the kind it was ask for themselves.
    """
    ticket = work.ticket
    if before is Category.OUTAGE_INFO:
        group.lead_on(work)
    awaited = [row for row in ticket.units if notices.awaited(row)]
    steps.withdraw(work, f"{why[0].upper()}{why[1:]}")
    steps.remove_draft(work)
    endings.forget(work)
    work.settled(REOPENED)
    work.change(draft=None, found=None, group=None, round=ticket.round + 1 if ticket.units else ticket.round)
    _carry_promises(work)
    steps.begin(work)
    again = {row.unit for row in work.ticket.units if row.open}
    for row in awaited:
        if row.unit not in again:
            notices.tell_not_needed(work, row, why)


def _carry_promises(work: Work) -> None:
    """Of the promises still open those that the kind makes too stand as they stood, in the round in hand; the others end."""
    rules = {(rule.name, rule.rule) for rule in work.request_type.deadlines}
    lines = [
        line if line.met else replace(line, round=work.ticket.round)
        for line in work.ticket.deadlines
        if line.met or (line.name, line.rule) in rules
    ]
    work.change(deadlines=tuple(lines))


def _ask_another(work: Work, unit: str) -> None:
    """Ask another unit instead, and one that was asked before it in a round of its own."""
    step = work.step
    if not (step and step.does == "ask_unit" and not step.unit):
        return  # whom a step asks by its own name is asked all the same
    notices.not_needed(work, f"đã chuyển {work.card(unit).name} giải quyết")
    steps.withdraw(work, "Đổi đơn vị")
    work.change(group=None)
    _new_round_for(work, unit, step.name)
    steps.ask(work, step, unit)


def _new_round_for(work: Work, unit: str, step: str) -> None:
    """Begin another round where the unit was asked in the one in hand: asked twice in a round it is one asking."""
    round = work.ticket.round
    if any((row.unit, row.step, row.round) == (unit, step, round) for row in work.ticket.units):
        work.change(round=round + 1)


def _goes_another_way(work: Work, email: str | None) -> bool:
    """Say whether the draft that waits was made for another form of answer, or for another address."""
    draft, form = work.ticket.draft, work.reply_form
    assert draft is not None
    return form is not draft.form or (form is ReplyForm.EMAIL and work.ticket.customer.email != email)


def found(work: Work, event: Event) -> None:
    """Take what a look-up or the agent found as the answer (P3, P4)."""
    state, person = work.ticket.state, event.author.kind == "person"
    if state in clocks.TOLD or state is State.RELEASED or not (person or state is State.LOOKING_UP):
        return  # a look-up that comes late does not replace what people did meanwhile
    content = event.content
    as_of = content.get("as_of")
    by = event.author.name
    found = FoundAnswer(content["text"], content["source"], dt.datetime.fromisoformat(as_of) if as_of else None, by)
    work.change(found=found)
    time_change.answered(work, content, agreed(work.ticket))
    if person:
        steps.withdraw(work, "Giao dịch viên đã có kết quả")
        work.settled("answer")
        work.settled(REOPENED)
        steps.remove_draft(work)
        work.seen_to((steps.ASSUMED, steps.WORDING, besides.FIELD))
    group.tell(work, found.text, found.source)
    if content.get("note"):
        work.note("look_up_note", content["note"])
    for text in content.get("assumed") or ():
        work.ask_person(steps.ASSUMED, text)
    _to_draft(work)


def _to_draft(work: Work) -> None:
    step = work.step
    if step and step.does == "look_up":
        steps.advance(work, "found")
        return
    draft = steps.first_step(work, "draft_answer")
    assert draft is not None
    steps.enter(work, draft)


def looked_up(work: Work, event: Event) -> None:
    """The look-ups gave no sure answer: go on by the procedure, unless the ticket was ended meanwhile."""
    if work.ticket.state is not State.LOOKING_UP or not (work.step and work.step.does == "look_up"):
        return
    if event.content.get("note"):
        work.note("look_up_note", event.content["note"])
    steps.advance(work, "not_found")


def ask(work: Work, event: Event) -> None:
    """Ask a unit, or answer its question; asked again after its answer it is a new round."""
    ticket = work.ticket
    name = steps.first_step(work, "ask_unit")
    if ticket.state in clocks.TOLD or name is None:
        return
    unit = event.content["unit"]
    for row in ticket.units:
        if row.unit == unit and row.state is UnitState.BOUNCED:  # it never arrived: asked anew, by now maybe elsewhere
            work.put_unit(replace(row, state=UnitState.WITHDRAWN))
            work.settled("bounce")
    waiting = [row for row in work.ticket.units if row.unit == unit and row.open]
    if waiting:
        _answer_question(work, waiting[-1], event.content.get("text", ""))
        return
    _new_round_for(work, unit, name)
    steps.remove_draft(work)
    kept = tuple(field for field in work.ticket.check if field not in ("unit", REOPENED))
    work.change(draft=None, found=None, step=name, state=State.WAITING_UNIT, check=kept)
    work.settled(steps.WORDING)
    steps.ask(work, work.desk.procedure.steps[name], unit)


def _answer_question(work: Work, row: UnitAsked, text: str) -> None:
    """The agent's words go out on the unit's own thread; its clock has kept running."""
    step = work.desk.procedure.steps[row.step]
    if not text:
        steps.send_request(work, step, row)
        return
    card = work.card(row.unit)
    answer = work.desk.procedure.mails["to_unit"]
    said = {"answer": text, "question": mails.short(row.question or "", _QUOTE)}
    said["content"] = mails.short(without_greeting(work.ticket.content), _QUOTE)
    values = mails.values(work, card, row.due, **said)
    mail = Mail(
        to=clocks.address_of(work, step, row),
        subject=mails.subject(work.ticket, mails.fill(answer.subject, values)),
        body=mails.fill(answer.body, values),
        step=row.step,
        round=row.round,
        in_reply_to=row.message_id,
        urgent=work.ticket.urgent,
        by_person=True,
        purpose="to_unit",
        unit=row.unit,
    )
    seq = work.ticket.news[-1].seq
    work.want_mail(f"to-unit-{clocks.slug(row.unit)}-{seq}", mail)
    work.put_unit(replace(row, state=UnitState.ASKED))
    work.settled("question")


def answered(work: Work, event: Event) -> None:
    """The customer has the answer already, told by a person."""
    if work.ticket.state not in clocks.TOLD:
        work.settled(todo.UNDELIVERED)
        steps.mark_answered(work, event.content["by"], event.at)


def extended(work: Work, event: Event) -> None:
    """Promise the customer a later answer."""
    until = dt.datetime.fromisoformat(event.content["until"])
    lines = [
        replace(line, due=until, extended=True, warned=()) if line.name == "appointment" and line.met is None else line
        for line in work.ticket.deadlines
    ]
    work.change(deadlines=tuple(lines))
    if "interim" in work.request_type.forms:
        work.want_document("interim", work.request_type.forms["interim"], reason=event.content.get("why") or "")
