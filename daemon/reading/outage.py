"""The outage that a request is about: the announced start that a customer wants moved, the window that is asked about.

Chooses among the days and times that ``dates`` finds. What is not said, or contradicts itself, is a question, no guess.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.desk import wording
from daemon.desk.text import fold_aligned, nfc
from daemon.reading.asked_hours import asked_hours
from daemon.reading.dates import Day, Hour, contradicts, find_days, find_hours, hour_of, part_before

_NEW = re.compile(
    r"(?:\b(?:sang|qua|xuong|thanh|ve|sau|truoc|len)\s?(?:luc|hoi|khoang|ngay|hom|ca|gio|buoi|thoi diem)?\s?)$"
)
_UNTIL = re.compile(r"(?:\b(?:den|toi|het)\s?(?:luc|hoi|khoang|ngay|hom|het)?\s?|[-–]\s?)$")
_CUT = re.compile(r"\b(?:cat|cup|ngung|ngat|tam ngung|mat dien|lich)\b")
_EVENT = re.compile(
    r"\b(?:cuoi|le|dai hoi|khai truong|to chuc|hoi nghi|khai giang|tiec|ky niem|tang|hieu|hop|thi|don khach|giao hang"
    r"|don dau|ruoc dau|dua tang|dua ma|do tran|do mai|do be tong|lam le|an hoi|khach den|khanh thanh|xuat chuong|hop dan|thao giang|hoi thao)\b"
)
_INSTEAD = re.compile(r"(?:thay vi|thay cho|chu khong phai)\s?(?:luc|tu|vao|ngay)?\s?$")
_FROM = re.compile(r"\b(?:tu|luc|vao|bat dau|hoi|vao luc|tu luc)\s?$")
_SIGNED = re.compile(r"(?:^|\n)[^\n,]{2,40},\s?$")
_NUMBERED = re.compile(r"\b(?:so|cv|vb|tb)\b[^\n.;,]{1,25}$")


Window = tuple[dt.datetime, dt.datetime]
# Outages last hours, seldom days; what is asked about beyond that is a week's or a whole month's plan.
_LONGEST = dt.timedelta(days=31)
# No plan reaches farther ahead, and of what lies farther back nobody asks when the power returns.
_FARTHEST = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Moment:
    """A resolved instant, how sure, the words that led to it, and what to ask (Vietnamese)."""

    value: dt.datetime | None
    confidence: float
    reasons: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def outage_start(text: str, received: dt.datetime, subject: str | None = None) -> Moment:
    """Return the announced start of the outage that a customer wants moved, as an aware time in received's zone.

    There is no value where the text does not say both day and hour, or where they contradict each other.
    """
    text = nfc(text)
    folded = fold_aligned(text)
    hours = [hour for hour in find_hours(text) if not _is_clerk_time(hour, received)]
    days = [day for day in find_days(text, received) if not _is_letter_date(day, folded)]
    old_hours = [hour for hour in hours if not _is_new(folded, text, hour.start, hours, days)]
    old_days = [day for day in days if not _is_new(folded, text, day.start, hours, days)]
    if subject and not old_days:
        old_days = [replace(day, start=-1, end=-1) for day in find_days(nfc(subject), received)]
    questions = tuple(dict.fromkeys(day.question for day in old_days if day.question))
    if questions:
        return Moment(None, 0.4, tuple(_words(text, day) for day in old_days), questions)
    if not old_hours or not old_days:
        missing = "giờ" if old_days else "ngày" if old_hours else "ngày và giờ"
        return Moment(None, 0.8, (), (f"Khách chưa nói rõ {missing} ngừng điện đã thông báo.",))
    return _settle(text, folded, received, old_hours, old_days)


def asked_window(text: str, received: dt.datetime) -> Window | None:
    """Return the window that an outage question is about: the hours it names, else its whole days; None where none.

    The end is the first moment that is no longer asked about.
    """
    text = nfc(text)
    folded = fold_aligned(text)
    days = [day for day in find_days(text, received) if day.day is not None and not _is_letter_date(day, folded)]
    if not days:
        return _week_window(folded, received)
    assert received.tzinfo is not None
    found = find_hours(text)
    hours = [each for each in found if _FROM.search(folded[: each.start]) or not _is_clerk_time(each, received)]
    named = asked_hours(text, folded, days, hours, received.tzinfo) if hours else None
    if named is not None:
        return named
    first = min(day.day for day in days if day.day)
    last = max(day.lastday or day.day for day in days if day.day)
    zone = received.tzinfo
    start = dt.datetime.combine(first, dt.time(), zone)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    return start, end


def implausible(window: Window, received: dt.datetime) -> str | None:
    """Return what to ask where no customer can mean such a window: a day or year misread, or another matter's date."""
    start, end = window
    if end - start <= _LONGEST and start - _FARTHEST <= received <= end + _FARTHEST:
        return None
    return (
        f"Thời gian khách hỏi đọc được {wording.asked_window(start, end)}: quá dài hoặc quá xa cho một lần ngừng điện, "
        "có thể nhầm ngày, năm. Xem lại trong thư, hỏi khách."
    )


def _is_clerk_time(hour: Hour, received: dt.datetime) -> bool:
    """An agent's note often begins with the time of the call."""
    said = hour.hour * 60 + hour.minute
    return hour.start <= 6 and abs(said - received.hour * 60 - received.minute) <= 20 and hour.part is None


def _is_letter_date(day: Day, folded: str) -> bool:
    before = folded[max(0, day.start - 45) : day.start]
    head = re.sub(r"\s?ngay\s?$", "", before)
    return (_SIGNED.search(before) is not None and "thang" in folded[day.start : day.end]) or (
        _NUMBERED.search(head) is not None and "ngay" in before[-6:]
    )


def _is_morning(folded: str, text: str, start: int) -> bool:
    """«sáng» and not «sang»: by its mark, or, without marks, right behind a time or «buổi»."""
    if not folded.startswith("sang", start):
        return False
    written = text[start : start + 4].lower()
    if written != "sang" or not text.isascii():
        return written == "sáng"
    return re.search(r"(?:\d\s?h?|gio|ruoi|buoi|vao|phut)\s?$", folded[max(0, start - 6) : start]) is not None


def _within(days: Sequence[Day], position: int) -> bool:
    """«tuần sau lúc 9h», «thứ hai tới lúc 9h»: the word belongs to the day, it announces nothing."""
    return any(day.start <= position < day.end for day in days)


def _is_new(folded: str, text: str, start: int, hours: Sequence[Hour], days: Sequence[Day]) -> bool:
    """A time behind «sang», «đến», «sau» … is the wished one or the end, unless «thay vì» names the old one."""
    before = folded[max(0, start - 26) : start]
    if _INSTEAD.search(before):
        return False
    found = _NEW.search(before)
    here = start - len(before)
    announces = found is not None and not _within(days, here + found.start())
    if found is not None and announces and not _is_morning(folded, text, here + found.start()):
        return True
    until = _UNTIL.search(before)
    if until is not None and not _within(days, here + until.start()):
        earlier = any(one.end <= start for one in hours) or any(one.end <= start for one in days)
        return earlier or re.search(r"\b(?:lui|doi|hoan|chuyen|lai|roi)\b[^.;\n]{0,12}$", before) is not None
    return False


def _settle(text: str, folded: str, received: dt.datetime, hours: Sequence[Hour], days: Sequence[Day]) -> Moment:
    ranked = sorted(hours, key=lambda hour: (-_score(folded, hour), hour.start))
    hour = ranked[0]
    if _score(folded, hour) < 0:
        words = text[hour.start : hour.end].strip()
        asked = f"«{words}» có vẻ là giờ của việc khác: hỏi lại giờ ngừng điện đã thông báo."
        return Moment(None, 0.6, (words,), (asked,))
    day = min(days, key=lambda one: (_apart(folded, one, hour), one.start))
    part = hour.part or part_before(folded, hour.start) or day.part
    if day.day is None:
        return Moment(None, 0.4, (), ("Không rõ ngày ngừng điện: hỏi lại.",))
    clock = hour_of(hour.hour, part)
    value = dt.datetime.combine(day.day, dt.time(clock, hour.minute), received.tzinfo)
    if hour.hour == 24 or (part in ("dem", "khuya") and hour.hour == 12):
        value += dt.timedelta(days=1)
    sure, questions = 0.95, []
    if part is None and 1 <= hour.hour <= 4:
        sure, questions = 0.5, [f"«{text[hour.start : hour.end]}» là sáng hay chiều: hỏi lại."]
    if contradicts(hour.hour, part):
        sure, questions = (
            0.5,
            [f"Giờ ngừng điện «{text[hour.start : hour.end].strip()}» không khớp với buổi khách ghi: hỏi lại."],
        )
    others = {one.day for one in days if one.day} - {day.day}
    if others:
        sure = min(sure, 0.8)
    if value < received - dt.timedelta(hours=1):
        sure = min(sure, 0.5)
        questions.append("Giờ ngừng điện khách nêu đã qua: hỏi lại.")
    reasons = (text[hour.start : hour.end].strip(), _words(text, day) or "tiêu đề")
    return Moment(value, sure, reasons, tuple(questions))


def _score(folded: str, hour: Hour) -> float:
    before = folded[max(0, hour.start - 60) : hour.start]
    close = re.split(r"[.;\n?!]", before)[-1]
    score = 2.0 if _CUT.search(close) else 0.0
    score += 1.0 if _FROM.search(before[-9:]) else 0.0
    score -= 2.0 if _EVENT.search(close[-30:]) else 0.0
    score += 1.0 if _CUT.search(re.split(r"[,.;\n?!]", folded[hour.end : hour.end + 30])[0]) else 0.0
    return score + (2.5 if _INSTEAD.search(before) else 0.0)


def _apart(folded: str, day: Day, hour: Hour) -> float:
    if day.start < 0:
        return 500.0
    low, high = (day.end, hour.start) if day.start < hour.start else (hour.end, day.start)
    between = folded[low:high]
    return len(between) + 60.0 * len(re.findall(r"[.;\n]", between))


def _words(text: str, day: Day) -> str:
    return text[day.start : day.end].strip() if day.start >= 0 else ""


def _week_window(folded: str, received: dt.datetime) -> tuple[dt.datetime, dt.datetime] | None:
    today = received.date()
    monday = today - dt.timedelta(days=today.weekday())
    if re.search(r"\bcuoi tuan\b", folded):
        first, last = monday + dt.timedelta(days=5), monday + dt.timedelta(days=6)
    elif re.search(r"\btuan (?:sau|toi)\b", folded):
        first, last = monday + dt.timedelta(days=7), monday + dt.timedelta(days=13)
    elif re.search(r"\b(?:tuan nay|trong tuan)\b", folded):
        first, last = today, monday + dt.timedelta(days=6)
    else:
        return None
    zone = received.tzinfo
    return dt.datetime.combine(first, dt.time(), zone), dt.datetime.combine(
        last + dt.timedelta(days=1), dt.time(), zone
    )
