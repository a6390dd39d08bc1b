"""What the loop and the commands ask of the database, each as one call and each change as one transaction."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import peewee as pw

from daemon.desk.decide import Decision
from daemon.desk.effects import Effect
from daemon.desk.text import fold
from daemon.desk.ticket import FINISHED, PROGRAM, Event, State, Ticket
from daemon.desk.trouble import Refused, TryLater
from daemon.store import models, rows
from daemon.store.database import Database, to_text, to_time
from daemon.store.originals import Originals

# No lease and no pause is as long as this. A time further ahead was written while the machine's clock was wrong.
LONGEST_WAIT = 3600.0


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


@dataclass(frozen=True, slots=True)
class Claimed:
    """An effect in hand.

    ``attempts`` is this attempt's number, never given twice: only its holder may settle. ``tried`` tells that an earlier
    attempt may have worked, ``dropped`` how many attempts ended with the death of their process.
    """

    id: int
    ticket: str | None
    key: str
    kind: str
    payload: Mapping[str, Any]
    message_id: str | None
    attempts: int
    tried: bool
    dropped: int = 0


class Store:
    """One office's records."""

    def __init__(self, database: Database, originals: Originals, office: str, zone: dt.tzinfo) -> None:
        self.database = database
        self.originals = originals
        self.office = office
        self.zone = zone

    # -- take in ---------------------------------------------------------------------------------------------------
    def receive(self, arrivals: Iterable[Arrival]) -> int:
        """Keep what came in, bytes first, then all rows in one transaction; return how many were new.

        The same identity twice is one row. Raises TryLater where the disk does not take it.
        """
        kept = [(arrival, self._keep(arrival)) for arrival in arrivals]
        new = 0
        with self.database.write():
            for arrival, digest in kept:
                new += self._insert_item(arrival, digest)
        return new

    def _keep(self, arrival: Arrival) -> str:
        try:
            return self.originals.keep(arrival.data)
        except OSError as problem:
            raise TryLater(
                f"Không ghi được bản gốc của {arrival.name or arrival.source}: {problem.strerror}. Kiểm tra dung lượng và quyền thư mục var."
            ) from problem

    def _insert_item(self, arrival: Arrival, digest: str) -> int:
        columns = {
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
        if models.Item.select().where(models.Item.identity == columns["identity"]).exists():
            return 0
        models.Item.insert(columns).execute()
        return 1

    def knows(self, identity: str) -> bool:
        """Say whether something was taken in already."""
        return models.Item.select().where(models.Item.identity == f"{self.office}:{identity}").exists()

    def items(self, *states: str, limit: int = 1000, due: bool = False) -> list[Item]:
        """Return items in the given states, oldest first; ``due`` leaves out those whose next try is later."""
        query = models.Item.select(models.Item, models.Ticket.number).join(models.Ticket, pw.JOIN.LEFT_OUTER)
        query = query.where(models.Item.office == self.office, models.Item.state.in_(states))
        if due:
            query = query.where(_is_due(models.Item.retry_at, self.database.clock()))
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
        query = models.Item.select(models.Item, models.Ticket.number).join(models.Ticket)
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

    # -- sort ------------------------------------------------------------------------------------------------------
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
        columns = rows.ticket_columns(ticket)
        row = models.Ticket.create(office=self.office, number=number, look_at=to_text(look_at), **columns)
        self._record(row, event)
        if ticket.message_id:
            self._mail_id(ticket.message_id, row.id, ours=False)
        return number, row.id

    def _sorted(self, item_id: int | None, ticket_id: int) -> None:
        if item_id is not None:
            models.Item.update(state="sorted", ticket=ticket_id, reason="").where(models.Item.id == item_id).execute()

    def _placed(self, item_id: int) -> str:
        row = models.Item.get_by_id(item_id)
        return row.ticket.number if row.state == "sorted" and row.ticket_id else ""

    def _draw(self, prefix: str, year: int) -> str:
        mine = (models.Counter.office == self.office) & (models.Counter.year == year)
        models.Counter.insert(office=self.office, year=year, last=0).on_conflict_ignore().execute()
        models.Counter.update(last=models.Counter.last + 1).where(mine).execute()
        return f"{prefix}-{year}-{models.Counter.get(mine).last:06d}"

    def _mail_id(self, message_id: str, ticket_id: int, *, ours: bool) -> None:
        models.MailId.insert(message_id=message_id, ticket=ticket_id, ours=ours).on_conflict_ignore().execute()

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
            ended = (models.Effect.key == effect.key) & models.Effect.state.in_(("done", "set_aside"))
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

    def ticket_of_mail(self, message_id: str) -> str | None:
        """Return the ticket that a Message-ID leads to, or None."""
        row = (
            models.MailId.select(models.Ticket.number)
            .join(models.Ticket)
            .where(models.MailId.message_id == message_id, models.Ticket.office == self.office)
        )
        return row.scalar()

    def waiting_with_code(self, code: str) -> tuple[str, ...]:
        """Return the numbers of waiting tickets of a customer code."""
        query = models.Ticket.select(models.Ticket.number).where(
            models.Ticket.office == self.office,
            models.Ticket.customer_code == code,
            models.Ticket.state == "waiting_unit",
        )
        return tuple(row.number for row in query)

    # -- decide ----------------------------------------------------------------------------------------------------
    def record(self, number: str, event: Event, now: dt.datetime, version: int | None = None) -> None:
        """Append an event to a ticket and make the ticket due now. Raises Refused where there is no such ticket."""
        with self.database.write():
            row = self._row(number)
            if version is not None and row.version != version:
                raise Refused(f"Phiếu {number} vừa được người khác sửa. Hãy xem lại rồi làm lại.")
            self._record(row, event, look_at=now)

    def _row(self, number: str) -> models.Ticket:
        row = self.database.locked(
            models.Ticket.select().where(models.Ticket.office == self.office, models.Ticket.number == number)
        ).first()
        if row is None:
            raise Refused(f"Không có phiếu {number}. Xem danh sách bằng: motcua tickets")
        return row

    def _record(
        self, row: models.Ticket, event: Event, look_at: dt.datetime | None = None, handled: bool = False
    ) -> None:
        before = (
            models.Event.select(models.Event.chain)
            .where(models.Event.ticket == row.id)
            .order_by(models.Event.seq.desc())
            .scalar()
            or row.number
        )
        row.last_seq += 1
        models.Event.insert(ticket=row.id, **rows.chained(event, row.last_seq, before)).execute()
        row.version += 1
        changes: dict[str, Any] = {"last_seq": row.last_seq, "version": row.version}
        if handled:
            changes["handled"] = row.last_seq
        if look_at is not None:
            changes["look_at"] = to_text(look_at)
        models.Ticket.update(changes).where(models.Ticket.id == row.id).execute()

    def due_ticket(self, now: dt.datetime) -> Ticket | None:
        """Return the ticket that has waited longest for a decision, or None."""
        query = models.Ticket.select().where(models.Ticket.office == self.office, models.Ticket.look_at <= to_text(now))
        row = query.order_by(models.Ticket.look_at, models.Ticket.id).first()
        return self._ticket(row) if row else None

    def ticket(self, number: str) -> Ticket | None:
        """Return a ticket with all that belongs to it, or None."""
        row = models.Ticket.get_or_none(models.Ticket.office == self.office, models.Ticket.number == number)
        return self._ticket(row) if row else None

    def _ticket(self, row: models.Ticket) -> Ticket:
        news = (
            models.Event.select()
            .where(models.Event.ticket == row.id, models.Event.seq > row.handled)
            .order_by(models.Event.seq)
        )
        return rows.ticket_value(
            row,
            self.zone,
            models.UnitAsked.select().where(models.UnitAsked.ticket == row.id).order_by(models.UnitAsked.id),
            models.Deadline.select().where(models.Deadline.ticket == row.id).order_by(models.Deadline.id),
            models.Document.select().where(models.Document.ticket == row.id).order_by(models.Document.id),
            (rows.event_value(event, self.zone) for event in news),
        )

    def apply(self, before: Ticket, decision: Decision, stamp: Callable[[Effect], str | None]) -> bool:
        """Carry a decision into the records, one transaction; False when a newer event came in between.

        ``stamp`` draws the Message-ID of an outgoing mail, once, before any attempt to send it.
        """
        seen = before.news[-1].seq if before.news else None
        with self.database.write():
            row = self._row(before.number)
            if row.last_seq != (seen if seen is not None else row.handled):
                return False
            after = decision.ticket
            models.Ticket.update(
                look_at=to_text(decision.look_at), handled=row.last_seq, **rows.ticket_columns(after)
            ).where(models.Ticket.id == row.id).execute()
            self._keep_rows(row.id, after)
            for event in decision.events:
                self._record(row, event, handled=True)
            for effect in decision.effects:
                self._want(effect, row.id, stamp(effect))
        return True

    def _keep_rows(self, ticket_id: int, ticket: Ticket) -> None:
        for asked in ticket.units:
            key = {"ticket": ticket_id, "step": asked.step, "round": asked.round, "unit": asked.unit}
            _upsert(models.UnitAsked, key, rows.unit_columns(asked))
        for line in ticket.deadlines:
            _upsert(
                models.Deadline,
                {"ticket": ticket_id, "name": line.name, "round": line.round},
                rows.deadline_columns(line),
            )
        for doc in ticket.documents:
            key = {"ticket": ticket_id, "kind": doc.kind, "round": doc.round, "name": doc.name}
            _upsert(models.Document, key, {"digest": doc.digest, "at": to_text(doc.at)})

    def want(self, effect: Effect, message_id: str | None = None) -> None:
        """Want an effect that belongs to no ticket, such as a report. Wanting it twice is one row."""
        with self.database.write():
            self._want(effect, None, message_id)

    def _want(self, effect: Effect, ticket_id: int | None, message_id: str | None) -> None:
        models.Effect.insert(
            office=self.office,
            ticket=ticket_id,
            key=effect.key,
            kind=effect.kind,
            payload=rows.dumps(effect.payload),
            after=effect.after,
            message_id=message_id,
        ).on_conflict_ignore().execute()
        if message_id and ticket_id is not None:
            self._mail_id(message_id, ticket_id, ours=True)

    def put_off(self, number: str, reason: str, now: dt.datetime) -> None:
        """A decision failed by a defect: a person sees it, and the ticket is looked at again in an hour."""
        with self.database.write():
            row = self._row(number)
            event = Event("defect", now, PROGRAM, {"reason": reason}, "Lỗi của chương trình khi quyết định")
            self._record(row, event, look_at=now + dt.timedelta(hours=1))

    # -- carry out -------------------------------------------------------------------------------------------------
    def claim(self, leases: Mapping[str, float], only: Iterable[str] = ()) -> Claimed | None:
        """Take the next effect in hand with the lease of its kind in seconds, or None when nothing waits.

        An effect whose lease ran out is taken again: its process died, and the attempt may have worked.
        """
        kinds = tuple(only) or tuple(leases)
        with self.database.write():
            now = self.database.clock()
            row = self.database.locked(self._claimable(now, kinds), skip=True).first()
            if row is None:
                return None
            lease = now + leases.get(row.kind, 60.0)
            attempts, dropped = row.attempts + 1, row.dropped + (row.state == "claimed")
            models.Effect.update(state="claimed", attempts=attempts, dropped=dropped, lease=lease).where(
                models.Effect.id == row.id
            ).execute()
            number = row.ticket.number if row.ticket_id else None
        payload = json.loads(row.payload)
        return Claimed(row.id, number, row.key, row.kind, payload, row.message_id, attempts, bool(row.tried), dropped)

    def _claimable(self, now: float, kinds: tuple[str, ...]) -> Any:
        first = models.Effect.alias()
        blocked = first.select(pw.SQL("1")).where(first.key == models.Effect.after, first.state != "done")
        ready = (models.Effect.state == "wanted") & _is_due(models.Effect.retry_at, now)
        dropped = (models.Effect.state == "claimed") & _is_due(models.Effect.lease, now)
        query = models.Effect.select().where(
            models.Effect.office == self.office,
            models.Effect.state.in_(("wanted", "claimed")),
            ready | dropped,
            models.Effect.kind.in_(kinds),
            ~pw.fn.EXISTS(blocked),
        )
        return query.order_by(models.Effect.id).limit(1)

    def about_to(self, effect: Claimed) -> None:
        """Note that the attempt is being made now: after this only a look can tell whether it worked.

        Raises TryLater where the lease ran out and somebody else has the effect in hand.
        """
        with self.database.write():
            held = models.Effect.update(tried=True).where(_mine(effect)).execute()
        if not held:
            raise TryLater(f"Việc {effect.id} đã được tiến trình khác nhận làm.")

    def not_tried(self, effect: Claimed) -> None:
        """Take back ``about_to``: the attempt surely did not reach the outside."""
        with self.database.write():
            models.Effect.update(tried=False).where(_mine(effect)).execute()

    def renew(self, effect: Claimed, seconds: float) -> bool:
        """Hold an effect longer; False where somebody else has it in hand."""
        with self.database.write():
            lease = self.database.clock() + seconds
            return bool(models.Effect.update(lease=lease).where(_mine(effect)).execute())

    def settle(
        self, effect: Claimed, events: Iterable[Event], now: dt.datetime, opened: Callable[[], None] | None = None
    ) -> bool:
        """Mark an effect done with what it taught us; False when somebody else has taken it meanwhile."""
        with self.database.write():
            if not models.Effect.update(state="done", reason="").where(_mine(effect)).execute():
                return False
            for event in events:
                if effect.ticket is not None:
                    self._record(self._row(effect.ticket), event, look_at=now)
            if opened is not None:
                opened()
        return True

    def give_back(self, effect: Claimed, wait: float, reason: str) -> None:
        """Let an effect be tried again after ``wait`` seconds."""
        with self.database.write():
            again = self.database.clock() + min(wait, LONGEST_WAIT / 2)
            changes = {"state": "wanted", "retry_at": again, "reason": reason, "lease": 0}
            models.Effect.update(changes).where(_mine(effect)).execute()

    def set_effect_aside(self, effect: Claimed, reason: str, event: Event, now: dt.datetime) -> None:
        """Stop trying: a person sees the reason and may try again with one command."""
        with self.database.write():
            aside = models.Effect.update(state="set_aside", reason=reason, lease=0).where(_mine(effect)).execute()
            if aside and effect.ticket is not None:
                self._record(self._row(effect.ticket), event, look_at=now)

    def effects(self, *states: str) -> list[dict[str, Any]]:
        """Return effects in the given states as plain values for ``status`` and ``set-aside``."""
        query = models.Effect.select(models.Effect, models.Ticket.number).join(models.Ticket, pw.JOIN.LEFT_OUTER)
        query = query.where(models.Effect.office == self.office, models.Effect.state.in_(states)).order_by(
            models.Effect.id
        )
        return [
            {
                "id": row.id,
                "key": row.key,
                "kind": row.kind,
                "ticket": row.ticket.number if row.ticket_id else None,
                "reason": row.reason,
                "attempts": row.attempts,
            }
            for row in query
        ]

    def effect_payload(self, key: str) -> Mapping[str, Any] | None:
        """Return what an effect of that key was asked to do, or None."""
        row = models.Effect.get_or_none(models.Effect.key == key)
        return json.loads(row.payload) if row else None

    def mail_payload(self, message_id: str) -> Mapping[str, Any] | None:
        """Return the payload of the outgoing mail with that Message-ID, or None."""
        row = models.Effect.get_or_none(models.Effect.message_id == message_id)
        return json.loads(row.payload) if row else None

    def sent_texts(self, numbers: tuple[str, ...]) -> str | None:
        """Return all texts of ours that went out for some tickets, joined, or None: the surest cut of a reply's history."""
        query = models.Effect.select(models.Effect.payload).join(models.Ticket)
        query = query.where(models.Ticket.number.in_(numbers), models.Effect.kind == "send_mail")
        texts = [json.loads(row.payload)["body"] for row in query.order_by(models.Effect.id)]
        return "\n".join(texts) or None

    def retry_effect(self, effect_id: int, *, sent_anyway: bool = False) -> bool:
        """Put a set-aside effect back to be done; ``sent_anyway`` is a person's word that it did not go out."""
        changes: dict[str, Any] = {"state": "wanted", "retry_at": 0, "dropped": 0, "reason": ""}
        if sent_anyway:
            changes["tried"] = False
        mine = (
            (models.Effect.id == effect_id)
            & (models.Effect.office == self.office)
            & (models.Effect.state == "set_aside")
        )
        with self.database.write():
            return bool(models.Effect.update(changes).where(mine).execute())

    # -- look ------------------------------------------------------------------------------------------------------
    def tickets(
        self,
        states: Iterable[str] = (),
        unit: str | None = None,
        words: str = "",
        since: dt.datetime | None = None,
        until: dt.datetime | None = None,
    ) -> Iterator[Ticket]:
        """Yield tickets in the order of their numbers; ``words`` are searched without diacritics."""
        query = models.Ticket.select().where(models.Ticket.office == self.office)
        if states := tuple(states):
            query = query.where(models.Ticket.state.in_(states))
        if unit:
            asked = models.UnitAsked.select(models.UnitAsked.ticket).where(models.UnitAsked.unit == unit)
            query = query.where((models.Ticket.unit == unit) | models.Ticket.id.in_(asked))
        for word in fold(words).split():
            query = query.where(models.Ticket.search.contains(word))
        if since:
            query = query.where(models.Ticket.received >= to_text(since))
        if until:
            query = query.where(models.Ticket.received < to_text(until))
        for row in query.order_by(models.Ticket.id):
            yield self._ticket(row)

    def unfinished(self) -> Iterator[Ticket]:
        """Yield the tickets that are not finished."""
        return self.tickets(states=[str(state) for state in State if state not in FINISHED])

    def events(self, number: str) -> list[Event]:
        """Return everything that happened to a ticket, in order."""
        query = (
            models.Event.select().join(models.Ticket).where(models.Ticket.number == number).order_by(models.Event.seq)
        )
        return [rows.event_value(row, self.zone) for row in query]

    def counts(self) -> dict[str, int]:
        """Return how many tickets stand in each state."""
        query = models.Ticket.select(models.Ticket.state, pw.fn.COUNT(models.Ticket.id)).where(
            models.Ticket.office == self.office
        )
        return dict(query.group_by(models.Ticket.state).tuples())

    def last_change(self) -> int:
        """Return a number that grows with every recorded event; the ledger is current when it was written at this."""
        return models.Event.select(pw.fn.MAX(models.Event.id)).scalar() or 0

    def next_look(self) -> dt.datetime | None:
        """Return when the next ticket is due for a decision, or None."""
        query = models.Ticket.select(pw.fn.MIN(models.Ticket.look_at)).where(
            models.Ticket.office == self.office, models.Ticket.look_at.is_null(False)
        )
        return to_time(query.scalar(), self.zone)

    def look_at_all(self, now: dt.datetime) -> int:
        """Make every open ticket due now, as after a change of calendar or procedure; return how many."""
        open_ = models.Ticket.state.not_in(("closed", "set_aside", "cancelled", "merged"))
        with self.database.write():
            return (
                models.Ticket.update(look_at=to_text(now)).where(models.Ticket.office == self.office, open_).execute()
            )

    def look_at_news(self, now: dt.datetime) -> int:
        """Make every ticket with news due now, as after the desk's clock was set back; return how many."""
        waiting = (models.Ticket.look_at > to_text(now)) & (models.Ticket.handled < models.Ticket.last_seq)
        with self.database.write():
            return (
                models.Ticket.update(look_at=to_text(now)).where(models.Ticket.office == self.office, waiting).execute()
            )

    def broken_chains(self) -> list[str]:
        """Return where the chain of events does not hold: a changed, removed or reordered row is found (number and seq)."""
        broken: list[str] = []
        before, number, seq = "", None, 0
        query = (
            models.Event.select(models.Event, models.Ticket)
            .join(models.Ticket)
            .where(models.Ticket.office == self.office)
        )
        for row in query.order_by(models.Event.ticket, models.Event.seq):
            if row.ticket.number != number:
                number, before, seq = row.ticket.number, row.ticket.number, 0
            seq += 1
            whole = row.content is None or rows.digest_of(row.content) == row.digest
            if row.seq != seq or not whole or rows.link(before, row.__data__) != row.chain:
                broken.append(f"{number}: sự kiện thứ {row.seq}")
            before, seq = row.chain, row.seq
        last = models.Event.select(pw.fn.MAX(models.Event.seq)).where(models.Event.ticket == models.Ticket.id)
        short = models.Ticket.select().where(
            models.Ticket.office == self.office, pw.fn.COALESCE(last, 0) != models.Ticket.last_seq
        )
        broken += [f"{row.number}: thiếu sự kiện cuối" for row in short]
        return broken + [f"{number}: thiếu phiếu" for number in self._missing_numbers()]

    def _missing_numbers(self) -> Iterator[str]:
        """Yield the numbers that were given and have no ticket: numbers are without gaps."""
        for counter in models.Counter.select().where(models.Counter.office == self.office):
            stem = f"{self.office}-{counter.year}-"
            given = models.Ticket.select(models.Ticket.number).where(models.Ticket.number.startswith(stem))
            there = {row.number for row in given}
            if len(there) != counter.last:
                yield from (name for n in range(1, counter.last + 1) if (name := f"{stem}{n:06d}") not in there)

    def years(self) -> set[int]:
        """Return the years in which tickets were received, by the numbers given."""
        return {row.year for row in models.Counter.select().where(models.Counter.office == self.office)}

    def exists(self, number: str) -> bool:
        """Say whether there is such a ticket."""
        return (
            models.Ticket.select().where(models.Ticket.office == self.office, models.Ticket.number == number).exists()
        )

    # -- remember --------------------------------------------------------------------------------------------------
    def note(self, name: str) -> str | None:
        """Return a small remembered value, or None."""
        return (
            models.Note.select(models.Note.value)
            .where(models.Note.office == self.office, models.Note.name == name)
            .scalar()
        )

    def notes(self, prefix: str) -> dict[str, str]:
        """Return all remembered values whose names begin with a prefix."""
        query = models.Note.select().where(models.Note.office == self.office, models.Note.name.startswith(prefix))
        return {row.name: row.value for row in query}

    def first_today(self, address: str, day: dt.date, key: str) -> bool:
        """Say whether an effect may be the one automatic mail of a day to an address, and take that place for it.

        Only a hash of the address is remembered. The same effect asks again as often as it is tried.
        """
        name = f"mailed:{hashlib.sha256(address.lower().encode()).hexdigest()}"
        with self.database.write():
            taken, _, holder = (self.note(name) or "").partition("|")
            if taken == day.isoformat() and holder != key:
                return False
            self.keep_note(name, f"{day.isoformat()}|{key}")
        return True

    def keep_note(self, name: str, value: str) -> None:
        """Remember a small value."""
        with self.database.write():
            models.Note.insert(office=self.office, name=name, value=value).on_conflict(
                conflict_target=[models.Note.office, models.Note.name], update={models.Note.value: value}
            ).execute()


def _mine(effect: Claimed) -> Any:
    """The effect as long as this attempt holds it: another process raises ``attempts`` when it takes over."""
    return (
        (models.Effect.id == effect.id)
        & (models.Effect.attempts == effect.attempts)
        & (models.Effect.state == "claimed")
    )


def _not_sorted() -> Any:
    """What lies on a ticket stays there, whatever another process believes."""
    return models.Item.state != "sorted"


def _is_due(column: Any, now: float) -> Any:
    return (column <= now) | (column > now + LONGEST_WAIT)


def _upsert(model: type[pw.Model], key: dict[str, Any], columns: dict[str, Any]) -> None:
    fields = [getattr(model, name) for name in key]
    updates = {getattr(model, name): value for name, value in columns.items()}
    model.insert(**key, **columns).on_conflict(conflict_target=fields, update=updates).execute()
