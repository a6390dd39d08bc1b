"""The ledger of a year as an Excel workbook: a sheet a month and a summary. Written whole each time, replaced at once.

Text from outside never becomes a formula or a link. Fifty thousand rows take a few seconds and some twenty megabytes.
"""

import datetime as dt
import glob
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from daemon.desk.counted import Counted
from daemon.desk.ledger_row import LedgerRow
from daemon.desk.text import clean
from daemon.desk.trouble import TryLater

MOST = 32_000  # characters a cell can hold (32,767), less room for a mark
_MOST_LINES = 6
_FONT = {"font_name": "Times New Roman", "font_size": 11}
_TIME = "hh:mm dd/mm/yy"
_RED, _AMBER, _GREEN = "#F8CBAD", "#FFE699", "#E2EFDA"

# Together 22 inches: on a printed A3 sheet the letters are 8 points high.
COLUMNS: tuple[tuple[str, str, float], ...] = (
    ("Mã tiếp nhận", "number", 16.5),
    ("Tiếp nhận lúc", "received", 12.5),
    ("Kênh", "channel", 9),
    ("Khách hàng", "customer", 17.5),
    ("Mã khách hàng", "customer_code", 14.5),
    ("Điện thoại", "phone", 11.5),
    ("Địa chỉ", "address", 19.5),
    ("Loại yêu cầu", "category", 17),
    ("Nội dung", "content", 34),
    ("Đơn vị", "units", 13),
    ("Gửi đơn vị", "asked", 12.5),
    ("Hạn đơn vị", "unit_due", 12.5),
    ("Đơn vị trả lời", "unit_answered", 12.5),
    ("Trả lời khách hàng", "answered", 12.5),
    ("Hạn trả lời khách hàng", "customer_due", 12.5),
    ("Hình thức trả lời", "reply_form", 10.5),
    ("Tình trạng", "state", 11.5),
    ("Đang giữ", "holder", 12),
    ("Số văn bản", "official_number", 11),
    ("Thời hạn", "late", 8.5),
)
_TIMES = frozenset({"received", "asked", "unit_due", "unit_answered", "answered", "customer_due"})
_COLOURED = frozenset({"number", "customer_due", "late"})
# Letters that stand on a line: a column is measured in digits, which are wider than most.
_WIDTHS = tuple((name, int(1.15 * width)) for _, name, width in COLUMNS if name not in _TIMES)


def write_ledger(path: Path, rows: Iterable[LedgerRow], year: int, today: dt.date, notices: Sequence[str] = ()) -> None:
    """Write the year's ledger to ``path``: rows of other years are left out, sheets are in the rows' order of receipt.

    ``notices`` are lines for the head of the summary (for example an unset calendar). The file is written beside its
    place and then put there. Raises TryLater where it is open in Excel or the folder cannot be written.
    """
    ordered = sorted((row for row in rows if row.received.year == year), key=lambda row: (row.received, row.number))
    beside = path.with_name(f".{path.stem}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f".{glob.escape(path.stem)}.*.tmp"):
            left.unlink(missing_ok=True)  # of a process that died while it wrote
        _write(beside, ordered, year, today, notices)
        with beside.open("rb+") as written:
            os.fsync(written.fileno())
        beside.chmod(0o640)  # like the other files in outbox: staff's group reads, nobody else
        beside.replace(path)
    except (OSError, FileCreateError) as error:
        raise TryLater(
            f"Sổ theo dõi {path.name}: chưa ghi được vì tệp đang mở trong Excel hoặc thư mục không cho ghi "
            f"({error.strerror if isinstance(error, OSError) else error}). "
            "Hãy đóng tệp; chương trình sẽ tự ghi lại."
        ) from error
    finally:
        beside.unlink(missing_ok=True)


def _write(path: Path, rows: Sequence[LedgerRow], year: int, today: dt.date, notices: Sequence[str]) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        # The date of making is the ledger's day, so that the same ledger gives the same file.
        book.set_properties(
            {"title": f"Sổ theo dõi yêu cầu khách hàng năm {year}", "created": dt.datetime(*today.timetuple()[:3])}
        )
        looks = _Looks(book)
        _summary(book, looks, rows, year, today, notices)
        for month in range(1, 13):
            mine = [row for row in rows if row.received.month == month]
            if mine:
                _month(book, looks, mine, month)


class _Looks:
    """The formats of the book, each made once."""

    def __init__(self, book: Any) -> None:
        base = {**_FONT, "valign": "top", "border": 1, "border_color": "#BFBFBF"}
        self.title = book.add_format({**_FONT, "font_size": 14, "bold": True})
        self.note = book.add_format({**_FONT, "italic": True})
        self.warning = book.add_format(
            {**_FONT, "bold": True, "font_color": "#C00000", "text_wrap": True, "valign": "top"}
        )
        head = {**base, "bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "bg_color": "#D9E2F3"}
        self.head = book.add_format(head)
        self.number = book.add_format({**base, "num_format": "#,##0;-#,##0;", "align": "center"})
        self._text = {fill: book.add_format(_filled({**base, "text_wrap": True}, fill)) for fill in _FILLS}
        self._time = {
            fill: book.add_format(_filled({**base, "num_format": _TIME, "align": "center"}, fill)) for fill in _FILLS
        }

    def text(self, fill: str = "") -> Any:
        return self._text[fill]

    def time(self, fill: str = "") -> Any:
        return self._time[fill]


_FILLS = ("", _RED, _AMBER, _GREEN)


def _filled(look: dict[str, Any], fill: str) -> dict[str, Any]:
    return {**look, "bg_color": fill} if fill else look


def _month(book: Any, looks: _Looks, rows: Sequence[LedgerRow], month: int) -> None:
    sheet = book.add_worksheet(f"Tháng {month:02d}")
    _paper(sheet)
    for column, (title, _, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, looks.head)
    sheet.set_row(0, 47)  # three lines
    for line, row in enumerate(rows, start=1):
        _row(sheet, looks, line, row)
    sheet.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    sheet.freeze_panes(1, 2)


def _row(sheet: Any, looks: _Looks, line: int, row: LedgerRow) -> None:
    """Write a line. Its height shows wrapped text, up to a few lines: not every program fits rows by itself."""
    texts = {name: _short(getattr(row, name)) for _, name, _ in COLUMNS if name not in _TIMES}
    lines = max(texts[name].count("\n") + 1 + len(texts[name]) // width for name, width in _WIDTHS)
    sheet.set_row(line, 15.0 * min(lines, _MOST_LINES))
    fill = _fill(row)
    for column, (_, name, _width) in enumerate(COLUMNS):
        colour = fill if name in _COLOURED else ""
        if name in texts:
            sheet.write_string(line, column, texts[name], looks.text(colour))
        else:
            _time(sheet, looks, line, column, getattr(row, name), colour)


def _time(sheet: Any, looks: _Looks, line: int, column: int, value: dt.datetime | None, colour: str) -> None:
    if value is None:
        sheet.write_blank(line, column, None, looks.text(colour))
    else:
        sheet.write_datetime(line, column, value.replace(tzinfo=None, second=0, microsecond=0), looks.time(colour))


def _short(value: str) -> str:
    text = value if value.isascii() and value.isprintable() else clean(value)
    return text if len(text) <= MOST else text[:MOST] + " […]"


def _fill(row: LedgerRow) -> str:
    """Return the colour of the due date and the number: red when broken, amber on the last day, green when kept."""
    if row.late == "quá hạn":
        return _RED
    if row.late:
        return _AMBER
    return _GREEN if row.answered else ""


def _paper(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(8)  # A3: twenty columns can be read
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&CTrang &P/&N", {"margin": 0.3})


def _summary(
    book: Any, looks: _Looks, rows: Sequence[LedgerRow], year: int, today: dt.date, notices: Sequence[str]
) -> None:
    sheet = book.add_worksheet("Tổng hợp")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 13, 9)
    sheet.write_string(0, 0, f"Sổ theo dõi yêu cầu của khách hàng năm {year}", looks.title)
    sheet.write_string(
        1, 0, f"Cập nhật ngày {today:%d/%m/%Y}. Không sửa trong tệp này: sổ được chương trình ghi lại.", looks.note
    )
    line = 2
    for notice in notices:
        _across(sheet, looks, line, _short(notice))
        line += 1
    own = [row for row in rows if _own(row)]
    line = _grid(sheet, looks, line + 1, "Chung, theo tháng tiếp nhận", _overall(rows))
    line = _grid(sheet, looks, line + 1, "Yêu cầu tiếp nhận theo loại", _counts(own, "category"))
    line = _grid(sheet, looks, line + 1, "Yêu cầu tiếp nhận theo kênh", _counts(own, "channel"))
    _grid(sheet, looks, line + 1, "Phiếu vào sổ theo tình trạng", _counts(rows, "state"))


def _across(sheet: Any, looks: _Looks, line: int, notice: str) -> None:
    """Write a notice over the width of the tables: a line that runs on would shrink the whole printed page."""
    sheet.merge_range(line, 0, line, 13, "", looks.warning)
    sheet.write_string(line, 0, notice, looks.warning)
    sheet.set_row(line, 15.0 * (1 + len(notice) // 130))


def _overall(rows: Sequence[LedgerRow]) -> dict[str, Counter[int]]:
    """Count the lines by the month of receipt: booked, what is no request by itself, and what became of the requests."""
    lines: dict[str, Counter[int]] = {name: Counter() for name in _LINES}
    for row in rows:
        for name, holds in _LINES.items():
            lines[name][row.received.month] += holds(row)
    return lines


# The first three come to the fourth; the four after it too. It is the number received in the report on the same days.
_LINES: Mapping[str, Callable[[LedgerRow], bool]] = {
    "Phiếu vào sổ": lambda row: True,
    "– trừ phiếu gộp vào phiếu khác": lambda row: row.counted is Counted.MERGED,
    "– trừ phiếu để riêng, không phải yêu cầu": lambda row: row.counted is Counted.ASIDE,
    "Yêu cầu tiếp nhận": lambda row: _own(row),
    "+ đã trả lời": lambda row: _own(row) and row.answered is not None,
    "+ đóng không trả lời": lambda row: _own(row) and row.answered is None and not row.open and not row.cancelled,
    "+ hủy": lambda row: _own(row) and row.answered is None and row.cancelled,
    "+ đang giải quyết": lambda row: _own(row) and row.answered is None and row.open,
    "Trả lời trễ hẹn với khách hàng": lambda row: _own(row) and row.answered is not None and row.late == "quá hạn",
    "Đang giải quyết, đã quá hạn trả lời khách hàng": lambda row: _own(row) and row.open and row.late == "quá hạn",
}


def _own(row: LedgerRow) -> bool:
    return row.counted is Counted.OWN


def _counts(rows: Sequence[LedgerRow], name: str) -> dict[str, Counter[int]]:
    lines: dict[str, Counter[int]] = {}
    for row in rows:
        lines.setdefault(getattr(row, name), Counter())[row.received.month] += 1
    return dict(sorted(lines.items(), key=lambda item: (-item[1].total(), item[0])))


def _grid(sheet: Any, looks: _Looks, line: int, title: str, lines: Mapping[str, Counter[int]]) -> int:
    """Write a table of counts by month and return the line after it."""
    heads = [title, *(f"T{month}" for month in range(1, 13)), "Cả năm"]
    for column, head in enumerate(heads):
        sheet.write_string(line, column, head, looks.head)
    for offset, (name, counts) in enumerate(lines.items(), start=1):
        sheet.write_string(line + offset, 0, _short(name), looks.text())
        for month in range(1, 13):
            sheet.write_number(line + offset, month, counts[month], looks.number)
        sheet.write_number(line + offset, 13, counts.total(), looks.number)
    return line + len(lines) + 1
