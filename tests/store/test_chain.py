"""The chain of events: whatever is changed, removed or put elsewhere is found; erasing content leaves it whole."""

from collections.abc import Callable

import pytest

from daemon.desk.trouble import Refused
from daemon.store import models
from daemon.store.store import Store
from tests.store.hands import NOW, event, opened


@pytest.fixture
def number(store: Store) -> str:
    """A ticket with four events, beside another one."""
    opened(store)
    number = opened(store)
    for name in ("một", "hai", "ba"):
        store.record(number, event(text=name), NOW)
    assert store.broken_chains() == []
    return number


def _change(**values: object) -> Callable[[], None]:
    def change() -> None:
        models.Event.update(values).where(models.Event.seq == 3).execute()

    return change


def _remove(seq: int) -> Callable[[], None]:
    def remove() -> None:
        models.Event.delete().where(models.Event.seq == seq).execute()

    return remove


def _swap() -> None:
    rows = {row.seq: row for row in models.Event.select().where(models.Event.seq.in_((2, 3)))}
    for seq, other in ((2, 3), (3, 2)):
        row = rows[other]
        values = {"content": row.content, "digest": row.digest, "chain": row.chain}
        models.Event.update(values).where(models.Event.seq == seq).execute()


def _move_to_another_ticket() -> None:
    last = models.Event.select().where(models.Event.seq == 4).get()
    models.Event.update(ticket=1, seq=2).where(models.Event.chain == last.chain).execute()


@pytest.mark.parametrize(
    "crime",
    [
        _change(content='{"text":"khác"}'),
        _change(author="Hoa"),
        _change(kind="khác"),
        _change(at="2026-10-05T00:00:00.000000Z"),
        _change(cause=""),
        _change(digest="0" * 64),
        _change(chain="0" * 64),
        _remove(2),
        _remove(4),
        _swap,
        _move_to_another_ticket,
    ],
)
def test_a_crime_is_found(store: Store, number: str, crime: Callable[[], None]) -> None:
    crime()
    assert any(number in line for line in store.broken_chains())


def test_a_ticket_that_is_gone_is_missed(store: Store, number: str) -> None:
    row = models.Ticket.get(models.Ticket.number == number)
    models.Event.delete().where(models.Event.ticket == row).execute()
    row.delete_instance()
    assert store.broken_chains() == [f"{number}: thiếu phiếu"]


def test_erased_content_leaves_the_chain_whole(store: Store, number: str) -> None:
    models.Event.update(content=None).execute()
    assert store.broken_chains() == []
    assert [dict(each.content) for each in store.events(number)] == [{"erased": True}] * 4


def test_a_second_writer_is_told(store: Store, number: str) -> None:
    version = models.Ticket.get(models.Ticket.number == number).version
    store.record(number, event(), NOW, version)
    with pytest.raises(Refused, match="vừa được người khác sửa"):
        store.record(number, event(), NOW, version)


def test_no_ticket_no_event(store: Store) -> None:
    with pytest.raises(Refused, match="Không có phiếu PCBK-2026-000009"):
        store.record("PCBK-2026-000009", event(), NOW)
