"""One line of the ledger (sổ theo dõi): what the desk writes down about a ticket. Pure; Excel is the documents' work."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daemon.desk import wording
from daemon.desk.counted import Counted, counted
from daemon.desk.holder import holder_of
from daemon.desk.promises import met, promise, stands
from daemon.desk.ticket import FINISHED, State, Ticket, UnitAsked, UnitState


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the ledger. Times are aware and shown in their own zone; texts are as stored.

    ``late`` is ``"quá hạn"`` when the promise to the customer was or is broken, ``"sắp đến hạn"`` on its last day,
    else empty. ``counted`` is how the line counts in the sums.
    """

    number: str
    received: dt.datetime
    channel: str
    customer: str
    customer_code: str
    phone: str
    address: str
    category: str
    content: str
    units: str
    asked: dt.datetime | None
    unit_due: dt.datetime | None
    unit_answered: dt.datetime | None
    answered: dt.datetime | None
    customer_due: dt.datetime | None
    state: str
    holder: str
    reply_form: str
    official_number: str
    late: str
    open: bool
    cancelled: bool
    counted: Counted


def ledger_row(
    ticket: Ticket,
    now: dt.datetime,
    *,
    answered: dt.datetime | None = None,
    unit_names: Mapping[str, str] | None = None,
    title: str | None = None,
    leader: Ticket | None = None,
) -> LedgerRow:
    """Return a ticket's line as of ``now``, whose time zone is the office's.

    ``answered`` is when the customer had the answer; without it, the time the promise was met.
    ``unit_names`` gives printed names by id, ``title`` the kind's title in the procedure. ``leader`` is the
    ticket that this one waits or waited behind (``asked_for``): the units asked for both stand there.
    """
    names = unit_names or {}
    due = promise(ticket)
    done = answered or met(ticket)
    is_open = ticket.state not in FINISHED and done is None
    zone = now.tzinfo
    asked = _asked(ticket) or (_asked(leader) if leader else [])
    behind = f" (hỏi chung ở phiếu {leader.number})" if leader and asked and not _asked(ticket) else ""
    open_units = [row for row in asked if row.open]
    return LedgerRow(
        number=ticket.number,
        received=ticket.received.astimezone(zone),
        channel=wording.CHANNELS[ticket.channel],
        customer=ticket.customer.name or "",
        customer_code=ticket.customer.customer_code or "",
        phone=ticket.customer.phone or "",
        address=ticket.customer.address or "",
        category=title or wording.CATEGORIES[ticket.category],
        content=ticket.content,
        units=", ".join(dict.fromkeys(wording.unit_name(row.unit, names) for row in asked)) + behind,
        asked=_in(min((row.asked for row in asked if row.asked), default=None), zone),
        unit_due=_in(min((row.due for row in open_units or asked if row.due), default=None), zone),
        unit_answered=_in(max((row.answered for row in asked if row.answered), default=None), zone)
        if asked and not open_units
        else None,
        answered=_in(done, zone),
        customer_due=_in(due, zone),
        state=stands(ticket),
        holder=holder_of(ticket, names) if is_open else "",
        reply_form=wording.REPLY_FORMS[ticket.wanted_reply] if ticket.wanted_reply else "",
        official_number=ticket.official_number or "",
        late=_late(due, done, is_open, now),
        open=is_open,
        cancelled=ticket.state is State.CANCELLED and done is None,
        counted=counted(ticket),
    )


def asked_for(ticket: Ticket) -> str | None:
    """Return the number of the ticket whose units were asked for this one too, None where it asked its own or none."""
    return ticket.group if ticket.group != ticket.number and not _asked(ticket) else None


def _asked(ticket: Ticket) -> Sequence[UnitAsked]:
    """The units asked: those whose answer counts or counted when the ticket was ended; else those given up."""
    rows = [row for row in ticket.units if row.state is not UnitState.WITHDRAWN or (row.before and row.asked)]
    return rows or [row for row in ticket.units if row.asked]


def _late(due: dt.datetime | None, done: dt.datetime | None, is_open: bool, now: dt.datetime) -> str:
    if due is None or (done is None and not is_open):
        return ""
    if (done or now) > due:
        return "quá hạn"
    soon = is_open and due.astimezone(now.tzinfo).date() <= now.date()
    return "sắp đến hạn" if soon else ""


def _in(moment: dt.datetime | None, zone: dt.tzinfo | None) -> dt.datetime | None:
    return moment.astimezone(zone) if moment else None
