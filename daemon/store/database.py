"""One open database: connection, write transactions, its clock. The only place that asks which engine it is."""

import contextlib
import datetime as dt
import sqlite3
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee as pw

from daemon import extras
from daemon.desk.trouble import Refused, Trouble, TryLater
from daemon.points import passing
from daemon.store.drivers import load_psycopg
from daemon.store.models import TABLES

_PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "busy_timeout": 15000}
# The server lets go within half a minute of what a machine held that was switched off.
_NOTICED = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
MIGRATIONS = Path(__file__).parent / "migrations"
_OPENING = 10.0  # seconds within which a file that others are just opening is tried again
# SQLite's own codes: what may pass by itself, and what never does.
_PASSING = frozenset({"BUSY", "LOCKED", "IOERR", "FULL", "CANTOPEN", "READONLY", "NOMEM", "PROTOCOL"})
_LASTING = frozenset({"CORRUPT", "NOTADB"})


class _Telling:
    """An engine that says in the office's words when the database is away, locked, full or damaged."""

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Execute a statement. Raises TryLater or Refused where the database itself is the trouble."""
        with _told():
            return super().execute_sql(sql, params)  # type: ignore[misc]

    def execute_many(self, sql: str, rows: list[Any]) -> int:
        """Execute a statement once for each row of values; return how many rows it changed. Raises as the other does."""
        with _told(), pw.__exception_wrapper__:
            cursor = self.cursor()
            cursor.executemany(sql, rows)
            return int(cursor.rowcount)


class _Sqlite(_Telling, pw.SqliteDatabase):
    def _connect(self) -> Any:
        """Open a connection; while another one turns the file to WAL or recovers it, SQLite refuses without waiting."""
        until = time.monotonic() + _OPENING
        while True:
            try:
                return super()._connect()  # type: ignore[misc]
            except sqlite3.OperationalError as problem:
                if not problem.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def rollback(self) -> None:
        """Take a transaction back; on a full disk SQLite has done so itself, and asking again would hide the reason."""
        if self.connection().in_transaction:
            super().rollback()


class _Postgres(_Telling, pw.PostgresqlDatabase):
    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Execute a statement; a connection that died is let go, so that the next statement makes a new one."""
        try:
            return super().execute_sql(sql, params)
        except TryLater:
            self.let_go()
            raise

    def let_go(self) -> None:
        """Close the connection, unless a transaction is open on it: then its end does."""
        if not self.in_transaction() and not self.is_closed():
            self.close()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Turn the engine's complaint about itself into a word for the office; defects of ours pass unchanged."""
    try:
        yield
    except (pw.DatabaseError, pw.InterfaceError) as problem:
        trouble = _trouble(problem)
        if trouble is None:
            raise
        raise trouble from problem


def _trouble(problem: Exception) -> Trouble | None:
    cause = getattr(problem, "orig", problem)
    name = getattr(cause, "sqlite_errorname", None)
    kind = str(name or "").removeprefix("SQLITE_").partition("_")[0]
    if kind in _LASTING:
        return Refused(
            f"Cơ sở dữ liệu bị hỏng hoặc không phải của motcua ({cause}). Giữ nguyên tệp, khôi phục bản sao lưu bằng: motcua restore"
        )
    away = name is None and isinstance(problem, (pw.OperationalError, pw.InterfaceError))
    if kind in _PASSING or away:
        return TryLater(
            f"Cơ sở dữ liệu chưa dùng được ({cause}). Kiểm tra ổ đĩa còn chỗ, quyền thư mục var, máy chủ, và chương trình khác đang giữ tệp; rồi chạy lại."
        )
    return None


class TakenBack(TryLater):
    """The database took back a whole transaction by itself, as SQLite does on a full disk: nothing of it was kept."""


class _Open(threading.local):
    """Whether a part of the transaction that is open in this thread failed."""

    failed = False


class Database:
    """A database bound to the models. ``url`` is ``sqlite:///path`` (relative to ``home``) or ``postgresql://…``."""

    def __init__(self, url: str, home: Path) -> None:
        self.sqlite = url.startswith("sqlite:")
        self.engine = _engine(url, home)
        self.bind()
        self.texts: dict[Any, Any] = {}  # of statements, in this engine's words
        self._open = _Open()
        self._leading: Any = None
        try:
            with _told():
                self.engine.connect(reuse_if_open=True)
        except (TryLater, Refused) as trouble:
            raise type(trouble)(f"{_shown(url)}: {trouble}") from trouble
        except pw.ImproperlyConfigured as problem:
            raise Refused(f"{_shown(url)}: chưa cài phần PostgreSQL: {extras.command('postgres')}") from problem

    def bind(self) -> None:
        """Let the models speak to this database: opening one does so, and of several in one process one at a time has them."""
        self.engine.bind(TABLES)

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
            with self.write():
                yield
            return
        self.engine.execute_sql("SELECT pg_advisory_lock(821002)")
        try:
            yield
        finally:
            self.engine.execute_sql("SELECT pg_advisory_unlock(821002)")

    @contextlib.contextmanager
    def write(self) -> Iterator[None]:
        """Hold a write transaction; inside another one it is a part of that, and what fails takes all of it back.

        On SQLite it is IMMEDIATE: a deferred one fails when two writers meet. Raises TryLater where the database is away,
        locked or full; nothing was changed then. Raises RuntimeError where a part failed and was not let through.
        """
        if self.engine.in_transaction():
            with self._part():
                yield
            return
        self._open.failed = False
        try:
            with _told(), self.engine.atomic("IMMEDIATE") if self.sqlite else self.engine.atomic():
                yield
                self._whole()
                passing("commit.before")
        except TryLater:
            if isinstance(self.engine, _Postgres):
                self.engine.let_go()
            raise
        passing("commit.after")

    @contextlib.contextmanager
    def apart(self) -> Iterator[None]:
        """Hold a part of a write transaction that goes on where this fails: what fails takes back only its own.

        Raises TakenBack where the database took back the whole transaction: what came before the part is undone too.
        """
        run = self.engine.execute_sql
        run("SAVEPOINT apart")  # one name for all: the innermost is meant
        try:
            yield
            self._whole()
        except BaseException as problem:
            if self.sqlite and not self.engine.connection().in_transaction:
                raise TakenBack(str(problem)) from problem
            run("ROLLBACK TO SAVEPOINT apart")
            run("RELEASE SAVEPOINT apart")
            self._open.failed = False
            raise
        run("RELEASE SAVEPOINT apart")

    @contextlib.contextmanager
    def _part(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._open.failed = True
            raise

    def _whole(self) -> None:
        """Raise RuntimeError where a part failed and somebody caught that: half a change may not be kept."""
        if self._open.failed:
            raise RuntimeError("a part of this transaction failed and was not let through")

    def locked(self, query: Any, *, skip: bool = False) -> Any:
        """Return a query that locks its rows, where the engine has row locks; ``skip`` passes over those held elsewhere."""
        return query if self.sqlite else query.for_update("FOR UPDATE SKIP LOCKED" if skip else "FOR UPDATE")

    def telling_id(self, insert: Any) -> Any:
        """Return an insert after whose run ``new_id`` knows the row's id. SQLite needs no RETURNING, and before 3.35 has none."""
        return insert if self.sqlite else insert.returning(insert.model._meta.primary_key)

    def new_id(self, cursor: Any) -> int:
        """Return the id of the row that was just inserted by an insert telling it."""
        return int(cursor.lastrowid if self.sqlite else cursor.fetchone()[0])

    def leads(self, office: str) -> bool:
        """Say whether this process is the one that leads an office, and make it so where nobody does.

        On PostgreSQL the leader holds a lock until its connection ends, however it ends. On SQLite everybody leads: there
        all processes are on one machine, and every write transaction is alone.
        """
        if self.sqlite:
            return True
        connection = self.engine.connection()
        if self._leading is not connection:
            key = zlib.crc32(office.encode()) - 2**31
            took = self.engine.execute_sql("SELECT pg_try_advisory_lock(821003, %s)", (key,)).fetchone()[0]
            self._leading = connection if took else None
        return self._leading is connection

    def clock(self) -> float:
        """Return the database's real time in seconds since 1970; leases are measured by it alone."""
        return float(self.engine.execute_sql(f"SELECT {self.now}").fetchone()[0])

    @property
    def now(self) -> str:
        """The clock's time as an expression, for a statement that needs it."""
        return (
            "(julianday('now') - 2440587.5) * 86400.0"
            if self.sqlite
            else "extract(epoch FROM clock_timestamp())::float8"
        )

    def close(self) -> None:
        """Close the connection."""
        if not self.engine.is_closed():
            self.engine.close()


def _engine(url: str, home: Path) -> pw.Database:
    if url.startswith("sqlite:///"):
        path = home / url.removeprefix("sqlite:///")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():
                path.touch(mode=0o600)
        except OSError as problem:
            raise TryLater(
                f"Không tạo được cơ sở dữ liệu {path}: {problem.strerror}. Kiểm tra ổ đĩa và quyền thư mục rồi chạy lại."
            ) from problem
        return _Sqlite(str(path), pragmas=_PRAGMAS, check_same_thread=False)
    from playhouse.db_url import parse

    with contextlib.suppress(ImportError):  # said at the first connection
        load_psycopg()
    return _Postgres(**{"options": _NOTICED, **parse(url, unquote_password=True, unquote_user=True)})


def _shown(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def to_text(moment: dt.datetime | None) -> str | None:
    """Return an aware time as it lies in the database. Raises ValueError for a naive one."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"naive time {moment!r}")
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def to_time(text: str | None, zone: dt.tzinfo) -> dt.datetime | None:
    """Return a time out of the database in the office's zone."""
    if text is None:
        return None
    return dt.datetime.fromisoformat(text).astimezone(zone)  # some thirty times as quick as strptime
