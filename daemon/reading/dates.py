"""Vietnamese dates and times in a text, resolved from the time of receipt; the announced start of an outage.

``8 rưỡi sáng thứ năm tuần này``, ``chiều mai từ 1h``, ``ngày 5 tháng 11``. A weekday that contradicts its date is never
guessed: there is no value then, only a question. The working calendar is not known here.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.desk.text import fold_aligned, nfc

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

_PART = r"sang|trua|chieu|toi|dem|khuya"
_TIME = re.compile(
    r"(?<![\d/.:,])(\d{1,2})\s?(?:(?:h|g|gio)(?![a-z])|h(?=\d)|g(?=\d)|(?=\s?ruoi\b)|:(?=\d\d(?!\d)))"
    r"\s?(?:(\d{2})(?!\d)(?:\s?(?:phut|p)(?![a-z]))?|(ruoi)\b|kem\s?(\d{1,2}))?"
)
_RANGE = re.compile(r"(?<![\d/.:,])(\d{1,2})\s?(?:-|–|den|toi)\s?\d{1,2}\s?(?:h|gio)(?![a-z])")
_DATE = re.compile(
    r"(?<![\d/.\-])(\d{1,2})\s?([/.\-])\s?(\d{1,2})(?:\s?[/.\-]\s?(\d{4}|\d{2})(?!\d))?(?![\d])(?!\s?[/]\s?\d)"
)
_LONG_DATE = re.compile(r"\b(?:ngay|hom|mung|mong)?\s?(\d{1,2})\s?thang\s?(\d{1,2})(?:\s?(?:nam|,)?\s?(\d{4}))?(?!\d)")
_DAY_ONLY = re.compile(
    r"\b(?:ngay|hom|mung|mong)\s(?:mung|mong)?\s?(\d{1,2})(?![\d/.\-]?\d|\s?(?:/|thang|h\b|gio|ngay|lan|lien))(?!\s?(?:am|al)\b)"
)
_WEEKDAY = re.compile(
    r"\b(?:thu\s?([2-7])(?!\d)|thu\s(hai|ba|tu|nam|sau|bay)\b|t([2-7])(?![\d.a-z])|(chu\s?nhat|cnhat|cn)\b)"
    r"(?:\s?(tuan (?:nay|toi|sau|ke)|nay|toi|sau|ke tiep))?"
)
_RELATIVE = re.compile(
    rf"\b(?:({_PART})\s)?(?:(hom nay|nay)|(ngay mai|hom sau|mai)|(ngay kia|ngay mot|mot)|(hom qua|qua)|(hom kia))\b"
)
_LUNAR = re.compile(r"\s?(?:\(?(?:am lich|am|al)\b)")
_NAMES = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_NEW = re.compile(
    r"(?:\b(?:sang|qua|xuong|thanh|ve|sau|truoc|len)\s?(?:luc|hoi|khoang|ngay|hom|ca|gio|buoi|thoi diem)?\s?)$"
)
_UNTIL = re.compile(r"(?:\b(?:den|toi|het)\s?(?:luc|hoi|khoang|ngay|hom|het)?\s?|[-–]\s?)$")
_DURATION = re.compile(
    r"\b(?:trong|hon|gan|suot|them|keo dai|mat|dai|khoang|cach|bot|toi da|moi|ngung|truoc|mat dien|it nhat)\s?$"
)
_CUT = re.compile(r"\b(?:cat|cup|ngung|ngat|tam ngung|mat dien|lich)\b")
_EVENT = re.compile(
    r"\b(?:cuoi|le|dai hoi|khai truong|to chuc|hoi nghi|khai giang|tiec|ky niem|tang|hieu|hop|thi|don khach|giao hang)\b"
)
_INSTEAD = re.compile(r"(?:thay vi|thay cho|chu khong phai)\s?(?:luc|tu|vao|ngay)?\s?$")
_FROM = re.compile(r"\b(?:tu|luc|vao|bat dau|hoi|vao luc|tu luc)\s?$")
_SIGNED = re.compile(r"(?:^|\n)[^\n,]{2,40},\s?$")
_NUMBERED = re.compile(r"\b(?:so|cv|vb|tb)\b[^\n.;]{1,40}$")


@dataclass(frozen=True, slots=True)
class Day:
    """A day named in a text: where, which one (None where it cannot be told), its part of the day, a question."""

    start: int
    end: int
    day: dt.date | None
    part: str | None = None
    question: str | None = None
    lastday: dt.date | None = None
    explicit: bool = False
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day named in a text: where, which one, its part of the day if named with it."""

    start: int
    end: int
    hour: int
    minute: int
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A resolved instant, how sure, the words that led to it, and what to ask (Vietnamese)."""

    value: dt.datetime | None
    confidence: float
    reasons: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def find_days(text: str, received: dt.datetime) -> tuple[Day, ...]:
    """Return the days named in an NFC text, in its order; a weekday beside a date is one mention with it."""
    folded = fold_aligned(text)
    today = received.date()
    days = [*_dates(folded, today), *_weekdays(text, folded, today), *_relatives(text, folded, today)]
    days.sort(key=lambda day: (day.start, -day.end))
    return tuple(_joined(_outermost(days), text, folded))


def find_hours(text: str) -> tuple[Hour, ...]:
    """Return the times of day named in an NFC text, in its order; lengths of time are left out."""
    folded = fold_aligned(text)
    hours = []
    for match in _RANGE.finditer(folded):
        if int(match[1]) <= 24 and not _DURATION.search(folded[max(0, match.start() - 12) : match.start()]):
            hours.append(Hour(match.start(), match.start() + len(match[1]), int(match[1]), 0))
    for match in _TIME.finditer(folded):
        hour, minute = int(match[1]), 30 if match[3] else int(match[2] or 0)
        if hour > 24 or minute > 59 or _is_length(folded, match):
            continue
        if match[4]:
            hour, minute = hour - 1, 60 - int(match[4])
        part = _part_behind(text, folded, match.end())
        hours.append(Hour(match.start(), match.end(), hour % 24, minute % 60, part))
    hours.sort(key=lambda one: one.start)
    return tuple(hours)


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


def asked_window(text: str, received: dt.datetime) -> tuple[dt.datetime, dt.datetime] | None:
    """Return the window of days and hours that an outage question is about, None where the text names none."""
    text = nfc(text)
    days = [
        day for day in find_days(text, received) if day.day is not None and not _is_letter_date(day, fold_aligned(text))
    ]
    if not days:
        return _week_window(fold_aligned(text), received)
    first = min(day.day for day in days if day.day)
    last = max(day.lastday or day.day for day in days if day.day)
    zone = received.tzinfo
    start = dt.datetime.combine(first, dt.time(), zone)
    end = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
    return start, end


# ------------------------------------------------------------------------------------------------ days


def _dates(folded: str, today: dt.date) -> list[Day]:
    days = []
    for pattern, groups in ((_DATE, (1, 3, 4)), (_LONG_DATE, (1, 2, 3))):
        for match in pattern.finditer(folded):
            number, month, year = (match[group] for group in groups)
            if pattern is _DATE and not _is_date(folded, match):
                continue
            days.append(_day(match, folded, number, month, year, today))
    for match in _DAY_ONLY.finditer(folded):
        days.append(_day(match, folded, match[1], None, None, today))
    return [day for day in days if day is not None]


def _is_date(folded: str, match: re.Match[str]) -> bool:
    if match[2] == "/" or match[4]:
        return True
    return (
        re.search(
            r"\b(?:ngay|hom|mung|mong|sang|chieu|toi|trua)\s?$", folded[max(0, match.start() - 8) : match.start()]
        )
        is not None
    )


def _day(
    match: re.Match[str], folded: str, number: str, month: str | None, year: str | None, today: dt.date
) -> Day | None:
    if not 1 <= int(number) <= 31 or not 1 <= int(month or 1) <= 12:
        return None
    if _LUNAR.match(folded, match.end()):
        return Day(
            match.start(), match.end(), None, question="Ngày ghi theo âm lịch: hỏi lại ngày dương lịch.", explicit=True
        )
    day = _resolve(int(number), int(month) if month else None, year, today)
    question = None if day else f"Không có ngày {match.group().strip()}: hỏi lại."
    part = _part_before(folded, match.start())
    return Day(match.start(), match.end(), day, part, question, explicit=True)


def _resolve(number: int, month: int | None, year: str | None, today: dt.date) -> dt.date | None:
    if month is None:
        for ahead in range(3):
            months = today.month - 1 + ahead
            found = _date(today.year + months // 12, months % 12 + 1, number)
            if found is not None and found >= today:
                return found
        return None
    if year:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, number)
    near = [_date(today.year + off, month, number) for off in (-1, 0, 1)]
    kept = [day for day in near if day is not None]
    return min(kept, key=lambda day: abs((day - today).days - 60), default=None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _weekdays(text: str, folded: str, today: dt.date) -> list[Day]:
    days = []
    for match in _WEEKDAY.finditer(folded):
        written = text[match.start() : match.end()].lower()
        if written.startswith("thủ") or (match[2] and "tư" not in written and match[2] == "tu" and "ừ" in written):
            continue
        if match[2] and written[:3] not in ("thứ", "thu"):
            continue
        weekday = 6 if match[4] else _NAMES[match[2]] if match[2] else int(match[1] or match[3]) - 2
        when = match[5] or ""
        end = match.end()
        if (
            when in ("toi", "sau", "nay")
            and re.match(r"\s?(?:ong|ba|nha|em)?\s?toi\b", folded[end : end + 9]) is None
            and written.endswith("tôi")
        ):
            when, end = "", match.start(5)
        part = _part_before(folded, match.start()) or _part_behind(text, folded, end)
        days.append(Day(match.start(), end, _weekday(weekday, when, today), part, weekday=weekday))
    return days


def _weekday(weekday: int, when: str, today: dt.date) -> dt.date:
    monday = today - dt.timedelta(days=today.weekday())
    if when == "tuan nay" and weekday >= today.weekday():
        return monday + dt.timedelta(days=weekday)
    if when.startswith("tuan"):
        return monday + dt.timedelta(days=7 + weekday)
    ahead = (weekday - today.weekday()) % 7
    if ahead == 0 and when != "nay":
        ahead = 7
    return today + dt.timedelta(days=ahead)


def _relatives(text: str, folded: str, today: dt.date) -> list[Day]:
    days = []
    for match in _RELATIVE.finditer(folded):
        part = match[1]
        written = text[match.start() : match.end()]
        if part and not _is_part(text, match.start(1), part):
            part = None
        if not part and not _stands_alone(folded, match, written):
            continue
        off = 0 if match[2] else 1 if match[3] else 2 if match[4] else -1 if match[5] else -2
        part = part or _part_before(folded, match.start()) or _part_behind(text, folded, match.end())
        days.append(Day(match.start(), match.end(), today + dt.timedelta(days=off), part))
    return days


def _stands_alone(folded: str, match: re.Match[str], written: str) -> bool:
    """``mai``, ``nay``, ``qua`` alone are a day only beside a time; ``ngày mai``, ``hôm nay`` always."""
    if any(group and " " in group for group in match.groups()[1:]):
        return True
    if written[:1].isupper() and match[3] is None:
        return False
    if match[3]:
        before, after = folded[max(0, match.start() - 8) : match.start()], folded[match.end() : match.end() + 8]
        beside = re.search(r"(?:\d|h|gio|ruoi)\s?$", before) or re.match(r"\s?,?\s?(?:luc|tu|vao|\(|\d)", after)
        lead = re.search(r"(?:^|[,.:(]\s?|\b(?:vao|hom|den|tu|lich|dien|cat))\s?$", before)
        return (written.islower() and bool(beside or lead)) or (
            written == "Mai" and bool(lead) and bool(beside or re.match(r"\s(?:co|dien|cat|nha|xa)", after))
        )
    return False


def _outermost(days: list[Day]) -> list[Day]:
    kept: list[Day] = []
    for day in days:
        if kept and day.start < kept[-1].end:
            continue
        kept.append(day)
    return kept


def _joined(days: list[Day], text: str, folded: str) -> list[Day]:
    """Join a weekday or a relative day with the date beside it; where they contradict there is only a question."""
    out: list[Day] = []
    for day in days:
        last = out[-1] if out else None
        gap = folded[last.end : day.start] if last else ""
        beside = len(gap) <= 12 and re.fullmatch(r"[\s,(]*(?:ngay|la ngay|tuc ngay|tuc)?[\s(]*", gap) is not None
        differ = last is not None and (last.explicit != day.explicit or (last.weekday is None) != (day.weekday is None))
        if last is not None and beside and differ:
            out[-1] = _one(last, day, text)
            continue
        out.append(day)
    return out


def _one(first: Day, second: Day, text: str) -> Day:
    dated, other = (first, second) if first.explicit else (second, first)
    part = first.part or second.part
    merged = replace(dated, start=first.start, end=second.end, part=part, question=dated.question or other.question)
    if dated.day is None or other.day is None:
        return merged
    agree = dated.day.weekday() == other.weekday if other.weekday is not None else dated.day == other.day
    if agree:
        return merged
    said = text[other.start : other.end].strip()
    true = f"{WEEKDAYS[dated.day.weekday()]}, {dated.day:%d/%m/%Y}"
    return replace(
        merged,
        day=None,
        question=f"Khách ghi «{said}» nhưng ngày {dated.day:%d/%m/%Y} là {true.split(',')[0]}: hỏi lại ngày nào đúng.",
    )


# ------------------------------------------------------------------------------------------------ hours


def _is_length(folded: str, match: re.Match[str]) -> bool:
    if ":" in match.group() or match[2]:
        return False
    if re.match(r"\s?(?:dong ho|lien|moi|nua|tuc)\b", folded[match.end() : match.end() + 9]):
        return True
    return _DURATION.search(folded[max(0, match.start() - 12) : match.start()]) is not None and "gio" in match.group()


def _is_part(text: str, start: int, part: str) -> bool:
    written = text[start : start + len(part)].lower()
    return written not in ("tôi", "tới", "sang", "đêm" if part != "dem" else "") or (
        written == "sang" and text.isascii()
    )


def _part_behind(text: str, folded: str, end: int) -> str | None:
    match = re.match(rf"\s?(?:gio\s)?({_PART})\b", folded[end : end + 12])
    if match is None:
        return None
    written = text[end + match.start(1) : end + match.end(1)].lower()
    if written in ("tôi", "tới") or (written == "sang" and not text.isascii()):
        return None
    if (
        match[1] in ("toi", "sang") and written == match[1]
    ):  # without diacritics: «sang 14h», «toi nha» are something else
        rest = folded[end + match.end(1) : end + match.end(1) + 6]
        if not re.match(r"\s?(?:mai|nay|ngay|thu|hom|\d{1,2}[/.]|cn|t\d|$|[,.])", rest) or (
            re.match(r"\s?(?:ngay|thu|\d)", rest) and match[1] == "sang"
        ):
            return None
    return match[1]


def _part_before(folded: str, start: int) -> str | None:
    match = re.search(rf"\b({_PART})\s?(?:ngay|hom|thu|thu\s)?\s?\(?$", folded[max(0, start - 14) : start])
    return match[1] if match else None


def _hour_of(hour: int, part: str | None) -> int:
    if (
        (part == "chieu" and 1 <= hour <= 7)
        or (part == "toi" and 4 <= hour <= 11)
        or (part == "trua" and 1 <= hour <= 3)
    ):
        return hour + 12
    if part in ("dem", "khuya") and 7 <= hour <= 11:
        return hour + 12
    if part in ("dem", "khuya", "toi") and hour == 12:
        return 0
    return hour


# ------------------------------------------------------------------------------------------------ the start


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
    return re.search(r"(?:\d|h|gio|ruoi|buoi|vao|phut)\s?$", folded[max(0, start - 6) : start]) is not None


def _is_new(folded: str, text: str, start: int, hours: Sequence[Hour], days: Sequence[Day]) -> bool:
    """A time behind «sang», «đến», «sau» … is the wished one or the end, unless «thay vì» names the old one."""
    before = folded[max(0, start - 26) : start]
    if _INSTEAD.search(before):
        return False
    found = _NEW.search(before)
    if found is not None and not _is_morning(folded, text, start - len(before) + found.start()):
        return True
    if _UNTIL.search(before):
        earlier = any(one.end <= start for one in hours) or any(one.end <= start for one in days)
        return earlier or re.search(r"\b(?:lui|doi|hoan|chuyen|lai|roi)\b[^.;\n]{0,12}$", before) is not None
    return False


def _settle(text: str, folded: str, received: dt.datetime, hours: Sequence[Hour], days: Sequence[Day]) -> Moment:
    ranked = sorted(hours, key=lambda hour: (-_score(folded, hour), hour.start))
    hour = ranked[0]
    day = min(days, key=lambda one: (_apart(folded, one, hour), one.start))
    part = hour.part or _part_before(folded, hour.start) or day.part
    if day.day is None:
        return Moment(None, 0.4, (), ("Không rõ ngày ngừng điện: hỏi lại.",))
    clock = _hour_of(hour.hour, part)
    value = dt.datetime.combine(day.day, dt.time(clock, hour.minute), received.tzinfo)
    if hour.hour == 24 or (part in ("dem", "khuya") and hour.hour == 12):
        value += dt.timedelta(days=1)
    sure, questions = 0.95, []
    if part is None and 1 <= hour.hour <= 4:
        sure, questions = 0.5, [f"«{text[hour.start : hour.end]}» là sáng hay chiều: hỏi lại."]
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
    close = re.split(r"[.;\n]", before)[-1]
    score = 2.0 if _CUT.search(close) else 0.0
    score += 1.0 if _FROM.search(before[-9:]) else 0.0
    score -= 2.0 if _EVENT.search(close[-30:]) else 0.0
    score += 1.0 if _CUT.search(folded[hour.end : hour.end + 30]) else 0.0
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
