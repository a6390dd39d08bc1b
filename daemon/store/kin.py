"""Tickets that may belong together: of one customer, or of one outage. Only looks; joining is the desk's decision."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from daemon.desk.ticket import FINISHED, Customer
from daemon.store import models
from daemon.store.database import to_text
from daemon.store.store import Store

_OPEN = [str(state) for state in ("new", "to_check", "looking_up", "waiting_unit", "to_approve", "released")]
assert not set(_OPEN) & {str(state) for state in FINISHED}


def of_customer(store: Store, customer: Customer, since: dt.datetime) -> list[str]:
    """Return the open tickets received since a time from the same code, phone or mail address, oldest first."""
    row = models.Ticket
    same = [
        field == value
        for field, value in (
            (row.customer_code, customer.customer_code),
            (row.customer_phone, customer.phone),
            (row.customer_email, customer.email),
        )
        if value
    ]
    if not same:
        return []
    either = same[0]
    for each in same[1:]:
        either = either | each
    query = row.select(row.number).where(row.id.in_(_ids(store, _OPEN, since)), either)
    return [found.number for found in query.order_by(row.id)]


def _ids(store: Store, states: Sequence[str], since: dt.datetime | None = None) -> Any:
    """Out of an index alone: asked for in an order, the engines may walk every ticket of all years."""
    row = models.Ticket
    query = row.select(row.id).where(row.office == store.office, row.state.in_(states))
    return query.where(row.received >= to_text(since)) if since else query


def waiting_for(store: Store, unit: str, category: str, since: dt.datetime) -> Sequence[str]:
    """Return the tickets of a kind that wait for a unit themselves (not behind another one), oldest first."""
    row = models.Ticket
    query = row.select(row.number).where(
        row.id.in_(_ids(store, ("new", "looking_up", "waiting_unit"), since)),
        row.category == category,
        row.unit == unit,
        row.outage_group.is_null(True),
    )
    return [found.number for found in query.order_by(row.id)]


def behind(store: Store, leader: str) -> list[str]:
    """Return the tickets that wait behind another one of the same outage, oldest first."""
    row = models.Ticket
    query = row.select(row.number).where(row.id.in_(_ids(store, _OPEN)), row.outage_group == leader)
    return [found.number for found in query.order_by(row.id)]
