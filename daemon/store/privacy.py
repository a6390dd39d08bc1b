"""Personal data in the rows: finding whose it is, taking it out for good, holding it. Knows no file and no law.

The places are those of ``docs/decisions/0004-personal-data.md``. The chain of events stays whole: only contents go.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import peewee as pw

from daemon.desk.ticket import FINISHED, Event
from daemon.store import models, rows
from daemon.store.database import to_text, to_time
from daemon.store.items import Item
from daemon.store.store import Store

ERASED = "(đã xóa dữ liệu cá nhân)"
# What an effect's payload keeps: none of it tells of a person.
_PLAIN = frozenset({"step", "round", "purpose", "kind", "template", "unit", "form", "source", "urgent", "by_person"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who is meant: each value narrows by itself; a name alone names nobody."""

    phone: str = ""
    code: str = ""
    email: str = ""

    def __bool__(self) -> bool:
        return bool(self.phone or self.code or self.email)


@dataclass(frozen=True, slots=True)
class Known:
    """A ticket as far as erasing asks: ``ended`` is when its last event happened, None while it is open."""

    number: str
    state: str
    category: str
    received: dt.datetime
    ended: dt.datetime | None
    erased: bool


def tickets_of(store: Store, person: Person) -> list[str]:
    """Return the numbers of the tickets whose customer has the phone, the code or the address, oldest first."""
    row: Any = models.Ticket
    pairs = (
        (row.customer_phone, person.phone),
        (row.customer_code, person.code),
        (row.customer_email, person.email),
    )
    same = [field == value for field, value in pairs if value]
    if not same:
        return []
    either = same[0]
    for each in same[1:]:
        either |= each
    query = row.select(row.number).where(row.office == store.office, either).order_by(row.id)
    return [number for (number,) in query.tuples()]


def mentioning(store: Store, texts: Iterable[str]) -> list[str]:
    """Return the numbers of tickets whose fields, events or mails hold one of some texts, oldest first."""
    ticket, event, effect = models.Ticket, models.Event, models.Effect
    found: set[int] = set()
    for text in texts:
        for column, model in (
            (ticket.content, ticket),
            (ticket.customer_name, ticket),
            (ticket.customer_address, ticket),
        ):
            found |= {row.id for row in model.select(ticket.id).where(column.contains(text))}
        found |= {row.ticket_id for row in event.select(event.ticket).where(event.content.contains(text))}
        found |= {row.ticket_id for row in effect.select(effect.ticket).where(effect.payload.contains(text))}
    query: Any = ticket.select(ticket.number).where(ticket.office == store.office, ticket.id.in_(found - {None}))
    return [number for (number,) in query.order_by(ticket.id).tuples()]


def known(store: Store, number: str) -> Known | None:
    """Return what erasing must know of a ticket, or None."""
    row = models.Ticket.get_or_none(models.Ticket.office == store.office, models.Ticket.number == number)
    if row is None:
        return None
    last = models.Event.select().where(models.Event.ticket == row.id).order_by(models.Event.seq.desc()).first()
    finished = row.state in {str(state) for state in FINISHED} and row.handled == row.last_seq
    received = to_time(row.received, store.zone)
    assert received is not None
    ended = to_time(last.at, store.zone) if finished and last else None
    return Known(number, row.state, row.category, received, ended, row.content == ERASED)


def finished_before(store: Store, until: dt.datetime, category: str) -> list[str]:
    """Return the numbers of finished, not yet erased tickets of a kind whose last event is older than a time."""
    event, row = models.Event, models.Ticket
    late = event.select(event.ticket).where(event.at >= to_text(until))
    query: Any = row.select(row.number).where(
        row.office == store.office,
        row.category == category,
        row.state.in_([str(state) for state in FINISHED]),
        row.content != ERASED,
        row.id.not_in(late),
    )
    return [number for (number,) in query.order_by(row.id).tuples()]


def loose_items(store: Store, email: str) -> list[Item]:
    """Return what came in from an address and lies on no ticket."""
    return [each for each in store.items("unplaced", "set_aside", limit=100_000) if email and each.sender == email]


def shared(store: Store, digest: str, numbers: Iterable[str], items: Iterable[int]) -> bool:
    """Say whether an original also belongs to something else than some tickets and items."""
    row: Any = models.Item
    query = row.select(row.id, models.Ticket.number).join(models.Ticket, pw.JOIN.LEFT_OUTER).where(row.digest == digest)
    mine, own = set(numbers), set(items)
    return any(number not in mine and item not in own for item, number in query.tuples())


def mail_ids(store: Store, number: str) -> list[str]:
    """Return every Message-ID that leads to a ticket."""
    query: Any = (
        models.MailId.select(models.MailId.message_id).join(models.Ticket).where(models.Ticket.number == number)
    )
    return [str(row[0]) for row in query.tuples()]


# -- taking out --------------------------------------------------------------------------------------------------------
def erase(store: Store, numbers: Iterable[str], items: Iterable[int], event: Event, email: str = "") -> None:
    """Take the personal data of tickets and loose items out of the rows, one transaction, then out of the files' slack.

    Numbers, times, kinds, states and the chain of events stay: the ledger counts as before. ``event`` is what each chain
    says about it.
    """
    _overwrite(store, True)
    try:
        with store.database.write():
            for number in numbers:
                row = models.Ticket.get(models.Ticket.office == store.office, models.Ticket.number == number)
                _erase_ticket(row)
                store._record(store._head(number), event, handled=True)
            _erase_items(models.Item.id.in_(list(items)))
            if email:
                name = f"mailed:{hashlib.sha256(email.encode()).hexdigest()}"
                models.Note.delete().where(models.Note.office == store.office, models.Note.name == name).execute()
            if store.database.sqlite and _has_words(store):
                store.database.engine.execute_sql("INSERT INTO ticket_words (ticket_words) VALUES ('rebuild')")
    finally:
        _overwrite(store, False)
    _sweep(store)


def _overwrite(store: Store, on: bool) -> None:
    """SQLite leaves deleted bytes where they stood unless told to write zeros over them."""
    if store.database.sqlite:
        store.database.engine.execute_sql(f"PRAGMA secure_delete = {int(on)}")


def _has_words(store: Store) -> bool:
    found = store.database.engine.execute_sql("SELECT 1 FROM sqlite_master WHERE name = 'ticket_words'")
    return found.fetchone() is not None


def _sweep(store: Store) -> None:
    """Old row versions go: SQLite's log is emptied into the file, PostgreSQL's dead rows are vacuumed."""
    if store.database.sqlite:
        store.database.engine.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return
    for model in models.TABLES:
        store.database.engine.execute_sql(f'VACUUM "{model._meta.table_name}"')


def _erase_ticket(row: Any) -> None:
    empty = dict.fromkeys(
        (
            "customer_name",
            "customer_code",
            "customer_phone",
            "customer_address",
            "customer_email",
            "subject",
            "message_id",
        )
    )
    models.Ticket.update(
        **empty,
        content=ERASED,
        reading="{}",
        work="{}",
        search=row.number.lower().replace("-", " "),
    ).where(models.Ticket.id == row.id).execute()
    models.Event.update(content=None).where(models.Event.ticket == row.id).execute()
    models.MailId.delete().where(models.MailId.ticket == row.id, ~models.MailId.ours).execute()
    _erase_items(models.Item.ticket == row.id)
    for asked in models.UnitAsked.select().where(models.UnitAsked.ticket == row.id):
        details = {**json.loads(asked.details), "answer": "", "question": "", "put_off": []}
        models.UnitAsked.update(details=rows.dumps(details)).where(models.UnitAsked.id == asked.id).execute()
    for effect in models.Effect.select().where(models.Effect.ticket == row.id):
        payload = rows.dumps(_blank(json.loads(effect.payload)))
        models.Effect.update(payload=payload, reason="").where(models.Effect.id == effect.id).execute()


def _erase_items(which: Any) -> None:
    empty = {"name": "", "sender": "", "subject": "", "reason": ERASED, "details": "{}"}
    models.Item.update(**empty).where(which).execute()


def _blank(payload: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if name in _PLAIN else _nothing(value) for name, value in payload.items()}


def _nothing(value: Any) -> Any:
    if isinstance(value, str):
        return ""
    return [] if isinstance(value, list) else {} if isinstance(value, dict) else None


# -- holding -----------------------------------------------------------------------------------------------------------
def hold(store: Store, number: str, why: str) -> None:
    """Hold a ticket's data against erasing, for a reason; an empty reason lets go of it."""
    store.keep_note(f"hold:{number}", why)


def held(store: Store) -> dict[str, str]:
    """Return the tickets held, with the reasons."""
    return {name.removeprefix("hold:"): why for name, why in store.notes("hold:").items() if why}
