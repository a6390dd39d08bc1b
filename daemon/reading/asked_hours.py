"""The hours that a question names on its day: «từ 18h đến 22h ngày 25/11», «18h-22h tối nay», «chiều mai từ 14h».

A stretch is read, or a beginning («từ 14h»); a single time («8h sáng mai») is no stretch and leaves the day whole. What
may be morning or evening, and hours when somebody can be reached, are left alone too: the whole day then holds the answer.
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence

from daemon.reading.dates import PART, Day, Hour, contradicts, hour_of, part_before

Window = tuple[dt.datetime, dt.datetime]
_PART = rf"(?:{PART})"
_LINK = re.compile(
    rf"\s*(?:{_PART}\b)?[\s,(]*(?:vao |ngay|hom)?[\s,)]*(?:cho den|den|toi|-|–|—|~|->)\s*"
    rf"(?:khoang|luc|tam|het|ngay|hom)?\s*(?:{_PART})?\s*"
)
_SINCE = re.compile(r"\btu\s?(?:luc|khoang|hoi|tam|vao)?\s?$")
_OTHER_HOURS = re.compile(
    r"\b(?:lam viec|mo cua|hanh chinh|lien he|lien lac|goi|nghe may|o nha|co nha|tiep khach|tiep dan|don khach)\b[^.;\n?]{0,24}$"
)
_NIGHT = 17 * 60  # a stretch that begins from then on may end on the next day
_DAY = 24 * 60


def asked_hours(text: str, folded: str, days: Sequence[Day], hours: Sequence[Hour], zone: dt.tzinfo) -> Window | None:
    """Return from when to when a question asks, None where it names no hours, or not whose day they are.

    ``folded`` is ``text`` without marks, letter for letter; ``days`` and ``hours`` are those found in it.
    """
    hours = [hour for hour in hours if not _OTHER_HOURS.search(folded[max(0, hour.start - 45) : hour.start])]
    pairs = list(_pairs(folded, days, hours))
    dates = sorted({day.day for day in days if day.day})
    if any(day.lastday for day in days) or not dates:
        return None
    if len(dates) == 2 and len(pairs) == 1:
        return _over_night(text, folded, days, pairs[0], zone)
    if len(dates) > 1:
        return None
    part = next((day.part for day in days if day.part), None)
    spans = [_span(text, folded, pair, part) for pair in pairs]
    if not pairs and len(hours) == 1 and _SINCE.search(folded[: hours[0].start]):
        start = _minutes(text, folded, hours[0], part)
        spans = [None if start is None else (start, _DAY)]
    known = [span for span in spans if span]
    if not known or len(known) < len(spans):
        return None
    return _at(dates[0], min(start for start, _ in known), zone), _at(dates[0], max(end for _, end in known), zone)


def _pairs(folded: str, days: Sequence[Day], hours: Sequence[Hour]) -> Iterator[tuple[Hour, Hour]]:
    for first, second in itertools.pairwise(hours):
        between = folded[first.end : second.start]
        for day in days:
            if first.end <= day.start and day.end <= second.start:
                between = between.replace(folded[day.start : day.end], " ")
        if _LINK.fullmatch(between):
            yield first, second


def _span(text: str, folded: str, pair: tuple[Hour, Hour], of_day: str | None) -> tuple[int, int] | None:
    """Return a stretch in minutes of its day; its end may lie in the next one. None where it may be meant otherwise."""
    first, second = (hour.part or part_before(folded, hour.start) for hour in pair)
    starts = _meant(pair[0], (first,) if first else (second, of_day))
    ends = _meant(pair[1], (second,) if second else (first, of_day))
    if not (first or second or of_day) and _may_be_evening(text, pair[0]) and max(ends) <= _DAY / 2:
        return None
    found = next(((start, end) for start in starts for end in ends if start < end), None)
    if found:
        return found
    return (starts[0], ends[0] + _DAY) if starts[0] >= _NIGHT else None


def _meant(hour: Hour, parts: Sequence[str | None]) -> list[int]:
    """Return what an hour may mean, in minutes, likeliest first: in the part of the day that is named, then as it stands."""
    named = [part for part in parts if part and not contradicts(hour.hour, part)]
    meant = [hour_of(hour.hour, part) for part in named] + [hour.hour]
    return [each * 60 + hour.minute for each in dict.fromkeys(meant)]


def _minutes(text: str, folded: str, hour: Hour, of_day: str | None) -> int | None:
    part = hour.part or part_before(folded, hour.start) or of_day
    return None if part is None and _may_be_evening(text, hour) else _meant(hour, (part,))[0]


def _may_be_evening(text: str, hour: Hour) -> bool:
    """«2h» may be the afternoon; «02h» and «14h» are said by the clock."""
    return 1 <= hour.hour <= 5 and not text.startswith("0", hour.start)


def _over_night(text: str, folded: str, days: Sequence[Day], pair: tuple[Hour, Hour], zone: dt.tzinfo) -> Window | None:
    """«từ 22h tối nay đến 5h sáng mai»: a stretch whose end has a day of its own."""
    known = [day for day in days if day.day]
    first, last = known[0], known[-1]
    if first.day is None or last.day is None or first.day >= last.day:
        return None
    if not first.start < pair[1].start or not pair[0].end <= last.start or last.end < pair[1].start - 16:
        return None
    start = _minutes(text, folded, pair[0], first.part)
    end = _minutes(text, folded, pair[1], last.part)
    return None if start is None or end is None else (_at(first.day, start, zone), _at(last.day, end, zone))


def _at(day: dt.date, minutes: int, zone: dt.tzinfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(minutes=minutes)
