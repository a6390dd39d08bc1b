"""Tickets: what happened to them, what was decided, and the questions the loop and the commands ask about them."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import peewee as pw

from daemon.desk.decide import Decision
from daemon.desk.effects import Effect
from daemon.desk.ticket import FINISHED, PROGRAM, Event, State, Ticket
from daemon.desk.trouble import Refused
from daemon.store import models, rows
from daemon.store.database import to_text, to_time
from daemon.store.records import Records
from daemon.store.words import condition

BATCH = 500  # tickets read at once


class Tickets(Records):
    """The tickets of one office."""

    def record(self, number: str, event: Event, now: dt.datetime, version: int | None = None) -> None:
        """Append an event to a ticket and make the ticket due now. Raises Refused where there is no such ticket."""
        with self.database.write():
            row = self._row(number)
            if version is not None and row.version != version:
                raise Refused(f"Phiếu {number} vừa được người khác sửa. Hãy xem lại rồi làm lại.")
            self._record(row, event, look_at=now)

    def due_ticket(self, now: dt.datetime) -> Ticket | None:
        """Return the ticket that has waited longest for a decision, or None."""
        query = models.Ticket.select().where(models.Ticket.office == self.office, models.Ticket.look_at <= to_text(now))
        row = query.order_by(models.Ticket.look_at, models.Ticket.id).first()
        return self._ticket(row) if row else None

    def ticket(self, number: str) -> Ticket | None:
        """Return a ticket with all that belongs to it, or None."""
        row = models.Ticket.get_or_none(models.Ticket.office == self.office, models.Ticket.number == number)
        return self._ticket(row) if row else None

    def exists(self, number: str) -> bool:
        """Say whether there is such a ticket."""
        return (
            models.Ticket.select().where(models.Ticket.office == self.office, models.Ticket.number == number).exists()
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

    def put_off(self, number: str, reason: str, now: dt.datetime) -> None:
        """A decision failed by a defect: a person sees it, and the ticket is looked at again in an hour."""
        with self.database.write():
            row = self._row(number)
            event = Event("defect", now, PROGRAM, {"reason": reason}, "Lỗi của chương trình khi quyết định")
            self._record(row, event, look_at=now + dt.timedelta(hours=1))

    def ticket_of_mail(self, message_id: str) -> str | None:
        """Return the ticket that a Message-ID leads to, or None."""
        row = (
            models.MailId.select(models.Ticket.number)
            .join(models.Ticket)
            .where(models.MailId.office == self.office, models.MailId.message_id == message_id)
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


def _upsert(model: type[pw.Model], key: dict[str, Any], columns: dict[str, Any]) -> None:
    fields = [getattr(model, name) for name in key]
    updates = {getattr(model, name): value for name, value in columns.items()}
    model.insert(**key, **columns).on_conflict(conflict_target=fields, update=updates).execute()
