"""Reading a scan is an effect: it runs in a child process with limits, and opens tickets or files a signed paper."""

from daemon.desk.ticket import Event
from daemon.office.parts import Parts
from daemon.store.store import Claimed


def read_scan(parts: Parts, effect: Claimed) -> list[Event]:
    """Read a dropped file and open what it holds. Raises Refused or NeedsPerson with the reason."""
    raise NotImplementedError
