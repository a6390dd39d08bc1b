import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.counted import in_ledger
from daemon.desk.ledger_row import LedgerRow, ledger_row
from daemon.desk.report import figures
from daemon.desk.trouble import TryLater
from daemon.documents.ledger import COLUMNS, write_ledger
from tests.desk.test_report import NOW as REPORTED
from tests.desk.test_report import OCTOBER, SEPTEMBER, clock_minutes, tickets
from tests.documents.samples import NOW, at, ticket

TODAY = dt.date(2026, 10, 7)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def row(number: int = 123, **changes: object) -> LedgerRow:
    return replace(ledger_row(ticket(number=f"PCBK-2026-{number:06d}"), NOW), **changes)  # type: ignore[arg-type]


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    write_ledger(path, [row()], 2026, TODAY)
    sheet = openpyxl.load_workbook(path)["Tháng 10"]
    heads, values = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert heads == [title for title, _, _ in COLUMNS]
    assert values[0] == "PCBK-2026-000123"
    assert values[1] == dt.datetime(2026, 10, 5, 8, 20)
    assert values[heads.index("Hạn trả lời khách hàng")] == dt.datetime(2026, 10, 8, 17, 0)
    assert values[heads.index("Đơn vị")] == "Bạch Thông, B26"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "@SUM(A1)",
        "+84912345678",
        "-5",
        "http://x.example",
        "mailto:a@b.c",
        "{=1}",
        "0912345678",
        "internal:'A'!A1",
    ],
)
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    path = tmp_path / "so.xlsx"
    write_ledger(path, [row(customer=text, content=text, phone=text)], 2026, TODAY)
    sheet = openpyxl.load_workbook(path)["Tháng 10"]
    for title in ("Khách hàng", "Nội dung", "Điện thoại"):
        cell = sheet.cell(2, 1 + [name for name, _, _ in COLUMNS].index(title))
        assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_wild_text_does_not_break_the_file(tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    write_ledger(path, [row(content="a\x00b\x0bc\ud800 <&> 😀\n" + "x" * 50_000)], 2026, TODAY)
    cell = openpyxl.load_workbook(path)["Tháng 10"].cell(2, 9)
    assert cell.value.startswith("abc <&> 😀")
    assert cell.value.endswith(" […]")
    assert len(cell.value) < 32_767


def test_a_sheet_a_month_in_order_and_other_years_left_out(tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    rows = [
        row(3, received=at(2026, 10, 6)),
        row(1, received=at(2026, 1, 2)),
        row(2, received=at(2026, 10, 5)),
        row(9, received=at(2025, 12, 31, 23, 59)),
    ]
    write_ledger(path, rows, 2026, TODAY)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Tổng hợp", "Tháng 01", "Tháng 10"]
    assert [line[0].value for line in book["Tháng 10"].iter_rows(min_row=2)] == ["PCBK-2026-000002", "PCBK-2026-000003"]


def test_head_frozen_and_filters_set(tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    write_ledger(path, [row()], 2026, TODAY)
    sheet = openpyxl.load_workbook(path)["Tháng 10"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:T2"


@pytest.mark.parametrize(
    ("changes", "color"),
    [
        ({"late": "quá hạn"}, "FFF8CBAD"),
        ({"late": "sắp đến hạn"}, "FFFFE699"),
        ({"late": "", "answered": at(2026, 10, 6)}, "FFE2EFDA"),
        ({"late": "", "answered": None}, "00000000"),
    ],
)
def test_deadlines_are_coloured(tmp_path: Path, changes: dict[str, object], color: str) -> None:
    path = tmp_path / "so.xlsx"
    write_ledger(path, [row(**changes)], 2026, TODAY)
    cell = openpyxl.load_workbook(path)["Tháng 10"].cell(2, 15)
    assert cell.fill.fgColor.rgb == color


def test_the_summary_counts(tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    rows = [
        row(1, received=at(2026, 1, 2), answered=at(2026, 1, 3), open=False, late=""),
        row(2, received=at(2026, 1, 5), late="quá hạn"),
        row(3, received=at(2026, 10, 5), late=""),
    ]
    write_ledger(path, rows, 2026, TODAY, ["Lịch nghỉ năm 2027 chưa được xác nhận."])
    sheet = openpyxl.load_workbook(path)["Tổng hợp"]
    lines = {str(line[0]): line[1:] for line in sheet.iter_rows(values_only=True) if line[0]}
    assert "Lịch nghỉ năm 2027 chưa được xác nhận." in lines
    assert lines["Yêu cầu tiếp nhận"][0:2] + lines["Yêu cầu tiếp nhận"][9:13] == (2, 0, 1, 0, 0, 3)
    assert lines["+ đã trả lời"][12] == 1
    assert lines["+ đang giải quyết"][12] == 2
    assert lines["Đang giải quyết, đã quá hạn trả lời khách hàng"][12] == 1


@settings(max_examples=8, derandomize=True, deadline=None)
@given(st.integers(0, 10_000))
def test_ledger_and_report_tell_the_same_numbers(seed: int) -> None:
    """Booked, merged, set aside and received are the same in both for a month, also by kind and channel; the parts add up."""
    every = tickets(seed)
    made = figures(every, OCTOBER, SEPTEMBER, REPORTED, clock_minutes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "so.xlsx"
        write_ledger(path, [ledger_row(each, REPORTED) for each in every if in_ledger(each)], 2026, TODAY)
        sheet = openpyxl.load_workbook(path)["Tổng hợp"]
        october = {str(line[0]): line[10] for line in sheet.iter_rows(values_only=True) if line[0]}
    for name, count in {
        "Phiếu vào sổ": made.booked,
        "– trừ phiếu gộp vào phiếu khác": made.merged,
        "– trừ phiếu để riêng, không phải yêu cầu": made.aside,
        "Yêu cầu tiếp nhận": made.all.received,
        "+ đóng không trả lời": made.all.unanswered,
        "+ hủy": made.all.cancelled,
        **{kind.title: kind.received for kind in made.kinds if kind.title in october},
        **dict(made.channels),
    }.items():
        assert october[name] == count, name
    parts = ("+ đã trả lời", "+ đóng không trả lời", "+ hủy", "+ đang giải quyết")
    assert october["Yêu cầu tiếp nhận"] == sum(october[name] for name in parts)


def test_the_same_ledger_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_ledger(tmp_path / name, [row(n) for n in range(20)], 2026, TODAY)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_an_empty_year_is_a_ledger_too(tmp_path: Path) -> None:
    write_ledger(tmp_path / "moi" / "so.xlsx", [], 2027, TODAY)
    assert openpyxl.load_workbook(tmp_path / "moi" / "so.xlsx").sheetnames == ["Tổng hợp"]


def test_what_cannot_be_replaced_is_told_and_nothing_is_left_behind(tmp_path: Path) -> None:
    """A folder in the ledger's place fails like a file held open by Excel: os.replace refuses."""
    path = tmp_path / "so.xlsx"
    path.mkdir()
    (path / "x").touch()
    with pytest.raises(TryLater, match="đang mở trong Excel"):
        write_ledger(path, [row()], 2026, TODAY)
    assert names(tmp_path) == ["so.xlsx"]


def test_an_old_ledger_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    write_ledger(path, [row()], 2026, TODAY)
    before = path.read_bytes()
    with pytest.raises(AttributeError):
        write_ledger(path, [row(), row(customer=None)], 2026, TODAY)
    assert path.read_bytes() == before
    assert names(tmp_path) == ["so.xlsx"]


def test_what_a_killed_process_left_behind_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / ".so.4711.tmp").write_bytes(b"half")
    (tmp_path / ".so-2.4711.tmp").write_bytes(b"of another ledger")
    write_ledger(tmp_path / "so.xlsx", [row()], 2026, TODAY)
    assert sorted(names(tmp_path)) == [".so-2.4711.tmp", "so.xlsx"]


def test_a_month_can_be_read_on_paper(tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    write_ledger(path, [row()], 2026, TODAY)
    sheet = openpyxl.load_workbook(path)["Tháng 10"]
    setup, margins = sheet.page_setup, sheet.page_margins
    assert (setup.orientation, int(setup.paperSize), setup.fitToHeight) == ("landscape", 8, 0), "one page wide, on A3"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_title_rows == "$1:$1"
    inches = sum((7 * width + 5) / 96 for _, _, width in COLUMNS)
    points = 11 * min(1, (420 / 25.4 - margins.left - margins.right) / inches)
    assert points >= 8, "letters of 11 points, shrunk to the width of A3"
