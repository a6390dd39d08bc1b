"""How a due instant came about, line by line in Vietnamese, for ``motcua explain`` and for the slip's small print.

It counts nothing itself: every figure is taken from ``calendar``, so that the explanation cannot differ from the due.
"""

import datetime as dt
from collections.abc import Iterable

from daemon.desk.calendar import VIETNAM, Calendar, NoticeDeadline, due_before, notice
from daemon.desk.procedure import DeadlineRule, Span

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")

_ONE_DAY = dt.timedelta(days=1)


def say_day(day: dt.date, with_year: bool = False) -> str:
    """Return a day as staff write it: ``thứ Năm 08/10``, with the year where wanted."""
    return f"{WEEKDAYS[day.weekday()]} {day:%d/%m/%Y}" if with_year else f"{WEEKDAYS[day.weekday()]} {day:%d/%m}"


def say_time(at: dt.time) -> str:
    """Return a time of day as staff write it: ``08h05``; whole seconds are shown only where there are some."""
    text = f"{at.hour:02d}h{at.minute:02d}"
    return f"{text}:{at.second:02d}" if at.second else text


def say_instant(at: dt.datetime, with_year: bool = True) -> str:
    """Return an instant in Vietnamese time: ``17h00 thứ Ba 13/10/2026``."""
    local = at.astimezone(VIETNAM)
    return f"{say_time(local.time())} {say_day(local.date(), with_year)}"


def explain_due(calendar: Calendar, span: Span, start: dt.datetime, verb: str = "Tiếp nhận") -> tuple[str, ...]:
    """Return the lines that lead from a start to the end of a span, the last line being the due instant."""
    if span.unit == "working day":
        return explain_working_days(calendar, start, span.count, verb)
    if span.unit == "office minute":
        return explain_minutes(calendar, start, span.count, verb)
    end = start.astimezone(calendar.zone) + dt.timedelta(minutes=span.count)
    return (
        f"{verb} {_instant(calendar, start)}",
        f"Cộng {_length(span.count)} theo đồng hồ, kể cả ngoài giờ và ngày nghỉ",
        f"Hạn: {_instant(calendar, end)}",
    )


def explain_rule(
    calendar: Calendar, rule: DeadlineRule, moment: dt.datetime, verb: str = "Tiếp nhận"
) -> tuple[str, ...]:
    """Return the lines for a deadline of the procedure, ``moment`` being the instant its ``of`` names."""
    if rule.before is None:
        if rule.within is None:
            raise ValueError(f"hạn {rule.name!r}: thiếu within hoặc before")
        return explain_due(calendar, rule.within, moment, verb)
    count, unit = rule.before.count, rule.before.unit
    ahead = f"{count} ngày làm việc" if unit == "working day" else _length(count)
    ahead += {"office minute": " giờ hành chính", "minute": " theo đồng hồ"}.get(unit, "")
    return (
        f"{verb} {_instant(calendar, moment)}",
        f"Trừ {ahead}",
        f"Hạn: {_instant(calendar, due_before(calendar, rule.before, moment))}",
    )


def explain_working_days(calendar: Calendar, received: dt.datetime, n: int, verb: str = "Tiếp nhận") -> tuple[str, ...]:
    """Return the lines for the n-th working day after receipt: day 0, what was skipped, each day counted, the due."""
    zero = calendar.day_zero(received)
    end = calendar.due_day(received, n)
    lines = [f"{verb} {_instant(calendar, received)}{_why_zero(calendar, received, zero)}"]
    lines += _skipped(calendar, received.astimezone(calendar.zone).date() + _ONE_DAY, zero)
    day, count = zero, 0
    while count < n:
        following = calendar.working_days_after(day, 1)
        lines += _skipped(calendar, day + _ONE_DAY, following)
        count += 1
        lines.append(f"Ngày {count}: {say_day(following)}{_remark(calendar, following)}")
        day = following
    lines.append(f"Hạn: {_instant(calendar, end)} (hết giờ làm việc của ngày làm việc thứ {n})")
    return (*lines, *_unconfirmed(calendar, received.astimezone(calendar.zone).date(), end.date()))


def explain_minutes(calendar: Calendar, start: dt.datetime, n: float, verb: str = "Bắt đầu") -> tuple[str, ...]:
    """Return the lines for n office minutes from a start: each stretch of office time used, what was skipped, the due."""
    end = calendar.add_minutes(start, n)
    local = start.astimezone(calendar.zone)
    outside = "" if calendar.is_office_time(start) else " (ngoài giờ)"
    lines = [f"{verb} {_instant(calendar, start)}{outside}, tính {_length(n)} trong giờ hành chính"]
    day = local.date()
    while day <= end.date():
        used = [_stretch(day, shift, local, end, calendar) for shift in calendar.hours(day)]
        lines += [line for line in used if line]
        following = calendar.next_working_day(day + _ONE_DAY)
        if following <= end.date():
            lines += _skipped(calendar, day + _ONE_DAY, following)
        day = following
    lines.append(f"Hạn: {_instant(calendar, end)}")
    return (*lines, *_unconfirmed(calendar, local.date(), end.date()))


def explain_notice(calendar: Calendar, received: dt.datetime, start: dt.datetime, hours: float = 24) -> tuple[str, ...]:
    """Return the lines for the notice owed before an outage starts (P7)."""
    deadline = notice(calendar, received, start, hours)
    return (
        f"Tiếp nhận {_instant(calendar, received)}; giờ ngừng điện đã thông báo {_instant(calendar, start)}",
        f"Phải báo khách trước {hours:g} giờ theo đồng hồ, chậm nhất {_instant(calendar, deadline.due)}",
        _act_by(calendar, deadline),
    )


def _act_by(calendar: Calendar, deadline: NoticeDeadline) -> str:
    if not deadline.feasible:
        return "Khi tiếp nhận đã quá hạn này: cần báo khách ngay và xin ý kiến lãnh đạo"
    if deadline.act_by is None:
        return "Từ lúc tiếp nhận đến hạn không còn giờ hành chính nào: cần người trực xử lý ngay"
    return f"Giờ hành chính cuối cùng để báo khách: {_instant(calendar, deadline.act_by)}"


def _instant(calendar: Calendar, at: dt.datetime) -> str:
    """To the minute; the seconds stay where the day turns on them: a mail of 17h00:01 came after hours."""
    local = at.astimezone(calendar.zone)
    minute = _minute(local)
    shown = minute if calendar.is_office_time(minute) == calendar.is_office_time(local) else local
    return f"{say_time(shown.time())} {say_day(shown.date(), True)}"


def _minute(at: dt.datetime) -> dt.datetime:
    return at.replace(second=0, microsecond=0)


def _length(minutes: float) -> str:
    if minutes >= 60 and minutes % 60 == 0:
        return f"{minutes / 60:g} giờ"
    return f"{minutes:g} phút"


def _why_zero(calendar: Calendar, received: dt.datetime, zero: dt.date) -> str:
    local = received.astimezone(calendar.zone)
    if zero == local.date():
        if calendar.is_office_time(received):
            return " → ngày 0 là chính ngày này"
        when = "trước giờ làm việc" if local.time() < calendar.hours(zero)[0][0] else "trong giờ nghỉ trưa"
        return f" ({when}) → ngày 0 vẫn là ngày này"
    why = "ngoài giờ" if calendar.is_working_day(local.date()) else f"ngày nghỉ{_reason(calendar, local.date())}"
    return f" ({why}) → ngày 0 là {say_day(zero)}{_remark(calendar, zero)}"


def _reason(calendar: Calendar, day: dt.date) -> str:
    row = calendar.days.get(day)
    return f": {row.reason}" if row and row.reason else ""


def _remark(calendar: Calendar, day: dt.date) -> str:
    """Say what is unusual about a working day: why it is one, or that it closes early."""
    row = calendar.days.get(day)
    parts = [row.reason] if row and row.reason else []
    hours = calendar.hours(day)
    if hours != calendar.usual:
        parts.append("giờ làm việc " + ", ".join(f"{say_time(opens)}–{say_time(closes)}" for opens, closes in hours))
    return f" ({'; '.join(parts)})" if parts else ""


def _skipped(calendar: Calendar, first: dt.date, until: dt.date) -> list[str]:
    """Return one line for the days off from ``first`` up to ``until`` (exclusive), grouped by reason."""
    off: list[tuple[str, list[dt.date]]] = []
    for number in range((until - first).days):
        day = first + dt.timedelta(days=number)
        row = calendar.days.get(day)
        reason = row.reason if row and row.reason else "nghỉ hằng tuần" if row is None else "nghỉ"
        if off and off[-1][0] == reason:
            off[-1][1].append(day)
        else:
            off.append((reason, [day]))
    return [f"Không tính {_days(days)}: {reason}" for reason, days in off]


def _days(days: list[dt.date]) -> str:
    if len(days) > 2:
        return f"{say_day(days[0])} đến {say_day(days[-1])}"
    return ", ".join(say_day(day) for day in days)


def _stretch(
    day: dt.date, shift: tuple[dt.time, dt.time], start: dt.datetime, end: dt.datetime, calendar: Calendar
) -> str:
    opens, closes = (dt.datetime.combine(day, at, calendar.zone) for at in shift)
    first, last = (_minute(each) for each in (max(opens, start), min(closes, end)))
    if first >= last:
        return ""
    minutes = (last - first) / dt.timedelta(minutes=1)
    return f"{say_day(day)}, {say_time(first.time())}–{say_time(last.time())}: {minutes:g} phút"


def _unconfirmed(calendar: Calendar, first: dt.date, last: dt.date) -> Iterable[str]:
    """Yield a warning for every year and day of the way that the office has not confirmed."""
    for year in range(first.year, last.year + 1):
        if calendar.years and not calendar.confirmed(year):
            yield f"Lưu ý: lịch làm việc năm {year} chưa được phòng xác nhận"
    for day, row in sorted(calendar.days.items()):
        if first <= day <= last and not row.confirmed and calendar.confirmed(day.year):
            yield f"Lưu ý: {say_day(day, True)} ({row.reason or row.kind}) còn chờ phòng xác nhận"
