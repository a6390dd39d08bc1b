"""Lengths of time and their middle, for the report's figures. Pure."""

import datetime as dt
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from daemon.desk.ticket import Category, Ticket

Minutes = Callable[[dt.datetime, dt.datetime], float]


@dataclass(frozen=True, slots=True)
class Spell:
    """A length of time in minutes: as it counts (``took``), and by the clock."""

    counted: float
    clock: float


def took(ticket: Ticket, start: dt.datetime, end: dt.datetime, minutes: Minutes) -> float:
    """Return the minutes between two moments of a ticket: of the clock for incident and danger (P2), else of the office."""
    if ticket.danger or ticket.category is Category.INCIDENT_REPORT:
        return (end - start).total_seconds() / 60
    return minutes(start, end)


def spell(ticket: Ticket, start: dt.datetime, end: dt.datetime, minutes: Minutes) -> Spell:
    """Return the time between two moments of a ticket, as it counts and by the clock."""
    return Spell(took(ticket, start, end, minutes), (end - start).total_seconds() / 60)


def median(values: Sequence[float]) -> float | None:
    """Return the median, or None of nothing."""
    return float(statistics.median(values)) if values else None


def percentile(values: Sequence[float], rank: int) -> float | None:
    """Return the nearest-rank percentile: the least value that at least ``rank`` per cent do not exceed."""
    if not values:
        return None
    return float(sorted(values)[max(1, math.ceil(rank * len(values) / 100)) - 1])


@dataclass(frozen=True, slots=True)
class Middle:
    """The median and the 90th percentile of lengths of time, minutes or None of nothing; ``clock_…`` by the clock."""

    median: float | None
    p90: float | None
    clock_median: float | None
    clock_p90: float | None


def middle(spells: Sequence[Spell]) -> Middle:
    """Return the median and 90th percentile of some lengths of time."""
    counted, clock = [each.counted for each in spells], [each.clock for each in spells]
    return Middle(median(counted), percentile(counted, 90), median(clock), percentile(clock, 90))
