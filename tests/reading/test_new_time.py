"""The new time in an answer on moving an outage: read where it is sure, left to a person where it is not."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.new_time import NewTime, new_time, wished

ZONE = dt.timezone(dt.timedelta(hours=7))
RECEIVED = dt.datetime(2026, 10, 23, 9, 20, tzinfo=ZONE)  # a Friday
OLD = dt.datetime(2026, 10, 28, 7, 30, tzinfo=ZONE)

SURE = [
    ("B26 đồng ý chuyển lịch sang 07h30 - 11h30 ngày 31/10/2026.", "31 07:30", "31 11:30"),
    ("Đồng ý lùi lịch ngừng điện từ 07h30 ngày 28/10 sang 13h30 ngày 30/10.", "30 13:30", None),
    ("Nhất trí dời từ 07h30 đến 11h30 ngày 28/10 sang 13h30 đến 17h00 ngày 30/10/2026.", "30 13:30", "30 17:00"),
    ("Nhất trí chuyển sang chiều 30/10, từ 13h30 đến 17h.", "30 13:30", "30 17:00"),
    ("Đồng ý chuyển sang 2h chiều ngày 30/10.", "30 14:00", None),
    ("B26 thống nhất dời sang thứ Bảy ngày 31/10, giữ nguyên khung giờ.", "31 07:30", None),
    ("Đồng ý chuyển sang ngày 31/10/2026. Thời gian: từ 08h00 đến 10h00.", "31 08:00", "31 10:00"),
    ("Đồng ý chuyển sang 13h30 cùng ngày.", "28 13:30", None),
    ("Đồng ý chuyển sang 13h30, đề nghị phòng báo khách hàng.", "28 13:30", None),
    ("Đồng ý chuyển sang 07h30 ngày 31/10. Đề nghị phòng báo khách trước 17h ngày 27/10.", "31 07:30", None),
    ("B26 nhất trí. Lịch mới: 13h30 ngày 30/10/2026.", "30 13:30", None),
    ("Dong y chuyen sang 7h30 ngay 31/10.", "31 07:30", None),
    ("Chấp thuận thay đổi thời gian ngừng điện ngày 28/10 thành 6h00 ngày 31/10.", "31 06:00", None),
    ("Đồng ý hoãn đến 7h30 ngày 31/10 thay vì 7h30 ngày 28/10.", "31 07:30", None),
    ("Đồng ý bố trí lại vào 8h sáng thứ Bảy tuần sau.", "31 08:00", None),
    ("Đồng ý chuyển sang sáng 31/10 từ 7h30 đến 11h30.", "31 07:30", "31 11:30"),
]
UNSURE = [
    "B26 đồng ý.",
    "Đồng ý chuyển sang ngày 31/10.",
    "Đồng ý chuyển sang 31/10 hoặc 01/11, từ 7h30.",
    "Đồng ý chuyển sang 7h30 thứ Hai ngày 31/10.",
    "Đồng ý chuyển sang 2h ngày 30/10.",
    "Đồng ý hoãn, lịch mới sẽ thông báo sau.",
    "Không đồng ý, giữ nguyên lịch 07h30 ngày 28/10.",
    "",
]


def at(text: str) -> dt.datetime:
    day, hour = text.split()
    return dt.datetime.fromisoformat(f"2026-10-{day}T{hour}").replace(tzinfo=ZONE)


@pytest.mark.parametrize(("text", "start", "end"), SURE, ids=[text for text, *_ in SURE])
def test_a_time_that_is_named_is_read(text: str, start: str, end: str | None) -> None:
    assert new_time(text, RECEIVED, OLD) == NewTime(at(start), at(end) if end else None)


@pytest.mark.parametrize("text", UNSURE)
def test_what_is_not_sure_has_no_time(text: str) -> None:
    assert new_time(text, RECEIVED, OLD) is None


WISHES = [
    (
        "Nhận thông báo cắt từ 07h30 ngày 28/10. Công ty đề nghị chuyển sang ngày 31/10. Xin trả lời.",
        "31 00:00",
        "32 00:00",
    ),
    ("Lịch cắt 7h30 ngày 28/10, xin dời sang 13h30 đến 17h cùng ngày.", "28 13:30", "28 17:00"),
    ("Xin hoãn lịch cắt điện 7h30 ngày 28/10 sang thứ bảy tuần này", "24 00:00", "25 00:00"),
    ("xin doi lich cat dien 7h30 ngay 28/10 sang ngay 30/10", "30 00:00", "31 00:00"),
    ("Đề nghị lùi lịch ngừng điện 07h30 ngày 28/10/2026 đến 14h00", "28 14:00", "28 14:00"),
    ("Xin đổi từ 7h30 ngày 28/10 sang từ 13h30 ngày 30/10", "30 13:30", "30 13:30"),
    ("Xin hoãn lịch cắt điện 7h30 ngày 28/10 sang ngày khác", None, None),
    ("Xin hoãn lịch cắt điện 7h30 ngày 28/10 vì nhà có đám cưới", None, None),
    ("Xin chuyển lịch 28/10 sang ngày 30/10 hoặc ngày 31/10", None, None),
]


@pytest.mark.parametrize(("text", "start", "end"), WISHES, ids=[text for text, *_ in WISHES])
def test_a_wish_is_read_where_it_names_one_time(text: str, start: str | None, end: str | None) -> None:
    def moment(said: str) -> dt.datetime:
        day, clock = said.split()
        return at(f"31 {clock}") + dt.timedelta(days=int(day) - 31)

    wanted = (moment(start), moment(end)) if start and end else None
    assert wished(text, RECEIVED, OLD) == wanted


@settings(max_examples=200, derandomize=True)
@given(
    st.dates(dt.date(2026, 10, 24), dt.date(2026, 12, 30)).filter(lambda day: day != OLD.date()),
    st.integers(5, 22),
    st.sampled_from(["00", "15", "30", "45"]),
    st.sampled_from(["chuyển sang", "dời sang", "lùi sang", "thay đổi thành", "điều chỉnh xuống"]),
    st.sampled_from(["{d:%d/%m/%Y}", "ngày {d:%d/%m/%Y}", "ngày {d.day}/{d.month}/{d.year}"]),
)
def test_every_plain_answer_is_read(day: dt.date, hour: int, minute: str, verb: str, form: str) -> None:
    text = f"B26 đồng ý {verb} {hour:02d}h{minute} {form.format(d=day)}."
    found = new_time(text, RECEIVED, OLD)
    assert found and found.start == dt.datetime(day.year, day.month, day.day, hour, int(minute), tzinfo=ZONE)


@settings(max_examples=200, derandomize=True)
@given(st.text("sang thứ bảy ngày đến từ 0123456789/h:.-,;\n", max_size=80))
def test_any_text_is_survived(text: str) -> None:
    assert new_time(text, RECEIVED, OLD) == new_time(text, RECEIVED, OLD)
    assert new_time(text, RECEIVED) == new_time(text, RECEIVED)
    window = wished(text, RECEIVED, OLD)
    assert window is None or window[0] <= window[1]
