"""What a mail on a ticket is: an answer, part of one, a question back, or no answer at all. Words and marks, no learning.

A wrong "answer" closes a question at a unit, so doubt leans to ``partial`` and ``question``, where a person looks.
"""

import re
from dataclasses import dataclass
from typing import Literal

from daemon.desk.automatic import Automatic, Sort, sort_of
from daemon.desk.message import Message
from daemon.reading import words
from daemon.reading.attached import from_attachment
from daemon.reading.lines import flat
from daemon.reading.reply import Reply

__all__ = ["AnswerKind", "Kind", "from_attachment", "kind_of"]

Kind = Literal["answer", "partial", "question", "auto_reply", "bounce", "read_receipt", "forward", "unrelated"]

_FORWARD = re.compile(r"^(fw|fwd|chuyen tiep|ct|chuyen|wg|tr)\s?(\[\d{1,2}\])?\s?:", re.I)
_REPLY = re.compile(r"^(re|tra loi|tl|aw|sv|ph|rep|phan hoi|hoi am)\s?(\[\d{1,2}\])?\s?:", re.I)
_NUMBER = re.compile(r"(?<![A-Z0-9])[A-Z]{2,6}\s?[-–]\s?\d{4}\s?[-–]\s?\d{4,8}(?!\d)", re.I)
_MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """The kind of a mail, how sure (0 to 1), and why in Vietnamese."""

    kind: Kind
    confidence: float
    why: str


def kind_of(message: Message, reply: Reply) -> AnswerKind:
    """Say what a mail is for the ticket it lies on."""
    text = words.sentences(reply.text[:_MOST_TEXT])
    machine = _by_machine(message, reply, sort_of(message), text)
    if machine:
        return machine
    if _is_forward(message, reply):
        return AnswerKind("forward", 0.9, "Thư được chuyển tiếp.")
    if _is_unrelated(message, reply, text):
        return AnswerKind("unrelated", 0.8, "Nội dung không nói về phiếu hay khách hàng nào.")
    return _of_words(text, reply)


def _by_machine(message: Message, reply: Reply, found: Automatic | None, text: str) -> AnswerKind | None:
    """Reports, receipts and absence notes by their headers, else by their words."""
    if found is None:
        return AnswerKind("auto_reply", 0.8, "Lời lẽ của thư trả lời tự động.") if words.is_absence_note(text) else None
    if found.sort is Sort.BOUNCE:
        return AnswerKind("bounce", 0.98, found.why)
    if found.sort is Sort.RECEIPT:
        return AnswerKind("read_receipt", 0.97, found.why)
    if found.sort is Sort.AUTO_REPLY:
        return AnswerKind("auto_reply", 0.97, found.why)
    if found.sort is Sort.MEETING:
        return AnswerKind("unrelated", 0.85, found.why)
    linked = is_linked(message)
    if found.sort is Sort.GENERATED:
        return AnswerKind("auto_reply" if linked else "unrelated", 0.85, found.why)
    if found.sort in (Sort.BULK, Sort.LIST) and not linked:
        return AnswerKind("unrelated", 0.85, found.why)
    return AnswerKind("auto_reply", 0.8, found.why) if words.is_absence_note(text) else None


def is_linked(message: Message) -> bool:
    """Say whether a mail answers another or carries a ticket's number."""
    return bool(message.in_reply_to or message.references or _NUMBER.search(message.subject))


def _is_forward(message: Message, reply: Reply) -> bool:
    """Forwarded by the outermost prefix of the subject, or passed on by its words with the mail below it."""
    subject = flat(message.subject.strip().lstrip("[(*"))
    if _FORWARD.match(subject):
        return True
    return (
        bool(reply.quoted)
        and not _REPLY.match(subject)
        and words.is_passed_on(flat(reply.text[:400]))
        and _is_aside(message)
    )


def _is_aside(message: Message) -> bool:
    """We get only a copy: the mail goes to somebody else."""
    return bool(message.cc) and not set(message.to) & set(message.cc)


def _is_unrelated(message: Message, reply: Reply, text: str) -> bool:
    subject = flat(message.subject)
    about = words.is_about_ticket(text) or bool(_NUMBER.search(reply.text[:_MOST_TEXT]))
    if is_linked(message):
        foreign = words.is_internal(text) and not about
        return foreign and not words.answer_score(text) and not _NUMBER.search(message.subject)
    if not text.strip() and not words.is_about_ticket(subject):
        return True
    if words.is_internal(subject) or words.is_internal(text):
        return not words.has_code(reply.text)
    return not (about or words.is_about_ticket(subject) or words.answer_score(text))


def _of_words(text: str, reply: Reply) -> AnswerKind:
    """Weigh what is asked, promised and told."""
    if not text.strip():
        if reply.attachments:
            return AnswerKind("answer", 0.7, "Thư chỉ có tệp đính kèm.")
        return AnswerKind("partial", 0.4, "Thư không có nội dung mới.")
    asked, promised, told = words.question_score(text), words.partial_score(text), words.answer_score(text)
    if asked >= 2 or (asked and not told):
        return AnswerKind("question", 0.9 if asked >= 2 else 0.7, "Đơn vị hỏi lại phòng.")
    if promised >= 2 or (promised and not told):
        return AnswerKind("partial", 0.9 if promised >= 2 else 0.7, "Đơn vị mới báo nhận hoặc hẹn trả lời tiếp.")
    return AnswerKind("answer", 0.9 if told else 0.75, "Đơn vị trả lời.")
