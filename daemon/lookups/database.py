"""The look-ups' own cache, ``var/lookups.db``: what the latest exports say, indexed on folded text.

It is no ticket store: it can be deleted and filled again from exports. A new version of a source replaces the old one in
one transaction, so a reader sees either. Places are matched in ``area``; here candidates are found by index.
"""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.desk.calendar import VIETNAM
from daemon.desk.question import CustomerRow, Outage
from daemon.desk.text import fold
from daemon.lookups import grid
from daemon.lookups.area import Area, read_area

# To be raised with the tables below and with what ``area`` makes of a text, which is kept here taken apart.
VERSION = 3
_SCHEMA = """
CREATE TABLE imports (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL, file TEXT NOT NULL,
    as_of INTEGER NOT NULL, taken INTEGER NOT NULL, rows INTEGER NOT NULL, bad INTEGER NOT NULL,
    covers_from INTEGER, covers_to INTEGER, current INTEGER NOT NULL);
CREATE TABLE outages (
    id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL REFERENCES imports (id), start INTEGER NOT NULL, end INTEGER,
    latest INTEGER NOT NULL, unit TEXT, feeder TEXT NOT NULL, area TEXT NOT NULL, reason TEXT NOT NULL,
    end_note TEXT NOT NULL, wide INTEGER NOT NULL, substations TEXT NOT NULL, parsed TEXT NOT NULL);
CREATE INDEX outages_by_time ON outages (start, latest);
CREATE INDEX outages_wide ON outages (wide, start) WHERE wide;
CREATE INDEX outages_by_import ON outages (import_id, start);
CREATE VIRTUAL TABLE outage_words USING fts5 (words, tokenize = 'unicode61');
CREATE TABLE outage_substations (substation TEXT NOT NULL, outage_id INTEGER NOT NULL, PRIMARY KEY (substation, outage_id))
    WITHOUT ROWID;
CREATE TABLE customers (
    code TEXT NOT NULL, import_id INTEGER NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, phones TEXT NOT NULL,
    unit TEXT, substation TEXT NOT NULL, feeder TEXT NOT NULL, meter TEXT NOT NULL, PRIMARY KEY (code, import_id))
    WITHOUT ROWID;
CREATE TABLE phones (phone TEXT NOT NULL, code TEXT NOT NULL, import_id INTEGER NOT NULL, PRIMARY KEY (phone, code, import_id))
    WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a source in use: its date, its good and bad rows, and the time it covers (None: unknown)."""

    id: int
    source: str
    kind: str
    title: str
    file: str
    as_of: dt.datetime
    rows: int
    bad: int
    covers: tuple[dt.datetime, dt.datetime] | None


@dataclass(frozen=True, slots=True)
class OutageRow:
    """One row of a plan or work log before it is kept."""

    start: dt.datetime
    end: dt.datetime | None
    end_note: str
    latest: dt.datetime
    unit: str | None
    substations: tuple[str, ...]
    feeder: str
    area: str
    reason: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A new version of a source as its reader found it; ``covers`` is what it declares of itself."""

    source: str
    kind: str
    title: str
    file: str
    as_of: dt.datetime
    taken: dt.datetime


class Database:
    """One SQLite file. Made when first needed; a file of an older layout is thrown away and made anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        """The open connection."""
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)  # customers stand in it; what SQLite lays beside it has the same mode
            self._connection = self._open()
        return self._connection

    def _open(self) -> sqlite3.Connection:
        connection = self._connect()
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, VERSION):
            connection.close()
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            connection = self._connect()
            version = 0
        if version == 0:
            connection.executescript(
                f"BEGIN IMMEDIATE; {_SCHEMA} {grid.SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;"
            )
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=10, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    # --- writing ----------------------------------------------------------------------------------------------------

    def replace_customers(self, new: Incoming, rows: Iterable[CustomerRow], check: Callable[[int], int]) -> int:
        """Keep a new customer list instead of the old one; returns its length.

        ``check`` is told the number of rows kept before the old list goes, may raise to keep the old one, and returns the
        number of bad rows. Customers come as a stream and are written as they come.
        """
        with self._writing() as connection:
            number = self._add_import(connection, new)
            count = 0
            for batch in _batches(rows, 5_000):
                connection.executemany(
                    "INSERT OR REPLACE INTO customers VALUES (?,?,?,?,?,?,?,?,?)",
                    [
                        (r.code, number, r.name, r.address, ";".join(r.phones), r.unit, r.substation, r.feeder, r.meter)
                        for r in batch
                    ],
                )
                pairs = [(phone, row.code, number) for row in batch for phone in row.phones]
                connection.executemany("INSERT OR IGNORE INTO phones VALUES (?,?,?)", pairs)
                count += len(batch)
            bad = check(count)
            connection.execute("DELETE FROM customers WHERE import_id <> ?", (number,))
            connection.execute("DELETE FROM phones WHERE import_id <> ?", (number,))
            grid.count(connection, number)
            self._finish_import(connection, number, new.source, count, bad, None)
        return count

    def replace_outages(
        self,
        new: Incoming,
        rows: Iterable[OutageRow],
        bad: int,
        covers: tuple[dt.datetime, dt.datetime] | None,
        keep_past: dt.timedelta,
    ) -> int:
        """Keep a new plan instead of the old one; past rows before its first day stay for ``keep_past``."""
        with self._writing() as connection:
            number = self._add_import(connection, new)
            count = sum(_add_outage(connection, number, row) for row in rows)
            oldest = int((new.taken - keep_past).timestamp())
            first = int(covers[0].timestamp()) if covers else int(new.taken.timestamp())
            gone = [
                row[0]
                for row in connection.execute(
                    "SELECT o.id FROM outages o JOIN imports i ON i.id = o.import_id "
                    "WHERE i.source = ? AND i.id <> ? AND (o.start >= ? OR o.latest < ?)",
                    (new.source, number, first, oldest),
                )
            ]
            for table, column in (("outages", "id"), ("outage_words", "rowid"), ("outage_substations", "outage_id")):
                connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(row,) for row in gone])
            self._finish_import(connection, number, new.source, count, bad, covers)
        return count

    def _add_import(self, connection: sqlite3.Connection, new: Incoming) -> int:
        cursor = connection.execute(
            "INSERT INTO imports (source, kind, title, file, as_of, taken, rows, bad, current) VALUES (?,?,?,?,?,?,0,0,0)",
            (new.source, new.kind, new.title, new.file, int(new.as_of.timestamp()), int(new.taken.timestamp())),
        )
        return int(cursor.lastrowid or 0)

    def _finish_import(
        self,
        connection: sqlite3.Connection,
        number: int,
        source: str,
        rows: int,
        bad: int,
        covers: tuple[dt.datetime, dt.datetime] | None,
    ) -> None:
        first, last = (int(at.timestamp()) for at in covers) if covers else (None, None)
        connection.execute("UPDATE imports SET current = 0 WHERE source = ?", (source,))
        connection.execute(
            "UPDATE imports SET rows = ?, bad = ?, covers_from = ?, covers_to = ?, current = 1 WHERE id = ?",
            (rows, bad, first, last, number),
        )
        connection.execute(
            "DELETE FROM imports WHERE source = ? AND NOT current AND id NOT IN (SELECT import_id FROM outages)",
            (source,),
        )

    def forget(self, codes: Iterable[str]) -> int:
        """Delete customers and their phones; returns how many rows went. The exports themselves are not touched."""
        gone = 0
        with self._writing() as connection:
            for code in codes:
                gone += connection.execute("DELETE FROM customers WHERE code = ?", (code,)).rowcount
                connection.execute("DELETE FROM phones WHERE code = ?", (code,))
            if gone:
                for (number,) in connection.execute("SELECT DISTINCT import_id FROM grid").fetchall():
                    grid.count(connection, number)
        return gone

    # --- reading ----------------------------------------------------------------------------------------------------

    def versions(self, *kinds: str) -> tuple[Version, ...]:
        """Return the versions in use, newest first; only of some kinds where given."""
        rows = self.connection.execute(
            "SELECT id, source, kind, title, file, as_of, rows, bad, covers_from, covers_to FROM imports WHERE current "
            "ORDER BY as_of DESC, id DESC"
        )
        found = tuple(_version(row) for row in rows)
        return tuple(version for version in found if not kinds or version.kind in kinds)

    def customers(self, code: str | None = None, phone: str | None = None) -> tuple[CustomerRow, ...]:
        """Return the customers of a code or a phone number."""
        query = (
            "SELECT c.code, c.name, c.address, c.phones, c.unit, c.substation, c.feeder, c.meter, i.as_of FROM customers c "
            "JOIN imports i ON i.id = c.import_id WHERE i.current AND "
        )
        if code is not None:
            rows = self.connection.execute(query + "c.code = ?", (code,))
        else:
            rows = self.connection.execute(query + "c.code IN (SELECT code FROM phones WHERE phone = ?)", (phone,))
        return tuple(_customer(row) for row in rows)

    def candidates(
        self, start: dt.datetime, end: dt.datetime, names: Iterable[str], substation: str
    ) -> tuple[tuple[Outage, Area], ...]:
        """Return rows that touch a time and speak of a name, feed a substation, or cannot be placed by their text."""
        words = " OR ".join(f'"{name}"' for name in names if name)
        chosen = ["o.wide"]
        values: list[Any] = [int(end.timestamp()), int(start.timestamp())]
        if words:
            chosen.append("o.id IN (SELECT rowid FROM outage_words WHERE outage_words MATCH ?)")
            values.append(words)
        if substation:
            chosen.append("o.id IN (SELECT outage_id FROM outage_substations WHERE substation = ?)")
            values.append(substation)
        return self._outages(f"o.start <= ? AND o.latest >= ? AND ({' OR '.join(chosen)})", values)

    def all_between(
        self, start: dt.datetime, end: dt.datetime, unit: str | None = None
    ) -> tuple[tuple[Outage, Area], ...]:
        """Return every row that touches a time; with a unit, only its own rows and those that name none."""
        values: list[Any] = [int(end.timestamp()), int(start.timestamp())]
        if unit is None:
            return self._outages("o.start <= ? AND o.latest >= ?", values)
        return self._outages("o.start <= ? AND o.latest >= ? AND (o.unit = ? OR o.unit IS NULL)", [*values, unit])

    def _outages(self, condition: str, values: list[Any]) -> tuple[tuple[Outage, Area], ...]:
        rows = self.connection.execute(
            "SELECT i.kind, i.title, i.as_of, o.start, o.end, o.area, o.reason, o.unit, o.substations, o.feeder, o.end_note, o.parsed "
            f"FROM outages o JOIN imports i ON i.id = o.import_id WHERE {condition} ORDER BY o.start, o.id",
            values,
        )
        return tuple((_outage(row[:-1]), Area.load(row[-1])) for row in rows)


def _version(row: tuple[Any, ...]) -> Version:
    number, source, kind, title, file, as_of, rows, bad, first, last = row
    covers = (_at(first), _at(last)) if first is not None else None
    return Version(number, source, kind, title, file, _at(as_of), rows, bad, covers)


def _customer(row: tuple[Any, ...]) -> CustomerRow:
    code, name, address, phones, unit, substation, feeder, meter, as_of = row
    numbers = tuple(filter(None, phones.split(";")))
    return CustomerRow(code, name, address, numbers, unit, substation, feeder, meter, _at(as_of))


def _outage(row: tuple[Any, ...]) -> Outage:
    kind, title, as_of, start, end, area, reason, unit, substations, feeder, note = row
    known = tuple(filter(None, substations.split("|")))
    ends = None if end is None else _at(end)
    return Outage(kind, title, _at(as_of), _at(start), ends, area, reason, unit, known, feeder, note)


def _add_outage(connection: sqlite3.Connection, number: int, row: OutageRow) -> int:
    area = read_area(row.area)
    cursor = connection.execute(
        "INSERT INTO outages (import_id, start, end, latest, unit, feeder, area, reason, end_note, wide, substations, parsed) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            number,
            int(row.start.timestamp()),
            int(row.end.timestamp()) if row.end else None,
            int(row.latest.timestamp()),
            row.unit,
            row.feeder,
            row.area,
            row.reason,
            row.end_note,
            int(area.wide or any(part.commune is None for part in area.parts)),
            "|".join(row.substations),
            area.dump(),
        ),
    )
    found = cursor.lastrowid
    connection.execute("INSERT INTO outage_words (rowid, words) VALUES (?, ?)", (found, area.words))
    connection.executemany(
        "INSERT OR IGNORE INTO outage_substations VALUES (?, ?)", [(fold(name), found) for name in row.substations]
    )
    return 1


def _at(seconds: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(seconds, VIETNAM)


def _batches(rows: Iterable[CustomerRow], size: int) -> Iterator[list[CustomerRow]]:
    batch: list[CustomerRow] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
