"""Vietnamese days and times of day in a text, resolved from the time of receipt.

``8 rưỡi sáng thứ năm tuần này``, ``chiều mai từ 1h``, ``ngày 5 tháng 11``. A weekday that contradicts its date is never
guessed: there is no day then, only a question. What a day or time means for the request is ``outage``'s work.
"""

import datetime as dt
import re
from dataclasses import dataclass, replace

from daemon.desk.text import fold_aligned, nfc

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

PART = r"sang|trua|chieu|toi|dem|khuya"
_TIME = re.compile(
    r"(?<![\d/.:,])(\d{1,2})\s?(?:(?:h|g|gio)(?![a-z])|h(?=\d)|g(?=\d)|(?=\s?ruoi\b)|:(?=\d\d(?!\d)))"
    r"\s?(?:(\d{2})(?!\d|\s?/|\.\d)(?:\s?(?:phut|p)(?![a-z]))?|(ruoi)\b|kem\s?(\d{1,2}))?"
)
_RANGE = re.compile(r"(?<![\d/.:,])(?<!\dh)(?<!\dg)(\d{1,2})\s?(?:-|–|den|toi)\s?\d{1,2}\s?(?:h|gio)(?![a-z])")
_DATE = re.compile(
    r"(?<![\d/.\-])(\d{1,2})\s?([/.\-])\s?(\d{1,2})(?:\s?[/.\-]\s?(\d{4}|\d{2})(?!\d))?(?![\d])(?!\s?[/]\s?\d)"
)
_LONG_DATE = re.compile(r"\b(?:ngay|hom|mung|mong)?\s?(\d{1,2})\s?thang\s?(\d{1,2})(?:\s?(?:nam|,)?\s?(\d{4}))?(?!\d)")
_DAY_ONLY = re.compile(
    r"\b(?:ngay|hom|mung|mong)\s(?:mung|mong)?\s?(\d{1,2})(?:\s?thang (nay|sau|toi)\b)?"
    r"(?![\d/.\-]?\d|\s?(?:/|thang|h\b|gio|ngay|lan|lien))(?!\s?(?:am|al)\b)"
)
_WEEKDAY = re.compile(
    r"\b(?:thu\s?([2-7])(?!\d)|thu\s(hai|ba|tu|nam|sau|bay)\b|t([2-7])(?![\d.a-z])|(chu\s?nhat|cnhat|cn)\b)"
    r"(?:\s?(tuan (?:nay|toi|sau|ke)|nay|toi|sau|ke tiep))?"
)
_BEHIND_WEEKDAY = re.compile(
    r"\b(?:thu\s?(?:[2-7]|hai|ba|tu|nam|sau|bay)|t[2-7]|chu\s?nhat|cn)(?: tuan (?:nay|sau|toi)| nay| toi)?,?\s"
    r"(\d{1,2})(?=\s*$|\s*[.,;)](?!\d)|\s(?:xin|cat|luc|tu|vi|de|mong|do|trung|nhung|ma)\b)"
)
_RELATIVE = re.compile(
    rf"\b(?:({PART})\s)?(?:(hom nay|nay)|(ngay mai|hom sau|mai)|(ngay kia|ngay mot|mot)|(hom qua|qua)|(hom kia))\b"
)
_NUMERALS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một", "mười hai")
_TOLD_TIME = re.compile(
    r"\b(muoi mot|muoi hai|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi)\s(?:gio(?:\s(ruoi))?|(ruoi))\b(?!\s\d)"
)
_AT = re.compile(r"\b(?:luc|tu|hoi|vao)\s?$")
_SURE_NUMERALS = frozenset({"hai", "tam", "chin", "muoi", "muoi hai", "muoi mot"})
_LUNAR = re.compile(r"\s?(?:\(?(?:am lich|am|al)\b)")
_NAMES = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
_DURATION = re.compile(
    r"\b(?:trong|hon|gan|suot|them|keo dai|mat|dai|khoang|cach|bot|toi da|moi|ngung|truoc|mat dien|it nhat)\s?$"
)


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
        hours.append(Hour(match.start(), match.end(), hour, minute % 60, part))
    hours += _told(text, folded)
    hours.sort(key=lambda one: one.start)
    return tuple(hours)


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
        ahead = {"nay": 0, "sau": 1, "toi": 1}.get(match[2] or "")
        month = None if ahead is None else str((today.month - 1 + ahead) % 12 + 1)
        days.append(_day(match, folded, match[1], month, None, today))
    for match in _BEHIND_WEEKDAY.finditer(folded):  # «thứ sáu 13»
        day = _resolve(int(match[1]), None, None, today) if 1 <= int(match[1]) <= 31 else None
        if day is not None:
            days.append(Day(match.start(1), match.end(1), day, explicit=True))
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
    part = part_before(folded, match.start())
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
        part = part_before(folded, match.start()) or _part_behind(text, folded, end)
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
        part = part or part_before(folded, match.start()) or _part_behind(text, folded, match.end())
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
        verb = re.match(r"\s(?:co|cat|cup|mat|ngung|bi|dien luc)\b", after + folded[match.end() + 8 : match.end() + 12])
        verb = verb if not re.search(r"\b(?:thi|van|ngoc|tuyet|thanh|xuan|hoa|nhat)\s?$", before) else None
        return (written.islower() and bool(beside or lead or verb)) or (
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


def _told(text: str, folded: str) -> list[Hour]:
    """Hours in words, «tám giờ sáng», «bảy rưỡi»; without marks only those that cannot be «bây giờ», «sau giờ» …"""
    hours = []
    for match in _TOLD_TIME.finditer(folded):
        written = text[match.start(1) : match.end(1)].lower()
        number = next((n for n, word in enumerate(_NUMERALS, 1) if nfc(word) == nfc(written)), 0)
        if not number and written in _SURE_NUMERALS:
            number = next(n for n, word in enumerate(_NUMERALS, 1) if fold_aligned(word) == written)
        if not number or _DURATION.search(folded[max(0, match.start() - 12) : match.start()]):
            continue
        part = _part_behind(text, folded, match.end())
        if part is not None or _AT.search(folded[max(0, match.start() - 5) : match.start()]):
            hours.append(Hour(match.start(), match.end(), number, 30 if match[2] or match[3] else 0, part))
    return hours


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
    half = re.match(r"\s?(am|pm)\b(?! lich)", folded[end : end + 10])
    if half is not None and text[end : end + half.end()].strip().lower() in ("am", "pm"):
        return "sang" if half[1] == "am" else "chieu"
    match = re.match(rf"\s?(?:gio\s)?({PART})\b", folded[end : end + 12])
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


def part_before(folded: str, start: int) -> str | None:
    """Return the part of the day written right before a position of a folded text, or None."""
    match = re.search(rf"\b({PART})\s?(?:ngay|hom|thu|thu\s)?\s?\(?$", folded[max(0, start - 14) : start])
    return match[1] if match else None


def hour_of(hour: int, part: str | None) -> int:
    """Return the hour of 24 that an hour with its part of the day means: 2 and ``chieu`` is 14."""
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
    return hour % 24


def contradicts(hour: int, part: str | None) -> bool:
    """Say whether an hour cannot be in its part of the day as people say it: «8h chiều», «14h sáng», «2h tối»."""
    spans = {"sang": (0, 11), "trua": (10, 15), "chieu": (1, 19), "toi": (4, 24), "dem": (0, 24), "khuya": (0, 24)}
    if part not in spans or (hour == 24 and part != "chieu"):
        return False
    low, high = spans[part]
    wrong = (part == "chieu" and 8 <= hour <= 11) or (part == "trua" and 4 <= hour <= 9)
    wrong = wrong or (part == "toi" and 13 <= hour <= 16) or (part in ("dem", "khuya") and 13 <= hour <= 18)
    small = part == "trua" and 1 <= hour <= 3
    return wrong or (not small and not low <= hour <= high)
