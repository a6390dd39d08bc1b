"""What came in: kept once, then placed on a ticket, given to an effect, or left to a person."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import peewee as pw

from daemon.desk.effects import Effect
from daemon.desk.ticket import Event, Ticket
from daemon.desk.trouble import TryLater
from daemon.store import models, rows
from daemon.store.database import to_text, to_time
from daemon.store.records import Records, is_due

_ROWS = 50  # in one statement; engines bound the values of one


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


class Items(Records):
    """The items of one office and how they become tickets."""

    def receive(self, arrivals: Iterable[Arrival]) -> int:
        """Keep what came in, bytes first, then all rows in one transaction; return how many were new.

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
        # In one statement: a statement of its own for each would be a third of the work of taking a mail in.
        columns = [self._item_columns(*each) for each in zip(arrived, digests, strict=True)]
        with self.database.write():
            return sum(
                int(models.Item.insert_many(columns[at : at + _ROWS]).on_conflict_ignore().as_rowcount().execute())
                for at in range(0, len(columns), _ROWS)
            )

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
        query = models.Item.select(models.Item, models.Ticket.id, models.Ticket.number).join(
            models.Ticket, pw.JOIN.LEFT_OUTER
        )
        query = query.where(models.Item.office == self.office, models.Item.state.in_(states))
        if due:
            query = query.where(is_due(models.Item.retry_at, self.database.clock()))
        return [self._item(row) for row in query.order_by(models.Item.id).limit(limit)]

    def item(self, item_id: int) -> Item | None:
        """Return one item, or None."""
        row = models.Item.get_or_none(models.Item.id == item_id, models.Item.office == self.office)
        return self._item(row) if row else None

    def item_by_identity(self, identity: str) -> Item | None:
        """Return the item of an identity, or None."""
        row = models.Item.get_or_none(models.Item.identity == f"{self.office}:{identity}")
        return self._item(row) if row else None

    def items_of(self, number: str) -> list[Item]:
        """Return what came in for a ticket, oldest first."""
        query = models.Item.select(models.Item, models.Ticket.id, models.Ticket.number).join(models.Ticket)
        return [self._item(row) for row in query.where(models.Ticket.number == number).order_by(models.Item.id)]

    def _item(self, row: models.Item) -> Item:
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
            ticket=row.ticket.number if row.ticket_id else None,
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
                row = self._row(number)
                self._record(row, event, look_at=look_at)
                tickets.append(row.id)
            self._sorted(item_id, tickets[0])

    def _open(self, make: Callable[[str], Ticket], prefix: str, event: Event, look_at: dt.datetime) -> tuple[str, int]:
        number = self._draw(prefix, event.at.astimezone(self.zone).year)
        ticket = make(number)
        columns = rows.ticket_columns(ticket) | {"office": self.office, "number": number, "look_at": to_text(look_at)}
        row_id = models.Ticket.insert(columns, last_seq=1, version=1).execute()
        models.Event.insert(ticket=row_id, **rows.chained(event, 1, number)).execute()
        if ticket.message_id:
            self._mail_id(ticket.message_id, row_id, ours=False)
        return number, row_id

    def _sorted(self, item_id: int | None, ticket_id: int) -> None:
        if item_id is not None:
            models.Item.update(state="sorted", ticket=ticket_id, reason="").where(models.Item.id == item_id).execute()

    def _placed(self, item_id: int) -> str:
        """Return the ticket an item lies on already; the item's row stays locked, so that two sorters open one ticket."""
        row = self.database.locked(models.Item.select().where(models.Item.id == item_id)).get()
        return row.ticket.number if row.state == "sorted" and row.ticket_id else ""

    def _draw(self, prefix: str, year: int) -> str:
        mine = (models.Counter.office == self.office) & (models.Counter.year == year)
        drawn = models.Counter.update(last=models.Counter.last + 1).where(mine)
        if not drawn.execute():
            models.Counter.insert(office=self.office, year=year, last=0).on_conflict_ignore().execute()
            drawn.execute()
        return f"{prefix}-{year}-{models.Counter.get(mine).last:06d}"

    def place(self, item_id: int, number: str, event: Event, now: dt.datetime, message_id: str | None = None) -> None:
        """Put an item on a ticket with the event it is; one transaction, once only."""
        with self.database.write():
            if self._placed(item_id):
                return
            row = self._row(number)
            models.Item.update(state="sorted", ticket=row.id, reason="").where(models.Item.id == item_id).execute()
            self._record(row, event, look_at=now)
            if message_id:
                self._mail_id(message_id, row.id, ours=False)

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
