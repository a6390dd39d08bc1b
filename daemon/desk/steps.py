"""The verbs of a procedure, each a function that begins its step. A step waits for news or hands on to the next."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from daemon.desk import besides, clocks, group, mails, time_change, wording
from daemon.desk.answer import agreed, answer_text, internal_of
from daemon.desk.calendar import due_of
from daemon.desk.effects import LOOK_UP, REMOVE_DRAFT, SAVE_DRAFT, Mail
from daemon.desk.procedure import Step
from daemon.desk.ticket import PROGRAM, Category, Channel, Draft, ReplyForm, State, Ticket, UnitAsked, UnitState
from daemon.desk.unfit import unfit
from daemon.desk.work import LEADERS, Work


# -- the way through ---------------------------------------------------------------------------------------------------
def begin(work: Work) -> None:
    """Take up a new, confirmed or reopened ticket: make its promises, then go on or leave it to a person."""
    ticket = work.ticket
    if ticket.category is Category.NOT_A_REQUEST:
        _leave_out(work)
        return
    promise(work)
    if not work.request_type.steps:
        work.change(state=State.TO_CHECK)
        work.ask_person(
            "category", "Quy trình đang dùng không có loại yêu cầu này: đổi loại, hoặc trả lời rồi đóng phiếu."
        )
        return
    doubts = doubtful(work)
    hurry = ticket.danger or ticket.category is Category.INCIDENT_REPORT
    if doubts and not hurry:
        work.change(state=State.TO_CHECK)
        work.note(
            "to_check", "Cần người kiểm tra: " + ", ".join(wording.field(name) for name in doubts), fields=list(doubts)
        )
        return
    enter(work, _first(work))


def promise(work: Work) -> None:
    """Make the promises of the ticket's kind, from its receipt, or in a later round from its reopening."""
    ticket = work.ticket
    clocks.promise_from(work, work.request_type.deadlines, received=_start(work), outage_start=ticket.outage_start)
    if ticket.category is Category.OUTAGE_TIME_CHANGE:
        clocks.say_if_too_late(work)


def _first(work: Work) -> str:
    """The first step of the kind; where life is in danger, whatever the kind, the duty desk comes before all else."""
    steps = work.desk.procedure.steps
    order = work.request_type.steps
    if work.ticket.danger and not any(steps[name].duty_desk for name in order):
        return next((name for name, step in steps.items() if step.duty_desk), order[0])
    return order[0]


def _start(work: Work) -> Any:
    """The receipt, or in a later round the moment of reopening."""
    reopened = [event.at for event in work.ticket.news if event.kind == "reopened"]
    return reopened[-1] if reopened else work.ticket.received


def _leave_out(work: Work) -> None:
    if "category" in work.ticket.check:
        promise(work)
        work.change(state=State.TO_CHECK)
        work.note("to_check", "Chưa chắc đây có phải yêu cầu của khách hàng hay không", fields=["category"])
        return
    work.change(state=State.SET_ASIDE, deadlines=tuple(line for line in work.ticket.deadlines if line.met))
    work.note("left_out", "Không phải yêu cầu về dịch vụ điện")


def doubtful(work: Work) -> tuple[str, ...]:
    """Return the fields that keep a form from going out unasked: doubtful ones, and needed ones that are missing."""
    ticket, procedure = work.ticket, work.desk.procedure
    unsure = [name for name in ticket.check if name in procedure.sure_fields or name in work.request_type.needs]
    missing = [name for name in work.request_type.needs if not _value(ticket, name)]
    return tuple(dict.fromkeys(unsure + missing))


def _value(ticket: Ticket, name: str) -> Any:
    return getattr(ticket, name, None) or getattr(ticket.customer, name, None)


def enter(work: Work, name: str) -> None:
    """Begin a step."""
    work.change(step=name)
    step = work.desk.procedure.steps[name]
    clocks.promise_from(
        work, step.deadlines, step=work.now, received=work.ticket.received, outage_start=work.ticket.outage_start
    )
    VERBS[step.does](work, step)


def advance(work: Work, outcome: str | None = None) -> None:
    """Go on to the step that follows for an outcome; without one the ticket is closed."""
    follow = work.desk.procedure.step_after(work.request_type, work.ticket.step, outcome)
    if follow is None:
        work.change(state=State.CLOSED)
        work.note("closed", "Đã xong mọi bước")
    else:
        enter(work, follow)


def first_step(work: Work, verb: str) -> str | None:
    """Return the first step of the ticket's kind that does a verb, else the first of the procedure that does."""
    steps = work.desk.procedure.steps
    named = [name for name in work.request_type.steps if steps[name].does == verb]
    return next(iter(named), next((name for name, step in steps.items() if step.does == verb), None))


ASSUMED = "assumed"  # what the answer takes for granted; whoever releases it has seen it
WORDING = "wording"  # words of a unit in the draft that are not for a customer; releasing it settles that
_LACKS = "Dự thảo chỉ trả lời việc tra cứu được; khách hàng còn nêu:"
_QUOTE = 120  # characters of a sentence that is shown
_ON_PAPER = (Channel.COUNTER, Channel.LETTER)  # the customer has a paper in hand, or gets one


# -- verbs -------------------------------------------------------------------------------------------------------------
def look_up(work: Work, step: Step) -> None:
    """Ask the look-ups (P3); the answer comes back as news."""
    first = work.ticket.state is State.NEW
    work.change(state=State.LOOKING_UP)
    again = "" if first or not work.ticket.news else f"-{work.ticket.news[-1].seq}"  # of another kind: looked up anew
    work.want(LOOK_UP, work.key(f"look-up{again}"), {"sources": list(step.sources)})


def appoint(work: Work, step: Step) -> None:
    """Give the customer an appointment slip (P5, P6) and go on without waiting."""
    clocks.meet(work, "look_up")
    address = work.ticket.customer.email
    mailed = bool(step.mail and address and work.desk.outgoing.slips)
    slip, after = _slips(work, step, mailed)
    if step.mail and address and mailed:
        text = work.desk.procedure.mails[step.mail]
        values = mails.values(work)
        mail = Mail(
            to=(address,),
            subject=mails.subject(work.ticket, mails.fill(text.subject, values)),
            body=mails.fill(text.body, values),
            step=step.name,
            round=work.ticket.round,
            attach=slip,
            in_reply_to=work.ticket.message_id,
            purpose="slip",
        )
        work.want_mail("slip", mail, after)
    advance(work)


def _slips(work: Work, step: Step, mailed: bool) -> tuple[tuple[tuple[str, int], ...], str | None]:
    """Want the slip: in two halves to sign on paper, the customer's half alone by mail, both where both are wanted.

    Returns what the mail carries and the key of the effect that writes it.
    """
    if not step.form:
        return (), None
    if not mailed:
        work.want_document("slip", step.form)
        return (), None
    kind = "slip"
    if work.ticket.channel in _ON_PAPER:
        work.want_document("slip", step.form)
        kind = "slip-mail"
    key, round = work.want_document(kind, step.form, mailed=True)
    return ((kind, round),), key


def ask_unit(work: Work, step: Step) -> None:
    """Ask the unit the step or the ticket names (P8) and wait for its answer."""
    clocks.meet(work, "look_up")
    work.change(state=State.WAITING_UNIT)
    if work.ticket.group and not step.unit and not work.ticket.urgent:
        group.wait_behind(work, work.ticket.group)
        return
    time_change.look(work, step)
    unit = step.unit or work.ticket.unit
    if unit is None or (unit != LEADERS and unit not in work.desk.units.by_id):
        why = f"Đơn vị {unit} không có trong config/units.toml" if unit else "Chưa rõ đơn vị phụ trách"
        unit = work.desk.procedure.fallback_unit
        work.ask_person(
            "unit",
            f"{why}: đã gửi {work.card(unit).name}. Đổi bằng: motcua ask {work.ticket.number} --unit …",
        )
    ask(work, step, unit)


def ask_leader(work: Work, step: Step) -> None:
    """Ask the leadership for its decision (P8) and wait: agreed, refused or expired."""
    work.change(state=State.WAITING_UNIT)
    ask(work, step, LEADERS)


def ask(work: Work, step: Step, unit: str) -> None:
    """Ask one unit in the round in hand; asked twice in a round it is one asking."""
    if any(row.unit == unit and row.step == step.name and row.round == work.ticket.round for row in work.ticket.units):
        return
    row = UnitAsked(unit, step.name, work.ticket.round)
    work.put_unit(row)
    send_request(work, step, row)
    if step.duty_desk and work.card(unit).duty_phone:
        work.note(
            "call_duty_desk",
            f"Gọi ngay trực {work.card(unit).name}: {work.card(unit).duty_phone}",
            unit=unit,
            phone=work.card(unit).duty_phone,
        )


def send_request(work: Work, step: Step, row: UnitAsked) -> None:
    """Want the request form and its mail for one asking."""
    card = work.card(row.unit)
    rule = clocks.unit_rule(step)
    due = due_of(work.desk.calendar, rule, work.now) if rule else None
    after = None
    attach: tuple[tuple[str, int], ...] = ()
    form = step.forms.get(row.unit, step.form)
    if form:
        kind = f"{step.document or 'request'}-{clocks.slug(row.unit)}"
        after, round = work.want_document(kind, form, unit=row.unit, due=due and due.isoformat())
        attach = ((kind, round),)
    to = clocks.address_of(work, step, row) if row.unit != LEADERS else work.desk.units.leaders
    if not to:
        work.ask_person(
            "unit_address",
            f"{card.name} chưa có địa chỉ thư: in phiếu và chuyển tay, rồi ghi kết quả bằng motcua found.",
        )
        return
    if not step.mail or not (work.desk.outgoing.requests or work.ticket.urgent):
        work.ask_person("request", f"Phiếu gửi {card.name} đã lập, chờ người gửi.")
        return
    text = work.desk.procedure.mails[step.mail]
    values = mails.values(work, card, due)
    if row.unit != LEADERS and (rest := besides.for_unit(work.ticket)):
        values["content"] += f"\n- {rest}"
    mail = Mail(
        to=to,
        subject=mails.subject(work.ticket, mails.fill(text.subject, values)),
        body=_with_first_words(work, row, due, mails.fill(text.body, values)),
        step=step.name,
        round=row.round,
        attach=attach,
        urgent=work.ticket.urgent,
        purpose="request",
        unit=row.unit,
    )
    work.want_mail(f"request-{clocks.slug(row.unit)}-{row.address}", mail, after)


def _with_first_words(work: Work, row: UnitAsked, due: dt.datetime | None, body: str) -> str:
    """Below its greeting a request says that it replaces an earlier one to the same unit, and when its answer comes too late."""
    earlier = (each for each in work.ticket.units if each.unit == row.unit and each.round < row.round)
    said = [_REPLACES] if any(each.state is UnitState.WITHDRAWN and each.asked for each in earlier) else []
    asked = work.ticket.asked_window
    if due and asked and work.ticket.category is Category.OUTAGE_INFO and work.now < asked[0] < due:
        zone = work.desk.calendar.zone
        when = wording.asked_window(asked[0].astimezone(zone), asked[1].astimezone(zone))
        said.append(f"Khách hàng hỏi về việc ngừng điện {when}: đề nghị trả lời trước lúc ấy, không đợi hết hạn.")
        work.note("answer_sooner", f"Khách hỏi về {when}, trước hạn đơn vị trả lời: trả lời khách trước lúc ấy")
    if not said:
        return body
    greeting, gap, rest = body.partition("\n\n")
    return "\n\n".join([greeting, *said, rest] if gap else [*said, body])


def draft_answer(work: Work, step: Step) -> None:
    """Draft the customer's answer from what was found or the units wrote (P4, P10), as Word file and mailbox draft."""
    clocks.meet(work, "look_up")
    form = work.reply_form
    text = answer_text(work)
    template = work.request_type.forms.get("answer") or step.form
    if template is None:
        work.change(state=State.TO_CHECK)
        work.ask_person(
            "category",
            "Loại yêu cầu này không có mẫu trả lời: đổi loại rồi ghi lại kết quả, hoặc trả lời khách rồi đóng phiếu.",
        )
        return
    before = work.ticket
    work.change(draft=None)
    after, round = want_answer(work, template, text, form, before)
    work.change(draft=Draft(text, round, form))
    if form is ReplyForm.PHONE and "call" in work.request_type.forms:
        work.want_document("call-sheet", work.request_type.forms["call"], answer=text)
    _doubt_words(work, text)
    _doubt_rest(work)
    payload = answer_mail(work, step.name, round).as_payload()
    work.want(SAVE_DRAFT, work.key("draft", round), payload, after)
    work.note("drafted", "", round=round, form=str(form))
    for left_out in internal_of(work):
        work.note("internal_left_out", f"Đã bỏ khỏi dự thảo lời nội bộ của đơn vị: «{left_out}»")
    advance(work)


_REPLACES = "Phiếu này thay cho phiếu đã gửi đơn vị trước đây về cùng yêu cầu; phiếu trước không cần trả lời nữa."


def _doubt_words(work: Work, text: str) -> None:
    """Show whoever releases a unit's words which of them are not for a customer; a person's own words are not doubted."""
    if group.is_shared(work.ticket.found):
        return  # doubted when it came
    work.settled(WORDING)
    found = unfit(text) if work.ticket.found is None else ()
    if found:
        said = "; ".join(f"«{sentence}»" for sentence in found)
        work.ask_person(
            WORDING, f"Dự thảo còn lời đơn vị viết cho phòng, hoặc việc chưa xong: {said}. Sửa rồi hãy duyệt."
        )


def _doubt_rest(work: Work) -> None:
    """Say what else the letter asks beside its answer: a unit was asked that too, a look-up was not, and whoever writes has read it."""
    found = work.ticket.found
    if found is None:
        besides.mark(work)
    elif found.by == PROGRAM.name and (rest := besides.lines(work.ticket)):
        work.settled(besides.FIELD)
        work.ask_person(
            WORDING,
            f"{_LACKS} {'; '.join(rest)}. Bổ sung vào tệp Word, hoặc hỏi đơn vị (motcua ask {work.ticket.number} --unit …), rồi hãy duyệt.",
        )


def what_it_lacks(ticket: Ticket) -> str:
    """Return what a looked-up draft leaves unanswered, as the clerk is told; empty where it lacks nothing."""
    return next((text for text in ticket.questions if text.startswith(_LACKS)), "")


def doubt_shared(work: Work, leader: str, doubtful: Sequence[str], left_out: int) -> None:
    """Show whoever releases an answer given to another customer first which of its words may not be for this one."""
    draft = work.ticket.draft
    if left_out:
        work.note("group_left_out", f"Đã bỏ {left_out} câu về việc riêng của khách hàng phiếu {leader}", leader=leader)
    found = tuple(dict.fromkeys([*doubtful, *(unfit(draft.text) if draft else ())]))
    if draft and found:
        said = _quoted(found)
        work.ask_person(
            WORDING,
            f"Dự thảo lấy lời trả lời phiếu {leader}; có thể là việc riêng của khách hàng ấy hoặc lời viết cho phòng: {said}. Sửa rồi hãy duyệt.",
        )
        held = answer_mail(work, work.ticket.step, draft.round).as_payload()
        work.effects = [replace(each, payload=held) if each.kind == SAVE_DRAFT else each for each in work.effects]


def _quoted(sentences: Sequence[str]) -> str:
    return "; ".join(
        f"«{sentence if len(sentence) <= _QUOTE else sentence[:_QUOTE].rstrip() + '…'}»" for sentence in sentences[:3]
    )


def answer_template(work: Work) -> str | None:
    """Return the template of the answer: the kind's, else that of the step that drafts."""
    name = first_step(work, "draft_answer")
    step = work.desk.procedure.steps.get(name) if name else None
    return work.request_type.forms.get("answer") or (step.form if step else None)


def want_answer(work: Work, template: str, text: str, form: ReplyForm, before: Ticket | None = None) -> tuple[str, int]:
    """Want the Word file of the answer; return its effect's key and the round.

    ``before`` is the ticket whose answer has the same words, numbered or sent otherwise: what a person wrote into that
    file stands in the new one too.
    """
    mailed = form is ReplyForm.EMAIL
    payload: dict[str, Any] = {"answer": text, "agreed": agreed(work.ticket), "mailed": mailed}
    if before is not None and before.draft and before.draft.text == text:
        payload["before"] = {
            "round": before.draft.round,
            "number": before.official_number,
            "mailed": before.draft.form is ReplyForm.EMAIL,
            "customer": asdict(before.customer),
        }
    return work.want_document("answer", template, **payload)


def answer_mail(work: Work, step: str, round: int) -> Mail:
    """Return the mail that carries the answer; one to print or to read out has no addressee and says so to the clerk first."""
    ticket = work.ticket
    assert ticket.draft is not None
    text = work.desk.procedure.mails["answer"]
    values = mails.values(work, letter=mails.LETTER)
    by_mail = ticket.draft.form is ReplyForm.EMAIL and ticket.customer.email
    held = by_mail and WORDING in ticket.check and ticket.draft.released is None
    to = (by_mail,) if by_mail and not held else ()
    for_the_clerk = (_WORDS_TO_SEE if held else _FOR_THE_CLERK[ticket.draft.form]).format(number=ticket.number)
    if held and (lacks := what_it_lacks(ticket)):
        for_the_clerk = f"{_LACKING}{lacks}]"  # quotes the customer: never a format
    clerk, mark = ("", "") if to else (f"{for_the_clerk}\n\n", _NOT_A_MAIL)
    return Mail(
        to=to,
        subject=mails.subject(ticket, mark + mails.fill(text.subject, values)),
        body=clerk + mails.fill(text.body, values),
        step=step,
        round=round,
        attach=(("answer", round),),
        in_reply_to=ticket.message_id,
        by_person=True,
        purpose="answer",
    )


_NOT_A_MAIL = "(Bản nháp của phòng, không gửi) "
_WHOSE = "[Dòng này cho giao dịch viên. Khách hàng nhận trả lời "
_WORDS_TO_SEE = (
    "[Dòng này cho giao dịch viên. Dự thảo còn lời cần xem (motcua show {number}), đừng gửi thư này. Sửa tệp Word trong "
    "outbox/{number}: thư nháp được lập lại, gửi khách được. Đúng là gửi nguyên văn: motcua approve {number} --as-is]"
)
_LACKING = "[Dòng này cho giao dịch viên, đừng gửi thư này; sửa tệp Word thì thư nháp được lập lại, gửi khách được. "
_INSTEAD = "Nếu vẫn gửi thư này cho khách hàng: ghi địa chỉ người nhận, xóa dòng này và lời trong ngoặc ở tiêu đề.]"
_FOR_THE_CLERK = {
    ReplyForm.LETTER: f"{_WHOSE}bằng văn bản, đừng gửi thư này. Duyệt: motcua approve {{number}}; lấy số: motcua number {{number}} SỐ; "
    f"in tệp trong outbox/{{number}}, trình ký, gửi; rồi thả bản quét đã ký vào inbox/. {_INSTEAD}",
    ReplyForm.PHONE: f"{_WHOSE}qua điện thoại, đừng gửi thư này. Duyệt: motcua approve {{number}}; gọi theo phiếu gọi trong "
    f"outbox/{{number}}; rồi ghi: motcua answered {{number}} --by phone. {_INSTEAD}",
    ReplyForm.EMAIL: f"{_WHOSE}qua thư điện tử nhưng phiếu chưa ghi địa chỉ: ghi bằng motcua set {{number}} email=… {_INSTEAD}",
}


def release(work: Work, _step: Step) -> None:
    """Wait for a person: no answer leaves without release."""
    work.change(state=State.TO_APPROVE)


def tell(work: Work, step: Step) -> None:
    """Carry the released answer to the customer in the agreed form (P10)."""
    ticket = work.ticket
    assert ticket.draft is not None
    work.change(state=State.RELEASED)
    remove_draft(work)
    if ticket.draft.form is not ReplyForm.EMAIL:
        what = (
            "in thư, trình ký, gửi khách hàng"
            if ticket.draft.form is ReplyForm.LETTER
            else "gọi khách hàng theo phiếu gọi"
        )
        work.note("released", f"Chờ giao dịch viên {what}")
        return
    work.want_mail(f"answer-{ticket.draft.round}", answer_mail(work, step.name, ticket.draft.round))


def report(work: Work, _step: Step) -> None:
    """Enter the ticket into the ledger as done (P11, P12) and close it."""
    advance(work)


# What was doubted of the request or of its answer: with the answer in the customer's hand there is nothing left to see to.
_OF_THE_ANSWER = (
    *("category", "unit", "name", "customer_code", "phone", "address", "wanted_reply", "outage_start", "asked_window"),
    *(ASSUMED, WORDING, besides.FIELD, "answer"),
)


# -- pieces used by the news -------------------------------------------------------------------------------------------
def mark_answered(work: Work, by: str, at: dt.datetime) -> None:
    """The customer has the answer since then: every promise is kept, open questions to units are withdrawn, the ticket goes on."""
    if not answer_text(work):
        group.tell(work, "", "")
    time_change.told(work, agreed(work.ticket))
    clocks.meet(work, at=at)
    withdraw(work, "Khách hàng đã được trả lời")
    work.change(state=State.ANSWERED)
    work.seen_to(_OF_THE_ANSWER)
    work.note("told", "", by=by)
    remove_draft(work)
    closing = first_step(work, "report")
    if closing is None:
        work.change(state=State.CLOSED)
    else:
        enter(work, closing)


def expire(work: Work) -> None:
    """Go on without an answer where the time of the step is over and the procedure says what then happens."""
    step = work.step
    if step is None or "expired" not in step.then:
        return
    late = [row for row in work.ticket.asked_now() if row.open and row.due and row.due < work.now]
    if not late:
        return
    for row in late:
        work.put_unit(replace(row, state=UnitState.WITHDRAWN))
        work.note("expired", "Hết hạn mà chưa có trả lời", unit=row.unit, due=row.due)
    if not any(row.open for row in work.ticket.asked_now()):
        advance(work, "expired")


def withdraw(work: Work, why: str, ended: bool = False) -> None:
    """Stop waiting for every unit that has not answered; where the ticket is ``ended``, until it may be opened again."""
    for row in work.ticket.units:
        if row.open:
            work.put_unit(replace(row, state=UnitState.WITHDRAWN, before=row.state if ended else None))
            work.note("withdrawn", why, unit=row.unit)


def remove_draft(work: Work) -> None:
    """Take the mailbox draft away where one lies there."""
    draft = work.ticket.draft
    if draft and draft.mailbox_key:
        work.want(
            REMOVE_DRAFT,
            f"{work.ticket.number}/release/{draft.round}/remove-{draft.mailbox_key}",
            {"key": draft.mailbox_key},
        )
        work.change(draft=replace(draft, mailbox_key=None))


VERBS: Mapping[str, Callable[[Work, Step], None]] = {
    "look_up": look_up,
    "appoint": appoint,
    "ask_unit": ask_unit,
    "ask_leader": ask_leader,
    "draft_answer": draft_answer,
    "release": release,
    "tell": tell,
    "report": report,
}
