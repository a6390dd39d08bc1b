"""The calendar against a slow oracle that walks minute by minute (and second by second) over randomly made days."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.calendar import Calendar, Day, notice

ZONE = dt.timezone(dt.timedelta(hours=7))
FIRST = dt.date(2026, 3, 2)
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)

rules = settings(derandomize=True, max_examples=150, deadline=None)


def clock(minute):
    return dt.time(minute // 60, minute % 60)


@st.composite
def shifts(draw):
    """Zero to three shifts of a day on whole minutes."""
    count = draw(st.sampled_from([0, 0, 1, 2, 2, 2, 3]))
    edges = sorted(draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=2 * count, max_size=2 * count, unique=True)))
    return tuple((clock(edges[i]), clock(edges[i + 1])) for i in range(0, 2 * count, 2))


@st.composite
def worlds(draw):
    """A plain table of shifts by day for some weeks, the office's usual hours outside, and its calendar."""
    table = {FIRST + n * DAY: hours for n, hours in enumerate(draw(st.lists(shifts(), min_size=8, max_size=8)))}
    rows = {day: Day(day, "working" if hours else "off", "", hours or None) for day, hours in table.items()}
    return table, Calendar(days=rows)


def shifts_on(table, day):
    if day in table:
        return table[day]
    usual = ((dt.time(7, 30), dt.time(11, 30)), (dt.time(13, 30), dt.time(17, 0)))
    return usual if day.isoweekday() <= 5 else ()


def runs(table, at):
    """Say whether office time runs in the moment after an instant."""
    return any(opens <= at.time() < closes for opens, closes in shifts_on(table, at.date()))


def in_office(table, at):
    return any(opens <= at.time() <= closes for opens, closes in shifts_on(table, at.date()))


def walk(table, at, steps, unit):
    while steps:
        steps -= runs(table, at)
        at += unit
    return at


def walk_back(table, at, steps, unit):
    while steps:
        at -= unit
        steps -= runs(table, at)
    return at


def walk_latest(table, first, last, unit):
    while last >= first:
        if in_office(table, last):
            return last
        last -= unit
    return None


def zero(table, received):
    """Day zero by its words: the same day while office time is still to come or just ends, else the next working day."""
    opened = shifts_on(table, received.date())
    day = received.date()
    if opened and max(closes for _, closes in opened) >= received.time():
        return day
    day += DAY
    while not shifts_on(table, day):
        day += DAY
    return day


instants = st.integers(0, 9 * 24 * 60).map(lambda n: dt.datetime.combine(FIRST, dt.time(0), ZONE) + n * MINUTE)
fine_instants = st.integers(0, 9 * 24 * 3600 * 10**6).map(
    lambda n: dt.datetime.combine(FIRST, dt.time(0), ZONE) + dt.timedelta(microseconds=n)
)


@rules
@given(worlds(), instants, st.integers(0, 900))
def test_adding_minutes_is_walking(world, start, n):
    table, calendar = world
    assert calendar.add_minutes(start, n) == walk(table, start, n, MINUTE)


@rules
@given(worlds(), instants, st.integers(0, 900))
def test_subtracting_minutes_is_walking_back(world, end, n):
    table, calendar = world
    assert calendar.subtract_minutes(end, n) == walk_back(table, end, n, MINUTE)


@rules
@given(worlds(), instants, instants)
def test_minutes_between_is_counting(world, a, b):
    table, calendar = world
    a, b = min(a, b), max(a, b)
    minutes = range(int((b - a) / MINUTE))
    count = sum(runs(table, a + n * MINUTE) for n in minutes)
    assert calendar.minutes_between(a, b) == count
    assert calendar.minutes_between(b, a) == -count
    assert calendar.between(a, b) == count * MINUTE


@settings(derandomize=True, max_examples=25, deadline=None)
@given(worlds(), fine_instants.map(lambda at: at.replace(microsecond=0)), st.integers(0, 400))
def test_seconds_count(world, start, n):
    table, calendar = world
    assert calendar.add(start, n * SECOND) == walk(table, start, n, SECOND)
    assert calendar.subtract(start, n * SECOND) == walk_back(table, start, n, SECOND)


@rules
@given(worlds(), instants, instants)
def test_latest_office_instant_is_walking_back(world, a, b):
    table, calendar = world
    assert calendar.latest_office_instant(a, b) == walk_latest(table, a, b, MINUTE)


@rules
@given(worlds(), fine_instants, st.integers(0, 12))
def test_due_day_is_counting_days(world, received, n):
    table, calendar = world
    day = zero(table, received)
    assert calendar.day_zero(received) == day
    for _ in range(n):
        day += DAY
        while not shifts_on(table, day):
            day += DAY
    assert calendar.due_day(received, n) == dt.datetime.combine(day, shifts_on(table, day)[-1][1], ZONE)


@rules
@given(worlds(), fine_instants, st.integers(1, 9))
def test_days_before_undo_days_after(world, at, n):
    _, calendar = world
    start = calendar.next_working_day(at.date())
    assert calendar.working_days_before(calendar.working_days_after(start, n), n) == start


@rules
@given(worlds(), fine_instants, st.integers(0, 5 * 10**10))
def test_adding_and_subtracting_are_inverse(world, at, micros):
    _, calendar = world
    span = dt.timedelta(microseconds=micros)
    later = calendar.add(at, span)
    assert calendar.between(at, later) == span
    earlier = calendar.subtract(at, span)
    assert calendar.between(earlier, at) == span
    if span:
        assert calendar.subtract(later, span) >= at or not calendar.is_office_time(at)
        assert calendar.is_office_time(later) and calendar.is_office_time(earlier)


@rules
@given(worlds(), fine_instants, st.integers(1, 10**10), st.integers(1, 10**10))
def test_adding_is_additive_and_grows(world, at, first, second):
    _, calendar = world
    a, b = dt.timedelta(microseconds=first), dt.timedelta(microseconds=second)
    assert calendar.add(calendar.add(at, a), b) == calendar.add(at, a + b)
    assert calendar.subtract(calendar.subtract(at, a), b) == calendar.subtract(at, a + b)
    assert calendar.add(at, a) < calendar.add(at, a + b)
    assert calendar.add(at, a) <= calendar.add(at + b, a)
    assert calendar.add(at, a) >= at + a


@rules
@given(worlds(), fine_instants, fine_instants, fine_instants)
def test_between_is_additive(world, a, b, c):
    _, calendar = world
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)


@rules
@given(worlds(), fine_instants, fine_instants)
def test_due_days_never_go_back(world, a, b):
    _, calendar = world
    a, b = min(a, b), max(a, b)
    assert calendar.due_day(a, 2) <= calendar.due_day(b, 2)
    assert calendar.due_day(a, 2) < calendar.due_day(a, 3)
    assert calendar.is_working_day(calendar.due_day(a, 3).date())


@rules
@given(worlds(), fine_instants)
def test_next_office_instant(world, at):
    table, calendar = world
    found = calendar.next_office_instant(at)
    assert found >= at and calendar.is_office_time(found) and calendar.between(at, found) == dt.timedelta(0)
    assert calendar.is_office_time(at) == in_office(table, at) == (found == at)


@rules
@given(worlds(), fine_instants, instants, st.sampled_from([0, 1, 24, 48]))
def test_notice_stays_between_receipt_and_due(world, received, start, hours):
    table, calendar = world
    found = notice(calendar, received, start, hours)
    assert found.due == start - dt.timedelta(hours=hours)
    assert found.feasible == (received <= found.due)
    if found.act_by is None:
        assert calendar.latest_office_instant(received, found.due) is None
    else:
        assert received <= found.act_by <= found.due and in_office(table, found.act_by)


@rules
@given(worlds(), fine_instants, st.integers(-12, 14), st.integers(0, 600))
def test_the_zone_of_the_input_does_not_matter(world, at, hours, n):
    _, calendar = world
    elsewhere = at.astimezone(dt.timezone(dt.timedelta(hours=hours)))
    assert calendar.add_minutes(elsewhere, n) == calendar.add_minutes(at, n)
    assert calendar.due_day(elsewhere, 3) == calendar.due_day(at, 3)
    assert calendar.due_day(elsewhere, 3).utcoffset() == dt.timedelta(hours=7)


@pytest.mark.parametrize("unaware", [dt.datetime(2026, 10, 5, 9)])
def test_an_instant_without_a_zone_is_refused(unaware):
    with pytest.raises(ValueError, match="múi giờ"):
        Calendar().add_minutes(unaware, 1)
