"""What came in: kept once, then placed on a ticket, given to an effect, or left to a person."""

import datetime as dt
import functools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import peewee as pw

from daemon.desk.effects import Effect
from daemon.desk.ticket import Event, Ticket
from daemon.desk.trouble import TryLater
from daemon.store import models, rows
from daemon.store.database import Database, to_text, to_time
from daemon.store.records import ADD_EVENT, Records, is_due
from daemon.store.statement import Statement, inserting, slot


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came in, before it is kept: ``identity`` is what tells it from everything else."""

    identity: str
    source: str
    data: bytes
    received: dt.datetime
    name: str = ""
    sender: str = ""
    subject: str = ""
    state: str = "unsorted"
    reason: str = ""
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """Something kept: ``state`` is ``unsorted``, ``sorted``, ``unplaced`` or ``set_aside``."""

    id: int
    identity: str
    source: str
    name: str
    digest: str
    received: dt.datetime
    state: str
    ticket: str | None
    reason: str
    sender: str
    subject: str
    details: Mapping[str, Any]
    attempts: int


class Kept(NamedTuple):
    """How many of what came in were new, and the digests of all originals in their order."""

    new: int
    digests: list[str]


class Items(Records):
    """The items of one office and how they become tickets."""

    def receive(self, arrivals: Iterable[Arrival]) -> Kept:
        """Keep what came in, bytes first, then all rows in one transaction.

        The same identity twice is one row. Raises TryLater where the disk does not take it.
        """
        arrived = list(arrivals)
        try:
            digests = self.originals.keep_all([arrival.data for arrival in arrived])
        except OSError as problem:
            names = ", ".join(arrival.name or arrival.source for arrival in arrived[:3])
            raise TryLater(
                f"Không ghi được bản gốc của {names}: {problem.strerror}. Kiểm tra dung lượng và quyền thư mục var."
            ) from problem
        columns = [self._item_columns(*each) for each in zip(arrived, digests, strict=True)]
        with self.database.write():
            return Kept(_RECEIVE.change_all(self.database, columns), digests)

    def _item_columns(self, arrival: Arrival, digest: str) -> dict[str, Any]:
        return {
            "office": self.office,
            "identity": f"{self.office}:{arrival.identity}",
            "source": arrival.source,
            "name": arrival.name,
            "digest": digest,
            "size": len(arrival.data),
            "received": to_text(arrival.received),
            "state": arrival.state,
            "reason": arrival.reason,
            "sender": arrival.sender,
            "subject": arrival.subject,
            "details": rows.dumps(arrival.details or {}),
        }

    def knows(self, identity: str) -> bool:
        """Say whether something was taken in already."""
        return models.Item.select().where(models.Item.identity == f"{self.office}:{identity}").exists()

    def items(self, *states: str, limit: int = 1000, due: bool = False) -> list[Item]:
        """Return items in the given states, oldest first; ``due`` leaves out those whose next try is later."""
        now = {"now": self.database.clock()} if due else {}
        found = _in_states(states, due).rows(self.database, office=self.office, limit=limit, **now)
        return [self._item(row) for row in found]

    def item(self, item_id: int) -> Item | None:
        """Return one item, or None."""
        return self._first(models.Item.id == item_id, models.Item.office == self.office)

    def item_by_identity(self, identity: str) -> Item | None:
        """Return the item of an identity, or None."""
        return self._first(models.Item.identity == f"{self.office}:{identity}")

    def items_of(self, number: str) -> list[Item]:
        """Return what came in for a ticket, oldest first."""
        query = _kept().where(models.Ticket.number == number).order_by(models.Item.id)
        return [self._item(row) for row in query.namedtuples()]

    def _first(self, *conditions: Any) -> Item | None:
        row = _kept().where(*conditions).namedtuples().first()
        return self._item(row) if row else None

    def _item(self, row: Any) -> Item:
        received = to_time(row.received, self.zone)
        assert received is not None
        return Item(
            id=row.id,
            identity=row.identity,
            source=row.source,
            name=row.name,
            digest=row.digest,
            received=received,
            state=row.state,
            ticket=row.number,
            reason=row.reason,
            sender=row.sender,
            subject=row.subject,
            details=json.loads(row.details),
            attempts=row.attempts,
        )

    def open_ticket(
        self, item_id: int | None, make: Callable[[str], Ticket], prefix: str, event: Event, look_at: dt.datetime
    ) -> str:
        """Draw the next number, open the ticket that ``make`` gives for it, place the item; one transaction, once."""
        with self.database.write():
            if item_id is not None and (number := self._placed(item_id)):
                return number
            number, ticket_id = self._open(make, prefix, event, look_at)
            self._sorted(item_id, ticket_id)
        return number

    def place_scan(
        self,
        item_id: int,
        makes: Iterable[tuple[Callable[[str], Ticket], Event]],
        returned: Iterable[tuple[str, Event]],
        prefix: str,
        look_at: dt.datetime,
    ) -> None:
        """Open a ticket for each request of a scanned file and record each signed paper; one transaction, once."""
        with self.database.write():
            if self._placed(item_id):
                return
            tickets = [self._open(make, prefix, event, look_at)[1] for make, event in makes]
            for number, event in returned:
                head = self._head(number)
                self._record(head, event, look_at=look_at)
                tickets.append(head.id)
            self._sorted(item_id, tickets[0])

    def _open(self, make: Callable[[str], Ticket], prefix: str, event: Event, look_at: dt.datetime) -> tuple[str, int]:
        number = self._draw(prefix, event.at.astimezone(self.zone).year)
        ticket = make(number)
        row_id = _OPEN.new_id(
            self.database, office=self.office, number=number, look_at=to_text(look_at), **rows.ticket_columns(ticket)
        )
        ADD_EVENT.change(self.database, ticket=row_id, **rows.chained(event, 1, number))
        if ticket.message_id:
            self._mail_id(ticket.message_id, row_id, ours=False)
        return number, row_id

    def _sorted(self, item_id: int | None, ticket_id: int) -> None:
        if item_id is not None:
            _SORTED.change(self.database, item=item_id, ticket=ticket_id)

    def _placed(self, item_id: int) -> str:
        """Return the ticket an item lies on already; the item's row stays locked, so that two sorters open one ticket."""
        row = _STATE.first(self.database, item=item_id)
        return _NUMBER.value(self.database, ticket=row.ticket_id) if row.state == "sorted" and row.ticket_id else ""

    def _draw(self, prefix: str, year: int) -> str:
        mine = {"office": self.office, "year": year}
        if not _DRAW.change(self.database, **mine):
            models.Counter.insert(**mine, last=0).on_conflict_ignore().execute()
            _DRAW.change(self.database, **mine)
        return f"{prefix}-{year}-{_DRAWN.value(self.database, **mine):06d}"

    def place(self, item_id: int, number: str, event: Event, now: dt.datetime, message_id: str | None = None) -> None:
        """Put an item on a ticket with the event it is; one transaction, once only."""
        with self.database.write():
            if self._placed(item_id):
                return
            head = self._head(number)
            self._sorted(item_id, head.id)
            self._record(head, event, look_at=now)
            if message_id:
                self._mail_id(message_id, head.id, ours=False)

    def hand_on(self, item_id: int, effect: Effect) -> None:
        """Give an item to an effect that will open its tickets, once more where that was done before; one transaction."""
        with self.database.write():
            self._want(effect, None, None)
            mine = (models.Effect.office == self.office) & (models.Effect.key == effect.key)
            ended = mine & models.Effect.state.in_(("done", "set_aside"))
            models.Effect.update(state="wanted", retry_at=0, reason="", dropped=0).where(ended).execute()
            models.Item.update(state="reading").where(models.Item.id == item_id, _not_sorted()).execute()

    def mark_item(self, item_id: int, state: str, reason: str) -> bool:
        """Say that an item is unplaced, set aside or to be sorted again, and why; False where it lies on a ticket."""
        mine = (models.Item.id == item_id) & (models.Item.office == self.office) & _not_sorted()
        with self.database.write():
            return bool(models.Item.update(state=state, reason=reason, retry_at=0, attempts=0).where(mine).execute())

    def item_waits(self, item_id: int, reason: str, wait: float) -> None:
        """Let sorting wait some seconds for something outside; that is no try of the item's."""
        models.Item.update(reason=reason, retry_at=self.database.clock() + wait).where(
            models.Item.id == item_id, _not_sorted()
        ).execute()

    def item_failed(self, item_id: int, reason: str, wait: float, most: int) -> bool:
        """Count a failed sorting; after ``most`` tries the item is set aside. Return True when that happened."""
        with self.database.write():
            row = models.Item.get_by_id(item_id)
            aside = row.attempts + 1 >= most
            models.Item.update(
                attempts=row.attempts + 1,
                reason=reason,
                retry_at=self.database.clock() + wait,
                state="set_aside" if aside else row.state,
            ).where(models.Item.id == item_id, _not_sorted()).execute()
        return aside


def _not_sorted() -> Any:
    """What lies on a ticket stays there, whatever another process believes."""
    return models.Item.state != "sorted"


def _kept() -> Any:
    """Items with the numbers of their tickets."""
    number = models.Ticket.number
    return models.Item.select(models.Item, number.alias("number")).join(models.Ticket, pw.JOIN.LEFT_OUTER)


# -- statements of every mail ------------------------------------------------------------------------------------------
@functools.cache
def _in_states(states: tuple[str, ...], due: bool) -> Statement:
    row: Any = models.Item
    query = _kept().where(row.office == slot("office"), row.state.in_(states))
    if due:
        query = query.where(is_due(row.retry_at, slot("now")))
    return Statement(lambda _: query.order_by(row.id).limit(slot("limit")))


def _state(database: Database) -> Any:
    row: Any = models.Item
    return database.locked(row.select(row.state, row.ticket).where(row.id == slot("item")))


def _number(_: Database) -> Any:
    row: Any = models.Ticket
    return row.select(row.number).where(row.id == slot("ticket"))


def _draw(_: Database) -> Any:
    row = models.Counter
    return row.update(last=row.last + 1).where(row.office == slot("office"), row.year == slot("year"))


def _drawn(_: Database) -> Any:
    row = models.Counter
    return row.select(row.last).where(row.office == slot("office"), row.year == slot("year"))


def _open(database: Database) -> Any:
    names = (*rows.TICKET, "office", "number", "look_at")
    return database.telling_id(inserting(models.Ticket, *names, last_seq=1, version=1))


def _sorted(_: Database) -> Any:
    sorted_ = models.Item.update(state="sorted", ticket=slot("ticket"), reason="")
    return sorted_.where(models.Item.id == slot("item"))


_ARRIVED = ("office", "identity", "source", "name", "digest", "size", "received", "state", "reason")
_RECEIVE = Statement(lambda _: inserting(models.Item, *_ARRIVED, "sender", "subject", "details").on_conflict_ignore())
_STATE, _NUMBER, _SORTED = Statement(_state), Statement(_number), Statement(_sorted)
_DRAW, _DRAWN, _OPEN = Statement(_draw), Statement(_drawn), Statement(_open)
