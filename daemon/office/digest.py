"""Reminders to one addressee that are due together go out as one mail (P9), never the urgent ones.

Its subject names the first tickets, two at least, and its Message-ID none: an answer to it is never guessed onto a ticket.
Every reminder in it is settled by an event of its own.
"""

import datetime as dt
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from daemon.desk import mails, wording
from daemon.desk.message import Message
from daemon.desk.text import squeeze
from daemon.desk.ticket import PROGRAM, Event, Ticket
from daemon.desk.trouble import NeedsPerson, Refused, TryLater
from daemon.desk.work import LEADERS, Work
from daemon.mailbox.compose import compose
from daemon.office.parts import Parts
from daemon.points import passing
from daemon.store import together
from daemon.store.store import Claimed

TEXT = "remind_many"
SHORT = 160
NAMED = 5  # tickets named in the subject; the body lists all
# Companions come back a little later than the mail they went with, so that it finds them again.
AFTER_LEAD = 5.0


def gather(parts: Parts, effect: Claimed) -> tuple[Claimed, list[Claimed]]:
    """Return the mail in hand and the reminders that go out with it; none where it must go alone."""
    payload = effect.payload
    if not _may_join(payload) or TEXT not in parts.desk.procedure.mails:
        return effect, []
    readers = _readers(payload)
    found = together.take_companions(parts.store, effect, lambda other: _may_join(other) and _readers(other) == readers)
    return (effect, found) if found else (together.alone(parts.store, effect), [])


def _may_join(payload: Mapping[str, Any]) -> bool:
    apart = any(payload.get(name) for name in ("urgent", "attach", "cc", "by_person"))
    return payload.get("purpose") == "reminder" and not apart


def _readers(payload: Mapping[str, Any]) -> list[str]:
    return sorted(address.lower() for address in payload["to"])


# -- sending -----------------------------------------------------------------------------------------------------------
def send(parts: Parts, lead: Claimed, companions: Sequence[Claimed]) -> list[Event]:
    """Send the one mail, settle the companions, return the lead's event. What fails gives the companions back."""
    members = [lead, *companions]
    message_id = f"<digest.{secrets.token_hex(8)}@{parts.settings.file.domain}>"
    try:
        raw = _compose(parts, members, message_id)
        members = together.about_to(parts.store, members, message_id)
        events = _attempt(parts, members, raw)
    except Exception as problem:
        # Else they would wait for their leases. The lead is given back or set aside by the loop, like any mail.
        wait = min(5 * 2**lead.attempts, 900) + AFTER_LEAD
        for each in companions:
            parts.store.give_back(each, wait, str(problem))
        raise
    for each, event in zip(members[1:], events[1:], strict=True):
        parts.store.settle(each, [event], parts.clock.now())
        passing("digest.settled")
    return events[:1]


def _attempt(parts: Parts, members: Sequence[Claimed], raw: bytes) -> list[Event]:
    try:
        passing("send.before")
        warning = parts.mailbox.send(raw)
        passing("send.after")
    except NeedsPerson as doubt:
        raise TryLater(str(doubt)) from doubt
    except TryLater:
        for each in members:
            parts.store.not_tried(each)
        raise
    except Refused as problem:
        return [_event(parts, "mail_refused", each, ("purpose", "unit", "to"), reason=str(problem)) for each in members]
    keys = ("purpose", "unit", "to", "step", "round")
    count = len(members)
    return [
        _event(parts, "mail_sent", each, keys, message_id=together.sent_as(each), warning=warning or "", together=count)
        for each in members
    ]


def _event(parts: Parts, kind: str, effect: Claimed, keys: Sequence[str], **content: Any) -> Event:
    values = {name: effect.payload.get(name) for name in keys}
    return Event(kind, parts.clock.now(), PROGRAM, {**content, **values})


# -- the words ---------------------------------------------------------------------------------------------------------
def _compose(parts: Parts, members: Sequence[Claimed], message_id: str) -> bytes:
    file = parts.settings.file
    payload = members[0].payload
    text = parts.desk.procedure.mails[TEXT]
    tickets = _tickets(parts, members)
    office = parts.desk.office
    once = {
        "count": str(len(tickets)),
        "unit": _reader(parts, payload),
        "office": office.name,
        "desk": office.desk,
        "office_phone": office.phone,
    }
    return compose(
        sender=(f"{file.office.desk} - {file.office.short_name or file.office.name}", file.mailbox_address),
        to=tuple(payload["to"]),
        subject=" ".join([*(f"[{ticket.number}]" for ticket, _ in tickets[:NAMED]), mails.fill(text.subject, once)]),
        body=fill_list(text.body, once, [_line(parts, *each) for each in tickets]),
        date=parts.clock.now(),
        message_id=message_id,
    )


def fill_list(body: str, once: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> str:
    """Return a body whose line with ``{number}`` is repeated for each ticket, all other lines filled once."""
    filled = []
    for line in body.splitlines():
        if "number" in mails.marks(line):
            filled += [mails.fill(line, {**once, **values}) for values in lines]
        else:
            filled.append(mails.fill(line, once) if mails.marks(line) else line)
    return "\n".join(filled).strip()


def _tickets(parts: Parts, members: Sequence[Claimed]) -> list[tuple[Ticket, dt.datetime | None]]:
    """Return each ticket once with the time reminded of, the earliest first."""
    found: dict[str, tuple[Ticket, dt.datetime | None]] = {}
    for each in members:
        ticket = parts.store.ticket(each.ticket or "")
        if ticket is None:
            raise Refused(f"Không còn phiếu {each.ticket}.")
        due = _due(ticket, each.payload)
        known = found.get(ticket.number)
        earliest = min((at for at in (due, known[1] if known else None) if at), default=None)
        found[ticket.number] = (ticket, earliest)
    return sorted(found.values(), key=lambda one: (one[1] is None, one[1] or one[0].received, one[0].number))


def _due(ticket: Ticket, payload: Mapping[str, Any]) -> dt.datetime | None:
    for row in ticket.units:
        if (row.unit, row.step, row.round) == (payload.get("unit"), payload.get("step"), payload.get("round")):
            return row.due
    return min((line.due for line in ticket.deadlines if line.met is None), default=None)


def _line(parts: Parts, ticket: Ticket, due: dt.datetime | None) -> dict[str, str]:
    values = mails.values(Work(ticket, parts.desk, parts.clock.now()), due=due)
    content = squeeze(ticket.content)
    values["content"] = content if len(content) <= SHORT else f"{content[:SHORT].rstrip()} […]"
    # The reader stands at the head of the mail; in a ticket's line it is the unit that holds it.
    values["unit"] = ", ".join(dict.fromkeys(row.unit for row in ticket.units if row.open)) or ticket.unit or ""
    return {name: squeeze(value) for name, value in values.items()}


def _reader(parts: Parts, payload: Mapping[str, Any]) -> str:
    desk = parts.desk
    readers = set(payload["to"])
    if readers <= set(desk.units.leaders):
        return desk.office.leader
    if readers <= set(desk.agents):
        return desk.office.desk
    unit = payload.get("unit")
    if unit == LEADERS or unit not in desk.units.by_id:
        return wording.unit_name(unit or "", {}) or desk.office.desk
    return desk.units.card(unit, parts.clock.now().date()).name


# -- when it comes back ------------------------------------------------------------------------------------------------
def came_back(parts: Parts, message: Message) -> str | None:
    """Return what to tell a person where a mail server returns such a mail, else None."""
    domain = re.escape(parts.settings.file.domain)
    if not re.fullmatch(rf"<digest\.[0-9a-f]+@{domain}>", message.reported_message_id or ""):
        return None
    who = ", ".join(each.recipient for each in message.delivery if each.recipient) or "đơn vị"
    return f"Thư nhắc gộp nhiều phiếu không đến được {who}: kiểm tra địa chỉ trong config/units.toml, gọi đơn vị."
