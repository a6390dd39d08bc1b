"""Cells of exports: instants however they are written, phones that lost a zero, and nothing guessed."""

import datetime as dt

import pytest

from daemon.lookups.cells import as_code, as_day, as_instant, as_phones, as_span, as_text, as_time

ZONE = dt.timezone(dt.timedelta(hours=7))
DAY = dt.date(2026, 10, 8)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("07:30 08/10/2026", "2026-10-08T07:30"),
        ("08/10/2026 07:30", "2026-10-08T07:30"),
        ("08/10/2026 07:30:15", "2026-10-08T07:30:15"),
        ("8/10/2026 7:30", "2026-10-08T07:30"),
        ("7h30 ngày 08/10/2026", "2026-10-08T07:30"),
        ("7h ngày 8-10-2026", "2026-10-08T07:00"),
        ("07 giờ 30 phút, 08.10.2026", "2026-10-08T07:30"),
        ("13g15 08/10/26", "2026-10-08T13:15"),
        ("2026-10-08 07:30:00", "2026-10-08T07:30"),
        ("2026-10-08T07:30:00", "2026-10-08T07:30"),
        ("08/10/2026 07:30:00 SA", "2026-10-08T07:30"),
        ("08/10/2026 01:30 CH", "2026-10-08T13:30"),
        ("08/10/2026 12:15 AM", "2026-10-08T00:15"),
        ("08/10/2026 12:15 PM", "2026-10-08T12:15"),
        ("24:00 08/10/2026", "2026-10-09T00:00"),
        (dt.datetime(2026, 10, 8, 7, 30), "2026-10-08T07:30"),
        (dt.datetime(2026, 10, 8, 0, 30, tzinfo=dt.timezone.utc), "2026-10-08T07:30"),  # noqa: UP017
        (46303.3125, "2026-10-08T07:30"),
        (46303.34722222222, "2026-10-08T08:20"),
    ],
)
def test_instants(cell, expected):
    assert as_instant(cell) == at(expected)


@pytest.mark.parametrize("cell", ["07:30", "7h30", dt.time(7, 30), 0.3125, dt.timedelta(hours=7, minutes=30)])
def test_a_time_takes_the_day_of_its_row(cell):
    assert as_instant(cell, DAY) == at("2026-10-08T07:30")
    assert as_instant(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "sáng 08/10/2026",
        "08/10/2026",
        "31/02/2026 07:30",
        "07:30 đến 11:30 08/10/2026",
        "07:30 08/10/2026 - 09/10/2026",
        "25:00 08/10/2026",
        "07:75 08/10/2026",
        "07:30 13/13/2026",
        True,
        7,
    ],
)
def test_what_is_unclear_is_no_instant(cell):
    assert as_instant(cell) is None


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("0912 000 101", ("0912000101",)),
        ("+84 912 000 101", ("0912000101",)),
        (912000101, ("0912000101",)),
        (912000101.0, ("0912000101",)),
        ("0912.000.101; 0209 3870 000", ("0912000101", "02093870000")),
        ("0912000101/0912000101", ("0912000101",)),
        ("không có", ()),
        (None, ()),
        ("123", ()),
    ],
)
def test_phones(cell, expected):
    assert as_phones(cell) == expected


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("Từ 07h30 đến 11h30 ngày 08/10/2026", "2026-10-08T07:30", "2026-10-08T11:30"),
        ("07:30 - 11:30 08/10/2026", "2026-10-08T07:30", "2026-10-08T11:30"),
        ("08/10/2026 22:00 - 09/10/2026 02:00", "2026-10-08T22:00", "2026-10-09T02:00"),
        ("22h00 đến 02h00 ngày 08/10/2026", "2026-10-08T22:00", "2026-10-09T02:00"),
        ("7h30 - 11h30", "2026-10-08T07:30", "2026-10-08T11:30"),
        ("7h30 - 11h30 ngày 08/10", "2026-10-08T07:30", "2026-10-08T11:30"),
        ("từ 7h30 ngày 08/10/2026", "2026-10-08T07:30", None),
        (dt.datetime(2026, 10, 8, 7, 30), "2026-10-08T07:30", None),
    ],
)
def test_start_and_end_in_one_cell(cell, start, end):
    assert as_span(cell, DAY) == (at(start), end and at(end))


@pytest.mark.parametrize(
    "cell", ["cả ngày", "7h30, 9h00 và 11h30 ngày 08/10/2026", "7h30 - 11h30 ngày 09/10", "", None]
)
def test_an_unclear_span_is_none(cell):
    assert as_span(cell, DAY) is None


@pytest.mark.parametrize("cell", ["7h30 ngày 31/02/2026", "7h30 09/10"])
def test_a_day_that_contradicts_its_row_is_not_read(cell):
    assert as_instant(cell, DAY) is None


def test_texts_codes_and_days():
    assert as_text(15.0) == "15" and as_text(" a  b\n") == "a b" and as_text(None) == ""
    assert as_code("pa26 bt.0000-101") == "PA26BT0000101"
    assert as_day("ngày 08/10/2026") == as_day(dt.datetime(2026, 10, 8, 5)) == as_day(46303) == DAY
    assert as_time("chưa rõ") is None
