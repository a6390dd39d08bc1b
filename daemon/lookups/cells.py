"""One cell of an export to a value: instants as people and programs write them, phones, codes. Never guesses a date."""

import datetime as dt
import re

from daemon.desk.calendar import VIETNAM
from daemon.desk.text import fold, squeeze

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})(?=[t\s]|$)")
_DATE = re.compile(r"(?<![\d:])(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_TIME = re.compile(
    r"(?<![\d/])(\d{1,2})\s*(?:h|g|gio|:)\s*(\d{1,2})?(?:\s*(?:'|phut|p))?(?::(\d{2}))?(?:\.\d+)?\s*(sa|ch|am|pm)?\b"
)
_SHORT = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)
_NOT_DIGIT = re.compile(r"\D+")


def as_text(cell: Cell) -> str:
    """Return a cell as squeezed NFC text; whole numbers without a decimal point, empty for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return squeeze(str(cell))


def as_day(cell: Cell) -> dt.date | None:
    """Return the one day a cell names, or None."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return (_EXCEL_EPOCH + dt.timedelta(days=float(cell))).date() if 20_000 < cell < 80_000 else None
    found = _days(fold(cell)) if isinstance(cell, str) else []
    return found[0] if len(found) == 1 else None


def as_time(cell: Cell) -> dt.timedelta | None:
    """Return the one time of day a cell names, as a length since midnight (24h is a whole day), or None."""
    if isinstance(cell, dt.datetime):
        return dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, dt.time):
        return dt.timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, dt.timedelta):
        return cell if dt.timedelta(0) <= cell <= dt.timedelta(days=1) else None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _rounded(dt.timedelta(days=cell % 1)) if 0 <= cell < 1 or (20_000 < cell < 80_000 and cell % 1) else None
    if not isinstance(cell, str):
        return None
    found = _times(fold(cell))
    return found[0] if len(found) == 1 else None


def as_instant(cell: Cell, day: dt.date | None = None) -> dt.datetime | None:
    """Return the instant a cell names in Vietnamese time, its day from ``day`` where it has none; None where unclear."""
    if isinstance(cell, dt.datetime) and cell.tzinfo is not None:
        return cell.astimezone(VIETNAM)
    own, time = as_day(cell), as_time(cell)
    if own is None and isinstance(cell, str) and _names_another_day(fold(cell), day):
        return None
    on = own or day
    if on is None or time is None:
        return None
    return dt.datetime.combine(on, dt.time(0), VIETNAM) + time


def as_span(cell: Cell, day: dt.date | None = None) -> tuple[dt.datetime, dt.datetime | None] | None:
    """Return start and end from one cell (``Từ 07h30 đến 11h30 ngày 08/10/2026``); the end is None where only one time stands.

    One day counts for both, and an end not after its start is on the following day. None where it is unclear.
    """
    if not isinstance(cell, str):
        start = as_instant(cell, day)
        return (start, None) if start else None
    text = fold(cell)
    if not _days(text) and _names_another_day(text, day):
        return None
    times, days = _times(text), _days(text) or ([day] if day else [])
    if not 1 <= len(times) <= 2 or not 1 <= len(days) <= len(times):
        return None
    start = dt.datetime.combine(days[0], dt.time(0), VIETNAM) + times[0]
    if len(times) == 1:
        return start, None
    end = dt.datetime.combine(days[-1], dt.time(0), VIETNAM) + times[1]
    if len(days) == 1 and end <= start:
        end += dt.timedelta(days=1)
    return start, end


def has_digits(cell: Cell) -> bool:
    """Say whether a cell holds anything that could be a time."""
    return not isinstance(cell, str) or any(char.isdigit() for char in cell)


def as_phones(cell: Cell) -> tuple[str, ...]:
    """Return the phone numbers of a cell as digits with a leading 0; a number that lost its 0 in a sheet gets it back."""
    numbers = []
    for part in re.split(r"[;,/\n]|\s-\s", as_text(cell)):
        digits = _NOT_DIGIT.sub("", part)
        if digits.startswith("84") and len(digits) >= 11:
            digits = "0" + digits[2:]
        if len(digits) == 9 and digits[0] != "0":
            digits = "0" + digits
        if 9 <= len(digits) <= 12:
            numbers.append(digits)
    return tuple(dict.fromkeys(numbers))


def as_code(cell: Cell) -> str:
    """Return a customer code in capitals without blanks, dots and hyphens."""
    return re.sub(r"[\s.\-]", "", as_text(cell)).upper()


def _times(text: str) -> list[dt.timedelta]:
    """Return every time of day in a folded text, empty if one of them cannot be."""
    clock = _DATE.sub(" ", _ISO.sub(" ", re.sub(r"(?<=\d)t(?=\d)", " ", text)))
    found = [_time(match) for match in _TIME.finditer(clock)]
    return [] if None in found else [time for time in found if time is not None]


def _days(text: str) -> list[dt.date]:
    found = []
    for year, month, day in _ISO.findall(text.replace("t", " ")):
        found.append(_day(int(year), int(month), int(day)))
    for day, _, month, year in _DATE.findall(_ISO.sub(" ", text)):
        found.append(_day(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)))
    return [] if None in found else [day for day in found if day]


def _names_another_day(text: str, day: dt.date | None) -> bool:
    """Say whether a text names a day that cannot be read, or one without its year that is not the row's own."""
    if _ISO.search(text) or _DATE.search(text):
        return True
    short = {(int(number), int(month)) for number, month in _SHORT.findall(text)}
    return bool(short - ({(day.day, day.month)} if day else set()))


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _time(match: re.Match[str]) -> dt.timedelta | None:
    hour, minute, second = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if match[4] in ("ch", "pm") and hour < 12:
        hour += 12
    if match[4] in ("sa", "am") and hour == 12:
        hour = 0
    if minute > 59 or second > 59 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    return dt.timedelta(hours=hour, minutes=minute, seconds=second)


def _rounded(span: dt.timedelta) -> dt.timedelta:
    """Excel keeps 07:30 as 0.3125 and 08:20 as 0.347222…: round to whole seconds."""
    return dt.timedelta(seconds=round(span.total_seconds()))
