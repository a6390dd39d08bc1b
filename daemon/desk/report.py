"""From tickets to the figures of a period (P12). Pure: the clock and the count of office minutes are handed in.

What counts: every ticket that is a request and was not merged into another or set aside. A ticket belongs to a period by
its receipt; an answer by the time the customer had it. A promise is kept when the answer came by the time promised. What
was carried over from before and what was received was answered, closed without an answer, cancelled, or is still open.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from daemon.desk import wording
from daemon.desk.counted import Counted, counted, in_ledger
from daemon.desk.holder import holder_of
from daemon.desk.measures import Middle, Minutes, Spell, middle, spell
from daemon.desk.promises import met, promise
from daemon.desk.text import fold
from daemon.desk.ticket import Category, State, Ticket
from daemon.desk.unit_figures import LateUnit, UnitTally, late_askings, unit_tallies

_COMMUNE = re.compile(r"\b(xã|phường|thị trấn|xa|phuong|thi tran)\s+([^,;.\n]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Period:
    """A time from ``start`` to before ``end``, both aware, with its name (``tháng 10 năm 2026``)."""

    start: dt.datetime
    end: dt.datetime
    title: str

    def holds(self, moment: dt.datetime | None) -> bool:
        """Say whether a moment lies within."""
        return moment is not None and self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one kind or of all. ``late`` are answers after the promise, ``times`` how long they took.

    ``carried + received == answered + unanswered + cancelled + open``: carried were owed when the period began,
    unanswered were received in it and closed though their customer never had an answer.
    """

    title: str
    carried: int
    received: int
    answered: int
    unanswered: int
    cancelled: int
    on_time: int
    late: int
    open: int
    overdue: int
    times: Middle

    @property
    def share(self) -> float | None:
        """Return the percentage of answers on time, or None without answers."""
        return 100 * self.on_time / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class Overdue:
    """A ticket past its promise at the end of the period, and who holds it."""

    number: str
    customer: str
    kind: str
    due: dt.datetime
    holder: str
    late: Spell


@dataclass(frozen=True, slots=True)
class Repeated:
    """A customer or place that complained more than once in the period."""

    title: str
    count: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period beside those of the period before.

    ``booked == all.received + merged + aside``, of what the ledger lists for the period; ``late_units`` are the askings
    behind the units' late and overdue, and those given up late. ``known_since`` is the first receipt on record.
    """

    period: Period
    before: Period
    as_of: dt.datetime
    all: Tally
    previous: Tally
    kinds: tuple[Tally, ...]
    kinds_before: Mapping[str, int]
    units: tuple[UnitTally, ...]
    late_units: tuple[LateUnit, ...]
    channels: tuple[tuple[str, int], ...]
    days: tuple[tuple[dt.date, int, int], ...]
    overdue: tuple[Overdue, ...]
    repeated_customers: tuple[Repeated, ...]
    repeated_places: tuple[Repeated, ...]
    unanswered: tuple[str, ...]
    booked: int
    merged: int
    aside: int
    known_since: dt.datetime | None

    @property
    def comparable(self) -> bool:
        """Say whether anything was on record in the period before: what was not counted then is no figure of it."""
        return self.known_since is not None and self.known_since < self.before.end


def figures(
    tickets: Iterable[Ticket],
    period: Period,
    before: Period,
    now: dt.datetime,
    minutes: Minutes,
    *,
    titles: Mapping[str, str] | None = None,
    unit_names: Mapping[str, str] | None = None,
    place_of: Callable[[Ticket], str | None] | None = None,
    duty_steps: Collection[str] = (),
    known_since: dt.datetime | None = None,
) -> Figures:
    """Return the figures of a period as of its end, or of ``now`` where the period still runs.

    ``minutes`` gives the office minutes between two moments, ``titles`` the kinds' titles by category, ``unit_names``
    printed names by unit id. ``place_of`` names the place of a complaint; by itself the commune in its address is taken.
    ``duty_steps`` are the steps in which a unit is asked to acknowledge; ``known_since`` the first receipt on record, by itself
    that of the tickets given.
    """
    every = list(tickets)
    booked = Counter(counted(ticket) for ticket in every if period.holds(ticket.received) and in_ledger(ticket))
    mine = [ticket for ticket in every if counts(ticket)]
    as_of = min(period.end, now)
    names = unit_names or {}
    received = [ticket for ticket in mine if period.holds(ticket.received)]
    asked = [(ticket, row) for ticket in mine for row in ticket.units if period.holds(row.asked)]
    complaints = [ticket for ticket in received if ticket.category is Category.OUTAGE_COMPLAINT]
    kinds = [kind for kind in Category if kind is not Category.NOT_A_REQUEST]
    return Figures(
        period=period,
        before=before,
        as_of=as_of,
        all=tally("Tất cả", mine, period, as_of, minutes),
        previous=tally("Tất cả", mine, before, before.end, minutes),
        kinds=tuple(
            tally(_title(kind, titles), [t for t in mine if t.category is kind], period, as_of, minutes)
            for kind in kinds
        ),
        kinds_before=_count_kinds(mine, before, kinds, titles),
        units=unit_tallies(asked, as_of, minutes, names, duty_steps),
        late_units=late_askings(asked, as_of, minutes, names, duty_steps, titles or {}),
        channels=_channels(received),
        days=_days(mine, period, as_of),
        overdue=_overdue(mine, _until(period, as_of), as_of, minutes, titles, names),
        repeated_customers=_repeated(complaints, _known_by, _called),
        repeated_places=_repeated(complaints, place_of or commune, place_of or commune),
        unanswered=tuple(sorted(ticket.number for ticket in received if _dropped(ticket, State.CLOSED))),
        booked=booked.total(),
        merged=booked[Counted.MERGED],
        aside=booked[Counted.ASIDE],
        known_since=known_since or min((ticket.received for ticket in every), default=None),
    )


def counts(ticket: Ticket) -> bool:
    """Say whether a ticket is counted: a request that was not merged away or set aside."""
    return counted(ticket) is Counted.OWN


def tally(title: str, tickets: Sequence[Ticket], period: Period, as_of: dt.datetime, minutes: Minutes) -> Tally:
    """Return the counts of some tickets in a period; open and overdue are those at ``as_of``."""
    received = [ticket for ticket in tickets if period.holds(ticket.received)]
    answered = [(ticket, done) for ticket in tickets if period.holds(done := met(ticket)) and done is not None]
    kept = sum(on_time(ticket, done) for ticket, done in answered)
    waiting = [ticket for ticket in tickets if is_open(ticket, _until(period, as_of))]
    return Tally(
        title=title,
        carried=sum(is_open(ticket, period.start) for ticket in tickets),
        received=len(received),
        answered=len(answered),
        unanswered=sum(_dropped(ticket, State.CLOSED) for ticket in received),
        cancelled=sum(_dropped(ticket, State.CANCELLED) for ticket in received),
        on_time=kept,
        late=len(answered) - kept,
        open=len(waiting),
        overdue=sum(_past(ticket, as_of) for ticket in waiting),
        times=middle([spell(ticket, ticket.received, done, minutes) for ticket, done in answered]),
    )


def on_time(ticket: Ticket, done: dt.datetime) -> bool:
    """Say whether an answer kept the promise."""
    due = promise(ticket)
    return due is None or done <= due


def is_open(ticket: Ticket, at: dt.datetime) -> bool:
    """Say whether the answer was still owed just before a moment. Cancelled or closed without one it was at no time."""
    done = met(ticket)
    if done is None and ticket.state in (State.CANCELLED, State.CLOSED):
        return False
    return ticket.received < at and (done is None or done >= at)


def _dropped(ticket: Ticket, state: State) -> bool:
    """Say whether a ticket ended in a state without an answer."""
    return ticket.state is state and met(ticket) is None


def _until(period: Period, as_of: dt.datetime) -> dt.datetime:
    """The moment before which all counts: the period's end; of one that still runs, what happened just now counts too."""
    return min(period.end, as_of + dt.timedelta(microseconds=1))


def _past(ticket: Ticket, at: dt.datetime) -> bool:
    due = promise(ticket)
    return due is not None and due < at


def _title(kind: Category, titles: Mapping[str, str] | None) -> str:
    return (titles or {}).get(kind.value) or wording.CATEGORIES[kind]


def _count_kinds(
    tickets: Sequence[Ticket], period: Period, kinds: Sequence[Category], titles: Mapping[str, str] | None
) -> Mapping[str, int]:
    found = Counter(ticket.category for ticket in tickets if period.holds(ticket.received))
    return {_title(kind, titles): found[kind] for kind in kinds}


def _channels(received: Sequence[Ticket]) -> tuple[tuple[str, int], ...]:
    found = Counter(wording.CHANNELS[ticket.channel] for ticket in received)
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _days(tickets: Sequence[Ticket], period: Period, as_of: dt.datetime) -> tuple[tuple[dt.date, int, int], ...]:
    """Return received and answered for every day of the period up to ``as_of``, in the period's time zone."""
    zone = period.start.tzinfo
    came = Counter(ticket.received.astimezone(zone).date() for ticket in tickets if period.holds(ticket.received))
    went = Counter(done.astimezone(zone).date() for ticket in tickets if period.holds(done := met(ticket)) and done)
    first = period.start.date()
    last = (min(as_of, period.end) - dt.timedelta(microseconds=1)).astimezone(zone).date()
    days = [first + dt.timedelta(days=offset) for offset in range((last - first).days + 1)]
    return tuple((day, came[day], went[day]) for day in days)


def _overdue(
    tickets: Sequence[Ticket],
    until: dt.datetime,
    as_of: dt.datetime,
    minutes: Minutes,
    titles: Mapping[str, str] | None,
    names: Mapping[str, str],
) -> tuple[Overdue, ...]:
    found = []
    for ticket in tickets:
        due = promise(ticket)
        if due is not None and due < as_of and is_open(ticket, until):
            name = ticket.customer.name or "(chưa rõ tên)"
            kind = _title(ticket.category, titles)
            found.append(
                Overdue(ticket.number, name, kind, due, holder_of(ticket, names), spell(ticket, due, as_of, minutes))
            )
    return tuple(sorted(found, key=lambda each: (each.due, each.number)))


def _repeated(
    complaints: Sequence[Ticket], key: Callable[[Ticket], str | None], title: Callable[[Ticket], str | None]
) -> tuple[Repeated, ...]:
    groups: dict[str, list[Ticket]] = {}
    for ticket in complaints:
        known = key(ticket)
        if known:
            groups.setdefault(fold(known), []).append(ticket)
    found = [
        Repeated(title(min(rows, key=_number)) or "", len(rows), tuple(sorted(ticket.number for ticket in rows)))
        for rows in groups.values()
        if len(rows) > 1
    ]
    return tuple(sorted(found, key=lambda each: (-each.count, each.title)))


def _number(ticket: Ticket) -> str:
    return ticket.number


def _known_by(ticket: Ticket) -> str | None:
    """Tell a customer by code, else by phone: names are shared by many."""
    return ticket.customer.customer_code or ticket.customer.phone


def _called(ticket: Ticket) -> str | None:
    known = _known_by(ticket)
    return f"{ticket.customer.name} ({known})" if ticket.customer.name else known


def commune(ticket: Ticket) -> str | None:
    """Return the commune, ward or township in a ticket's address, as the customer wrote it."""
    match = _COMMUNE.search(ticket.customer.address or "")
    return f"{match[1].lower()} {match[2].strip()}" if match else None
