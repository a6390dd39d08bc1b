"""What the words of a question tell: the use of the electricity, the voltage, and whether it is off already."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.question import Question
from daemon.desk.ticket import Category
from daemon.lookups.area import Gazetteer, meets, read_area, spot_of
from daemon.lookups.cells import as_instant, as_phones, as_span
from daemon.lookups.hints import asks_about_now, household_of, time_of_day, voltage_of, without_power_now

ZONE = dt.timezone(dt.timedelta(hours=7))
AT = dt.datetime(2026, 10, 5, 9, tzinfo=ZONE)


def ask(text, **changes):
    return Question(Category.RECONNECTION_COST, AT, text, **changes)


@pytest.mark.parametrize(
    ("text", "name", "household"),
    [
        ("Nhà tôi bị cắt điện do chậm nộp tiền", None, True),
        ("nha em sua nha can cat dien", None, True),
        ("hỏi sửa nhà cần ngắt điện hai ngày thì mất bao nhiêu tiền", "Hoàng Thị Sao", True),
        ("Cơ sở sản xuất chè muốn tạm ngừng điện 3 pha", None, False),
        ("chi phí cấp lại điện", "Công ty TNHH An Bình", False),
        ("Trường Mầm non hỏi phí đóng cắt", None, False),
        ("Tổ trưởng tổ 3 hỏi phí đóng điện lại", None, None),
        ("Nhà tôi là hộ kinh doanh cửa hàng", None, None),
        ("Cho hoi phi dong dien lai sau khi bi cat vi no tien", None, None),
        ("Tôi dùng điện ngoài mục đích sinh hoạt, hỏi phí đóng cắt", None, False),
    ],
)
def test_household(text, name, household):
    assert household_of(ask(text, name=name)) is household
    assert household_of(ask(text, name=name, household=True)) is True


@pytest.mark.parametrize(
    ("text", "kv"),
    [
        ("dùng điện 22kV", "22"),
        ("điện áp 0,4 kV", "0.4"),
        ("dùng 22kV và 35 kV", None),
        ("điện hạ thế", "0.38"),
        ("đường dây trung thế 35kV", "35"),
        ("trung thế", "35"),
        ("điện 220V", "0.38"),
        ("điện 3 pha", None),
        ("", None),
    ],
)
def test_voltage(text, kv):
    assert voltage_of(ask(text)) == (kv and Decimal(kv))
    assert voltage_of(ask(text, kv=Decimal(110))) == 110


@pytest.mark.parametrize(
    ("text", "now", "about"),
    [
        ("Nhà tôi đang mất điện", True, True),
        ("nha em mat dien tu chieu, bao gio co lai", True, True),
        ("Đến giờ vẫn chưa có điện", True, True),
        ("Vì sao hôm qua mất điện?", False, True),
        ("Ngày mai có cắt điện không, mấy giờ thì đóng lại?", False, False),
        ("Xin lịch cắt điện tuần này", False, False),
    ],
)
def test_whether_it_is_off_already(text, now, about):
    assert (without_power_now(ask(text)), asks_about_now(ask(text))) == (now, about)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("mất điện từ 11h đến 13h", (11, 13)),
        ("mat dien 22h30-2h", (22.5, 26)),
        ("14h30 khách báo mất điện từ 11h đến 13h", (11, 13)),
        ("mất điện lúc 20h", (20, 20)),
        ("mất điện trưa nay", (10.5, 14)),
        ("mất điện từ 8h đến 9h và từ 11h đến 12h", None),
        ("mất điện lúc 8h và lúc 15h", None),
        ("sáng nay và chiều nay mất điện", None),
        ("hôm nay mất điện", None),
    ],
)
def test_time_of_day(text, hours):
    assert time_of_day(ask(text)) == (hours and tuple(dt.timedelta(hours=each) for each in hours))


words = st.lists(
    st.sampled_from(
        [
            "xã",
            "thôn",
            "Quân Hà",
            "tổ",
            "1-5",
            "một phần",
            "các",
            ",",
            ";",
            "(",
            ")",
            ":",
            "huyện",
            "07h30",
            "08/10/2026",
            *(
                "đến",
                "x.",
                "TP.",
                "và",
                "xa",
                "thon 2",
                "\n",
                ".",
                "-",
                "31/02/2026",
                "25:99",
                "0912 000 101",
                "\u200b",
            ),
        ]
    ),
    max_size=12,
).map(" ".join)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(words | st.text(max_size=60), words | st.text(max_size=60))
def test_no_text_breaks_the_readers(one, other):
    area = read_area(one)
    assert area.communes >= frozenset() and meets(spot_of(other, (), "Ba Bể", Gazetteer()), area) is not None
    assert type(area).load(area.dump()) == area
    as_phones(one)
    instant, span = as_instant(one), as_span(one)
    assert instant is None or instant.utcoffset() == dt.timedelta(hours=7)
    assert span is None or span[1] is None or span[0].tzinfo is not None
    time_of_day(ask(one))
