"""The year tables: what is shipped, what lies beneath, every fault at once, and the samples' DAYS.json."""

import datetime as dt
import json
from pathlib import Path

import pytest

from daemon.desk.calendar import Day
from daemon.desk.trouble import Refused
from daemon.dry.deadlines import deadlines
from daemon.settings.calendar import (
    calendar_note,
    calendar_warnings,
    load_calendar,
    load_days,
    missing_from,
    seed_table,
)

SHIPPED = Path(__file__).parents[2] / "config" / "calendar"
TODAY = dt.date(2026, 11, 23)


def day(text):
    return dt.date.fromisoformat(text)


@pytest.fixture(scope="module")
def shipped():
    return load_calendar(SHIPPED, TODAY)


@pytest.mark.parametrize(
    ("year", "off", "working"),
    [
        (2024, "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03", "05-04"),
        (2025, "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02", "04-26"),
        (2026, "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24", "01-10 08-22"),
    ],
)
def test_the_shipped_years_are_the_announced_ones(shipped, year, off, working):
    off, working = off.split(), working.split()
    date = dt.date(year, 1, 1)
    while date.year == year:
        mark = f"{date:%m-%d}"
        assert shipped.is_working_day(date) == (mark in working or (date.isoweekday() <= 5 and mark not in off)), date
        date += dt.timedelta(days=1)
    assert shipped.confirmed(year)


def test_the_package_is_known_to_be_wrong_only_where_we_know_it(shipped):
    assert [row.date for row in missing_from(shipped, 2024) + missing_from(shipped, 2025)] == []
    assert [row.date for row in missing_from(shipped, 2026)] == [day("2026-01-02"), day("2026-01-10")]


def test_what_the_office_must_still_confirm(shipped):
    assert not shipped.confirmed(2027)
    november = calendar_warnings(shipped, day("2026-11-01"))
    assert any("năm 2027 chưa được xác nhận" in line for line in november)
    assert any("24/11/2026" in line and "chưa được xác nhận" in line for line in november)
    assert not any("2027" in line for line in calendar_warnings(shipped, day("2026-10-31")))
    assert not any("24/11" in line for line in calendar_warnings(shipped, day("2026-11-25")))


def test_a_year_without_a_table_is_the_packages_guess(tmp_path):
    calendar = load_calendar(tmp_path, day("2026-06-01"))
    assert not calendar.is_working_day(day("2026-02-17"))
    assert calendar.is_working_day(day("2026-08-22"))
    assert not calendar.is_working_day(day("2027-02-08"))
    assert not calendar.confirmed(2026)
    assert any("năm 2026 chưa có" in line for line in calendar_warnings(calendar, day("2026-06-01")))


def test_the_offices_rows_win_over_the_package(tmp_path):
    (tmp_path / "2026.toml").write_text(
        'confirmed = true\n[[days]]\ndate = 2026-02-17\nkind = "working"\n[[days]]\ndate = 2026-06-06\nkind = "half"\n'
        '[[seasons]]\nfrom = 2026-07-01\nto = 2026-07-31\nhours = [["06:30", "11:00"], ["13:00", "16:00"]]\n',
        encoding="utf-8",
    )
    calendar = load_calendar(tmp_path, day("2026-06-01"))
    assert calendar.is_working_day(day("2026-02-17"))
    assert not calendar.is_working_day(day("2026-02-18"))
    assert calendar.hours(day("2026-06-06")) == calendar.usual[:1]
    assert calendar.hours(day("2026-07-01"))[0] == (dt.time(6, 30), dt.time(11))


def test_defaults_none_makes_the_table_complete(tmp_path):
    (tmp_path / "2026.toml").write_text('confirmed = true\ndefaults = "none"\n', encoding="utf-8")
    assert load_calendar(tmp_path, day("2026-06-01")).is_working_day(day("2026-02-17"))


def test_a_seeded_table_can_be_read_back(tmp_path):
    (tmp_path / "2028.toml").write_text(seed_table(2028), encoding="utf-8")
    calendar = load_calendar(tmp_path, day("2027-12-01"))
    assert not calendar.is_working_day(day("2028-01-26"))
    assert not calendar.confirmed(2028)


BROKEN = """
confirm = true
defaults = "nothing"
year = 2025
[[days]]
date = 2027-01-01
kind = "off"
[[days]]
date = "1/1"
kind = "holiday"
[[days]]
date = 2026-05-01
kind = "off"
hours = ["07:30-11:30"]
[[days]]
date = 2026-05-01
kind = "half"
hours = ["11:30-07:30"]
note = "x"
[[seasons]]
from = 2026-06-01
to = 2026-05-01
hours = ["7h-11h"]
[[seasons]]
from = 2026-06-02
to = 2026-06-01
hours = ["07:00-11:00"]
weekdays = [0]
"""


def test_every_fault_at_once_with_file_and_key(tmp_path):
    (tmp_path / "2026.toml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "2027.toml").write_text("confirmed = \n", encoding="utf-8")
    (tmp_path / "next.toml").write_text("", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_calendar(tmp_path, TODAY)
    said = str(refused.value)
    for expected in (
        "config/calendar/2026.toml: confirmed: thiếu mục này",
        "config/calendar/2026.toml: confirm: mục lạ",
        "defaults: 'nothing' không hợp lệ, cần một trong: holidays, none",
        "year: không khớp tên tệp",
        "days[1].date: 01/01/2027 không thuộc năm 2026",
        "days[2].date: '1/1' không phải ngày",
        "days[2].kind: 'holiday' không hợp lệ",
        "days[3].hours: ngày nghỉ (off) không có giờ làm việc",
        "days[4].hours: ['11:30-07:30']: các ca phải theo thứ tự",
        "days[4].note: mục lạ",
        "01/05/2026 được ghi hai lần",
        "seasons[1].hours: '7h-11h' không phải một ca làm việc",
        "seasons[2].to: 01/06/2026 sớm hơn ngày bắt đầu",
        "seasons[2].weekdays: [0] không hợp lệ",
        "config/calendar/2027.toml: sai cú pháp TOML",
        "config/calendar/next.toml: tên tệp phải là năm",
    ):
        assert expected in said


DAYS = {
    "office_hours": [["08:00", "12:00"], ["13:00", "16:30"]],
    "workweek": [1, 2, 3, 4, 5],
    "timezone": "Asia/Ho_Chi_Minh",
    "days": [
        {"date": "2026-01-02", "kind": "off", "reason": "hoán đổi"},
        {"date": "2026-01-10", "kind": "working_saturday", "reason": "làm bù"},
    ],
}
CASES = [
    ({"received": "2026-01-01T16:30:00+07:00", "working_days": 1}, {"due": "2026-01-05T16:30:00+07:00"}),
    ({"received": "2026-01-01T16:30:01+07:00", "working_days": 1}, {"due": "2026-01-06T16:30:00+07:00"}),
    ({"received": "2026-01-09T10:00:00Z", "working_days": 0}, {"due": "2026-01-10T16:30:00+07:00"}),
    ({"received": "2026-01-09T16:25:00", "minutes": 10}, {"due": "2026-01-10T08:05:00+07:00"}),
    (
        {"received": "2026-01-05T10:00:00+07:00", "outage_start": "2026-01-08T07:00:00+07:00", "notice_hours": 24},
        {"due": "2026-01-07T07:00:00+07:00", "act_by": "2026-01-06T16:30:00+07:00", "feasible": True},
    ),
    (
        {"received": "2026-01-07T10:00:00+07:00", "outage_start": "2026-01-08T07:00:00+07:00"},
        {"due": "2026-01-07T07:00:00+07:00", "act_by": None, "feasible": False},
    ),
]


def test_deadlines_dry_run(tmp_path):
    (tmp_path / "days.json").write_text(json.dumps(DAYS), encoding="utf-8")
    cases = [{"id": f"C{n}", **case} for n, (case, _) in enumerate(CASES)]
    lines = [json.dumps(case) for case in cases] + ["", "{broken", '{"id": "X", "received": "2026-01-09T16:25:00"}']
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = list(deadlines(tmp_path / "cases.jsonl", tmp_path / "days.json"))
    assert found[: len(CASES)] == [{"id": f"C{n}", **want} for n, (_, want) in enumerate(CASES)]
    assert found[-2]["due"] is None and "không đọc được JSON" in found[-2]["error"]
    assert found[-1] == {"id": "X", "due": None, "error": "dòng 9: thiếu 'outage_start'"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"office_hours": [["11:30", "07:30"]]}, "các ca phải theo thứ tự"),
        ({"timezone": "Europe/Paris"}, "giờ mùa hè"),
        ({"timezone": "Mars/Base"}, "không có múi giờ"),
        ({"days": [{"date": "2026-13-01", "kind": "off"}]}, "không phải ngày"),
        ({"days": [{"date": "2026-12-01", "kind": "free"}]}, "'free' không hợp lệ"),
    ],
)
def test_a_wrong_days_file_says_what_is_wrong(tmp_path, change, words):
    (tmp_path / "days.json").write_text(json.dumps(DAYS | change), encoding="utf-8")
    with pytest.raises(Refused, match=words):
        load_days(tmp_path / "days.json")


def test_days_of_another_zone_and_with_half_days(tmp_path):
    half = {"date": "2026-12-31", "kind": "half_day", "hours": None, "note": "keys of others are left alone"}
    content = DAYS | {"timezone": "Asia/Tokyo", "days": [half], "source": "elsewhere"}
    (tmp_path / "days.json").write_text(json.dumps(content), encoding="utf-8")
    calendar = load_days(tmp_path / "days.json")
    assert calendar.hours(day("2026-12-31")) == ((dt.time(8), dt.time(12)),)
    assert calendar.closing(day("2026-12-30")).isoformat() == "2026-12-30T16:30:00+09:00"
    assert calendar.days[day("2026-12-31")] == Day(day("2026-12-31"), "half")


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2026-10-05", ""),
        ("2026-11-01", "24/11/2026"),
        ("2026-11-24", "24/11/2026"),
        ("2026-11-25", ""),
        ("2026-12-05", "năm 2027"),
        ("2027-03-01", "năm 2027"),
    ],
)
def test_a_look_is_told_only_what_presses(shipped, today, said):
    """In one short line, and nothing of what no promise can reach yet."""
    lines = calendar_note(shipped, day(today))
    assert len(lines) == bool(said) and all(said in line and len(line) < 100 for line in lines), lines
