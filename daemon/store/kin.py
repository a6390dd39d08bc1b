"""Tickets that may belong together: of one customer, or of one outage. Only looks; joining is the desk's decision."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from daemon.desk.ticket import FINISHED, Customer
from daemon.store import models
from daemon.store.database import Database, to_text
from daemon.store.statement import Statement, slot
from daemon.store.store import Store

_OPEN = [str(state) for state in ("new", "to_check", "looking_up", "waiting_unit", "to_approve", "released")]
assert not set(_OPEN) & {str(state) for state in FINISHED}


def of_customer(store: Store, customer: Customer, since: dt.datetime) -> list[str]:
    """Return the open tickets received since a time from the same code, phone or mail address, oldest first."""
    same = {"code": customer.customer_code, "phone": customer.phone, "email": customer.email}
    if not any(same.values()):
        return []
    known = {name: value or None for name, value in same.items()}  # nobody's code equals None
    found = _OF_CUSTOMER.rows(store.database, office=store.office, since=to_text(since), **known)
    return [row.number for row in found]


def _of_customer(_: Database) -> Any:
    """Each way by its own index: asked for together, the engines would walk all that is open."""
    row: Any = models.Ticket
    recent = _ids(_OPEN).where(row.received >= slot("since"))
    ways = [
        recent.where(column == slot(name))
        for column, name in ((row.customer_code, "code"), (row.customer_phone, "phone"), (row.customer_email, "email"))
    ]
    return row.select(row.number).where(row.id.in_(ways[0] + ways[1] + ways[2])).order_by(row.id)


def _ids(states: Sequence[str]) -> Any:
    """Out of an index alone: asked for in an order, the engines may walk every ticket of all years."""
    row = models.Ticket
    return row.select(row.id).where(row.office == slot("office"), row.state.in_(states))


def waiting_for(store: Store, unit: str, category: str, since: dt.datetime) -> Sequence[str]:
    """Return the tickets of a kind that wait for a unit themselves (not behind another one), oldest first."""
    asked = {"unit": unit, "category": category, "since": to_text(since)}
    return [row.number for row in _WAITING_FOR.rows(store.database, office=store.office, **asked)]


def _waiting_for(_: Database) -> Any:
    row: Any = models.Ticket
    recent = _ids(("new", "looking_up", "waiting_unit")).where(row.received >= slot("since"))
    kind = (row.category == slot("category")) & (row.unit == slot("unit"))
    return row.select(row.number).where(row.id.in_(recent), kind, row.outage_group.is_null(True)).order_by(row.id)


def behind(store: Store, leader: str) -> list[str]:
    """Return the tickets that wait behind another one of the same outage, oldest first."""
    return [row.number for row in _BEHIND.rows(store.database, office=store.office, leader=leader)]


def _behind(_: Database) -> Any:
    row: Any = models.Ticket
    return row.select(row.number).where(row.id.in_(_ids(_OPEN)), row.outage_group == slot("leader")).order_by(row.id)


def waiting_behind(store: Store) -> int:
    """Return how many tickets wait for the answer to another one of the same outage and asked nobody themselves."""
    row, asked = models.Ticket, models.UnitAsked
    own = asked.select(asked.ticket).where(asked.answered.is_null(True), asked.state != "withdrawn")
    waiting = (row.office == store.office) & (row.state == "waiting_unit") & row.outage_group.is_null(False)
    return int(row.select().where(waiting, row.id.not_in(own)).count())


_OF_CUSTOMER, _WAITING_FOR, _BEHIND = Statement(_of_customer), Statement(_waiting_for), Statement(_behind)
