"""Which tickets, mails and effects a list shows."""

from typing import Any

from daemon.desk import matching
from daemon.desk.ticket import FINISHED, State, Ticket
from daemon.desk.trouble import Refused
from daemon.office.deciding import as_recorded
from daemon.office.parts import Parts
from daemon.store.store import Item


def listed(parts: Parts, *, late: bool, waiting: bool, review: bool, unit: str | None, words: str) -> list[Ticket]:
    """Return the tickets of a list. Raises Refused for an unknown unit."""
    if unit and unit not in parts.desk.units.by_id:
        raise Refused(f"Không có đơn vị {unit!r}. Các đơn vị: {', '.join(parts.desk.units.by_id)}")
    states = (State.WAITING_UNIT,) if waiting else ()
    found = (as_recorded(parts, each) for each in parts.store.tickets(states=states, unit=unit, words=words))
    return [
        ticket
        for ticket in found
        if (not states or ticket.state in states)
        and (not late or is_late(parts, ticket))
        and (not review or needs_person(ticket))
    ]


def is_late(parts: Parts, ticket: Ticket) -> bool:
    """Say whether a promise of the ticket, or a unit's time, is over and not kept."""
    now = parts.clock.now()
    if ticket.state in FINISHED:
        return False
    duty = parts.desk.procedure.duty_steps
    return any(line.met is None and line.due < now for line in ticket.deadlines) or any(
        row.open and row.due and row.due < now and not (row.step in duty and row.heard) for row in ticket.units
    )


def needs_person(ticket: Ticket) -> bool:
    """Say whether a person has something to confirm, decide or release."""
    open_ = ticket.state not in FINISHED or ticket.state is State.SET_ASIDE
    return ticket.state in (State.TO_CHECK, State.TO_APPROVE, State.RELEASED) or bool(ticket.check and open_)


def one(parts: Parts, number: str) -> Ticket:
    """Return a ticket. Raises Refused where there is none."""
    ticket = parts.store.ticket(number.upper())
    if ticket is None:
        raise Refused(f"Không có phiếu {number}. Xem danh sách bằng: motcua tickets")
    return as_recorded(parts, ticket)


def items(parts: Parts, state: str) -> list[dict[str, Any]]:
    """Return mails and files in a state as rows of a list."""
    return [
        {
            "id": f"m{item.id}",
            "what": f"{item.name or item.subject} từ {item.sender}" if item.sender else item.name,
            "received": item.received.isoformat(),
            "reason": item.reason,
            "retry": f"motcua place m{item.id} {_suggested(parts, item)}"
            if item.source in ("mail", "msg")
            else f"motcua retry m{item.id}",
        }
        for item in parts.store.items(state)
    ]


def _suggested(parts: Parts, item: Item) -> str:
    """The one ticket that the reason names; where it names none or several, what a person is to write."""
    named = matching.numbers_in(item.reason, rf"{parts.settings.file.prefix}-\d{{4}}-\d{{6}}")
    real = [number for number in named if parts.store.exists(number)]
    return real[0] if len(real) == 1 else f"{'|'.join(real) or 'SỐ-PHIẾU'}|new"


def effects(parts: Parts) -> list[dict[str, Any]]:
    """Return effects set aside as rows of a list."""
    return [
        {
            "id": str(row["id"]),
            "what": f"{row['kind']} {row['ticket'] or ''}".strip(),
            "reason": row["reason"],
            "retry": f"motcua retry {row['id']}",
        }
        for row in parts.store.effects("set_aside")
    ]
