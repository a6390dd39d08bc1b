import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.desk import wording
from daemon.desk.ticket import Category, Channel, ReplyForm, State, UnitState

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (dt.date(2026, 10, 5), "ngày 05 tháng 10 năm 2026"),
        (dt.date(2026, 1, 12), "ngày 12 tháng 01 năm 2026"),
        (dt.date(2026, 2, 9), "ngày 09 tháng 02 năm 2026"),
        (dt.date(2026, 3, 30), "ngày 30 tháng 3 năm 2026"),
        (dt.date(2026, 9, 1), "ngày 01 tháng 9 năm 2026"),
    ],
)
def test_a_date_has_zeros_as_the_decree_wants(day: dt.date, said: str) -> None:
    assert wording.long_date(day) == said


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)))
def test_zero_stands_before_days_under_ten_and_months_one_and_two_only(day: dt.date) -> None:
    number, month = wording.two_digits(day)
    assert number == f"{day.day:02d}"
    assert month.startswith("0") == (day.month in (1, 2))
    assert int(month) == day.month


def test_times_and_windows() -> None:
    moment = dt.datetime(2026, 10, 5, 8, 20, tzinfo=ZONE)
    assert wording.time_of(moment) == "08h20 ngày 05/10/2026"
    assert wording.window(moment, moment + dt.timedelta(hours=2)) == "từ 08h20 đến 10h20 ngày 05/10/2026"
    assert wording.window(moment, moment + dt.timedelta(days=1)) == "từ 08h20 ngày 05/10/2026 đến 08h20 ngày 06/10/2026"


@pytest.mark.parametrize(("value", "said"), [(0, "0"), (999, "999"), (98_000, "98.000"), (1_128_478, "1.128.478")])
def test_amounts(value: int, said: str) -> None:
    assert wording.amount(value) == said


@pytest.mark.parametrize(("value", "said"), [(12.5, "12,5"), (3.0, "3"), (0.0, "0"), (99.96, "100"), (50.0, "50")])
def test_numbers(value: float, said: str) -> None:
    assert wording.number(value) == said


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 phút"), (45, "45 phút"), (60, "1 giờ"), (320, "5 giờ 20 phút"), (59.6, "1 giờ")]
)
def test_lengths_of_time(minutes: float, said: str) -> None:
    assert wording.span_of_minutes(minutes) == said


@pytest.mark.parametrize(
    ("name", "after_to", "inside"),
    [
        ("Nguyễn Văn A", "Ông/Bà Nguyễn Văn A", "Ông/Bà"),
        ("ông Nguyễn Văn A", "Ông Nguyễn Văn A", "Ông"),
        ("Bà Lý Thị Mẩy", "Bà Lý Thị Mẩy", "Bà"),
        ("Trương Văn Ba", "Ông/Bà Trương Văn Ba", "Ông/Bà"),
        ("Đoàn Thị Sở", "Ông/Bà Đoàn Thị Sở", "Ông/Bà"),
        ("Bàn Văn Thôn", "Ông/Bà Bàn Văn Thôn", "Ông/Bà"),
        ("Công ty TNHH Minh Anh", "Công ty TNHH Minh Anh", "Quý đơn vị"),
        ("CTY CP GỖ", "CTY CP GỖ", "Quý đơn vị"),
        ("Trường THPT Chợ Mới", "Trường THPT Chợ Mới", "Quý đơn vị"),
        ("Trường Tiểu học Phủ Thông", "Trường Tiểu học Phủ Thông", "Quý đơn vị"),
        ("UBND xã Phủ Thông", "UBND xã Phủ Thông", "Quý đơn vị"),
        ("Phòng Giáo dục", "Phòng Giáo dục", "Quý đơn vị"),
        ("HTX Nà Lìu", "HTX Nà Lìu", "Quý đơn vị"),
        ("Nhà nghỉ Hồ Xanh", "Nhà nghỉ Hồ Xanh", "Quý đơn vị"),
        ("Quán phở Hà", "Quán phở Hà", "Quý đơn vị"),
        ("Lò Văn Pản", "Ông/Bà Lò Văn Pản", "Ông/Bà"),
        ("Nhã Hằng", "Ông/Bà Nhã Hằng", "Ông/Bà"),
        ("Quan Văn Hà", "Ông/Bà Quan Văn Hà", "Ông/Bà"),
        ("  ", "Quý khách hàng", "Quý khách hàng"),
        (None, "Quý khách hàng", "Quý khách hàng"),
        ("Bàn  Văn\nA", "Ông/Bà Bàn Văn A", "Ông/Bà"),
    ],
)
def test_how_a_customer_is_addressed(name: str | None, after_to: str, inside: str) -> None:
    assert wording.addressee(name) == after_to
    assert wording.salutation(name) == inside


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("PHÒNG KINH DOANH", ["PHÒNG KINH DOANH"]),
        ("TỔNG CÔNG TY ĐIỆN LỰC MIỀN BẮC", ["TỔNG CÔNG TY", "ĐIỆN LỰC MIỀN BẮC"]),
        ("PHÒNG GIAO DỊCH KHÁCH HÀNG TỈNH", ["PHÒNG GIAO DỊCH", "KHÁCH HÀNG TỈNH"]),
        ("CÔNG TY ĐIỆN LỰC THÁI NGUYÊN", ["CÔNG TY ĐIỆN LỰC", "THÁI NGUYÊN"]),
        ("TRUNG TÂM CHĂM SÓC KHÁCH HÀNG", ["TRUNG TÂM CHĂM SÓC", "KHÁCH HÀNG"]),
        ("KHÁCH HÀNG" + "A" * 40, ["KHÁCH", "HÀNG" + "A" * 40]),
        ("A" * 40, ["A" * 40]),
        ("", []),
    ],
)
def test_a_long_name_is_balanced_over_two_lines(text: str, lines: list[str]) -> None:
    assert wording.balanced(text) == lines


def test_the_name_under_a_mailed_answer_is_not_torn() -> None:
    assert wording.balanced("PHÒNG GIAO DỊCH KHÁCH HÀNG", 20) == ["PHÒNG GIAO DỊCH", "KHÁCH HÀNG"]


@given(st.text(st.sampled_from("abc ĐÔ"), max_size=80))
def test_balancing_loses_nothing(text: str) -> None:
    assert " ".join(wording.balanced(text)) == " ".join(text.split())


def test_every_value_has_its_word() -> None:
    assert set(wording.STATES) == set(State)
    assert set(wording.UNIT_STATES) == set(UnitState)
    assert set(wording.CHANNELS) == set(Channel)
    assert set(wording.REPLY_FORMS) == set(ReplyForm)
    assert set(wording.CATEGORIES) == set(Category)


def test_paragraphs_leave_out_blank_lines() -> None:
    assert wording.paragraphs(" một \n\n  \nhai\r\nba") == ["một", "hai", "ba"]
    assert wording.paragraphs(None) == []


@pytest.mark.parametrize(("text", "said"), [("Xong", "Xong."), ("Xong.", "Xong."), ("Sao?", "Sao?"), ("", "")])
def test_full_stop(text: str, said: str) -> None:
    assert wording.full_stop(text) == said


def test_a_unit_without_a_name_is_called_by_its_id() -> None:
    assert wording.unit_name("B26", {"B26": "Phòng Điều độ"}) == "Phòng Điều độ"
    assert wording.unit_name("Na Rì", {}) == "Na Rì"
    assert wording.unit_name("lanh-dao", {}) == "Lãnh đạo Công ty"
