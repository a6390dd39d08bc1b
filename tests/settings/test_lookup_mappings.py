"""config/lookups.toml: what is shipped, and every fault at once."""

import datetime as dt
from pathlib import Path

import pytest

from daemon.desk.trouble import Refused
from daemon.settings.lookups import load_mappings

SHIPPED = Path(__file__).parents[2] / "config" / "lookups.toml"

BROKEN = """
max_bad_percent = 120
open_hours = 3
[units]
"Ba Bể" = "PA26BB"
[[sources]]
id = "oms"
kind = "outage"
title = "Lịch"
[[sources]]
id = "oms"
kind = "customers"
title = 5
max_age_hours = "36"
[sources.columns]
name = ["Tên"]
phone = []
salary = ["Lương"]
"""


def test_what_is_shipped():
    mappings = load_mappings(SHIPPED)
    assert [source.id for source in mappings.sources] == ["oms", "evn", "worklog", "cmis"]
    assert mappings.source("oms").max_age == dt.timedelta(hours=36)
    assert mappings.source("none") is None
    assert len(mappings.units) == 9


def test_no_file_is_no_source(tmp_path):
    assert load_mappings(tmp_path / "lookups.toml").sources == ()


def test_every_fault_at_once(tmp_path):
    path = tmp_path / "lookups.toml"
    path.write_text(BROKEN, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_mappings(path)
    for expected in (
        "config/lookups.toml: max_bad_percent: 120 không hợp lệ",
        "open_hours: mục lạ",
        "units.Ba Bể: 'PA26BB' không hợp lệ, cần một danh sách",
        "sources[1].kind: 'outage' không hợp lệ",
        "sources[2].title: 5 không hợp lệ",
        "sources[2].max_age_hours: '36' không hợp lệ, cần một số nguyên",
        "sources[2].columns.code: thiếu",
        "sources[2].columns.phone: cần ít nhất một tên cột",
        "sources[2].columns.salary: mục lạ",
        "nguồn 'oms' được khai hai lần",
    ):
        assert expected in str(refused.value)
