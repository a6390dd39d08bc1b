"""From tickets to the figures of a period (P12). Pure: the clock and the count of office minutes are handed in.

What counts: every ticket that is a request and was not merged into another or set aside. A ticket belongs to a period by
its receipt; an answer by the time the customer had it. A promise is kept when the answer came by the time promised. What
was carried over from before and what was received was answered, closed without an answer, cancelled, or is still open.
"""

import datetime as dt
import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from daemon.desk import wording
from daemon.desk.holder import holder_of
from daemon.desk.promises import met, promise
from daemon.desk.text import fold
from daemon.desk.ticket import Category, State, Ticket, UnitAsked, UnitState

Minutes = Callable[[dt.datetime, dt.datetime], float]
LEFT_OUT = frozenset({State.SET_ASIDE, State.MERGED})
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
    """Counts of one kind or of all. ``late`` are answers after the promise; times are minutes (see ``took``) or None.

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
    median: float | None
    p90: float | None

    @property
    def share(self) -> float | None:
        """Return the percentage of answers on time, or None without answers."""
        return 100 * self.on_time / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class UnitTally:
    """How one unit answered what it was asked in the period. ``overdue`` are still open past their due time."""

    title: str
    asked: int
    answered: int
    on_time: int
    late: int
    open: int
    overdue: int
    reminded: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """A ticket past its promise at the end of the period, and who holds it."""

    number: str
    customer: str
    kind: str
    due: dt.datetime
    holder: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Repeated:
    """A customer or place that complained more than once in the period."""

    title: str
    count: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period beside those of the period before."""

    period: Period
    before: Period
    as_of: dt.datetime
    all: Tally
    previous: Tally
    kinds: tuple[Tally, ...]
    kinds_before: Mapping[str, int]
    units: tuple[UnitTally, ...]
    channels: tuple[tuple[str, int], ...]
    days: tuple[tuple[dt.date, int, int], ...]
    overdue: tuple[Overdue, ...]
    repeated_customers: tuple[Repeated, ...]
    repeated_places: tuple[Repeated, ...]
    unanswered: tuple[str, ...]


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
) -> Figures:
    """Return the figures of a period as of its end, or of ``now`` where the period still runs.

    ``minutes`` gives the office minutes between two moments, ``titles`` the kinds' titles by category, ``unit_names``
    printed names by unit id. ``place_of`` names the place of a complaint; by itself the commune in its address is taken.
    """
    counted = [ticket for ticket in tickets if counts(ticket)]
    as_of = min(period.end, now)
    names = unit_names or {}
    received = [ticket for ticket in counted if period.holds(ticket.received)]
    complaints = [ticket for ticket in received if ticket.category is Category.OUTAGE_COMPLAINT]
    kinds = [kind for kind in Category if kind is not Category.NOT_A_REQUEST]
    return Figures(
        period=period,
        before=before,
        as_of=as_of,
        all=tally("Tất cả", counted, period, as_of, minutes),
        previous=tally("Tất cả", counted, before, before.end, minutes),
        kinds=tuple(
            tally(_title(kind, titles), [t for t in counted if t.category is kind], period, as_of, minutes)
            for kind in kinds
        ),
        kinds_before=_count_kinds(counted, before, kinds, titles),
        units=_units(counted, period, as_of, minutes, names),
        channels=_channels(received),
        days=_days(counted, period, as_of),
        overdue=_overdue(counted, _until(period, as_of), as_of, minutes, titles, names),
        repeated_customers=_repeated(complaints, _known_by, _called),
        repeated_places=_repeated(complaints, place_of or commune, place_of or commune),
        unanswered=tuple(sorted(ticket.number for ticket in received if _dropped(ticket, State.CLOSED))),
    )


def counts(ticket: Ticket) -> bool:
    """Say whether a ticket is counted: a request that was not merged away or set aside."""
    return ticket.category is not Category.NOT_A_REQUEST and ticket.state not in LEFT_OUT


def tally(title: str, tickets: Sequence[Ticket], period: Period, as_of: dt.datetime, minutes: Minutes) -> Tally:
    """Return the counts of some tickets in a period; open and overdue are those at ``as_of``."""
    received = [ticket for ticket in tickets if period.holds(ticket.received)]
    answered = [(ticket, done) for ticket in tickets if period.holds(done := met(ticket)) and done is not None]
    kept = sum(on_time(ticket, done) for ticket, done in answered)
    waiting = [ticket for ticket in tickets if is_open(ticket, _until(period, as_of))]
    times = [took(ticket, ticket.received, done, minutes) for ticket, done in answered]
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
        median=median(times),
        p90=percentile(times, 90),
    )


def took(ticket: Ticket, start: dt.datetime, end: dt.datetime, minutes: Minutes) -> float:
    """Return the minutes between two moments of a ticket: of the clock for incident and danger (P2), else of the office."""
    if ticket.danger or ticket.category is Category.INCIDENT_REPORT:
        return (end - start).total_seconds() / 60
    return minutes(start, end)


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


def median(values: Sequence[float]) -> float | None:
    """Return the median, or None of nothing."""
    return float(statistics.median(values)) if values else None


def percentile(values: Sequence[float], rank: int) -> float | None:
    """Return the nearest-rank percentile: the least value that at least ``rank`` per cent do not exceed."""
    if not values:
        return None
    return float(sorted(values)[max(1, math.ceil(rank * len(values) / 100)) - 1])


def _title(kind: Category, titles: Mapping[str, str] | None) -> str:
    return (titles or {}).get(kind.value) or wording.CATEGORIES[kind]


def _count_kinds(
    tickets: Sequence[Ticket], period: Period, kinds: Sequence[Category], titles: Mapping[str, str] | None
) -> Mapping[str, int]:
    found = Counter(ticket.category for ticket in tickets if period.holds(ticket.received))
    return {_title(kind, titles): found[kind] for kind in kinds}


def _units(
    tickets: Sequence[Ticket], period: Period, as_of: dt.datetime, minutes: Minutes, names: Mapping[str, str]
) -> tuple[UnitTally, ...]:
    rows: dict[str, list[tuple[Ticket, UnitAsked]]] = {}
    for ticket in tickets:
        for row in ticket.units:
            if period.holds(row.asked):
                rows.setdefault(row.unit, []).append((ticket, row))
    made = [_unit(wording.unit_name(unit, names), mine, as_of, minutes) for unit, mine in rows.items()]
    return tuple(sorted(made, key=lambda each: (-each.asked, each.title)))


def _unit(title: str, asked: Sequence[tuple[Ticket, UnitAsked]], as_of: dt.datetime, minutes: Minutes) -> UnitTally:
    rows = [row for _, row in asked]
    done = [(ticket, row) for ticket, row in asked if row.answered is not None and row.answered < as_of]
    answered = [row for _, row in done]
    kept = sum(row.due is None or _moment(row.answered) <= row.due for row in answered)
    waiting = [row for row in rows if row not in answered and row.state is not UnitState.WITHDRAWN]
    times = [took(ticket, _moment(row.asked), _moment(row.answered), minutes) for ticket, row in done]
    return UnitTally(
        title=title,
        asked=len(rows),
        answered=len(answered),
        on_time=kept,
        late=len(answered) - kept,
        open=len(waiting),
        overdue=sum(row.due is not None and row.due < as_of for row in waiting),
        reminded=sum(bool(row.reminded) for row in rows),
        median=median(times),
        p90=percentile(times, 90),
    )


def _moment(moment: dt.datetime | None) -> dt.datetime:
    assert moment is not None
    return moment


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
                Overdue(ticket.number, name, kind, due, holder_of(ticket, names), took(ticket, due, as_of, minutes))
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
