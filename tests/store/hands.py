"""Making things in a store, for the tests of this room."""

import datetime as dt
from typing import Any

from daemon.desk.decide import Decision
from daemon.desk.effects import SEND_MAIL, Effect
from daemon.desk.ticket import PROGRAM, Author, Category, Channel, Event, Ticket
from daemon.store.store import Arrival, Claimed, Store
from tests.support.office import moment

NOW = moment("2026-10-05 08:20")
LEASES = {SEND_MAIL: 60.0}


def event(kind: str = "tested", **content: Any) -> Event:
    """Make an event of now."""
    return Event(kind, NOW, Author("person", "Lan"), content, "vì thử")


def arrival(name: str, **more: Any) -> Arrival:
    """Make a mail that came in."""
    return Arrival(f"mail:{name}", "mail", name.encode(), NOW, name=name, **more)


def item(store: Store, name: str) -> int:
    """Keep a mail and return the number of its row."""
    store.receive([arrival(name)])
    found = store.item_by_identity(f"mail:{name}")
    assert found is not None
    return found.id


def ticket(number: str, **more: Any) -> Ticket:
    """Make a ticket's value."""
    return Ticket(number, "p", Category.OTHER, Channel.EMAIL, NOW, "nội dung", **more)


def opened(store: Store, item_id: int | None = None, at: dt.datetime = NOW, **more: Any) -> str:
    """Open a ticket and return its number."""
    happened = Event("received", at, PROGRAM, {"item": item_id})
    return store.open_ticket(item_id, lambda number: ticket(number, **more), "PCBK", happened, at)


def wanted(store: Store, name: str = "one", after: str | None = None, number: str | None = None) -> None:
    """Want an effect."""
    effect = Effect(f"{number or 'x'}/{name}", SEND_MAIL, {"to": ["a@b.example"]}, after)
    if number is None:
        store.want(effect)
        return
    value = store.ticket(number)
    assert value is not None
    assert store.apply(value, Decision(value.evolve(news=()), (), (effect,), None), lambda _: None)


def claimed(store: Store, lease: float = 60.0) -> Claimed:
    """Take the next effect in hand."""
    effect = store.claim({SEND_MAIL: lease})
    assert effect is not None
    return effect
