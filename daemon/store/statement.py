"""Statements that run for every mail: written in peewee once, made into SQL once for each database, run with named values.

peewee takes ten times as long to write a statement's text as SQLite takes to carry it out. What runs seldom is written
and run by peewee itself. Knows no table.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import peewee as pw

from daemon.store.database import Database


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str


@dataclass(slots=True)
class _Text:
    """A statement as one database understands it; ``places`` holds a slot or a constant for each mark of the text."""

    sql: str
    places: list[Any]
    names: frozenset[str]
    row: Any = None

    def filled(self, values: dict[str, Any]) -> list[Any]:
        if values.keys() != self.names:
            raise TypeError(f"slots {sorted(self.names)}, given {sorted(values)}: {self.sql}")
        return [values[each.name] if each.__class__ is _Slot else each for each in self.places]


def slot(name: str) -> Any:
    """Return a place for a value that is given when the statement runs; the same name may stand in several places.

    The value goes to the driver as it is: text, whole or broken number, truth value or None. ``column == slot`` is SQL's
    ``=``: with None it holds for no row.
    """
    return pw.Value(_Slot(name), converter=False, unpack=False)


def inserting(model: type[pw.Model], *names: str, **constants: Any) -> Any:
    """Return the query that inserts a row with a slot for each named column; others have their constant or default."""
    return model.insert({**{name: slot(name) for name in names}, **constants})


class Statement:
    """A query with slots. ``make`` gives it for a database, since some locks and clocks are written differently.

    The text is kept in the database that it was made for: several may be open in one process. Every call raises TypeError
    where the values given are not exactly the slots.
    """

    def __init__(self, make: Callable[[Database], Any]) -> None:
        self._make = make

    def change(self, database: Database, /, **values: Any) -> int:
        """Run it and return how many rows were changed."""
        return int(self._run(database, values).rowcount)

    def change_all(self, database: Database, rows: Iterable[dict[str, Any]], /) -> int:
        """Run it once for each set of values and return how many rows were changed altogether."""
        text = self._text(database)
        return int(database.engine.execute_many(text.sql, [text.filled(values) for values in rows]))

    def new_id(self, database: Database, /, **values: Any) -> int:
        """Run an insert made by ``Database.telling_id`` and return the new row's id."""
        return database.new_id(self._run(database, values))

    def value(self, database: Database, /, **values: Any) -> Any:
        """Run it and return the first value of the first row, or None where there is no row."""
        found = self._run(database, values).fetchall()
        return found[0][0] if found else None

    def first(self, database: Database, /, **values: Any) -> Any:
        """Run it and return the first row with its columns as attributes, or None."""
        found = self.rows(database, **values)
        return found[0] if found else None

    def rows(self, database: Database, /, **values: Any) -> list[Any]:
        """Run it and return its rows with their columns as attributes, a reference to another table as ``<name>_id``."""
        cursor = self._run(database, values)
        text = self._text(database)
        if text.row is None:
            text.row = namedtuple("Row", [column[0] for column in cursor.description], rename=True)  # type: ignore[misc]
        return list(map(text.row._make, cursor.fetchall()))

    def _run(self, database: Database, values: dict[str, Any]) -> Any:
        text = self._text(database)
        return database.engine.execute_sql(text.sql, text.filled(values))

    def _text(self, database: Database) -> _Text:
        text: _Text | None = database.texts.get(self)
        if text is None:
            sql, places = database.engine.get_sql_context().sql(self._make(database)).query()
            names = frozenset(each.name for each in places if isinstance(each, _Slot))
            text = database.texts[self] = _Text(sql, places, names)
        return text
