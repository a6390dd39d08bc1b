"""How long the queues are and what is due next, in a few counts: for whoever watches the office. Only looks."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import peewee as pw

from daemon.desk.ticket import FINISHED, State, UnitState
from daemon.store import models
from daemon.store.database import to_time
from daemon.store.store import Store

_OPEN = [str(state) for state in State if state not in FINISHED]


def items(store: Store) -> dict[str, int]:
    """Return how many mails and files stand in each state but the sorted ones."""
    query = models.Item.select(models.Item.state, pw.fn.COUNT(models.Item.id)).where(
        models.Item.office == store.office, models.Item.state != "sorted"
    )
    return dict(query.group_by(models.Item.state).tuples())


def effects(store: Store) -> dict[str, int]:
    """Return how many effects stand in each state but the done ones."""
    query = models.Effect.select(models.Effect.state, pw.fn.COUNT(models.Effect.id)).where(
        models.Effect.office == store.office, models.Effect.state.in_(("wanted", "claimed", "set_aside"))
    )
    return dict(query.group_by(models.Effect.state).tuples())


def waiting(store: Store) -> int:
    """Return how many mails, files and effects wait for the program itself; what a person must look at is not counted."""
    kept, wanted = items(store), effects(store)
    return sum(kept.get(each, 0) for each in ("unsorted", "reading")) + sum(
        wanted.get(each, 0) for each in ("wanted", "claimed")
    )


def failing(store: Store, kind: str, attempts: int) -> bool:
    """Say whether an effect of a kind has been tried so often and is still not done."""
    row = models.Effect
    mine = (row.office == store.office) & row.state.in_(("wanted", "claimed")) & (row.attempts >= attempts)
    return bool(row.select().where(mine, row.kind == kind).exists())


def oldest(store: Store) -> dt.datetime | None:
    """Return when the oldest mail or file that nobody has dealt with came in, or None."""
    query = models.Item.select(pw.fn.MIN(models.Item.received)).where(
        models.Item.office == store.office, models.Item.state != "sorted"
    )
    return to_time(query.scalar(), store.zone)


def next_deadlines(store: Store, count: int = 5) -> list[tuple[str, str, str, dt.datetime]]:
    """Return the promises that are due next or late, unkept, of open tickets: (number, name, holder, due)."""
    line, row = models.Deadline, models.Ticket
    query: Any = (
        line.select(row.number, line.name, line.holder, line.due)
        .join(row)
        .where(line.ticket.in_(_open_ids(store)), line.met.is_null(True))
        .order_by(line.due, line.id)
        .limit(count)
    )
    found = []
    for number, name, holder, due in query.tuples():
        at = to_time(due, store.zone)
        assert at is not None
        found.append((number, name, holder, at))
    return found


def late(store: Store, now: str) -> int:
    """Return how many open tickets have a promise that was not kept in time (``now`` as the database writes times)."""
    return _late(store, models.Deadline, models.Deadline.met.is_null(True), now)


def late_units(store: Store, now: str, duty_steps: Collection[str] = ()) -> int:
    """Return how many open tickets wait for a unit whose time is over (``now`` as the database writes times).

    In ``duty_steps`` a unit only has to acknowledge: one that wrote something is not waited for any more.
    """
    row = models.UnitAsked
    over, heard = [UnitState.ANSWERED, UnitState.WITHDRAWN], [UnitState.PARTIAL, UnitState.QUESTION]
    acknowledged = row.step.in_(sorted(duty_steps)) & row.state.in_(list(map(str, heard)))
    return _late(store, row, row.state.not_in(list(map(str, over))) & ~acknowledged, now)


def _late(store: Store, owed: Any, still: Any, now: str) -> int:
    """Count the open tickets with something that is still owed and was due."""
    query: Any = owed.select(pw.fn.COUNT(pw.fn.DISTINCT(owed.ticket))).where(
        owed.ticket.in_(_open_ids(store)), still, owed.due < now
    )
    return int(query.scalar() or 0)


def _open_ids(store: Store) -> Any:
    """Out of an index alone: a few thousand, however many years of tickets lie behind them."""
    row = models.Ticket
    return row.select(row.id).where(row.office == store.office, row.state.in_(_OPEN))
