"""Exports into the cache: XLSX and CSV in every usual dress, bad rows told, broken files set aside, versions replaced."""

import csv
import datetime as dt
import io
import os
import unicodedata
from pathlib import Path

import openpyxl
import pytest

from daemon.desk.tariff import Tariffs
from daemon.lookups.lookups import Lookups
from daemon.settings.lookups import load_mappings

ZONE = dt.timezone(dt.timedelta(hours=7))
NOW = dt.datetime(2026, 10, 5, 8, tzinfo=ZONE)
MAPPINGS = load_mappings(Path(__file__).parents[2] / "config" / "lookups.toml")
HEADING = ["STT", "Tên điện lực", "Mã trạm", "Khu vực", "Thời gian bắt đầu", "Thời gian kết thúc", "Lý do"]
ROW = [1, "Điện lực Bạch Thông", "BT001", "xã Quân Hà", "07:30 08/10/2026", "11:30 08/10/2026", "Bảo dưỡng TBA"]
CUSTOMERS = ["Mã KH", "Tên khách hàng", "Địa chỉ", "Điện thoại", "Mã đơn vị", "Mã trạm", "Số công tơ"]
MINH = ["PA26BT0000101", "Nguyễn Văn Minh", "thôn 2, xã Quân Hà", "0912000101", "PA26BT", "BT001", "123"]
DAY = (dt.datetime(2026, 10, 8, tzinfo=ZONE), dt.datetime(2026, 10, 9, tzinfo=ZONE))


@pytest.fixture
def lookups(tmp_path):
    (tmp_path / "inbox" / "du-lieu").mkdir(parents=True)
    found = Lookups(tmp_path, MAPPINGS, Tariffs(), lambda: NOW, settle=0)
    yield found
    found.close()


def put_csv(lookups, name, *rows, encoding="utf-8", delimiter=";", made=NOW):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return put(lookups, name, text.getvalue().encode(encoding), made)


def put_xlsx(lookups, name, *rows, made=NOW, sheet=None):
    book = openpyxl.Workbook()
    if sheet:
        book.create_sheet(sheet)
    page = book.worksheets[-1]
    for row in rows:
        page.append(row)
    path = lookups.inbox / name
    book.save(path)
    return dated(path, made)


def put(lookups, name, content, made=NOW):
    path = lookups.inbox / name
    path.write_bytes(content)
    return dated(path, made)


def dated(path, made):
    os.utime(path, (made.timestamp(), made.timestamp()))
    return path


def rows(lookups, window=DAY):
    return [outage for outage, _ in lookups.database.all_between(*window)]


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ";"), ("utf-8-sig", ","), ("utf-8", "\t"), ("utf-16", ";"), ("cp1258", ";"), ("cp1258", ",")],
)
def test_csv_in_every_dress(lookups, encoding, delimiter):
    # cp1258 has tone marks of their own, so its text is decomposed
    spell = (lambda cell: tones(str(cell))) if encoding == "cp1258" else str
    put_csv(
        lookups, "oms.csv", [spell(c) for c in HEADING], [spell(c) for c in ROW], encoding=encoding, delimiter=delimiter
    )
    [report] = lookups.take_exports()
    assert report.taken and report.rows == 1 and not report.bad
    [outage] = rows(lookups)
    assert outage.area == "xã Quân Hà" and outage.unit == "Bạch Thông" and outage.reason == "Bảo dưỡng TBA"
    assert unicodedata.is_normalized("NFC", outage.area)
    assert (outage.start.hour, outage.end.hour) == (7, 11)


def tones(text):
    """Return text as cp1258 can hold it: base letters with their hooks, tones as marks behind them."""
    marks = "̣̀́̃̉"
    out = []
    for char in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", char)
        kept = "".join(part for part in parts if part not in marks)
        out.append(unicodedata.normalize("NFC", kept) + "".join(part for part in parts if part in marks))
    return "".join(out)


def test_xlsx_with_a_preface_and_real_dates(lookups):
    start, end = dt.datetime(2026, 10, 8, 7, 30), dt.datetime(2026, 10, 8, 11, 30)
    put_xlsx(
        lookups,
        "Lich ngung.xlsx",
        ["CÔNG TY ĐIỆN LỰC"],
        ["LỊCH NGỪNG, GIẢM CUNG CẤP ĐIỆN"],
        ["Từ ngày 05/10/2026 đến ngày 11/10/2026. Cập nhật lúc 06:45 ngày 05/10/2026"],
        [],
        HEADING,
        [1, "Điện lực Bạch Thông", None, "xã Quân Hà", start, end, "Bảo dưỡng"],
        [None] * 7,
        [2, "TP Bắc Kạn", None, "phường Đức Xuân", start, None, None],
        sheet="Lịch",
    )
    [report] = lookups.take_exports()
    assert (report.source, report.rows, report.bad_count) == ("oms", 2, 0)
    assert report.as_of == dt.datetime(2026, 10, 5, 6, 45, tzinfo=ZONE)
    [version] = lookups.versions()
    assert version.covers == (dt.datetime(2026, 10, 5, tzinfo=ZONE), dt.datetime(2026, 10, 12, tzinfo=ZONE))
    first, second = rows(lookups)
    assert first.end.isoformat() == "2026-10-08T11:30:00+07:00"
    assert second.end is None and second.unit == "TP Bắc Kạn"


def test_dates_and_times_in_columns_of_their_own(lookups):
    heading = ["Ngày", "Giờ bắt đầu", "Giờ kết thúc", "Khu vực", "Nguyên nhân"]
    put_xlsx(
        lookups,
        "lich-cat.xlsx",
        heading,
        [dt.date(2026, 10, 8), dt.time(22, 0), dt.time(2, 0), "xã Quân Hà", "Sửa chữa"],
        ["08/10/2026", "7h30", "đến khi thi công xong", "xã Sĩ Bình", ""],
    )
    assert lookups.take_exports()[0].bad_count == 0
    second, first = rows(lookups)
    assert first.end == dt.datetime(2026, 10, 9, 2, tzinfo=ZONE)
    assert second.end is None and second.end_note == "đến khi thi công xong"


def test_bad_rows_are_told_and_the_others_taken(lookups):
    bad = [
        [2, "Ba Bể", "", "xã Địa Linh", "sáng 08/10", "", ""],
        [3, "Ba Bể", "", "xã Địa Linh", "07:30 08/10/2026", "06:30 08/10/2026", ""],
        [4, "Ba Bể", "", "", "07:30 08/10/2026", "", ""],
        [5, "Ba Bể", "", "xã Địa Linh", "07:30 08/10/2026", "lúc 99 giờ", ""],
    ]
    put_csv(lookups, "oms.csv", HEADING, *[ROW] * 4, *bad)
    [report] = lookups.take_exports()
    assert report.taken and report.rows == 4 and [row.line for row in report.bad] == [6, 7, 8, 9]
    note = (lookups.to_check / "oms.csv.txt").read_text(encoding="utf-8-sig")
    for words in (
        "dòng 6: không đọc được giờ bắt đầu 'sáng 08/10'",
        "dòng 7: giờ kết thúc '06:30 08/10/2026' không sau giờ bắt đầu",
        "dòng 8: không có khu vực, trạm hay lộ",
        "dòng 9: không đọc được giờ kết thúc",
    ):
        assert words in note
    assert (lookups.inbox / "da-nap" / "oms.csv").exists()
    assert any("4 dòng hỏng" in line for line in lookups.warnings())


def test_cancelled_rows_do_not_hold(lookups):
    put_csv(lookups, "oms.csv", [*HEADING, "Trạng thái"], [*ROW, "Đã duyệt"], [*ROW, "Đã hủy"])
    [report] = lookups.take_exports()
    assert report.rows == 1 and "bỏ 1 dòng đã hủy hoặc hoãn" in report.message


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("oms.xls", b"\xd0\xcf\x11\xe0", "lưu lại thành .xlsx"),
        ("anh.png", b"x", "Cần tệp .xlsx hoặc .csv"),
        ("oms.xlsx", b"not a zip", "không mở được tệp Excel"),
        ("oms.csv", b"a;b;c\r\n1;2;3\r\n", "không nhận ra đây là bản xuất nào"),
        ("oms.csv", b"", "không nhận ra đây là bản xuất nào"),
        ("oms.csv", "Khu vực;Lý do;Tên điện lực\r\n".encode(), "thiếu cột"),
        ("oms.csv", b"\xd2\xff\xfe\x90\x81" * 9, "không nhận ra"),
    ],
)
def test_a_file_that_cannot_be_used_is_set_aside_with_the_reason(lookups, name, content, words):
    put(lookups, name, content)
    [report] = lookups.take_exports()
    assert not report.taken and words in report.message
    assert (lookups.to_check / name).read_bytes() == content
    assert words in (lookups.to_check / f"{name}.txt").read_text(encoding="utf-8-sig")
    assert lookups.take_exports() == []


def test_mostly_bad_rows_keep_the_earlier_version(lookups):
    put_csv(lookups, "oms.csv", HEADING, ROW)
    lookups.take_exports()
    put_csv(lookups, "oms.csv", HEADING, ROW, *[[2, "", "", "xã X", "mai", "", ""]] * 3)
    [report] = lookups.take_exports()
    assert not report.taken and "3 trên 4 dòng không đọc được" in report.message
    assert len(rows(lookups)) == 1
    put_csv(lookups, "oms.csv", HEADING)
    assert "không có dòng nào" in lookups.take_exports()[0].message
    assert len(rows(lookups)) == 1


def test_a_new_plan_replaces_the_old_one_but_keeps_what_is_past(lookups):
    past = [2, "Bạch Thông", "", "xã Sĩ Bình", "07:30 02/10/2026", "11:30 02/10/2026", ""]
    older = [3, "Bạch Thông", "", "xã Sĩ Bình", "07:30 02/08/2026", "11:30 02/08/2026", ""]
    put_csv(lookups, "oms-1.csv", HEADING, ROW, past, older, made=NOW - dt.timedelta(days=3))
    put_csv(lookups, "oms-2.csv", HEADING, [*ROW[:4], "08:00 08/10/2026", "09:00 08/10/2026", ""])
    assert [report.rows for report in lookups.take_exports()] == [3, 1]
    assert [row.start.hour for row in rows(lookups)] == [8]
    year = (dt.datetime(2026, 1, 1, tzinfo=ZONE), dt.datetime(2026, 12, 31, tzinfo=ZONE))
    kept = rows(lookups, year)
    assert [row.start.month for row in kept] == [10, 10]
    assert kept[0].as_of == NOW - dt.timedelta(days=3)
    assert [version.file for version in lookups.versions()] == ["oms-2.csv"]


def test_files_in_the_making_are_left_alone(tmp_path):
    (tmp_path / "inbox" / "du-lieu").mkdir(parents=True)
    lookups = Lookups(tmp_path, MAPPINGS, Tariffs(), lambda: NOW, settle=3600)
    put_csv(lookups, "oms.csv", HEADING, ROW, made=dt.datetime.now(ZONE))
    put_csv(lookups, "~$oms.xlsx", HEADING)
    put_csv(lookups, "oms.csv.part", HEADING)
    assert lookups.take_exports() == []
    dated(lookups.inbox / "oms.csv", NOW - dt.timedelta(days=365))
    assert len(lookups.take_exports()) == 1
    lookups.close()


def test_names_taken_twice_do_not_overwrite(lookups):
    for _ in range(2):
        put_csv(lookups, "oms.csv", HEADING, ROW)
        lookups.take_exports()
    assert sorted(path.name for path in (lookups.inbox / "da-nap").iterdir()) == ["oms-2.csv", "oms.csv"]


def test_customers_by_code_and_phone(lookups):
    lan = ["PA26CD0000103", "Vi Thị Lan", "tổ 2 thị trấn Bằng Lũng", "912000108", "PA26CD", "CD01", ""]
    both = ["PA26BT0000102", "Nguyễn Văn Minh", "xã Quân Hà", "0912 000 101; 0912000777", "PA26BT", "BT002", ""]
    put_csv(lookups, "khach hang.csv", CUSTOMERS, MINH, lan, both, MINH, ["", "x", "", "", "", "", ""])
    [report] = lookups.take_exports()
    assert (report.source, report.rows, report.bad_count) == ("cmis", 3, 2)
    assert "có hai lần" in report.bad[0].reason and "thiếu mã" in report.bad[1].reason
    minh = lookups.customer(code="pa26 bt 0000101")
    assert (minh.name, minh.unit, minh.substation, minh.meter) == ("Nguyễn Văn Minh", "Bạch Thông", "BT001", "123")
    assert lookups.customer(phone="0912 000 108").code == "PA26CD0000103"
    assert lookups.customer(phone="0912000101") is None, "two customers have this number"
    assert lookups.customer(phone="+84912000777").code == "PA26BT0000102"
    assert lookups.customer(code="PA26XX0000000") is None
    assert lookups.forget(phone="0912000108") == 1 and lookups.customer(phone="0912000108") is None


def test_a_customer_list_that_shrank_is_not_believed(lookups):
    many = [[f"PA26BT{number:07}", "Tên", "xã Quân Hà", "", "PA26BT", "", ""] for number in range(20)]
    put_csv(lookups, "cmis.csv", CUSTOMERS, *many)
    lookups.take_exports()
    put_csv(lookups, "cmis.csv", CUSTOMERS, MINH)
    [report] = lookups.take_exports()
    assert not report.taken and "bản đang dùng có 20" in report.message
    assert lookups.customer(code="PA26BT0000019")
    put_csv(lookups, "cmis-thay-the.csv", CUSTOMERS, MINH)
    assert lookups.take_exports()[0].taken
    assert lookups.customer(code="PA26BT0000019") is None and lookups.customer(code=MINH[0])


def test_a_cache_of_another_layout_is_made_anew(lookups):
    put_csv(lookups, "oms.csv", HEADING, ROW)
    lookups.take_exports()
    lookups.database.connection.execute("PRAGMA user_version = 99")
    lookups.close()
    assert lookups.versions() == ()


def test_two_rows_of_headings_and_other_sheets(lookups):
    book = openpyxl.Workbook()
    book.active.append(["Hướng dẫn", "Xem trang sau"])
    page = book.create_sheet("Dữ liệu")
    page.append(["Lịch"])
    page.append(HEADING)
    page.append(ROW)
    hidden = book.create_sheet("ẩn", 0)
    hidden.append(HEADING)
    hidden.sheet_state = "hidden"
    book.save(lookups.inbox / "oms.xlsx")
    assert lookups.take_exports()[0].rows == 1


def test_headings_over_two_rows_merged_cells_unit_headings_and_signatures(lookups):
    put_xlsx(
        lookups,
        "lich-ngung.xlsx",
        ["LỊCH NGỪNG CUNG CẤP ĐIỆN TUẦN 41", None, None, None, None, None],
        ["(Từ ngày 05/10 đến ngày 11/10/2026)"],
        ["TT", "Khu vực", "Ngày", "Thời gian ngừng", None, "Lý do"],
        [None, None, None, "Từ", "Đến", None],
        ["I. ĐIỆN LỰC BẠCH THÔNG"],
        [1, "xã Quân Hà", "08/10/2026", "7h30", "11h30", "Bảo dưỡng"],
        [2, "xã Sĩ Bình", None, "13h00", "15h00", "Bảo dưỡng"],
        ["II", "Điện lực Ba Bể", None, None, None, None],
        [3, "xã Địa Linh", "09/10/2026", "7h30", "11h30", "Bảo dưỡng"],
        [4, "xã Yến Dương, huyện Ba Bể"],
        [],
        [None, None, "NGƯỜI LẬP", None, "TRƯỞNG PHÒNG", None],
        ["Ghi chú: lịch có thể thay đổi"],
    )
    [report] = lookups.take_exports()
    assert (report.source, report.rows) == ("oms", 3) and "4 dòng chỉ là tiêu đề" in report.message
    # an area without a time is no heading: it is told
    assert [row.line for row in report.bad] == [10] and "không đọc được giờ bắt đầu" in report.bad[0].reason
    [version] = lookups.versions()
    assert version.covers == (dt.datetime(2026, 10, 5, tzinfo=ZONE), dt.datetime(2026, 10, 12, tzinfo=ZONE))
    found = rows(lookups, (DAY[0], DAY[1] + dt.timedelta(days=2)))
    assert [(row.unit, row.area, row.start.hour, row.end.hour) for row in found] == [
        ("Bạch Thông", "xã Quân Hà", 7, 11),
        ("Bạch Thông", "xã Sĩ Bình", 13, 15),
        ("Ba Bể", "xã Địa Linh", 7, 11),
    ]


def test_start_and_end_in_one_column(lookups):
    put_csv(
        lookups,
        "oms.csv",
        ["Điện lực", "Khu vực", "Thời gian", "Lý do"],
        ["Bạch Thông", "xã Quân Hà", "Từ 07h30 đến 11h30 ngày 08/10/2026", ""],
        ["Bạch Thông", "xã Sĩ Bình", "cả ngày 08/10/2026", ""],
    )
    [report] = lookups.take_exports()
    assert [row.line for row in report.bad] == [3] and "không đọc được thời gian" in report.bad[0].reason
    assert [(row.start.hour, row.end.hour) for row in rows(lookups)] == [(7, 11)]


def test_a_long_export_is_loaded_beside_the_questions(lookups):
    put_csv(lookups, "oms.csv", HEADING, ROW)
    assert lookups.take_exports(wait=False) == []
    lookups._running.result()
    [report] = lookups.take_exports(wait=False)
    assert report.taken and len(rows(lookups)) == 1
    assert lookups.take_exports(wait=False) == []


def test_a_trouble_of_the_other_thread_is_not_lost(lookups):
    put(lookups, "oms.csv", b"a;b")
    lookups.to_check.parent.mkdir(exist_ok=True)
    lookups.to_check.write_text("a file where the folder should be")
    lookups.take_exports(wait=False)
    with pytest.raises(FileExistsError):
        lookups._running.result()
    with pytest.raises(FileExistsError):
        lookups.take_exports(wait=False)


class Locked(Lookups):
    """Look-ups on a share where somebody has the export open: it can be read but not moved."""

    locked = True

    def _move(self, path, folder):
        if self.locked:
            raise PermissionError(path)
        return super()._move(path, folder)


def test_an_export_that_cannot_be_moved_is_loaded_once(tmp_path):
    (tmp_path / "inbox" / "du-lieu").mkdir(parents=True)
    lookups = Locked(tmp_path, MAPPINGS, Tariffs(), lambda: NOW, settle=0)
    put_csv(lookups, "oms.csv", HEADING, ROW)
    [report] = lookups.take_exports()
    assert "chưa chuyển được" in report.message and len(rows(lookups)) == 1
    [before] = lookups.versions()
    assert lookups.take_exports() == [] and lookups.versions() == (before,)
    lookups.locked = False
    [report] = lookups.take_exports()
    assert report.moved_to == lookups.inbox / "da-nap" / "oms.csv" and lookups.versions() == (before,)
    lookups.close()
