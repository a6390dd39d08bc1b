"""A consistent copy of the whole database in one SQLite file, taken while others read and write; and looking at one.

The copy of a PostgreSQL database is a SQLite file too: a backup can be opened wherever the program runs. Knows no backup
file and no folder but the two paths it is given.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from daemon.desk.trouble import Refused, TryLater
from daemon.store.database import MIGRATIONS, Database
from daemon.store.models import TABLES


def copy_to(database: Database, path: Path) -> None:
    """Write the database as it is at one instant into a new SQLite file. Raises TryLater where it cannot be read."""
    if database.sqlite:
        copy_file(Path(database.engine.database), path)
    else:
        _copy_rows(database, path)


def copy_file(source: Path, path: Path) -> None:
    """Write a SQLite file as it is at one instant into a new one, without what was deleted from it."""
    try:
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
            connection.isolation_level = None
            connection.execute("VACUUM INTO ?", (str(path),))
    except sqlite3.Error as problem:
        raise TryLater(f"Không sao chép được {source.name} ({problem}). Kiểm tra ổ đĩa rồi làm lại.") from problem


def _copy_rows(database: Database, path: Path) -> None:
    """Copy table by table inside one snapshot; the file gets its tables from the same migrations."""
    from peewee import SqliteDatabase
    from playhouse.migrations import Runner

    made = SqliteDatabase(str(path))
    runner = Runner(made, str(MIGRATIONS))
    runner.up()
    made.execute_sql("PRAGMA foreign_keys = OFF")
    with database.engine.atomic(isolation_level="REPEATABLE READ"), made.atomic():
        for model in TABLES:
            _copy_table(database.engine, made, model)
    made.close()


def _copy_table(source: Any, made: Any, model: Any) -> None:
    meta = model._meta
    names = [field.column_name for field in meta.sorted_fields]
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" for _ in names)
    made.execute_sql(f'DELETE FROM "{meta.table_name}"')
    insert = f'INSERT INTO "{meta.table_name}" ({columns}) VALUES ({marks})'
    for row in source.execute_sql(f'SELECT {columns} FROM "{meta.table_name}"').fetchall():
        made.execute_sql(insert, row)


def inspect(path: Path) -> None:
    """Look whether a copy is whole and can be opened by this version. Raises Refused with the reason."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.Error as problem:
            said = str(problem)
    if said != "ok":
        raise Refused(f"Cơ sở dữ liệu trong bản sao lưu bị hỏng: {said}")
    from peewee import SqliteDatabase
    from playhouse.migrations import Runner

    engine = SqliteDatabase(str(path))
    ahead = [row.name for row in Runner(engine, str(MIGRATIONS)).status() if row.path is None]
    engine.close()
    if ahead:
        raise Refused(
            f"Bản sao lưu do phiên bản motcua mới hơn tạo ({', '.join(ahead)}). Hãy cài phiên bản đó rồi khôi phục lại."
        )


def doubt_what_waits(path: Path) -> int:
    """In a copy put back into use: every mail that waited then may have gone out since. It is looked for before it is sent.

    Return how many mails that concerns.
    """
    waits = "kind IN ('send_mail', 'save_draft') AND state IN ('wanted', 'claimed')"
    change = (
        "UPDATE effect SET state = 'wanted', lease = 0, retry_at = 0, tried = 1, attempts = MAX(attempts, 1) WHERE "
        + waits
    )
    with closing(sqlite3.connect(path)) as connection, connection:
        return connection.execute(change).rowcount
