"""The history of a ticket in sentences of staff: what happened, to whom, which fields, which document. Decides nothing.

The same sentences stand on screen, in ``motcua show`` and in what is handed out to a customer.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from daemon.desk import wording
from daemon.desk.procedure import Span
from daemon.desk.text import squeeze
from daemon.desk.ticket import Category, Channel, Event, ReplyForm

FIELDS: Mapping[str, str] = {
    "category": "Loại yêu cầu",
    "unit": "Đơn vị phụ trách",
    "wanted_reply": "Hình thức trả lời",
    "outage_start": "Giờ bắt đầu ngừng điện",
    "new_start": "Giờ ngừng điện mới",
    "override_notice": "Lý do không đủ ngày báo trước",
    "danger": "Nguy hiểm",
    "name": "Họ tên",
    "customer_code": "Mã khách hàng",
    "phone": "Điện thoại",
    "address": "Địa chỉ",
    "email": "Thư điện tử",
    "content": "Nội dung",
    "duplicate": "Có thể trùng phiếu khác",
    "question": "Đơn vị hỏi lại",
    "reply": "Thư cần xem",
    "customer": "Khách hàng viết thêm",
    "bounce": "Thư bị trả lại",
    "draft": "Chọn bản dự thảo",
    "answer": "Dự thảo bị trả lại",
    "reopened": "Phiếu mở lại",
    "asked_window": "Thời gian khách hỏi",
    "assumed": "Điều chương trình giả định",
    "besides": "Thư còn hỏi việc khác",
    "wording": "Lời trong dự thảo",
    "effect": "Việc chưa làm được",
    "mail": "Thư bị từ chối",
    "answer_mail": "Thư trả lời không gửi được",
    "request": "Phiếu chờ gửi",
    "unit_address": "Đơn vị chưa có địa chỉ",
    "meter": "Số công tơ",
    "date": "Ngày ghi phiếu",
}
SOURCES: Mapping[str, str] = {
    "phone": "gọi điện hỏi",
    "cmis": "CMIS",
    "oms": "OMS",
    "website": "trang CSKH",
    "worklog": "nhật ký công tác",
}
DOCUMENTS: Mapping[str, str] = {
    "slip": "Phiếu hẹn",
    "slip-mail": "Phiếu hẹn gửi thư",
    "answer": "Văn bản trả lời",
    "call-sheet": "Phiếu gọi",
    "original": "Bản gốc nhận được",
    "reply": "Thư của đơn vị",
    "customer": "Thư của khách hàng",
    "incident": "Phiếu báo sự cố",
    "request": "Phiếu gửi đơn vị",
    "interim": "Thông báo gia hạn",
    "leader": "Phiếu trình lãnh đạo",
}


def field_name(name: str) -> str:
    """Return a field's label."""
    return FIELDS.get(name, name)


def document_name(kind: str) -> str:
    """Return what a document is: ``request-ba-be`` is a form to a unit, ``…-signed`` its signed scan."""
    signed = kind.endswith("-signed")
    stem = kind.removesuffix("-signed")
    name = DOCUMENTS.get(stem) or DOCUMENTS.get(stem.split("-", 1)[0]) or stem
    return f"{name}, bản đã ký" if signed else name


_COMMANDS = re.compile(r"[^.:;?!]*(?::\s*)?motcua [^\n]*")


def without_commands(text: str) -> str:
    """Return a question without the commands it offers: on screen there are buttons for them."""
    return _COMMANDS.sub("", text).strip().rstrip(":").strip() if "motcua " in text else text


# -- deadlines ---------------------------------------------------------------------------------------------------------
def rule_text(rule: str) -> str:
    """Return a deadline's rule as people read it: ``within 3 working days`` is ``trong 3 ngày làm việc``.

    A rule of another form stands as it is.
    """
    way, _, length = rule.partition(" ")
    try:
        span = Span.parse(length)
    except ValueError:
        return rule
    return f"{_WAYS[way]} {_span_text(span)}" if way in _WAYS else rule


_WAYS = {"within": "trong", "before": "trước"}


def _span_text(span: Span) -> str:
    if span.unit == "working day":
        return f"{span.count} ngày làm việc"
    length = f"{span.count // 60} giờ" if span.count % 60 == 0 else f"{span.count} phút"
    return f"{length} làm việc" if span.unit == "office minute" else length


def deadline_title(title: str) -> str:
    """Return a deadline's title behind the word for it, said once: ``Hạn tra cứu``, ``Hạn luật định của khiếu nại``."""
    first = title[:1].lower() + title[1:]
    return title[:1].upper() + title[1:] if first.startswith("hạn ") else f"Hạn {first}"


def _deadline_set(event: Event) -> str:
    due = _at(event, "due")
    title, _, rule = event.cause.rpartition(": ")
    if not title:
        return f"Đặt hạn {due}".strip()
    name = deadline_title(title)
    return f"Đặt {name[:1].lower()}{name[1:]}: {rule_text(rule)}" + (f", đến {due}" if due else "")


# -- events ------------------------------------------------------------------------------------------------------------
def event_text(event: Event, commands: bool = False) -> str:
    """Return what happened, in one line; the commands it may offer stand there only where they are of use."""
    if event.content.get("erased"):
        return "Nội dung đã được xóa theo yêu cầu bảo vệ dữ liệu cá nhân."
    text = _sentence(event)
    cause = event.cause if commands else without_commands(event.cause)
    if cause and event.kind not in _SAID and cause not in text:
        return f"{text}: {cause}" if text else cause
    return text or wording.event(event.kind).capitalize()


def _sentence(event: Event) -> str:
    if event.kind == "deadline_set":
        return _deadline_set(event)
    say = _EVENTS.get(event.kind)
    text = say(event.content) if callable(say) else wording.event(event.kind).capitalize() if say is None else say
    due = _at(event, _TIMES.get(event.kind, ""))
    return f"{text} {due}" if due else text


# What ends with a time: where it stands in the content.
_TIMES: Mapping[str, str] = {"extended": "until", "deadline_moved": "due", "deadline_missed": "due"}
_SAID = frozenset({"deadline_set", "reminded", "escalated", "reply", "scan_returned"})


def _at(event: Event, name: str) -> str:
    """A time of the content in the zone of the event, empty where there is none."""
    value = event.content.get(name)
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) and value else value
    return wording.time_of(moment.astimezone(event.at.tzinfo)) if isinstance(moment, dt.datetime) else ""


def event_line(event: Event, commands: bool = False) -> str:
    """Return what happened with the beginning of the words that came with it, in one line: for lists without room."""
    text, body = squeeze(event_text(event, commands)), squeeze(event_body(event))
    if not body or event.kind == "received" or body in text:
        return text
    return f"{text}: {body if len(body) <= _ROOM else body[:_ROOM].rstrip() + '…'}"


_ROOM = 160  # letters of a mail or note beside what happened


def event_body(event: Event) -> str:
    """Return the words that came with an event: a mail's new text, an answer, a note."""
    content = event.content
    for name in ("text", "question"):
        if isinstance(content.get(name), str) and content[name].strip():
            return without_commands(str(content[name]).strip())
    return ""


def _fields(content: Mapping[str, Any]) -> str:
    fields = content.get("fields") or {}
    if not fields:
        return "Xác nhận thông tin đã đọc"
    return "Ghi " + "; ".join(
        f"{field_name(name).lower()}: {value_text(name, value)}" for name, value in fields.items()
    )


def value_text(name: str, value: Any) -> str:
    """Return a field's value as people read it."""
    if value in (None, ""):
        return "để trống"
    if name == "category" and value in list(Category):
        return wording.CATEGORIES[Category(value)]
    if name == "wanted_reply" and value in list(ReplyForm):
        return wording.REPLY_FORMS[ReplyForm(value)].lower()
    if name in ("outage_start", "new_start"):
        return wording.time_of(dt.datetime.fromisoformat(value)) if isinstance(value, str) else str(value)
    if isinstance(value, bool):
        return "có" if value else "không"
    return str(value)


_REPLIES = {
    "answer": "trả lời",
    "partial": "trả lời một phần",
    "question": "hỏi lại",
    "forward": "đã chuyển tiếp thư",
    "auto_reply": "trả lời tự động",
    "read_receipt": "báo đã đọc",
    "bounce": "thư bị trả lại",
    "unrelated": "thư không liên quan",
    "promise": "hẹn trả lời sau",
}
_MAILS = {
    "request": "phiếu yêu cầu",
    "reminder": "lời nhắc",
    "slip": "phiếu hẹn",
    "answer": "câu trả lời",
    "to_unit": "lời đáp đơn vị",
    "not_needed": "lời báo không cần trả lời nữa",
    "needed_again": "lời báo vẫn cần trả lời",
    "corrected": "lời đính chính",
    "notice": "thông báo",
}


def _unit(content: Mapping[str, Any]) -> str:
    unit = str(content.get("unit") or "")
    return wording.unit_name(unit, {}) if unit else ""


def _reply(content: Mapping[str, Any]) -> str:
    who = _unit(content) or content.get("from") or "Thư"
    what = _REPLIES.get(content.get("kind", ""), "gửi thư")
    doubt = "" if content.get("trusted", True) else " (chưa tin địa chỉ gửi)"
    return f"{who} {what}{doubt}"


def _mail(content: Mapping[str, Any]) -> str:
    addresses = ", ".join(content.get("to") or ())
    # A reminder about a unit goes to the unit, to its chief or to the leaders: the address tells.
    to = addresses if content.get("purpose") == "reminder" else _unit(content) or addresses
    return f"Đã gửi {_MAILS.get(content.get('purpose', ''), 'thư')}{f' tới {to}' if to else ''}"


def _withheld(content: Mapping[str, Any]) -> str:
    to = ", ".join(content.get("to") or ())
    what = _MAILS.get(content.get("purpose") or "", "thư")
    return f"Không tự gửi {what}{f' tới {to}' if to else ''}. {content.get('reason') or ''}".strip()


def _reminded(content: Mapping[str, Any]) -> str:
    to = {"agent": "giao dịch viên", "leaders": "lãnh đạo", "chief": "trưởng đơn vị", "unit": "đơn vị"}
    return f"Nhắc {_unit(content) or to.get(content.get('to', ''), '')}".strip()


def _escalated(content: Mapping[str, Any]) -> str:
    unit = _unit(content)
    if content.get("to") == "chief":
        return f"Báo trưởng đơn vị {unit} vì quá hạn".replace("  ", " ")
    return f"Báo cáo lãnh đạo vì quá hạn{f' ở {unit}' if unit else ''}"


def _channel(content: Mapping[str, Any]) -> str:
    channel = content.get("channel")
    if channel not in list(Channel):
        return "Tiếp nhận"
    name = wording.CHANNELS[Channel(channel)]
    return f"Tiếp nhận: {name[:1].lower()}{name[1:]}"


def _form(content: Mapping[str, Any]) -> str:
    form = content.get("by") or content.get("form")
    return wording.REPLY_FORMS[ReplyForm(form)].lower() if form in list(ReplyForm) else ""


_EVENTS: Mapping[str, str | Callable[[Mapping[str, Any]], str]] = {
    "received": _channel,
    "fields_set": _fields,
    "found": lambda c: f"Kết quả tra cứu ({SOURCES.get(c.get('source', ''), c.get('source') or 'tra cứu')})",
    "looked_up": lambda _: "Tra cứu chưa có kết quả",  # what was noted stands in a line of its own
    "look_up_note": "Ghi chú tra cứu",
    "internal_left_out": "Bỏ lời nội bộ",
    "answer_sooner": "Cần trả lời sớm hơn hạn",
    "ask": lambda c: f"Hỏi {_unit(c)}" if not c.get("text") else f"Trả lời câu hỏi của {_unit(c)}",
    "approved": "Duyệt câu trả lời",
    "sent_back": lambda c: f"Trả lại dự thảo: {c.get('why')}",
    "draft_sent": "Gửi dự thảo từ hộp thư",
    "draft_saved": "Đã lưu dự thảo vào hộp thư",
    "draft_edited": "Sửa tệp dự thảo",
    "draft_touched": lambda c: "Sửa thư nháp trong hộp thư" if c.get("changed") else "Lưu lại thư nháp trong hộp thư",
    "drafted": "Đã soạn dự thảo trả lời",
    "answered": lambda c: f"Đã trả lời khách hàng {_form(c)}" + (f": {c['note']}" if c.get("note") else ""),
    "told": lambda c: f"Khách hàng đã có câu trả lời {_form(c)}".strip(),
    "scan_returned": "Bản quét đã ký được lưu vào phiếu",
    "extended": "Gia hạn đến",
    "reopened": "Mở lại phiếu",
    "cancelled": "Hủy phiếu",
    "closed_by": "Đóng phiếu",
    "closed": "Phiếu kết thúc",
    "merged": lambda c: f"Gộp vào phiếu {c.get('into')}",
    "merged_from": lambda c: f"Nhận phiếu {c.get('number')} gộp vào",
    "number_given": lambda c: f"Ghi số văn bản {c.get('text')}",
    "reply": _reply,
    "customer_wrote": "Khách hàng viết thêm",
    "group_answered": lambda c: f"Có câu trả lời chung từ phiếu {c.get('leader')}",
    "group_told": lambda c: f"Đã chuyển câu trả lời cho {len(c.get('numbers') or ())} phiếu cùng lần mất điện",
    "group_left_out": "Bỏ lời riêng của khách hàng khác",
    "group_moved": "Đổi phiếu dẫn đầu của lần mất điện",
    "waits_behind": "Chờ chung",
    "document_written": lambda c: f"Đã lập {document_name(c.get('kind', '')).lower()}",
    "original_filed": lambda c: f"Đã lưu {document_name(c.get('kind', '')).lower()}",
    "mail_sent": _mail,
    "mail_refused": lambda c: f"Máy chủ từ chối thư gửi {', '.join(c.get('to') or ())}",
    "retried": "Cho làm lại việc để riêng",
    "mail_withheld": _withheld,
    "effect_set_aside": lambda c: f"Việc để riêng: {c.get('reason') or ''}",
    "needs_person": "Cần người xem",
    "to_check": "",
    "left_out": "",
    "call_duty_desk": "",
    "released": "",
    "expired": lambda c: f"{_unit(c)} hết hạn".strip(),
    "withdrawn": lambda c: f"Không chờ {_unit(c)} nữa",
    "unit_answered": lambda c: f"{_unit(c)} đã trả lời" + (" (trễ hạn)" if c.get("late") else ""),
    "unit_forwarded": lambda c: f"{_unit(c)} đã chuyển tiếp",
    "next_address": "",
    "tell_unit": "",
    "reminded": _reminded,
    "escalated": _escalated,
    "deadline_moved": "Hạn được tính lại thành",
    "deadline_missed": "Đã quá hạn",
    "defect": "Lỗi của chương trình",
    "care_given": lambda c: f"Giao cho {c.get('to')}" + (f" (trước là {c['from']})" if c.get("from") else ""),
    "remark": "Ghi chú",
    "notice_overridden": "Vẫn đổi giờ dù không đủ ngày báo trước",
    "released_without_override": "Khách hàng đã được báo khi chưa đủ điều kiện",
}
