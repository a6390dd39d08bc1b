"""Desk time: what deadlines, events and letters go by. Handed in, so that the demo and the tests play with it."""

import datetime as dt
from typing import Protocol


class Clock(Protocol):
    """Tells the desk's time."""

    def now(self) -> dt.datetime:
        """Return the time now, aware, in the office's zone."""


class RealClock:
    """The machine's clock in the office's zone."""

    def __init__(self, zone: dt.tzinfo) -> None:
        self._zone = zone

    def now(self) -> dt.datetime:
        """Return the time now."""
        return dt.datetime.now(self._zone)
