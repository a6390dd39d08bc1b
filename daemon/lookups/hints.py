"""What the words of a question tell the look-ups where its fields do not: household or not, voltage, now or later.

Only plain words count and a contradiction is no hint. Distances are never taken from the customer: the unit knows them.
"""

import datetime as dt
import re
from decimal import Decimal

from daemon.desk.question import Question
from daemon.desk.text import fold, nfc

_HOME = "nhà tôi|nhà em|nhà mình|nhà con|nhà cháu|nhà chúng tôi|nhà ở|hộ nhà|gia đình|sinh hoạt|sửa nhà|xây nhà|làm nhà"
_USE = "sinh hoạt|hộ gia đình"  # says what the electricity is for; ``nhà tôi`` only says where
_NOT_HOME = (
    "không phải sinh hoạt|không phải điện sinh hoạt|không phải hộ sinh hoạt|ngoài sinh hoạt|ngoài mục đích sinh hoạt|"
    "không dùng cho sinh hoạt|không phải mục đích sinh hoạt"
)
_BUSINESS = (
    "công ty|doanh nghiệp|cơ sở|hợp tác xã|htx|nhà máy|nhà xưởng|xưởng|nhà hàng|khách sạn|nhà nghỉ|trường|bệnh viện|"
    "trạm y tế|ubnd|uỷ ban|ủy ban|cơ quan|sản xuất|kinh doanh|trạm bơm|3 pha|ba pha|trang trại|trại|cửa hàng|chi nhánh|"
    "ngân hàng|trung thế|trung áp|hợp tác|mỏ|thủy điện|bts|nhà thầu|công trình|ban quản lý"
)
_LOW = "hạ thế|hạ áp|220v|220 v|380v|380 v|1 pha|một pha"
_MEDIUM = "trung thế|trung áp"
_STILL = (
    "đang mất điện|đang cúp điện|đang bị mất|đang cắt điện|đang bị cắt|đang không có điện|vừa mất điện|vừa cúp|vẫn mất|vẫn cúp|"
    "vẫn không có điện|vẫn chưa có|chưa có điện|chưa thấy có điện|bao giờ có điện|bao giờ có lại|bao giờ mới có|khi nào có điện|"
    "khi nào có lại|khi nào mới có|hiện mất điện|hiện không có điện|bây giờ mất"
)
_SINCE = "mất điện từ|mất từ|cúp điện từ|mất điện rồi|không có điện từ"
_WHY = "vì sao|tại sao|nguyên nhân|lý do|lí do|sao mất|sao cúp|sao lại"

_CLOCK = r"(\d{1,2})\s*(?:h|g|gio|:)\s*(\d{2})?"
_FROM_TO = re.compile(rf"(?:tu\s+)?{_CLOCK}\s*(?:den|toi|-|–)\s*{_CLOCK}")
_AT = re.compile(rf"(?:luc|tu|khoang)\s+(?:khoang\s+)?{_CLOCK}")
_PARTS_OF_DAY = tuple(
    (words, (dt.timedelta(hours=first), dt.timedelta(hours=last)))
    for words, first, last in (
        ("sáng nay|sáng hôm qua|sáng qua|buổi sáng", 5, 12),
        ("trưa nay|trưa hôm qua|trưa qua|buổi trưa", 10.5, 14),
        ("chiều nay|chiều hôm qua|chiều qua|buổi chiều", 12, 19),
        ("tối nay|tối hôm qua|tối qua|buổi tối", 17.5, 24),
        ("đêm nay|đêm hôm qua|đêm qua", 20, 30),
    )
)

_KV = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*kv\b")


def household_of(question: Question) -> bool | None:
    """Return whether the electricity is for a home, by the question's own field, else its words; None where unclear."""
    if question.household is not None:
        return question.household
    text = f"{question.name or ''}\n{question.text}"
    if _says(text, _NOT_HOME):
        return False
    home, business = _says(text, _HOME), _says(text, _BUSINESS)
    return None if home == business else home


def use_said(question: Question) -> bool:
    """Say whether the customer, or the agent, says what the electricity is for; else ``household_of`` is an assumption."""
    return question.household is not None or _says(question.text, _USE)


def voltage_of(question: Question) -> Decimal | None:
    """Return the voltage in kilovolts, by the question's own field, else what its words say; None where unclear."""
    if question.kv is not None:
        return question.kv
    named = {Decimal(number.replace(",", ".")) for number in _KV.findall(fold(question.text))}
    if len(named) == 1:
        return named.pop()
    low, medium = _says(question.text, _LOW), _says(question.text, _MEDIUM)
    if named or low == medium:
        return None
    return Decimal("0.38") if low else Decimal(35)


def time_of_day(question: Question) -> tuple[dt.timedelta, dt.timedelta] | None:
    """Return from when to when after midnight the electricity was off, where the words say it; None where they do not.

    ``từ 11h đến 13h`` is a stretch, ``lúc 20h`` an instant, ``sáng`` … ``đêm`` the usual hours of that part of a day.
    """
    text = fold(question.text)
    stretches = {(_since_midnight(*found[:2]), _since_midnight(*found[2:])) for found in _FROM_TO.findall(text)}
    if len(stretches) == 1:
        start, end = stretches.pop()
        return start, end if end > start else end + dt.timedelta(days=1)
    instants = {_since_midnight(*found) for found in _AT.findall(text)}
    if len(instants) == 1 and not stretches:
        return (instant := instants.pop()), instant
    parts = [hours for words, hours in _PARTS_OF_DAY if _says(question.text, words)]
    return parts[0] if len(parts) == 1 and not stretches and not instants else None


def _since_midnight(hour: str, minute: str) -> dt.timedelta:
    return dt.timedelta(hours=int(hour), minutes=int(minute or 0))


def asks_about_now(question: Question) -> bool:
    """Say whether the words tell that the electricity is off now or was off: then no plan does not mean no outage."""
    return without_power_now(question) or _says(question.text, _WHY)


def without_power_now(question: Question) -> bool:
    """Say whether the words tell that the electricity is off at the moment of asking."""
    return still_off(question) or _says(question.text, _SINCE)


def still_off(question: Question) -> bool:
    """Say whether the words leave no doubt of it: ``mất điện từ 11h đến 13h`` does, ``đang mất điện`` does not."""
    return _says(question.text, _STILL)


def _says(text: str, phrases: str) -> bool:
    """Say whether one of some phrases stands in a text; with diacritics where the text has any, else without."""
    lowered = " ".join(nfc(text).lower().split())
    folded = fold(lowered)
    if lowered != folded:
        return bool(_compiled(phrases).search(lowered))
    return bool(_compiled(fold(phrases)).search(folded))


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _compiled(phrases: str) -> re.Pattern[str]:
    if phrases not in _PATTERNS:
        _PATTERNS[phrases] = re.compile(rf"(?<!\w)(?:{phrases})(?!\w)")
    return _PATTERNS[phrases]
