"""Tickets to rows and back. Knows both shapes and nothing else."""

import dataclasses
import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from daemon.desk.ticket import (
    Author,
    Besides,
    Category,
    Channel,
    Customer,
    Deadline,
    Document,
    Draft,
    Event,
    FoundAnswer,
    ReplyForm,
    State,
    Ticket,
    TimeChange,
    UnitAsked,
    UnitState,
)
from daemon.store import models
from daemon.store.database import to_text, to_time
from daemon.store.words import searchable

# What lies beside an event's content and goes with it when it is erased: a salt, so that the digest that stays cannot be
# tried out against phone numbers, and the address of a writer from outside, who is a person with rights.
_SEALED = "~"
_OUTSIDE = ("customer", "mail")
_ERASED = "(đã xóa)"
_CHANGE = tuple(field.name for field in dataclasses.fields(TimeChange))
# What ``ticket_columns`` gives: the others say who owns the row, and how far it was worked on.
_AROUND = ("id", "office", "number", "handled", "last_seq", "look_at", "version")
TICKET = tuple(name for name in models.Ticket._meta.fields if name not in _AROUND)


def dumps(value: Any) -> str:
    """Return canonical JSON: sorted keys, times as ISO 8601, sets and tuples as lists."""
    return _JSON.encode(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"not for JSON: {type(value).__name__}")


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _moment(text: str | None, zone: dt.tzinfo) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text).astimezone(zone) if text else None


def ticket_columns(ticket: Ticket) -> dict[str, Any]:
    """Return the columns of a ticket's own row."""
    customer = ticket.customer
    return {
        "procedure": ticket.procedure,
        "category": str(ticket.category),
        "channel": str(ticket.channel),
        "state": str(ticket.state),
        "step": ticket.step,
        "round": ticket.round,
        "received": to_text(ticket.received),
        "unit": ticket.unit,
        "wanted_reply": ticket.wanted_reply and str(ticket.wanted_reply),
        "outage_start": to_text(ticket.outage_start),
        "danger": ticket.danger,
        "customer_name": customer.name,
        "customer_code": customer.customer_code,
        "customer_phone": customer.phone,
        "customer_address": customer.address,
        "customer_email": customer.email,
        "subject": ticket.subject,
        "content": ticket.content,
        "reading": dumps(_reading(ticket)),
        "work": dumps(_work(ticket)),
        "official_number": ticket.official_number,
        "message_id": ticket.message_id,
        "outage_group": ticket.group,
        "merged_into": ticket.merged_into,
        "search": _search(ticket),
    }


def _reading(ticket: Ticket) -> dict[str, Any]:
    return {
        "check": ticket.check,
        "questions": ticket.questions,
        "confidence": dict(ticket.confidence),
        "reasons": {name: list(words) for name, words in ticket.reasons.items()},
        "asked_window": ticket.asked_window,
        "besides": [[str(one.category), one.sentence] for one in ticket.besides],
    }


def _work(ticket: Ticket) -> dict[str, Any]:
    found, draft, change = ticket.found, ticket.draft, ticket.change
    return {
        "ended_from": ticket.ended_from and str(ticket.ended_from),
        "change": change and {name: getattr(change, name) for name in _CHANGE},
        "found": found and {"text": found.text, "source": found.source, "as_of": found.as_of, "by": found.by},
        "draft": draft
        and {
            "text": draft.text,
            "round": draft.round,
            "form": str(draft.form),
            "message_id": draft.message_id,
            "mailbox_key": draft.mailbox_key,
            "released": draft.released,
        },
    }


def _search(ticket: Ticket) -> str:
    customer = ticket.customer
    return searchable(
        (
            ticket.number,
            customer.name,
            customer.customer_code,
            customer.phone,
            customer.address,
            customer.email,
            ticket.subject,
            ticket.content,
        )
    )


def ticket_value(
    row: models.Ticket,
    zone: dt.tzinfo,
    units: Iterable[models.UnitAsked],
    deadlines: Iterable[models.Deadline],
    documents: Iterable[models.Document],
    news: Iterable[Event],
) -> Ticket:
    """Return the ticket of a row and its belongings, times in the office's zone."""
    reading, work = json.loads(row.reading), json.loads(row.work)
    window = reading.get("asked_window")
    received = to_time(row.received, zone)
    assert received is not None
    return Ticket(
        number=row.number,
        procedure=row.procedure,
        category=Category(row.category),
        channel=Channel(row.channel),
        received=received,
        content=row.content,
        state=State(row.state),
        step=row.step,
        round=row.round,
        subject=row.subject,
        customer=Customer(
            row.customer_name, row.customer_code, row.customer_phone, row.customer_address, row.customer_email
        ),
        unit=row.unit,
        wanted_reply=ReplyForm(row.wanted_reply) if row.wanted_reply else None,
        outage_start=to_time(row.outage_start, zone),
        danger=bool(row.danger),
        check=tuple(reading.get("check", ())),
        questions=tuple(reading.get("questions", ())),
        confidence=reading.get("confidence", {}),
        reasons={name: tuple(words) for name, words in reading.get("reasons", {}).items()},
        asked_window=tuple(dt.datetime.fromisoformat(text) for text in window) if window else None,
        besides=tuple(Besides(Category(kind), sentence) for kind, sentence in reading.get("besides", ())),
        message_id=row.message_id,
        units=tuple(unit_value(unit, zone) for unit in units),
        deadlines=tuple(deadline_value(line, zone) for line in deadlines),
        documents=tuple(_document(doc, zone) for doc in documents),
        found=_found(work.get("found"), zone),
        draft=_draft(work.get("draft"), zone),
        official_number=row.official_number,
        news=tuple(news),
        group=row.outage_group,
        merged_into=row.merged_into,
        ended_from=State(work["ended_from"]) if work.get("ended_from") else None,
        change=_change(work.get("change"), zone),
        seen=row.last_seq,
    )


def _found(value: dict[str, Any] | None, zone: dt.tzinfo) -> FoundAnswer | None:
    if not value:
        return None
    return FoundAnswer(value["text"], value["source"], _moment(value["as_of"], zone), value["by"])


def _draft(value: dict[str, Any] | None, zone: dt.tzinfo) -> Draft | None:
    if not value:
        return None
    return Draft(
        value["text"],
        value["round"],
        ReplyForm(value["form"]),
        value["message_id"],
        value["mailbox_key"],
        _moment(value["released"], zone),
    )


def _change(value: dict[str, Any] | None, zone: dt.tzinfo) -> TimeChange | None:
    if not value:
        return None
    times = {name: _moment(value[name], zone) for name in ("new_start", "new_end")}
    return TimeChange(**{name: value[name] for name in _CHANGE} | times)


def _document(row: models.Document, zone: dt.tzinfo) -> Document:
    at = to_time(row.at, zone)
    assert at is not None
    return Document(row.kind, row.round, row.name, row.digest, at)


def unit_columns(asked: UnitAsked) -> dict[str, Any]:
    """Return the columns of an asking beside its key (ticket, step, round, unit)."""
    details = {
        "reminded": asked.reminded,
        "answer": asked.answer,
        "question": asked.question,
        "address": asked.address,
        "message_id": asked.message_id,
    }
    if asked.before is not None:
        details["before"] = str(asked.before)
    if asked.put_off:
        details["put_off"] = asked.put_off
    details |= {name: to_text(at) for name, at in (("heard", asked.heard), ("ended", asked.ended)) if at}
    return {
        "state": str(asked.state),
        "asked": to_text(asked.asked),
        "due": to_text(asked.due),
        "answered": to_text(asked.answered),
        "details": dumps(details),
    }


def unit_value(row: models.UnitAsked, zone: dt.tzinfo) -> UnitAsked:
    """Return one asking."""
    details = json.loads(row.details)
    return UnitAsked(
        unit=row.unit,
        step=row.step,
        round=row.round,
        state=UnitState(row.state),
        asked=to_time(row.asked, zone),
        due=to_time(row.due, zone),
        reminded=tuple(details["reminded"]),
        answer=details["answer"],
        answered=to_time(row.answered, zone),
        question=details["question"],
        address=details["address"],
        message_id=details["message_id"],
        before=UnitState(details["before"]) if details.get("before") else None,
        put_off=tuple(details.get("put_off", ())),
        heard=to_time(details.get("heard"), zone),
        ended=to_time(details.get("ended"), zone),
    )


def deadline_columns(line: Deadline) -> dict[str, Any]:
    """Return the columns of a deadline beside its key (ticket, name, round)."""
    details = {"rule": line.rule, "start": to_text(line.start), "warned": line.warned, "extended": line.extended}
    return {"due": to_text(line.due), "holder": line.holder, "met": to_text(line.met), "details": dumps(details)}


def deadline_value(row: models.Deadline, zone: dt.tzinfo) -> Deadline:
    """Return one deadline."""
    details = json.loads(row.details)
    due, start = to_time(row.due, zone), to_time(details["start"], zone)
    assert due is not None and start is not None
    return Deadline(
        name=row.name,
        due=due,
        holder=row.holder,
        rule=details["rule"],
        start=start,
        round=row.round,
        met=to_time(row.met, zone),
        warned=tuple(details["warned"]),
        extended=details["extended"],
    )


def event_value(row: models.Event, zone: dt.tzinfo) -> Event:
    """Return one event; where its content was erased, the content says so."""
    at = to_time(row.at, zone)
    assert at is not None
    content = json.loads(row.content) if row.content is not None else {"erased": True}
    sealed = content.pop(_SEALED, {})
    author = row.author or sealed.get("author", _ERASED)
    return Event(row.kind, at, Author(row.author_kind, author), content, row.cause or sealed.get("cause", ""), row.seq)


def chained(event: Event, seq: int, before: str) -> dict[str, Any]:
    """Return the columns of an event: its content's digest, and the hash over the predecessor and all the rest.

    A cause that the program gave may repeat what a customer or unit wrote: it is sealed with the content, and erased with it.
    """
    outside, typed = event.author.kind in _OUTSIDE, event.author.kind == "person"
    sealed = {"salt": secrets.token_hex(8)} | ({"author": event.author.name} if outside else {})
    sealed |= {"cause": event.cause} if event.cause and not typed else {}
    content = dumps({**event.content, _SEALED: sealed})
    row: dict[str, Any] = {
        "seq": seq,
        "kind": event.kind,
        "at": to_text(event.at),
        "author_kind": event.author.kind,
        "author": "" if outside else event.author.name,
        "cause": event.cause if typed else "",
        "digest": digest_of(content),
    }
    return {**row, "chain": link(before, row), "content": content}


def digest_of(content: str) -> str:
    """Return the digest of an event's content as it lies in the database."""
    return hashlib.sha256(content.encode()).hexdigest()


def link(before: str, row: Mapping[str, Any]) -> str:
    """Return the hash that chains an event to its predecessor.

    Only the digest of the content goes into it, so that erasing personal data leaves the chain whole.
    """
    names = ("seq", "kind", "at", "author_kind", "author", "cause", "digest")
    return hashlib.sha256(dumps([before, *(row[name] for name in names)]).encode()).hexdigest()
