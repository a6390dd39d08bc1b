"""One open database: connection, write transactions, its clock. The only place that asks which engine it is."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee as pw

from daemon.desk.trouble import Refused, TryLater
from daemon.store.models import TABLES

_PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "busy_timeout": 15000}
MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """A database bound to the models. ``url`` is ``sqlite:///path`` (relative to ``home``) or ``postgresql://…``."""

    def __init__(self, url: str, home: Path) -> None:
        self.sqlite = url.startswith("sqlite:")
        self.engine = _engine(url, home)
        self.engine.bind(TABLES)
        try:
            self.engine.connect(reuse_if_open=True)
        except pw.OperationalError as problem:
            raise TryLater(
                f"Không mở được cơ sở dữ liệu {_shown(url)}: {problem}. Kiểm tra ổ đĩa, quyền thư mục, máy chủ rồi chạy lại."
            ) from problem
        self._open_depth = 0

    def migrate(self) -> list[str]:
        """Bring the schema up to this version and return the names of the migrations applied.

        Raises Refused where the database was written by a newer version of the program.
        """
        from playhouse.migrations import Runner

        runner = Runner(self.engine, str(MIGRATIONS))
        ahead = [row.name for row in runner.status() if row.path is None]
        if ahead:
            raise Refused(
                f"Cơ sở dữ liệu đã được phiên bản mới hơn nâng cấp ({', '.join(ahead)}). Hãy dùng phiên bản motcua mới hơn."
            )
        if all(row.applied for row in runner.status()):
            return []
        with self._one_at_a_time():
            return list(runner.up())

    @contextlib.contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        if self.sqlite:
            yield
            return
        self.engine.execute_sql("SELECT pg_advisory_lock(821002)")
        try:
            yield
        finally:
            self.engine.execute_sql("SELECT pg_advisory_unlock(821002)")

    def write(self) -> Any:
        """Return a write transaction. On SQLite it is IMMEDIATE: a deferred one fails when two writers meet."""
        return self.engine.atomic("IMMEDIATE") if self.sqlite else self.engine.atomic()

    def locked(self, query: Any) -> Any:
        """Return a query that locks its rows and skips locked ones, where the engine has row locks."""
        return query if self.sqlite else query.for_update("FOR UPDATE SKIP LOCKED")

    def clock(self) -> float:
        """Return the database's real time in seconds since 1970; leases are measured by it alone."""
        ask = (
            "SELECT (julianday('now') - 2440587.5) * 86400.0"
            if self.sqlite
            else "SELECT extract(epoch FROM clock_timestamp())"
        )
        return float(self.engine.execute_sql(ask).fetchone()[0])

    def close(self) -> None:
        """Close the connection."""
        if not self.engine.is_closed():
            self.engine.close()


def _engine(url: str, home: Path) -> pw.Database:
    if url.startswith("sqlite:///"):
        path = home / url.removeprefix("sqlite:///")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            path.touch(mode=0o600)
        return pw.SqliteDatabase(str(path), pragmas=_PRAGMAS, check_same_thread=False)
    from playhouse.db_url import connect

    return connect(url)


def _shown(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def to_text(moment: dt.datetime | None) -> str | None:
    """Return an aware time as it lies in the database. Raises ValueError for a naive one."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"naive time {moment!r}")
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_time(text: str | None, zone: dt.tzinfo) -> dt.datetime | None:
    """Return a time out of the database in the office's zone."""
    if text is None:
        return None
    return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=dt.UTC).astimezone(zone)
