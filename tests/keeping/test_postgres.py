"""Backup and erasing where the office keeps its records in PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from daemon.desk.ticket import Channel
from daemon.loop import Loop
from daemon.office import actions, health, person
from daemon.office.backup import backup, restore
from daemon.office.parts import Parts, open_office
from daemon.store.models import TABLES
from tests.servers import postgres
from tests.support.office import FakeClock, make_home, moment

PHONE = "0912345678"
SAID = f"Bà Lý Thị Mẩy, xã Bộc Bố, huyện Pác Nặm, điện thoại {PHONE}, hỏi bao giờ có điện lại."


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    """A PostgreSQL server."""
    if why := postgres.missing():
        pytest.skip(why)
    made = postgres.Server()
    yield made
    made.close()


@pytest.fixture
def office(server: postgres.Server, tmp_path: Path) -> Iterator[Parts]:
    """An office with one ticket under way and one cancelled."""
    home = make_home(tmp_path / "home")
    desk = home / "config" / "desk.toml"
    desk.write_text(desk.read_text("utf-8").replace("sqlite:///var/motcua.db", server.fresh()), "utf-8")
    parts = open_office(home, FakeClock(moment("2026-10-05 08:00")))
    number = actions.new(parts, Channel("phone_note"), SAID, "Lan")
    actions.new(parts, Channel("phone_note"), "Ông Páo, xã Quân Hà, 0987654321, hỏi chi phí đóng điện lại.", "Lan")
    Loop(parts).settle()
    actions.finish(parts, number, "cancelled", "khách rút", "Lan")
    Loop(parts).settle()
    yield parts
    parts.close()


def rows(execute: object) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    found = {}
    for model in TABLES:
        columns = ", ".join(f'"{field.column_name}"' for field in model._meta.sorted_fields)
        cursor = execute(f'SELECT {columns} FROM "{model._meta.table_name}" ORDER BY id')  # type: ignore[operator]
        found[model._meta.table_name] = [tuple(row) for row in cursor.fetchall()]
    return found


def test_a_backup_holds_every_row(office: Parts, tmp_path: Path) -> None:
    """As SQLite, and the restored office opens with it once its address is entered."""
    before = rows(office.database.engine.execute_sql)
    backup(office, tmp_path / "backup.tar.gz")
    told = "\n".join(restore(tmp_path / "backup.tar.gz", tmp_path / "again"))
    assert "migrate-to" in told
    with closing(sqlite3.connect(tmp_path / "again/var/motcua.db")) as connection:
        assert rows(connection.execute) == before
    desk = tmp_path / "again/config/desk.toml"
    url = office.settings.file.database_url
    desk.write_text(desk.read_text("utf-8").replace(url, "sqlite:///var/motcua.db"), "utf-8")
    again = open_office(tmp_path / "again", office.clock)
    try:
        assert len(list(again.store.tickets())) == 2
        assert again.store.broken_chains() == []
        assert [ticket.number for ticket in again.store.tickets(words="may")] == ["PCBK-2026-000001"]
    finally:
        again.close()
        office.database.engine.bind(TABLES)


def test_erased(office: Parts) -> None:
    """No row holds the number any more, the chain is whole, the other ticket stays."""
    plan, _ = person.plan(office, (PHONE,))
    assert plan.tickets == ["PCBK-2026-000001"]
    person.erase(office, plan, "yêu cầu", "Lan")
    text = repr(rows(office.database.engine.execute_sql))
    assert PHONE not in text and "Mẩy" not in text and "Páo" in text
    assert office.store.broken_chains() == []


def test_health(office: Parts) -> None:
    """The counts work on this engine too."""
    state = health.gather(office)
    assert state["tickets"] and state["disk_free"] and "motcua_tickets" in health.metrics(state)
