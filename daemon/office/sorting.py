"""Room 2, sort: what was kept becomes a new ticket, news of an old one, or something a person must place."""

import re
from collections.abc import Mapping
from typing import Any

from daemon.desk import automatic, matching
from daemon.desk.effects import READ_SCAN, Effect
from daemon.desk.message import Message
from daemon.desk.text import fold
from daemon.desk.ticket import PROGRAM, Author, Category, Channel, Customer, Event, ReplyForm, Ticket
from daemon.desk.trouble import NeedsPerson
from daemon.mailbox.message import parse, read_msg
from daemon.office import digest, joining, routing, time_changing
from daemon.office.parts import Parts
from daemon.office.senders import our_people
from daemon.office.understanding import Understood, understand
from daemon.reading import enclosed
from daemon.reading.answers import kind_of
from daemon.reading.placing import place
from daemon.reading.put_off import put_off
from daemon.reading.reply import Reply, read_reply
from daemon.reading.request import RequestReading
from daemon.settings.desk import Gateway
from daemon.store.store import Item


class Known:
    """What matching asks of the store."""

    def __init__(self, parts: Parts) -> None:
        self._store = parts.store

    def by_message_id(self, message_id: str) -> str | None:
        """Return the ticket a Message-ID leads to."""
        return self._store.ticket_of_mail(message_id)

    def exists(self, number: str) -> bool:
        """Say whether there is such a ticket."""
        return self._store.exists(number)

    def waiting_with_code(self, code: str) -> tuple[str, ...]:
        """Return the waiting tickets of a customer code."""
        return self._store.waiting_with_code(code)


def sort(parts: Parts, item: Item) -> None:
    """Sort one item. Raises Trouble where a person must look."""
    ready = parts.ahead.take(item.digest) if item.source == "mail" else None
    if ready:
        _sort_mail(parts, item, *ready)
        return
    data = parts.store.originals.read(item.digest)
    if item.source == "scan":
        parts.store.hand_on(item.id, Effect(f"item/{item.id}/{READ_SCAN}", READ_SCAN, {"item": item.id}))
    elif item.source == "docx":
        _open_letter(parts, item, data)
    elif item.source == "note":
        open_note(parts, item, data.decode())
    elif item.source in ("mail", "msg"):
        _sort_mail(parts, item, read_msg(data) if item.source == "msg" else parse(data))
    else:
        raise NeedsPerson(f"Không rõ cách đọc {item.name}: cần người xem.")


# -- mail --------------------------------------------------------------------------------------------------------------
def _sort_mail(parts: Parts, item: Item, message: Message, understood: Understood | None = None) -> None:
    """Sort a mail; what was understood ahead of it comes without the bytes of its attachments."""
    file = parts.settings.file
    if message.from_address == file.mailbox_address:
        parts.store.mark_item(item.id, "ignored", "Thư của chính phòng")
        return
    gateway = next((each for each in file.gateways if each.sender == message.from_address), None)
    if gateway:
        _open_from_gateway(parts, item, message, gateway)
        return
    trust = _trust(parts, message)
    match = _match(parts, message, trust)
    if match.number:
        whole = parse(parts.store.originals.read(item.digest)) if understood else message
        _place_mail(parts, item, whole, match.number, trust)
    elif match.conflict or match.candidates:
        parts.store.mark_item(item.id, "unplaced", match.why)
    elif trust.unit:
        parts.store.mark_item(item.id, "unplaced", f"Thư của {trust.unit} không rõ thuộc phiếu nào.")
    elif returned := digest.came_back(parts, message):
        parts.store.mark_item(item.id, "unplaced", returned)
    elif _automatic(parts, message):
        parts.store.mark_item(
            item.id, "set_aside", "Thư tự động, không thuộc phiếu nào: không mở phiếu, không trả lời."
        )
    else:
        _open_from_mail(parts, item, message, understood or understand(message, item.received, parts.reader))


def _match(parts: Parts, message: Message, trust: matching.Trust) -> matching.Match:
    """Which ticket: a customer code in the text counts only in a unit's mail, and only where we did not write it."""
    file = parts.settings.file
    patterns = {"number_pattern": rf"{file.prefix}-\d{{4}}-\d{{6}}", "code_pattern": file.code_pattern}
    if not trust.unit:
        return matching.find(message, Known(parts), **patterns)
    return place(message, Known(parts), parts.store.sent_texts, **patterns)[0]


def _trust(parts: Parts, message: Message) -> matching.Trust:
    file = parts.settings.file
    return matching.trust(message, our_people(parts), file.authserv_id, file.require_auth)


def _automatic(parts: Parts, message: Message) -> bool:
    return automatic.sort_of(message, frozenset({parts.settings.file.mailbox_address}), own_ids(parts)) is not None


def own_ids(parts: Parts) -> str:
    """Return the pattern of the Message-IDs that we issue."""
    file = parts.settings.file
    return rf"<(?:{re.escape(file.prefix)}-\d{{4}}-\d{{6}}|report|digest|alarm)\.[^<>\s]+@{re.escape(file.domain)}>"


def _place_mail(parts: Parts, item: Item, message: Message, number: str, trust: matching.Trust) -> None:
    ticket = parts.store.ticket(number)
    assert ticket is not None
    writer = (message.from_address or "").lower()
    now = parts.clock.now()
    if writer and writer == (ticket.customer.email or "").lower() and not message.report:
        event = Event("customer_wrote", item.received, Author("customer", writer), _customer_words(item, message))
    else:
        event = reply_event(parts, item, message, ticket, trust)
    parts.store.place(item.id, number, event, now, message.message_id)


def _customer_words(item: Item, message: Message) -> dict[str, Any]:
    reply = read_reply(message, None)
    kept = {"item": item.id, "digest": item.digest, "name": item.name, "source": item.source}
    return kept | {"text": reply.text, "subject": message.subject}


def reply_event(parts: Parts, item: Item, message: Message, ticket: Ticket, trust: matching.Trust) -> Event:
    """Return what a mail from a unit (or about a mail to one) means for its ticket."""
    reply = read_reply(message, parts.store.sent_texts((ticket.number,)))
    kind = kind_of(message, reply, parts.reply_words)
    unit = trust.unit or _unit_asked(parts, message, ticket)
    content: dict[str, Any] = {
        "item": item.id,
        "digest": item.digest,
        "name": item.name,
        "source": item.source,
        "kind": str(kind.kind),
        "confidence": kind.confidence,
        "why": kind.why,
        "unit": unit,
        "trusted": bool(trust.trusted),
        "from": message.from_address,
        "subject": message.subject,
        "text": _answer_words(parts, reply, str(kind.kind)),
        "attachments": [each.name for each in reply.attachments],
    }
    if kind.kind == "partial" and (waits := put_off(content["text"])):
        content["put_off"] = list(waits)
    content |= time_changing.said_in(ticket, content["text"], item.received)
    if message.delivery:
        first = message.delivery[0]
        content |= {"dsn_action": first.action, "dsn_status": first.status, "recipient": first.recipient}
    author = Author("unit", trust.unit) if trust.unit else Author("mail", message.from_address or "không rõ")
    return Event("reply", item.received, author, content, trust.why if not trust.trusted else kind.why)


def _unit_asked(parts: Parts, message: Message, ticket: Ticket) -> str | None:
    """The unit that the answered or returned mail went to."""
    ids = (
        *message.in_reply_to,
        *reversed(message.references),
        *([message.reported_message_id] if message.reported_message_id else ()),
    )
    for message_id in ids:
        payload = parts.store.mail_payload(message_id)
        if payload and payload.get("unit"):
            return str(payload["unit"])
    open_units = [row.unit for row in ticket.units if row.open]
    return open_units[0] if len(open_units) == 1 and message.report else None


def _answer_words(parts: Parts, reply: Reply, kind: str) -> str:
    """The new text, and with an answer what the letters say that came with it as files."""
    if kind not in ("answer", "partial"):
        return reply.text
    return enclosed.joined(reply.text, [(each.name, parts.opener.text(each)) for each in reply.attachments])


# -- new tickets -------------------------------------------------------------------------------------------------------
def _open_from_mail(parts: Parts, item: Item, message: Message, understood: Understood) -> None:
    text, reading = understood.text, understood.reading
    customer = Customer(phone=reading.phone, customer_code=reading.customer_code, email=message.from_address)
    earlier = joining.chased(parts, customer, message.subject, text, item.received)
    if len(earlier) == 1:
        event = Event(
            "customer_wrote",
            item.received,
            Author("customer", message.from_address or ""),
            _customer_words(item, message),
        )
        parts.store.place(item.id, earlier[0], event, parts.clock.now(), message.message_id)
        return
    if earlier:
        parts.store.mark_item(
            item.id, "unplaced", f"Khách hàng hỏi lại, có {len(earlier)} phiếu đang mở: {', '.join(earlier)}."
        )
        return
    parts_of: dict[str, Any] = {
        "email": message.from_address,
        "message_id": message.message_id,
        "subject": message.subject,
    }
    open_ticket(parts, item.id, reading, Channel.EMAIL, item, text, **parts_of)


def _open_from_gateway(parts: Parts, item: Item, message: Message, gateway: Gateway) -> None:
    """A gateway is neither bulk nor a person: its request is read from its fields (contract, "Who may do what")."""
    body = message.text or read_reply(message, None).text
    fields = gateway_fields(body, gateway)
    text = fields.get("content") or body
    # The unit is told by the place: an address or code in a field of its own counts like one in the words.
    where = {"Địa chỉ": fields.get("address"), "Mã khách hàng": fields.get("customer_code")}
    said = "\n".join([text, *(f"{label}: {value}" for label, value in where.items() if value)])
    reading = parts.reader.read(
        channel=gateway.channel, received=item.received, subject=fields.get("subject"), text=said
    )
    known: dict[str, Any] = {name: fields.get(name) for name in ("name", "phone", "customer_code", "address", "email")}
    known["phone"] = _phone_in(known["phone"] or "") or _phone_in(f"{message.subject} {message.from_name or ''}")
    if known["customer_code"]:
        known["customer_code"] = re.sub(r"[\s.\-]", "", known["customer_code"]).upper()
    open_ticket(parts, item.id, reading, Channel(gateway.channel), item, text, **known)


def _phone_in(text: str) -> str | None:
    found = re.search(r"(?<!\d)(?:\+?84|0)(\d{9,10})(?!\d)", re.sub(r"[\s.\-()]", "", text))
    return f"0{found[1]}" if found else None


def gateway_fields(body: str, gateway: Gateway) -> dict[str, str]:
    """Return the fields of a gateway's mail; lines after the content's label belong to the content."""
    labels = {fold(label): name for name, words in gateway.fields.items() for label in words}
    fields: dict[str, str] = {}
    last = None
    for line in body.splitlines():
        label, colon, value = line.partition(":")
        name = labels.get(fold(label)) if colon else None
        if name:
            fields[name], last = value.strip(), name
        elif last == "content" and line.strip():
            fields["content"] = f"{fields['content']}\n{line.strip()}".strip()
    return {name: value for name, value in fields.items() if value}


def _open_letter(parts: Parts, item: Item, data: bytes) -> None:
    from daemon.desk.message import Attachment

    text = parts.opener.text(Attachment(item.name, "", data))
    if not text:
        raise NeedsPerson(
            f"{item.name}: tệp Word không có chữ nào đọc được. Mở tệp xem rồi nhập bằng: motcua new --channel letter"
        )
    reading = parts.reader.read(channel="letter", received=item.received, subject=None, text=text)
    open_ticket(parts, item.id, reading, Channel.LETTER, item, text)


def open_note(parts: Parts, item: Item, text: str) -> str:
    """Open the ticket of a typed note; whoever comes second, the command or the loop, gets the same number."""
    channel = Channel(item.details["channel"])
    reading = parts.reader.read(channel=str(channel), received=item.received, subject=None, text=text)
    return open_ticket(parts, item.id, reading, channel, item, text, by=Author("person", item.details["by"]))


def open_ticket(
    parts: Parts,
    item_id: int | None,
    reading: RequestReading,
    channel: Channel,
    item: Item | None,
    text: str,
    by: Author = PROGRAM,
    **known: Any,
) -> str:
    """Open a ticket from what was read; values known otherwise (a gateway's fields, the sender) stand before it."""
    received = item.received if item else parts.clock.now()
    digest = {"item": item.id, "digest": item.digest, "name": item.name, "source": item.source} if item else {}
    event = Event("received", parts.clock.now(), by, {"channel": str(channel), **digest}, "")
    values = joining.with_kin(parts, routing.route(parts, ticket_values(reading, known), text), text, received)
    text = _with_contact(text, reading)
    return parts.store.open_ticket(
        item_id,
        lambda number: Ticket(
            number=number, procedure=parts.desk.procedure.id, channel=channel, received=received, content=text, **values
        ),
        parts.settings.file.prefix,
        event,
        parts.clock.now(),
    )


def _with_contact(text: str, reading: RequestReading) -> str:
    """Add who writes for an organisation where that stood in the signature, which is no part of the request's words."""
    if reading.contact is None or fold(reading.contact) in fold(text):
        return text
    return f"{text}\nNgười liên hệ: {reading.contact}"


def ticket_values(reading: RequestReading, known: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new ticket's values from a reading, what is known otherwise first."""
    names = ("name", "customer_code", "phone", "address", "email")
    customer = Customer(**{name: known.get(name) or getattr(reading, name, None) for name in names})
    sure = {name for name in names if known.get(name)}
    window = reading.asked_outage
    return {
        "category": Category(reading.category),
        "customer": customer,
        "unit": reading.unit,
        "wanted_reply": ReplyForm(reading.wanted_reply) if reading.wanted_reply else None,
        "outage_start": reading.outage_start,
        "danger": reading.danger,
        "check": tuple(name for name in reading.check if name not in sure),
        "questions": reading.questions,
        "confidence": dict(reading.confidence),
        "reasons": dict(reading.reasons),
        "asked_window": (window[1], window[2]) if window and window[1] and window[2] else None,
        "besides": reading.besides,
        "subject": known.get("subject"),
        "message_id": known.get("message_id"),
    }
