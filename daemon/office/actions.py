"""What people do, each wish one event with its author. The commands and the console call the same functions."""

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from daemon.desk import matching, promises, time_change, todo, wording
from daemon.desk.answer import agreed
from daemon.desk.holder import waits_behind
from daemon.desk.ticket import FINISHED, Author, Category, Channel, Event, ReplyForm, State, Ticket
from daemon.desk.trouble import Refused
from daemon.office import joining, time_changing
from daemon.office.deciding import as_decided
from daemon.office.parts import Parts
from daemon.office.sorting import open_note, open_ticket, reply_event
from daemon.store.store import Arrival, Item

FIELDS = {
    "category": "loại yêu cầu",
    "unit": "đơn vị",
    "wanted_reply": "hình thức trả lời (letter, phone, email)",
    "outage_start": "giờ bắt đầu ngừng điện, ví dụ 2026-10-27T13:00",
    "danger": "nguy hiểm (yes, no)",
    "name": "tên khách hàng",
    "customer_code": "mã khách hàng",
    "phone": "điện thoại",
    "address": "địa chỉ",
    "email": "thư điện tử",
    "content": "nội dung",
    "new_start": "giờ ngừng điện mới đã thống nhất (đổi giờ ngừng điện), ví dụ 2026-10-31T07:30",
    "override_notice": "lý do vẫn đổi giờ khi không đủ số ngày báo trước theo luật",
    "draft": "bản dự thảo được dùng khi cả hai bị sửa (outbox)",
}
# What a field may be, where that is a closed list; a unit is one of config/units.toml.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "category": tuple(str(each) for each in Category),
    "wanted_reply": tuple(str(each) for each in ReplyForm),
    "danger": ("yes", "no", "có", "không"),
}


def new(parts: Parts, channel: Channel, text: str, by: str) -> str:
    """Open a ticket from a typed note (P1) and return its number. Raises Refused for an empty note."""
    text = text.strip()
    if not text:
        raise Refused(
            "Ghi chú trống: gõ hoặc chuyển nội dung vào lệnh, ví dụ: motcua new --channel phone_note < ghi-chu.txt"
        )
    now = parts.clock.now()
    arrival = Arrival(
        f"note:{now.isoformat()}:{secrets.token_hex(8)}",
        "note",
        text.encode(),
        now,
        name=f"Ghi chú của {by}",
        details={"channel": str(channel), "by": by},
    )
    parts.store.receive([arrival])
    item = parts.store.item_by_identity(arrival.identity)
    assert item is not None
    return open_note(parts, item, text)


def set_fields(parts: Parts, number: str, pairs: tuple[str, ...], by: str) -> None:
    """Confirm or correct fields; without any, everything read is confirmed. Raises Refused for what makes no sense."""
    fields: dict[str, Any] = {}
    wrong = []
    for pair in pairs:
        name, sign, value = pair.partition("=")
        try:
            if not sign:
                raise ValueError("cần dạng tên=giá trị")
            fields[name] = field_value(parts, name, value.strip())
        except ValueError as problem:
            wrong.append(f"{pair}: {problem}")
    if wrong:
        raise Refused("\n".join(wrong))
    ticket = _need(parts, number)
    time_changing.mind_fields(ticket, fields)
    unit = _unit_of(parts, ticket, fields)
    if unit:
        fields["unit"] = unit
    before = {name: _as_read(ticket, name) for name in fields if name in _READ}
    _say(parts, number, "fields_set", by, fields=fields, before=before, all=not pairs)


_READ = (
    "category",
    "unit",
    "wanted_reply",
    "outage_start",
    "danger",
    "name",
    "customer_code",
    "phone",
    "address",
    "email",
)


def _as_read(ticket: Ticket, name: str) -> Any:
    """The value a field has before a person says otherwise: what was read is kept beside what is right."""
    value = getattr(ticket.customer, name) if hasattr(ticket.customer, name) else getattr(ticket, name)
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _unit_of(parts: Parts, ticket: Ticket, fields: Mapping[str, Any]) -> str | None:
    """The unit that a corrected address or code surely leads to, where it was open and the person did not say it."""
    told = [fields[name] for name in ("address", "customer_code") if fields.get(name)]
    category = fields.get("category", ticket.category)
    if (
        not told
        or "unit" in fields
        or category == Category.OUTAGE_TIME_CHANGE
        or (ticket.unit and "unit" not in ticket.check)
    ):
        return None
    where = f"Địa chỉ: {fields.get('address') or ticket.customer.address or ''}. Mã khách hàng: {fields.get('customer_code') or ticket.customer.customer_code or ''}."
    reading = parts.reader.read(
        channel="letter", received=ticket.received, subject=None, text=f"Đề nghị kiểm tra công tơ. {where}"
    )
    return reading.unit if "unit" not in reading.check else None


def field_value(parts: Parts, name: str, value: str) -> Any:
    """Return a field's value as the ticket keeps it. Raises ValueError with what is expected."""
    if name not in FIELDS:
        raise ValueError(f"không có trường này; các trường: {', '.join(FIELDS)}")
    if name == "category":
        return _one_of(value, CHOICES[name])
    if name == "unit":
        return _one_of(value, tuple(parts.desk.units.by_id)) if value else None
    if name == "wanted_reply":
        return _one_of(value, CHOICES[name]) if value else None
    if name == "danger":
        return _one_of(value.lower(), CHOICES[name]) in ("yes", "có")
    if name == "override_notice" and not value:
        raise ValueError("cần ghi lý do")
    if name in ("outage_start", "new_start"):
        if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}|\d{4}-\d{2}-\d{2}", value):  # an hour nobody said is no start
            raise ValueError("cần cả giờ, ví dụ 27/10/2026 13:00")
        return moment(parts, value).isoformat() if value else None
    if name == "phone":
        return re.sub(r"[\s.\-()]", "", value) or None
    if name == "customer_code":
        return _code(parts, value)
    return value or None


def _one_of(value: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise ValueError(f"cần một trong: {', '.join(choices)}")
    return value


def _code(parts: Parts, value: str) -> str | None:
    code = re.sub(r"[\s.\-]", "", value).upper()
    if code and not re.fullmatch(parts.settings.file.code_pattern, code):
        raise ValueError("không đúng dạng mã khách hàng")
    return code or None


def moment(parts: Parts, text: str) -> dt.datetime:
    """Return a time written as ``2026-10-27T13:00``, ``27/10/2026 13:00`` or a date (then its last office minute).

    Raises ValueError.
    """
    zone = parts.settings.file.zone
    for form in ("%d/%m/%Y %H:%M", "%d/%m/%Y %Hh%M", "%Hh%M %d/%m/%Y"):
        try:
            return dt.datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return parts.desk.calendar.closing(dt.datetime.strptime(text, form).date())
        except ValueError:
            continue
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} không phải thời điểm, cần dạng 2026-10-27T13:00 hoặc 27/10/2026 13:00") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def found(parts: Parts, number: str, source: str, text: str, by: str) -> None:
    """Put on the ticket what the agent found (P3). Raises Refused for an empty finding, and for a ticket that has ended."""
    if not text.strip():
        raise Refused(
            "Kết quả tra cứu trống: gõ hoặc chuyển nội dung vào lệnh, ví dụ: motcua found SỐ --source phone < ket-qua.txt"
        )
    ticket = _open(parts, number)
    if ticket.state in (State.RELEASED, State.ANSWERED):
        raise Refused(
            f"Phiếu {number} đã có trả lời được duyệt (trạng thái: {_state(ticket)}), kết quả mới không thay được. "
            f"{todo.next_action(ticket)} Cần trả lời khác thì sau khi kết thúc mở lại: motcua reopen {number} --why …"
        )
    said = time_changing.said_in(ticket, text, parts.clock.now())
    _say(parts, number, "found", by, text=text.strip(), source=source, **said)


def ask(parts: Parts, number: str, unit: str, text: str, by: str) -> None:
    """Ask a unit, or answer its question with the text. Raises Refused for an unknown unit, and for a ticket that has ended."""
    if unit not in parts.desk.units.by_id:
        raise Refused(f"Không có đơn vị {unit!r}. Các đơn vị: {', '.join(parts.desk.units.by_id)}")
    _open(parts, number)
    _say(parts, number, "ask", by, unit=unit, text=text.strip())


def approve(parts: Parts, number: str, by: str, *, as_is: bool = False) -> str:
    """Release the drafted answer and return what comes next.

    Raises Refused where there is none, where a person is to choose between two changed drafts, where a new time leaves
    less than lawful notice, or, unless ``as_is``, where words of it are left to be looked at.
    """
    ticket = _need(parts, number)
    if ticket.state != "to_approve":
        raise Refused(
            f"Phiếu {number} không có dự thảo chờ duyệt (trạng thái: {_state(ticket)}). {todo.next_action(ticket)}"
        )
    why = time_change.refusal(ticket, parts.desk, parts.clock.now(), agreed(ticket)) or todo.two_drafts(ticket)
    why = why or ("" if as_is else todo.words_to_see(ticket))
    if why:
        raise Refused(why)
    _say(parts, number, "approved", by)
    return todo.approved(_need(parts, number))


def _state(ticket: Ticket) -> str:
    return wording.STATES[ticket.state].lower()


def answered(parts: Parts, number: str, form: str, note: str, by: str) -> None:
    """Say that the customer has the answer."""
    ticket = _need(parts, number)
    if ticket.state in ("closed", "answered", "cancelled", "merged"):
        raise Refused(
            f"Phiếu {number} đã kết thúc (trạng thái: {_state(ticket)}). Mở lại bằng: motcua reopen {number} --why …"
        )
    _say(parts, number, "answered", by, by=form, note=note)


def give_number(parts: Parts, number: str, text: str, by: str) -> str:
    """Enter the official number that the clerk gave (contract, "Numbers and marks"); return which file carries it."""
    _say(parts, number, "number_given", by, text=text.strip())
    return todo.numbered(_need(parts, number))


def extend(parts: Parts, number: str, until: str, why: str, by: str) -> str:
    """Promise the customer a later answer, with a reason; return what the customer gets of it, and from whom."""
    try:
        end = moment(parts, until)
    except ValueError as problem:
        raise Refused(str(problem)) from problem
    if end <= parts.clock.now():
        raise Refused(f"Hạn mới {until} đã qua.")
    ticket = _open(parts, number)
    _say(parts, number, "extended", by, cause=why, until=end.isoformat(), why=why)
    return todo.extended(ticket, parts.desk)


def reopen(parts: Parts, number: str, why: str, by: str) -> None:
    """Open a finished ticket again, where it stood; a new round where its customer had an answer. Raises Refused."""
    ticket = _need(parts, number)
    if ticket.state not in ("closed", "cancelled", "merged", "set_aside"):
        raise Refused(f"Phiếu {number} chưa kết thúc, không cần mở lại. {todo.next_action(ticket)}")
    _say(parts, number, "reopened", by, cause=why, why=why)
    leader = waits_behind(_need(parts, number))
    if leader:
        joining.rejoin(parts, number, leader)


def merge(parts: Parts, number: str, into: str, by: str) -> str:
    """Join a ticket to another one about the same matter; return who is told, and where they seem to be of two customers.

    Raises Refused where nobody would answer it there.
    """
    target = _need(parts, into)
    if number == into or target.state == "merged":
        raise Refused(f"Không nhập được phiếu {number} vào {into}.")
    if target.state in FINISHED and promises.met(target) is None:
        raise Refused(
            f"Phiếu {into} đã kết thúc mà khách hàng chưa được trả lời (trạng thái: {_state(target)}): nhập vào đó thì không ai "
            f"trả lời nữa. Mở lại trước bằng: motcua reopen {into} --why …"
        )
    ticket = _open(parts, number)
    said = [*todo.ended(ticket, parts.desk, parts.clock.now(), customer=False), _two_customers(ticket, target)]
    asked_there = sorted({row.unit for row in target.units if row.open})
    _say(parts, number, "merged", by, into=into, asked_there=asked_there)
    _say(parts, into, "merged_from", by, number=number)
    return "\n".join(filter(None, said))


def _two_customers(ticket: Ticket, target: Ticket) -> str:
    mine, theirs = ticket.customer, target.customer
    codes = mine.customer_code and theirs.customer_code and mine.customer_code != theirs.customer_code
    phones = mine.phone and theirs.phone and mine.phone != theirs.phone
    names = mine.name and theirs.name and mine.name.casefold() != theirs.name.casefold()
    if not (codes or (phones and names)):
        return ""
    return (
        f"Hai phiếu ghi hai khách hàng khác nhau ({mine.name or mine.customer_code}; {theirs.name or theirs.customer_code}): chỉ "
        f"khách của phiếu {target.number} được trả lời. Nhầm thì: motcua reopen {ticket.number} --why …"
    )


def finish(parts: Parts, number: str, kind: str, why: str, by: str) -> str:
    """Close or cancel a ticket by a person's word; return who is told of it, and who is not."""
    ticket = _need(parts, number)
    if ticket.state in ("closed", "cancelled", "merged"):
        raise Refused(f"Phiếu {number} đã kết thúc.")
    _say(parts, number, kind, by, cause=why, why=why)
    return "\n".join(todo.ended(ticket, parts.desk, parts.clock.now()))


def place(parts: Parts, item_id: int, number: str, by: str) -> None:
    """Put a mail on a ticket; from a person's hand it counts as the unit's word. Raises Refused."""
    item, ticket = _item(parts, item_id), _need(parts, number)
    if item.state == "sorted" and item.ticket != number:
        raise Refused(f"Thư {item_id} đã nằm ở phiếu {item.ticket}.")
    message = _message(parts, item)
    unit = parts.desk.units.addresses(parts.clock.now().date()).get(message.from_address or "")
    unit = unit or next((row.unit for row in ticket.units if row.open), None)
    trust = matching.Trust(unit=unit, trusted=True, why=f"{by} xác nhận")
    event = reply_event(parts, item, message, ticket, trust)
    event = Event(event.kind, parts.clock.now(), Author("person", by), event.content, f"{by} đặt thư vào phiếu")
    if item.state == "sorted":
        parts.store.record(number, event, parts.clock.now())
    else:
        parts.store.place(item.id, number, event, parts.clock.now(), message.message_id)


def open_from_item(parts: Parts, item_id: int, by: str) -> str:
    """Open a new ticket from a mail that was left unplaced or set aside; return its number.

    That it is a request is the person's word: where the program reads none, the kind is left to check, never set aside again.
    """
    item = _item(parts, item_id)
    if item.state == "sorted":
        raise Refused(f"Thư {item_id} đã nằm ở phiếu {item.ticket}.")
    message = _message(parts, item)
    text = message.text or ""
    reading = parts.reader.read(
        channel="email", received=item.received, subject=message.subject, text=text, sender=message.from_address
    )
    if reading.category == Category.NOT_A_REQUEST:
        ask = f"{by} mở phiếu từ thư mà chương trình đọc là không phải yêu cầu: chọn loại yêu cầu, kiểm tra các ô."
        reading = replace(
            reading,
            category=str(Category.OTHER),
            check=tuple(dict.fromkeys(("category", *reading.check))),
            questions=(*reading.questions, ask),
        )
    known = {"email": message.from_address, "message_id": message.message_id, "subject": message.subject}
    return open_ticket(parts, item.id, reading, Channel.EMAIL, item, text, by=Author("person", by), **known)


def stands(parts: Parts, number: str) -> str:
    """Return in words where a ticket stands, what it asks of a person, and what comes next."""
    ticket = _need(parts, number)
    asks = f" Cần xem: {', '.join(map(wording.field, ticket.check))}." if ticket.check else ""
    return f"{wording.STATES[ticket.state]}.{asks} {todo.next_action(ticket)}"


def retry(parts: Parts, name: str, by: str = "motcua") -> str:
    """Try again what was set aside: ``m12`` is an item, ``12`` an effect. Return what it was. Raises Refused."""
    number = name.lstrip("mM")
    if not number.isdigit():
        raise Refused(f"{name!r}: cần số như trong motcua set-aside, ví dụ 12 (việc) hoặc m12 (thư, tệp).")
    if name[0] in "mM":
        item = _item(parts, int(number))
        if not parts.store.mark_item(item.id, "unsorted", ""):
            raise Refused(f"Thư, tệp {item.id} đã nằm ở phiếu {_item(parts, item.id).ticket}, không đọc lại.")
        return item.name or item.subject
    aside = next((row for row in parts.store.effects("set_aside") if row["id"] == int(number)), None)
    if aside is None or not parts.store.retry_effect(int(number), sent_anyway=True):
        raise Refused(f"Không có việc {number} đang để riêng. Xem: motcua set-aside")
    if aside["ticket"]:
        _say(parts, aside["ticket"], "retried", by, effect=aside["id"], kind=aside["kind"])
    return f"việc {number}"


def _item(parts: Parts, item_id: int) -> Item:
    item = parts.store.item(item_id)
    if item is None:
        raise Refused(f"Không có thư hay tệp số {item_id}. Xem: motcua unplaced, motcua set-aside")
    return item


def _message(parts: Parts, item: Item) -> Any:
    from daemon.mailbox.message import parse, read_msg

    data = parts.store.originals.read(item.digest)
    return read_msg(data) if item.source == "msg" else parse(data)


def _need(parts: Parts, number: str) -> Ticket:
    """Return a ticket as it stands once what has been said of it is decided: two commands may follow at once."""
    ticket = parts.store.ticket(number)
    if ticket is None:
        raise Refused(f"Không có phiếu {number}. Xem danh sách bằng: motcua tickets")
    return as_decided(parts, ticket)


def _open(parts: Parts, number: str) -> Ticket:
    """Return a ticket that has not ended: on one that has, nothing would come of the wish. Raises Refused."""
    ticket = _need(parts, number)
    if ticket.state in FINISHED:
        raise Refused(f"Phiếu {number} đã kết thúc (trạng thái: {_state(ticket)}). {todo.next_action(ticket)}")
    return ticket


def _say(parts: Parts, number: str, kind: str, author: str, /, cause: str = "", **content: Any) -> None:
    parts.store.record(
        number, Event(kind, parts.clock.now(), Author("person", author), content, cause), parts.clock.now()
    )
