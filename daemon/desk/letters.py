"""From a ticket to the named values a template may use. Pure: knows no Word, file or clock.

Every leaf is text, a list of texts, or a list of groups of texts, ready for print. What is unknown is the empty text, so
that a template can leave it out (``{% if customer.phone %}``) or print a dotted line (``{{ customer.phone|dots }}``).
``letter_names.OFFERED`` is the closed list of their names.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from daemon.desk import besides, moved, wording
from daemon.desk.greeting import without_greeting
from daemon.desk.office_card import Office
from daemon.desk.procedure import Procedure
from daemon.desk.promises import first_word
from daemon.desk.text import fold
from daemon.desk.ticket import Customer, Ticket, UnitAsked
from daemon.desk.unit import UnitCard
from daemon.desk.unit_names import addressed

NewWindow = tuple[dt.datetime, dt.datetime | None]
BLANK_NUMBER = "      "
_RESTORED = re.compile(
    r"\bda\b(?:(?!\b(?:du kien|se|ke hoach|lich)\b)[^.;\n]){0,60}\b(?:cap|dong|khoi phuc) dien(?: tro)? lai\b"
    r"|\b(?:da (?:duoc )?(?:cap|dong|khoi phuc|co)(?: cap)? dien(?: tro)?(?: lai)?|da (?:duoc )?khoi phuc|dien da co(?: lai)?)\b"
)


@dataclass(frozen=True, slots=True)
class CostLine:
    """One row of the cost table: whom it concerns, voltage level, distance, đồng for one time without VAT."""

    customer: str
    voltage: str
    distance: str
    amount: int


def values(
    ticket: Ticket,
    office: Office,
    unit_card: UnitCard | None,
    procedure: Procedure,
    now: dt.datetime,
    *,
    kind: str,
    round: int,
    answer_text: str | None = None,
    due: dt.datetime | None = None,
    unit: str | None = None,
    unit_names: Mapping[str, str] | None = None,
    to: Sequence[str] = (),
    costs: Sequence[CostLine] = (),
    cost_basis: str = "",
    agreed: bool | None = None,
    new_window: NewWindow | None = None,
    reason: str = "",
    measures: Sequence[str] = (),
    reminder_count: int = 0,
    reminder_name: str = "",
    attachments: Sequence[str] = (),
    agent: str = "",
    mailed: bool = False,
) -> dict[str, Any]:
    """Return the values for one document of a ticket: exactly the names of ``letter_names.OFFERED``.

    ``now`` carries the office's time zone; every moment of the ticket is shown in it. ``due`` is the unit's due time
    where the asking has none yet (the form is written before it is sent). ``unit`` is the id of ``unit_card`` and picks
    its row among the units asked; ``unit_names`` gives printed names by id for the list of all units. ``answer_text``
    stands before the draft's text, that before what was found. ``mailed`` says that the paper goes to the customer by mail:
    nobody signs it, and no place is left for a number that the clerk does not give.
    """
    row = _row_of(ticket, unit)
    unit_due = (row.due if row else None) or due
    upward = is_upward(kind, unit)
    text = answer_text or _drafted(ticket, kind)
    return {
        "office": _office(office),
        "issuer": issuer(office, upward),
        "doc": {
            "number": _number(ticket, office, kind, upward, mailed),
            "kind": kind,
            "round": str(round),
            "qr": qr_text(ticket.number, kind, round),
            "mailed": "có" if mailed else "",
        },
        "form": _form(procedure),
        "today": _today(office, now),
        "ticket": _ticket(ticket, procedure, now),
        "customer": _customer(ticket.customer),
        "unit": _unit(unit_card, row, now),
        "units": [_unit_line(each, unit_names or {}, now) for each in ticket.units],
        "to": list(to) or ([office.leader] if upward else _default_to(kind, unit_card, ticket.customer.name)),
        "due": _due(ticket, unit_due, now),
        "found": _found(ticket, now),
        "answer": _answer(ticket, text, agreed, new_window, reason, measures, now),
        "costs": [_cost(line) for line in costs],
        "cost_basis": cost_basis,
        "reminder": {"count": str(reminder_count) if reminder_count else "", "name": reminder_name},
        "attachments": list(attachments),
        "copies": copies(office),
        "signer": _signer(office, kind, mailed and not ticket.official_number),
        "agent": agent,
    }


def qr_text(number: str, kind: str, round: int) -> str:
    """Return what the QR of an outgoing page carries: ``PCBK|<ticket>|<kind>|<round>``, the prefix from the number."""
    return f"{number.split('-', 1)[0]}|{number}|{kind}|{round}"


def is_upward(kind: str, unit: str | None = None) -> bool:
    """Say whether a document goes from the room to its leadership: a report, or a case laid before it."""
    return kind.startswith(("leader", "report")) or unit == wording.LEADERS or kind.endswith(f"-{wording.LEADERS}")


def copies(office: Office) -> list[str]:
    """Return the lines of "Nơi nhận" with their dashes, semicolons and the last full stop."""
    lines = ["Như trên", *office.recipients]
    last = len(lines) - 1
    return [f"- {line}{'.' if index == last else ';'}" for index, line in enumerate(lines)]


def _of_room(kind: str) -> bool:
    return not kind.startswith(("answer", "interim"))


def _office(office: Office) -> dict[str, str]:
    return {
        "name": office.name,
        "parent": office.parent,
        "short_name": office.short_name or office.name,
        "parent_short": office.parent_short or office.parent,
        "room": office.room,
        "desk": office.desk,
        "leader": office.leader,
        "place": office.place,
        "address": office.address,
        "phone": office.phone,
        "hotline": office.hotline,
        "email": office.email,
    }


def issuer(office: Office, of_room: bool) -> dict[str, list[str]]:
    """Return cell 2 of Decree 30: who stands above, who issues, each in lines that fit the left half."""
    parent, name = (office.name, office.room) if of_room else (office.parent, office.name)
    return {"parent": wording.balanced(parent.upper()), "name": wording.balanced(name.upper())}


def _form(procedure: Procedure) -> dict[str, str]:
    return {
        "title": procedure.title,
        "chapter": procedure.chapter,
        "code": procedure.code,
        "issue": procedure.issue,
        "date": procedure.date,
    }


def _customer(customer: Customer) -> dict[str, str]:
    return {
        "name": customer.name or "",
        "code": customer.customer_code or "",
        "phone": customer.phone or "",
        "address": customer.address or "",
        "email": customer.email or "",
        "addressee": wording.addressee(customer.name),
        "called": wording.salutation(customer.name),
    }


def _number(ticket: Ticket, office: Office, kind: str, upward: bool, mailed: bool) -> str:
    if upward:
        return f"{BLANK_NUMBER}/{office.room_report_code}"
    given = ticket.official_number if not _of_room(kind) else None
    if not given:
        return "" if mailed else f"{BLANK_NUMBER}/{office.sign_code}"
    given = given.strip()
    if "/" in given:
        return given
    return f"{int(given):02d}/{office.sign_code}" if given.isdecimal() else f"{given}/{office.sign_code}"


def _today(office: Office, now: dt.datetime) -> dict[str, str]:
    return {
        "long": wording.long_date(now.date()),
        "short": wording.short_date(now.date()),
        "time": wording.time_of(now),
        "place_date": f"{office.place}, {wording.long_date(now.date())}",
    }


def _ticket(ticket: Ticket, procedure: Procedure, now: dt.datetime) -> dict[str, Any]:
    kind = procedure.request_types.get(ticket.category.value)
    asked = ticket.asked_window
    return {
        "number": ticket.number,
        "category": ticket.category.value,
        "title": kind.title if kind and kind.title else wording.CATEGORIES[ticket.category],
        "subject": ticket.subject or "",
        "content": ticket.content,
        "paragraphs": wording.paragraphs(without_greeting(ticket.content)),
        "received": _time(ticket.received, now),
        "received_date": wording.short_date(_local(ticket.received, now).date()),
        "channel": wording.CHANNELS[ticket.channel],
        "reply_form": wording.REPLY_FORMS[ticket.wanted_reply] if ticket.wanted_reply else "",
        "outage_start": _time(ticket.outage_start, now),
        "wanted_window": wording.asked_window(_local(asked[0], now), _local(asked[1], now)) if asked else "",
        "besides": besides.lines(ticket),
        "danger": "Có nguy cơ nguy hiểm cho người, thiết bị" if ticket.danger else "",
        "questions": list(ticket.questions),
        "reasons": [line for name in sorted(ticket.reasons) for line in ticket.reasons[name]],
    }


def _unit(card: UnitCard | None, row: UnitAsked | None, now: dt.datetime) -> dict[str, str]:
    return {
        "name": card.name if card else "",
        "chief": card.chief if card else "",
        "duty_phone": (card.duty_phone or "") if card else "",
        "duty_address": (card.duty_address or "") if card else "",
        "asked": _time(row.asked, now) if row else "",
        "state": wording.UNIT_STATES[row.state] if row else "",
        "question": (row.question or "") if row else "",
    }


def _unit_line(row: UnitAsked, names: Mapping[str, str], now: dt.datetime) -> dict[str, str]:
    return {
        "name": wording.unit_name(row.unit, names),
        "asked": _time(row.asked, now),
        "due": _time(row.due, now),
        "state": wording.UNIT_STATES[row.state],
        "answer": row.answer or "",
    }


def _default_to(kind: str, card: UnitCard | None, name: str | None) -> list[str]:
    if kind.startswith(("request", "incident", "reminder")):
        return [card.name] if card else []
    return [wording.addressee(name)]


def _due(ticket: Ticket, unit_due: dt.datetime | None, now: dt.datetime) -> dict[str, str]:
    promised = first_word(ticket)
    before = ticket.outage_start - dt.timedelta(hours=24) if ticket.outage_start else None
    late = unit_due is not None and unit_due < now
    return {
        "unit": _time(unit_due, now),
        "customer": _time(promised, now),
        "customer_date": wording.short_date(_local(promised, now).date()) if promised else "",
        "before_outage": _time(before, now),
        "late": f"Đã quá hạn trả lời (hạn: {_time(unit_due, now)})" if late else "",
    }


def _found(ticket: Ticket, now: dt.datetime) -> dict[str, str]:
    found = ticket.found
    return {
        "text": found.text if found else "",
        "source": found.source if found else "",
        "as_of": _time(found.as_of, now) if found else "",
        "by": found.by if found else "",
    }


def _drafted(ticket: Ticket, kind: str) -> str:
    """An answer or call sheet without a text of its own says what was drafted, else what was found."""
    if not kind.startswith(("answer", "call")):
        return ""
    return (ticket.draft.text if ticket.draft else "") or (ticket.found.text if ticket.found else "")


def _answer(
    ticket: Ticket,
    text: str,
    agreed: bool | None,
    new_window: NewWindow | None,
    reason: str,
    measures: Sequence[str],
    now: dt.datetime,
) -> dict[str, Any]:
    beyond = _beyond(ticket, text, agreed, new_window, now)
    return {
        "text": text,
        "paragraphs": wording.paragraphs(
            addressed(beyond.text, ticket.customer.name, wording.salutation(ticket.customer.name))
        ),
        "agreed": "" if agreed is None else ("có" if agreed else "không"),
        "restored": "có" if _RESTORED.search(fold(text)) else "",
        "new_window": _window(new_window, now),
        "reason": reason or beyond.reason,
        "measures": list(measures),
    }


def _beyond(
    ticket: Ticket, text: str, agreed: bool | None, new_window: NewWindow | None, now: dt.datetime
) -> moved.Beyond:
    """What an answer says beyond the letter's own words that a time is changed, or is not."""
    times = [_local(each, now) for each in (ticket.outage_start, *(new_window or ())) if each]
    request = f"{ticket.content}\n{ticket.customer.address or ''}"
    if agreed and new_window:
        return moved.beyond_agreement(text, times, request)
    if agreed is not False:
        return moved.Beyond(text)
    wished = [_local(each, now) for each in (ticket.outage_start, *(ticket.asked_window or ())) if each]
    return moved.beyond_refusal(text, wished, request)  # another time that the unit proposes instead is news


def _window(new_window: NewWindow | None, now: dt.datetime) -> str:
    if new_window is None:
        return ""
    start, end = new_window
    return wording.window(_local(start, now), _local(end, now)) if end else f"từ {_time(start, now)}"


def _cost(line: CostLine) -> dict[str, str]:
    return {
        "customer": line.customer,
        "voltage": line.voltage,
        "distance": line.distance,
        "amount": wording.amount(line.amount),
    }


def _signer(office: Office, kind: str, unsigned: bool) -> dict[str, Any]:
    """Who signs. A letter that goes by mail without a number was laid before no leader: the desk itself answers."""
    if unsigned and not _of_room(kind):
        return {"lines": wording.balanced(office.desk.upper(), 20), "name": ""}
    signer = office.room_signer if _of_room(kind) else office.signer
    return {"lines": list(signer.lines), "name": signer.name}


def _row_of(ticket: Ticket, unit: str | None) -> UnitAsked | None:
    rows = [row for row in ticket.units if row.unit == unit]
    return rows[-1] if rows else None


def _local(moment: dt.datetime, now: dt.datetime) -> dt.datetime:
    return moment.astimezone(now.tzinfo)


def _time(moment: dt.datetime | None, now: dt.datetime) -> str:
    return wording.time_of(_local(moment, now)) if moment else ""
