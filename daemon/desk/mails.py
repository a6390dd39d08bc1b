"""The words of outgoing mails: a mail text of the procedure and a ticket become a subject and a body. Pure.

Only ``{name}`` of the offered names is filled in; what a customer wrote is never looked at for such marks.
"""

import datetime as dt
import re
from collections.abc import Mapping

from daemon.desk import wording
from daemon.desk.greeting import without_greeting
from daemon.desk.ticket import Ticket
from daemon.desk.unit import UnitCard
from daemon.desk.work import Work

_MARK = re.compile(r"\{([a-z_]+)\}")
LETTER = "{letter}"  # stays in the body until the letter it carries lies there to be read

OFFERED: Mapping[str, str] = {
    "number": "mã tiếp nhận",
    "title": "tên loại yêu cầu",
    "customer": "tên khách hàng",
    "addressee": "tên sau Kính gửi: Ông/Bà …, tên tổ chức, hoặc Quý khách hàng khi chưa rõ tên",
    "code": "mã khách hàng",
    "phone": "điện thoại khách hàng",
    "address": "địa chỉ khách hàng",
    "content": "nội dung yêu cầu, bỏ lời chào đầu thư",
    "received": "giờ tiếp nhận",
    "outage_start": "giờ bắt đầu ngừng điện",
    "unit": "tên đơn vị",
    "due": "hạn trả lời",
    "customer_due": "hạn trả lời khách hàng",
    "reply_form": "hình thức trả lời",
    "answer": "nội dung trả lời",
    "letter": "lời của văn bản trả lời kèm theo thư, từ Kính gửi đến câu kết, đúng như trong tệp Word, kể cả khi tệp đã được sửa (chỉ dùng ở mails.answer)",
    "question": "câu hỏi của đơn vị hoặc điều cần lưu ý",
    "office": "tên công ty",
    "desk": "tên phòng",
    "office_phone": "điện thoại phòng",
    "hotline": "tổng đài chăm sóc khách hàng",
    "duty_phone": "điện thoại trực của đơn vị",
    "why": "lý do không cần trả lời nữa (not_needed)",
    "safety": "câu về an toàn, chỉ có ở phiếu sự cố, nguy hiểm (not_needed)",
    "changed": "những ô vừa sửa, mỗi ô một dòng: cũ → mới (corrected)",
    "count": "số phiếu trong một thư nhắc gộp (remind_many; dòng có {number} lặp lại cho từng phiếu)",
}


def marks(text: str) -> tuple[str, ...]:
    """Return the names a mail text asks for."""
    return tuple(_MARK.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its marks filled; lines whose only mark is empty are left out."""
    lines = []
    for line in text.splitlines():
        names = _MARK.findall(line)
        if names and not any(values.get(name) for name in names):
            continue
        lines.append(_MARK.sub(lambda mark: values.get(mark[1], mark[0]), line))
    return "\n".join(lines).strip()


def values(work: Work, card: UnitCard | None = None, due: dt.datetime | None = None, **more: str) -> dict[str, str]:
    """Return the offered values for the ticket in hand."""
    ticket, office = work.ticket, work.desk.office
    customer = ticket.customer
    promise = ticket.deadline("appointment") or ticket.deadline("tell_customer")
    return {
        "number": ticket.number,
        "title": work.request_type.title,
        "customer": customer.name or "(chưa rõ tên)",
        "addressee": wording.addressee(customer.name),
        "code": customer.customer_code or "",
        "phone": customer.phone or "",
        "address": customer.address or "",
        "content": short(without_greeting(ticket.content)),
        "received": _say(work, ticket.received),
        "outage_start": _say(work, ticket.outage_start),
        "unit": card.name if card else "",
        "due": _say(work, due),
        "customer_due": _say(work, promise.due if promise else None),
        "reply_form": wording.REPLY_FORMS[work.reply_form],
        "answer": ticket.draft.text if ticket.draft else "",
        "question": "",
        "why": "",
        "safety": "",
        "changed": "",
        "office": office.name,
        "desk": office.desk,
        "office_phone": office.phone,
        "hotline": office.hotline,
        "duty_phone": (card.duty_phone or "") if card else "",
        **more,
    }


def subject(ticket: Ticket, text: str) -> str:
    """Return a subject in one line that begins with the number in brackets (contract, "Numbers and marks")."""
    return f"[{ticket.number}] {' '.join(text.split())}"[:220]


def _say(work: Work, moment: dt.datetime | None) -> str:
    return wording.time_of(moment.astimezone(work.desk.calendar.zone)) if moment else ""


def short(content: str, most: int = 3000) -> str:
    """Return a text, cut at about ``most`` characters with a mark where it is longer."""
    return content if len(content) <= most else content[:most].rstrip() + " […]"
