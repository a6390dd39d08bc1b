"""Puts the scan room and the reading room together: what the text of a scanned letter means, which addresses exist.

Neither room knows the other; this is their only meeting place, used by the office and by the dry run.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence

from daemon.desk.place import Place
from daemon.reading.places import Gazetteer
from daemon.reading.request import RequestReader
from daemon.scans.settle import Meaning, Understood
from daemon.scans.tails import Tails
from daemon.scans.vote import Rules

# Resolution on the merger of provinces: districts ended, some provinces became part of another.
_MERGED = dt.date(2025, 7, 1)
_TOLD = ("name", "customer_code", "phone", "address", "email", "category", "wanted_reply")


def address_tails(places: Iterable[Place]) -> Tails:
    """Return the ends of addresses in use: commune and former district, with or without the province, old and new.

    The office's own provinces are the one that ended (``to``) and the one that it ``became``; neighbours have neither.
    """
    known = tuple(places)
    became: dict[str, str] = {}
    for place in known:
        if place.kind == "tỉnh" and place.valid_to and place.became:
            became.setdefault(place.became, f"tỉnh {place.name}")  # its other spellings come after it
    tails: set[str] = set()
    for place in known:
        if place.kind not in ("xã", "phường", "thị trấn"):
            continue
        commune = f"{place.kind} {place.name}"
        district = place.district or place.unit
        if place.valid_from and place.valid_from >= _MERGED:
            tails |= {commune, *(f"{commune}, {province}" for province in became)}
        if district:
            kind = "thành phố" if district.startswith("TP ") else "huyện"
            old = f"{commune}, {kind} {district.removeprefix('TP ')}"
            tails |= {commune, old, *(f"{old}, {province}" for province in became.values())}
    return Tails(tails)


def scan_meaning(
    places: Sequence[Place],
    gazetteer: Gazetteer,
    reader: RequestReader,
    code_pattern: str,
    now: Callable[[], dt.datetime],
) -> Meaning:
    """Return what settling a scan needs; ``now`` gives the aware time of receipt, ``code_pattern`` is configuration."""

    def snap(address: str) -> str | None:
        snapped = gazetteer.snap(address)
        known = any(hit.level in ("commune", "district") for hit in snapped.hits)
        return snapped.address if known else None

    def read_text(text: str) -> Understood:
        read = reader.read(channel="letter", received=now(), subject=None, text=text)
        return Understood({name: getattr(read, name) for name in _TOLD}, frozenset(read.check))

    return Meaning(Rules(re.compile(code_pattern), snap, address_tails(places)), read_text)
