"""Moving an office: every row arrives, whatever lives in the new database already; nothing arrives where one does not."""

from pathlib import Path

import pytest

from daemon.desk.effects import READ_SCAN, Effect
from daemon.desk.ticket import Ticket
from daemon.desk.trouble import Refused
from daemon.store.database import Database
from daemon.store.moving import move
from daemon.store.store import Store
from tests.store.conftest import open_store
from tests.store.hands import NOW, event, item, opened, ticket, wanted
from tests.support.office import ZONE


def _office(home: Path, office: str, tickets: int) -> Store:
    """An office on SQLite with tickets, events, items, effects, notes."""
    store = open_store(f"sqlite:///{office}.db", home, office)
    for number in range(tickets):
        mail = item(store, f"{office}-{number}")
        name = store.open_ticket(mail, _make, office, event("received"), NOW)
        store.record(name, event(text="đã xem"), NOW)
        wanted(store, number=name)
    scan = item(store, f"{office}-scan")
    store.hand_on(scan, Effect(f"item/{scan}/{READ_SCAN}", READ_SCAN, {"item": scan}))
    store.keep_note("một", "hai")
    return store


def _make(number: str) -> Ticket:
    """A ticket whose mail went to several offices."""
    return ticket(number, message_id=f"<same-{number[-1]}@khach.example>")


def _seen(store: Store) -> tuple[object, ...]:
    store.database.bind()
    numbers = [ticket.number for ticket in store.tickets()]
    return (
        list(store.tickets()),
        [store.events(number) for number in numbers],
        [[each.identity for each in store.items_of(number)] for number in numbers],
        [(each["kind"], each["ticket"]) for each in store.effects("wanted", "claimed")],
        store.note("một"),
        store.broken_chains(),
    )


def test_everything_arrives(url: str, tmp_path: Path) -> None:
    source = _office(tmp_path, "PCBK", 3)
    before = _seen(source)
    target = open_store(url, tmp_path)
    moved = {each.table: each.rows for each in move(source.database, target.database, "PCBK")}
    assert moved["ticket"] == 3 and moved["event"] == 6 and moved["item"] == 4 and moved["effect"] == 4
    assert _seen(target) == before
    assert opened(target) == "PCBK-2026-000004"
    source.database.close()
    target.database.close()


def test_a_second_office_moves_in_beside_the_first(url: str, tmp_path: Path) -> None:
    first, second = _office(tmp_path, "PCBK", 2), _office(tmp_path, "PCTN", 3)
    before = {store.office: _seen(store) for store in (first, second)}
    target = open_store(url, tmp_path)
    for store in (first, second):
        move(store.database, target.database, store.office)
    for office in ("PCBK", "PCTN"):
        store = Store(target.database, target.originals, office, ZONE)
        assert _seen(store) == before[office]
        scan = store.claim({READ_SCAN: 60.0})
        assert scan is not None
        found = store.item(scan.payload["item"])
        assert found is not None and found.identity == f"{office}:mail:{office}-scan"
        assert scan.key == f"item/{found.id}/{READ_SCAN}"
        assert store.ticket_of_mail("<same-1@khach.example>") == f"{office}-2026-000001"
    for store in (first, second, target):
        store.database.close()


def test_an_office_that_is_there_is_not_overwritten(url: str, tmp_path: Path) -> None:
    source = _office(tmp_path, "PCBK", 1)
    target = open_store(url, tmp_path)
    move(source.database, target.database, "PCBK")
    with pytest.raises(Refused, match="đã có phiếu của PCBK"):
        move(source.database, target.database, "PCBK")
    source.database.close()
    target.database.close()


def test_nothing_arrives_where_one_row_does_not_agree(tmp_path: Path) -> None:
    """A target that changes what it is given, as a damaged one would."""
    source = _office(tmp_path, "PCBK", 2)
    target = open_store("sqlite:///other.db", tmp_path)
    target.database.engine.execute_sql(
        "CREATE TRIGGER thief AFTER INSERT ON note BEGIN UPDATE note SET value = 'x' WHERE id = new.id; END"
    )
    with pytest.raises(Refused, match="Bảng note"):
        move(source.database, target.database, "PCBK")
    assert list(target.tickets()) == []
    source.database.close()
    target.database.close()


def test_the_source_is_as_it_was(tmp_path: Path) -> None:
    source = _office(tmp_path, "PCBK", 2)
    before = _seen(source)
    target = Database("sqlite:///other.db", tmp_path)
    target.migrate()
    move(source.database, target, "PCBK")
    assert _seen(source) == before
    source.database.close()
    target.close()
