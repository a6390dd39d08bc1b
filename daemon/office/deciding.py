"""A ticket as what is recorded makes it, also before the daemon has looked at it. Changes nothing."""

import logging

from daemon.desk.decide import decide
from daemon.desk.ticket import State, Ticket
from daemon.desk.trouble import Trouble
from daemon.office.parts import Parts

log = logging.getLogger("motcua")


def as_decided(parts: Parts, ticket: Ticket) -> Ticket:
    """Return a ticket as it stands once what has been said of it is decided: two commands may follow at once."""
    return decide(ticket, parts.desk, parts.clock.now()).ticket if ticket.news else ticket


def as_recorded(parts: Parts, ticket: Ticket) -> Ticket:
    """Return a ticket for a list or report: a word just given counts at once, a ticket just come is as it came.

    What cannot be decided stands as it is; the daemon tells of it.
    """
    if not ticket.news or ticket.state is State.NEW:
        return ticket
    try:
        return as_decided(parts, ticket)
    except (Trouble, LookupError, ValueError, TypeError, AttributeError, AssertionError):
        log.exception("looking ahead: %s", ticket.number)
        return ticket
