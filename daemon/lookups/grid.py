"""Which substation and feeder serve how many customers of which unit, counted when a customer list is taken in.

So a question over 200,000 customers reads a few thousand rows. Names are compared folded, without their kind: "TBA Quân Hà
1" is "Quân Hà 1", "lộ 372 E26.1" is "372E26.1".
"""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from daemon.desk.question import CustomerRow
from daemon.desk.text import fold

SCHEMA = """
CREATE TABLE grid (import_id INTEGER NOT NULL, substation TEXT NOT NULL, feeder TEXT NOT NULL, unit TEXT,
    customers INTEGER NOT NULL);
CREATE INDEX grid_by_substation ON grid (substation);
CREATE INDEX grid_by_feeder ON grid (feeder);
"""
_STATION = re.compile(r"^(?:(?:tba|tram bien ap|tram)\s+)+")
_FEEDER = re.compile(r"^(?:(?:lo|duong day|dz|dd|ddk|xuat tuyen|mach)\s+)+")
# What stands behind such a word in a customer's text may be a name; whether it is one the list tells.
_SAID_STATION = re.compile(r"\b(?:tba|tram bien ap|tram)\s+((?:[\w./-]+\s?){1,5})")
_SAID_FEEDER = re.compile(r"\b(?:lo|duong day|dz|xuat tuyen)\s+((?:[\w./-]+\s?){1,3})")
_FEEDER_NUMBER = re.compile(r"(?<![\w.])\d{3}\s?e\s?\d{1,2}[.,]\d{1,2}(?!\w)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A substation or feeder that a text names and the customer list knows, with the only unit it serves.

    ``substation`` or ``feeder`` is its name for comparison; the other is empty.
    """

    words: str
    unit: str
    substation: str = ""
    feeder: str = ""


def station(name: str) -> str:
    """Return the name of a substation for comparison."""
    return _STATION.sub("", fold(name)).strip()


def feeder(name: str) -> str:
    """Return the name of a feeder for comparison."""
    return _FEEDER.sub("", fold(name)).replace(" ", "").replace(",", ".")


def count(connection: sqlite3.Connection, number: int) -> None:
    """Count the customers of an import anew, within the caller's transaction."""
    found: Counter[tuple[str, str, str | None]] = Counter()
    groups = connection.execute(
        "SELECT substation, feeder, unit, COUNT(*) FROM customers WHERE import_id = ? GROUP BY 1, 2, 3", (number,)
    )
    for substation, line, unit, customers in groups:
        found[station(substation), feeder(line), unit] += customers
    connection.execute("DELETE FROM grid WHERE import_id NOT IN (SELECT import_id FROM customers)")
    connection.execute("DELETE FROM grid WHERE import_id = ?", (number,))
    connection.executemany(
        "INSERT INTO grid VALUES (?,?,?,?,?)", [(number, *key, customers) for key, customers in found.items()]
    )


def sharing(
    connection: sqlite3.Connection, stations: Iterable[str], feeders: Iterable[str], without: CustomerRow | None
) -> int | None:
    """Return how many customers hang on any of the substations or feeders; None where the list knows none."""
    names = {key for name in stations if (key := station(name))}
    lines = {key for name in feeders if (key := feeder(name))}
    if not (names or lines) or connection.execute("SELECT 1 FROM grid").fetchone() is None:
        return None
    chosen = f"substation IN ({_marks(names)}) OR feeder IN ({_marks(lines)})"
    total = connection.execute(
        f"SELECT COALESCE(SUM(customers), 0) FROM grid WHERE ({chosen}) AND import_id IN (SELECT id FROM imports WHERE current)",
        [*names, *lines],
    ).fetchone()[0]
    if not total:
        return None
    own = without is not None and (station(without.substation) in names or feeder(without.feeder) in lines)
    return int(total) - (1 if own else 0)


def unit_of(connection: sqlite3.Connection, substation: str = "", line: str = "") -> str | None:
    """Return the only unit of a substation, else of a feeder, by the customer list, else by the outage plan."""
    for column, key in (("substation", station(substation)), ("feeder", feeder(line))):
        if key:
            units = _units(connection, column, key)
            if units:
                return units.pop() if len(units) == 1 else None
    return None


def _units(connection: sqlite3.Connection, column: str, key: str) -> set[str]:
    rows = connection.execute(
        f"SELECT DISTINCT unit FROM grid WHERE {column} = ? AND unit IS NOT NULL "
        "AND import_id IN (SELECT id FROM imports WHERE current)",
        (key,),
    )
    units = {row[0] for row in rows}
    if units or column == "feeder":
        return units
    planned = connection.execute(
        "SELECT DISTINCT o.unit FROM outage_substations s JOIN outages o ON o.id = s.outage_id "
        "WHERE s.substation IN (?, ?, ?, ?) AND o.unit IS NOT NULL",
        (key, f"tba {key}", f"tram {key}", f"tram bien ap {key}"),
    )
    return {row[0] for row in planned}


def mentioned(connection: sqlite3.Connection, text: str) -> tuple[Mention, ...]:
    """Return the substations and feeders a text names, where list or plan know them and the one unit they serve."""
    folded = fold(text)
    found: dict[str, Mention] = {}
    for match in _SAID_STATION.finditer(folded):
        for name in _shorter(match[1]):
            if unit := unit_of(connection, substation=name):
                found.setdefault(station(name), Mention(f"trạm {name}", unit, substation=station(name)))
                break
    said = [name for match in _SAID_FEEDER.finditer(folded) for name in _shorter(match[1])]
    for name in (*said, *(match[0] for match in _FEEDER_NUMBER.finditer(folded))):
        if any(char.isdigit() for char in name) and (unit := unit_of(connection, line=name)):
            found.setdefault(feeder(name), Mention(f"lộ {feeder(name).upper()}", unit, feeder=feeder(name)))
    return tuple(found.values())


def _shorter(words: str) -> list[str]:
    """Return the words, then the same without the last one, and so on: the longest known name counts."""
    parts = words.rstrip(" .,;:").split()
    return [" ".join(parts[:length]).rstrip(".,;:") for length in range(len(parts), 0, -1)]


def _marks(values: Iterable[str]) -> str:
    return ",".join("?" for _ in values)
