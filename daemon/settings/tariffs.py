"""``config/tariffs.toml`` to tariff tables: every fault at once. Amounts stay exact (decimals, never binary floats)."""

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from daemon.desk.tariff import DistanceBand, Region, Tariff, Tariffs, VoltageBand
from daemon.settings.rows import Faults, Row

SHOWN = "config/tariffs.toml"


def load_tariffs(path: Path) -> Tariffs:
    """Return the tables of a file; none where the file does not exist. Raises Refused with every fault."""
    faults = Faults()
    tariffs = Tariffs()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
        tariffs = _tariffs(Row(SHOWN, content, faults))
    except FileNotFoundError:
        return tariffs
    except (OSError, UnicodeDecodeError) as error:
        faults.add(SHOWN, f"không đọc được tệp ({error}). Hãy kiểm tra quyền đọc và mã UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.add(SHOWN, f"sai cú pháp TOML: {error}. Hãy sửa dòng đó")
    faults.refuse()
    return tariffs


def _tariffs(row: Row) -> Tariffs:
    tables = row.rows("tariffs", _tariff)
    found = Tariffs(tuple(tables), row.flag("table_if_use_unknown", True), row.flag("table_if_distance_unknown", False))
    row.done()
    return found


def _tariff(row: Row) -> Tariff | None:
    title, basis, vat = row.text("title"), row.text("basis"), row.text("vat", "chưa gồm thuế GTGT")
    first, last, checked = row.date("valid_from"), row.date("valid_to", None), row.date("checked")
    confirmed, region = row.flag("confirmed", False), row.text("region")
    voltages = row.rows("voltages", _voltage)
    distances = row.rows("distances", _distance)
    regions = row.rows("regions", _region)
    _ascending(row, "voltages", [band.up_to_kv for band in voltages])
    _ascending(row, "distances", [band.up_to_km for band in distances])
    if region not in {known.id for known in regions}:
        row.fault("region", f"{region!r} không có trong regions")
    if first and last and last < first:
        row.fault("valid_to", "sớm hơn valid_from")
    if not (first and checked and voltages and distances and regions):
        return None
    return Tariff(
        title, basis, first, last, checked, confirmed, vat, tuple(voltages), tuple(distances), tuple(regions), region
    )


def _voltage(row: Row) -> VoltageBand:
    base = row.number("base")
    if base <= 0:
        row.fault("base", "phải là số đồng lớn hơn 0")
    return VoltageBand(row.text("id"), row.text("title"), base, row.exact("up_to_kv", None))


def _distance(row: Row) -> DistanceBand:
    return DistanceBand(row.text("title"), _factor(row), row.exact("up_to_km", None))


def _region(row: Row) -> Region:
    return Region(row.text("id"), row.text("title"), _factor(row))


def _factor(row: Row) -> Decimal:
    factor = row.exact("factor")
    if factor is not None and factor <= 0:
        row.fault("factor", "phải lớn hơn 0")
    return factor or Decimal(1)


def _ascending(row: Row, key: str, limits: Sequence[Decimal | None]) -> None:
    """Bands go from low to high and only the last one is open, so that every value falls into exactly one."""
    if not limits:
        row.fault(key, "cần ít nhất một mức")
        return
    closed = [limit for limit in limits[:-1] if limit is not None]
    if len(closed) != len(limits) - 1 or limits[-1] is not None or closed != sorted(set(closed)):
        row.fault(key, "các mức phải tăng dần, chỉ mức cuối cùng bỏ trống giới hạn trên (up_to_…)")
