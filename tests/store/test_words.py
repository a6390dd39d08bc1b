"""Finding tickets by words: whole words, beginnings of codes and numbers, pieces of a text as the last resort."""

import pytest

from daemon.desk.ticket import Customer
from daemon.store import lists, models
from daemon.store.store import Store
from daemon.store.words import condition
from tests.store.hands import opened

FILE = (
    {"customer": Customer(name="Nguyễn Thị Nga", phone="0912000111", customer_code="PA26NR0000017")},
    {"customer": Customer(name="Nguyễn Văn Ngà", phone="0912000222", email="van.nga@khach.example")},
    {"customer": Customer(name="Đàm Quốc Đạt", phone="0388000333"), "subject": "Cột điện nghiêng 110kV, dốc Đèo-Gió"},
)


@pytest.fixture
def file(store: Store) -> Store:
    """A store with three tickets."""
    for each in FILE:
        opened(store, **each)
    return store


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [1, 2, 3]),
        ("nga", [1, 2]),
        ("NGUYỄN THỊ NGÀ", [1]),
        ("ng", [1, 2, 3]),  # no word of its own: a piece of a text
        ("dat dam", [3]),
        ("deo gio", [3]),
        ("đèo-gió", [3]),
        ("0912", [1, 2]),
        ("0912000222", [2]),
        ("pa26nr", [1]),
        ("000333", [3]),  # the end of a number: a piece of a text
        ("quốc 0388", [3]),
        ("van.nga@khach.example", [2]),
        ("PCBK-2026-000002", [2]),
        ("' & | : * \" ( )", [1, 2, 3]),
        ("nghieng' OR 1", []),
        ("không có ai", []),
        ("110", [3]),
    ],
)
def test_words(file: Store, words: str, found: list[int]) -> None:
    numbers = [int(ticket.number[-6:]) for ticket in file.tickets(words=words)]
    assert numbers == found
    page = lists.page(file, lists.Filter(words=words))
    assert sorted(int(ticket.number[-6:]) for ticket in page.tickets) == numbers
    assert page.count == len(numbers)


def test_many_hits_are_the_same_tickets_as_few(file: Store) -> None:
    for text in ("nguyễn 09", "nga", "ng", "0912000222"):
        found = [
            [row.id for row in models.Ticket.select().where(condition(file.database, file.office, text, most))]
            for most in (0, 100)
        ]
        assert found[0] == found[1], text


def test_changed_and_erased_words_are_no_longer_found(file: Store) -> None:
    row = models.Ticket.get(models.Ticket.number == "PCBK-2026-000001")
    models.Ticket.update(search="khac").where(models.Ticket.id == row.id).execute()
    assert [ticket.number for ticket in file.tickets(words="thị")] == []
    assert [ticket.number for ticket in file.tickets(words="khác")] == [row.number]


def test_another_office_is_not_found(file: Store) -> None:
    other = Store(file.database, file.originals, "PCTN", file.zone)
    assert list(other.tickets(words="nga")) == []
