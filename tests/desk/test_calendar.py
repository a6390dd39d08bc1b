"""The calendar's edges as tables: lunch, closing, weekends, Tết, swaps, half days, seasons, notice, and its words."""

import datetime as dt

import pytest

from daemon.desk.calendar import Calendar, Day, Season, due, due_before, due_of, notice
from daemon.desk.procedure import DeadlineRule, Span
from daemon.desk.reckoning import explain_due, explain_minutes, explain_notice, explain_rule, explain_working_days
from daemon.desk.trouble import Refused

ZONE = dt.timezone(dt.timedelta(hours=7))
MORNING = ((dt.time(7, 30), dt.time(11, 30)),)
SUMMER = ((dt.time(7, 0), dt.time(11, 0)), (dt.time(13, 30), dt.time(16, 30)))

OFF_2026 = [
    "01-01",
    "01-02",
    "02-16",
    "02-17",
    "02-18",
    "02-19",
    "02-20",
    "04-27",
    "04-30",
    "05-01",
    "08-31",
    "09-01",
    "09-02",
]
ROWS = [Day(dt.date.fromisoformat(f"2026-{day}"), "off", "nghỉ lễ") for day in OFF_2026]
ROWS += [
    Day(dt.date(2026, 1, 10), "working", "làm bù cho 02/01"),
    Day(dt.date(2026, 8, 22), "working", "làm bù cho 31/8"),
]
CALENDAR = Calendar(days={row.date: row for row in ROWS}, years={2026: True})

ODD = Calendar(
    days={
        row.date: row
        for row in (
            Day(dt.date(2026, 12, 31), "half", "nghỉ chiều"),
            Day(dt.date(2026, 12, 30), "half", "", ((dt.time(8), dt.time(10)),)),
            Day(dt.date(2026, 6, 6), "working", "làm bù"),
            Day(dt.date(2026, 6, 8), "half"),
            Day(dt.date(2026, 6, 9), "off"),
        )
    },
    seasons=(
        Season(dt.date(2026, 5, 4), dt.date(2026, 9, 30), SUMMER),
        Season(dt.date(2026, 10, 1), dt.date(2026, 12, 31), MORNING, frozenset({6})),
    ),
)


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("received", "n", "expected"),
    [
        ("2026-10-05T09:00", 2, "2026-10-07T17:00"),
        ("2026-10-05T07:29:59", 2, "2026-10-07T17:00"),
        ("2026-10-05T00:00", 2, "2026-10-07T17:00"),
        ("2026-10-05T12:30", 2, "2026-10-07T17:00"),
        ("2026-10-05T17:00:00", 2, "2026-10-07T17:00"),
        ("2026-10-05T17:00:00.000001", 2, "2026-10-08T17:00"),
        ("2026-10-05T17:00:01", 2, "2026-10-08T17:00"),
        ("2026-10-05T23:59:59.999999", 2, "2026-10-08T17:00"),
        ("2026-10-08T19:00", 2, "2026-10-13T17:00"),
        ("2026-10-09T17:00:01", 1, "2026-10-13T17:00"),
        ("2026-10-10T08:00", 3, "2026-10-15T17:00"),
        ("2026-10-11T23:00", 0, "2026-10-12T17:00"),
        ("2026-02-11T10:00", 3, "2026-02-23T17:00"),
        ("2026-02-13T17:30", 1, "2026-02-24T17:00"),
        ("2026-02-17T10:00", 0, "2026-02-23T17:00"),
        ("2026-04-28T08:00", 2, "2026-05-04T17:00"),
        ("2026-08-21T17:30", 2, "2026-08-25T17:00"),
        ("2026-08-22T17:00", 1, "2026-08-24T17:00"),
        ("2026-08-27T08:00", 3, "2026-09-04T17:00"),
        ("2026-01-09T18:00", 1, "2026-01-12T17:00"),
    ],
)
def test_due_day(received, n, expected):
    assert CALENDAR.due_day(at(received), n) == at(expected)
    assert due(CALENDAR, Span(n, "working day"), at(received)) == at(expected)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-10-06T10:00", 10, "2026-10-06T10:10"),
        ("2026-10-06T11:20", 10, "2026-10-06T11:30"),
        ("2026-10-06T11:25", 10, "2026-10-06T13:35"),
        ("2026-10-06T11:25:30", 10, "2026-10-06T13:35:30"),
        ("2026-10-06T11:30", 1, "2026-10-06T13:31"),
        ("2026-10-06T12:00", 10, "2026-10-06T13:40"),
        ("2026-10-06T16:50", 10, "2026-10-06T17:00"),
        ("2026-10-06T16:50:01", 10, "2026-10-07T07:30:01"),
        ("2026-10-06T17:00", 10, "2026-10-07T07:40"),
        ("2026-10-06T05:00", 450, "2026-10-06T17:00"),
        ("2026-10-06T05:00", 451, "2026-10-07T07:31"),
        ("2026-10-09T16:59", 2, "2026-10-12T07:31"),
        ("2026-10-10T03:00", 0, "2026-10-10T03:00"),
        ("2026-02-13T16:55", 10, "2026-02-23T07:35"),
        ("2026-08-21T16:55", 10, "2026-08-22T07:35"),
    ],
)
def test_office_minutes(start, n, expected):
    assert CALENDAR.add_minutes(at(start), n) == at(expected)
    assert due(CALENDAR, Span(n, "office minute"), at(start)) == at(expected)


@pytest.mark.parametrize(
    ("end", "n", "expected"),
    [
        ("2026-10-06T13:40", 10, "2026-10-06T13:30"),
        ("2026-10-06T13:35", 10, "2026-10-06T11:25"),
        ("2026-10-06T13:30", 10, "2026-10-06T11:20"),
        ("2026-10-06T12:00", 10, "2026-10-06T11:20"),
        ("2026-10-06T07:30", 1, "2026-10-05T16:59"),
        ("2026-10-12T07:35", 10, "2026-10-09T16:55"),
        ("2026-10-11T12:00", 450, "2026-10-09T07:30"),
        ("2026-10-11T12:00", 0, "2026-10-11T12:00"),
    ],
)
def test_office_minutes_back(end, n, expected):
    assert CALENDAR.subtract_minutes(at(end), n) == at(expected)
    assert due_before(CALENDAR, Span(n, "office minute"), at(end)) == at(expected)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-12-31", MORNING),
        ("2026-12-30", ((dt.time(8), dt.time(10)),)),
        ("2026-06-05", SUMMER),
        ("2026-06-06", SUMMER),
        ("2026-06-07", ()),
        ("2026-06-08", SUMMER[:1]),
        ("2026-06-09", ()),
        ("2026-05-03", ()),
        ("2026-09-30", SUMMER),
        ("2026-10-01", Calendar().usual),
        ("2026-10-03", MORNING),
        ("2026-10-04", ()),
    ],
)
def test_hours_of_odd_days(day, hours):
    assert ODD.hours(dt.date.fromisoformat(day)) == hours
    assert ODD.is_working_day(dt.date.fromisoformat(day)) == bool(hours)


@pytest.mark.parametrize(
    ("received", "n", "expected"),
    [
        ("2026-12-29T09:00", 1, "2026-12-30T10:00"),
        ("2026-12-29T09:00", 2, "2026-12-31T11:30"),
        ("2026-12-30T10:00", 1, "2026-12-31T11:30"),
        ("2026-12-30T10:00:01", 1, "2027-01-01T17:00"),
        ("2026-10-02T09:00", 1, "2026-10-03T11:30"),
        ("2026-10-03T11:30:01", 0, "2026-10-05T17:00"),
        ("2026-06-05T16:30", 1, "2026-06-06T16:30"),
        ("2026-06-05T16:30:01", 1, "2026-06-08T11:00"),
        ("2026-06-05T09:00", 3, "2026-06-10T16:30"),
    ],
)
def test_due_day_on_half_and_seasonal_days(received, n, expected):
    assert ODD.due_day(at(received), n) == at(expected)


@pytest.mark.parametrize(
    ("received", "start", "hours", "due_at", "act_by", "feasible"),
    [
        ("2026-10-06T10:00", "2026-10-09T09:00", 24, "2026-10-08T09:00", "2026-10-08T09:00", True),
        ("2026-10-09T16:00", "2026-10-10T08:00", 24, "2026-10-09T08:00", None, False),
        ("2026-10-06T10:00", "2026-10-09T06:00", 24, "2026-10-08T06:00", "2026-10-07T17:00", True),
        ("2026-10-06T10:00", "2026-10-09T12:30", 24, "2026-10-08T12:30", "2026-10-08T11:30", True),
        ("2026-10-06T10:00", "2026-10-09T07:30", 24, "2026-10-08T07:30", "2026-10-08T07:30", True),
        ("2026-10-06T10:00", "2026-10-12T06:00", 24, "2026-10-11T06:00", "2026-10-09T17:00", True),
        ("2026-10-09T17:00", "2026-10-12T06:00", 24, "2026-10-11T06:00", "2026-10-09T17:00", True),
        ("2026-10-09T17:00:01", "2026-10-12T06:00", 24, "2026-10-11T06:00", None, True),
        ("2026-10-10T09:00", "2026-10-12T06:00", 24, "2026-10-11T06:00", None, True),
        ("2026-10-08T12:00", "2026-10-09T12:00", 24, "2026-10-08T12:00", None, True),
        ("2026-10-08T09:00", "2026-10-09T09:00", 24, "2026-10-08T09:00", "2026-10-08T09:00", True),
        ("2026-10-08T09:00:01", "2026-10-09T09:00", 24, "2026-10-08T09:00", None, False),
        ("2026-02-13T18:00", "2026-02-24T07:00", 24, "2026-02-23T07:00", None, True),
        ("2026-10-06T10:00", "2026-10-09T09:00", 48, "2026-10-07T09:00", "2026-10-07T09:00", True),
    ],
)
def test_notice(received, start, hours, due_at, act_by, feasible):
    found = notice(CALENDAR, at(received), at(start), hours)
    assert (found.due, found.act_by, found.feasible) == (at(due_at), act_by and at(act_by), feasible)


def test_clock_minutes_run_day_and_night():
    assert due(CALENDAR, Span.parse("2 hours"), at("2026-10-10T23:30")) == at("2026-10-11T01:30")
    assert due_before(CALENDAR, Span.parse("24 hours"), at("2026-10-12T06:00")) == at("2026-10-11T06:00")


def test_working_days_ahead_end_with_the_last_office_minute():
    assert due_before(CALENDAR, Span.parse("2 working days"), at("2026-10-12T06:00")) == at("2026-10-08T17:00")
    assert CALENDAR.working_days_before(dt.date(2026, 2, 23), 1) == dt.date(2026, 2, 13)
    assert CALENDAR.working_days_before(dt.date(2026, 10, 11), 0) == dt.date(2026, 10, 9)


def test_a_rule_of_the_procedure():
    within = DeadlineRule("unit answer", "asked", within=Span.parse("2 working days"))
    before = DeadlineRule("tell", "outage_start", before=Span.parse("24 hours"))
    assert due_of(CALENDAR, within, at("2026-10-05T09:00")) == at("2026-10-07T17:00")
    assert due_of(CALENDAR, before, at("2026-10-09T09:00")) == at("2026-10-08T09:00")
    with pytest.raises(ValueError, match="within"):
        due_of(CALENDAR, DeadlineRule("none", "received"), at("2026-10-05T09:00"))


def test_an_office_that_never_works_is_refused_not_waited_for():
    never = Calendar(workweek=frozenset())
    with pytest.raises(Refused, match="không có ngày làm việc"):
        never.due_day(at("2026-10-05T09:00"), 1)
    with pytest.raises(Refused, match="config/calendar"):
        never.add_minutes(at("2026-10-05T09:00"), 1)
    assert never.latest_office_instant(at("2026-10-05T09:00"), at("2026-10-09T09:00")) is None


@pytest.mark.parametrize("call", ["add_minutes", "subtract_minutes", "due_day"])
def test_negative_spans_are_refused(call):
    with pytest.raises(ValueError, match="âm"):
        getattr(CALENDAR, call)(at("2026-10-05T09:00"), -1)


def test_a_day_off_has_no_closing():
    with pytest.raises(ValueError, match="10/10/2026 là ngày nghỉ"):
        CALENDAR.closing(dt.date(2026, 10, 10))


def test_minutes_between_drops_the_broken_minute():
    a, b = at("2026-10-06T11:29:30"), at("2026-10-06T13:31:15")
    assert CALENDAR.minutes_between(a, b) == 1
    assert CALENDAR.minutes_between(b, a) == -1
    assert CALENDAR.between(a, b) == dt.timedelta(seconds=105)


def test_explaining_working_days():
    assert explain_working_days(CALENDAR, at("2026-10-08T19:00"), 2) == (
        "Tiếp nhận 19h00 thứ Năm 08/10/2026 (ngoài giờ) → ngày 0 là thứ Sáu 09/10",
        "Không tính thứ Bảy 10/10, Chủ nhật 11/10: nghỉ hằng tuần",
        "Ngày 1: thứ Hai 12/10",
        "Ngày 2: thứ Ba 13/10",
        "Hạn: 17h00 thứ Ba 13/10/2026 (hết giờ làm việc của ngày làm việc thứ 2)",
    )


@pytest.mark.parametrize(
    ("received", "words"),
    [
        ("2026-10-05T07:00", "trước giờ làm việc"),
        ("2026-10-05T12:00", "trong giờ nghỉ trưa"),
        ("2026-10-05T17:00", "→ ngày 0 là chính ngày này"),
        ("2026-02-16T09:00", "(ngày nghỉ: nghỉ lễ) → ngày 0 là thứ Hai 23/02"),
        ("2026-08-21T17:00:01", "17h00:01 thứ Sáu 21/08/2026 (ngoài giờ) → ngày 0 là thứ Bảy 22/08 (làm bù cho 31/8)"),
    ],
)
def test_explaining_day_zero(received, words):
    assert words in explain_working_days(CALENDAR, at(received), 1)[0]


def test_explaining_to_the_minute():
    """A fraction of a second helps nobody; the minutes counted are still those promised."""
    lines = explain_minutes(CALENDAR, at("2026-10-09T16:55:36.109572"), 10)
    assert lines[0].startswith("Bắt đầu 16h55 thứ Sáu 09/10/2026, ")
    assert lines[1:2] == ("thứ Sáu 09/10, 16h55–17h00: 5 phút",)
    assert lines[-2:] == ("thứ Hai 12/10, 07h30–07h35: 5 phút", "Hạn: 07h35 thứ Hai 12/10/2026")


def test_explaining_an_unconfirmed_year_and_day():
    row = Day(dt.date(2026, 12, 30), "off", "nghỉ thử", confirmed=False)
    calendar = Calendar(days={row.date: row}, years={2026: True, 2027: False})
    lines = explain_working_days(calendar, at("2026-12-29T09:00"), 2)
    assert "Lưu ý: lịch làm việc năm 2027 chưa được phòng xác nhận" in lines
    assert "Lưu ý: thứ Tư 30/12/2026 (nghỉ thử) còn chờ phòng xác nhận" in lines


def test_explaining_office_minutes_and_other_spans():
    assert explain_minutes(CALENDAR, at("2026-10-09T16:55"), 10) == (
        "Bắt đầu 16h55 thứ Sáu 09/10/2026, tính 10 phút trong giờ hành chính",
        "thứ Sáu 09/10, 16h55–17h00: 5 phút",
        "Không tính thứ Bảy 10/10, Chủ nhật 11/10: nghỉ hằng tuần",
        "thứ Hai 12/10, 07h30–07h35: 5 phút",
        "Hạn: 07h35 thứ Hai 12/10/2026",
    )
    assert explain_due(CALENDAR, Span.parse("2 hours"), at("2026-10-10T23:30"))[-1] == "Hạn: 01h30 Chủ nhật 11/10/2026"
    assert "(ngoài giờ)" in explain_due(CALENDAR, Span.parse("10 office minutes"), at("2026-10-10T23:30"))[0]
    before = DeadlineRule("tell", "outage_start", before=Span.parse("24 hours"))
    assert explain_rule(CALENDAR, before, at("2026-10-09T09:00"))[1:] == (
        "Trừ 24 giờ theo đồng hồ",
        "Hạn: 09h00 thứ Năm 08/10/2026",
    )


@pytest.mark.parametrize(
    ("received", "start", "last"),
    [
        ("2026-10-06T10:00", "2026-10-09T06:00", "Giờ hành chính cuối cùng để báo khách: 17h00 thứ Tư 07/10/2026"),
        ("2026-10-09T16:00", "2026-10-10T08:00", "đã quá hạn này"),
        ("2026-10-10T09:00", "2026-10-12T06:00", "không còn giờ hành chính nào"),
    ],
)
def test_explaining_a_notice(received, start, last):
    assert last in explain_notice(CALENDAR, at(received), at(start))[-1]
