"""The table that says who hears of trouble."""

from typing import Any

import pytest

from daemon.settings.alarm import AlarmTable, alarm_table
from daemon.settings.rows import Faults, Row


def read(table: dict[str, Any]) -> tuple[AlarmTable, list[str]]:
    """Return what a table says, and its faults."""
    faults = Faults()
    return alarm_table(Row("config/desk.toml", table, faults, "alarm.")), faults.lines


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, ()),
        ({"administrator": []}, ()),
        ({"administrator": "IT@pcbk.example"}, ("it@pcbk.example",)),
        ({"administrator": ["it@pcbk.example", "truc@pcbk.example", "it@pcbk.example"]}, ("it@pcbk.example", "truc@pcbk.example")),
    ],
)  # fmt: skip
def test_one_address_or_several(given: dict[str, Any], wanted: tuple[str, ...]) -> None:
    table, faults = read(given)
    assert table.administrator == wanted
    assert faults == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"administrator": "IT phòng kỹ thuật"}, "alarm.administrator"),
        ({"administrator": ["it@pcbk.example\r\nBcc: ke@gian.example"]}, "alarm.administrator"),
        ({"administrator": 3}, "alarm.administrator"),
        ({"smtp": "mx"}, "alarm.smtp"),
        ({"nguoi_nhan": "it@pcbk.example"}, "mục lạ"),
    ],
)
def test_what_is_no_address_is_told(given: dict[str, Any], said: str) -> None:
    _, faults = read(given)
    assert any(said in line for line in faults), faults


def test_the_other_way_out_is_passed_on() -> None:
    assert read({"smtp": {"smtp_host": "mx.pcbk.example"}})[0].smtp == {"smtp_host": "mx.pcbk.example"}
