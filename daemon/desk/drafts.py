"""What happens to the answer in hand: released, sent, edited, sent back, numbered; and the files that come of it."""

from dataclasses import replace

from daemon.desk import besides, clocks, steps, todo
from daemon.desk.effects import SAVE_DRAFT
from daemon.desk.steps import WORDING
from daemon.desk.ticket import (
    Document,
    Event,
    ReplyForm,
    State,
    Ticket,
)
from daemon.desk.work import Work


def approved(work: Work, event: Event) -> None:
    """A person released the answer: it goes to the customer in the agreed form."""
    ticket = work.ticket
    if ticket.state is State.TO_APPROVE and ticket.draft:
        work.change(draft=replace(ticket.draft, released=event.at))
        work.settled("answer")
        work.seen_to((steps.ASSUMED, besides.FIELD, WORDING))
        steps.advance(work)


def sent_back(work: Work, event: Event) -> None:
    """Whoever would release the answer wants it otherwise: it waits for other words, or for being released after all."""
    if work.ticket.state is State.TO_APPROVE:
        work.ask_person("answer", f"{event.author.name} trả lại dự thảo: {event.content['why']}")


def draft_sent(work: Work, event: Event) -> None:
    """A person sent the draft from the mailbox: the customer has the answer."""
    if work.ticket.state in (State.TO_APPROVE, State.RELEASED) and work.ticket.draft:
        work.change(draft=replace(work.ticket.draft, released=event.at, mailbox_key=None))
        steps.mark_answered(work, "email", event.at)
    else:
        clocks.told_after_end(work, "email", event.at)


def scan_returned(work: Work, event: Event) -> None:
    """A signed paper came back: filed, and a letter so completed."""
    content = event.content
    work.change(documents=(*work.ticket.documents, _document(event)))
    if content["of"] == "answer" and work.ticket.state in (State.RELEASED, State.TO_APPROVE):
        steps.mark_answered(work, "letter", event.at)
    elif content["of"] == "answer":
        clocks.told_after_end(work, "letter", event.at)


def number_given(work: Work, event: Event) -> None:
    """The clerk gave the official number: the letter is written again with it, a new round of the file and of the mailbox draft."""
    before = work.ticket
    work.change(official_number=event.content["text"])
    if work.ticket.state in (State.TO_APPROVE, State.RELEASED):
        write_again(work, before)


def write_again(work: Work, before: Ticket) -> None:
    """Write the answer's letter again, a new round of the file and of the mailbox draft, after another number, name or address."""
    ticket = work.ticket
    template = steps.answer_template(work)
    if ticket.draft and template:
        written, round = steps.want_answer(work, template, ticket.draft.text, ticket.draft.form, before)
        work.change(draft=replace(ticket.draft, round=round))
        replace_draft(work, written)


def _document(event: Event) -> Document:
    content = event.content
    return Document(content["kind"], content["round"], content["name"], content["digest"], event.at)


def document_written(work: Work, event: Event) -> None:
    """A file lies in the outbox."""
    fresh = _document(event)
    kept = tuple(
        doc for doc in work.ticket.documents if (doc.kind, doc.round, doc.name) != (fresh.kind, fresh.round, fresh.name)
    )
    work.change(documents=(*kept, fresh))
    if left := event.content.get("left"):
        said = "; ".join(f"«{' '.join(text.split())}»" for text in left)
        work.ask_person(
            WORDING, f"{fresh.name}: giữ lời phòng đã sửa tay; chỗ sau chưa tự điền được, xem lại trong tệp: {said}."
        )
    if lost := event.content.get("without"):
        work.ask_person(
            WORDING,
            f"{fresh.name} lập lại từ mẫu, không có lời phòng đã sửa tay trong {lost}: chép lời ấy vào tệp mới.",
        )


def draft_saved(work: Work, event: Event) -> None:
    """The draft lies in the mailbox; one that was overtaken meanwhile is taken away again."""
    draft = work.ticket.draft
    content = event.content
    if draft is None or draft.round != content["round"] or work.ticket.state is not State.TO_APPROVE:
        work.want(
            "remove_draft",
            f"{work.ticket.number}/stale/{content['round']}/remove-{content['key']}",
            {"key": content["key"]},
        )
        return
    if draft.mailbox_key != content["key"]:
        steps.remove_draft(work)  # one lies there already, as where the ticket was ended and opened again meanwhile
    work.settled(todo.DRAFT)  # what lies there is the file in the outbox
    work.change(draft=replace(draft, mailbox_key=content["key"], message_id=content["message_id"]))


def draft_touched(work: Work, event: Event) -> None:
    """A person saved the draft in the mailbox again; where its words are other ones, which draft goes is a person's choice."""
    ticket, content = work.ticket, event.content
    if ticket.draft is None or ticket.state is not State.TO_APPROVE:
        return
    work.change(draft=replace(ticket.draft, mailbox_key=content["key"]))
    if not content["changed"]:
        return
    if ticket.draft.form is ReplyForm.EMAIL:
        kept = "Gửi thẳng thư ấy từ Drafts thì khách hàng nhận bản đã sửa."
    else:
        kept = "Khách hàng không nhận câu trả lời qua thư: chép chỗ sửa vào tệp Word trong outbox."
    work.ask_person(
        todo.DRAFT,
        f"Thư nháp trong hộp thư đã được sửa, tệp Word trong outbox thì chưa. {kept} "
        f"Dùng tệp Word, bỏ bản sửa trong hộp thư: motcua set {ticket.number} draft=outbox",
    )


def draft_edited(work: Work, event: Event) -> None:
    """A person changed the Word file in the outbox: it replaces the mailbox draft, unless both were changed."""
    document_written(work, event)
    work.settled(WORDING)
    number = work.ticket.number
    if event.content["both"]:
        work.ask_person(
            todo.DRAFT,
            f"Dự thảo bị sửa ở cả outbox và hộp thư. Dùng bản hộp thư: gửi từ Drafts. Dùng bản outbox: motcua set {number} draft=outbox",
        )
        return
    replace_draft(work)


def replace_draft(work: Work, after: str | None = None) -> None:
    """Put the answer's file into the mailbox in place of the draft there, as it is now or once ``after`` wrote it."""
    draft = work.ticket.draft
    if draft is None or work.ticket.state is not State.TO_APPROVE:
        return
    steps.remove_draft(work)
    seq = work.ticket.news[-1].seq
    payload = steps.answer_mail(work, "draft", draft.round).as_payload()
    work.want(SAVE_DRAFT, f"{work.ticket.number}/draft/{draft.round}/draft-{seq}", payload, after)
