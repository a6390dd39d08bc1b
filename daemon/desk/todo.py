"""What comes next with a ticket, in a sentence for staff with the command that does it. Decides nothing."""

from daemon.desk import wording
from daemon.desk.holder import behind, waits_behind
from daemon.desk.ticket import ReplyForm, State, Ticket, UnitState

UNDELIVERED = "answer_mail"  # in ``check``: the released answer was refused and waits for another address
_REST = {
    State.NEW: "Chương trình xử lý ở lượt làm việc tới.",
    State.LOOKING_UP: "Chương trình đang tra cứu. Đã có kết quả thì ghi: motcua found {number} --source phone",
    State.TO_CHECK: "Xem các ô cần xem rồi xác nhận: motcua set {number}",
    State.TO_APPROVE: "Đọc dự thảo rồi duyệt: motcua approve {number}",
    State.MERGED: "Xem phiếu {into}. Cần xử lý riêng thì mở lại: motcua reopen {number} --why …",
    State.SET_ASIDE: "Đúng là yêu cầu thì đổi loại: motcua set {number} category=…",
}
_CARRIED = {
    ReplyForm.PHONE: "Gọi khách hàng rồi ghi: motcua answered {number} --by phone",
    ReplyForm.LETTER: "Gửi văn bản rồi ghi: motcua answered {number} --by letter (hoặc thả bản quét đã ký vào inbox/)",
    ReplyForm.EMAIL: "Thư trả lời đang được gửi, không phải làm gì.",
}
_UNDELIVERED = "Sửa địa chỉ thì thư được gửi lại: motcua set {number} email=… Hoặc báo khách cách khác rồi ghi: motcua answered {number} --by phone"


def next_action(ticket: Ticket) -> str:
    """Return what a person does next with a ticket, or what it waits for."""
    if ticket.state is State.WAITING_UNIT:
        return _waiting(ticket)
    if ticket.state is State.RELEASED and UNDELIVERED in ticket.check:
        return undelivered(ticket.number)
    if ticket.state is State.RELEASED and ticket.draft:
        return _CARRIED[ticket.draft.form].format(number=ticket.number)
    text = _REST.get(ticket.state, "Cần xử lý tiếp thì mở lại: motcua reopen {number} --why …")
    return text.format(number=ticket.number, into=ticket.merged_into)


def undelivered(number: str) -> str:
    """Return what a person does with a released answer whose address was refused."""
    return _UNDELIVERED.format(number=number)


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
