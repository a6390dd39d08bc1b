"""config/units.toml as values: the units under ids that stay for ever, their cards with dates of validity."""

from pathlib import Path

from daemon.desk.unit import Unit, UnitCard, Units
from daemon.settings.rows import Faults, Row, read_toml

SHOWN = "config/units.toml"


def load_units(path: Path, faults: Faults) -> Units:
    """Return the units of a file; faults are noted, each with its place."""
    table = read_toml(path, faults, SHOWN) or {}
    row = Row(SHOWN, table, faults)
    leaders = row.texts("leaders", ())
    units = row.rows("units", _unit)
    row.done()
    if not units and table:
        row.fault("units", "chưa có đơn vị nào")
    _twice(units, faults)
    return Units(units, tuple(address.lower() for address in leaders))


def _unit(row: Row) -> Unit | None:
    cards = tuple(row.rows("cards", _card))
    name = row.text("id")
    if not cards:
        row.fault("cards", "cần ít nhất một thẻ [[units.cards]]")
        return None
    return Unit(name, cards)


def _card(row: Row) -> UnitCard:
    card = UnitCard(
        name=row.text("name"),
        addresses=tuple(address.lower() for address in row.texts("addresses", ())),
        chief=row.text("chief", ""),
        chief_address=row.text("chief_address", "").lower() or None,
        duty_phone=row.text("duty_phone", "") or None,
        duty_address=row.text("duty_address", "").lower() or None,
        valid_from=row.date("from", None),
        valid_to=row.date("to", None),
    )
    for address in (*card.addresses, card.chief_address or "", card.duty_address or ""):
        if address and ("@" not in address or " " in address):
            row.fault("addresses", f"{address!r} không phải địa chỉ thư")
    return card


def _twice(units: list[Unit], faults: Faults) -> None:
    owner: dict[str, str] = {}
    for unit in units:
        if sum(other.id == unit.id for other in units) > 1:
            faults.add(SHOWN, f"đơn vị {unit.id!r} được ghi hai lần")
        for card in unit.cards:
            for address in card.addresses:
                if owner.setdefault(address, unit.id) != unit.id:
                    faults.add(SHOWN, f"địa chỉ {address} thuộc cả {owner[address]} và {unit.id}")
