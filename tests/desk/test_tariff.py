"""The cost of disconnection and reconnection: the published table cell by cell, and what is missing for an amount."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from daemon.desk.tariff import (
    ASK_DISTANCE,
    ASK_USE,
    ASK_VOLTAGE,
    DistanceBand,
    Region,
    Tariff,
    Tariffs,
    VoltageBand,
    answer,
    say_dong,
    say_factor,
)

D = Decimal
DAY = dt.date(2026, 10, 12)
TABLE = Tariff(
    title="chi phí ngừng và cấp điện trở lại",
    basis="Thông tư 23/2020/TT-BCT",
    valid_from=dt.date(2020, 10, 26),
    valid_to=None,
    checked=dt.date(2026, 11, 23),
    confirmed=True,
    vat="chưa gồm thuế GTGT",
    voltages=(
        VoltageBand("low", "từ 0,38 kV trở xuống", 98_000, D("0.38")),
        VoltageBand("medium", "trên 0,38 kV đến 35 kV", 231_000, D(35)),
        VoltageBand("high", "trên 35 kV", 339_000),
    ),
    distances=(
        DistanceBand("đến 5 km", D("1.00"), D(5)),
        DistanceBand("trên 5 km đến 10 km", D("1.14"), D(10)),
        DistanceBand("trên 10 km đến 20 km", D("1.28"), D(20)),
        DistanceBand("trên 20 km đến 30 km", D("1.42"), D(30)),
        DistanceBand("trên 30 km đến 50 km", D("1.56"), D(50)),
        DistanceBand("trên 50 km", D("1.70")),
    ),
    regions=(Region("mountain", "khu vực miền núi", D("1.15")), Region("plain", "khu vực đồng bằng", D(1))),
    region="mountain",
)
TARIFFS = Tariffs((TABLE,))

PUBLISHED = {
    "0.38": (112_700, 128_478, 144_256, 160_034, 175_812, 191_590),
    "35": (265_650, 302_841, 340_032, 377_223, 414_414, 451_605),
    "110": (389_850, 444_429, 499_008, 553_587, 608_166, 662_745),
}
CELLS = [
    (D(kv), D(km), amount)
    for kv, amounts in PUBLISHED.items()
    for km, amount in zip(("5", "10", "20", "30", "50", "50.001"), amounts, strict=True)
]


@pytest.mark.parametrize(("kv", "km", "amount"), CELLS)
def test_every_published_amount(kv, km, amount):
    found = answer(TARIFFS, DAY, household=False, kv=kv, km=km)
    assert found.amount == amount and found.sure and not found.missing
    assert say_dong(amount) in found.text and "chưa gồm thuế GTGT" in found.text


@pytest.mark.parametrize(
    ("kv", "km", "amount"),
    [("0.22", "0", 112_700), ("0.4", "5.01", 302_841), ("22", "10", 302_841), ("35.1", "0.5", 389_850)],
)
def test_bounds_belong_to_the_lower_band(kv, km, amount):
    assert answer(TARIFFS, DAY, household=False, kv=D(kv), km=D(km)).amount == amount


@pytest.mark.parametrize(("kv", "amount"), [(None, 98_000), ("0.22", 98_000), ("22", 231_000), ("110", 339_000)])
@pytest.mark.parametrize("km", [None, "70"])
def test_a_household_pays_the_base_at_any_distance(kv, amount, km):
    found = answer(TARIFFS, DAY, household=True, kv=kv and D(kv), km=km and D(km))
    assert (found.amount, found.sure, found.missing) == (amount, True, ())
    assert "sinh hoạt" in found.text and "không phụ thuộc khoảng cách" in found.text


def test_the_computation_is_shown():
    found = answer(TARIFFS, DAY, household=False, kv=D("0.38"), km=D(8))
    assert found.computation == (
        "98.000 đồng (cấp điện áp từ 0,38 kV trở xuống) × 1,14 (trên 5 km đến 10 km) × 1,15 (khu vực miền núi)"
        " = 128.478 đồng"
    )
    assert "Thông tư 23/2020/TT-BCT (áp dụng từ ngày 26/10/2020)" in found.text


@pytest.mark.parametrize(
    ("kv", "km", "missing"),
    [(None, None, (ASK_VOLTAGE, ASK_DISTANCE)), ("22", None, (ASK_DISTANCE,)), (None, "3", (ASK_VOLTAGE,))],
)
def test_what_is_missing_is_said_and_nothing_is_guessed(kv, km, missing):
    found = answer(TARIFFS, DAY, household=False, kv=kv and D(kv), km=km and D(km))
    assert (found.sure, found.amount, found.missing) == (False, None, missing)


def test_the_whole_table_may_be_the_answer_where_the_office_says_so():
    found = answer(replace(TARIFFS, table_if_distance_unknown=True), DAY, household=False, kv=D("0.38"))
    assert found.sure and found.amount is None
    assert all(say_dong(amount) in found.text for amount in PUBLISHED["0.38"])
    assert say_dong(265_650) not in found.text


def test_an_unknown_use_is_answered_for_both_uses_or_asked():
    found = answer(TARIFFS, DAY)
    assert found.sure and found.missing == (ASK_USE,)
    assert "98.000 đồng" in found.text and all(
        say_dong(amount) in found.text for amounts in PUBLISHED.values() for amount in (amounts[0], amounts[-1])
    )
    assert not answer(replace(TARIFFS, table_if_use_unknown=False), DAY).sure


def test_tables_change_with_the_date():
    old = replace(TABLE, valid_from=dt.date(2013, 1, 1), valid_to=dt.date(2020, 10, 25), basis="Thông tư cũ")
    both = Tariffs((old, TABLE))
    assert answer(both, dt.date(2020, 10, 25), household=True).tariff is old
    assert answer(both, dt.date(2020, 10, 26), household=True).tariff is TABLE
    assert answer(both, dt.date(2012, 12, 31), household=True) is None
    assert answer(Tariffs(), DAY, household=True) is None


def test_another_region():
    found = answer(TARIFFS, DAY, household=False, kv=D("0.38"), km=D(8), region="plain")
    assert found.amount == 111_720 and "khu vực đồng bằng" in found.text


def test_how_numbers_are_written():
    assert [say_factor(D(text)) for text in ("1", "1.7", "1.14", "1.125")] == ["1,00", "1,70", "1,14", "1,125"]
    assert say_dong(1_234_567) == "1.234.567 đồng"
