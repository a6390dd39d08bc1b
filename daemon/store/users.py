"""Who may sign in, who is signed in, who looks after which ticket. Knows no password in clear and decides nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import peewee as pw

from daemon.desk.ticket import Event
from daemon.store import models
from daemon.store.database import to_text
from daemon.store.store import Store


@dataclass(frozen=True, slots=True)
class User:
    """Someone who may sign in; ``title`` is the name that stands in events and lists."""

    id: int
    name: str
    title: str
    role: str
    password: str = field(repr=False)
    active: bool
    away: str
    failed: int
    locked_until: float


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed-in browser: its user and the secret that its forms must carry."""

    id: int
    user: User
    csrf: str
    made: float
    seen: float


def token_hash(token: str) -> str:
    """Return what is kept of a session's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


class Users:
    """The users of one office."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._database = store.database

    # -- users -----------------------------------------------------------------------------------------------------
    def all(self) -> list[User]:
        """Return every user, active ones first, by name."""
        query = models.User.select().where(models.User.office == self._store.office)
        return [_user(row) for row in query.order_by(models.User.active.desc(), models.User.title)]

    def named(self, name: str) -> User | None:
        """Return the user of a sign-in name, or None."""
        row = models.User.get_or_none(models.User.office == self._store.office, models.User.name == name)
        return _user(row) if row else None

    def get(self, user_id: int) -> User | None:
        """Return a user by id, or None."""
        row = models.User.get_or_none(models.User.office == self._store.office, models.User.id == user_id)
        return _user(row) if row else None

    def add(self, columns: dict[str, Any]) -> int:
        """Keep a new user and return the id. Raises peewee.IntegrityError where the name or title is taken."""
        with self._database.write():
            return int(models.User.create(office=self._store.office, **columns).id)

    def change(self, user_id: int, **columns: Any) -> None:
        """Change columns of a user."""
        with self._database.write():
            models.User.update(columns).where(models.User.id == user_id).execute()

    def count_failure(self, user_id: int, most: int, seconds: float) -> None:
        """Count a wrong password; at ``most`` in a row the user is locked for some seconds."""
        with self._database.write():
            row = models.User.get_by_id(user_id)
            failed = row.failed + 1
            until = self._database.clock() + seconds if failed >= most else row.locked_until
            changes = {"failed": 0 if failed >= most else failed, "locked_until": until}
            models.User.update(changes).where(models.User.id == user_id).execute()

    # -- sessions --------------------------------------------------------------------------------------------------
    def begin(self, user_id: int, token: str, csrf: str, address: str) -> None:
        """Keep a new session."""
        with self._database.write():
            now = self._database.clock()
            models.Session.create(token=token_hash(token), user=user_id, csrf=csrf, made=now, seen=now, address=address)
            models.User.update(failed=0).where(models.User.id == user_id).execute()

    def session(self, token: str, idle: float, longest: float) -> Signed | None:
        """Return a living session, or None; that it was seen is noted once a minute at most."""
        query = models.Session.select(models.Session, models.User).join(models.User)
        row = query.where(models.Session.token == token_hash(token)).first()
        if row is None or not row.user.active or row.user.office != self._store.office:
            return None
        now = self._database.clock()
        if now - row.seen > idle or now - row.made > longest or row.seen > now + longest:
            self.end(row.id)
            return None
        if now - row.seen > 60:
            with self._database.write():
                models.Session.update(seen=now).where(models.Session.id == row.id).execute()
        return Signed(row.id, _user(row.user), row.csrf, row.made, row.seen)

    def end(self, session_id: int) -> None:
        """End one session."""
        with self._database.write():
            models.Session.delete().where(models.Session.id == session_id).execute()

    def end_all(self, user_id: int) -> int:
        """End every session of a user; return how many there were."""
        with self._database.write():
            return int(models.Session.delete().where(models.Session.user == user_id).execute())

    def sessions(self, user_id: int) -> int:
        """Return how many sessions a user has."""
        return int(models.Session.select().where(models.Session.user == user_id).count())

    # -- care ------------------------------------------------------------------------------------------------------
    def cares(self, number: str) -> User | None:
        """Return who looks after a ticket, or None."""
        query = models.Care.select(models.Care, models.User).join(models.User).switch(models.Care).join(models.Ticket)
        row = query.where(models.Ticket.number == number).first()
        return _user(row.user) if row else None

    def cares_of(self, numbers: Iterable[str]) -> dict[str, str]:
        """Return for tickets that somebody looks after that user's title, by number."""
        query = (
            models.Care.select(models.Ticket.number, models.User.title)
            .join(models.User)
            .switch(models.Care)
            .join(models.Ticket)
            .where(models.Ticket.number.in_(list(numbers)))
        )
        return dict(query.tuples())

    def take(self, number: str, user_id: int, event: Event) -> None:
        """Let a user look after a ticket, with the event that says so; one transaction."""
        with self._database.write():
            ticket = models.Ticket.get(models.Ticket.office == self._store.office, models.Ticket.number == number)
            columns = {"user": user_id, "since": to_text(event.at)}
            models.Care.insert(ticket=ticket.id, **columns).on_conflict(
                conflict_target=[models.Care.ticket],
                update={models.Care.user: user_id, models.Care.since: columns["since"]},
            ).execute()
            self._store.record(number, event, event.at)

    def in_care(self, user_id: int, states: Iterable[str]) -> list[str]:
        """Return the numbers of the tickets in some states that a user looks after."""
        query = models.Ticket.select(models.Ticket.number).join(models.Care, on=models.Care.ticket == models.Ticket.id)
        found = query.where(models.Care.user == user_id, models.Ticket.state.in_(list(states)))
        return [row.number for row in found.order_by(models.Ticket.id)]


def _user(row: Any) -> User:
    names = ("id", "name", "title", "role", "password", "active", "away", "failed", "locked_until")
    return User(**{name: getattr(row, name) for name in names})


TAKEN = pw.IntegrityError
