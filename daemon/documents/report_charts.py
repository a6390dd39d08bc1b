"""The charts of a report, from its figures."""

import datetime as dt
from collections.abc import Mapping, Sequence

from daemon.desk.report import Figures
from daemon.documents.chart import Chart, Series

_MOST_DAYS = 31
_FEWEST = 3  # points that make a line; one or two are columns


def charts(figures: Figures) -> Mapping[str, Chart]:
    """Return the charts a report template may show: ``kinds``, ``units``, ``course``."""
    return {"kinds": _kinds(figures), "units": _units(figures), "course": _course(figures)}


def _kinds(figures: Figures) -> Chart:
    kinds = figures.kinds[::-1]  # a bar chart begins below
    before = tuple(float(figures.kinds_before.get(kind.title, 0)) for kind in kinds)
    return Chart(
        title="Số yêu cầu tiếp nhận theo loại",
        categories=tuple(kind.title for kind in kinds),
        series=(
            *([Series(_capital(figures.before.title), before)] if figures.comparable else []),
            Series(_capital(figures.period.title), tuple(float(kind.received) for kind in kinds)),
        ),
        kind="bar",
    )


def _units(figures: Figures) -> Chart:
    units = figures.units
    fields = [("Đúng hạn", "on_time"), ("Trễ hạn", "late"), ("Chưa trả lời", "open")]
    if any(unit.dropped for unit in units):
        fields.append(("Không chờ nữa", "dropped"))
    return Chart(
        title="Trả lời của các đơn vị",
        categories=tuple(unit.title for unit in units) or ("(không có)",),
        series=tuple(
            Series(name, tuple(float(getattr(unit, field)) for unit in units) or (0.0,)) for name, field in fields
        ),
        kind="column",
        stacked=True,
    )


def _course(figures: Figures) -> Chart:
    names, came, went = _steps(figures.days)
    return Chart(
        title="Tiếp nhận và trả lời trong kỳ",
        categories=tuple(names) or ("–",),
        series=(Series("Tiếp nhận", tuple(came) or (0.0,)), Series("Trả lời", tuple(went) or (0.0,))),
        kind="line" if len(names) >= _FEWEST else "column",
    )


def _steps(days: Sequence[tuple[dt.date, int, int]]) -> tuple[list[str], list[float], list[float]]:
    """Return the days themselves, or months where there are more days than a chart can show."""
    if len(days) <= _MOST_DAYS:
        return (
            [f"{day.day:02d}/{day.month:02d}" for day, _, _ in days],
            [float(came) for _, came, _ in days],
            [float(went) for _, _, went in days],
        )
    months: dict[str, list[float]] = {}
    for day, came, went in days:
        sums = months.setdefault(f"T{day.month}/{day.year}", [0.0, 0.0])
        sums[0] += came
        sums[1] += went
    return list(months), [sums[0] for sums in months.values()], [sums[1] for sums in months.values()]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
