"""Who holds an open ticket now: the agent, the units asked, or another ticket of the same outage that it waits behind."""

from collections.abc import Mapping

from daemon.desk import wording
from daemon.desk.ticket import State, Ticket

AGENT = "Giao dịch viên"


def waits_behind(ticket: Ticket) -> str | None:
    """Return the number of the ticket whose answer this one waits for, None where it waits for none."""
    waits = ticket.state is State.WAITING_UNIT and not any(row.open for row in ticket.units)
    return ticket.group if waits else None


def holder_of(ticket: Ticket, names: Mapping[str, str]) -> str:
    """Return who holds an open ticket, in words; ``names`` gives the printed names of units."""
    leader = waits_behind(ticket)
    if leader:
        return behind(leader)
    waiting = dict.fromkeys(wording.unit_name(row.unit, names) for row in ticket.units if row.open)
    return ", ".join(waiting) if waiting and ticket.state is State.WAITING_UNIT else AGENT


def behind(leader: str) -> str:
    """Return in words that a ticket waits behind another one."""
    return f"Chờ chung phiếu {leader}"
