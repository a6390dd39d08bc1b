"""config/tariffs.toml: what is shipped computes the published amounts, and every fault is said at once."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.desk.tariff import answer
from daemon.desk.trouble import Refused
from daemon.settings.tariffs import load_tariffs

SHIPPED = Path(__file__).parents[2] / "config" / "tariffs.toml"

BROKEN = """
table_if_unknown = true
[[tariffs]]
title = "chi phí"
basis = 5
valid_from = 2020-10-26
valid_to = 2019-01-01
checked = "hôm qua"
region = "sea"
voltages = [{ id = "a", title = "a", base = -1 }, { id = "b", title = "b", base = 1, up_to_kv = 5 }]
distances = []
regions = [{ id = "x", title = "x", factor = 0 }]
"""


def test_the_shipped_table():
    tariffs = load_tariffs(SHIPPED)
    day = dt.date(2026, 11, 23)
    assert answer(tariffs, day, household=True).amount == 98_000
    assert answer(tariffs, day, household=False, kv=Decimal("0.38"), km=Decimal(8)).amount == 128_478
    assert answer(tariffs, day, household=False, kv=Decimal(110), km=Decimal(60)).amount == 662_745


def test_no_file_is_no_table(tmp_path):
    assert load_tariffs(tmp_path / "tariffs.toml").tables == ()


def test_every_fault_at_once(tmp_path):
    path = tmp_path / "tariffs.toml"
    path.write_text(BROKEN, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_tariffs(path)
    for expected in (
        "config/tariffs.toml: table_if_unknown: mục lạ",
        "tariffs[1].basis: 5 không hợp lệ, cần một chuỗi chữ",
        "tariffs[1].valid_to: sớm hơn valid_from",
        "tariffs[1].checked: 'hôm qua' không phải ngày",
        "tariffs[1].region: 'sea' không có trong regions",
        "tariffs[1].voltages[1].base: phải là số đồng lớn hơn 0",
        "tariffs[1].voltages: các mức phải tăng dần",
        "tariffs[1].distances: cần ít nhất một mức",
        "tariffs[1].regions[1].factor: phải lớn hơn 0",
    ):
        assert expected in str(refused.value)


@pytest.mark.parametrize(("content", "words"), [(b"a = = 1", "sai cú pháp TOML"), (b"a = '\xff'", "mã UTF-8")])
def test_an_unreadable_file(tmp_path, content, words):
    path = tmp_path / "tariffs.toml"
    path.write_bytes(content)
    with pytest.raises(Refused, match=words):
        load_tariffs(path)


@pytest.mark.parametrize(("kv", "base"), [("0.22", 112_700), ("0.38", 112_700), ("0.4", 112_700), ("0.41", 265_650)])
def test_the_low_voltage_grid_has_two_names(kv, base):
    assert answer(load_tariffs(SHIPPED), dt.date(2026, 11, 23), False, Decimal(kv), Decimal(1)).amount == base
