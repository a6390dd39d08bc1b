"""The demo's clock: desk time that stands still until it is moved on. Never goes back."""

import datetime as dt


class DemoClock:
    """A clock moved by hand; the player jumps with it from one event to the next."""

    def __init__(self, at: dt.datetime) -> None:
        self._at = at

    def now(self) -> dt.datetime:
        """Return the time moved to last."""
        return self._at

    def move_to(self, at: dt.datetime) -> None:
        """Let time pass; a time that lies behind changes nothing."""
        self._at = max(self._at, at)
