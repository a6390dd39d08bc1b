"""Statements whose text is made once: what goes in and comes out on both engines, and whose text it is."""

from pathlib import Path
from typing import Any

import pytest

from daemon.desk.ticket import Customer
from daemon.store import kin, models, rows
from daemon.store.database import Database
from daemon.store.records import is_due
from daemon.store.statement import Statement, inserting, slot
from daemon.store.store import Store
from tests.store.conftest import open_store
from tests.store.hands import NOW, arrival, opened

USER: Any = models.User
NAMES = ("office", "name", "title", "role", "password", "active", "made", "locked_until")
ADD = Statement(lambda _: inserting(USER, *NAMES, away="nghỉ").on_conflict_ignore())
ADD_FOR_ID = Statement(lambda database: database.telling_id(inserting(USER, *NAMES)))
NAMED = Statement(lambda _: USER.select().where(USER.name == slot("name")))
TITLES = Statement(lambda _: USER.select(USER.title).where(USER.office == slot("office")).order_by(USER.name))
RAISE = Statement(lambda _: USER.update(failed=USER.failed + slot("by")).where(USER.name == slot("name")))
MARK = Statement(lambda _: models.Item.update(ticket=slot("ticket")).where(models.Item.id == slot("item")))
EVENT = ("seq", "kind", "at", "author_kind", "author", "cause", "content", "digest", "chain")
STRANGE = ("", 'O\'Brien "x" %s ? %(name)s $1', "Nguyễn Thị Ưỡn, xã Nà Phặc", "một\nhai\tba", "😀 \u200b")


def user(name: str, **more: Any) -> dict[str, Any]:
    plain = {"office": "PCBK", "title": f"Bà {name}", "role": "agent", "password": "", "active": True, "made": ""}
    return {**plain, "name": name, "locked_until": 0.5, **more}


@pytest.mark.parametrize("text", STRANGE)
def test_a_text_comes_back_as_it_was(store: Store, text: str) -> None:
    assert ADD.change(store.database, **user(text)) == 1
    row = NAMED.first(store.database, name=text)
    assert (row.name, row.title, row.away, row.locked_until) == (text, f"Bà {text}", "nghỉ", 0.5)


@pytest.mark.parametrize("active", [True, False])
def test_a_truth_value_comes_back_as_it_was(store: Store, active: bool) -> None:
    ADD.change(store.database, **user("lan", active=active))
    assert bool(NAMED.first(store.database, name="lan").active) is active
    assert models.User.get(models.User.name == "lan").active is active


def test_none_is_kept_as_null_and_equals_nothing(store: Store) -> None:
    store.receive([arrival("a")])
    kept = store.items("unsorted")[0]
    assert MARK.change(store.database, item=kept.id, ticket=None) == 1
    assert models.Item.get_by_id(kept.id).ticket_id is None
    assert NAMED.first(store.database, name=None) is None
    assert MARK.change(store.database, item=None, ticket=None) == 0


def test_a_row_names_its_columns_like_peewee_does(store: Store) -> None:
    number = opened(store)
    row = Statement(lambda _: models.Event.select()).first(store.database)
    theirs = models.Event.get()
    assert dict(zip(row._fields, row, strict=True)) == {
        name: getattr(theirs, name) for name in ("id", "ticket_id", *EVENT)
    }
    assert rows.event_value(row, store.zone) == store.events(number)[0]


def test_returned_values_and_counts(store: Store) -> None:
    one, two = (ADD_FOR_ID.new_id(store.database, **user(name)) for name in ("an", "ba"))
    assert [row.id for row in models.User.select().order_by(models.User.name)] == [one, two]
    assert [row.title for row in TITLES.rows(store.database, office="PCBK")] == ["Bà an", "Bà ba"]
    assert TITLES.value(store.database, office="PCBK") == "Bà an"
    assert TITLES.rows(store.database, office="PCTN") == []
    assert TITLES.first(store.database, office="PCTN") is TITLES.value(store.database, office="PCTN") is None
    assert ADD.change(store.database, **user("an")) == 0
    assert [RAISE.change(store.database, name="an", by=by) for by in (1, 2, 40_000)] == [1, 1, 1]
    assert NAMED.first(store.database, name="an").failed == 40_003
    assert RAISE.change(store.database, name="không có", by=1) == 0


def test_many_rows_at_once_and_how_many_were_new(store: Store) -> None:
    ADD.change(store.database, **user("7"))
    assert ADD.change_all(store.database, [user(str(number), active=number % 2 == 0) for number in range(120)]) == 119
    assert ADD.change_all(store.database, []) == 0
    assert models.User.select().count() == 120


@pytest.mark.parametrize(
    "values", [{}, {"name": "lan", "more": 1}, {"nam": "lan"}], ids=["one missing", "one too many", "another name"]
)
def test_the_values_are_exactly_the_slots(store: Store, values: dict[str, Any]) -> None:
    for run in (NAMED.first, NAMED.rows, NAMED.value, NAMED.change):
        with pytest.raises(TypeError, match="name"):
            run(store.database, **values)
    with pytest.raises(TypeError):
        NAMED.change_all(store.database, [values])


def test_one_name_may_stand_in_several_places(store: Store) -> None:
    ADD.change(store.database, **user("lan", locked_until=100.0))
    due = Statement(lambda _: USER.select(USER.name).where(is_due(USER.locked_until, slot("now"))))
    found = {now: due.value(store.database, now=now) for now in (99.5, 100.5, -5000.0)}
    assert found == {99.5: None, 100.5: "lan", -5000.0: "lan"}


def test_each_database_has_its_own_text(store: Store, tmp_path: Path) -> None:
    made: list[bool] = []

    def query(database: Database) -> Any:
        made.append(database.sqlite)
        return database.locked(USER.select(USER.name).where(USER.office == slot("office")))

    locking = Statement(query)
    other = open_store("sqlite:///other.db", tmp_path / "other").database
    ADD.change(other, **user("lan"))
    store.database.bind()
    for database in (store.database, other) * 3:
        found = locking.value(database, office="PCBK")
        assert found == ("lan" if database is other else None)
    assert made == [store.database.sqlite, True]
    other.close()


# -- what it is used for -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("customer", "found"),
    [
        (Customer(phone="0912"), [1]),
        (Customer(email="b@x.example"), [2]),
        (Customer(customer_code="PA1", email="b@x.example"), [1, 2]),
        (Customer(phone="0912", customer_code="PA1"), [1]),
        (Customer(phone="09"), []),
        (Customer(phone="", customer_code=""), []),
        (Customer(name="A"), []),
    ],
)
def test_the_tickets_of_a_customer(store: Store, customer: Customer, found: list[int]) -> None:
    opened(store, customer=Customer("A", "PA1", "0912", None, None))
    opened(store, customer=Customer("B", None, "", None, "b@x.example"))
    opened(store, customer=Customer("C", "", None, None, None))
    assert kin.of_customer(store, customer, NOW) == [f"PCBK-2026-{number:06d}" for number in found]
    assert kin.of_customer(store, customer, NOW.replace(year=2027)) == []
