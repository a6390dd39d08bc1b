"""The request reader on written cases: the figures it must keep, and single things it must get right."""

import pytest

from tests.reading.request_cases import cases, judge, read

LEAST = {
    "category": 0.92,
    "unit": 0.92,
    "customer_code": 0.99,
    "phone": 0.99,
    "name": 0.90,
    "address": 0.90,
    "outage_start": 0.90,
    "wanted_reply": 0.95,
}


@pytest.mark.parametrize("name", ["dev.jsonl", "held_out.jsonl"])
def test_written_cases_are_read_as_well_as_promised(name):
    rates, silent, missed = judge(cases(name))
    assert not missed
    assert {field: rate for field, rate in rates.items() if rate < LEAST[field]} == {}, silent


def test_a_time_change_always_goes_to_dispatch():
    reading = read("Xin hoãn cắt điện 8h ngày 12/11 ở xã Thượng Giáo, nhà tôi có đám cưới.")
    assert (reading.category, reading.unit) == ("outage_time_change", "B26")
    assert reading.outage_start is not None
    assert reading.outage_start.isoformat() == "2026-11-12T08:00:00+07:00"


def test_a_weekday_that_contradicts_its_date_is_asked_about():
    reading = read("Xin dời lịch cắt điện 8h thứ năm ngày 11/11/2026 sang hôm khác, tôi ở xã Thượng Giáo.")
    assert reading.outage_start is None
    assert "outage_start" in reading.check
    assert any("thứ Tư" in question for question in reading.questions)


@pytest.mark.parametrize("slip", ["chỉ phí", "chí phí", "chi phì"])
def test_a_tone_misread_on_paper_leaves_the_heaviest_reason(slip):
    text = "Tôi là Hoàng Văn Sơn, xã Quảng Bạch. Đề nghị báo giá {} ngừng và cấp điện trở lại."
    right, misread = (read(text.format(words), channel="letter") for words in ("chi phí", slip))
    assert misread.category == right.category == "reconnection_cost"
    assert misread.check == right.check
    assert misread.reasons["category"][0].partition(":")[0] == right.reasons["category"][0].partition(":")[0]


def test_a_complaint_about_people_is_no_casualty():
    reading = read("Tôi ở xã Xuân Dương, phàn nàn nhân viên sửa điện đến muộn 6 tiếng.", channel="letter")
    assert not reading.danger


@pytest.mark.parametrize(
    ("words", "plausible"),
    [
        ("mất điện từ ngày 5/4/2025 đến ngày 7/11/2026", False),
        ("có lịch cắt điện ngày 10/11 không? Hợp đồng ký ngày 5/4/2025", False),
        ("mất điện từ ngày 5/11 đến ngày 7/11", True),
        ("có lịch cắt điện từ ngày 9/11 đến ngày 30/11 không", True),
        ("cắt điện từ 8h đến 17h ngày 10/11 phải không", True),
    ],
)
@pytest.mark.parametrize("channel", ["email", "letter"])
def test_a_time_that_nobody_can_mean_is_asked(words, plausible, channel):
    reading = read(f"Tôi là Hoàng Văn Sơn, xã Quảng Bạch, huyện Chợ Đồn, 0912345678. Xã tôi {words}?", channel)
    assert reading.category == "outage_info"
    assert ("asked_window" in reading.check) is not plausible
    assert (reading.asked_outage is not None) is plausible
    assert any("từ ngày 05/04/2025 đến ngày" in each for each in reading.questions) is not plausible
