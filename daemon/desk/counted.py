"""What of the tickets is counted, the same for ledger and report, so that their sums tie. Pure.

``booked == own requests + merged + aside``: everything the ledger lists is exactly one of the three.
"""

import enum

from daemon.desk.ticket import Category, State, Ticket


class Counted(enum.StrEnum):
    """How a line of the ledger counts."""

    OWN = "own"
    MERGED = "merged"
    ASIDE = "aside"


def counted(ticket: Ticket) -> Counted:
    """Return how a ticket counts: a request by itself, merged into another one, or set aside as none."""
    if ticket.state is State.MERGED:
        return Counted.MERGED
    if ticket.state is State.SET_ASIDE or ticket.category is Category.NOT_A_REQUEST:
        return Counted.ASIDE
    return Counted.OWN


def in_ledger(ticket: Ticket) -> bool:
    """Say whether a ticket stands in the ledger: all but what is no request, or not yet known to be one."""
    return not (ticket.category is Category.NOT_A_REQUEST and ticket.state in (State.SET_ASIDE, State.TO_CHECK))
