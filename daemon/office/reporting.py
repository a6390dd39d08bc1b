"""Reports to the leadership (P12): figures of a period, as a Word file, on demand and on schedule."""

from daemon.office.parts import Parts
from daemon.store.store import Claimed


def deliver_report(parts: Parts, effect: Claimed) -> None:
    """Make the planned report of a level and mail it to that level's recipients."""
    raise NotImplementedError


def report_on_demand(parts: Parts, level: str, since: str | None, until: str | None) -> str:
    """Make a report and return where it lies."""
    raise NotImplementedError
