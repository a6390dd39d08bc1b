"""What the look-ups say to a customer, in whole Vietnamese sentences that name the source and its date."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

from daemon.desk.calendar import VIETNAM
from daemon.desk.question import Outage
from daemon.desk.reckoning import WEEKDAYS, say_time

UNPLANNED = "Trường hợp mất điện do sự cố không nằm trong kế hoạch này."


def say_moment(at: dt.datetime) -> str:
    """Return ``07h30 ngày 08/10/2026``."""
    local = at.astimezone(VIETNAM)
    return f"{say_time(local.time())} ngày {local:%d/%m/%Y}"


def say_source(title: str, as_of: dt.datetime, stale: bool = False) -> str:
    """Return a source with its date, and that the date is old where it is."""
    old = "; bản này đã cũ, có thể đã thay đổi" if stale else ""
    return f"{title}, cập nhật lúc {say_moment(as_of)}{old}"


def say_window(start: dt.datetime, end: dt.datetime) -> str:
    """Return a stretch of time; whole days are named as days, and an end at midnight belongs to the day before."""
    first, last = start.astimezone(VIETNAM), end.astimezone(VIETNAM)
    if first == last:
        return f"lúc {say_moment(first)}"
    midnight = dt.time(0)
    if first.time() == midnight and last.time() in (midnight, dt.time(23, 59), dt.time(23, 59, 59), dt.time.max):
        day = (last - dt.timedelta(microseconds=1)).date()
        if day == first.date():
            return f"ngày {day:%d/%m/%Y} ({WEEKDAYS[day.weekday()]})"
        return f"từ ngày {first:%d/%m/%Y} đến hết ngày {day:%d/%m/%Y}"
    if last.time() == midnight and first.date() == (last - dt.timedelta(microseconds=1)).date():
        return f"từ {say_time(first.time())} đến hết ngày {first:%d/%m/%Y} ({WEEKDAYS[first.weekday()]})"
    return say_span(first, last)


def say_span(start: dt.datetime, end: dt.datetime) -> str:
    """Return ``từ 07h30 đến 11h30 ngày 08/10/2026 (thứ Năm)``, both dates where they differ."""
    first, last = start.astimezone(VIETNAM), end.astimezone(VIETNAM)
    if first.date() == last.date():
        weekday = WEEKDAYS[first.weekday()]
        return f"từ {say_time(first.time())} đến {say_time(last.time())} ngày {first:%d/%m/%Y} ({weekday})"
    return f"từ {say_moment(first)} đến {say_moment(last)}"


def say_outage(outage: Outage) -> str:
    """Return one row: where, from when to when, why."""
    if outage.end:
        when = say_span(outage.start, outage.end)
    else:
        note = f" (lịch ghi: {outage.end_note})" if outage.end_note else ""
        when = f"từ {say_moment(outage.start)}, chưa có giờ kết thúc dự kiến{note}"
    why = f"; lý do: {outage.reason.rstrip('. ;')}" if outage.reason else "; lịch không ghi lý do"
    return f"{say_place(outage)} {when}{why}"


def say_place(outage: Outage) -> str:
    """Return where a row is, in its own words."""
    if outage.area:
        return f"khu vực {_bare(outage.area)}"
    if outage.substations:
        return f"khu vực cấp điện từ trạm {', '.join(outage.substations)}"
    return f"khu vực cấp điện từ {outage.feeder}"


def say_planned(outages: Sequence[Outage], past: bool, stale: bool) -> str:
    """Return the answer where rows of one source fit."""
    outages = together(outages)
    first = outages[0]
    what = "công tác trên lưới điện" if first.kind == "worklog" else "kế hoạch ngừng, giảm cung cấp điện"
    opening = f"Theo {say_source(first.source, first.as_of, stale)}: "
    if len(outages) == 1:
        has = "đã có" if past and first.end and first.end < first.as_of else "có"
        sentences = [f"{opening}{say_place(first)} {has} {what} {_when_and_why(first)}"]
    else:
        listed = "; ".join(f"({number}) {say_outage(outage)}" for number, outage in enumerate(outages, start=1))
        sentences = [f"{opening}có {len(outages)} lần {what}: {listed}."]
    return " ".join(sentences)


def together(outages: Iterable[Outage]) -> list[Outage]:
    """Return rows with the same time and reason as one: an export may have a row for every substation of one outage."""
    groups: dict[tuple[dt.datetime, dt.datetime | None, str], list[Outage]] = {}
    for outage in outages:
        groups.setdefault((outage.start, outage.end, outage.reason), []).append(outage)
    return [_merged(rows) for rows in groups.values()]


def _merged(rows: list[Outage]) -> Outage:
    areas = dict.fromkeys(_bare(row.area) for row in rows if row.area)
    substations = dict.fromkeys(name for row in rows for name in row.substations)
    return replace(rows[0], area="; ".join(areas), substations=tuple(substations))


def _when_and_why(outage: Outage) -> str:
    reason = f" Lý do: {outage.reason.rstrip('. ;')}." if outage.reason else " Lịch không ghi lý do."
    if outage.end is None:
        note = f" (lịch ghi: {outage.end_note})" if outage.end_note else ""
        return f"từ {say_moment(outage.start)}, chưa có giờ kết thúc dự kiến{note}.{reason}"
    return f"{say_span(outage.start, outage.end)}.{reason} Dự kiến cấp điện trở lại lúc {say_moment(outage.end)}."


def say_none(source: str, as_of: dt.datetime, window: tuple[dt.datetime, dt.datetime], place: str) -> str:
    """Return the answer where a fresh plan that covers the time has nothing for the place."""
    return (
        f"Theo {say_source(source, as_of)}: {say_window(*window)} không có kế hoạch ngừng, giảm cung cấp điện tại {place}. "
        f"{UNPLANNED}"
    )


def say_near(
    source: str, as_of: dt.datetime, window: tuple[dt.datetime, dt.datetime], place: str, near: Iterable[Outage]
) -> str:
    """Return the answer where the plan names only other hamlets of the commune."""
    listed = "; ".join(say_outage(outage) for outage in together(near))
    return (
        f"Theo {say_source(source, as_of)}: {say_window(*window)} kế hoạch ngừng, giảm cung cấp điện của xã, phường này chỉ "
        f"gồm {listed}. Kế hoạch không ghi {place}. {UNPLANNED}"
    )


def say_other_hours(outages: Iterable[Outage]) -> str:
    """Return what the plan has for the place on the same days, outside the hours asked about."""
    return f"Ngoài giờ đó, kế hoạch cùng ngày có: {'; '.join(say_outage(outage) for outage in together(outages))}."


def _bare(area: str) -> str:
    text = area.strip().rstrip(".;, ")
    return text[8:] if text.lower().startswith("khu vực ") else text
