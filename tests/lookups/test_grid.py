"""Substations and feeders: how many customers they serve, of which unit, and which of them a text names."""

import csv
import datetime as dt
import os
from pathlib import Path

import pytest

from daemon.lookups import grid
from daemon.lookups.lookups import Lookups
from daemon.settings.lookups import load_mappings
from daemon.settings.tariffs import load_tariffs

CONFIG = Path(__file__).parents[2] / "config"
NOW = dt.datetime(2026, 10, 6, 9, tzinfo=dt.timezone(dt.timedelta(hours=7)))
HEADING = ["Mã KH", "Tên KH", "Địa chỉ", "Điện thoại", "Mã đơn vị", "Tên trạm", "Lộ"]
ROWS = [
    ["PA26BT0000001", "Nguyễn Văn A", "xã Quân Hà", "0912000001", "PA26BT", "TBA Quân Hà 1", "372E26.1"],
    ["PA26BT0000002", "Nguyễn Văn B", "xã Quân Hà", "0912000002", "PA26BT", "Quân Hà 1", "lộ 372 E26.1"],
    ["PA26BT0000003", "Nguyễn Văn C", "xã Quân Hà", "0912000003", "PA26BT", "TBA Quân Hà 2", "372E26.1"],
    ["PA26NR0000004", "Nông Văn D", "xã Kim Lư", "0912000004", "PA26NR", "TBA Kim Lư", "373E26.3"],
    ["PA26NR0000005", "Nông Văn E", "xã Kim Lư", "0912000005", "PA26NR", "TBA Chung", "375E26.5"],
    ["PA26NS0000006", "Nông Văn G", "xã Vân Tùng", "0912000006", "PA26NS", "TBA Chung", "375E26.5"],
]


@pytest.fixture
def lookups(tmp_path: Path):
    found = Lookups(
        tmp_path, load_mappings(CONFIG / "lookups.toml"), load_tariffs(CONFIG / "tariffs.toml"), lambda: NOW, settle=0
    )
    found.inbox.mkdir(parents=True)
    yield found
    found.close()


def export(lookups: Lookups, rows, name: str = "khach-hang.csv") -> None:
    path = lookups.inbox / name
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, delimiter=";").writerows([HEADING, *rows])
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    [report] = lookups.take_exports()
    assert report.taken, report.message


@pytest.mark.parametrize(
    ("substations", "feeders", "without", "expected"),
    [
        (["TBA Quân Hà 1"], [], None, 2),
        (["quan ha 1"], [], "PA26BT0000001", 1),
        ([], ["lộ 372 E26.1"], "PA26BT0000001", 2),
        (["TBA Quân Hà 1"], ["372E26.1"], "PA26BT0000001", 2),
        (["TBA Quân Hà 1", "TBA Kim Lư"], [], "PA26NR0000005", 3),
        (["TBA Không Có"], [], None, None),
        ([], [], None, None),
    ],
)
def test_how_many_share(lookups: Lookups, substations, feeders, without, expected) -> None:
    export(lookups, ROWS)
    assert lookups.sharing(substations, feeders, without) == expected


def test_without_a_list_nothing_is_counted(lookups: Lookups) -> None:
    assert lookups.sharing(["TBA Quân Hà 1"]) is None


def test_a_new_list_replaces_the_counts_and_forgotten_customers_do_not_count(lookups: Lookups) -> None:
    export(lookups, ROWS)
    export(lookups, ROWS[:4], "khach-hang-moi.csv")
    assert lookups.sharing(["TBA Chung"]) is None
    assert lookups.forget(code="PA26BT0000002") == 1
    assert lookups.sharing(["TBA Quân Hà 1"]) == 1


@pytest.mark.parametrize(
    ("substation", "feeder", "unit"),
    [
        ("TBA Quân Hà 2", "", "Bạch Thông"),
        ("", "373E26.3", "Na Rì"),
        ("TBA Chung", "", None),
        ("", "375E26.5", None),
        ("không có", "373e26.3", "Na Rì"),
        ("", "", None),
    ],
)
def test_the_only_unit(lookups: Lookups, substation: str, feeder: str, unit: str | None) -> None:
    export(lookups, ROWS)
    assert lookups.unit_of_grid(substation, feeder) == unit


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Trạm biến áp Quân Hà 1 nhảy liên tục từ tối qua", ["Bạch Thông"]),
        ("tba quan ha 2, dien yeu", ["Bạch Thông"]),
        ("mất điện lộ 373E26.3 từ 7h", ["Na Rì"]),
        ("đường dây 373 E26.3 có cây đổ", ["Na Rì"]),
        ("trạm y tế xã mất điện", []),
        ("TBA Chung nổ cầu chì", []),
        ("từ 07h30 đến 11h30 ngày 28/10", []),
    ],
)
def test_what_a_text_names(lookups: Lookups, text: str, units: list[str]) -> None:
    export(lookups, ROWS)
    assert [each.unit for each in lookups.mentioned(text)] == units


def test_the_plan_knows_a_substation_too(lookups: Lookups) -> None:
    path = lookups.inbox / "lich-ngung.csv"
    path.write_text(
        "Đơn vị;Trạm;Khu vực;Bắt đầu;Kết thúc\nĐiện lực Na Rì;TBA Lương Hạ;xã Lương Hạ;08/10/2026 07:30;08/10/2026 09:00\n"
    )
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    lookups.take_exports()
    assert lookups.unit_of_grid("trạm Lương Hạ") == "Na Rì"


def test_counts_are_kept_and_not_made_at_every_question(lookups: Lookups) -> None:
    """The rows read grow with the substations, not with the customers."""
    rows = [[f"PA26BT{n:07d}", "A", "xã Quân Hà", "", "PA26BT", f"TBA {n % 40}", "372E26.1"] for n in range(4000)]
    export(lookups, rows)
    assert lookups.database.connection.execute("SELECT COUNT(*) FROM grid").fetchone()[0] == 40
    plan = " ".join(
        str(row)
        for row in lookups.database.connection.execute(
            "EXPLAIN QUERY PLAN SELECT SUM(customers) FROM grid WHERE substation IN ('x') OR feeder IN ('y')"
        )
    )
    assert "grid_by_substation" in plan and "SCAN" not in plan
    assert lookups.sharing([], ["372E26.1"]) == 4000


@pytest.mark.parametrize("name", ["TBA Quân Hà 1", "Trạm biến áp Quân Hà 1", "tram TBA quan ha 1", "QUÂN HÀ 1"])
def test_one_substation_under_many_names(name: str) -> None:
    assert grid.station(name) == "quan ha 1"
