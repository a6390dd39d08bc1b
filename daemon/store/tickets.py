"""Tickets: what happened to them, what was decided, and the questions the loop and the commands ask about them."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import peewee as pw

from daemon.desk.decide import Decision
from daemon.desk.effects import Effect
from daemon.desk.ticket import FINISHED, PROGRAM, Event, State, Ticket
from daemon.desk.trouble import Refused
from daemon.store import models, rows
from daemon.store.database import Database, to_text, to_time
from daemon.store.records import Records
from daemon.store.statement import Statement, inserting, slot
from daemon.store.words import condition

BATCH = 500  # tickets read at once
_Part = TypeVar("_Part")


class Tickets(Records):
    """The tickets of one office."""

    def record(self, number: str, event: Event, now: dt.datetime, version: int | None = None) -> None:
        """Append an event to a ticket and make the ticket due now. Raises Refused where there is no such ticket."""
        with self.database.write():
            head = self._head(number)
            if version is not None and head.version != version:
                raise Refused(f"Phiếu {number} vừa được người khác sửa. Hãy xem lại rồi làm lại.")
            self._record(head, event, look_at=now)

    def due_ticket(self, now: dt.datetime) -> Ticket | None:
        """Return the ticket that has waited longest for a decision, or None."""
        row = _DUE.first(self.database, office=self.office, now=to_text(now))
        return self._ticket(row) if row else None

    def ticket(self, number: str) -> Ticket | None:
        """Return a ticket with all that belongs to it, or None."""
        row = _TICKET.first(self.database, office=self.office, number=number)
        return self._ticket(row) if row else None

    def exists(self, number: str) -> bool:
        """Say whether there is such a ticket."""
        return _EXISTS.value(self.database, office=self.office, number=number) is not None

    def apply(self, before: Ticket, decision: Decision, stamp: Callable[[Effect], str | None]) -> bool:
        """Carry a decision into the records, one transaction; False when any event came in since the ticket was read.

        ``stamp`` draws the Message-ID of an outgoing mail, once, before any attempt to send it.
        """
        with self.database.write():
            head = self._head(before.number)
            if head.last_seq != before.seen:
                return False
            after = decision.ticket
            for event in decision.events:
                self._append(head, event)
            _DECIDED.change(
                self.database,
                ticket=head.id,
                last_seq=head.last_seq,
                handled=head.last_seq,
                version=head.version,
                look_at=to_text(decision.look_at),
                **rows.ticket_columns(after),
            )
            self._keep_rows(head.id, before, after)
            for effect in decision.effects:
                self._want(effect, head.id, stamp(effect))
        return True

    def _keep_rows(self, ticket_id: int, before: Ticket, after: Ticket) -> None:
        """Write what belongs to the ticket, as far as it is new or another than before; a deadline that ended is taken away."""
        for asked in _other(before.units, after.units):
            key = {"step": asked.step, "round": asked.round, "unit": asked.unit}
            _UNIT.change(self.database, ticket=ticket_id, **key, **rows.unit_columns(asked))
        for line in _other(before.deadlines, after.deadlines):
            columns = rows.deadline_columns(line)
            _DEADLINE.change(self.database, ticket=ticket_id, name=line.name, round=line.round, **columns)
        kept = {(line.name, line.round) for line in after.deadlines}
        for name, round in {(line.name, line.round) for line in before.deadlines} - kept:
            _NO_DEADLINE.change(self.database, ticket=ticket_id, name=name, round=round)
        for doc in _other(before.documents, after.documents):
            key = {"kind": doc.kind, "round": doc.round, "name": doc.name}
            _DOCUMENT.change(self.database, ticket=ticket_id, **key, digest=doc.digest, at=to_text(doc.at))

    def put_off(self, number: str, reason: str, now: dt.datetime) -> None:
        """A decision failed by a defect: a person sees it, and the ticket is looked at again in an hour."""
        with self.database.write():
            head = self._head(number)
            event = Event("defect", now, PROGRAM, {"reason": reason}, "Lỗi của chương trình khi quyết định")
            self._record(head, event, look_at=now + dt.timedelta(hours=1))

    def ticket_of_mail(self, message_id: str) -> str | None:
        """Return the ticket that a Message-ID leads to, or None."""
        number: str | None = _OF_MAIL.value(self.database, office=self.office, message_id=message_id)
        return number

    def waiting_with_code(self, code: str) -> tuple[str, ...]:
        """Return the numbers of waiting tickets of a customer code."""
        return tuple(row.number for row in _WITH_CODE.rows(self.database, office=self.office, code=code))

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
        held = condition(self.database, self.office, words)
        if held is not None:
            query = query.where(held)
        if since:
            query = query.where(models.Ticket.received >= to_text(since))
        if until:
            query = query.where(models.Ticket.received < to_text(until))
        ids = [row.id for row in query.select(models.Ticket.id).order_by(models.Ticket.id)]
        for at in range(0, len(ids), BATCH):
            batch = models.Ticket.select().where(models.Ticket.id.in_(ids[at : at + BATCH]))
            yield from self._values(list(batch.order_by(models.Ticket.id)))

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

    def years(self) -> dict[int, int]:
        """Return the years in which tickets were received, with how many, by the numbers given."""
        return {row.year: row.last for row in models.Counter.select().where(models.Counter.office == self.office)}

    def changed_years(self, since: int, *, unfinished: bool = False) -> set[int]:
        """Return the years in which tickets with events after the one numbered ``since`` were received.

        ``unfinished`` leaves out the tickets that are finished.
        """
        row: Any = models.Ticket
        query = row.select(row.received).where(row.office == self.office)
        if unfinished:
            query = query.where(row.state.in_([str(state) for state in State if state not in FINISHED]))
        else:
            query = query.join(models.Event).where(models.Event.id > since).distinct()
        return {moment.year for (text,) in query.tuples() if (moment := to_time(text, self.zone))}


def _other(before: Sequence[_Part], after: Sequence[_Part]) -> list[_Part]:
    return [each for each in after if each not in before]


# -- statements of every mail ------------------------------------------------------------------------------------------
def _mine() -> Any:
    return models.Ticket.office == slot("office")


def _due(_: Database) -> Any:
    row = models.Ticket
    query = row.select().where(_mine(), row.look_at <= slot("now"))
    return query.order_by(row.look_at, row.id).limit(1)


def _with_code(_: Database) -> Any:
    row: Any = models.Ticket
    query = row.select(row.number)
    return query.where(_mine(), row.customer_code == slot("code"), row.state == "waiting_unit")


def _of_mail(_: Database) -> Any:
    row: Any = models.MailId
    query = row.select(models.Ticket.number).join(models.Ticket)
    return query.where(row.office == slot("office"), row.message_id == slot("message_id"))


def _decided(_: Database) -> Any:
    names = (*rows.TICKET, "last_seq", "handled", "version", "look_at")
    return models.Ticket.update({name: slot(name) for name in names}).where(models.Ticket.id == slot("ticket"))


def _without_deadline(_: Database) -> Any:
    row: Any = models.Deadline
    return row.delete().where(row.ticket == slot("ticket"), row.name == slot("name"), row.round == slot("round"))


def _upserting(model: Any, key: tuple[str, ...], columns: tuple[str, ...]) -> Statement:
    fields = [getattr(model, name) for name in key]
    changes = {getattr(model, name): slot(name) for name in columns}
    return Statement(lambda _: inserting(model, *key, *columns).on_conflict(conflict_target=fields, update=changes))


_NUMBERED = (_mine(), models.Ticket.number == slot("number"))
_TICKET = Statement(lambda _: models.Ticket.select().where(*_NUMBERED))
_EXISTS = Statement(lambda _: models.Ticket.select(models.Ticket.id).where(*_NUMBERED))
_DUE, _WITH_CODE, _OF_MAIL, _DECIDED = map(Statement, (_due, _with_code, _of_mail, _decided))
_UNIT = _upserting(
    models.UnitAsked, ("ticket", "step", "round", "unit"), ("state", "asked", "due", "answered", "details")
)
_DEADLINE = _upserting(models.Deadline, ("ticket", "name", "round"), ("due", "holder", "met", "details"))
_NO_DEADLINE = Statement(_without_deadline)
_DOCUMENT = _upserting(models.Document, ("ticket", "kind", "round", "name"), ("digest", "at"))
