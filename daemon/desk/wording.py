"""Vietnamese wording of values: dates, times, amounts, names of states and channels, forms of address.

Pure formatting for people's eyes. Decides nothing and knows no template.
"""

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType

from daemon.desk.text import fold, squeeze
from daemon.desk.ticket import Category, Channel, ReplyForm, State, UnitState

STATES: Mapping[State, str] = MappingProxyType(
    {
        State.NEW: "Mới tiếp nhận",
        State.TO_CHECK: "Chờ kiểm tra thông tin",
        State.LOOKING_UP: "Đang tra cứu",
        State.WAITING_UNIT: "Chờ đơn vị trả lời",
        State.TO_APPROVE: "Chờ duyệt câu trả lời",
        State.RELEASED: "Đã duyệt, đang trả lời",
        State.ANSWERED: "Đã trả lời khách hàng",
        State.CLOSED: "Đã kết thúc",
        State.SET_ASIDE: "Để riêng, không xử lý",
        State.CANCELLED: "Đã hủy",
        State.MERGED: "Đã gộp vào yêu cầu khác",
    }
)

UNIT_STATES: Mapping[UnitState, str] = MappingProxyType(
    {
        UnitState.WANTED: "chưa gửi",
        UnitState.ASKED: "đã gửi, chờ trả lời",
        UnitState.REMINDED: "đã nhắc",
        UnitState.PARTIAL: "trả lời một phần",
        UnitState.QUESTION: "hỏi lại",
        UnitState.ANSWERED: "đã trả lời",
        UnitState.BOUNCED: "thư không đến được",
        UnitState.WITHDRAWN: "đã rút lại",
    }
)

CHANNELS: Mapping[Channel, str] = MappingProxyType(
    {
        Channel.COUNTER: "Trực tiếp tại phòng giao dịch",
        Channel.PHONE_NOTE: "Điện thoại",
        Channel.SMS: "Tin nhắn SMS",
        Channel.WEBSITE: "Trang thông tin điện tử",
        Channel.LETTER: "Văn bản",
        Channel.EMAIL: "Thư điện tử",
    }
)

REPLY_FORMS: Mapping[ReplyForm, str] = MappingProxyType(
    {ReplyForm.LETTER: "Bằng văn bản", ReplyForm.PHONE: "Qua điện thoại", ReplyForm.EMAIL: "Qua thư điện tử"}
)

CATEGORIES: Mapping[Category, str] = MappingProxyType(
    {
        Category.OUTAGE_INFO: "Thông tin ngừng, giảm cung cấp điện",
        Category.RECONNECTION_COST: "Chi phí ngừng và cấp điện trở lại",
        Category.INCIDENT_REPORT: "Báo sự cố, nguy cơ đe dọa sự cố",
        Category.OUTAGE_COMPLAINT: "Khiếu nại về ngừng, giảm mức cung cấp điện",
        Category.OUTAGE_TIME_CHANGE: "Đề nghị thay đổi thời gian ngừng, giảm cung cấp điện",
        Category.OTHER: "Đề nghị khác về dịch vụ cung ứng điện",
        Category.NOT_A_REQUEST: "Không phải yêu cầu",
    }
)

# A name beginning with one of these is a body, not a person. The first list is compared without diacritics; the words of
# the second are also family names without them (Trường/Trương, Phòng/Phong), so their diacritics must stand.
_BODIES = re.compile(
    r"(cong ty|cty|tong cong ty|tap doan|doanh nghiep|dntn|xi nghiep|nha may|chi nhanh|hop tac xa|htx|benh vien|"
    r"trung tam|uy ban|ubnd|ban quan ly|chi cuc|van phong|ngan hang|buu dien|cong an|khach san|nha khach|nha van hoa|"
    r"cua hang|tram y te|truong thpt|truong thcs|truong tieu hoc|truong mam non|truong pt|thuy dien|nha thuoc|"
    r"lien doan|toa an|kho bac|bao hiem|to dan pho|dang uy|quy tin dung|phong giao dich|doan thanh nien|"
    r"hoi nong dan|hoi phu nu|homestay|phong kham|trang trai|ho kinh doanh|sieu thi|khu du lich)\b"
)
_BODIES_EXACT = re.compile(
    r"(trường|trạm|phòng|sở|cục|viện|mỏ|chợ|thôn|xóm|hội|xưởng|huyện|xã|phường|tỉnh|đội|chùa|quán|tiệm|trại|nhà nghỉ|nhà hàng)\b"
)
_TITLES = re.compile(r"^(ông bà|ông/bà|ông|bà|anh/chị|anh|chị|cô|chú|bác)(?=\s)\s+", re.IGNORECASE)


LEADERS = "lanh-dao"  # the leadership, where it is asked like a unit


def unit_name(unit: str, names: Mapping[str, str]) -> str:
    """Return the printed name of a unit's id, the id itself where none is known."""
    return names.get(unit) or ("Lãnh đạo Công ty" if unit == LEADERS else unit)


def two_digits(day: dt.date) -> tuple[str, str]:
    """Return day and month as Decree 30/2020 writes them: a leading zero for days under 10 and months 1 and 2 only."""
    return f"{day.day:02d}", f"{day.month:02d}" if day.month <= 2 else str(day.month)


def long_date(day: dt.date) -> str:
    """Return ``ngày 05 tháng 10 năm 2026``."""
    number, month = two_digits(day)
    return f"ngày {number} tháng {month} năm {day.year}"


def short_date(day: dt.date) -> str:
    """Return ``05/10/2026``."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def clock(moment: dt.datetime) -> str:
    """Return ``08h20``."""
    return f"{moment.hour:02d}h{moment.minute:02d}"


def time_of(moment: dt.datetime) -> str:
    """Return ``08h20 ngày 05/10/2026`` in the moment's own time zone."""
    return f"{clock(moment)} ngày {short_date(moment)}"


def window(start: dt.datetime, end: dt.datetime) -> str:
    """Return ``từ 07h30 đến 11h00 ngày 05/10/2026``, with both dates where they differ."""
    if start.date() == end.date():
        return f"từ {clock(start)} đến {clock(end)} ngày {short_date(start)}"
    return f"từ {time_of(start)} đến {time_of(end)}"


def asked_window(start: dt.datetime, end: dt.datetime) -> str:
    """Return the time a customer asks about or wishes, without an end where both ends are the same.

    Whole days are days: no hour of them was said; an end at midnight is a day's.
    """
    if start == end:
        return f"từ {time_of(start)}"
    if end.time() != dt.time():
        return window(start, end)
    last = end - dt.timedelta(days=1)
    if start.time() != dt.time():
        first = clock(start) if start.date() == last.date() else time_of(start)
        return f"từ {first} đến hết ngày {short_date(last)}"
    if start.date() >= last.date():
        return f"ngày {short_date(start)}"
    return f"từ ngày {short_date(start)} đến ngày {short_date(last)}"


def amount(value: int) -> str:
    """Return a number of đồng with dots between thousands: ``128.478``."""
    return f"{value:,}".replace(",", ".")


def number(value: float) -> str:
    """Return a number with a decimal comma and at most one decimal: ``12,5``, ``3``."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return text.replace(".", ",")


def span_of_minutes(minutes: float) -> str:
    """Return a length of time in words: ``45 phút``, ``5 giờ 20 phút``, ``12 giờ``."""
    whole = round(minutes)
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{rest} phút"
    return f"{hours} giờ {rest} phút" if rest else f"{hours} giờ"


def is_body(name: str) -> bool:
    """Say whether a name is that of a company, school or office rather than a person's."""
    return bool(_BODIES.match(fold(name)) or _BODIES_EXACT.match(squeeze(name).lower()))


def addressee(name: str | None) -> str:
    """Return the name as it stands after ``Kính gửi:``: ``Ông/Bà Nguyễn Văn A``, ``Công ty TNHH B``, ``Quý khách hàng``."""
    if not name or not squeeze(name):
        return "Quý khách hàng"
    whole = squeeze(name)
    if is_body(whole):
        return whole
    return whole[:1].upper() + whole[1:] if _TITLES.match(whole) else f"Ông/Bà {whole}"


def salutation(name: str | None) -> str:
    """Return how the customer is called inside a letter: ``Ông/Bà``, ``Quý đơn vị``, ``Quý khách hàng``."""
    if not name or not squeeze(name):
        return "Quý khách hàng"
    whole = squeeze(name)
    if is_body(whole):
        return "Quý đơn vị"
    title = _TITLES.match(whole)
    return title[1][:1].upper() + title[1][1:] if title else "Ông/Bà"


def paragraphs(text: str | None) -> list[str]:
    """Return the non-empty lines of a text, trimmed: each becomes a paragraph of the letter."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def full_stop(text: str) -> str:
    """Return text ending in a full stop, unless it already ends a sentence."""
    return text if not text or text[-1] in ".!?…:;" else text + "."


# Words of two syllables in the names of companies and rooms.
_ONE_WORD = re.compile(
    r"công ty|điện lực|giao dịch|khách hàng|kinh doanh|dịch vụ|chăm sóc|trung tâm|điều độ|điều hành|kỹ thuật|vận hành"
    r"|sản xuất|hành chính|văn phòng|quản lý|miền bắc|miền trung|miền nam"
)


def balanced(text: str, width: int = 26) -> list[str]:
    """Return text in one line, or in two of nearly equal length where it is longer than ``width`` characters.

    A word of two syllables is not torn where there is another place to break.
    """
    words = squeeze(text).split()
    if len(squeeze(text)) <= width or len(words) < 2:
        return [squeeze(text)] if words else []
    torn = {at for at in range(1, len(words)) if _ONE_WORD.fullmatch(" ".join(words[at - 1 : at + 1]).lower())}
    places = [at for at in range(1, len(words)) if at not in torn] or range(1, len(words))
    splits = [[" ".join(words[:at]), " ".join(words[at:])] for at in places]
    return min(splits, key=lambda pair: (max(len(part) for part in pair), len(pair[0])))


FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "category": "loại yêu cầu",
        "unit": "đơn vị",
        "name": "họ tên",
        "customer_code": "mã khách hàng",
        "phone": "số điện thoại",
        "address": "địa chỉ",
        "email": "thư điện tử",
        "content": "nội dung",
        "meter": "số công tơ",
        "date": "ngày yêu cầu",
        "wanted_reply": "hình thức trả lời",
        "outage_start": "giờ bắt đầu ngừng điện",
        "danger": "nguy hiểm",
        "duplicate": "có thể trùng phiếu khác",
        "notice": "báo trước 24 giờ",
        "new_start": "giờ ngừng điện mới",
        "override_notice": "quyết định đổi giờ khi không đủ ngày báo trước",
        "reply": "thư của đơn vị",
        "question": "đơn vị hỏi lại",
        "bounce": "thư bị trả lại",
        "customer": "khách hàng viết thêm",
        "draft": "dự thảo",
        "effect": "việc chưa làm được",
        "mail": "thư bị từ chối",
        "answer_mail": "thư trả lời không gửi được",
        "request": "phiếu chờ gửi",
        "unit_address": "địa chỉ thư của đơn vị",
        "reopened": "phiếu mở lại",
        "asked_window": "thời gian khách hỏi",
        "assumed": "điều chương trình giả định",
        "besides": "thư còn hỏi việc khác",
        "wording": "lời trong dự thảo",
    }
)

EVENTS: Mapping[str, str] = MappingProxyType(
    {
        "received": "tiếp nhận",
        "deadline_set": "đặt hạn",
        "deadline_moved": "dời hạn theo lịch làm việc",
        "deadline_missed": "quá hạn",
        "to_check": "chờ người kiểm tra",
        "needs_person": "cần người xem",
        "left_out": "không phải yêu cầu, để riêng",
        "looked_up": "đã tra cứu, chưa có câu trả lời",
        "look_up_note": "ghi chú tra cứu",
        "internal_left_out": "bỏ lời nội bộ",
        "answer_sooner": "cần trả lời sớm hơn hạn",
        "found": "có kết quả tra cứu",
        "fields_set": "xác nhận, sửa thông tin",
        "ask": "hỏi đơn vị",
        "mail_sent": "đã gửi thư",
        "mail_refused": "thư bị từ chối",
        "mail_withheld": "không gửi thư tự động",
        "document_written": "đã lập văn bản",
        "original_filed": "đã lưu bản gốc",
        "reply": "nhận thư",
        "unit_answered": "đơn vị đã trả lời",
        "unit_forwarded": "đơn vị chuyển tiếp",
        "reminded": "đã nhắc",
        "escalated": "đã báo cấp trên",
        "expired": "hết hạn, đi tiếp",
        "withdrawn": "thôi chờ đơn vị",
        "tell_unit": "báo đơn vị",
        "next_address": "gửi địa chỉ tiếp theo",
        "call_duty_desk": "gọi trực vận hành",
        "drafted": "đã soạn dự thảo",
        "draft_saved": "đã đặt dự thảo vào hộp thư",
        "draft_edited": "dự thảo được sửa",
        "draft_touched": "thư nháp được lưu lại",
        "draft_sent": "người gửi dự thảo từ hộp thư",
        "approved": "duyệt",
        "released": "chờ trả lời khách hàng",
        "answered": "ghi đã trả lời",
        "told": "khách hàng đã được trả lời",
        "scan_returned": "bản ký quay lại",
        "number_given": "ghi số văn bản",
        "extended": "gia hạn",
        "reopened": "mở lại",
        "closed": "kết thúc",
        "closed_by": "đóng",
        "cancelled": "hủy",
        "merged": "nhập vào phiếu khác",
        "merged_from": "nhận phiếu nhập vào",
        "customer_wrote": "khách hàng viết thêm",
        "waits_behind": "chờ cùng một lần mất điện",
        "group_told": "đã chuyển câu trả lời cho cả nhóm",
        "group_answered": "nhận câu trả lời của cả nhóm",
        "group_left_out": "bỏ lời riêng của khách hàng khác",
        "group_moved": "đổi phiếu đứng đầu nhóm",
        "effect_set_aside": "việc phải để riêng",
        "retried": "cho làm lại",
        "announced_outage": "lịch ngừng điện đã công bố",
        "no_announced_outage": "không thấy lịch ngừng điện đã công bố",
        "notice_overridden": "quyết định vẫn đổi giờ dù không đủ ngày báo trước",
        "released_without_override": "khách hàng đã được báo giờ mới khi chưa có quyết định",
        "defect": "lỗi chương trình",
    }
)


def field(name: str) -> str:
    """Return a field in the words of staff."""
    return FIELDS.get(name, name)


def event(kind: str) -> str:
    """Return a kind of event in the words of staff."""
    return EVENTS.get(kind, kind)
