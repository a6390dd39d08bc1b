"""Puts the scan room and the reading room together: what the text of a scanned letter means, which addresses exist.

Neither room knows the other; this is their only meeting place, used by the office and by the dry run.
"""

import datetime as dt
import re
from collections.abc import Callable

from daemon.reading.places import Gazetteer
from daemon.reading.request import RequestReader
from daemon.scans.settle import Meaning, Understood
from daemon.scans.vote import Rules

_TOLD = ("name", "customer_code", "phone", "address", "email", "category", "wanted_reply")


def scan_meaning(
    gazetteer: Gazetteer, reader: RequestReader, code_pattern: str, now: Callable[[], dt.datetime]
) -> Meaning:
    """Return what settling a scan needs; ``now`` gives the aware time of receipt, ``code_pattern`` is configuration."""

    def snap(address: str) -> str | None:
        snapped = gazetteer.snap(address)
        known = any(hit.level in ("commune", "district") for hit in snapped.hits)
        return snapped.address if known else None

    def read_text(text: str) -> Understood:
        read = reader.read(channel="letter", received=now(), subject=None, text=text)
        return Understood({name: getattr(read, name) for name in _TOLD}, frozenset(read.check))

    return Meaning(Rules(re.compile(code_pattern), snap), read_text)
