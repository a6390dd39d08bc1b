"""Vietnamese words of the console: names of templates, the office's events, lengths of time. Decides nothing."""

import datetime as dt
from collections.abc import Mapping

from daemon.desk import wording
from daemon.desk.history import (
    SOURCES,
    document_name,
    event_body,
    event_text,
    field_name,
    value_text,
    without_commands,
)

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
    "aside_seen": "ghi đã xem thư, tệp để riêng",
    "exported": "xuất sổ theo dõi",
    "scan_read": "mở bản quét",
    "person_found": "tìm dữ liệu của một người",
    "person_erased": "xóa dữ liệu của một người",
    "hold_set": "giữ phiếu, không xóa",
    "hold_ended": "thôi giữ phiếu",
    "backup_made": "sao lưu",
}


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


__all__ = [
    "OFFICE_EVENTS",
    "SOURCES",
    "TEMPLATES",
    "document_name",
    "due_text",
    "event_body",
    "event_text",
    "field_name",
    "left",
    "value_text",
    "without_commands",
]
