"""The new time of an outage: in the dispatch room's answer (``đồng ý chuyển sang 07h30 - 11h30 ngày 31/10/2026``), in a wish.

Only a day and an hour that the text surely names, or "cùng khung giờ", become a start. Two possible days, a weekday that
contradicts its date, an hour that may be night or afternoon: there is no start then, and a person is asked.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from daemon.desk.text import fold_aligned, nfc
from daemon.reading.dates import Day, Hour, find_days, find_hours, hour_of, part_before

_TO = re.compile(r"\b(?:sang|qua|thanh|xuong)\b")
_EXACT = ("sang", "qua", "thành", "xuống")
_WEAK_TO = re.compile(
    r"\b(?:chuyen|doi|lui|hoan|day|dich|dieu chinh|thay doi|bo tri|xep)\b[^.;\n]{0,80}?\b(?:den|vao|lai|ve|toi)\b"
)
_MARKED = {"sang": "sáng", "toi": "tối"}
_NEAR = 30
_UNTIL = re.compile(r"(?:\b(?:den|toi|het)\s?(?:luc|hoi|khoang|gio)?\s?|[-–—]\s?)$")
_OLD = re.compile(
    r"(?:thay vi|thay cho|(?:lich|ke hoach|thong bao) cu|da (?:thong bao|cong bo))\s?(?:la|luc|tu|vao|ngay|\s)*$"
)
_SAME = re.compile(
    r"\b(?:cung|giu nguyen|van|giu) (?:khung |thoi )?gi(?:o|an)\b|\bkhung gio (?:khong doi|nhu cu|giu nguyen)\b"
)
_SAME_DAY = re.compile(r"\b(?:cung ngay|trong ngay|ngay hom do)\b")
Window = tuple[dt.datetime, dt.datetime]
_SENTENCE = re.compile(r"[;\n]|\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class NewTime:
    """A new start and, where the text names it, the new end."""

    start: dt.datetime
    end: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """A text with its days and hours, those surely of the old plan left out."""

    text: str
    folded: str
    days: tuple[Day, ...]
    hours: tuple[Hour, ...]
    old: dt.datetime | None
    zone: dt.tzinfo | None


def new_time(text: str, received: dt.datetime, old: dt.datetime | None = None) -> NewTime | None:
    """Return the new time that an answer names, in the zone of ``received``; ``old`` is the start announced before."""
    said = _said(text, received, old)
    begin = _begin(said)
    for end in _ends(said.folded, begin):
        found = _read(said, begin, end)
        if found is not None:
            return found if found.start != old else None
    return None


def wished(text: str, received: dt.datetime, old: dt.datetime | None = None) -> Window | None:
    """Return the time to which a customer wishes an outage moved, None where no single one is named.

    Whole days where no hour is said; both ends are the same where only the beginning is.
    """
    said = _said(text, received, old)
    begin = _begin(said)
    if not begin:  # no word of moving: every time is of the old plan
        return None
    end = _ends(said.folded, begin)[0]
    found = _read(said, begin, end)
    if found is not None:
        return (found.start, found.end or found.start) if found.start != old else None
    if any(begin <= hour.start < end for hour in said.hours):
        return None
    return _whole_days(said, [day for day in said.days if begin <= day.start < end])


def _whole_days(said: _Said, days: Sequence[Day]) -> Window | None:
    if len({(day.day, day.lastday) for day in days}) != 1 or days[0].day is None or days[0].question:
        return None
    first = days[0].day
    if said.old is not None and first == said.old.date():
        return None
    last = (days[0].lastday or first) + dt.timedelta(days=1)
    return dt.datetime.combine(first, dt.time(), said.zone), dt.datetime.combine(last, dt.time(), said.zone)


def _said(text: str, received: dt.datetime, old: dt.datetime | None) -> _Said:
    text = nfc(text)[:20_000]
    folded = fold_aligned(text)
    days = tuple(
        day for day in find_days(text, received) if not _OLD.search(folded[max(0, day.start - 40) : day.start])
    )
    hours = tuple(one for one in find_hours(text) if not _OLD.search(folded[max(0, one.start - 40) : one.start]))
    return _Said(text, folded, days, hours, old and old.astimezone(received.tzinfo), received.tzinfo)


def _begin(said: _Said) -> int:
    """Where the wished time begins: behind "sang", "thành" … that stands before a day or hour, else at the text's head."""
    plain = said.text.isascii()
    starts = [*(day.start for day in said.days), *(hour.start for hour in said.hours)]
    for pattern in (_TO, _WEAK_TO):
        for match in pattern.finditer(said.folded):
            written = said.text[match.start() : match.end()].lower()
            if pattern is _TO and not plain and written not in _EXACT:
                continue
            if any(match.end() <= start <= match.end() + _NEAR for start in starts):
                return match.end()
    return 0


def _ends(folded: str, begin: int) -> tuple[int, ...]:
    """The sentence first, then all that follows: a deadline named later must not be taken for the new day."""
    stop = _SENTENCE.search(folded, begin)
    return (stop.start(), len(folded)) if stop else (len(folded),)


def _read(said: _Said, begin: int, end: int) -> NewTime | None:
    folded, old = said.folded, said.old
    here = [day for day in said.days if begin <= day.start < end]
    if any(day.day is None or day.question for day in here):
        return None
    if old is not None:
        here = [day for day in here if day.day != old.date()] or here[:1]
    here = [day for day in here if not _UNTIL.search(folded[max(0, day.start - 12) : day.start])] or here
    if len({day.day for day in here}) > 1:
        return None
    inside = [hour for hour in said.hours if begin <= hour.start < end]
    starts = [hour for hour in inside if not _ends_span(folded, hour, inside)]
    if not here:
        return _same_day(said, starts, inside)
    day = here[0]
    assert day.day is not None
    if not starts:
        same = old is not None and _SAME.search(folded)
        return NewTime(dt.datetime.combine(day.day, old.timetz())) if same and old else None
    first = min(starts, key=lambda hour: (_apart(hour, day), hour.start))
    return _made(said, day.day, first, _part_of_day(said, day), inside)


def _same_day(said: _Said, starts: Sequence[Hour], inside: Sequence[Hour]) -> NewTime | None:
    """Only an hour is named: it is the same day where the text says so or names no other day."""
    if said.old is None or not starts:
        return None
    old = said.old.date()
    if any(day.day != old for day in said.days) and not _SAME_DAY.search(said.folded):
        return None
    return _made(said, old, starts[0], None, inside)


def _ends_span(folded: str, hour: Hour, hours: Sequence[Hour]) -> bool:
    before = _UNTIL.search(folded[max(0, hour.start - 14) : hour.start])
    return before is not None and any(one.end <= hour.start for one in hours)


def _apart(hour: Hour, day: Day) -> int:
    return day.start - hour.end if hour.end <= day.start else hour.start - day.end


def _made(said: _Said, day: dt.date, hour: Hour, part: str | None, hours: Sequence[Hour]) -> NewTime | None:
    part = hour.part or _part(said, hour.start) or part
    if part is None and 1 <= hour.hour <= 4:
        return None
    start = dt.datetime.combine(day, dt.time(hour_of(hour.hour, part), hour.minute), said.zone)
    later = [one for one in hours if hour.end <= one.start <= hour.end + _NEAR and _ends_span(said.folded, one, hours)]
    end = None
    if later:
        last = later[0]
        end = start.replace(hour=hour_of(last.hour, last.part or part), minute=last.minute)
    return NewTime(start, end if end and end > start else None)


def _part(said: _Said, start: int) -> str | None:
    """The part of the day before a position; "sang" and "tới" without their marks are words of moving, no part."""
    part = part_before(said.folded, start)
    if part in _MARKED:
        at = said.folded.rfind(part, 0, start)
        return part if said.text[at : at + len(part)].lower() == _MARKED[part] else None
    return part


def _part_of_day(said: _Said, day: Day) -> str | None:
    """The part named with a day, unless it was only such a word of moving before it."""
    return day.part if _part(said, day.start) == part_before(said.folded, day.start) else None
