"""A request typed field by field at the counter or on the phone, and what is known of it while it is being typed."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from daemon.desk.question import CustomerRow, Outage, Question
from daemon.desk.ticket import Author, Category, Channel
from daemon.desk.trouble import Refused
from daemon.office import actions
from daemon.office.parts import Parts
from daemon.office.sorting import open_ticket
from daemon.store.store import Arrival

CUSTOMER = {
    "name": "Họ tên",
    "customer_code": "Mã khách hàng",
    "phone": "Điện thoại",
    "address": "Địa chỉ",
    "email": "Thư điện tử",
}
CHOSEN = ("category", "unit", "wanted_reply", "outage_start")


@dataclass(frozen=True, slots=True)
class Hints:
    """What the look-ups say while the agent types: the customer, a sure answer with its source, outages, notes."""

    customer: CustomerRow | None
    answer: str
    source: str
    outages: tuple[Outage, ...]
    notes: tuple[str, ...]
    category: str
    unit: str | None
    danger: bool


def open_typed(parts: Parts, channel: Channel, fields: Mapping[str, str], text: str, by: str) -> str:
    """Open a ticket from a filled form and return its number; what was typed needs no check. Raises Refused."""
    text = text.strip()
    if not text:
        raise Refused("Chưa có nội dung yêu cầu.")
    known, chosen = _checked(parts, fields)
    now = parts.clock.now()
    typed = _labelled(text, known)
    arrival = Arrival(
        f"note:{now.isoformat()}:{secrets.token_hex(8)}",
        "note",
        typed.encode(),
        now,
        name=f"Phiếu nhập của {by}",
        details={"channel": str(channel), "by": by},
    )
    with parts.database.write():
        parts.store.receive([arrival])
        item = parts.store.item_by_identity(arrival.identity)
        assert item is not None
        reading = parts.reader.read(channel=str(channel), received=now, subject=None, text=typed)
        number = open_ticket(parts, item.id, reading, channel, item, text, by=Author("person", by), **known)
        pairs = tuple(f"{name}={value}" for name, value in chosen.items())
        if pairs:
            actions.set_fields(parts, number, pairs, by)
    return number


def _checked(parts: Parts, fields: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The customer's fields and the choices that were made; every wrong one is told at once."""
    known: dict[str, str] = {}
    chosen: dict[str, str] = {}
    wrong = []
    for name, value in fields.items():
        if name not in (*CUSTOMER, *CHOSEN) or not value.strip():
            continue
        try:
            kept = actions.field_value(parts, name, value.strip())
        except ValueError as problem:
            wrong.append(f"{CUSTOMER.get(name, name)}: {problem}")
            continue
        (known if name in CUSTOMER else chosen)[name] = str(kept)
    if wrong:
        raise Refused("\n".join(wrong))
    return known, chosen


def _labelled(text: str, known: Mapping[str, str]) -> str:
    return "\n".join([text, *(f"{CUSTOMER[name]}: {value}" for name, value in known.items())])


def hints(parts: Parts, channel: Channel, fields: Mapping[str, str], text: str) -> Hints:
    """Return what is known of a request that is still being typed; nothing is kept."""
    code, phone, address = (fields.get(name, "").strip() for name in ("customer_code", "phone", "address"))
    customer = parts.lookups.customer(code=code or None, phone=phone or None)
    where = address or (customer.address if customer else "")
    now = parts.clock.now()
    said = _labelled(text, {"address": where} if where else {})
    reading = parts.reader.read(channel=str(channel), received=now, subject=None, text=said)
    category = fields.get("category") or reading.category
    unit = fields.get("unit") or (customer.unit if customer and customer.unit else reading.unit)
    window = reading.asked_outage
    looked = parts.lookups.look(
        Question(
            category=Category(category),
            at=now,
            text=text,
            address=where or None,
            unit=unit,
            customer_code=customer.code if customer else None,
            phone=phone or None,
            window=(window[1], window[2]) if window and window[1] and window[2] else None,
        )
    )
    answer = looked.answer if looked.answer and looked.answer.sure else None
    return Hints(
        customer=customer,
        answer=answer.text if answer else "",
        source=answer.source if answer else "",
        outages=answer.outages if answer else (),
        notes=looked.notes,
        category=str(category),
        unit=unit,
        danger=reading.danger,
    )
