"""Vietnamese dates and times: the announced start of an outage, the window that is asked about."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.reading.dates import find_days, find_hours
from daemon.reading.outage import asked_window, outage_start

ZONE = dt.timezone(dt.timedelta(hours=7))
THURSDAY = dt.datetime(2026, 11, 5, 9, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("xin hoãn cắt điện từ 07h30 đến 11h30 ngày 10/11/2026", "11-10 07:30"),
        ("xin hoãn cắt điện ngày 10/11 từ 7 giờ 30 phút đến 11 giờ", "11-10 07:30"),
        ("xin dời lịch cắt điện 8h sáng mai sang 14h", "11-06 08:00"),
        ("xin dời lịch cắt điện sáng mai lúc 8h sang chiều", "11-06 08:00"),
        ("chiều mai 2h cắt điện, xin lùi đến 4h", "11-06 14:00"),
        ("xin lùi giờ cắt điện chiều nay từ 13h sang 15h", "11-05 13:00"),
        ("xin lùi cắt điện 8 rưỡi sáng thứ bảy", "11-07 08:30"),
        ("đổi lịch cắt điện 7h thứ 3 tuần sau giúp tôi", "11-10 07:00"),
        ("đổi lịch cắt điện 7h thứ sáu tuần này", "11-06 07:00"),
        ("8h thứ hai tới nhà tôi có đám cưới, xin hoãn cắt điện hôm đó", "11-09 08:00"),
        ("hoãn cắt điện 6h CN này với", "11-08 06:00"),
        ("xin hoan cat dien 14h ngay kia", "11-07 14:00"),
        ("xin hoan cat dien 9g ngay mot", "11-07 09:00"),
        ("hoan cat dien 19h toi mai", "11-06 19:00"),
        ("hoãn cắt điện 7h tối mai", "11-06 19:00"),
        ("hoãn cắt điện trưa mai lúc 1h", "11-06 13:00"),
        ("dời cắt điện 10h đêm nay", "11-05 22:00"),
        ("đề nghị chuyển lịch ngừng điện ngày 12.11 lúc 13h30 sang ngày 14.11", "11-12 13:30"),
        ("đề nghị chuyển lịch từ ngày 12/11 sang ngày 15/11, giờ cắt 6h00", "11-12 06:00"),
        ("đề nghị lùi lịch ngừng cấp điện từ 06h00 ngày 20 tháng 11 năm 2026 sang 21 tháng 11", "11-20 06:00"),
        ("rút ngắn thời gian ngừng điện ngày 16/11 (8h-16h) xuống còn 3 tiếng", "11-16 08:00"),
        ("rút ngắn giờ cắt điện 7-11h ngày 16/11", "11-16 07:00"),
        ("xin cắt lúc 14h thay vì 8h ngày 9/11", "11-09 08:00"),
        ("thứ tư ngày 11/11 lúc 5 giờ sáng trùng lịch xuất chuồng, xin dời muộn 1 ngày", "11-11 05:00"),
        ("ngày 11/11 (thứ tư) cắt điện 7h, xin hoãn", "11-11 07:00"),
        ("cắt điện 22h đêm mai (06/11) trùng lễ, xin lùi", "11-06 22:00"),
        ("hoãn cắt điện 5h30 ngày mùng 9", "11-09 05:30"),
        ("hoãn cắt điện lúc 7h ngày 28 giúp em", "11-28 07:00"),
        ("tổ chức lễ vào 7h sáng 20/11, được biết có lịch cắt điện từ 6h30 hôm đó, xin lùi sau 11h30", "11-20 06:30"),
        ("xin cho lùi giờ cắt điện ngày 10/11: từ 7h00 lùi lại 9h00", "11-10 07:00"),
        ("Mai 5h30 sáng bên điện cắt điện, cho em xin dời sang ngày kia", "11-06 05:30"),
        ("lúc 2 giờ sáng 15/11 cắt điện, xin chuyển sang 10 giờ sáng cùng ngày", "11-15 02:00"),
        ("cắt từ 6h30 sáng thứ sáu 06/11, xin lùi sang chủ nhật", "11-06 06:30"),
        ("cat tu 6h30 sang thu sau 06/11, xin lui sang chu nhat", "11-06 06:30"),
        ("hoãn cắt điện 07:00 - 11:00 ngày 09/11/26", "11-09 07:00"),
        ("hoãn cắt điện 8 giờ kém 15 ngày 9/11", "11-09 07:45"),
        ("Theo thông báo số 123/TB-ĐL ngày 02/11/2026, cắt điện từ 8h ngày 12/11, xin hoãn", "11-12 08:00"),
        ("xin hoãn cắt điện từ 8 giờ đến 12 giờ ngày mai", "11-06 08:00"),
        ("hoãn cắt điện ngày 03/01 lúc 7h", "2027-01-03 07:00"),
        ("xin hoãn cắt điện 7h30 sáng thứ bảy tuần này", "11-07 07:30"),
        ("xin hoãn cắt điện 8h thứ 7 này", "11-07 08:00"),
        ("xin hoãn cắt điện lúc 8h mùng 10", "11-10 08:00"),
        ("xin hoãn cắt điện 6h sáng mùng 5 tháng 12", "12-05 06:00"),
        ("xin hoãn cắt điện 8h sáng mồng 9 tháng này", "11-09 08:00"),
        ("xin hoãn cắt điện 14h ngày kia", "11-07 14:00"),
        ("xin hoãn cắt điện 7g30 sáng thứ 4 ngày 2/12", "12-02 07:30"),
        ("xin lùi giờ cắt điện từ 5h-11h30 ngày 10/11", "11-10 05:00"),
        ("xin lùi giờ cắt điện 5h - 11h30 ngày 10/11", "11-10 05:00"),
        ("xin lùi giờ cắt điện 13 giờ chiều ngày 10/11", "11-10 13:00"),
        ("xin lùi giờ cắt điện 13 giờ chiều mai", "11-06 13:00"),
        ("xin lùi lịch cắt điện lúc 0h ngày 10/11", "11-10 00:00"),
        ("xin lùi lịch cắt điện 0 giờ 30 ngày 10/11", "11-10 00:30"),
        ("xin lùi lịch cắt điện 24h ngày 10/11", "11-11 00:00"),
        ("xin lùi lịch cắt điện 8h ngày 10 tháng 11 này", "11-10 08:00"),
        ("xin lùi lịch cắt điện hôm 10 lúc 8h", "11-10 08:00"),
        ("xin lùi lịch cắt điện 8h00' ngày 10/11", "11-10 08:00"),
        ("xin lùi lịch cắt điện tám giờ sáng ngày 10/11", "11-10 08:00"),
        ("xin lùi lịch cắt điện bảy rưỡi sáng mai", "11-06 07:30"),
        ("xin lùi lịch cắt điện lúc một giờ chiều mai", "11-06 13:00"),
        ("xin lùi lịch cắt điện 7h sáng ngày 10-11", "11-10 07:00"),
        ("xin lùi lịch cắt điện 7h sáng ngày 10-11-2026", "11-10 07:00"),
        ("xin lùi lịch cắt điện 7h ngày 10, 11/11 sang tuần sau", "11-10 07:00"),
        ("xin lùi lịch cắt điện 7h sáng thứ hai tuần tới", "11-09 07:00"),
        ("xin lùi lịch cắt điện 7h thứ hai, ngày 09 tháng 11", "11-09 07:00"),
        ("xin lùi lịch cắt điện 7h T2 (9/11)", "11-09 07:00"),
        ("xin lùi lịch cắt điện 7h chủ nhật 8.11", "11-08 07:00"),
        ("xin lùi lịch cắt điện 7h hôm nay", "11-05 07:00"),
        ("xin lùi lịch cắt điện 2h chiều nay", "11-05 14:00"),
        ("xin lùi lịch cắt điện tối nay 7h", "11-05 19:00"),
        ("xin lùi lịch cắt điện trưa mai 11h30", "11-06 11:30"),
        ("xin lùi lịch cắt điện 12h trưa mai", "11-06 12:00"),
        ("xin lùi lịch cắt điện 12h đêm mai", "11-07 00:00"),
        ("xin lùi lịch cắt điện 5h chiều mai", "11-06 17:00"),
        ("xin lùi lịch cắt điện sáng sớm mai lúc 5h", "11-06 05:00"),
        ("xin lui lich cat dien 7h sang ngay kia", "11-07 07:00"),
        ("xin lui lich cat dien 7h30 sang thu 4 ngay 2/12", "12-02 07:30"),
        ("xin lui lich cat dien tu 13h den 17h chu nhat nay", "11-08 13:00"),
        ("xin lui lich cat dien 8h mung 9", "11-09 08:00"),
        ("xin lùi lịch cắt điện 7h ngày 31/12", "12-31 07:00"),
        ("xin lùi lịch cắt điện 7h ngày 2/1", "2027-01-02 07:00"),
        ("đang ca 3, 7h30 ngày 10/11 cắt thì hỏng, xếp sang 12h00 cùng ngày giúp em", "11-10 07:30"),
        ("thứ hai tuần sau 9/11 hội thi, xin hủy lịch 7h30 hôm đó", "11-09 07:30"),
        ("lịch cắt 6h đến 18h ngày 21, xin chia hai buổi", "11-21 06:00"),
        ("xin hoãn cắt điện 8h ngày 10 tháng sau", "12-10 08:00"),
        ("xin hoãn cắt điện 8h ngày mai 6/11", "11-06 08:00"),
        ("xin hoãn cắt điện 8h AM ngày 10/11", "11-10 08:00"),
        ("xin hoãn cắt điện 2h PM ngày 10/11", "11-10 14:00"),
        ("xin hoãn cắt điện 14:30 10/11/2026", "11-10 14:30"),
        ("xin hoãn cắt điện 10/11/2026 07:30", "11-10 07:30"),
        ("xin hoãn cắt điện 7h kém 10 sáng mai", "11-06 06:50"),
        ("cắt từ 8h mai nhưng 9h mới đám cưới, xin lùi tới 13h", "11-06 08:00"),
        ("xin dời lịch cắt điện 8h hôm thứ sáu tuần tới", "11-13 08:00"),
        ("xin dời lịch cắt điện 8h sáng thứ sáu 13", "11-13 08:00"),
        ("xin dời lịch cắt điện 8h sáng thứ sáu, 13/11", "11-13 08:00"),
        (
            "Nhà trai đón dâu lúc 9h sáng 11/11, mà giấy báo của điện lực ghi cắt từ 7h30 đến 16h hôm ấy, mong các anh lùi sang 12/11.",
            "11-11 07:30",
        ),
        (
            "Trường tôi thi giữa kỳ từ 7h đến 9h thứ Ba 10/11. Lịch ngừng điện lại là 6h30 cùng ngày. Kính đề nghị chuyển sang buổi chiều.",
            "11-10 06:30",
        ),
        ("Tôi nhận tin nhắn ngày 4/11 báo ngày 9/11 cắt điện 5h-11h, xin dời sang 13h vì đang ủ chè.", "11-09 05:00"),
        (
            "Căn cứ thông báo số 12/TB ngày 03/11/2026 về ngừng cấp điện 08h00 ngày 12/11/2026; công ty đề nghị dời sang ngày 15/11/2026 vì giao hàng ngày 12/11.",
            "11-12 08:00",
        ),
        ("chieu mai 13h30 cat dien trung gio hop dan, doi sang 16h duoc khong", "11-06 13:30"),
        ("Cắt 8h mai à? Nhà em đổ trần lúc 6h, cho em xin sau 12h trưa hãy cắt nhé", "11-06 08:00"),
        ("Từ 14h ngày 10/11 đến 14h ngày 11/11 xưởng chạy lò, mà lịch cắt 9h ngày 11/11, xin hoãn", "11-11 09:00"),
        ("Nghe loa báo sáng thứ bảy cắt điện 7 giờ, nhà chùa có lễ, xin chuyển chủ nhật", "11-07 07:00"),
        ("xin lui cat dien 8h ngay 8/11 CN do cuoi con gai, den thu 2 cung duoc", "11-08 08:00"),
        ("Đề nghị cắt từ 13h thay vì 7h sáng thứ hai tới", "11-09 07:00"),
        (
            "Đề nghị rút ngắn thời gian ngừng điện ngày 12/11 từ 10 tiếng xuống 5 tiếng, bắt đầu vẫn là 7h",
            "11-12 07:00",
        ),
        ("Tôi muốn hỏi lịch cắt 7h mai có dời được sang 9h không?", "11-06 07:00"),
        ("Ngày 10/11 khách đoàn đến lúc 8h30. Bên điện báo cắt 8h00. Xin để đến 11h hãy cắt", "11-10 08:00"),
    ],
)
def test_the_announced_start_is_found(text, start):
    value = outage_start(text, THURSDAY).value
    assert value is not None
    year = "" if start.startswith("20") else "2026-"
    assert value.replace(tzinfo=None) == dt.datetime.fromisoformat(year + start)


@pytest.mark.parametrize(
    "text",
    [
        "xin hoãn cắt điện sáng mai vì nhà có việc",
        "xin rút ngắn thời gian cắt điện ngày 10/11",
        "xin hoãn cắt điện lúc 13h30",
        "đừng cắt điện hôm đó",
        "xin dời sang 14h ngày 10/11",
        "cắt 7h thứ năm ngày 11/11, xin lùi",
        "7h ngày 11/11 (thứ năm) cắt điện, xin lùi",
        "xin hoãn cắt điện 8h ngày 31/11",
        "xin hoãn cắt điện 8h mùng 10 âm lịch",
        "xin hoãn cắt điện 7h rằm tháng này",
        "xin hoãn cắt điện 7h ngày rằm",
        "xin hoãn cắt điện 7h mùng một Tết",
        "xin hoãn cắt điện 7h ngày 15 tháng 10 âm",
        "xin hoãn cắt điện 7h 30 Tết",
        "xin hoãn cắt điện 8h cuối tuần này",
        "xin hoãn cắt điện cuối tuần lúc 8h",
        "xin hoãn cắt điện 7g30 sáng thứ 5 ngày 2/12",
        "xin lùi lịch cắt điện nửa đêm mai",
        "xin lùi lịch cắt điện 8 giờ sáng, ngày mười tháng mười một",
        "thứ ba tuần sau 9/11 hội thi, xin hủy lịch 7h30 hôm đó",
        "xin hoãn cắt điện 7h ngày 5/11 âm lịch",
        "xin hoãn cắt điện 8h ngày 32/11",
        "xin hoãn cắt điện 25h ngày 10/11",
        "xin hoãn cắt điện đầu tháng sau lúc 7h",
        "xin hoãn cắt điện 7h tuần sau",
        "xin hoãn cắt điện 8h ngày mai 7/11",
        "xin dời lịch cắt điện 8h sáng thứ năm 13",
        "xin đổi lịch cắt ngày 14/11 sang ngày 16/11",
        "Lễ tang đưa lúc 13h ngày mai, xin đừng cắt điện buổi chiều",
    ],
)
def test_what_is_not_said_or_contradicts_itself_is_asked_about(text):
    moment = outage_start(text, THURSDAY)
    assert moment.value is None
    assert moment.questions


def test_a_clerks_time_of_call_is_no_outage():
    moment = outage_start("9h05 chị Mai xin hoãn cắt điện 13h ngày 9/11", THURSDAY)
    assert moment.value == dt.datetime(2026, 11, 9, 13, tzinfo=ZONE)


def test_an_hour_without_its_part_of_day_is_asked_about():
    moment = outage_start("xin lùi cắt điện 2h ngày 9/11", THURSDAY)
    assert moment.confidence < 0.75
    assert moment.questions


@pytest.mark.parametrize(
    "text",
    [
        "xin lùi cắt điện 8h chiều ngày 9/11",
        "xin lùi cắt điện 14h sáng mai",
        "xin lùi cắt điện 2h tối mai",
        "xin lùi cắt điện 13h đêm ngày 9/11",
        "xin lùi cắt điện 5h trưa ngày 9/11",
    ],
)
def test_an_hour_that_cannot_be_in_its_part_of_the_day_is_asked_about(text):
    moment = outage_start(text, THURSDAY)
    assert moment.confidence < 0.75
    assert moment.questions


@pytest.mark.parametrize(
    "text",
    [
        "bay gio mat dien",
        "sau gio lam moi co dien",
        "mất hai giờ",
        "trong ba giờ",
        "nhà năm người",
        "tổ sáu giờ này tối",
    ],
)
def test_words_that_are_no_hours(text):
    assert find_hours(text) == ()


def test_the_subject_helps_with_the_day():
    moment = outage_start("Công ty xin hoãn cắt điện từ 7h.", THURSDAY, "Hoãn cắt điện ngày 10/11")
    assert moment.value == dt.datetime(2026, 11, 10, 7, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("ngày 08/11 có cắt điện không", "2026-11-08", "2026-11-09"),
        ("mai có cắt điện không em", "2026-11-06", "2026-11-07"),
        ("cuối tuần này có cắt điện không", "2026-11-07", "2026-11-09"),
        ("tuần sau có cắt điện không", "2026-11-09", "2026-11-16"),
        ("tuần này có lịch cắt không", "2026-11-05", "2026-11-09"),
    ],
)
def test_the_window_that_is_asked_about(text, first, last):
    window = asked_window(text, THURSDAY)
    assert window is not None
    assert [day.date().isoformat() for day in window] == [first, last]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("từ 18h đến 22h ngày 25/11 có cắt điện không", "25/11 18:00", "25/11 22:00"),
        ("tu 18h den 22h ngay 25/11 co cat dien khong", "25/11 18:00", "25/11 22:00"),
        ("18-22h ngày 25/11 cắt điện không", "25/11 18:00", "25/11 22:00"),
        ("từ 18:00 đến 22:00 ngày 25/11/2026 có mất điện không", "25/11 18:00", "25/11 22:00"),
        ("18h-22h tối nay có cắt điện không", "05/11 18:00", "05/11 22:00"),
        ("chiều mai từ 14h có cúp điện không ạ", "06/11 14:00", "07/11 00:00"),
        ("chiều mai từ 2h đến 4h cắt điện không", "06/11 14:00", "06/11 16:00"),
        ("mai từ 7h đến 5h chiều cắt không", "06/11 07:00", "06/11 17:00"),
        ("từ 8 giờ sáng tới 5 giờ chiều mai cắt điện à", "06/11 08:00", "06/11 17:00"),
        ("tối thứ bảy từ 7h đến 9h có cắt điện không", "07/11 19:00", "07/11 21:00"),
        ("từ 22h tối nay đến 5h sáng mai có cắt điện không", "05/11 22:00", "06/11 05:00"),
        ("từ 18h ngày 25/11 đến 6h ngày 26/11 có điện không", "25/11 18:00", "26/11 06:00"),
        ("22h đến 4h đêm 25/11 có cắt điện không", "25/11 22:00", "26/11 04:00"),
        ("mai từ 20h tới 24h có cắt điện không", "06/11 20:00", "07/11 00:00"),
        ("mai từ 02h đến 04h có cắt không", "06/11 02:00", "06/11 04:00"),
        ("ngày 25/11 cắt từ 7h30 đến 11h30 và 13h30 đến 16h phải không", "25/11 07:30", "25/11 16:00"),
    ],
)
def test_the_hours_that_are_asked_about(text, first, last):
    window = asked_window(text, THURSDAY)
    assert window is not None
    assert [f"{moment:%d/%m %H:%M}" for moment in window] == [first, last]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("8h sáng mai nhà tôi có cưới, có cắt điện không", "06/11", "07/11"),
        ("mai có cắt điện không, gọi lại tôi từ 8h đến 11h", "06/11", "07/11"),
        ("văn phòng làm việc từ 7h30 đến 17h, ngày 25/11 có cắt điện không", "25/11", "26/11"),
        ("mai từ 2h đến 4h có cắt không", "06/11", "07/11"),
        ("mai cắt từ 8h đến 5h phải không", "06/11", "07/11"),
        ("từ 7h30 đến 11h30 các ngày 25/11, 26/11 có cắt không", "25/11", "27/11"),
        ("tối mai có cắt điện không", "06/11", "07/11"),
        ("nghe nói mai cắt điện 3 tiếng, đúng không", "06/11", "07/11"),
    ],
)
def test_where_no_stretch_of_hours_is_surely_named_the_days_are_whole(text, first, last):
    window = asked_window(text, THURSDAY)
    assert window is not None
    assert [f"{moment:%d/%m %H:%M}" for moment in window] == [f"{first} 00:00", f"{last} 00:00"]


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.integers(6, 23),
    st.integers(6, 23),
    st.sampled_from([0, 15, 30]),
    st.dates(dt.date(2026, 11, 6), dt.date(2027, 1, 2)),
)
def test_a_stretch_said_by_the_clock_is_read_as_it_stands(first, last, minute, day):
    start = dt.datetime.combine(day, dt.time(first, minute), ZONE)
    end = dt.datetime.combine(day, dt.time(last, minute), ZONE)
    window = asked_window(
        f"từ {first:02d}h{minute:02d} đến {last:02d}h{minute:02d} ngày {day:%d/%m/%Y} có cắt điện không", THURSDAY
    )
    assert window is not None
    if start < end:
        assert window == (start, end)
    else:
        assert window[0] < window[1] and window[0].date() == day


def test_names_are_no_days():
    text = "Tôi là Nguyễn Thị Mai, thôn Khuổi Qua, xã Mai Lạp, cảm ơn. Tôi năm nay 60 tuổi."
    assert [day for day in find_days(text, THURSDAY) if "năm nay" not in text[day.start - 4 : day.end]] == []


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.dates(dt.date(2026, 11, 6), dt.date(2027, 3, 1)), st.integers(5, 23), st.sampled_from([0, 15, 30, 45]))
def test_a_full_date_and_time_is_read_as_it_stands(day, hour, minute):
    for text in (
        f"xin hoãn cắt điện từ {hour}h{minute:02d} ngày {day:%d/%m/%Y} sang ngày khác",
        f"xin hoan cat dien {hour}h{minute:02d} ngay {day.day}/{day.month}/{day.year}",
        f"xin hoãn cắt điện ngày {day.day} tháng {day.month} năm {day.year} lúc {hour} giờ {minute:02d} phút",
    ):
        assert outage_start(text, THURSDAY).value == dt.datetime(
            day.year, day.month, day.day, hour, minute, tzinfo=ZONE
        )


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789 /.-:hg thứ ngày tháng năm sáng tối mai kia nay 5cn\n", max_size=200))
def test_no_text_makes_the_reader_fail(text):
    outage_start(text, THURSDAY)
    asked_window(text, THURSDAY)
