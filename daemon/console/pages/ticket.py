"""One ticket: what it needs, its clocks and who holds them, what came in and went out, and everything that happened."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from daemon.console import words
from daemon.console.mails import mail_of
from daemon.console.visit import NotFound, Visit
from daemon.desk import letters
from daemon.desk.holder import waits_behind
from daemon.desk.message import Message
from daemon.desk.ticket import FINISHED, Event, State, Ticket
from daemon.documents import qr as codes
from daemon.office import actions, showing
from daemon.office.parts import Parts
from daemon.office.people import users
from daemon.reading.reply import read_reply
from daemon.store import kin
from daemon.store.store import Item

CHECKED = (
    "category",
    "name",
    "customer_code",
    "phone",
    "address",
    "email",
    "unit",
    "wanted_reply",
    "outage_start",
    "content",
)
MOST_LETTERS = 40_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A field to check: its value, the picture of what was written, why it is doubtful, and what each reader read."""

    name: str
    value: str
    doubtful: bool
    reason: str = ""
    crop: str = ""
    item: int = 0
    votes: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Came:
    """Something that came in: a mail with its new text and history apart, a scan with its pages, a note."""

    item: Item
    message: Message | None
    text: str
    quoted: str
    attachments: tuple[tuple[int, str, int], ...] = ()
    kind: str = ""


def need(visit: Visit) -> Ticket:
    """Return the ticket of the address. Raises NotFound."""
    ticket = visit.parts.store.ticket(visit.path("number").upper())
    if ticket is None:
        raise NotFound
    return ticket


def show(visit: Visit) -> Response:
    """Show a ticket."""
    parts, ticket = visit.parts, need(visit)
    events = parts.store.events(ticket.number)
    people = users(parts)
    open_ = ticket.state not in FINISHED and ticket.state is not State.ANSWERED
    cells = list(_cells(ticket, events))
    return visit.show(
        "phieu.html",
        title=f"{ticket.number} {ticket.customer.name or ''}",
        ticket=ticket,
        open=open_,
        finished=ticket.state in FINISHED,
        events=events[::-1],
        seen=events[-1].seq if events else 0,
        cells=cells,
        scans=_scans(parts, ticket),
        came=list(_came(parts, ticket)),
        clocks=list(_clocks(parts, ticket)),
        explained=list(showing.explain(parts, ticket)),
        questions=_questions(ticket, cells),
        documents=showing.kept_documents(ticket),
        carer=people.cares(ticket.number),
        agents=[each for each in people.all() if each.active and each.role in ("agent", "chief")],
        others=visit.console.live.others(ticket.number, visit.by),
        near=_near(parts, ticket) if open_ else [],
        behind=len(kin.behind(parts.store, ticket.number)),
        unit_questions=[row for row in ticket.units if row.question and row.open and row.state == "question"],
        duty=showing.duty_desks(parts, ticket) if open_ and ticket.urgent else [],
        edit=bool(visit.arg("sua")),
    )


def _questions(ticket: Ticket, cells: list[Cell]) -> list[str]:
    """What the program asks a person; once nothing is left to check, old questions are only history.

    What stands at its own place on the page, beside a doubtful cell or above a unit's question, is not said twice.
    """
    if not ticket.check:
        return []
    said = [words.without_commands(text) for text in ticket.questions]
    elsewhere = {cell.reason for cell in cells if cell.doubtful} | {row.question for row in ticket.units if row.open}
    return [text for text in dict.fromkeys(said) if text and text.partition(": ")[2] not in elsewhere - {"", None}]


def _near(parts: Parts, ticket: Ticket) -> list[str]:
    since = ticket.received - dt.timedelta(days=30)
    return [number for number in kin.of_customer(parts.store, ticket.customer, since) if number != ticket.number][:5]


# -- the fields and the scan -------------------------------------------------------------------------------------------
def _cells(ticket: Ticket, events: list[Event]) -> Iterator[Cell]:
    readings, item = _readings(events)
    extra = [name for name in ticket.check if name not in CHECKED and name in actions.FIELDS]
    for name in (*CHECKED, *extra):
        known = readings.get(name, {})
        doubtful = name in ticket.check
        votes = tuple((str(v[0]), str(v[1]), float(v[2])) for v in known.get("votes", ()))
        reason = str(known.get("reason") or "")
        yield Cell(name, _value(ticket, name), doubtful, reason, str(known.get("crop") or ""), item, votes)


def _readings(events: list[Event]) -> tuple[dict[str, dict[str, Any]], int]:
    for event in events:
        if event.kind == "received" and event.content.get("readings"):
            return {each["field"]: each for each in event.content["readings"]}, int(event.content.get("item") or 0)
    return {}, 0


def _value(ticket: Ticket, name: str) -> str:
    value = getattr(ticket, name, None) if hasattr(ticket, name) else getattr(ticket.customer, name, None)
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    return "" if value is None else str(value)


def _scans(parts: Parts, ticket: Ticket) -> list[Item]:
    return [item for item in parts.store.items_of(ticket.number) if item.source == "scan"]


# -- what came in ------------------------------------------------------------------------------------------------------
def _came(parts: Parts, ticket: Ticket) -> Iterator[Came]:
    for item in parts.store.items_of(ticket.number):
        if item.source in ("mail", "msg"):
            yield _mail(parts, item)
        elif item.source == "note":
            try:
                text = parts.store.originals.read(item.digest).decode(errors="replace")
            except OSError:
                text = "(bản gốc đã được xóa)"
            yield Came(item, None, text[:MOST_LETTERS], "", kind="note")
        else:
            yield Came(item, None, "", "", kind=item.source)


def _mail(parts: Parts, item: Item) -> Came:
    try:
        message = mail_of(parts, item)
    except OSError:
        return Came(item, None, "(bản gốc đã được xóa)", "", kind="mail")
    reply = read_reply(message, None)
    files = tuple(
        (index, each.name, len(each.content)) for index, each in enumerate(message.attachments) if not each.inline
    )
    text = reply.text or message.text or ""
    return Came(item, message, text[:MOST_LETTERS], reply.quoted[:MOST_LETTERS], files, "mail")


# -- clocks ------------------------------------------------------------------------------------------------------------
def _clocks(parts: Parts, ticket: Ticket) -> Iterator[dict[str, Any]]:
    titles = {rule.name: rule.title for kind in parts.desk.procedure.request_types.values() for rule in kind.deadlines}
    leader = waits_behind(ticket)
    awaited = showing.behind_line(parts, leader) if leader else ""
    for line in ticket.deadlines:
        yield {
            "title": titles.get(line.name) or line.name,
            "due": line.due,
            "met": line.met,
            "holder": showing.held(line.holder, awaited),
            "extended": line.extended,
            "open": line.met is None,
        }
    for row in ticket.units:
        if row.due:
            yield {
                "title": f"{row.unit} trả lời",
                "due": row.due,
                "met": row.answered,
                "holder": showing.held(row.unit),
                "extended": False,
                "open": row.open,
            }


# -- the slip ----------------------------------------------------------------------------------------------------------
def slip(visit: Visit) -> Response:
    """Show the appointment slip for printing at the counter."""
    ticket = need(visit)
    appointment = ticket.deadline("appointment")
    return visit.show("phieu-hen.html", title=f"Phiếu hẹn {ticket.number}", ticket=ticket, appointment=appointment)


def qr(visit: Visit) -> Response:
    """Return the code of the slip as a picture."""
    ticket = need(visit)
    round = max((doc.round for doc in ticket.documents if doc.kind == "slip"), default=1)
    data = codes.png(letters.qr_text(ticket.number, "slip", round))
    return Response(data, media_type="image/png")


NUMBER = re.compile(r"^[A-Z][A-Z0-9]{1,11}-\d{4}-\d{6}$")
