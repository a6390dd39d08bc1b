"""Lists for people's eyes, paged and quick at 100,000 tickets: what needs somebody now, and the ledger with its filters.

Only looks. Rows come slim where many are needed, as whole tickets where a page of them is shown.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import peewee as pw

from daemon.desk.ticket import FINISHED, State, Ticket, UnitState
from daemon.store import models, rows, words
from daemon.store.database import to_text, to_time
from daemon.store.store import Store

OPEN = tuple(str(state) for state in State if state not in FINISHED and state is not State.ANSWERED)
GROUP = dt.timedelta(
    days=10
)  # callers of one outage call within hours; looked for further away, every year would be read
_WAITS = tuple(str(state) for state in UnitState if state not in (UnitState.ANSWERED, UnitState.WITHDRAWN))


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An open ticket in a few words. ``due`` is its next promise, ``unit_due`` the first of a unit that still owes an answer.

    ``waits`` are the units that owe one, each with the time by which it was due (None: the form did not go out yet).
    """

    id: int
    number: str
    state: State
    category: str
    channel: str
    danger: bool
    customer: str | None
    unit: str | None
    check: tuple[str, ...]
    questions: tuple[str, ...]
    due: dt.datetime | None
    waits: tuple[tuple[str, dt.datetime | None], ...]
    leader: str | None
    agent: str | None

    @property
    def unit_due(self) -> dt.datetime | None:
        """Return when the first unit's time ends."""
        return min((due for _, due in self.waits if due), default=None)


def open_rows(store: Store) -> list[OpenRow]:
    """Return every ticket that still owes something, oldest first."""
    row: Any = models.Ticket
    query: Any = (
        row.select(
            row.id,
            row.number,
            row.state,
            row.category,
            row.channel,
            row.danger,
            row.customer_name,
            row.unit,
            row.reading,
            row.outage_group,
            models.User.title,
        )
        .join(models.Care, pw.JOIN.LEFT_OUTER, on=models.Care.ticket == row.id)
        .join(models.User, pw.JOIN.LEFT_OUTER, on=models.Care.user == models.User.id)
        .where(row.id.in_(_open_ids(store)))
    )
    dues, waits = _dues(store), _waits(store)
    return [_open_row(store, line, dues, waits) for line in sorted(_raw(store, query))]


def _raw(store: Store, query: Any) -> list[Any]:
    """The rows as the engine gives them: thousands of rows are mostly spent on making objects of them."""
    return list(store.database.engine.execute_sql(*query.sql()).fetchall())


def _open_row(store: Store, line: Any, dues: dict[int, str], waits: dict[int, list[tuple[str, Any]]]) -> OpenRow:
    number, name, state, category, channel, danger, customer, unit, reading, leader, agent = line
    known = json.loads(reading) if '"check":[]' not in reading else {}
    return OpenRow(
        number, name, State(state), category, channel, bool(danger), customer, unit,
        tuple(known.get("check", ())), tuple(known.get("questions", ())), to_time(dues.get(number), store.zone),
        tuple((each, to_time(due, store.zone)) for each, due in waits.get(number, ())), leader, agent,
    )  # fmt: skip


def _open_ids(store: Store) -> Any:
    """Out of an index alone: asked for by state and in an order, the engines may walk every ticket of all years."""
    return models.Ticket.select(models.Ticket.id).where(
        models.Ticket.office == store.office, models.Ticket.state.in_(OPEN)
    )


def _dues(store: Store) -> dict[int, str]:
    """The next promise to the customer of each open ticket; the look-up's ten minutes are no promise."""
    line = models.Deadline
    query: Any = line.select(line.ticket, pw.fn.MIN(line.due)).where(
        line.ticket.in_(_open_ids(store)), line.met.is_null(True), line.name != "look_up"
    )
    return dict(_raw(store, query.group_by(line.ticket)))


def _waits(store: Store) -> dict[int, list[tuple[str, Any]]]:
    line = models.UnitAsked
    query: Any = line.select(line.ticket, line.unit, line.due).where(
        line.ticket.in_(_open_ids(store)), line.state.in_(_WAITS)
    )
    found: dict[int, list[tuple[str, Any]]] = {}
    for ticket, unit, due in _raw(store, query):
        found.setdefault(ticket, []).append((unit, due))
    return found


# -- the ledger --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Filter:
    """What the ledger shows. Empty values do not narrow; ``numbers`` narrows to these tickets (None: to all of them).

    ``typing`` says that the last word may go on.
    """

    words: str = ""
    states: tuple[str, ...] = ()
    category: str = ""
    channel: str = ""
    unit: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    numbers: tuple[str, ...] | None = None
    typing: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of tickets, newest first; ``count`` is how many there are, up to ``most`` (then there are more)."""

    tickets: tuple[Ticket, ...]
    count: int
    most: int

    @property
    def more(self) -> bool:
        """Say whether more tickets fit than were counted."""
        return self.count > self.most


def page(store: Store, chosen: Filter, offset: int = 0, limit: int = 50, most: int = 1000) -> Page:
    """Return a page of the ledger."""
    query = _chosen(store, chosen)
    order = (models.Ticket.received.desc(), models.Ticket.id.desc())
    query = query.select(models.Ticket.id).order_by(*order)
    # Counted and shown out of one reading: where each row must be looked at, looking twice is what takes long.
    ids = [number for (number,) in query.limit(most + 1).tuples()]
    count = len(ids)
    if offset + limit <= count or count <= most:
        wanted = ids[offset : offset + limit]
    else:
        wanted = [number for (number,) in query.offset(offset).limit(limit).tuples()]
    return Page(tuple(load(store, wanted)), count, most)


def every(store: Store, chosen: Filter, most: int = 50_000) -> Iterable[Ticket]:
    """Yield every ticket that fits in the order of receipt, in batches, up to ``most``."""
    query = _chosen(store, chosen).select(models.Ticket.id).order_by(models.Ticket.received, models.Ticket.id)
    ids = [number for (number,) in query.limit(most).tuples()]
    for at in range(0, len(ids), 500):
        yield from load(store, ids[at : at + 500])


def _chosen(store: Store, chosen: Filter) -> Any:
    row: Any = models.Ticket
    query: Any = row.select().where(row.office == store.office)
    if chosen.states:
        query = query.where(row.state.in_(chosen.states))
    for column, value in ((row.category, chosen.category), (row.channel, chosen.channel)):
        if value:
            query = query.where(column == value)
    if chosen.unit:
        asked = models.UnitAsked.select(models.UnitAsked.ticket).where(models.UnitAsked.unit == chosen.unit)
        query = query.where((row.unit == chosen.unit) | row.id.in_(asked))
    if chosen.since:
        query = query.where(row.received >= to_text(chosen.since))
    if chosen.until:
        query = query.where(row.received < to_text(chosen.until))
    if chosen.numbers is not None:
        query = query.where(row.number.in_(chosen.numbers))
    held = words.condition(store.database, store.office, chosen.words, typing=chosen.typing)
    return query if held is None else query.where(held)


def load(store: Store, ids: Sequence[int]) -> list[Ticket]:
    """Return tickets by their row ids in that order, with all but their news and files; four queries however many."""
    units, deadlines = _belongings(models.UnitAsked, ids), _belongings(models.Deadline, ids)
    found = {
        row.id: rows.ticket_value(row, store.zone, units.get(row.id, ()), deadlines.get(row.id, ()), (), ())
        for row in models.Ticket.select().where(models.Ticket.id.in_(ids))
    }
    return [found[each] for each in ids if each in found]


def last_events(store: Store, ids: Sequence[int]) -> dict[str, int]:
    """Return by number the place of the last event of tickets, by their row ids: what somebody has seen who sees them now."""
    row: Any = models.Ticket
    return dict(row.select(row.number, row.last_seq).where(row.office == store.office, row.id.in_(ids)).tuples())


def _belongings(model: Any, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in model.select().where(model.ticket.in_(ids)).order_by(model.id):
        found.setdefault(row.ticket_id, []).append(row)
    return found


# -- figures -----------------------------------------------------------------------------------------------------------
def of_period(store: Store, since: dt.datetime, until: dt.datetime) -> Iterable[Ticket]:
    """Yield the tickets that can count in a period: received or answered in it, or open now or at its end.

    ``since`` is the start of the period before, with which it is compared.
    """
    row, line, asked = models.Ticket, models.Deadline, models.UnitAsked
    first, last = to_text(since), to_text(until)
    met = line.select(line.ticket).where(line.met >= first)
    late = asked.select(asked.ticket).where(asked.asked >= first)
    mine = (row.received >= first) | row.id.in_(met) | row.id.in_(late) | row.state.in_(OPEN)
    query: Any = row.select(row.id).where(row.office == store.office, row.received < last, mine)
    ids = [number for (number,) in query.order_by(row.id).tuples()]
    for at in range(0, len(ids), 500):
        yield from load(store, ids[at : at + 500])


def first_receipt(store: Store) -> dt.datetime | None:
    """Return when the first ticket on record was received, None where there is none."""
    row = models.Ticket
    query: Any = row.select(pw.fn.MIN(row.received)).where(row.office == store.office)
    return to_time(query.scalar(), store.zone)


# -- one outage, many callers ------------------------------------------------------------------------------------------
def groups(store: Store) -> dict[str, int]:
    """Return the first tickets of outages with how many open ones wait behind each."""
    row: Any = models.Ticket
    query: Any = row.select(row.outage_group, pw.fn.COUNT(row.id)).where(
        row.id.in_(_open_ids(store)), row.outage_group.is_null(False)
    )
    return dict(query.group_by(row.outage_group).tuples())


def group(store: Store, leader: str) -> tuple[list[Ticket], dict[str, int]]:
    """Return the tickets of one outage, the first one, then all that were put behind it, and their ``last_events``."""
    row: Any = models.Ticket
    first = row.select(row.id, row.received).where(row.office == store.office, row.number == leader).tuples().first()
    if first is None:
        return [], {}
    at = to_time(first[1], store.zone)
    assert at is not None
    near = row.select(row.id).where(
        row.office == store.office, row.received >= to_text(at - GROUP), row.received <= to_text(at + GROUP)
    )
    query: Any = row.select(row.id).where(row.id.in_(near), row.outage_group == leader)
    ids = [first[0], *(number for (number,) in query.order_by(row.id).tuples() if number != first[0])]
    found = load(store, ids)
    return sorted(found, key=lambda ticket: (ticket.number != leader, ticket.number)), last_events(store, ids)


# -- change ------------------------------------------------------------------------------------------------------------
def mark(store: Store) -> str:
    """Return a short text that is another one as soon as something that lists show has changed."""
    changed = store.last_change()
    item, effect, note = models.Item, models.Effect, models.Note
    items = item.select(pw.fn.COUNT(item.id), pw.fn.MAX(item.id)).where(
        item.office == store.office, item.state.in_(("unplaced", "set_aside"))
    )
    effects = effect.select(pw.fn.COUNT(effect.id)).where(effect.office == store.office, effect.state == "set_aside")
    alarms = note.select(note.value).where(note.office == store.office, note.name.startswith("alarm:"))
    care = models.Care.select(pw.fn.COUNT(models.Care.id), pw.fn.MAX(models.Care.since))
    told = "|".join(
        str(each) for each in (changed, *items.tuples(), effects.scalar(), *alarms.tuples(), *care.tuples())
    )
    return f"{changed}-{hash(told) & 0xFFFFFFFF:08x}"
