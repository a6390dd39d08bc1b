"""Tickets and the state of the office as people and programs read them: JSON of the contract, and Vietnamese lines."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from daemon.desk import alarm_words, history, promises, wording
from daemon.desk.calendar import due_of
from daemon.desk.clocks import unit_rule
from daemon.desk.holder import behind, waits_behind
from daemon.desk.procedure import DeadlineRule, Span
from daemon.desk.reckoning import explain_rule
from daemon.desk.ticket import FINISHED, Category, Deadline, Document, State, Ticket
from daemon.office import telling, watching
from daemon.office.parts import Parts
from daemon.settings.calendar import calendar_note
from daemon.store import corrections, kin, privacy


def as_json(parts: Parts, ticket: Ticket, events: bool = True) -> dict[str, Any]:
    """Return a ticket with the keys of the contract ("Commands")."""
    customer = ticket.customer
    shown: dict[str, Any] = {
        "number": ticket.number,
        "state": str(ticket.state),
        "category": str(ticket.category),
        "channel": str(ticket.channel),
        "received": ticket.received.isoformat(),
        "unit": ticket.unit,
        "units": [
            {
                "unit": row.unit,
                "state": str(row.state),
                "asked": _iso(row.asked),
                "due": _iso(row.due),
                "round": row.round,
                "answer": row.answer,
            }
            for row in ticket.units
        ],
        "customer": {name: getattr(customer, name) for name in ("name", "customer_code", "phone", "address", "email")},
        "wanted_reply": ticket.wanted_reply and str(ticket.wanted_reply),
        "content": ticket.content,
        "subject": ticket.subject,
        "outage_start": _iso(ticket.outage_start),
        "asked_window": [moment.isoformat() for moment in ticket.asked_window] if ticket.asked_window else None,
        "besides": [{"category": str(one.category), "sentence": one.sentence} for one in ticket.besides],
        "danger": ticket.danger,
        "step": ticket.step,
        "round": ticket.round,
        "check": list(ticket.check),
        "questions": list(ticket.questions),
        "deadlines": list(_deadlines(ticket)),
        "documents": [{"kind": doc.kind, "round": doc.round, "name": doc.name} for doc in kept_documents(ticket)],
        "official_number": ticket.official_number,
        "merged_into": ticket.merged_into,
        "group": ticket.group,
        "draft": ticket.draft
        and {"text": ticket.draft.text, "form": str(ticket.draft.form), "round": ticket.draft.round},
    }
    if events:
        shown["events"] = [
            {
                "seq": each.seq,
                "at": each.at.isoformat(),
                "kind": each.kind,
                "author": each.author.name,
                "cause": each.cause,
                "content": dict(each.content),
            }
            for each in parts.store.events(ticket.number)
        ]
    return shown


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _deadlines(ticket: Ticket) -> Iterator[dict[str, Any]]:
    for line in ticket.deadlines:
        yield {
            "name": line.name,
            "due": line.due.isoformat(),
            "holder": line.holder,
            "met": _iso(line.met),
            "round": line.round,
        }
    for row in ticket.units:
        if row.due:
            yield {
                "name": "unit_answer",
                "due": row.due.isoformat(),
                "holder": row.unit,
                "met": _iso(row.answered),
                "round": row.round,
            }


def lines(parts: Parts, tickets: Iterable[Ticket]) -> Iterator[str]:
    """Yield tickets as lines of a list."""
    leaders: dict[str, str] = {}  # many may wait behind one
    for ticket in tickets:
        leader = waits_behind(ticket)
        if leader and leader not in leaders:
            leaders[leader] = behind_line(parts, leader)
        yield line(ticket, parts.clock.now(), leaders[leader] if leader else "")


def behind_line(parts: Parts, leader: str) -> str:
    """Return which ticket another one of the same outage waits for: which unit that one asked, and until when."""
    first = parts.store.ticket(leader)
    rows = [row for row in first.units if row.open] if first else []
    units = ", ".join(dict.fromkeys(wording.unit_name(row.unit, {}) for row in rows))
    due = min((row.due for row in rows if row.due), default=None)
    more = ", ".join(text for text in (units, f"hạn {wording.time_of(due)}" if due else "") if text)
    return f"{behind(leader)}{f' ({more})' if more else ''}"


def line(ticket: Ticket, now: dt.datetime, awaited: str = "") -> str:
    """Return a ticket in one line of a list; ``awaited`` is the line about the ticket it waits behind."""
    due = min((each.due for each in ticket.deadlines if each.met is None), default=None)
    late = (
        " QUÁ HẠN"
        if due and due < now and ticket.state not in (State.CLOSED, State.CANCELLED, State.MERGED, State.SET_ASIDE)
        else ""
    )
    mark = " [cần xem: " + ", ".join(map(wording.field, ticket.check)) + "]" if ticket.check else ""
    until = f" · hạn {wording.time_of(due)}" if due else ""
    who = ticket.customer.name or "(chưa rõ tên)"
    unit = f" · {ticket.unit}" if ticket.unit else ""
    unit += f" · {awaited[:1].lower()}{awaited[1:]}" if awaited else ""
    danger = "NGUY HIỂM · " if ticket.danger and ticket.state not in FINISHED else ""
    return f"{ticket.number} · {danger}{promises.stands(ticket)}{late} · {wording.CATEGORIES[ticket.category]} · {who}{unit}{until}{mark}"


def page(parts: Parts, ticket: Ticket) -> Iterator[str]:
    """Yield a ticket in full, for a person: how it stands, then all that happened."""
    yield from facts(parts, ticket)
    for event in parts.store.events(ticket.number):
        yield f"  {event.at:%d/%m/%Y %H:%M:%S} {event.author.name}: {history.event_line(event, commands=True)}"


def facts(parts: Parts, ticket: Ticket) -> Iterator[str]:
    """Yield how a ticket stands, for a person."""
    leader = waits_behind(ticket)
    awaited = behind_line(parts, leader) if leader else ""
    yield line(ticket, parts.clock.now(), awaited)
    customer = ticket.customer
    known = {
        "Mã khách hàng": customer.customer_code,
        "Điện thoại": customer.phone,
        "Địa chỉ": customer.address,
        "Thư điện tử": customer.email,
    }
    yield from (f"  {label}: {value}" for label, value in known.items() if value)
    form = f", hẹn trả lời {wording.REPLY_FORMS[ticket.wanted_reply].lower()}" if ticket.wanted_reply else ""
    yield f"  Tiếp nhận: {wording.time_of(ticket.received)} ({wording.CHANNELS[ticket.channel]}){form}"
    if ticket.danger:
        yield f"  {danger_line(parts, ticket)}"
    if ticket.outage_start:
        yield f"  Giờ bắt đầu ngừng điện: {wording.time_of(ticket.outage_start)}"
    if ticket.asked_window:
        said = "Khách đề nghị" if ticket.category is Category.OUTAGE_TIME_CHANGE else "Khách hỏi về"
        yield f"  {said}: {wording.asked_window(*ticket.asked_window)}"
    yield "  Nội dung: " + "\n    ".join(ticket.content.splitlines())
    yield from (f"  ? {question}" for question in ticket.questions)
    for row in ticket.units:
        due = f", hạn {wording.time_of(row.due)}" if row.due else ""
        yield f"  Đơn vị {wording.unit_name(row.unit, {})}: {wording.UNIT_STATES[row.state]}{due}{' - ' + row.answer if row.answer else ''}"
    for each in ticket.deadlines:
        met = f"đã xong {wording.time_of(each.met)}" if each.met else held(each.holder, awaited)
        yield f"  {history.deadline_title(_title(parts, each.name))}: {wording.time_of(each.due)} ({met})"
    if ticket.draft and ticket.state in (State.TO_APPROVE, State.RELEASED):
        yield f"  Dự thảo trả lời ({wording.REPLY_FORMS[ticket.draft.form].lower()}): {ticket.draft.text}"
    yield from (f"  Tệp: outbox/{ticket.number}/{doc.name}" for doc in kept_documents(ticket))


def kept_documents(ticket: Ticket) -> tuple[Document, ...]:
    """The files of a ticket; of one whose data were erased only the rows are left, which no new file's name may repeat."""
    return () if ticket.content == privacy.ERASED else ticket.documents


def held(holder: str, awaited: str = "") -> str:
    """Return in words who holds a promise; ``awaited`` is the line about the ticket that its ticket waits behind."""
    if awaited:
        return f"{awaited[:1].lower()}{awaited[1:]}"
    return f"đang ở {'giao dịch viên' if holder == 'agent' else wording.unit_name(holder, {})}"


def duty_desks(parts: Parts, ticket: Ticket) -> list[tuple[str, str]]:
    """Return whom to phone at once, as (name, phone): the duty desks of the units asked, else of the ticket's own unit."""
    today = parts.clock.now().date()
    asked = [row.unit for row in ticket.units if row.open] or ([ticket.unit] if ticket.unit else [])
    cards = [parts.desk.units.card(unit, today) for unit in dict.fromkeys(asked) if unit in parts.desk.units.by_id]
    return [(card.name, card.duty_phone) for card in cards if card.duty_phone]


def danger_line(parts: Parts, ticket: Ticket) -> str:
    """Return the line for a ticket with life in danger: whom to call, on which phone."""
    if ticket.state in FINISHED:
        return "Có dấu hiệu nguy hiểm."
    desks = duty_desks(parts, ticket) or _fallback_desk(parts)
    if not desks:
        return "NGUY HIỂM: GỌI NGAY trực vận hành."
    return "NGUY HIỂM: GỌI NGAY " + "; ".join(f"trực {name}: {phone}" for name, phone in desks)


def _fallback_desk(parts: Parts) -> list[tuple[str, str]]:
    """The desk that is asked about a danger whose unit nobody knows yet."""
    unit = parts.desk.units.by_id.get(parts.desk.procedure.fallback_unit)
    card = unit.on(parts.clock.now().date()) if unit else None
    return [(card.name, card.duty_phone)] if card and card.duty_phone else []


def _title(parts: Parts, name: str) -> str:
    return next((rule.title for rule in _rules(parts) if rule.name == name and rule.title), name)


def explain(parts: Parts, ticket: Ticket) -> Iterator[str]:
    """Yield line by line how each deadline came about."""
    rules = {rule.name: rule for rule in _rules(parts)}
    for each in ticket.deadlines:
        rule = rules.get(each.name)
        yield f"{rule.title if rule and rule.title else each.name} (lần {each.round}):"
        yield from (f"  {text}" for text in _why(parts, each))
    for row in ticket.units:
        unit = unit_rule(parts.desk.procedure.steps.get(row.step))
        if row.asked and unit:
            yield f"{unit.title or unit.name}: {row.unit}"
            yield from (f"  {text}" for text in explain_rule(parts.desk.calendar, unit, row.asked, "Gửi đơn vị"))
            if row.due and row.due != due_of(parts.desk.calendar, unit, row.asked):
                yield f"  Hạn đang ghi {wording.time_of(row.due)}, sẽ được tính lại ở lượt làm việc tới"


def _why(parts: Parts, each: Deadline) -> tuple[str, ...]:
    if each.extended:
        return (f"Người có thẩm quyền gia hạn đến {wording.time_of(each.due)}",)
    way, _, span = each.rule.partition(" ")
    before = way == "before"
    parsed = Span.parse(span)
    rule = DeadlineRule(each.name, "received", None if before else parsed, parsed if before else None)
    return explain_rule(parts.desk.calendar, rule, each.start, "Giờ ngừng điện" if before else "Tiếp nhận")


def _rules(parts: Parts) -> Iterator[DeadlineRule]:
    for kind in parts.desk.procedure.request_types.values():
        yield from kind.deadlines


def status(parts: Parts) -> dict[str, Any]:
    """Return the state of the office as values."""
    store, now = parts.store, parts.clock.now()
    unplaced, aside = store.items("unplaced"), store.items("set_aside")
    set_aside = store.effects("set_aside")
    return {
        "time": now.isoformat(),
        "tickets": store.counts(),
        "waiting_behind": kin.waiting_behind(store),
        "unplaced": len(unplaced),
        "set_aside": len(aside) + len(set_aside),
        "waiting_effects": len(store.effects("wanted", "claimed")),
        "unsorted": len(store.items("unsorted", "reading")),
        "last_look_mailbox": store.note("mailbox:last_look"),
        "next_look": _iso(store.next_look()),
        "alarms": [{"name": name, "since": since, "say": say} for name, since, say in watching.current(parts)],
        "warnings": [*calendar_note(parts.desk.calendar, now.date()), *_unheard(parts)],
        "corrections": corrections.counted(store),
    }


def _unheard(parts: Parts) -> Iterator[str]:
    """Say that nobody but the reader of this has heard that the mailbox is in trouble."""
    why = telling.no_way_out(parts.settings.file.alarm)
    if why and parts.store.note("alarm:mailbox:since"):
        yield f"{why[0].upper()}{why[1:]}."


def status_lines(state: dict[str, Any]) -> Iterator[str]:
    """Yield the state of the office for a person."""
    names = {str(key): value for key, value in wording.STATES.items()}
    yield "Phiếu: " + (
        ", ".join(f"{names.get(key, key)}: {count}" for key, count in sorted(state["tickets"].items())) or "chưa có"
    )
    if state["waiting_behind"]:
        yield f"Trong đó chờ chung câu trả lời của phiếu khác (cùng một lần mất điện): {state['waiting_behind']}"
    yield f"Thư chưa xếp được: {state['unplaced']} (xem: motcua unplaced) · để riêng: {state['set_aside']} (xem: motcua set-aside)"
    yield f"Việc đang chờ làm: {state['waiting_effects']} · thư, tệp chưa đọc: {state['unsorted']}"
    looked = state["last_look_mailbox"]
    yield f"Lần cuối xem được hộp thư: {wording.time_of(dt.datetime.fromisoformat(looked)) if looked else 'chưa lần nào'}"
    yield from (
        f"CẢNH BÁO {alarm_words.title(each['name'])} từ {wording.time_of(dt.datetime.fromisoformat(each['since']))}: {each['say']}"
        for each in state["alarms"]
    )
    yield from (f"LƯU Ý: {text}" for text in state["warnings"])
    if fixed := _counted(state["corrections"], "corrected"):
        yield (
            f"Chương trình đọc sai, người đã sửa lại: {fixed}. "
            "Không phải làm gì; trường nào hay sai thì xem kỹ trường ấy."
        )
    if filled := _counted(state["corrections"], "filled"):
        yield f"Chương trình không thấy trong yêu cầu, người đã bổ sung: {filled}. Không phải làm gì."


def _counted(corrections: dict[str, dict[str, int]], sort: str) -> str:
    """The fields of which people did something, each with how often among how many looks at it."""
    return ", ".join(
        f"{wording.field(name)} {counts[sort]} trong {sum(counts.values())} lần xem"
        for name, counts in corrections.items()
        if counts.get(sort)
    )
