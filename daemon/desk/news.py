"""What each kind of event does to a ticket. Every kind that is recorded from outside has its function here."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from daemon.desk import clocks, mails, steps, time_change
from daemon.desk.calendar import due_of
from daemon.desk.effects import SAVE_DRAFT, Mail
from daemon.desk.ticket import (
    FINISHED,
    Category,
    Document,
    Event,
    FoundAnswer,
    ReplyForm,
    State,
    UnitAsked,
    UnitState,
)
from daemon.desk.work import LEADERS, Work

CUSTOMER_FIELDS = ("name", "customer_code", "phone", "address", "email")


def take(work: Work, event: Event) -> None:
    """Let one event do its work; an event that tells nothing new stays a line in the history."""
    handler = HANDLERS.get(event.kind)
    if handler:
        handler(work, event)


# -- people ------------------------------------------------------------------------------------------------------------
def _set_fields(work: Work, event: Event) -> None:
    fields: Mapping[str, Any] = event.content["fields"]
    if fields.get("draft") == "outbox":
        work.change(check=tuple(name for name in work.ticket.check if name != "draft"))
        _replace_draft(work)
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
    confirmed = before.check if event.content.get("all") else tuple(fields)
    changes["check"] = tuple(name for name in before.check if name not in confirmed)
    work.change(**changes)
    if work.ticket.outage_start != before.outage_start:
        _drop_deadline(work, "tell_customer")
        time_change.start_corrected(work, before.outage_start)
    time_change.set_by_person(work, event, steps.agreed(work.ticket))
    _go_on_after_change(work, before.category, before.unit)


def _drop_deadline(work: Work, name: str) -> None:
    kept = tuple(line for line in work.ticket.deadlines if line.name != name or line.round != work.ticket.round)
    work.change(deadlines=kept)


def _go_on_after_change(work: Work, category: Category, unit: str | None) -> None:
    ticket = work.ticket
    if ticket.state in (State.TO_CHECK, State.SET_ASIDE) or (
        ticket.category is not category and ticket.state is not State.RELEASED
    ):
        if ticket.state in FINISHED and ticket.category is category:
            return
        if ticket.category is not category:
            steps.withdraw(work, "Đổi loại yêu cầu")
            steps.remove_draft(work)
            work.change(draft=None, round=ticket.round + 1 if ticket.units else ticket.round)
        steps.begin(work)
    elif ticket.unit != unit and ticket.unit and ticket.state is State.WAITING_UNIT:
        steps.withdraw(work, "Đổi đơn vị")
        step = work.step
        if step and step.does == "ask_unit" and not step.unit:
            steps.ask(work, step, ticket.unit)


def _found(work: Work, event: Event) -> None:
    if work.ticket.state in clocks.TOLD or work.ticket.state is State.RELEASED:
        return
    content = event.content
    as_of = content.get("as_of")
    by = event.author.name
    found = FoundAnswer(content["text"], content["source"], dt.datetime.fromisoformat(as_of) if as_of else None, by)
    work.change(found=found)
    time_change.answered(work, content, steps.agreed(work.ticket))
    if event.author.kind == "person":
        steps.withdraw(work, "Giao dịch viên đã có kết quả")
        work.change(check=_without(work.ticket.check, "answer"))
        steps.remove_draft(work)
        steps.tell_group(work, found.text, found.source)
    _to_draft(work)


def _without(check: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(each for each in check if each != name)


def _to_draft(work: Work) -> None:
    step = work.step
    if step and step.does == "look_up":
        steps.advance(work, "found")
        return
    draft = steps.first_step(work, "draft_answer")
    assert draft is not None
    steps.enter(work, draft)


def _looked_up(work: Work, event: Event) -> None:
    if not (work.step and work.step.does == "look_up"):
        return
    if event.content.get("note"):
        work.note("look_up_note", event.content["note"])
    steps.advance(work, "not_found")


def _ask(work: Work, event: Event) -> None:
    ticket = work.ticket
    name = steps.first_step(work, "ask_unit")
    if ticket.state in clocks.TOLD or name is None:
        return
    unit = event.content["unit"]
    waiting = [row for row in ticket.units if row.unit == unit and row.open]
    if waiting:
        _answer_question(work, waiting[-1], event.content.get("text", ""))
        return
    if any(row.unit == unit and row.step == name and row.round == ticket.round for row in ticket.units):
        work.change(round=ticket.round + 1)
    steps.remove_draft(work)
    work.change(
        draft=None, step=name, state=State.WAITING_UNIT, check=tuple(field for field in ticket.check if field != "unit")
    )
    steps.ask(work, work.desk.procedure.steps[name], unit)


def _answer_question(work: Work, row: UnitAsked, text: str) -> None:
    """The agent's words go out on the unit's own thread; its clock has kept running."""
    step = work.desk.procedure.steps[row.step]
    if not text:
        steps.send_request(work, step, row)
        return
    card = work.card(row.unit)
    answer = work.desk.procedure.mails["to_unit"]
    values = mails.values(work, card, row.due, answer=text)
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
    work.change(check=tuple(field for field in work.ticket.check if field != "question"))


def _approved(work: Work, event: Event) -> None:
    ticket = work.ticket
    if ticket.state is State.TO_APPROVE and ticket.draft:
        work.change(draft=replace(ticket.draft, released=event.at), check=_without(ticket.check, "answer"))
        steps.advance(work)


def _sent_back(work: Work, event: Event) -> None:
    """Whoever would release the answer wants it otherwise: it waits for other words, or for being released after all."""
    if work.ticket.state is State.TO_APPROVE:
        work.ask_person("answer", f"{event.author.name} trả lại dự thảo: {event.content['why']}")


def _draft_sent(work: Work, event: Event) -> None:
    if work.ticket.state in (State.TO_APPROVE, State.RELEASED) and work.ticket.draft:
        work.change(draft=replace(work.ticket.draft, released=event.at, mailbox_key=None))
        steps.mark_answered(work, "email")


def _answered(work: Work, event: Event) -> None:
    if work.ticket.state not in clocks.TOLD:
        steps.mark_answered(work, event.content["by"])


def _scan_returned(work: Work, event: Event) -> None:
    content = event.content
    work.change(documents=(*work.ticket.documents, _document(event)))
    if content["of"] == "answer" and work.ticket.state in (State.RELEASED, State.TO_APPROVE):
        steps.mark_answered(work, "letter")


def _extended(work: Work, event: Event) -> None:
    until = dt.datetime.fromisoformat(event.content["until"])
    lines = [
        replace(line, due=until, extended=True, warned=()) if line.name == "appointment" and line.met is None else line
        for line in work.ticket.deadlines
    ]
    work.change(deadlines=tuple(lines))


def _reopened(work: Work, _event: Event) -> None:
    if work.ticket.state not in FINISHED:
        return
    work.change(round=work.ticket.round + 1, state=State.NEW, step="", found=None, draft=None, merged_into=None)
    steps.begin(work)


def _finish(state: State) -> Callable[[Work, Event], None]:
    def finish(work: Work, event: Event) -> None:
        if work.ticket.state in FINISHED:
            return
        steps.withdraw(work, "Phiếu đã kết thúc")
        steps.tell_group(work, "", "")
        steps.remove_draft(work)
        work.change(state=state, merged_into=event.content.get("into"))

    return finish


def _number_given(work: Work, event: Event) -> None:
    work.change(official_number=event.content["text"])
    ticket = work.ticket
    if ticket.draft and ticket.state in (State.TO_APPROVE, State.RELEASED):
        template = work.request_type.forms.get("answer")
        assert template is not None
        _, round = work.want_document("answer", template, answer=ticket.draft.text, agreed=steps.agreed(ticket))
        work.change(draft=replace(ticket.draft, round=round))


# -- mail --------------------------------------------------------------------------------------------------------------
def _received(work: Work, event: Event) -> None:
    work.want_original("original", event.content)


def _reply(work: Work, event: Event) -> None:
    content = event.content
    work.want_original("reply", content)
    kind, unit = content["kind"], content.get("unit")
    if kind == "bounce":
        _bounced(work, content)
        return
    if kind in ("auto_reply", "read_receipt", "unrelated"):
        return
    if not content.get("trusted"):
        work.ask_person(
            "reply",
            f"Thư từ địa chỉ chưa được tin ({content.get('from')}): {content.get('why', '')} Nếu đúng là trả lời của đơn vị: motcua place {content.get('item')} {work.ticket.number}",
        )
        return
    if work.ticket.state in clocks.TOLD or work.ticket.state is State.RELEASED:
        work.ask_person("reply", f"{unit} trả lời muộn, khách hàng đã được trả lời: xem có cần trả lời thêm không.")
        return
    row = _row(work, unit)
    if row is None:
        work.ask_person("reply", f"{unit} viết thư cho phiếu này nhưng không được hỏi: xem có dùng làm trả lời không.")
        return
    REPLIES.get(kind, _reply_answer)(work, row, event)


def _row(work: Work, unit: str | None) -> UnitAsked | None:
    rows = [row for row in work.ticket.units if row.unit == unit and row.state is not UnitState.WITHDRAWN]
    return rows[-1] if rows else None


def _reply_answer(work: Work, row: UnitAsked, event: Event) -> None:
    text = event.content.get("text") or ""
    if row.state is UnitState.ANSWERED:
        work.put_unit(replace(row, answer=f"{row.answer}\n{text}".strip()))
        time_change.answered(work, event.content, steps.agreed(work.ticket))
        work.ask_person("reply", f"{row.unit} gửi bổ sung sau khi đã trả lời: xem lại dự thảo.")
        return
    if not text.strip():
        work.ask_person("reply", f"{row.unit} trả lời không có nội dung đọc được: xem thư và tệp kèm.")
        return
    earlier = f"{row.answer}\n" if row.answer else ""
    row = replace(row, state=UnitState.ANSWERED, answer=earlier + text, answered=event.at)
    work.put_unit(row)
    time_change.answered(work, event.content, steps.agreed(work.ticket))
    work.note("unit_answered", "", unit=row.unit, late=bool(row.due and event.at > row.due))
    if work.step and work.step.name == row.step:
        _all_answered(work)


def _all_answered(work: Work) -> None:
    if any(row.open for row in work.ticket.asked_now()):
        return
    step = work.step
    assert step is not None
    outcome = "answered"
    if step.does == "ask_leader" and any(_refused(row) for row in work.ticket.asked_now()):
        outcome = "refused"
    if step.does == "ask_unit":
        steps.tell_group(work, steps.answer_text(work), ", ".join(row.unit for row in work.ticket.asked_now()))
    steps.advance(work, outcome)


def _refused(row: UnitAsked) -> bool:
    return row.unit == LEADERS and steps.refuses(row.answer or "")


def _reply_partial(work: Work, row: UnitAsked, event: Event) -> None:
    text = event.content.get("text") or ""
    earlier = f"{row.answer}\n" if row.answer else ""
    work.put_unit(
        replace(row, state=UnitState.PARTIAL if row.open else row.state, answer=(earlier + text).strip() or None)
    )


def _reply_question(work: Work, row: UnitAsked, event: Event) -> None:
    text = event.content.get("text") or ""
    work.put_unit(replace(row, state=UnitState.QUESTION, question=text))
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


def _bounced(work: Work, content: Mapping[str, Any]) -> None:
    """A mail did not arrive: the unit's next address is tried, the agent is told (contract, "Who may do what")."""
    if content.get("dsn_action") == "delayed":
        return
    row = _row(work, content.get("unit"))
    if row is None or not row.open:
        work.ask_person("bounce", f"Thư gửi {content.get('recipient') or 'khách hàng'} bị trả lại: kiểm tra địa chỉ.")
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


def _group_answered(work: Work, event: Event) -> None:
    """The unit answered the first of the group; this customer gets their own answer in their own form."""
    ticket, step = work.ticket, work.step
    if ticket.state is not State.WAITING_UNIT or step is None or step.does != "ask_unit":
        return
    content = event.content
    work.change(found=FoundAnswer(content["text"], f"{content['source']} (phiếu {content['leader']})", event.at))
    steps.advance(work, "answered")


def _group_moved(work: Work, event: Event) -> None:
    """The first of the group ended without an answer: this one asks itself, or waits behind the one that does."""
    work.change(group=event.content["leader"])
    step = work.step
    if work.ticket.group is None and work.ticket.state is State.WAITING_UNIT and step is not None:
        steps.ask_unit(work, step)


def _customer_wrote(work: Work, event: Event) -> None:
    work.want_original("customer", event.content)
    work.ask_person("customer", f"Khách hàng viết thêm: {(event.content.get('text') or '')[:300]}")


# -- what the program did ----------------------------------------------------------------------------------------------
def _document(event: Event) -> Document:
    content = event.content
    return Document(content["kind"], content["round"], content["name"], content["digest"], event.at)


def _document_written(work: Work, event: Event) -> None:
    fresh = _document(event)
    kept = tuple(
        doc for doc in work.ticket.documents if (doc.kind, doc.round, doc.name) != (fresh.kind, fresh.round, fresh.name)
    )
    work.change(documents=(*kept, fresh))


def _mail_sent(work: Work, event: Event) -> None:
    content = event.content
    if content["purpose"] == "request":
        _request_sent(work, event)
    elif content["purpose"] == "answer" and work.ticket.state is State.RELEASED:
        steps.mark_answered(work, "email")


def _request_sent(work: Work, event: Event) -> None:
    """The unit's time runs from when it was asked (P9), so its due time is known only now."""
    row = _row(work, event.content.get("unit"))
    if row is None or not row.open:
        return
    rule = clocks.unit_rule(work.desk.procedure.steps.get(row.step))
    due = due_of(work.desk.calendar, rule, event.at) if rule else None
    first = row.asked is None
    state = UnitState.ASKED if row.state is UnitState.WANTED else row.state
    work.put_unit(
        replace(
            row,
            state=state,
            asked=event.at if first else row.asked,
            due=due if first else row.due,
            message_id=event.content["message_id"],
        )
    )


def _mail_refused(work: Work, event: Event) -> None:
    content = event.content
    if content.get("purpose") in ("request", "reminder") and content.get("unit"):
        _bounced(work, {"unit": content["unit"], "recipient": ", ".join(content.get("to", ())), "dsn_status": ""})
        return
    work.ask_person("mail", f"Thư gửi {', '.join(content.get('to', ()))} bị từ chối: {content.get('reason', '')}")


def _draft_saved(work: Work, event: Event) -> None:
    draft = work.ticket.draft
    content = event.content
    if draft is None or draft.round != content["round"] or work.ticket.state is not State.TO_APPROVE:
        work.want(
            "remove_draft",
            f"{work.ticket.number}/stale/{content['round']}/remove-{content['key']}",
            {"key": content["key"]},
        )
        return
    work.change(draft=replace(draft, mailbox_key=content["key"], message_id=content["message_id"]))


def _draft_edited(work: Work, event: Event) -> None:
    """A person changed the Word file in the outbox: it replaces the mailbox draft, unless both were changed."""
    _document_written(work, event)
    number = work.ticket.number
    if event.content["both"]:
        work.ask_person(
            "draft",
            f"Dự thảo bị sửa ở cả outbox và hộp thư. Dùng bản hộp thư: gửi từ Drafts. Dùng bản outbox: motcua set {number} draft=outbox",
        )
        return
    _replace_draft(work)


def _replace_draft(work: Work) -> None:
    draft = work.ticket.draft
    if draft is None or work.ticket.state is not State.TO_APPROVE:
        return
    steps.remove_draft(work)
    seq = work.ticket.news[-1].seq
    payload = steps.answer_mail(work, "draft", draft.round).as_payload()
    work.want(SAVE_DRAFT, f"{work.ticket.number}/draft/{draft.round}/draft-{seq}", payload)


def _effect_set_aside(work: Work, event: Event) -> None:
    work.ask_person(
        "effect", f"{event.content.get('reason', '')} Làm lại bằng: motcua retry {event.content.get('effect')}"
    )


HANDLERS: Mapping[str, Callable[[Work, Event], None]] = {
    "received": _received,
    "fields_set": _set_fields,
    "draft_edited": _draft_edited,
    "found": _found,
    "looked_up": _looked_up,
    "ask": _ask,
    "approved": _approved,
    "sent_back": _sent_back,
    "draft_sent": _draft_sent,
    "answered": _answered,
    "scan_returned": _scan_returned,
    "extended": _extended,
    "reopened": _reopened,
    "cancelled": _finish(State.CANCELLED),
    "closed_by": _finish(State.CLOSED),
    "merged": _finish(State.MERGED),
    "number_given": _number_given,
    "reply": _reply,
    "customer_wrote": _customer_wrote,
    time_change.ANNOUNCED: time_change.looked,
    time_change.NOT_ANNOUNCED: time_change.looked,
    "group_answered": _group_answered,
    "group_moved": _group_moved,
    "document_written": _document_written,
    "original_filed": _document_written,
    "mail_sent": _mail_sent,
    "mail_refused": _mail_refused,
    "draft_saved": _draft_saved,
    "effect_set_aside": _effect_set_aside,
}
