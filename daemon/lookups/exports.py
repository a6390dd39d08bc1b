"""One export file into the cache: which source it is, its rows, the rows that cannot be used, each with line and reason."""

import datetime as dt
import fnmatch
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from daemon.desk.calendar import VIETNAM
from daemon.desk.question import CustomerRow
from daemon.desk.sources import KEYS, ExportSource, LookupMappings
from daemon.desk.text import fold
from daemon.desk.trouble import Refused
from daemon.lookups.cells import Cell, as_code, as_day, as_instant, as_phones, as_span, as_text, as_time, has_digits
from daemon.lookups.database import Database, Incoming, OutageRow
from daemon.lookups.tables import Line, open_table

_PREFACE_LINES = 30
_SHOWN_BAD = 200
_UNIT_HEADINGS = ("dien luc ", "dl ", "doi quan ly", "doi qldl")
_COVERS = re.compile(r"tu\s+(?:ngay\s+)?(\S+)\s+den\s+(?:het\s+)?(?:ngay\s+)?(\S+)")
_AS_OF = re.compile(r"(?:cap nhat|ngay xuat|xuat luc|thoi diem xuat|thoi gian xuat|ngay lap|ngay in)")
_PLACES = re.compile(r"[;,|\n]")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not taken: its line in the file and in Vietnamese why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of one export. ``source`` is None where the file was not taken; ``message`` says it to staff."""

    file: str
    source: str | None
    rows: int
    bad: tuple[BadRow, ...]
    bad_count: int
    as_of: dt.datetime | None
    message: str
    moved_to: Path | None = None

    @property
    def taken(self) -> bool:
        """True where the export is now in use."""
        return self.source is not None


@dataclass(slots=True)
class _Sheet:
    """The sheet in hand: its source, the column of each field, what stands above its heading, its rows to come."""

    source: ExportSource
    columns: Mapping[str, int]
    preface: list[str]
    lines: Iterator[Line]
    bad: list[BadRow] = field(default_factory=list)
    bad_count: int = 0
    good: int = 0
    cancelled: int = 0
    remarks: int = 0

    def said(self) -> str:
        """Return in Vietnamese what became of the rows; none is left out silently."""
        parts = [f"đã nạp {self.good} dòng vào «{self.source.title}»"]
        parts += [f"bỏ {self.bad_count} dòng hỏng"] if self.bad_count else []
        parts += [f"bỏ {self.cancelled} dòng đã hủy hoặc hoãn"] if self.cancelled else []
        parts += [f"{self.remarks} dòng chỉ là tiêu đề, ghi chú"] if self.remarks else []
        return ", ".join(parts)

    def cell(self, cells: tuple[Cell, ...], name: str) -> Cell:
        at = self.columns.get(name)
        return cells[at] if at is not None and at < len(cells) else None

    def refuse(self, line: int, reason: str) -> None:
        self.bad_count += 1
        if len(self.bad) < _SHOWN_BAD:
            self.bad.append(BadRow(line, reason))


def take(path: Path, mappings: LookupMappings, database: Database, now: dt.datetime) -> ImportReport:
    """Read one export into the cache. Raises Refused (Vietnamese) where the file as a whole cannot be used."""
    with open_table(path, mappings.max_megabytes) as sheets:
        sheet = _find_sheet(path, sheets, mappings)
        new = Incoming(
            sheet.source.id, sheet.source.kind, sheet.source.title, path.name, _as_of(path, sheet.preface, now), now
        )
        if sheet.source.kind == "customers":
            _take_customers(path, sheet, mappings, database, new)
        else:
            _take_outages(path, sheet, mappings, database, new)
    message = f"{path.name}: {sheet.said()}."
    return ImportReport(path.name, sheet.source.id, sheet.good, tuple(sheet.bad), sheet.bad_count, new.as_of, message)


# --- which source ---------------------------------------------------------------------------------------------------


def _find_sheet(path: Path, sheets: Iterator[Iterator[Line]], mappings: LookupMappings) -> _Sheet:
    nearest: tuple[int, str] = (0, "")
    for lines in sheets:
        preface: list[str] = []
        above: tuple[Cell, ...] = ()
        for number, cells in itertools.islice(lines, _PREFACE_LINES):
            fits = [(source, _columns(source, cells, above)) for source in mappings.sources]
            whole = [(source, columns) for source, columns in fits if _complete(source, columns, cells)]
            if whole:
                return _two_rows(_Sheet(*_best(path, whole), preface, lines))
            preface.append(" ".join(as_text(cell) for cell in cells if cell is not None))
            above = cells
            near, columns = max(fits, key=lambda fit: len(fit[1]), default=(None, {}))
            if near is not None and len(columns) > max(nearest[0], 1):
                nearest = (len(columns), _lacking(near, columns, number))
    known = "; ".join(f"«{source.title}» cần cột {_needed(source)}" for source in mappings.sources)
    raise Refused(
        f"{path.name}: không nhận ra đây là bản xuất nào. {nearest[1]} {known}. "
        "Hãy xuất lại, hoặc thêm tên cột vào config/lookups.toml."
    )


def _two_rows(sheet: _Sheet) -> _Sheet:
    """Take in a second row of headings: under ``Thời gian`` may stand ``Từ`` and ``Đến``."""
    following = next(sheet.lines, None)
    if following is None:
        return sheet
    lower = _headed(sheet.source, following[1])
    if "span" in sheet.columns and "start" not in sheet.columns and "start" in lower:
        upper = {name: at for name, at in sheet.columns.items() if name != "span"}
        sheet.columns = {**upper, **lower}
    else:
        sheet.lines = itertools.chain([following], sheet.lines)
    return sheet


def _columns(source: ExportSource, cells: tuple[Cell, ...], above: tuple[Cell, ...]) -> dict[str, int]:
    """Return the column of each field. A heading may take two rows: what the upper one names is taken in where free."""
    found = _headed(source, cells)
    upper = _headed(source, above)
    if found and len(upper) > 1:
        found |= {name: at for name, at in upper.items() if name not in found and at not in found.values()}
    return found


def _headed(source: ExportSource, cells: tuple[Cell, ...]) -> dict[str, int]:
    headings = [_heading(cell) for cell in cells]
    found: dict[str, int] = {}
    for name, aliases in source.columns.items():
        wanted = [_heading(alias) for alias in aliases]
        at = next((headings.index(alias) for alias in wanted if alias in headings), None)
        if at is not None:
            found[name] = at
    return found


def _heading(cell: Cell) -> str:
    return "".join(re.findall(r"[a-z0-9]+", fold(as_text(cell))))


def _complete(source: ExportSource, columns: Mapping[str, int], cells: tuple[Cell, ...]) -> bool:
    """A heading needs a key column in its own row and one column more, so that a stray word is not taken for a table."""
    here = _headed(source, cells)
    return any(name in here for name in KEYS[source.kind]) and len(set(columns.values())) >= 2


def _best(path: Path, fits: list[tuple[ExportSource, dict[str, int]]]) -> tuple[ExportSource, dict[str, int]]:
    def rank(fit: tuple[ExportSource, dict[str, int]]) -> tuple[bool, int]:
        return any(fnmatch.fnmatchcase(fold(path.name), pattern) for pattern in fit[0].files), len(fit[1])

    return max(fits, key=rank)


def _lacking(source: ExportSource, columns: Mapping[str, int], line: int) -> str:
    if any(name in columns for name in KEYS[source.kind]):
        return ""
    return f"Dòng {line} giống «{source.title}» nhưng thiếu cột {_needed(source)}."


def _needed(source: ExportSource) -> str:
    return " hoặc ".join(f"«{source.columns[name][0]}»" for name in KEYS[source.kind] if name in source.columns)


# --- its date and what it covers ------------------------------------------------------------------------------------


def _as_of(path: Path, preface: list[str], now: dt.datetime) -> dt.datetime:
    """Return when the export was made: what it says itself above the heading, else the file's own time; never later than now."""
    for line in preface:
        match = _AS_OF.search(fold(line))
        day = as_day(line[match.start() :]) if match else None
        if match and day:
            time = as_time(line[match.start() :]) or dt.timedelta(0)
            return min(dt.datetime.combine(day, dt.time(0), VIETNAM) + time, now)
    return min(dt.datetime.fromtimestamp(path.stat().st_mtime, VIETNAM), now)


def _covers(sheet: _Sheet, as_of: dt.datetime, rows: list[OutageRow]) -> tuple[dt.datetime, dt.datetime] | None:
    for line in sheet.preface:
        match = _COVERS.search(fold(line))
        first, last = (part.strip(".,;()") for part in match.groups()) if match else ("", "")
        end = as_day(last)
        begin = as_day(first) or (as_day(f"{first}/{end.year}") if end else None)
        if begin and end and begin <= end:
            return _whole_days(begin, end)
    if sheet.source.covers is not None:
        return _whole_days(as_of.date(), (as_of + sheet.source.covers).date())
    if not rows:
        return None
    starts = [row.start.date() for row in rows]
    return _whole_days(min(starts), max(starts))


def _whole_days(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    begin = dt.datetime.combine(first, dt.time(0), VIETNAM)
    return begin, dt.datetime.combine(last, dt.time(0), VIETNAM) + dt.timedelta(days=1)


# --- rows -----------------------------------------------------------------------------------------------------------


def _take_outages(path: Path, sheet: _Sheet, mappings: LookupMappings, database: Database, new: Incoming) -> None:
    rows = list(_outages(sheet, mappings))
    sheet.good = len(rows)
    covers = _covers(sheet, new.as_of, rows)
    _enough(path, sheet, mappings)
    if not rows and covers is None:
        raise Refused(
            f"{path.name}: bản xuất không có dòng nào và không ghi «Từ ngày … đến ngày …», không biết là thời gian đó không có "
            "lịch hay tệp bị thiếu. Giữ bản trước; hãy xuất lại."
        )
    database.replace_outages(new, rows, sheet.bad_count, covers, sheet.source.keep_past)


def _outages(sheet: _Sheet, mappings: LookupMappings) -> Iterator[OutageRow]:
    units = _UnitNames(mappings)
    skip = {fold(word) for word in sheet.source.skip}
    above = _Above()
    for line, cells in sheet.lines:
        if _blank(cells):
            continue
        if fold(as_text(sheet.cell(cells, "status"))) in skip - {""}:
            sheet.cancelled += 1
            continue
        if _is_heading(sheet, cells):
            sheet.remarks += 1
            above = _Above(units.find(" ".join(as_text(cell) for cell in cells)) or above.unit, above.day)
            continue
        above = above.filled(sheet, cells, units)
        try:
            yield _outage(sheet, cells, above, mappings)
        except ValueError as error:
            sheet.refuse(line, str(error))


@dataclass(frozen=True, slots=True)
class _Above:
    """What rows take over from above where their own cell is empty: merged cells and headings between rows."""

    unit: str | None = None
    day: dt.date | None = None

    def filled(self, sheet: _Sheet, cells: tuple[Cell, ...], units: "_UnitNames") -> "_Above":
        """Return what holds for a row: its own unit and day where it names them."""
        named = [as_text(sheet.cell(cells, name)) for name in ("unit_code", "unit")]
        unit = next(filter(None, map(units.find, named)), None) if any(named) else self.unit
        date = sheet.cell(cells, "date")
        return _Above(unit, as_day(date) if as_text(date) else self.day)


def _is_heading(sheet: _Sheet, cells: tuple[Cell, ...]) -> bool:
    """Say whether a row only speaks: a unit's name between the rows, a remark or signatures below them."""
    said = [sheet.cell(cells, name) for name in ("start", "span", "end")]
    if any(cell is not None and has_digits(cell) for cell in said):
        return False
    filled = [as_text(cell) for cell in cells if as_text(cell)]
    if len(filled) <= 2 and fold(filled[-1]).startswith(_UNIT_HEADINGS):
        return True
    places = [as_text(sheet.cell(cells, name)) for name in ("area", "substation", "substation_code", "feeder")]
    return len(filled) == 1 or not any(places)


def _outage(sheet: _Sheet, cells: tuple[Cell, ...], above: _Above, mappings: LookupMappings) -> OutageRow:
    start, end, note = _times(sheet, cells, above.day)
    area = as_text(sheet.cell(cells, "area"))
    substations = _substations(sheet, cells)
    feeder = as_text(sheet.cell(cells, "feeder"))
    if not (area or substations or feeder):
        raise ValueError("không có khu vực, trạm hay lộ: không biết ngừng điện ở đâu")
    reason = as_text(sheet.cell(cells, "reason"))
    latest = end or start + mappings.open_end
    return OutageRow(start, end, note, latest, above.unit, substations, feeder, area, reason)


def _times(sheet: _Sheet, cells: tuple[Cell, ...], day: dt.date | None) -> tuple[dt.datetime, dt.datetime | None, str]:
    """Return start, end and what stands instead of an end. Raises ValueError (Vietnamese) where they cannot be read."""
    start_cell, end_cell, span_cell = (sheet.cell(cells, name) for name in ("start", "end", "span"))
    if not as_text(start_cell) and as_text(span_cell):
        span = as_span(span_cell, day)
        if span is None or (span[1] is not None and span[1] <= span[0]):
            raise ValueError(f"không đọc được thời gian {as_text(span_cell)!r}: cần giờ bắt đầu, giờ kết thúc và ngày")
        return span[0], span[1], ""
    start = as_instant(start_cell, day)
    if start is None:
        raise ValueError(f"không đọc được giờ bắt đầu {as_text(start_cell) or '(trống)'!r}: cần đủ ngày và giờ")
    end = _end(start, end_cell, as_day(sheet.cell(cells, "end_date")))
    return start, end, "" if end else as_text(end_cell)


def _end(start: dt.datetime, cell: Cell, day: dt.date | None) -> dt.datetime | None:
    if cell is None or not has_digits(cell):
        return None
    end = as_instant(cell, day)
    if end is None:
        time = as_time(cell) if as_day(cell) is None else None
        if time is None:
            raise ValueError(f"không đọc được giờ kết thúc {as_text(cell)!r}")
        end = dt.datetime.combine(start.date(), dt.time(0), VIETNAM) + time
        # Only a time of day: an outage into the night ends on the following day.
        end += dt.timedelta(days=1) if end <= start else dt.timedelta(0)
    if end <= start:
        raise ValueError(f"giờ kết thúc {as_text(cell)!r} không sau giờ bắt đầu {start:%H:%M %d/%m/%Y}")
    return end


def _substations(sheet: _Sheet, cells: tuple[Cell, ...]) -> tuple[str, ...]:
    texts = [as_text(sheet.cell(cells, name)) for name in ("substation_code", "substation")]
    return tuple(dict.fromkeys(part.strip() for text in texts for part in _PLACES.split(text) if part.strip()))


def _take_customers(path: Path, sheet: _Sheet, mappings: LookupMappings, database: Database, new: Incoming) -> None:
    before = sum(version.rows for version in database.versions("customers") if version.source == new.source)

    def check(count: int) -> int:
        _enough(path, sheet, mappings)
        if not count:
            raise Refused(f"{path.name}: không có khách hàng nào. Giữ danh sách trước; hãy xuất lại.")
        if count < before * mappings.max_shrink and "thay-the" not in fold(path.name):
            raise Refused(
                f"{path.name}: chỉ có {count} khách hàng, bản đang dùng có {before}; có thể tệp bị thiếu. Giữ danh sách trước. "
                "Nếu đúng là như vậy, thêm «thay-the» vào tên tệp rồi thả lại."
            )
        return sheet.bad_count

    database.replace_customers(new, _customers(sheet, mappings, new.as_of), check)


def _customers(sheet: _Sheet, mappings: LookupMappings, as_of: dt.datetime) -> Iterator[CustomerRow]:
    units = _UnitNames(mappings)
    seen: set[str] = set()
    for line, cells in sheet.lines:
        if _blank(cells):
            continue
        code = as_code(sheet.cell(cells, "code"))
        if not code or code in seen:
            sheet.refuse(line, f"mã khách hàng {code} có hai lần, giữ dòng đầu" if code else "thiếu mã khách hàng")
            continue
        seen.add(code)
        sheet.good += 1
        text = {name: as_text(sheet.cell(cells, name)) for name in ("name", "address", "feeder", "meter", "substation")}
        unit = units.find(as_text(sheet.cell(cells, "unit_code"))) or units.find(as_text(sheet.cell(cells, "unit")))
        substation = as_text(sheet.cell(cells, "substation_code")) or text["substation"]
        phones = as_phones(sheet.cell(cells, "phone"))
        yield CustomerRow(
            code, text["name"], text["address"], phones, unit, substation, text["feeder"], text["meter"], as_of
        )


def _enough(path: Path, sheet: _Sheet, mappings: LookupMappings) -> None:
    total = sheet.good + sheet.bad_count
    if total and sheet.bad_count > total * mappings.max_bad_share:
        first = "; ".join(f"dòng {row.line}: {row.reason}" for row in sheet.bad[:5])
        raise Refused(
            f"{path.name}: {sheet.bad_count} trên {total} dòng không đọc được nên không nạp, giữ bản trước. {first}. "
            "Hãy kiểm tra tên cột trong config/lookups.toml và bản xuất."
        )


def _blank(cells: tuple[Cell, ...]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


class _UnitNames:
    """A unit's short name from how an export writes it; remembered, for the same few names come 200,000 times."""

    def __init__(self, mappings: LookupMappings) -> None:
        names = [(fold(name), unit) for unit, others in mappings.units.items() for name in (unit, *others)]
        # Longer names first: "TP Bắc Kạn" must not be found inside a longer name of another unit.
        self.names = sorted(names, key=lambda pair: -len(pair[0]))
        self.known: dict[str, str | None] = {"": None}

    def find(self, text: str) -> str | None:
        """Return the unit whose name or code stands in a text as whole words, or None."""
        if text not in self.known:
            words = f" {' '.join(re.findall(r'[a-z0-9]+', fold(text)))} "
            self.known[text] = next((unit for name, unit in self.names if f" {name} " in words), None)
        return self.known[text]
