"""Room 4, carry out: each kind of effect has one performer. It acts on the world and returns what it learnt as events."""

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from daemon.desk import effects, letters, mails, time_change
from daemon.desk.question import Question
from daemon.desk.tariff import amount_of
from daemon.desk.text import fold
from daemon.desk.ticket import PROGRAM, Category, Event, Ticket
from daemon.desk.trouble import NeedsPerson, Refused, TryLater
from daemon.desk.work import LEADERS
from daemon.mailbox.base import Found, Where
from daemon.mailbox.compose import File, compose
from daemon.office import digest, hand_edits, joining, restraint, time_changing
from daemon.office.files import put_file
from daemon.office.parts import Parts
from daemon.points import passing
from daemon.store import together
from daemon.store.store import Claimed

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Seconds an effect may stay in hand before another process takes it over.
LEASES: Mapping[str, float] = {
    effects.LOOK_UP: 30,
    effects.WRITE_DOCUMENT: 60,
    effects.FILE_ORIGINAL: 60,
    effects.SEND_MAIL: 180,
    effects.SAVE_DRAFT: 180,
    effects.REMOVE_DRAFT: 120,
    effects.READ_SCAN: 300,
    effects.WRITE_REPORT: 180,
    effects.TELL_GROUP: 60,
    effects.TELL_ADMINISTRATOR: 180,
}
MOST_TRIES = 8
MOST_DEATHS = 5


def perform(parts: Parts, effect: Claimed) -> list[Event]:
    """Carry an effect out and return the events. Raises TryLater, Refused or NeedsPerson."""
    return PERFORMERS[effect.kind](parts, effect)


def _ticket(parts: Parts, effect: Claimed) -> Ticket:
    ticket = parts.store.ticket(effect.ticket or "")
    if ticket is None:
        raise Refused(f"Không còn phiếu {effect.ticket}.")
    return ticket


def _event(parts: Parts, kind: str, /, **content: Any) -> Event:
    return Event(kind, parts.clock.now(), PROGRAM, content)


# -- look-ups ----------------------------------------------------------------------------------------------------------
def _look_up(parts: Parts, effect: Claimed) -> list[Event]:
    ticket = _ticket(parts, effect)
    if effect.payload.get("about") == time_change.ABOUT:
        return time_changing.find_announced(parts, ticket)
    looked = parts.lookups.look(_question(parts, ticket))
    answer = looked.answer
    if answer is not None and answer.sure:
        known = {"text": answer.text, "source": answer.source, "as_of": answer.as_of.isoformat()}
        return [_event(parts, "found", **known, note=" ".join(looked.notes), assumed=list(answer.assumed))]
    return [_event(parts, "looked_up", outcome="not_found", note=" ".join(looked.notes))]


def _question(parts: Parts, ticket: Ticket) -> Question:
    customer = ticket.customer
    return Question(
        category=ticket.category,
        at=ticket.received,
        text=f"{ticket.subject or ''}\n{ticket.content}",
        name=customer.name,
        address=customer.address,
        unit=ticket.unit,
        customer_code=customer.customer_code,
        phone=customer.phone,
        window=None if ticket.category is Category.OUTAGE_TIME_CHANGE else ticket.asked_window,  # there it is a wish
    )


def cost_lines(parts: Parts, ticket: Ticket, day: dt.date) -> tuple[list[letters.CostLine], str]:
    """Return the cost table of the letter valid on a day (facts, section 2), and what it rests on.

    A household always pays the base; the rows by distance are left out where the customer surely is one.
    """
    from daemon.lookups.hints import household_of

    table = parts.lookups.tariffs.on(day)
    if table is None:
        return [], ""
    lines = [letters.CostLine("Sinh hoạt", band.title, "mọi khoảng cách", band.base) for band in table.voltages]
    if household_of(_question(parts, ticket)) is not True:
        region = table.regions[0]
        lines += [
            letters.CostLine(f"Khác ({region.title})", band.title, far.title, amount_of(band, far, region))
            for band in table.voltages
            for far in table.distances
        ]
    return lines, table.basis


# -- documents ---------------------------------------------------------------------------------------------------------
def _write_document(parts: Parts, effect: Claimed) -> list[Event]:
    ticket, payload = _ticket(parts, effect), effect.payload
    kind, round = payload["kind"], payload["round"]
    name = f"{ticket.number}-{kind}-{round}.docx"

    def render(ticket: Ticket, payload: Mapping[str, Any], now: dt.datetime) -> bytes:
        code = letters.qr_text(ticket.number, kind, payload["round"])
        return parts.renderer.render(payload["template"], _values(parts, ticket, payload, now), code)

    fresh = render(ticket, payload, parts.clock.now())
    data, told = hand_edits.kept(parts, ticket, payload, fresh, render)
    digest = put_file(parts, ticket.number, name, data)
    return [_event(parts, "document_written", kind=kind, round=round, name=name, digest=digest, **told)]


def _values(parts: Parts, ticket: Ticket, payload: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    unit = payload.get("unit")
    units = parts.desk.units
    card = units.card(unit, now.date()) if unit and unit in units.by_id else None
    names = {each: units.card(each, now.date()).name for each in units.by_id} | {LEADERS: parts.desk.office.leader}
    due = payload.get("due")
    costs, basis = cost_lines(parts, ticket, now.date()) if ticket.category is Category.RECONNECTION_COST else ([], "")
    return letters.values(
        ticket,
        parts.desk.office,
        card,
        parts.desk.procedure,
        now,
        kind=payload["kind"],
        round=payload["round"],
        answer_text=payload.get("answer"),
        due=dt.datetime.fromisoformat(due) if due else None,
        unit=unit,
        unit_names=names,
        agreed=payload.get("agreed"),
        reason=payload.get("reason") or "",
        new_window=_new_window(ticket),
        costs=costs,
        cost_basis=basis,
        mailed=bool(payload.get("mailed")),
    )


def _new_window(ticket: Ticket) -> letters.NewWindow | None:
    change = ticket.change
    return (change.new_start, change.new_end) if change and change.new_start else None


def _file_original(parts: Parts, effect: Claimed) -> list[Event]:
    """Put the scan or mail, and a unit's attachments, beside the ticket's other files."""
    payload, number = effect.payload, effect.ticket or ""
    data = _original(parts, payload["digest"], effect)
    kind, round = payload["kind"], payload["round"]
    suffix = Path(payload.get("name") or "").suffix.lower()
    suffix = {"mail": ".eml", "msg": ".msg", "note": ".txt"}.get(payload.get("source", ""), suffix or ".bin")
    events = [_filed(parts, number, kind, round, f"{number}-{kind}-{round}{suffix}", data)]
    if payload.get("source") in ("mail", "msg"):
        events += _file_attachments(parts, number, kind, round, data, payload["source"])
    return events


def _original(parts: Parts, digest: str, effect: Claimed) -> bytes:
    try:
        return parts.store.originals.read(digest)
    except FileNotFoundError as problem:
        raise NeedsPerson(
            f"Không còn bản gốc {digest[:12]}… trong var/originals: khôi phục bản sao lưu rồi chạy motcua retry {effect.id}"
        ) from problem
    except OSError as problem:
        raise TryLater(f"Không đọc được bản gốc {digest[:12]}…: {problem.strerror}. Kiểm tra ổ đĩa.") from problem


def _filed(parts: Parts, number: str, kind: str, round: int, name: str, data: bytes) -> Event:
    digest = put_file(parts, number, name, data)
    return _event(parts, "original_filed", kind=kind, round=round, name=name, digest=digest)


def _file_attachments(parts: Parts, number: str, kind: str, round: int, raw: bytes, source: str) -> list[Event]:
    from daemon.mailbox.message import parse, read_msg

    message = read_msg(raw) if source == "msg" else parse(raw)
    real = [each for each in message.attachments if not each.inline]
    return [
        _filed(parts, number, kind, round, f"{number}-{kind}-{round}-{index}-{ascii_name(each.name)}", each.content)
        for index, each in enumerate(real, start=1)
    ]


def ascii_name(name: str) -> str:
    """Return a file name in ASCII without blanks, at most 80 characters, its suffix kept."""
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "-" for char in fold(stem))
    plain = "-".join(part for part in plain.split("-") if part) or "tep"
    tail = "".join(char for char in fold(suffix) if char.isascii() and char.isalnum())
    return f"{plain[:70]}.{tail[:8]}" if tail else plain[:70]


# -- mail --------------------------------------------------------------------------------------------------------------
def _send_mail(parts: Parts, effect: Claimed) -> list[Event]:
    """Send once. After an attempt that may have worked, look first; what stays in doubt goes to a person."""
    payload = effect.payload
    assert effect.message_id is not None
    if effect.attempts > 1 and _went_out(parts, effect):
        return [_sent(parts, effect, "", found="Tìm thấy trong thư đã gửi")]
    if why := restraint.withheld(parts, effect):
        return [_event(parts, "mail_withheld", reason=why, purpose=payload.get("purpose"), to=payload.get("to"))]
    effect, companions = digest.gather(parts, effect)
    if companions:
        return digest.send(parts, effect, companions)
    raw = _compose(parts, effect)
    parts.store.about_to(effect)
    try:
        passing("send.before")
        warning = parts.mailbox.send(raw)
        passing("send.after")
    except NeedsPerson as doubt:
        raise TryLater(str(doubt)) from doubt
    except TryLater:
        parts.store.not_tried(effect)  # the contract of the mailboxes: then it surely did not go out
        raise
    except Refused as problem:
        keys = ("purpose", "unit", "to")
        return [_event(parts, "mail_refused", reason=str(problem), **{name: payload.get(name) for name in keys})]
    return [_sent(parts, effect, warning or "")]


def _went_out(parts: Parts, effect: Claimed) -> bool:
    """Say whether an earlier attempt worked. Raises TryLater to look again, NeedsPerson when looking does not help.

    It is also asked where an attempt surely failed: a person who has a mail in doubt sent again may be mistaken.
    """
    if any(each.where is Where.SENT for each in _own_copies(parts, effect)):
        return True
    if not effect.tried or parts.mailbox.sent_is_proof:
        return False
    if effect.attempts < 4:
        raise TryLater("Chưa rõ thư đã đi hay chưa, sẽ xem lại trong thư đã gửi.")
    raise NeedsPerson(
        f"Không rõ thư '{effect.payload['subject']}' đã gửi hay chưa: xem thư đã gửi. Nếu chưa gửi: motcua retry {effect.id}"
    )


def _own_copies(parts: Parts, effect: Claimed) -> list[Found]:
    return [each for each in parts.mailbox.find(together.sent_as(effect)) if each.exact]


def _sent(parts: Parts, effect: Claimed, warning: str, **more: str) -> Event:
    keys = ("purpose", "unit", "to", "step", "round")
    content = {name: effect.payload.get(name) for name in keys}
    return _event(parts, "mail_sent", message_id=together.sent_as(effect), warning=warning, **content, **more)


def _compose(parts: Parts, effect: Claimed) -> bytes:
    payload = effect.payload
    file = parts.settings.file
    assert effect.message_id is not None
    return compose(
        sender=(f"{file.office.desk} - {file.office.short_name or file.office.name}", file.mailbox_address),
        # A draft whose reader is not agreed by mail is addressed to the desk itself: sent by mistake, it goes nowhere.
        to=tuple(payload["to"]) or (file.mailbox_address,),
        cc=tuple(payload.get("cc", ())),
        subject=payload["subject"],
        body=_body(parts, effect),
        date=parts.clock.now(),
        message_id=effect.message_id,
        in_reply_to=payload.get("in_reply_to"),
        number=effect.ticket,
        files=tuple(_enclosure(parts, effect, kind, round) for kind, round in payload.get("attach", ())),
        urgent=bool(payload.get("urgent")),
        by_person=bool(payload.get("by_person")),
    )


def _body(parts: Parts, effect: Claimed) -> str:
    """Return the mail's words; those of the letter it carries are read from the file, as staff may have changed it."""
    body: str = effect.payload["body"]
    if mails.LETTER not in body:
        return body
    from daemon.documents.letter_text import letter_text

    letter = _enclosure(parts, effect, *effect.payload["attach"][0])
    text = letter_text(letter.content)
    if text is None:
        raise TryLater(
            f"Không đọc được lời trong {letter.name} (outbox/{effect.ticket}): mở bằng Word, lưu lại dạng .docx rồi đóng tệp."
        )
    return body.replace(mails.LETTER, text, 1)


def _enclosure(parts: Parts, effect: Claimed, kind: str, round: int) -> File:
    name = f"{effect.ticket}-{kind}-{round}.docx"
    path = parts.outbox / str(effect.ticket) / name
    try:
        return File(name, path.read_bytes(), WORD)
    except FileNotFoundError as problem:
        raise NeedsPerson(
            f"Thiếu tệp kèm {name} trong outbox/{effect.ticket}: đặt lại tệp rồi chạy motcua retry {effect.id}"
        ) from problem
    except OSError as problem:
        raise TryLater(f"Không đọc được {name}: {problem.strerror}.") from problem


def _save_draft(parts: Parts, effect: Claimed) -> list[Event]:
    assert effect.message_id is not None
    # A draft of an earlier attempt may even have been sent by a person meanwhile: it is not laid there again.
    keys = [each.key for each in _own_copies(parts, effect)] if effect.attempts > 1 else []
    if not keys:
        raw = _compose(parts, effect)
        parts.store.about_to(effect)
        passing("draft.before")
        keys = [parts.mailbox.save_draft(raw)]
        passing("draft.after")
    return [
        _event(parts, "draft_saved", key=keys[0], message_id=effect.message_id, round=effect.payload["attach"][0][1])
    ]


def _remove_draft(parts: Parts, effect: Claimed) -> list[Event]:
    passing("remove_draft.before")
    parts.mailbox.remove_draft(effect.payload["key"])
    passing("remove_draft.after")
    return []


# -- scans -------------------------------------------------------------------------------------------------------------
def _read_scan(parts: Parts, effect: Claimed) -> list[Event]:
    from daemon.office.scanning import read_scan

    return read_scan(parts, effect)


# -- reports -----------------------------------------------------------------------------------------------------------
def _write_report(parts: Parts, effect: Claimed) -> list[Event]:
    from daemon.office.reporting import deliver_report

    deliver_report(parts, effect)
    return []


def _tell_administrator(parts: Parts, effect: Claimed) -> list[Event]:
    from daemon.office.telling import tell

    tell(parts, effect)
    return []


PERFORMERS: Mapping[str, Callable[[Parts, Claimed], list[Event]]] = {
    effects.LOOK_UP: _look_up,
    effects.WRITE_DOCUMENT: _write_document,
    effects.FILE_ORIGINAL: _file_original,
    effects.SEND_MAIL: _send_mail,
    effects.SAVE_DRAFT: _save_draft,
    effects.REMOVE_DRAFT: _remove_draft,
    effects.READ_SCAN: _read_scan,
    effects.WRITE_REPORT: _write_report,
    effects.TELL_GROUP: joining.tell_group,
    effects.TELL_ADMINISTRATOR: _tell_administrator,
}
