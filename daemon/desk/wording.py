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
    r"hoi nong dan|hoi phu nu)\b"
)
_BODIES_EXACT = re.compile(r"(trường|trạm|phòng|sở|cục|viện|mỏ|chợ|thôn|xóm|hội|xưởng|huyện|xã|phường|tỉnh|đội|chùa)\b")
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


def balanced(text: str, width: int = 26) -> list[str]:
    """Return text in one line, or in two of nearly equal length where it is longer than ``width`` characters."""
    words = squeeze(text).split()
    if len(squeeze(text)) <= width or len(words) < 2:
        return [squeeze(text)] if words else []
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return list(min(splits, key=lambda pair: (max(map(len, pair)), len(pair[0]))))
