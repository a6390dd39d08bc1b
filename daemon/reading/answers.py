"""What a mail on a ticket is: an answer, part of one, a question back, or no answer at all.

A wrong "answer" closes a question at a unit, so doubt leans to ``partial`` and ``question``, where a person looks.
"""

import re
from dataclasses import dataclass
from typing import Literal, cast

from daemon.desk.automatic import Automatic, Sort, sort_of
from daemon.desk.message import Message
from daemon.desk.rules import AnswerWords
from daemon.reading import words
from daemon.reading.lines import flat
from daemon.reading.reply import Reply
from daemon.reading.verdict import judge

__all__ = ["AnswerKind", "Kind", "kind_of"]

Kind = Literal["answer", "partial", "question", "auto_reply", "bounce", "read_receipt", "forward", "unrelated"]

_FORWARD = re.compile(r"^(fw|fwd|chuyen tiep|ct|chuyen|wg|tr)\s?(\[\d{1,2}\])?\s?:", re.I)
_REPLY = re.compile(r"^(re|tra loi|tl|aw|sv|ph|rep|phan hoi|hoi am)\s?(\[\d{1,2}\])?\s?:", re.I)
_NUMBER = re.compile(r"(?<![A-Z0-9])[A-Z]{2,6}\s?[-–]\s?\d{4}\s?[-–]\s?\d{4,8}(?!\d)", re.I)
_MOST_TEXT = 20_000
_SURE = 0.6
_WHY = {
    "answer": "Đơn vị trả lời.",
    "partial": "Đơn vị mới báo nhận hoặc hẹn trả lời tiếp.",
    "question": "Đơn vị hỏi lại phòng.",
}


@dataclass(frozen=True, slots=True)
class AnswerKind:
    """The kind of a mail, how sure (0 to 1), and why in Vietnamese."""

    kind: Kind
    confidence: float
    why: str


def kind_of(message: Message, reply: Reply, learnt: AnswerWords | None = None) -> AnswerKind:
    """Say what a mail is for the ticket it lies on; without learnt words the rules decide alone."""
    rows = words.sentences(reply.text[:_MOST_TEXT])
    machine = _by_machine(message, sort_of(message), rows)
    if machine:
        return machine
    if _is_forward(message, reply, rows):
        return AnswerKind("forward", 0.9, "Thư được chuyển tiếp.")
    if _is_unrelated(message, reply, rows):
        return AnswerKind("unrelated", 0.8, "Nội dung không nói về phiếu hay khách hàng nào.")
    if not rows:
        return _without_words(reply)
    return _by_learnt_words(reply, learnt) if learnt and learnt.words else _by_rules(rows)


def _by_machine(message: Message, found: Automatic | None, rows: list[str]) -> AnswerKind | None:
    """Reports, receipts and absence notes by their headers, else by their words."""
    sort = found.sort if found else None
    why = found.why if found else "Lời lẽ của thư trả lời tự động."
    if sort is Sort.BOUNCE:
        return AnswerKind("bounce", 0.98, why)
    if sort is Sort.RECEIPT:
        return AnswerKind("read_receipt", 0.97, why)
    if sort is Sort.AUTO_REPLY:
        return AnswerKind("auto_reply", 0.97, why)
    if sort is Sort.MEETING:
        return AnswerKind("unrelated", 0.85, why)
    if sort is Sort.GENERATED:
        return AnswerKind("auto_reply" if is_linked(message) else "unrelated", 0.85, why)
    if sort in (Sort.BULK, Sort.LIST) and not is_linked(message):
        return AnswerKind("unrelated", 0.85, why)
    return AnswerKind("auto_reply", 0.8, why) if words.is_absence_note(rows) and _may_be_note(message) else None


def _may_be_note(message: Message) -> bool:
    """Without a header that says so, an absence note is believed only in answer to a mail."""
    return is_linked(message)


def is_linked(message: Message) -> bool:
    """Say whether a mail answers another or carries a ticket's number."""
    return bool(message.in_reply_to or message.references or _NUMBER.search(message.subject))


def _is_forward(message: Message, reply: Reply, rows: list[str]) -> bool:
    """Forwarded by the outermost prefix of the subject, or passed on by its words with the mail below it."""
    subject = flat(message.subject.strip().lstrip("[(*"))
    if _FORWARD.match(subject):
        return True
    return bool(reply.quoted) and not _REPLY.match(subject) and words.is_passed_on(rows) and _is_aside(message)


def _is_aside(message: Message) -> bool:
    """We get only a copy: the mail goes to somebody else."""
    return bool(message.cc) and not set(message.to) & set(message.cc)


def _is_unrelated(message: Message, reply: Reply, rows: list[str]) -> bool:
    """Linked mail is unrelated only where it plainly is; other mail is related only where it plainly is."""
    subject = words.sentences(message.subject[:500])
    about = words.is_about_ticket(rows) or bool(_NUMBER.search(reply.text[:_MOST_TEXT]))
    if is_linked(message):
        return (
            words.is_internal(rows)
            and not about
            and not words.answer_score(rows)
            and not _NUMBER.search(message.subject)
        )
    if words.has_code(reply.text):
        return False
    if _NUMBER.search(reply.quoted[:_MOST_TEXT]) and not words.is_internal(rows):
        return False
    titled = words.is_about_ticket(subject)
    if words.is_internal(subject) or words.is_internal(rows):
        # A plan of the month may be named in an answer; a roster never speaks of a customer in text and title.
        return not (about and (titled or words.answer_score(rows) >= 3))
    return not (about or titled)


def _without_words(reply: Reply) -> AnswerKind:
    if reply.attachments:
        return AnswerKind("answer", 0.7, "Thư chỉ có tệp đính kèm.")
    return AnswerKind("partial", 0.4, "Thư không có nội dung mới.")


def _by_learnt_words(reply: Reply, learnt: AnswerWords) -> AnswerKind:
    """Weigh the rules and the learnt words together, and show the words that counted most."""
    verdict = judge(reply.text[:_MOST_TEXT], learnt, bool(reply.attachments))
    why = _WHY[verdict.kind] + ("" if verdict.confidence >= _SURE else " Chưa chắc, cần người xem.")
    if verdict.words:
        why += " Căn cứ: " + ", ".join(f"«{one}»" for one in verdict.words) + "."
    return AnswerKind(cast("Kind", verdict.kind), verdict.confidence, why)


def _by_rules(rows: list[str]) -> AnswerKind:
    """Weigh what is asked, promised and told."""
    asked, promised, told = words.question_score(rows), words.partial_score(rows), words.answer_score(rows)
    if asked >= 2 or (asked and not told):
        return AnswerKind("question", 0.9 if asked >= 3 else 0.7, _WHY["question"])
    if promised >= 2 or (promised and not told and not words.is_forecast(rows)):
        return AnswerKind("partial", 0.9 if promised >= 2 else 0.7, _WHY["partial"])
    return AnswerKind("answer", 0.9 if told else 0.75, _WHY["answer"])
