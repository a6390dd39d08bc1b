"""What every room of the store stands on: one office's rows, and the few changes that several rooms make."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from daemon.desk.effects import Effect
from daemon.desk.ticket import Event, Ticket
from daemon.desk.trouble import Refused
from daemon.store import models, rows
from daemon.store.database import Database, to_text
from daemon.store.originals import Originals

# No lease and no pause is as long as this. A time further ahead was written while the machine's clock was wrong.
LONGEST_WAIT = 3600.0


class Records:
    """One office's rows in a database. Its changes are parts of a transaction that the caller holds."""

    def __init__(self, database: Database, originals: Originals, office: str, zone: dt.tzinfo) -> None:
        self.database = database
        self.originals = originals
        self.office = office
        self.zone = zone

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

    def _mail_id(self, message_id: str, ticket_id: int, *, ours: bool) -> None:
        row = {"office": self.office, "message_id": message_id, "ticket": ticket_id, "ours": ours}
        models.MailId.insert(row).on_conflict_ignore().execute()

    def _ticket(self, row: models.Ticket) -> Ticket:
        return self._values([row])[0]

    def _values(self, found: Sequence[models.Ticket]) -> list[Ticket]:
        """Return tickets with all that belongs to them, in four queries however many they are."""
        ids = [row.id for row in found]
        news = models.Event.select(models.Event).join(models.Ticket).where(models.Event.seq > models.Ticket.handled)
        events = self._by_ticket(news.where(models.Ticket.id.in_(ids)).order_by(models.Event.seq))
        units, deadlines, documents = (
            self._by_ticket(model.select().where(model.ticket.in_(ids)).order_by(model.id))
            for model in (models.UnitAsked, models.Deadline, models.Document)
        )
        return [
            rows.ticket_value(
                row,
                self.zone,
                units.get(row.id, ()),
                deadlines.get(row.id, ()),
                documents.get(row.id, ()),
                (rows.event_value(event, self.zone) for event in events.get(row.id, ())),
            )
            for row in found
        ]

    @staticmethod
    def _by_ticket(query: Iterable[Any]) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = {}
        for row in query:
            found.setdefault(row.ticket_id, []).append(row)
        return found

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


def is_due(column: Any, now: float) -> Any:
    """Return the condition that a time in a column has come, or cannot have been meant."""
    return (column <= now) | (column > now + LONGEST_WAIT)
