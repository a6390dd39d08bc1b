"""Office time: working days and office minutes, forwards and backwards, exact to the microsecond.

Knows office hours with a lunch break, days off, working Saturdays, half days and seasonal hours. It is a pure value made
by ``daemon.settings.calendar``; it reads no file, asks no clock and knows no law. Every instant handed in must be aware;
every instant handed out stands in the calendar's own zone (+07:00). How a date came about is told by ``explain``.

The rules (contract, "Time"; samples' README): a shift is closed at both ends, so 17:00:00 still belongs to the day and
17:00:00.000001 does not. The day of receipt is day 0; receipt after the last office minute or on a day off makes the next
working day day 0; before opening or at lunch it stays the same day. A due day ends with its last office minute.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from daemon.desk.procedure import DeadlineRule, Span
from daemon.desk.trouble import Refused

Hours = tuple[tuple[dt.time, dt.time], ...]

VIETNAM = dt.timezone(dt.timedelta(hours=7))
OFFICE_HOURS: Hours = ((dt.time(7, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17, 0)))
MONDAY_TO_FRIDAY = frozenset({1, 2, 3, 4, 5})

_ONE_DAY = dt.timedelta(days=1)
_NOTHING = dt.timedelta(0)
# Longer than any holiday: a calendar without a working day in all this time is a mistake, not a long wait.
_GIVE_UP_AFTER = 400


@dataclass(frozen=True, slots=True)
class Day:
    """One special day: ``kind`` is ``off``, ``working`` or ``half``; ``hours`` only where they differ from the usual.

    ``half`` without hours is the first shift of the usual day. ``confirmed`` is False for a row the office must confirm.
    """

    date: dt.date
    kind: str
    reason: str = ""
    hours: Hours | None = None
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Season:
    """Other hours from ``first`` to ``last`` (both inclusive), for all working days or only for ``weekdays`` (1 = Monday).

    With ``weekdays`` it also makes these days working days: Saturday mornings are a season of weekday 6.
    """

    first: dt.date
    last: dt.date
    hours: Hours
    weekdays: frozenset[int] | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The office's working time. ``years`` says of each year with a table whether the office confirmed it."""

    usual: Hours = OFFICE_HOURS
    workweek: frozenset[int] = MONDAY_TO_FRIDAY
    days: Mapping[dt.date, Day] = field(default_factory=dict)
    seasons: tuple[Season, ...] = ()
    zone: dt.tzinfo = VIETNAM
    years: Mapping[int, bool] = field(default_factory=lambda: MappingProxyType({}))

    # --- days -------------------------------------------------------------------------------------------------------

    def hours(self, day: dt.date) -> Hours:
        """Return the shifts of a day in order, each (opens, closes) in local time; empty on a day off."""
        row = self.days.get(day)
        if row is None:
            return self._weekly(day)
        if row.kind == "off":
            return ()
        if row.hours is not None:
            return row.hours
        usual = self._standard(day)
        return usual[:1] if row.kind == "half" else usual

    def _weekly(self, day: dt.date) -> Hours:
        weekday = day.isoweekday()
        for season in reversed(self.seasons):
            if season.weekdays is not None and weekday in season.weekdays and season.first <= day <= season.last:
                return season.hours
        return self._standard(day) if weekday in self.workweek else ()

    def _standard(self, day: dt.date) -> Hours:
        for season in reversed(self.seasons):
            if season.weekdays is None and season.first <= day <= season.last:
                return season.hours
        return self.usual

    def is_working_day(self, day: dt.date) -> bool:
        """Say whether the office works on a day, be it half of it."""
        return bool(self.hours(day))

    def confirmed(self, year: int) -> bool:
        """Say whether the office confirmed the table of a year; False where it has none."""
        return self.years.get(year, False)

    def next_working_day(self, day: dt.date) -> dt.date:
        """Return the day itself if the office works on it, else the first working day after it."""
        return next(self._working_days(day, 1))

    def working_days_after(self, day: dt.date, n: int) -> dt.date:
        """Return the n-th working day after a day; n = 0 is the day itself, or the next working day if it is off."""
        _not_negative(n)
        if n == 0:
            return self.next_working_day(day)
        return _nth(self._working_days(day + _ONE_DAY, 1), n)

    def working_days_before(self, day: dt.date, n: int) -> dt.date:
        """Return the n-th working day before a day; n = 0 is the day itself, or the working day before it if it is off."""
        _not_negative(n)
        if n == 0:
            return next(self._working_days(day, -1))
        return _nth(self._working_days(day - _ONE_DAY, -1), n)

    def day_zero(self, received: dt.datetime) -> dt.date:
        """Return the day from which working days are counted for something received at an instant."""
        local = self._local(received)
        hours = self.hours(local.date())
        if hours and local.time() <= hours[-1][1]:
            return local.date()
        return self.next_working_day(local.date() + _ONE_DAY)

    def due_day(self, received: dt.datetime, n: int) -> dt.datetime:
        """Return the end of the last office minute of the n-th working day after day zero (n = 0: of day zero)."""
        return self.closing(self.working_days_after(self.day_zero(received), n))

    def closing(self, day: dt.date) -> dt.datetime:
        """Return the last office instant of a working day. Raises ValueError on a day off."""
        hours = self.hours(day)
        if not hours:
            raise ValueError(f"{day:%d/%m/%Y} là ngày nghỉ, không có giờ đóng cửa")
        return self._aware(dt.datetime.combine(day, hours[-1][1]))

    # --- office time ------------------------------------------------------------------------------------------------

    def add_minutes(self, start: dt.datetime, n: float) -> dt.datetime:
        """Return the earliest instant at which n office minutes have passed since ``start`` (11:20 + 10 is 11:30)."""
        return self.add(start, dt.timedelta(minutes=n))

    def subtract_minutes(self, end: dt.datetime, n: float) -> dt.datetime:
        """Return the latest instant from which n office minutes pass until ``end`` (13:40 - 10 is 13:30)."""
        return self.subtract(end, dt.timedelta(minutes=n))

    def minutes_between(self, a: dt.datetime, b: dt.datetime) -> int:
        """Return the whole office minutes from a to b, negative where b is earlier; ``between`` is exact."""
        span = self.between(a, b)
        return span // dt.timedelta(minutes=1) if span >= _NOTHING else -(-span // dt.timedelta(minutes=1))

    def add(self, start: dt.datetime, span: dt.timedelta) -> dt.datetime:
        """Return the earliest instant at which a length of office time has passed since ``start``."""
        _not_negative(span.total_seconds())
        at, left = self._local(start), span
        if not left:
            return self._aware(at)
        for opens, closes in self._shifts(at.date(), 1):
            begin = max(at, opens)
            if begin < closes and closes - begin >= left:
                return self._aware(begin + left)
            left -= max(closes - begin, _NOTHING)
        raise AssertionError("shifts never end")

    def subtract(self, end: dt.datetime, span: dt.timedelta) -> dt.datetime:
        """Return the latest instant from which a length of office time passes until ``end``."""
        _not_negative(span.total_seconds())
        at, left = self._local(end), span
        if not left:
            return self._aware(at)
        for opens, closes in self._shifts(at.date(), -1):
            stop = min(at, closes)
            if stop > opens and stop - opens >= left:
                return self._aware(stop - left)
            left -= max(stop - opens, _NOTHING)
        raise AssertionError("shifts never end")

    def between(self, a: dt.datetime, b: dt.datetime) -> dt.timedelta:
        """Return the office time from a to b, exact; negative where b is earlier than a."""
        first, last = self._local(a), self._local(b)
        if last < first:
            return -self.between(b, a)
        total, day = _NOTHING, first.date()
        while day <= last.date():
            for opens, closes in self._day(day):
                total += max(min(closes, last) - max(opens, first), _NOTHING)
            day += _ONE_DAY
        return total

    def is_office_time(self, at: dt.datetime) -> bool:
        """Say whether an instant lies in office hours, opening and closing instants included."""
        local = self._local(at)
        return any(opens <= local <= closes for opens, closes in self._day(local.date()))

    def next_office_instant(self, at: dt.datetime) -> dt.datetime:
        """Return the instant itself if it lies in office hours, else the next opening."""
        local = self._local(at)
        return self._aware(
            next(max(opens, local) for opens, closes in self._shifts(local.date(), 1) if closes >= local)
        )

    def latest_office_instant(self, not_before: dt.datetime, not_after: dt.datetime) -> dt.datetime | None:
        """Return the latest office instant between two instants (both may be it), or None where there is none."""
        first, last = self._local(not_before), self._local(not_after)
        day = last.date()
        while day >= first.date():
            for opens, closes in reversed(self._day(day)):
                latest = min(closes, last)
                if latest >= opens and latest >= first:
                    return self._aware(latest)
            day -= _ONE_DAY
        return None

    # --- inside -----------------------------------------------------------------------------------------------------

    def _local(self, at: dt.datetime) -> dt.datetime:
        if at.tzinfo is None:
            raise ValueError(f"{at.isoformat()}: thời điểm phải có múi giờ")
        return at.astimezone(self.zone).replace(tzinfo=None)

    def _aware(self, local: dt.datetime) -> dt.datetime:
        return local.replace(tzinfo=self.zone)

    def _day(self, day: dt.date) -> tuple[tuple[dt.datetime, dt.datetime], ...]:
        combine = dt.datetime.combine
        return tuple((combine(day, opens), combine(day, closes)) for opens, closes in self.hours(day))

    def _working_days(self, day: dt.date, step: int) -> Iterator[dt.date]:
        """Yield working days from a day on, forwards or backwards. Raises Refused where the office never works."""
        idle = 0
        while idle < _GIVE_UP_AFTER:
            if self.is_working_day(day):
                idle = 0
                yield day
            else:
                idle += 1
            day += step * _ONE_DAY
        raise Refused(
            f"Lịch làm việc không có ngày làm việc nào trong {_GIVE_UP_AFTER} ngày quanh {day:%d/%m/%Y}. "
            "Hãy xem lại giờ làm việc trong config/desk.toml và bảng năm trong config/calendar/."
        )

    def _shifts(self, day: dt.date, step: int) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        for working in self._working_days(day, step):
            yield from self._day(working)[::step]


@dataclass(frozen=True, slots=True)
class NoticeDeadline:
    """When somebody must be told before an outage: ``due`` by the clock, ``act_by`` the last office instant for it.

    ``act_by`` is None where no office instant is left between receipt and due; ``feasible`` says whether the receipt
    was not already later than ``due``.
    """

    due: dt.datetime
    act_by: dt.datetime | None
    feasible: bool


def notice(calendar: Calendar, received: dt.datetime, start: dt.datetime, hours: float = 24) -> NoticeDeadline:
    """Return when the customer must be told: ``hours`` by the clock before the outage starts (P7)."""
    due_at = start.astimezone(calendar.zone) - dt.timedelta(hours=hours)
    return NoticeDeadline(due_at, calendar.latest_office_instant(received, due_at), received <= due_at)


def due(calendar: Calendar, span: Span, start: dt.datetime) -> dt.datetime:
    """Return when a span that began at ``start`` ends: working days, office minutes, or minutes by the clock."""
    if span.unit == "working day":
        return calendar.due_day(start, span.count)
    if span.unit == "office minute":
        return calendar.add_minutes(start, span.count)
    return start.astimezone(calendar.zone) + dt.timedelta(minutes=span.count)


def due_before(calendar: Calendar, span: Span, moment: dt.datetime) -> dt.datetime:
    """Return the instant a span ahead of a moment; working days end with the last office minute of that day."""
    local = moment.astimezone(calendar.zone)
    if span.unit == "working day":
        return calendar.closing(calendar.working_days_before(local.date(), span.count))
    if span.unit == "office minute":
        return calendar.subtract_minutes(local, span.count)
    return local - dt.timedelta(minutes=span.count)


def due_of(calendar: Calendar, rule: DeadlineRule, moment: dt.datetime) -> dt.datetime:
    """Return when a deadline of the procedure is due, ``moment`` being the instant its ``of`` names."""
    if rule.before is not None:
        return due_before(calendar, rule.before, moment)
    if rule.within is None:
        raise ValueError(f"hạn {rule.name!r}: thiếu within hoặc before")
    return due(calendar, rule.within, moment)


def _not_negative(value: float) -> None:
    if value < 0:
        raise ValueError(f"{value}: khoảng thời gian không được âm")


def _nth(days: Iterator[dt.date], n: int) -> dt.date:
    for _ in range(n - 1):
        next(days)
    return next(days)
