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
