"""What every room of the store stands on: one office's rows, and the few changes that several rooms make."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.desk.effects import Effect
from daemon.desk.ticket import Event, Ticket
from daemon.desk.trouble import Refused
from daemon.store import models, rows
from daemon.store.database import Database, to_text
from daemon.store.originals import Originals
from daemon.store.statement import Statement, inserting, slot

# No lease and no pause is as long as this. A time further ahead was written while the machine's clock was wrong.
LONGEST_WAIT = 3600.0


_Found = Mapping[int, Sequence[Any]]


@dataclass(slots=True)
class Head:
    """What recording needs of a ticket's row, which is locked until the transaction ends; ``chain`` is the last event's."""

    id: int
    number: str
    version: int
    last_seq: int
    handled: int
    look_at: str | None
    chain: str = ""


def _find_head(database: Database) -> Any:
    row: Any = models.Ticket
    query = row.select(row.id, row.number, row.version, row.last_seq, row.handled, row.look_at)
    return database.locked(query.where(row.office == slot("office"), row.number == slot("number")))


def _find_chain(_: Database) -> Any:
    row: Any = models.Event
    return row.select(row.chain).where(row.ticket == slot("ticket")).order_by(row.seq.desc()).limit(1)


def _count(_: Database) -> Any:
    row = models.Ticket
    changes = {name: slot(name) for name in ("last_seq", "version", "handled", "look_at")}
    return row.update(changes).where(row.id == slot("ticket"))


_HEAD, _CHAIN, _COUNT = Statement(_find_head), Statement(_find_chain), Statement(_count)
_EVENT = ("ticket", "seq", "kind", "at", "author_kind", "author", "cause", "content", "digest", "chain")
ADD_EVENT = Statement(lambda _: inserting(models.Event, *_EVENT))
_MAIL = ("office", "message_id", "ticket", "ours")
_MAIL_ID = Statement(lambda _: inserting(models.MailId, *_MAIL).on_conflict_ignore())
_EFFECT = ("office", "ticket", "key", "kind", "payload", "after", "message_id")
_WANT = Statement(lambda _: inserting(models.Effect, *_EFFECT).on_conflict_ignore())

# What belongs to a ticket, in the order in which a ticket is put together.
_BELONGINGS: tuple[Any, ...] = (models.Event, models.UnitAsked, models.Deadline, models.Document)


def _belonging(model: Any) -> tuple[Any, Any]:
    """Return the query for what belongs to tickets, and its column that tells the ticket; of events only the news."""
    if model is not models.Event:
        return model.select().order_by(model.id), model.ticket
    row: Any = models.Ticket
    return model.select().join(row).where(model.seq > row.handled).order_by(model.seq), row.id


def _of_one(model: Any) -> Statement:
    query, column = _belonging(model)
    return Statement(lambda _: query.where(column == slot("ticket")))


_OF_ONE = [_of_one(model) for model in _BELONGINGS]


class Records:
    """One office's rows in a database. Its changes are parts of a transaction that the caller holds."""

    def __init__(self, database: Database, originals: Originals, office: str, zone: dt.tzinfo) -> None:
        self.database = database
        self.originals = originals
        self.office = office
        self.zone = zone

    def _head(self, number: str) -> Head:
        row = _HEAD.first(self.database, office=self.office, number=number)
        if row is None:
            raise Refused(f"Không có phiếu {number}. Xem danh sách bằng: motcua tickets")
        return Head(*row)

    def _record(self, head: Head, event: Event, look_at: dt.datetime | None = None, handled: bool = False) -> None:
        """Append an event to a ticket, and say in its row when it is to be looked at, and whether it knows the event."""
        self._append(head, event)
        if handled:
            head.handled = head.last_seq
        if look_at is not None:
            head.look_at = to_text(look_at)
        _COUNT.change(
            self.database,
            ticket=head.id,
            last_seq=head.last_seq,
            version=head.version,
            handled=head.handled,
            look_at=head.look_at,
        )

    def _append(self, head: Head, event: Event) -> None:
        """Append an event; the caller writes into the ticket's row how many there are now."""
        # Asked for only when the row is locked: who waited for the lock would else chain to an event that is no longer last.
        before = head.chain or _CHAIN.value(self.database, ticket=head.id) or head.number
        columns = rows.chained(event, head.last_seq + 1, before)
        ADD_EVENT.change(self.database, ticket=head.id, **columns)
        head.chain = columns["chain"]
        head.last_seq += 1
        head.version += 1

    def _mail_id(self, message_id: str, ticket_id: int, *, ours: bool) -> None:
        _MAIL_ID.change(self.database, office=self.office, message_id=message_id, ticket=ticket_id, ours=ours)

    def _ticket(self, row: Any) -> Ticket:
        """Return one ticket with all that belongs to it."""
        belongs = [{row.id: each.rows(self.database, ticket=row.id)} for each in _OF_ONE]
        return self._value(row, *belongs)

    def _values(self, found: Sequence[models.Ticket]) -> list[Ticket]:
        """Return tickets with all that belongs to them, in four queries however many they are."""
        ids = [row.id for row in found]
        belongs = [self._by_ticket(query.where(column.in_(ids))) for query, column in map(_belonging, _BELONGINGS)]
        return [self._value(row, *belongs) for row in found]

    def _value(self, row: Any, news: _Found, units: _Found, deadlines: _Found, documents: _Found) -> Ticket:
        return rows.ticket_value(
            row,
            self.zone,
            units.get(row.id, ()),
            deadlines.get(row.id, ()),
            documents.get(row.id, ()),
            (rows.event_value(event, self.zone) for event in news.get(row.id, ())),
        )

    @staticmethod
    def _by_ticket(query: Iterable[Any]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for row in query:
            found.setdefault(row.ticket_id, []).append(row)
        return found

    def _want(self, effect: Effect, ticket_id: int | None, message_id: str | None) -> None:
        _WANT.change(
            self.database,
            office=self.office,
            ticket=ticket_id,
            key=effect.key,
            kind=effect.kind,
            payload=rows.dumps(effect.payload),
            after=effect.after,
            message_id=message_id,
        )
        if message_id and ticket_id is not None:
            self._mail_id(message_id, ticket_id, ours=True)


def is_due(column: Any, now: float) -> Any:
    """Return the condition that a time in a column has come, or cannot have been meant."""
    return (column <= now) | (column > now + LONGEST_WAIT)
