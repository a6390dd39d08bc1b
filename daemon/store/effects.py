"""Effects: wanted once, taken in hand for the time of a lease, settled by whoever holds them."""

import datetime as dt
import functools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import peewee as pw

from daemon.desk.effects import Effect
from daemon.desk.ticket import Event
from daemon.desk.trouble import TryLater
from daemon.store import models
from daemon.store.database import Database
from daemon.store.records import LONGEST_WAIT, Records, is_due
from daemon.store.statement import Statement, slot


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


class Effects(Records):
    """The effects of one office."""

    def want(self, effect: Effect, message_id: str | None = None) -> None:
        """Want an effect that belongs to no ticket, such as a report. Wanting it twice is one row."""
        with self.database.write():
            self._want(effect, None, message_id)

    def claim(self, leases: Mapping[str, float], only: Iterable[str] = ()) -> Claimed | None:
        """Take the next effect in hand with the lease of its kind in seconds, or None when nothing waits.

        An effect whose lease ran out is taken again: its process died, and the attempt may have worked.
        """
        kinds = tuple(only) or tuple(leases)
        with self.database.write():
            row = _claimable(kinds).first(self.database, office=self.office)
            if row is None:
                return None
            lease = row.now + leases.get(row.kind, 60.0)
            attempts, dropped = row.attempts + 1, row.dropped + (row.state == "claimed")
            _TAKE.change(self.database, id=row.id, attempts=attempts, dropped=dropped, lease=lease)
        payload = json.loads(row.payload)
        return Claimed(
            row.id, row.number, row.key, row.kind, payload, row.message_id, attempts, bool(row.tried), dropped
        )

    def about_to(self, effect: Claimed) -> None:
        """Note that the attempt is being made now: after this only a look can tell whether it worked.

        Raises TryLater where the lease ran out and somebody else has the effect in hand.
        """
        with self.database.write():
            held = _TRIED.change(self.database, id=effect.id, attempts=effect.attempts)
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
            if not _DONE.change(self.database, id=effect.id, attempts=effect.attempts):
                return False
            for event in events:
                if effect.ticket is not None:
                    self._record(self._head(effect.ticket), event, look_at=now)
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
                self._record(self._head(effect.ticket), event, look_at=now)

    def effects(self, *states: str) -> list[dict[str, Any]]:
        """Return effects in the given states as plain values for ``status`` and ``set-aside``."""
        query = models.Effect.select(models.Effect, models.Ticket.id, models.Ticket.number).join(
            models.Ticket, pw.JOIN.LEFT_OUTER
        )
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
        row = models.Effect.get_or_none(models.Effect.office == self.office, models.Effect.key == key)
        return json.loads(row.payload) if row else None

    def effect_state(self, key: str) -> str | None:
        """Return how far an effect of that key has come (wanted, claimed, done, set_aside), or None."""
        mine = (models.Effect.office == self.office) & (models.Effect.key == key)
        state: str | None = models.Effect.select(models.Effect.state).where(mine).scalar()
        return state

    def mail_payload(self, message_id: str) -> Mapping[str, Any] | None:
        """Return the payload of the outgoing mail with that Message-ID, or None."""
        payload = _OF_MAIL.value(self.database, office=self.office, message_id=message_id)
        return json.loads(payload) if payload else None

    def sent_texts(self, numbers: tuple[str, ...]) -> str | None:
        """Return all texts of ours that went out for some tickets, joined, or None: the surest cut of a reply's history."""
        found = [row for number in numbers for row in _SENT.rows(self.database, number=number)]
        return "\n".join(json.loads(row.payload)["body"] for row in sorted(found)) or None

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


def _mine(effect: Claimed) -> Any:
    """The effect as long as this attempt holds it: another process raises ``attempts`` when it takes over."""
    return _held(effect.id, effect.attempts)


def _held(effect: Any, attempts: Any) -> Any:
    row = models.Effect
    return (row.id == effect) & (row.attempts == attempts) & (row.state == "claimed")


# -- statements of every effect ----------------------------------------------------------------------------------------
@functools.cache
def _claimable(kinds: tuple[str, ...]) -> Statement:
    """The next effect of some kinds that waits, or whose process died, with its ticket's number and the clock's time."""
    row: Any = models.Effect
    first = row.alias()
    before = (first.office == row.office) & (first.key == row.after)
    blocked = first.select(pw.SQL("1")).where(before, first.state != "done")
    number = models.Ticket.select(models.Ticket.number).where(models.Ticket.id == row.ticket)

    def query(database: Database) -> Any:
        now = pw.SQL(database.now)
        ready = (row.state == "wanted") & is_due(row.retry_at, now)
        dropped = (row.state == "claimed") & is_due(row.lease, now)
        found = row.select(row, number.alias("number"), now.alias("now")).where(
            row.office == slot("office"),
            row.state.in_(("wanted", "claimed")),
            ready | dropped,
            row.kind.in_(kinds),
            ~pw.fn.EXISTS(blocked),
        )
        return database.locked(found.order_by(row.id).limit(1), skip=True)

    return Statement(query)


def _changing(**changes: Any) -> Statement:
    """Change an effect as long as the attempt holds it."""
    return Statement(lambda _: models.Effect.update(changes).where(_held(slot("id"), slot("attempts"))))


def _take(_: Database) -> Any:
    changes = {name: slot(name) for name in ("attempts", "dropped", "lease")}
    return models.Effect.update(state="claimed", **changes).where(models.Effect.id == slot("id"))


def _of_mail(_: Database) -> Any:
    row: Any = models.Effect
    return row.select(row.payload).where(row.message_id == slot("message_id"), row.office == slot("office"))


def _sent(_: Database) -> Any:
    row: Any = models.Effect
    query = row.select(row.id, row.payload).join(models.Ticket)
    return query.where(models.Ticket.number == slot("number"), row.kind == "send_mail")


_TAKE, _OF_MAIL, _SENT = Statement(_take), Statement(_of_mail), Statement(_sent)
_TRIED, _DONE = _changing(tried=True), _changing(state="done", reason="")
