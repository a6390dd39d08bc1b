"""The promise made to a customer, read from a ticket's deadlines. Makes none: that is the clocks' work."""

import datetime as dt

from daemon.desk import wording
from daemon.desk.ticket import Deadline, State, Ticket

NAMES = ("appointment", "tell_customer")


def promise(ticket: Ticket) -> dt.datetime | None:
    """Return by when the customer is to be answered, or None where nothing was promised.

    It is the appointment, or the 24 hours before an outage where they end earlier; a time that lay before the receipt
    could never be promised and does not count.
    """
    dues = [line.due for line in _lines(ticket) if line.due > ticket.received]
    return min(dues, default=None)


def first_word(ticket: Ticket) -> dt.datetime | None:
    """Return by when the customer is to hear of it first: of an incident its state and when the current is back, within 24 hours (Law 61/2024/QH15, article 49.2a), else the promise."""
    notice = ticket.deadline("emergency_notice")
    dues = [due for due in (promise(ticket), notice.due if notice else None) if due]
    return min(dues, default=None)


def met(ticket: Ticket) -> dt.datetime | None:
    """Return when the customer was answered in the latest round, or None while the answer is owed."""
    lines = _lines(ticket)
    if not lines or any(line.met is None for line in lines):
        return None
    return max(line.met for line in lines if line.met)


def last_met(ticket: Ticket) -> dt.datetime | None:
    """Return when the customer was last answered in any round, or None where never."""
    return max((line.met for line in ticket.deadlines if line.name in NAMES and line.met), default=None)


def unanswered(ticket: Ticket) -> bool:
    """Say whether a ticket was closed though its customer was never answered."""
    return ticket.state is State.CLOSED and bool(_lines(ticket)) and met(ticket) is None


def stands(ticket: Ticket) -> str:
    """Return the state of a ticket in words; one closed without an answer to its customer says so."""
    return "Đóng, không trả lời khách" if unanswered(ticket) else wording.STATES[ticket.state]


def _lines(ticket: Ticket) -> list[Deadline]:
    return [line for name in NAMES if (line := ticket.deadline(name)) is not None]
