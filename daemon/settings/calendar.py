"""The office's calendar from ``config/calendar/<year>.toml`` and from the samples' DAYS.json.

A year's table lies over the defaults of the ``holidays`` package unless it says ``defaults = "none"`` (then it is complete
by itself and an update of the package cannot move a promise). A year without a table is the package's guess and stays
unconfirmed. What the days mean for a deadline is ``daemon.desk.calendar``.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daemon.desk.calendar import MONDAY_TO_FRIDAY, OFFICE_HOURS, VIETNAM, Calendar, Day, Hours, Season
from daemon.desk.reckoning import say_day
from daemon.desk.text import nfc
from daemon.settings.rows import Faults, Row, as_hours, read_toml

SOON = dt.timedelta(days=30)
KINDS = ("off", "working", "half")
_JSON_KINDS = {"working_saturday": "working", "working_sunday": "working", "working_day": "working", "half_day": "half"}
_HOURS_07 = frozenset({"Asia/Ho_Chi_Minh", "Asia/Saigon", "Asia/Hanoi", "Asia/Bangkok", "+07:00", "UTC+7", "UTC+07:00"})


class YearTable:
    """One year as its file says it: rows, seasons, whether the office confirmed it and what lies beneath."""

    def __init__(self, year: int, row: Row) -> None:
        self.year = year
        self.confirmed = row.flag("confirmed")
        self.defaults = row.one_of("defaults", ("holidays", "none"), "holidays")
        if row.number("year", year) != year:
            row.fault("year", f"không khớp tên tệp {year}.toml")
        self.days = row.rows("days", self._day)
        self.seasons = row.rows("seasons", self._season)
        self._twice(row)

    def _day(self, row: Row) -> Day | None:
        date, kind = row.date("date"), row.one_of("kind", KINDS)
        hours, reason = row.hours("hours", None), row.text("reason", "")
        sure = row.flag("confirmed", True)
        if date and date.year != self.year:
            row.fault("date", f"{date:%d/%m/%Y} không thuộc năm {self.year} của tệp này")
        if kind == "off" and hours:
            row.fault("hours", "ngày nghỉ (off) không có giờ làm việc; hãy bỏ mục này hoặc đổi kind")
        return Day(date, kind, reason, hours, sure) if date and kind in KINDS else None

    def _season(self, row: Row) -> Season | None:
        first, last, hours = row.date("from"), row.date("to"), row.hours("hours")
        weekdays, reason = row.weekdays("weekdays", None), row.text("reason", "")
        if first is None or last is None or hours is None:
            return None
        if first > last:
            row.fault("to", f"{last:%d/%m/%Y} sớm hơn ngày bắt đầu {first:%d/%m/%Y}")
        if self.year not in (first.year, last.year):
            row.fault("from", f"mùa này nằm ngoài năm {self.year} của tệp")
        return Season(first, last, hours, weekdays, reason)

    def _twice(self, row: Row) -> None:
        seen: set[dt.date] = set()
        for number, day in enumerate(self.days, start=1):
            if day.date in seen:
                row.fault(f"days[{number}].date", f"ngày {day.date:%d/%m/%Y} được ghi hai lần")
            seen.add(day.date)
        for number, season in enumerate(self.seasons):
            for other in self.seasons[:number]:
                same = season.weekdays is None and other.weekdays is None
                if same and season.first <= other.last and other.first <= season.last:
                    row.fault(f"seasons[{number + 1}]", "chồng lên một mùa khác trong cùng tệp")


def load_calendar(
    folder: Path,
    today: dt.date,
    hours: Hours = OFFICE_HOURS,
    workweek: frozenset[int] = MONDAY_TO_FRIDAY,
    zone: dt.tzinfo = VIETNAM,
) -> Calendar:
    """Return the calendar of all years in ``config/calendar/`` and of this and the next year. Raises Refused (all faults).

    ``hours`` and ``workweek`` are the office's own from desk.toml. A table with a fault is not used at all.
    """
    faults = Faults()
    tables = _tables(folder, faults)
    faults.refuse()
    days: dict[dt.date, Day] = {}
    for year in sorted({*tables, today.year, today.year + 1}):
        table = tables.get(year)
        if table is None or table.defaults == "holidays":
            days.update({day.date: day for day in package_days(year)})
        if table is not None:
            days.update({day.date: day for day in table.days})
    seasons = tuple(season for year in sorted(tables) for season in tables[year].seasons)
    years = {year: table.confirmed for year, table in tables.items()}
    return Calendar(hours, workweek, days, seasons, zone, years)


def _tables(folder: Path, faults: Faults) -> dict[int, YearTable]:
    tables = {}
    for path in sorted(folder.glob("*.toml")):
        shown = f"config/calendar/{path.name}"
        if not (path.stem.isdigit() and len(path.stem) == 4):
            faults.add(shown, "tên tệp phải là năm, ví dụ 2027.toml")
            continue
        content = read_toml(path, faults, shown)
        if content is not None:
            row = Row(shown, content, faults)
            tables[int(path.stem)] = YearTable(int(path.stem), row)
            row.done()
    return tables


def package_days(year: int) -> tuple[Day, ...]:
    """Return what the ``holidays`` package believes of a year: days off and working weekends, all unconfirmed.

    The package computes what the government announces each year, so it is a default only (facts, section 5).
    """
    import holidays

    known = holidays.country_holidays("VN", years=year, language="vi")
    off = [Day(date, "off", nfc(name), confirmed=False) for date, name in sorted(known.items()) if date.year == year]
    swapped = [date for date in sorted(known.weekend_workdays) if date.year == year]
    return (*off, *(Day(date, "working", "ngày làm bù", confirmed=False) for date in swapped))


def missing_from(calendar: Calendar, year: int) -> tuple[Day, ...]:
    """Return days on which the package and the office's table disagree: what ``check`` shows for a person to look at."""
    rows = {row.date: row for row in package_days(year)}
    mine = {date: row for date, row in calendar.days.items() if date.year == year}
    doubtful = []
    for date in sorted({*rows, *mine}):
        believed = rows[date].kind != "off" if date in rows else date.isoweekday() in calendar.workweek
        if calendar.is_working_day(date) != believed:
            doubtful.append(mine.get(date) or rows[date])
    return tuple(doubtful)


def calendar_warnings(calendar: Calendar, today: dt.date) -> list[str]:
    """Return what the office must still confirm: this year's table, rows ahead, and from 1 November the next year's."""
    warnings = []
    if not calendar.confirmed(today.year):
        warnings.append(_ask_for_year(calendar, today.year))
    if today >= dt.date(today.year, 11, 1) and not calendar.confirmed(today.year + 1):
        warnings.append(_ask_for_year(calendar, today.year + 1))
    for date, row in sorted(calendar.days.items()):
        if not row.confirmed and date >= today and calendar.confirmed(date.year):
            state = "nghỉ" if row.kind == "off" else "làm việc"
            warnings.append(
                f"Lịch làm việc: {say_day(date, True)} ({row.reason}) đang tính là ngày {state} nhưng chưa được xác nhận. "
                f"Hãy sửa dòng này trong config/calendar/{date.year}.toml, bỏ 'confirmed = false' khi đã chắc."
            )
    return warnings


def calendar_note(calendar: Calendar, today: dt.date) -> list[str]:
    """Return what of these warnings presses, in one short sentence; empty where no promise made now can reach it.

    Promises are days and weeks long: a doubtful day further away than ``SOON`` is for ``check``, not for every look.
    """
    last = today + SOON
    years = [str(year) for year in sorted({today.year, last.year}) if not calendar.confirmed(year)]
    days = [
        f"{date:%d/%m/%Y}"
        for date, row in sorted(calendar.days.items())
        if not row.confirmed and today <= date <= last and calendar.confirmed(date.year)
    ]
    pressing = [*days, *(f"năm {year}" for year in years)]
    return [f"Lịch làm việc chưa được xác nhận: {', '.join(pressing)}. Xem: motcua check"] if pressing else []


def _ask_for_year(calendar: Calendar, year: int) -> str:
    state = "chưa được xác nhận" if year in calendar.years else "chưa có, chương trình đang tự đoán ngày nghỉ"
    return (
        f"Lịch làm việc năm {year} {state}. Hãy kiểm tra ngày nghỉ, ngày làm bù trong config/calendar/{year}.toml "
        "rồi ghi 'confirmed = true'."
    )


def seed_table(year: int) -> str:
    """Return the text of a first, unconfirmed ``config/calendar/<year>.toml`` for the office to correct."""
    lines = [
        f"# Lịch làm việc năm {year}. Bản nháp lấy từ gói phần mềm, chưa phải thông báo chính thức.",
        "# Sửa theo thông báo của cơ quan (kind: off nghỉ, working làm bù, half nửa ngày), rồi ghi confirmed = true.",
        f"year = {year}",
        "confirmed = false",
        'defaults = "none"',
    ]
    for day in package_days(year):
        reason = json.dumps(day.reason, ensure_ascii=False)
        lines += ["", "[[days]]", f"date = {day.date}", f'kind = "{day.kind}"', f"reason = {reason}"]
    return "\n".join(lines) + "\n"


def load_days(path: Path) -> Calendar:
    """Return the calendar of a DAYS.json (samples' README): office hours, work week, zone, days. Raises Refused."""
    faults = Faults()
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        faults.add(path.name, f"không đọc được tệp ngày nghỉ ({error}). Cần tệp JSON như calendar_days.json")
        faults.refuse()
    calendar = days_calendar(content, path.name, faults)
    faults.refuse()
    return calendar


def days_calendar(content: Any, shown: str, faults: Faults) -> Calendar:
    """Return the calendar of a DAYS.json already parsed; faults are noted under the file's name."""
    if not isinstance(content, dict):
        faults.add(shown, "cần một đối tượng JSON có office_hours và days")
        content = {}
    row = Row(shown, content, faults, strict=False)
    hours = row.hours("office_hours", OFFICE_HOURS) or OFFICE_HOURS
    workweek = row.weekdays("workweek", MONDAY_TO_FRIDAY) or MONDAY_TO_FRIDAY
    zone = as_zone(row.text("timezone", "Asia/Ho_Chi_Minh"), row)
    days = row.rows("days", _json_day)
    seasons = row.rows("seasons", _json_season)
    return Calendar(hours, workweek, {day.date: day for day in days}, tuple(seasons), zone, _all_confirmed(days))


def _all_confirmed(days: Iterable[Day]) -> Mapping[int, bool]:
    return {day.date.year: True for day in days}


def _json_day(row: Row) -> Day | None:
    date, kind, reason = row.date("date"), row.text("kind"), row.text("reason", "")
    kind = _JSON_KINDS.get(kind, kind)
    if kind not in KINDS:
        row.fault("kind", f"{kind!r} không hợp lệ, cần một trong: {', '.join((*KINDS, *_JSON_KINDS))}")
    key = "office_hours" if "office_hours" in row.table else "hours"
    hours = row.hours(key, None) if row.table.get(key) is not None else None
    row.asked.add(key)
    return Day(date, kind, reason, hours if kind != "off" else None) if date and kind in KINDS else None


def _json_season(row: Row) -> Season | None:
    first, last, hours = row.date("from"), row.date("to"), row.hours("hours")
    weekdays, reason = row.weekdays("weekdays", None), row.text("reason", "")
    return Season(first, last, hours, weekdays, reason) if first and last and hours else None


def as_zone(name: str, row: Row) -> dt.tzinfo:
    """Return a zone without summer time by its name; the fault is noted and +07:00 taken where it cannot be used."""
    if name in _HOURS_07:
        return VIETNAM
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        row.fault("timezone", f"không có múi giờ {name!r}, cần ví dụ Asia/Ho_Chi_Minh")
        return VIETNAM
    offsets = {dt.datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in range(1, 13)}
    if len(offsets) > 1:
        row.fault(
            "timezone", f"múi giờ {name!r} có giờ mùa hè, chương trình không tính giờ hành chính theo múi giờ này"
        )
        return VIETNAM
    return dt.timezone(offsets.pop() or dt.timedelta(0))


__all__ = [
    "as_hours",
    "as_zone",
    "calendar_note",
    "calendar_warnings",
    "days_calendar",
    "load_calendar",
    "load_days",
    "missing_from",
    "package_days",
    "seed_table",
]
