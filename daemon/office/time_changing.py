"""A change of an outage's time: finding the announced outage and who shares it, reading the new time that was agreed to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from daemon.desk import wording
from daemon.desk.question import CustomerRow, Outage
from daemon.desk.ticket import PROGRAM, Category, Event, Ticket
from daemon.desk.time_change import ANNOUNCED, FIELD, NOT_ANNOUNCED
from daemon.desk.trouble import Refused
from daemon.lookups.wording import say_outage, say_source
from daemon.office.parts import Parts
from daemon.reading.new_time import new_time

# The customer may be mistaken in the hour: what the plan has around it is shown to the person who is asked.
AROUND = dt.timedelta(hours=12)
MOST_SHOWN = 3


# -- the announced outage ----------------------------------------------------------------------------------------------
def find_announced(parts: Parts, ticket: Ticket) -> list[Event]:
    """Return what the plans say of the outage that the customer wants moved, and how many others it touches."""
    customer = ticket.customer
    row = parts.lookups.customer(code=customer.customer_code, phone=customer.phone)
    rows = _around(parts, ticket, row)
    exact = [each for each in rows if ticket.outage_start and each.start == _minute(ticket.outage_start)]
    chosen = [each for each in exact if each.source == exact[0].source]
    content = _shared(parts, chosen, row) | {
        "outage_start": ticket.outage_start.isoformat() if ticket.outage_start else None
    }
    if not chosen:
        content["question"] = _question(parts, ticket, rows)
        return [Event(NOT_ANNOUNCED, parts.clock.now(), PROGRAM, content, content["question"])]
    first = chosen[0]
    content |= {
        "source": first.source,
        "as_of": first.as_of.isoformat(),
        "substation": ", ".join(_substations(chosen)),
        "feeder": ", ".join(_feeders(chosen)),
        "area": "; ".join(dict.fromkeys(each.area for each in chosen if each.area)),
        "start": first.start.isoformat(),
        "end": first.end.isoformat() if first.end else None,
        "end_note": first.end_note,
        "reason": first.reason,
    }
    said = f"{say_source(first.source, first.as_of)}: {'; '.join(say_outage(each) for each in chosen[:MOST_SHOWN])}."
    return [Event(ANNOUNCED, parts.clock.now(), PROGRAM, content, f"{said} {_say_others(content)}")]


def _minute(moment: dt.datetime) -> dt.datetime:
    return moment.replace(second=0, microsecond=0)


def _around(parts: Parts, ticket: Ticket, row: CustomerRow | None) -> list[Outage]:
    start = ticket.outage_start
    if start is None:
        return []
    found = parts.lookups.outages(
        start - AROUND,
        start + AROUND,
        address=ticket.customer.address,
        customer_code=row.code if row else ticket.customer.customer_code,
    )
    return [each for each in found if each.kind == "outages"]


def _substations(rows: Sequence[Outage]) -> list[str]:
    return list(dict.fromkeys(name for each in rows for name in each.substations))


def _feeders(rows: Sequence[Outage]) -> list[str]:
    return list(dict.fromkeys(each.feeder for each in rows if each.feeder))


def _shared(parts: Parts, rows: Sequence[Outage], own: CustomerRow | None) -> dict[str, Any]:
    """Count who else is on the lines of the outage, by the customer's own lines where the plan names none."""
    stations, feeders = _substations(rows), _feeders(rows)
    if own and not (stations or feeders):
        stations, feeders = [name for name in (own.substation,) if name], [name for name in (own.feeder,) if name]
    others = parts.lookups.sharing(stations, feeders, own.code if own else None)
    words = [f"trạm {', '.join(stations)}" if stations else "", f"lộ {', '.join(feeders)}" if feeders else ""]
    return {"others": others, "shared": ", ".join(word for word in words if word)}


def _say_others(content: dict[str, Any]) -> str:
    if content["others"] is None:
        return "Chưa đếm được số khách hàng khác cùng bị ngừng điện."
    return f"Còn {content['others']} khách hàng khác chung {content['shared']}."


def _question(parts: Parts, ticket: Ticket, rows: Sequence[Outage]) -> str:
    if ticket.outage_start is None:
        return "Chưa rõ giờ bắt đầu ngừng điện đã thông báo: chưa tra được lịch."
    said = wording.time_of(ticket.outage_start.astimezone(parts.settings.file.zone))
    correct = f"Nếu sai, sửa bằng: motcua set {ticket.number} outage_start=…"
    if rows:
        shown = "; ".join(say_outage(each) for each in rows[:MOST_SHOWN])
        return f"Khách nêu giờ ngừng điện {said} nhưng lịch đã công bố ghi: {shown}. {correct}"
    if not any(version.kind == "outages" for version in parts.lookups.versions()):
        return f"Chưa có bản xuất lịch ngừng điện: chưa đối chiếu được giờ {said} khách nêu. {correct}"
    return f"Không thấy lịch ngừng điện đã công bố lúc {said} cho nơi của khách. {correct}"


# -- the new time ------------------------------------------------------------------------------------------------------
def mind_fields(ticket: Ticket, fields: Mapping[str, Any]) -> None:
    """Raise Refused where a new time or an override is given to a ticket that moves no outage."""
    category = fields.get("category", ticket.category)
    if fields.keys() & {"new_start", FIELD} and category != Category.OUTAGE_TIME_CHANGE:
        raise Refused(f"Phiếu {ticket.number} không phải đề nghị đổi giờ ngừng điện: không có giờ mới để ghi.")


def said_in(ticket: Ticket | None, text: str, received: dt.datetime) -> dict[str, Any]:
    """Return the new time that an answer on a time change names, as an event keeps it; nothing for other tickets."""
    if ticket is None or ticket.category is not Category.OUTAGE_TIME_CHANGE:
        return {}
    found = new_time(text, received, ticket.outage_start)
    return {
        "new_start": found.start.isoformat() if found else None,
        "new_end": found.end.isoformat() if found and found.end else None,
    }
