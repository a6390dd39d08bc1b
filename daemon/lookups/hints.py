"""What the words of a question tell the look-ups where its fields do not: household or not, voltage, now or later.

Only plain words count and a contradiction is no hint. Distances are never taken from the customer: the unit knows them.
"""

import re
from decimal import Decimal

from daemon.desk.question import Question
from daemon.desk.text import fold, nfc

_HOME = "nhà tôi|nhà em|nhà mình|nhà con|nhà cháu|nhà chúng tôi|nhà ở|hộ nhà|gia đình|sinh hoạt|sửa nhà|xây nhà|làm nhà"
_BUSINESS = (
    "công ty|doanh nghiệp|cơ sở|hợp tác xã|htx|nhà máy|nhà xưởng|xưởng|nhà hàng|khách sạn|nhà nghỉ|trường|bệnh viện|"
    "trạm y tế|ubnd|uỷ ban|ủy ban|cơ quan|sản xuất|kinh doanh|trạm bơm|3 pha|ba pha|trang trại|trại|cửa hàng|chi nhánh|"
    "ngân hàng|trung thế|trung áp|hợp tác|mỏ|thủy điện|bts|nhà thầu|công trình|ban quản lý"
)
_LOW = "hạ thế|hạ áp|220v|220 v|380v|380 v|1 pha|một pha"
_MEDIUM = "trung thế|trung áp"
_NOW = (
    "đang mất điện|đang cúp điện|đang bị mất|đang cắt điện|đang bị cắt|vừa mất điện|vừa cúp|mất điện từ|mất từ|cúp điện từ|"
    "vẫn mất|vẫn chưa có điện|chưa có điện|bao giờ có điện|bao giờ có lại|khi nào có điện|khi nào có lại|mất điện rồi|"
    "hiện mất điện|hiện không có điện|không có điện từ|bây giờ mất"
)
_WHY = "vì sao|tại sao|nguyên nhân|lý do|lí do|sao mất|sao cúp|sao lại"

_KV = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*kv\b")


def household_of(question: Question) -> bool | None:
    """Return whether the electricity is for a home, by the question's own field, else its words; None where unclear."""
    if question.household is not None:
        return question.household
    text = f"{question.name or ''}\n{question.text}"
    home, business = _says(text, _HOME), _says(text, _BUSINESS)
    return None if home == business else home


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


def asks_about_now(question: Question) -> bool:
    """Say whether the words tell that the electricity is off now or was off: then no plan does not mean no outage."""
    return _says(question.text, _NOW) or _says(question.text, _WHY)


def without_power_now(question: Question) -> bool:
    """Say whether the words tell that the electricity is off at the moment of asking."""
    return _says(question.text, _NOW)


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
