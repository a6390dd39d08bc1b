"""What comes next with a ticket, in a sentence for staff with the command that does it. Decides nothing."""

import datetime as dt
import re

from daemon.desk import notices, promises, wording
from daemon.desk.desk import Desk
from daemon.desk.holder import behind, waits_behind
from daemon.desk.steps import WORDING, what_it_lacks
from daemon.desk.ticket import Category, Channel, ReplyForm, State, Ticket, UnitState
from daemon.desk.work import Work

DRAFT = "draft"  # in ``check``: a person changed the draft in the mailbox and chooses which one goes to the customer
UNDELIVERED = "answer_mail"  # in ``check``: the released answer was refused and waits for another address
_QUOTED = re.compile("«[^»]*»")
_REST = {
    State.NEW: "Chương trình xử lý ở lượt làm việc tới.",
    State.LOOKING_UP: "Chương trình đang tra cứu. Đã có kết quả thì ghi: motcua found {number} --source phone",
    State.TO_CHECK: "Xem các ô cần xem rồi xác nhận: motcua set {number}",
    State.TO_APPROVE: "Đọc dự thảo rồi duyệt: motcua approve {number}",
    State.MERGED: "Xem phiếu {into}. Cần xử lý riêng thì mở lại: motcua reopen {number} --why …",
    State.SET_ASIDE: "Đúng là yêu cầu thì đổi loại: motcua set {number} category=…",
}
_UNDELIVERED = "Sửa địa chỉ thì thư được gửi lại: motcua set {number} email=… Hoặc báo khách cách khác rồi ghi: motcua answered {number} --by phone"


def next_action(ticket: Ticket) -> str:
    """Return what a person does next with a ticket, or what it waits for."""
    if ticket.state is State.WAITING_UNIT:
        return _waiting(ticket)
    if ticket.state is State.RELEASED and UNDELIVERED in ticket.check:
        return undelivered(ticket.number)
    if ticket.state is State.RELEASED and ticket.draft:
        return ". ".join(line.removesuffix(".") for line in carried(ticket))
    text = _REST.get(ticket.state, "Cần xử lý tiếp thì mở lại: motcua reopen {number} --why …")
    return text.format(number=ticket.number, into=ticket.merged_into)


def undelivered(number: str) -> str:
    """Return what a person does with a released answer whose address was refused."""
    return _UNDELIVERED.format(number=number)


def carried(ticket: Ticket) -> list[str]:
    """Return how a released answer reaches its customer, and what a person does for it, sentence by sentence."""
    draft, number = ticket.draft, ticket.number
    assert draft is not None
    if draft.form is ReplyForm.EMAIL:
        to = f" tới {ticket.customer.email}" if ticket.customer.email else ""
        return [f"Thư trả lời đang được gửi{to}, không phải làm gì; thư đi rồi thì phiếu tự kết thúc."]
    if draft.form is ReplyForm.PHONE:
        sheet = _file(ticket, "call-sheet", max(1, ticket.next_document_round("call-sheet") - 1))
        who = " ".join(filter(None, (ticket.customer.phone, ticket.customer.name and f"({ticket.customer.name})")))
        return [f"Gọi khách hàng {who}".rstrip() + f" theo {sheet}. Gọi xong ghi: motcua answered {number} --by phone"]
    unnumbered = f"Văn bản chưa có số. Văn thư cấp số thì ghi, văn bản được lập lại có số: motcua number {number} SỐ"
    steps = [
        f"In {_file(ticket, 'answer', draft.round)}, trình ký, gửi khách hàng.",
        f"Gửi rồi thì thả bản quét đã ký vào inbox/. Hoặc ghi: motcua answered {number} --by letter",
    ]
    return steps if ticket.official_number else [unnumbered, *steps]


def _file(ticket: Ticket, kind: str, round: int) -> str:
    name = f"{ticket.number}-{kind}-{round}.docx"
    known = next((doc.name for doc in ticket.documents if (doc.kind, doc.round) == (kind, round)), name)
    return f"outbox/{ticket.number}/{known}"


def two_drafts(ticket: Ticket) -> str:
    """Return why an answer is not released yet: a person changed the draft in the mailbox, and is to choose; empty otherwise."""
    if DRAFT not in ticket.check:
        return ""
    sent = "gửi thẳng thư nháp từ Drafts; " if ticket.draft and ticket.draft.form is ReplyForm.EMAIL else ""
    return (
        f"Phiếu {ticket.number} chưa duyệt được: thư nháp trong hộp thư đã được sửa, khác tệp Word trong outbox. "
        f"Chọn một: {sent}dùng tệp Word, bỏ bản sửa trong hộp thư: motcua set {ticket.number} draft=outbox, rồi duyệt lại."
    )


def words_to_see(ticket: Ticket) -> str:
    """Return why an answer is not released yet: some of its words were left for a person to look at; empty otherwise."""
    if WORDING not in ticket.check:
        return ""
    if lacks := what_it_lacks(ticket):
        as_is = f"Đúng là gửi như vậy: motcua approve {ticket.number} --as-is"
        return f"Phiếu {ticket.number} chưa duyệt. {lacks} {as_is}"
    quoted = (text for text in ticket.questions if text.startswith("Dự thảo "))
    said = "; ".join(sentence for text in quoted for sentence in _QUOTED.findall(text))
    said = said or f"xem motcua show {ticket.number}"
    return (
        f"Phiếu {ticket.number} chưa duyệt: dự thảo còn lời cần xem trước khi khách hàng đọc: {said}. Sửa tệp Word trong "
        f"outbox/{ticket.number} rồi duyệt lại; đúng là gửi nguyên văn: motcua approve {ticket.number} --as-is"
    )


def numbered(ticket: Ticket) -> str:
    """Return which file carries the number just given; empty where no answer is written yet."""
    if ticket.draft is None or ticket.state not in (State.TO_APPROVE, State.RELEASED):
        return ""
    new = f"Văn bản có số: {_file(ticket, 'answer', ticket.draft.round)}, dùng thay bản trước."
    return f"{new}\n{approved(ticket)}"


def approved(ticket: Ticket) -> str:
    """Return what comes next with an answer just released, a line each."""
    on_its_way = ticket.state is State.RELEASED and ticket.draft and UNDELIVERED not in ticket.check
    return "\n".join(carried(ticket)) if on_its_way else next_action(ticket)


def extended(ticket: Ticket, desk: Desk) -> str:
    """Return where the interim letter of a ticket about to be extended is written, and who sends it."""
    kind = desk.procedure.request_types.get(ticket.category.value)
    way = _way(ticket)
    if kind is None or "interim" not in kind.forms:
        return f"Báo khách hàng hạn mới: {way}."
    file = _file(ticket, "interim", ticket.next_document_round("interim"))
    return (
        f"Thông báo gia hạn được lập ở {file}. Chương trình không tự gửi thông báo này: in, trình ký rồi gửi khách hàng, "
        f"hoặc {way}."
    )


def ended(ticket: Ticket, desk: Desk, now: dt.datetime, customer: bool = True) -> list[str]:
    """Return who is told that a ticket is ended, from how it stood before: units by mail, the customer by a person only."""
    work = Work(ticket, desk, now)
    lines = []
    for row in ticket.units:
        name = work.card(row.unit).name
        if notices.awaited(row) and notices.mailed(work, row):
            lines.append(f"{name} được báo qua thư: phiếu không cần trả lời nữa.")
        elif row.open:
            lines.append(f"{name} chưa được báo: hãy báo đơn vị phiếu không cần trả lời nữa.")
    return [*lines, *(_customer(ticket, desk) if customer else ())]


_HAS_PAPER = (Channel.COUNTER, Channel.LETTER)


def _customer(ticket: Ticket, desk: Desk) -> list[str]:
    if ticket.category is Category.NOT_A_REQUEST or promises.met(ticket) is not None:
        return []
    kinds = {doc.kind for doc in ticket.documents}
    slip = "slip-mail" in kinds or ("slip" in kinds and ticket.channel in _HAS_PAPER)
    due = promises.promise(ticket)
    until = f" (trả lời chậm nhất {wording.time_of(due.astimezone(desk.calendar.zone))})" if due else ""
    had = f"Khách hàng đã nhận phiếu hẹn{until}. " if slip else f"Khách hàng đang chờ trả lời{until}. " if due else ""
    return [
        f"{had}Chương trình không tự báo khách hàng. Nếu không phải khách hàng tự rút yêu cầu, hãy báo khách: {_way(ticket)}."
    ]


def _way(ticket: Ticket) -> str:
    """How a person reaches the customer: as agreed where that is known, else by what the ticket knows."""
    customer = ticket.customer
    ways = {
        ReplyForm.PHONE: f"gọi {customer.phone}" if customer.phone else "",
        ReplyForm.EMAIL: f"viết thư tới {customer.email}" if customer.email else "",
        ReplyForm.LETTER: f"gửi văn bản tới {customer.address}" if customer.address else "",
    }
    wanted = ways.get(ticket.wanted_reply, "") if ticket.wanted_reply else ""
    return wanted or next(filter(None, ways.values()), "phiếu chưa ghi điện thoại, thư hay địa chỉ của khách hàng")


def _waiting(ticket: Ticket) -> str:
    known = f"Đã có kết quả thì ghi: motcua found {ticket.number} --source phone"
    leader = waits_behind(ticket)
    if leader:
        return f"{behind(leader)}, cùng lần mất điện: có trả lời là phiếu này có. {known}"
    units = dict.fromkeys(wording.unit_name(row.unit, {}) for row in ticket.units if row.open)
    return f"Chờ {', '.join(units) or 'đơn vị'} trả lời. {known}"


def reopened(ticket: Ticket) -> str:
    """Return where a ticket stands that was just opened again: what still holds, and what comes next."""
    answered = dict.fromkeys(row.unit for row in ticket.units if row.state is UnitState.ANSWERED)
    lines = [f"{wording.STATES[ticket.state]}.", next_action(ticket)]
    if answered and ticket.state is not State.TO_CHECK:
        units = ", ".join(wording.unit_name(unit, {}) for unit in answered)
        lines.insert(1, f"Trả lời của {units} còn nguyên, đơn vị không bị hỏi lại.")
        lines.append(f'Cần hỏi lại đơn vị: motcua ask {ticket.number} --unit "{next(iter(answered))}"')
    return "\n".join(lines)
