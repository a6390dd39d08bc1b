"""A letter that agrees to another time, or refuses it, says so once."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.desk.moved import Beyond, beyond_agreement, beyond_refusal
from daemon.desk.ticket import Category
from tests.desk.test_letters import ticket, values
from tests.documents.samples import at

TIMES = (dt.datetime(2026, 12, 10, 7, 30), dt.datetime(2026, 12, 13, 7, 30), dt.datetime(2026, 12, 13, 11))
REQUEST = "Xưởng may ở phường Xuất Hóa xin chuyển lịch cắt điện ngày 10/12 sang chủ nhật 13/12 vì có đơn hàng gấp"
AGREED = [
    ("Đồng ý chuyển sang từ 07h30 đến 11h00 ngày 13/12/2026.", ""),
    ("Đồng ý chuyển thời gian ngừng cấp điện khu vực phường Xuất Hóa sang 7h30-11h ngày 13/12.", ""),
    ("Sau khi xem xét phương thức vận hành, phòng Điều độ đồng ý chuyển sang từ 07h30 ngày 13/12/2026.", ""),
    ("Đồng ý. Lịch mới: 7h30 - 11h00 ngày 13 tháng 12 năm 2026.", ""),
    ("Đồng ý chuyển sang 13/12. Đề nghị khách chủ động máy phát.", "Đề nghị khách chủ động máy phát."),
    ("Đồng ý chuyển sang 13/12, do đã bố trí được nhân lực.", "Lý do: đã bố trí được nhân lực."),
]
KEPT = [
    "Đồng ý chuyển sang 14/12.",
    "Đồng ý chuyển sang 8h00 ngày 13/12.",
    "Đồng ý chuyển sang 7h30 ngày 13/12 nhưng chỉ 2 giờ.",
    "Đồng ý, không ngừng điện ngày 10/12.",
    "Đồng ý chuyển, lộ 371 vẫn cắt theo lịch cũ.",
    "Lịch mới: 7h30 ngày 13/12.",
]
REFUSED = [
    (
        "Phòng Điều độ không đồng ý chuyển lịch ngày 10/12, không bố trí được nhân lực.",
        "",
        "không bố trí được nhân lực",
    ),
    ("Không thể chuyển lịch do đã báo cho 300 khách hàng.", "", "đã báo cho 300 khách hàng"),
    ("Không đồng ý.", "", ""),
    ("Không thể bố trí được.", "Không thể bố trí được.", ""),
    ("Không đồng ý. Hẹn khách tháng sau.", "Hẹn khách tháng sau.", ""),
]


@pytest.mark.parametrize(("text", "left"), AGREED, ids=[text[:40] for text, _ in AGREED])
def test_what_an_agreement_says_beyond_the_frame(text: str, left: str) -> None:
    assert beyond_agreement(text, TIMES, REQUEST).text == left


@pytest.mark.parametrize("text", KEPT)
def test_whatever_may_say_more_stays(text: str) -> None:
    assert beyond_agreement(text, TIMES, REQUEST).text == text


@pytest.mark.parametrize(("text", "left", "reason"), REFUSED, ids=[text[:40] for text, _, _ in REFUSED])
def test_what_a_refusal_says_beyond_the_frame(text: str, left: str, reason: str) -> None:
    assert beyond_refusal(text, TIMES, REQUEST) == Beyond(left, reason)


@settings(max_examples=100, derandomize=True)
@given(st.text("đồng ýkhông13/12 7h30,.;\nvì do máy", max_size=80))
def test_no_word_is_added(text: str) -> None:
    told = beyond_agreement(text, TIMES, REQUEST).text.replace("Lý do: ", "")
    assert set(told.split()) <= set(text.split()) | {word + "." for word in text.split()} | {""} or not told


def test_the_letter_names_the_old_hour_and_the_new_one() -> None:
    moving = replace(ticket(), category=Category.OUTAGE_TIME_CHANGE, outage_start=at(2026, 12, 10, 7, 30))
    window = (at(2026, 12, 13, 7, 30), at(2026, 12, 13, 11))
    text = "Đồng ý chuyển sang từ 07h30 đến 11h00 ngày 13/12/2026."
    told = values("answer", moving, answer_text=text, agreed=True, new_window=window)
    assert told["ticket"]["outage_start"] == "07h30 ngày 10/12/2026"
    assert told["answer"]["new_window"] == "từ 07h30 đến 11h00 ngày 13/12/2026"
    assert told["answer"]["paragraphs"] == []
    assert told["answer"]["text"] == text
    told = values("answer", moving, answer_text=text, agreed=True, new_window=(window[0], None))
    assert told["answer"]["new_window"] == "từ 07h30 ngày 13/12/2026"
