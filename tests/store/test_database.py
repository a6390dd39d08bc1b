"""The database itself: schema, engines, locks, damage, indexes, and two writers at once."""

import contextlib
import datetime as dt
import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import peewee as pw
import pytest
from playhouse.schema_diff import diff_models

from daemon.desk.trouble import Refused, TryLater
from daemon.store import models
from daemon.store.database import Database, TakenBack, to_text, to_time
from daemon.store.store import Store
from tests.servers import postgres
from tests.store.conftest import open_store
from tests.store.hands import LEASES, NOW, event, item, opened, wanted
from tests.support.office import ZONE, moment

SPAWN = multiprocessing.get_context("spawn")


def test_the_migrations_lead_to_the_models(store: Store) -> None:
    diff = diff_models(store.database.engine, models.TABLES)
    # No model can tell of the index of a text's words.
    assert not (diff.create_tables or diff.add_columns or diff.drop_columns or diff.add_indexes)
    assert {each.name for each in diff.drop_indexes} <= {"ticket_words"}
    assert store.database.migrate() == []


def test_a_database_of_a_newer_version_is_refused(store: Store) -> None:
    store.database.engine.execute_sql(
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_future', CURRENT_TIMESTAMP)"
    )
    with pytest.raises(Refused, match="phiên bản mới hơn"):
        store.database.migrate()


def _first_start(url: str, home: Path) -> None:
    open_store(url, home).database.close()


def test_four_first_starts_at_once_make_one_schema(url: str, tmp_path: Path) -> None:
    starts = [SPAWN.Process(target=_first_start, args=(url, tmp_path)) for _ in range(4)]
    for each in starts:
        each.start()
    for each in starts:
        each.join(60)
    assert [each.exitcode for each in starts] == [0] * 4


def _write_often(url: str, home: Path, times: int) -> None:
    store = open_store(url, home)
    for _ in range(times):
        number = opened(store)
        store.record(number, event(), NOW)
    store.database.close()


def test_two_writers_never_meet_a_locked_database(url: str, tmp_path: Path) -> None:
    store = open_store(url, tmp_path)
    writers = [SPAWN.Process(target=_write_often, args=(url, tmp_path, 125)) for _ in range(2)]
    for each in writers:
        each.start()
    for each in writers:
        each.join(60)
    assert [each.exitcode for each in writers] == [0, 0]
    numbers = sorted(int(ticket.number[-6:]) for ticket in store.tickets())
    assert numbers == list(range(1, 251))
    assert store.broken_chains() == []
    store.database.close()


def test_numbers_begin_anew_every_year(store: Store) -> None:
    opened(store)
    assert opened(store, at=moment("2026-12-31 23:59")) == "PCBK-2026-000002"
    assert opened(store, at=moment("2027-01-01 00:00")) == "PCBK-2027-000001"
    assert store.broken_chains() == []


def test_a_failed_opening_uses_up_no_number(store: Store) -> None:
    def fails(_number: str) -> None:
        raise ValueError

    with pytest.raises(ValueError):
        store.open_ticket(None, fails, "PCBK", event(), NOW)  # type: ignore[arg-type]
    assert opened(store) == "PCBK-2026-000001"


# -- parts of a transaction ----------------------------------------------------------------------------------------------
def _two_of_which_one_fails(store: Store) -> None:
    with store.database.write():
        store.keep_note("a", "1")
        with contextlib.suppress(ValueError), store.database.write():
            store.keep_note("b", "1")
            raise ValueError


def test_a_part_that_failed_takes_the_whole_with_it(store: Store) -> None:
    with pytest.raises(ValueError), store.database.write():
        store.keep_note("a", "1")
        with store.database.write():
            store.keep_note("b", "1")
            raise ValueError
    assert store.notes("") == {}


def test_half_a_change_is_not_kept_where_its_failure_was_caught(store: Store) -> None:
    with pytest.raises(RuntimeError, match="not let through"):
        _two_of_which_one_fails(store)
    assert store.notes("") == {}
    with pytest.raises(RuntimeError), store.database.write(), store.database.apart():
        _two_of_which_one_fails(store)
    assert store.notes("") == {}
    store.keep_note("c", "1")
    assert store.notes("") == {"c": "1"}


def test_what_fails_apart_takes_back_only_its_own(store: Store) -> None:
    with store.database.write():
        for name in "abcdef":
            with contextlib.suppress(ValueError), store.database.apart():
                store.keep_note(name, "1")
                if name in "bce":
                    raise ValueError
                with store.database.apart():
                    store.keep_note(name, "2")
    assert store.notes("") == {"a": "2", "d": "2", "f": "2"}


def test_a_statement_that_fails_apart_leaves_the_rest_usable(store: Store) -> None:
    with store.database.write():
        store.keep_note("a", "1")
        with contextlib.suppress(pw.IntegrityError), store.database.apart():
            models.Note.insert(office=store.office, name="a", value="2").execute()
        store.keep_note("b", "1")
    assert store.notes("") == {"a": "1", "b": "1"}


def test_two_offices_in_one_database_do_not_see_each_other(url: str, tmp_path: Path) -> None:
    one = open_store(url, tmp_path)
    two = Store(one.database, one.originals, "PCTN", ZONE)
    wanted(one)
    item(one, "a")
    opened(one)
    assert two.claim(LEASES) is None
    assert two.items("unsorted") == []
    assert list(two.tickets()) == [] and two.due_ticket(NOW) is None
    one.database.close()


# -- trouble -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    """A store on SQLite that waits a tenth of a second for a lock."""
    store = open_store("sqlite:///var/motcua.db", tmp_path)
    store.database.engine.execute_sql("PRAGMA busy_timeout = 100")
    yield store
    store.database.close()


def test_a_lock_held_by_another_program_is_told_and_nothing_changes(sqlite: Store, tmp_path: Path) -> None:
    number = opened(sqlite)
    wanted(sqlite)
    with contextlib.closing(sqlite3.connect(tmp_path / "var" / "motcua.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        changes: tuple[Callable[[], object], ...] = (
            lambda: sqlite.record(number, event(), NOW),
            lambda: sqlite.claim(LEASES),
            lambda: sqlite.keep_note("a", "b"),
            lambda: opened(sqlite),
        )
        for change in changes:
            with pytest.raises(TryLater, match="chương trình khác đang giữ tệp"):
                change()
        assert len(sqlite.events(number)) == 1  # reading goes on
    sqlite.record(number, event(), NOW)
    assert opened(sqlite) == "PCBK-2026-000002"


def test_a_full_disk_is_told_and_nothing_is_half_done(sqlite: Store) -> None:
    engine = sqlite.database.engine
    number = opened(sqlite)
    pages = engine.execute_sql("PRAGMA page_count").fetchone()[0]
    engine.execute_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(TryLater, match="còn chỗ"):
        for _ in range(100):
            sqlite.record(number, event(text="x" * 10_000), NOW)
    engine.execute_sql("PRAGMA max_page_count = 100000")
    assert sqlite.broken_chains() == []
    sqlite.record(number, event(), NOW)


def test_a_part_on_a_full_disk_tells_that_all_was_taken_back(sqlite: Store) -> None:
    """Whoever goes on after a failed part must know that what came before it is gone too."""
    engine = sqlite.database.engine
    pages = engine.execute_sql("PRAGMA page_count").fetchone()[0]
    with pytest.raises(TakenBack, match="còn chỗ"), sqlite.database.write():
        sqlite.keep_note("before", "1")
        engine.execute_sql(f"PRAGMA max_page_count = {pages}")
        with sqlite.database.apart():
            sqlite.keep_note("large", "x" * 1_000_000)
    engine.execute_sql("PRAGMA max_page_count = 100000")
    assert sqlite.note("before") is None
    with sqlite.database.write(), pytest.raises(ValueError, match="own"), sqlite.database.apart():
        raise ValueError("its own")


@pytest.mark.parametrize("content", [b"this is no database, " * 500, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_damaged_database_is_refused_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "motcua.db").write_bytes(content)
    with pytest.raises(Refused, match="motcua restore"):
        open_store("sqlite:///var/motcua.db", tmp_path)


def test_a_folder_in_the_place_of_the_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "var" / "motcua.db").mkdir(parents=True)
    with pytest.raises(TryLater, match="Cơ sở dữ liệu chưa dùng được"):
        open_store("sqlite:///var/motcua.db", tmp_path)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(TryLater, match="Không tạo được cơ sở dữ liệu"):
        open_store("sqlite:///var/motcua.db", tmp_path)


def test_a_defect_of_ours_is_not_called_trouble(sqlite: Store) -> None:
    with pytest.raises(Exception, match="no such table") as caught:
        sqlite.database.engine.execute_sql("SELECT * FROM elsewhere")
    assert not isinstance(caught.value, (TryLater, Refused))


def test_a_server_that_died_is_told_and_the_next_look_connects_again(server: postgres.Server, tmp_path: Path) -> None:
    store = open_store(server.fresh(), tmp_path)
    number = opened(store)
    server.restart()
    with pytest.raises(TryLater, match="máy chủ"):
        store.record(number, event(), NOW)
    store.record(number, event(), NOW)
    assert store.broken_chains() == []
    store.database.close()


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    if why := postgres.missing():
        pytest.skip(why)
    with pytest.raises(TryLater) as caught:
        Database("postgresql://desk:geheim@127.0.0.1:1/office", tmp_path)
    assert "geheim" not in str(caught.value)
    assert "127.0.0.1:1" in str(caught.value)


def test_a_writer_waits_for_a_row_that_another_holds(server: postgres.Server, tmp_path: Path) -> None:
    """Skipping a locked row would tell a person that the ticket does not exist."""
    url = server.fresh()
    store = open_store(url, tmp_path)
    number = opened(store)
    with store.database.write():
        store._head(number)
        writer = SPAWN.Process(target=_record_once, args=(url, tmp_path, number))
        writer.start()
        writer.join(0.5)
    writer.join(60)
    assert writer.exitcode == 0
    assert [each.kind for each in store.events(number)] == ["received", "tested"]
    store.database.close()


def _record_once(url: str, home: Path, number: str) -> None:
    store = open_store(url, home)
    store.record(number, event(), NOW)
    store.database.close()


# -- an idle look ------------------------------------------------------------------------------------------------------
def _statements(store: Store) -> dict[str, str]:
    """Everything a look asks when nothing waits, as the engine was asked it."""
    engine, asked = store.database.engine, []
    plain = engine.execute_sql

    def listening(sql: str, params: object = None) -> object:
        asked.append((sql, params))
        return plain(sql, params)

    engine.execute_sql = listening  # type: ignore[method-assign]
    try:
        store.items("unsorted", due=True)
        store.due_ticket(NOW)
        store.claim(LEASES)
        store.next_look()
        store.look_at_news(NOW)
        store.last_change()
        store.effects("set_aside")
    finally:
        del engine.execute_sql
    plans = {}
    for sql, params in asked:
        rows = plain(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
        plans[sql] = "; ".join(row[3] for row in rows)
    return plans


def test_an_idle_look_asks_only_by_index(sqlite: Store) -> None:
    opened(sqlite)
    plans = _statements(sqlite)
    assert len(plans) >= 7
    walks = {sql: plan for sql, plan in plans.items() if "SCAN" in plan.replace("SCAN CONSTANT ROW", "")}
    assert walks == {}


# -- times -------------------------------------------------------------------------------------------------------------
def test_times_come_back_as_they_went_in() -> None:
    early = dt.datetime(2026, 1, 1, 0, 30, 0, 123456, tzinfo=ZONE)
    assert to_time(to_text(early), ZONE) == early
    assert to_text(early) == "2025-12-31T17:30:00.123456Z"
    with pytest.raises(ValueError, match="naive"):
        to_text(dt.datetime(2026, 1, 1))


def test_news_stamped_ahead_of_the_clock_is_looked_at_when_the_clock_is_set_back(store: Store) -> None:
    number = opened(store, at=moment("2027-10-05 08:20"))
    assert store.due_ticket(NOW) is None
    assert store.look_at_news(NOW) == 1
    found = store.due_ticket(NOW)
    assert found is not None and found.number == number
