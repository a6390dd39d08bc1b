"""The units asked by the desk: printed names, mail addresses, chiefs and duty desks, each with dates of validity."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitCard:
    """How a unit is printed and reached during a time. ``valid_to`` is its last day; None means still so."""

    name: str
    addresses: tuple[str, ...]
    chief: str = ""
    chief_address: str | None = None
    duty_phone: str | None = None
    duty_address: str | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        """Say whether the card is valid on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit under its short name, which stays for ever whatever the office is called on paper."""

    id: str
    cards: tuple[UnitCard, ...]

    def on(self, day: dt.date) -> UnitCard:
        """Return the card valid on a day, the latest one where a day is not covered."""
        return next((card for card in reversed(self.cards) if card.holds(day)), self.cards[-1])


class Units:
    """All units of the office by id and by mail address."""

    def __init__(self, units: Iterable[Unit], leaders: tuple[str, ...] = ()) -> None:
        self.by_id = {unit.id: unit for unit in units}
        self.leaders = leaders
        self._addresses: dict[dt.date, dict[str, str]] = {}

    def card(self, unit: str, day: dt.date) -> UnitCard:
        """Return a unit's card on a day. Raises KeyError for an unknown id."""
        return self.by_id[unit].on(day)

    def addresses(self, day: dt.date) -> dict[str, str]:
        """Return every registered mail address (lower case) valid on a day with its unit's id.

        Asked for with every mail, so that the last day's is remembered.
        """
        if day not in self._addresses:
            self._addresses = {day: self._addresses_on(day)}
        return dict(self._addresses[day])

    def _addresses_on(self, day: dt.date) -> dict[str, str]:
        found: dict[str, str] = {}
        for unit in self.by_id.values():
            card = unit.on(day)
            extra = [card.duty_address] if card.duty_address else []
            extra += [card.chief_address] if card.chief_address else []
            found.update({address.lower(): unit.id for address in (*card.addresses, *extra)})
        return found
