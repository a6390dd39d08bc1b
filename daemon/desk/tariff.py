"""The cost of disconnection and reconnection (P2 b): tables with dates of validity, one amount or what is missing for it.

Amount = base of the voltage band × factor of the distance band × factor of the region; a household pays the base, at any
distance and in any region (facts, section 2). The tables are data (``config/tariffs.toml``); nothing is known here of
who asks. Amounts are whole đồng, without VAT.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class VoltageBand:
    """A band of voltages up to ``up_to_kv`` (inclusive; None is the last band) and its base amount in đồng."""

    id: str
    title: str
    base: int
    up_to_kv: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DistanceBand:
    """A band of distances up to ``up_to_km`` (inclusive; None is the last band) and its factor."""

    title: str
    factor: Decimal
    up_to_km: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A kind of region and its factor."""

    id: str
    title: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Tariff:
    """One table: its bands from low to high, its basis in law, and from when to when (inclusive) it is valid.

    ``checked`` is the day somebody last compared it with its source; ``confirmed`` whether the office stands behind it.
    """

    title: str
    basis: str
    valid_from: dt.date
    valid_to: dt.date | None
    checked: dt.date
    confirmed: bool
    vat: str
    voltages: tuple[VoltageBand, ...]
    distances: tuple[DistanceBand, ...]
    regions: tuple[Region, ...]
    region: str

    def holds(self, day: dt.date) -> bool:
        """Say whether the table is valid on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Tariffs:
    """All tables, and whether a general table may be the answer where the use of the electricity is not known."""

    tables: tuple[Tariff, ...] = ()
    table_if_use_unknown: bool = True
    table_if_distance_unknown: bool = False

    def on(self, day: dt.date) -> Tariff | None:
        """Return the table valid on a day, the one that began last where several are; None where there is none."""
        return max(
            (table for table in self.tables if table.holds(day)), key=lambda table: table.valid_from, default=None
        )


@dataclass(frozen=True, slots=True)
class TariffAnswer:
    """``text`` is for the customer where ``sure``; else ``missing`` says what must be asked and ``text`` is a proposal.

    ``amount`` is in đồng, None where the text gives a table; ``computation`` shows how the amount came about.
    """

    text: str
    sure: bool
    tariff: Tariff
    amount: int | None = None
    computation: str = ""
    missing: tuple[str, ...] = ()


ASK_USE = "mục đích sử dụng điện (sinh hoạt hay mục đích khác)"
ASK_VOLTAGE = "cấp điện áp đang sử dụng"
ASK_DISTANCE = "khoảng cách từ trụ sở đơn vị quản lý điện đến nơi đóng cắt"


def answer(
    tariffs: Tariffs,
    day: dt.date,
    household: bool | None = None,
    kv: Decimal | None = None,
    km: Decimal | None = None,
    region: str | None = None,
) -> TariffAnswer | None:
    """Return what one disconnection and reconnection costs on a day, as far as it is known; None without a valid table.

    ``household`` None means unknown use; ``kv`` the voltage in kilovolts, ``km`` the distance, ``region`` an id of the
    table (its own default where None). A household without a stated voltage is at low voltage: no home is fed otherwise.
    """
    table = tariffs.on(day)
    if table is None:
        return None
    if household:
        band = _voltage(table, kv) if kv is not None else table.voltages[0]
        return _household(table, band)
    if household is None:
        return TariffAnswer(_everything(table, kv, region), tariffs.table_if_use_unknown, table, missing=(ASK_USE,))
    missing = [ASK_VOLTAGE] if kv is None else []
    missing += [ASK_DISTANCE] if km is None else []
    if kv is not None and km is not None:
        return _computed(table, _voltage(table, kv), _distance(table, km), _region(table, region))
    text = _others(table, _voltages(table, kv), region)
    return TariffAnswer(text, tariffs.table_if_distance_unknown, table, missing=tuple(missing))


def amount_of(voltage: VoltageBand, distance: DistanceBand, region: Region) -> int:
    """Return base × distance factor × region factor, rounded half up to whole đồng."""
    exact = Decimal(voltage.base) * distance.factor * region.factor
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def say_dong(amount: int) -> str:
    """Return an amount as letters write it: ``128.478 đồng``."""
    return f"{amount:,} đồng".replace(",", ".")


def say_factor(factor: Decimal) -> str:
    """Return a factor with a decimal comma and at least two places: ``1,14``."""
    return (
        f"{factor:.2f}".replace(".", ",") if factor == round(factor, 2) else f"{factor.normalize():f}".replace(".", ",")
    )


def _household(table: Tariff, band: VoltageBand) -> TariffAnswer:
    amount = say_dong(band.base)
    text = (
        f"{_opening(table)} đối với khách hàng sử dụng điện sinh hoạt ở cấp điện áp {band.title} là {amount} "
        f"({table.vat}), không phụ thuộc khoảng cách và khu vực."
    )
    return TariffAnswer(text, True, table, band.base, f"Mức sinh hoạt, cấp điện áp {band.title}: {amount}")


def _computed(table: Tariff, voltage: VoltageBand, distance: DistanceBand, region: Region) -> TariffAnswer:
    amount = amount_of(voltage, distance, region)
    computation = (
        f"{say_dong(voltage.base)} (cấp điện áp {voltage.title}) × {say_factor(distance.factor)} ({distance.title}) "
        f"× {say_factor(region.factor)} ({region.title}) = {say_dong(amount)}"
    )
    text = (
        f"{_opening(table)} đối với khách hàng sử dụng điện ngoài mục đích sinh hoạt ở cấp điện áp {voltage.title}, "
        f"khoảng cách {distance.title}, {region.title}, là {say_dong(amount)} ({table.vat}). Cách tính: {computation}."
    )
    return TariffAnswer(text, True, table, amount, computation)


def _everything(table: Tariff, kv: Decimal | None, region: str | None) -> str:
    home = _voltage(table, kv) if kv is not None else table.voltages[0]
    return (
        f"{_household(table, home).text} Đối với mục đích sử dụng khác, chi phí tính theo cấp điện áp và khoảng cách "
        f"({table.vat}, {_region(table, region).title}): {_ranges(table, _voltages(table, kv), region)}."
    )


def _others(table: Tariff, voltages: Iterable[VoltageBand], region: str | None) -> str:
    return (
        f"{_opening(table)} đối với khách hàng sử dụng điện ngoài mục đích sinh hoạt, {_region(table, region).title} "
        f"({table.vat}): {_lines(table, voltages, region)}."
    )


def _lines(table: Tariff, voltages: Iterable[VoltageBand], region: str | None) -> str:
    where = _region(table, region)
    parts = []
    for voltage in voltages:
        amounts = [f"{band.title} {say_dong(amount_of(voltage, band, where))}" for band in table.distances]
        parts.append(f"cấp điện áp {voltage.title}: {', '.join(amounts)}")
    return "; ".join(parts)


def _ranges(table: Tariff, voltages: Iterable[VoltageBand], region: str | None) -> str:
    """Return the lowest and highest amount of each voltage band: a table would not fit a call or a text message."""
    where = _region(table, region)
    parts = []
    for voltage in voltages:
        bands = sorted(table.distances, key=lambda band: band.factor)
        ends = [f"{say_dong(amount_of(voltage, band, where))} ({band.title})" for band in (bands[0], bands[-1])]
        parts.append(f"cấp điện áp {voltage.title}: từ {ends[0]} đến {ends[1]}")
    return "; ".join(parts)


def _opening(table: Tariff) -> str:
    return f"Theo {table.basis} (áp dụng từ ngày {table.valid_from:%d/%m/%Y}), {table.title} cho một lần thực hiện"


def _voltages(table: Tariff, kv: Decimal | None) -> tuple[VoltageBand, ...]:
    return table.voltages if kv is None else (_voltage(table, kv),)


def _voltage(table: Tariff, kv: Decimal) -> VoltageBand:
    return next((band for band in table.voltages if band.up_to_kv is None or kv <= band.up_to_kv), table.voltages[-1])


def _distance(table: Tariff, km: Decimal) -> DistanceBand:
    return next((band for band in table.distances if band.up_to_km is None or km <= band.up_to_km), table.distances[-1])


def _region(table: Tariff, region: str | None) -> Region:
    wanted = region or table.region
    return next(row for row in table.regions if row.id == wanted)
