"""Moving one office's rows into another database, all of them or none, counted and compared by digest before the commit.

Row numbers are kept where the new database is empty; where other offices live there already, all of them are raised by the
same amount. Files are no rows: they stay in the working folder.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import peewee as pw

from daemon.desk.trouble import Refused
from daemon.store import models
from daemon.store.database import Database

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Moved:
    """A table's name, how many rows it has now for the office, and the digest that both sides agree on."""

    table: str
    rows: int
    digest: str


def move(source: Database, target: Database, office: str) -> list[Moved]:
    """Copy the office's rows from source to target while nobody else writes to the source.

    Both schemas must be current. Raises Refused where the target knows the office already, or a table does not agree.
    """
    with source.write(), target.write():
        if _one(target, f"SELECT 1 FROM ticket WHERE office = {target.engine.param} LIMIT 1", office):
            raise Refused(f"Cơ sở dữ liệu mới đã có phiếu của {office}. Chọn cơ sở dữ liệu khác.")
        shift = {model: _last(target, model) for model in models.TABLES}
        moved = [_table(source, target, model, office, shift) for model in models.TABLES]
        for model in models.TABLES:
            _number_on(target, model)
    return moved


def _table(source: Database, target: Database, model: Any, office: str, shift: dict[Any, int]) -> Moved:
    name, columns = model._meta.table_name, _columns(model)
    marks = ", ".join(target.engine.param for _ in columns)
    insert = f'INSERT INTO "{name}" ({_names(columns)}) VALUES ({marks})'
    given = _Seal()
    rows = (given.add(_shifted(model, row, shift)) for row in _rows(source, model, office))
    cursor = target.engine.cursor()
    while batch := list(islice(rows, _BATCH)):
        cursor.executemany(insert, batch)
    taken = _Seal()
    for row in _rows(target, model, office):
        taken.add(row)
    if (given.count, given.digest) != (taken.count, taken.digest):
        raise Refused(f"Bảng {name}: {given.count} dòng ở nguồn, {taken.count} dòng ở đích hoặc nội dung khác nhau.")
    return Moved(name, taken.count, taken.digest)


class _Seal:
    """Counts rows and takes one digest over all of them, in their order."""

    def __init__(self) -> None:
        self.count = 0
        self._hash = hashlib.sha256()

    def add(self, row: list[Any]) -> list[Any]:
        """Add a row and return it."""
        self.count += 1
        self._hash.update(json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
        return row

    @property
    def digest(self) -> str:
        """Return the digest so far."""
        return self._hash.hexdigest()


def _columns(model: Any) -> list[pw.Field]:
    return list(model._meta.sorted_fields)


def _names(columns: list[pw.Field]) -> str:
    return ", ".join(f'"{field.column_name}"' for field in columns)


def _rows(database: Database, model: Any, office: str) -> Iterator[list[Any]]:
    """The office's rows in the order of their numbers, a batch at a time, truth values as truth values."""
    columns = _columns(model)
    table, mark, last = model._meta.table_name, database.engine.param, 0
    ask = (
        f'SELECT {_names(columns)} FROM "{table}" WHERE {_mine(model, mark)} AND id > {mark} ORDER BY id LIMIT {_BATCH}'
    )
    at = next(place for place, field in enumerate(columns) if field.name == "id")
    while rows := database.engine.execute_sql(ask, (office, last)).fetchall():
        for row in rows:
            yield [_plain(field, value) for field, value in zip(columns, row, strict=True)]
        last = rows[-1][at]


def _plain(field: pw.Field, value: Any) -> Any:
    return bool(value) if isinstance(field, pw.BooleanField) and value is not None else value


def _mine(model: Any, mark: str) -> str:
    """The condition that a row is the office's: by its own column, else by the row that it belongs to."""
    if "office" in model._meta.fields:
        return f"office = {mark}"
    for field in _columns(model):
        if isinstance(field, pw.ForeignKeyField):
            above = field.rel_model
            return f'"{field.column_name}" IN (SELECT id FROM "{above._meta.table_name}" WHERE {_mine(above, mark)})'
    raise TypeError(f"{model.__name__} belongs to no office")


def _shifted(model: Any, row: list[Any], shift: dict[Any, int]) -> list[Any]:
    """The row with its number and those of the rows it belongs to raised; an effect also names its item in words."""
    values = dict(zip((field.name for field in _columns(model)), row, strict=True))
    for field in _columns(model):
        above = model if field.name == "id" else field.rel_model if isinstance(field, pw.ForeignKeyField) else None
        if above is not None and values[field.name] is not None:
            values[field.name] += shift[above]
    if model is models.Effect and shift[models.Item]:
        _rename(values, shift[models.Item])
    return list(values.values())


def _rename(effect: dict[str, Any], shift: int) -> None:
    payload = json.loads(effect["payload"])
    if "item" in payload:
        effect["key"] = effect["key"].replace(f"item/{payload['item']}/", f"item/{payload['item'] + shift}/", 1)
        payload["item"] += shift
        effect["payload"] = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _one(database: Database, ask: str, *values: Any) -> Any:
    row = database.engine.execute_sql(ask, values).fetchone()
    return row[0] if row else None


def _last(database: Database, model: Any) -> int:
    return int(_one(database, f'SELECT max(id) FROM "{model._meta.table_name}"') or 0)


def _number_on(database: Database, model: Any) -> None:
    """Let PostgreSQL give the next row a number behind those that were brought along."""
    if not database.sqlite and (last := _last(database, model)):
        table = model._meta.table_name
        database.engine.execute_sql("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (f'"{table}"', last))
