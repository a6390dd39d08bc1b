"""Vietnamese words of the console: names of events, fields and documents, lengths of time. Decides nothing."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from daemon.desk import wording
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
    "draft": "Dự thảo bị sửa hai nơi",
    "answer": "Dự thảo bị trả lại",
    "effect": "Việc chưa làm được",
    "mail": "Thư bị từ chối",
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
TEMPLATES: Mapping[str, str] = {
    "answer-complaint.docx": "Trả lời khiếu nại",
    "answer-cost.docx": "Trả lời chi phí ngừng, cấp điện lại",
    "answer-incident.docx": "Trả lời báo sự cố",
    "answer-other.docx": "Trả lời đề nghị khác",
    "answer-outage-info.docx": "Trả lời thông tin ngừng điện",
    "answer-time-change.docx": "Trả lời đề nghị đổi giờ ngừng điện",
    "appointment-slip.docx": "Phiếu hẹn",
    "call-sheet.docx": "Phiếu gọi khách hàng",
    "incident-duty.docx": "Phiếu báo sự cố cho trực vận hành",
    "interim-answer.docx": "Thông báo gia hạn",
    "leader-case.docx": "Phiếu trình lãnh đạo",
    "phieu-tiep-nhan.docx": "Phiếu tiếp nhận để trống (khách hàng điền)",
    "reminder.docx": "Phiếu nhắc đơn vị",
    "report.docx": "Báo cáo",
    "request-dispatch.docx": "Phiếu gửi phòng Điều độ",
    "request-other.docx": "Phiếu gửi đơn vị, đề nghị khác",
    "request-time-change.docx": "Phiếu đề nghị đổi giờ ngừng điện",
    "request-unit.docx": "Phiếu gửi đơn vị xác minh",
}
OFFICE_EVENTS: Mapping[str, str] = {
    "user_added": "thêm người dùng",
    "password_changed": "đổi mật khẩu",
    "role_changed": "đổi vai trò",
    "user_closed": "đóng tài khoản",
    "user_opened": "mở lại tài khoản",
    "user_away": "ghi vắng mặt",
    "user_back": "ghi đã trở lại",
    "signed_in": "đăng nhập",
    "sign_in_failed": "nhập sai mật khẩu",
    "signed_out_everywhere": "đăng xuất mọi nơi",
    "handed_over": "bàn giao công việc",
    "settings_changed": "sửa cấu hình",
    "template_changed": "thay mẫu văn bản",
    "retried": "cho làm lại việc để riêng",
    "exported": "xuất sổ theo dõi",
    "scan_read": "mở bản quét",
    "person_found": "tìm dữ liệu của một người",
    "person_erased": "xóa dữ liệu của một người",
    "hold_set": "giữ phiếu, không xóa",
    "hold_ended": "thôi giữ phiếu",
    "backup_made": "sao lưu",
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


def left(due: dt.datetime | None, now: dt.datetime) -> str:
    """Return how long is left: ``còn 2 giờ 10 phút``, ``quá 35 phút``; beyond two days the date says more."""
    if due is None:
        return "chưa có hạn"
    seconds = (due - now).total_seconds()
    length = _length(abs(seconds))
    return f"còn {length}" if seconds >= 0 else f"quá {length}"


def _length(seconds: float) -> str:
    minutes = int(seconds // 60)
    if minutes < 1:
        return "dưới 1 phút"
    if minutes < 60:
        return f"{minutes} phút"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} giờ {rest} phút" if rest and hours < 6 else f"{hours} giờ"
    return f"{hours // 24} ngày {hours % 24} giờ" if hours % 24 and hours < 72 else f"{hours // 24} ngày"


def due_text(due: dt.datetime | None, now: dt.datetime) -> str:
    """Return a due time as short as its day allows: ``10h30 hôm nay``, ``16h30 25/11``."""
    if due is None:
        return ""
    days = (due.date() - now.date()).days
    day = {0: "hôm nay", 1: "ngày mai", -1: "hôm qua"}.get(days)
    if day is None:
        day = f"{due:%d/%m}" if due.year == now.year else f"{due:%d/%m/%Y}"
    return f"{wording.clock(due)} {day}"


_COMMANDS = re.compile(r"[^.:;?!]*(?::\s*)?motcua [^\n]*")


def without_commands(text: str) -> str:
    """Return a question without the commands it offers: on screen there are buttons for them."""
    return _COMMANDS.sub("", text).strip().rstrip(":").strip() if "motcua " in text else text


# -- events ------------------------------------------------------------------------------------------------------------
def event_text(event: Event) -> str:
    """Return what happened, in one line."""
    say = _EVENTS.get(event.kind)
    content = event.content
    if content.get("erased"):
        return "Nội dung đã được xóa theo yêu cầu bảo vệ dữ liệu cá nhân."
    text = say(content) if callable(say) else "" if say is None else say
    cause = without_commands(event.cause)
    if cause and event.kind not in _SAID and cause not in text:
        return f"{text}: {cause}" if text else cause
    return text


_SAID = frozenset({"deadline_set", "reminded", "escalated", "reply", "scan_returned"})


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
    "notice": "thông báo",
}


def _reply(content: Mapping[str, Any]) -> str:
    who = content.get("unit") or content.get("from") or "Thư"
    what = _REPLIES.get(content.get("kind", ""), "gửi thư")
    doubt = "" if content.get("trusted", True) else " (chưa tin địa chỉ gửi)"
    return f"{who} {what}{doubt}"


def _mail(content: Mapping[str, Any]) -> str:
    to = content.get("unit") or ", ".join(content.get("to") or ())
    return f"Đã gửi {_MAILS.get(content.get('purpose', ''), 'thư')}{f' tới {to}' if to else ''}"


def _reminded(content: Mapping[str, Any]) -> str:
    to = {"agent": "giao dịch viên", "leaders": "lãnh đạo", "chief": "trưởng đơn vị", "unit": "đơn vị"}
    return f"Nhắc {content.get('unit') or to.get(content.get('to', ''), '')}".strip()


def _channel(content: Mapping[str, Any]) -> str:
    channel = content.get("channel")
    return f"Tiếp nhận: {wording.CHANNELS[Channel(channel)].lower()}" if channel in list(Channel) else "Tiếp nhận"


def _form(content: Mapping[str, Any]) -> str:
    form = content.get("by") or content.get("form")
    return wording.REPLY_FORMS[ReplyForm(form)].lower() if form in list(ReplyForm) else ""


_EVENTS: Mapping[str, str | Callable[[Mapping[str, Any]], str]] = {
    "received": _channel,
    "fields_set": _fields,
    "found": lambda c: f"Kết quả tra cứu ({SOURCES.get(c.get('source', ''), c.get('source') or 'tra cứu')})",
    "looked_up": lambda c: f"Tra cứu chưa có kết quả. {c.get('note') or ''}".strip(),
    "look_up_note": "Ghi chú tra cứu",
    "ask": lambda c: f"Hỏi {c.get('unit')}" if not c.get("text") else f"Trả lời câu hỏi của {c.get('unit')}",
    "approved": "Duyệt câu trả lời",
    "sent_back": lambda c: f"Trả lại dự thảo: {c.get('why')}",
    "draft_sent": "Gửi dự thảo từ hộp thư",
    "draft_saved": "Đã lưu dự thảo vào hộp thư",
    "draft_edited": "Sửa tệp dự thảo",
    "drafted": "Đã soạn dự thảo trả lời",
    "answered": lambda c: f"Đã trả lời khách hàng {_form(c)}" + (f": {c['note']}" if c.get("note") else ""),
    "told": lambda c: f"Khách hàng đã có câu trả lời {_form(c)}".strip(),
    "scan_returned": "Bản quét đã ký được lưu vào phiếu",
    "extended": lambda c: f"Gia hạn đến {wording.time_of(dt.datetime.fromisoformat(c['until']))}",
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
    "group_moved": "Đổi phiếu dẫn đầu của lần mất điện",
    "waits_behind": "Chờ chung",
    "document_written": lambda c: f"Đã lập {document_name(c.get('kind', '')).lower()}",
    "original_filed": lambda c: f"Đã lưu {document_name(c.get('kind', '')).lower()}",
    "mail_sent": _mail,
    "mail_refused": lambda c: f"Máy chủ từ chối thư gửi {', '.join(c.get('to') or ())}",
    "retried": "Cho làm lại việc để riêng",
    "mail_withheld": "Giữ lại thư tự động",
    "effect_set_aside": lambda c: f"Việc để riêng: {c.get('reason') or ''}",
    "needs_person": "Cần người xem",
    "to_check": "",
    "left_out": "",
    "call_duty_desk": "",
    "released": "",
    "expired": lambda c: f"{c.get('unit') or ''} hết hạn".strip(),
    "withdrawn": lambda c: f"Không chờ {c.get('unit')} nữa",
    "unit_answered": lambda c: f"{c.get('unit')} đã trả lời" + (" (trễ hạn)" if c.get("late") else ""),
    "unit_forwarded": lambda c: f"{c.get('unit')} đã chuyển tiếp",
    "next_address": "",
    "reminded": _reminded,
    "escalated": lambda c: f"Báo cáo lãnh đạo vì quá hạn{' ở ' + c['unit'] if c.get('unit') else ''}",
    "deadline_set": lambda c: f"Đặt hạn {wording.time_of(dt.datetime.fromisoformat(c['due']))}" if c.get("due") else "",
    "deadline_moved": "Hạn được tính lại",
    "deadline_missed": "Đã quá hạn",
    "defect": "Lỗi của chương trình",
    "care_given": lambda c: f"Giao cho {c.get('to')}" + (f" (trước là {c['from']})" if c.get("from") else ""),
    "remark": "Ghi chú",
    "notice_overridden": "Vẫn đổi giờ dù không đủ ngày báo trước",
    "released_without_override": "Khách hàng đã được báo khi chưa đủ điều kiện",
}
