"""Later words to a unit that was asked and has not answered: not needed any more, needed after all, or put right.

Each is a short mail on the thread of the unit's own form. Where the office does not let forms go out by themselves, or the
unit has no address, a person is told to do it. Customers are told nothing here: that is a person's word.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from daemon.desk import clocks, history, mails, steps, wording
from daemon.desk.effects import SEND_MAIL, Mail
from daemon.desk.procedure import MailText, Step
from daemon.desk.ticket import Category, Ticket, UnitAsked, UnitState
from daemon.desk.work import LEADERS, Work

NOT_NEEDED, NEEDED_AGAIN, CORRECTED = "not_needed", "needed_again", "corrected"
_END = "\n\n{desk} - {office}\nĐiện thoại: {office_phone}"

# For procedure files that have no such mail text of their own.
TEXTS: Mapping[str, MailText] = {
    NOT_NEEDED: MailText(
        "Không cần trả lời nữa: yêu cầu của khách hàng {customer}",
        "Kính gửi: {unit}\n\nPhiếu {number} không cần trả lời nữa. Lý do: {why}\n- Khách hàng: {customer}\n- Địa chỉ: {address}"
        "\n\n{safety}" + _END,
    ),
    NEEDED_AGAIN: MailText(
        "Vẫn cần trả lời: yêu cầu của khách hàng {customer}",
        "Kính gửi: {unit}\n\nPhiếu {number} được mở lại: đề nghị đơn vị vẫn xác minh, trả lời theo phiếu đã gửi.\n"
        "- Khách hàng: {customer}\n- Địa chỉ: {address}\n- Hạn trả lời: {due}" + _END,
    ),
    CORRECTED: MailText(
        "Đính chính phiếu đã gửi: khách hàng {customer}",
        "Kính gửi: {unit}\n\nPhiếu {number} đã gửi đơn vị có thay đổi, đề nghị thực hiện theo thông tin mới "
        "(phiếu kèm theo thay cho phiếu đã gửi):\n{changed}\n\nHạn trả lời giữ nguyên: {due}." + _END,
    ),
}
SAFETY = "Nơi còn nguy hiểm, đơn vị vẫn kiểm tra và bảo đảm an toàn theo quy định."


# -- no longer, and after all ------------------------------------------------------------------------------------------
def not_needed(work: Work, why: str, elsewhere: str = "", also_asked: tuple[str, ...] = ()) -> None:
    """Tell every unit still waited for that its answer is not needed, and why; ``also_asked`` answer ``elsewhere``."""
    for row in work.ticket.units:
        if awaited(row):
            tell_not_needed(work, row, f"{why} Đề nghị trả lời ở phiếu {elsewhere}." if row.unit in also_asked else why)


def tell_not_needed(work: Work, row: UnitAsked, why: str) -> None:
    """Tell one unit whose form went out that its answer is not needed."""
    danger = work.ticket.danger or work.ticket.category is Category.INCIDENT_REPORT
    _tell(work, row, NOT_NEEDED, why=wording.full_stop(why), safety=SAFETY if danger else "")


def needed_again(work: Work) -> None:
    """Tell those who are waited for again after they were told not to answer; not where that word has not gone out yet."""
    for row in work.ticket.units:
        if not awaited(row):
            continue
        unsaid = [effect for effect in work.effects if _is_about(effect.payload, row, NOT_NEEDED)]
        if unsaid:
            work.effects = [effect for effect in work.effects if effect not in unsaid]
        else:
            _tell(work, row, NEEDED_AGAIN)


def awaited(row: UnitAsked) -> bool:
    """Say whether a unit has a form of ours and is still to answer it."""
    return row.open and row.asked is not None and row.state is not UnitState.BOUNCED


def mailed(work: Work, row: UnitAsked) -> bool:
    """Say whether the unit is told by mail; else a person tells it."""
    return bool(_addresses(work, row) and (work.desk.outgoing.requests or work.ticket.urgent))


# -- put right ---------------------------------------------------------------------------------------------------------
def corrected(work: Work, before: Ticket) -> None:
    """Send those still waited for what a person put right on the ticket since, with the form written anew."""
    changed = _changed(work, before)
    if not changed:
        return
    asked = {(row.unit, row.step, row.round) for row in before.units if row.open}
    for row in work.ticket.units:
        step = work.desk.procedure.steps.get(row.step)
        if step and row.open and row.state is not UnitState.BOUNCED and (row.unit, row.step, row.round) in asked:
            _correct(work, step, row, changed)


def _correct(work: Work, step: Step, row: UnitAsked, changed: str) -> None:
    unsent = [effect for effect in work.effects if _is_about(effect.payload, row, "request")]
    if unsent:  # the form is wanted in this very decision: it is written with what is right
        gone = {*(effect.key for effect in unsent), *(effect.after for effect in unsent)}
        work.effects = [effect for effect in work.effects if effect.key not in gone]
        steps.send_request(work, step, row)
        return
    form = step.forms.get(row.unit, step.form)
    attach: tuple[tuple[str, int], ...] = ()
    after = _key(work, row, f"mail-request-{clocks.slug(row.unit)}-{row.address}")  # never ahead of what it puts right
    if form:
        kind = f"{step.document or 'request'}-{clocks.slug(row.unit)}"
        due = row.due.isoformat() if row.due else None
        after, round = work.want_document(kind, form, unit=row.unit, due=due, after=after)
        attach = ((kind, round),)
    _tell(work, row, CORRECTED, attach, after, changed=changed)


def _changed(work: Work, before: Ticket) -> str:
    """What a crew or a clerk of the unit needs and is another now, a line each; empty where nothing is."""
    lines = []
    for name in ("name", "customer_code", "phone", "address", "outage_start", "content"):
        old, new = _value(before, name), _value(work.ticket, name)
        if old != new:
            lines.append(f"- {_label(work.ticket, name)}: {_change(work, name, old, new)}")
    return "\n".join(lines)


def _value(ticket: Ticket, name: str) -> str | dt.datetime | None:
    holder = ticket.customer if hasattr(ticket.customer, name) else ticket
    value: str | dt.datetime | None = getattr(holder, name)
    return value


def _label(ticket: Ticket, name: str) -> str:
    place = name == "address" and (ticket.danger or ticket.category is Category.INCIDENT_REPORT)
    return "Địa điểm" if place else history.field_name(name)


def _change(work: Work, name: str, old: str | dt.datetime | None, new: str | dt.datetime | None) -> str:
    if name == "content":
        return f"{mails.short(str(new or ''))} (nội dung mới, thay cho nội dung đã gửi)"
    return f"{_said(work, old)} → {_said(work, new)}"


def _said(work: Work, value: str | dt.datetime | None) -> str:
    if isinstance(value, dt.datetime):
        return wording.time_of(value.astimezone(work.desk.calendar.zone))
    return value or "(để trống)"


# -- the mail ----------------------------------------------------------------------------------------------------------
def _is_about(payload: Mapping[str, object], row: UnitAsked, purpose: str) -> bool:
    return (payload.get("purpose"), payload.get("unit"), payload.get("step"), payload.get("round")) == (
        purpose,
        row.unit,
        row.step,
        row.round,
    )


def _tell(
    work: Work,
    row: UnitAsked,
    purpose: str,
    attach: tuple[tuple[str, int], ...] = (),
    after: str | None = None,
    **more: str,
) -> None:
    card = work.card(row.unit)
    if not mailed(work, row):
        _leave_to_person(work, row, purpose, more)
        return
    step = work.desk.procedure.steps.get(row.step)
    duty = bool(step and step.duty_desk)
    text = work.desk.procedure.mails.get(purpose) or TEXTS[purpose]
    named = replace(card, name=f"Trực vận hành {card.name}") if duty else card
    values = mails.values(work, named, row.due, **more)
    urgent = work.ticket.urgent and purpose != NOT_NEEDED
    mail = Mail(
        to=_addresses(work, row),
        subject=mails.subject(work.ticket, ("KHẨN - " if urgent else "") + mails.fill(text.subject, values)),
        body=mails.fill(text.body, values),
        step=row.step,
        round=row.round,
        attach=attach,
        in_reply_to=row.message_id,
        urgent=urgent,
        purpose=purpose,
        unit=row.unit,
    )
    key = _key(work, row, f"mail-{purpose}-{clocks.slug(row.unit)}-{_seq(work)}")
    work.want(SEND_MAIL, key, mail.as_payload(), after)


def _key(work: Work, row: UnitAsked, kind: str) -> str:
    return f"{work.ticket.number}/{row.step}/{row.round}/{kind}"


def _leave_to_person(work: Work, row: UnitAsked, purpose: str, more: Mapping[str, str]) -> None:
    name = work.card(row.unit).name
    if purpose == CORRECTED:
        work.ask_person("request", f"Báo {name} thông tin đã sửa (phiếu mới trong outbox): {more['changed']}")
    else:
        work.note("tell_unit", f"Báo {name}: {_WORDS[purpose]}", unit=row.unit)


_WORDS: Mapping[str, str] = {NOT_NEEDED: "phiếu không cần trả lời nữa", NEEDED_AGAIN: "phiếu vẫn cần trả lời"}


def _addresses(work: Work, row: UnitAsked) -> tuple[str, ...]:
    if row.unit == LEADERS:
        return work.desk.units.leaders
    step = work.desk.procedure.steps.get(row.step)
    return clocks.address_of(work, step, row) if step else ()


def _seq(work: Work) -> int:
    return work.ticket.news[-1].seq if work.ticket.news else 0
