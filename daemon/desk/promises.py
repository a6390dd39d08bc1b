"""The promise made to a customer, read from a ticket's deadlines. Makes none: that is the clocks' work."""

import datetime as dt

from daemon.desk.ticket import Deadline, Ticket

NAMES = ("appointment", "tell_customer")


def promise(ticket: Ticket) -> dt.datetime | None:
    """Return by when the customer is to be answered, or None where nothing was promised.

    It is the appointment, or the 24 hours before an outage where they end earlier; a time that lay before the receipt
    could never be promised and does not count.
    """
    dues = [line.due for line in _lines(ticket) if line.due > ticket.received]
    return min(dues, default=None)


def met(ticket: Ticket) -> dt.datetime | None:
    """Return when the customer was answered in the latest round, or None while the answer is owed."""
    lines = _lines(ticket)
    if not lines or any(line.met is None for line in lines):
        return None
    return max(line.met for line in lines if line.met)


def _lines(ticket: Ticket) -> list[Deadline]:
    return [line for name in NAMES if (line := ticket.deadline(name)) is not None]
