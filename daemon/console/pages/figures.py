"""The leaders' page and the units' page: the report's own figures for any period, with charts drawn as pictures of lines.

Counting a year of 100,000 tickets takes seconds. It is done beside the pages, kept until something changes, and sent after.
"""

import datetime as dt
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from starlette.responses import Response

from daemon.console import charts
from daemon.console.visit import Visit
from daemon.desk import report as desk_report
from daemon.desk import report_words
from daemon.documents.report_charts import charts as report_charts
from daemon.office import reporting
from daemon.office.reporting import period_of, report_on_demand
from daemon.store import lists

if TYPE_CHECKING:
    from daemon.console.desk_on_screen import DeskOnScreen
    from daemon.office.parts import Parts

KEPT_SECONDS = 120.0
PATIENCE = 0.06  # a page waits no longer than this for figures; it then asks for them by itself
LONGEST = 3 * 366
Days = tuple[dt.date, dt.date]


class Figures:
    """The figures of periods, counted in one thread and kept for a while."""

    def __init__(self, desk: "DeskOnScreen") -> None:
        self._desk = desk
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="figures")
        self._kept: dict[Days, tuple[float, int, Future[desk_report.Figures]]] = {}
        self._lock = threading.Lock()

    def get(self, days: Days, changed: int, patience: float) -> desk_report.Figures | None:
        """Return the figures of a period, or None where they are still being counted after ``patience`` seconds.

        ``changed`` is the number of the last change; figures up to two minutes old are shown with their time.
        """
        with self._lock:
            kept = self._kept.get(days)
            fresh = kept is not None and (kept[1] == changed or time.monotonic() - kept[0] < KEPT_SECONDS)
            if kept is None or not fresh:
                if len(self._kept) > 50:
                    self._kept.clear()
                kept = (time.monotonic(), changed, self._worker.submit(self._count, days))
                self._kept[days] = kept
        try:
            return kept[2].result(patience)
        except Late:
            return None
        except Exception:
            with self._lock:
                self._kept.pop(days, None)
            raise

    def _count(self, days: Days) -> desk_report.Figures:
        with self._desk.office() as parts:
            return figures_of(parts, days)

    def close(self) -> None:
        """Stop counting."""
        self._worker.shutdown(wait=False, cancel_futures=True)


def figures_of(parts: "Parts", days: Days) -> desk_report.Figures:
    """Return the figures of two days and all between, as the Word report has them."""
    period, before = period_of(parts, *days)
    return reporting.figures_of(parts, lists.of_period(parts.store, before.start, period.end), period, before)


def show(visit: Visit) -> Response:
    """Show the leaders' page; figures that are not counted yet follow by themselves."""
    days, name = _days(visit)
    found = visit.console.figures.get(days, visit.parts.store.last_change(), PATIENCE)
    return visit.show(
        "lanh-dao.html", title="Lãnh đạo", days=days, chosen=name, periods=PERIODS, **_values(visit, found, days)
    )


def numbers(visit: Visit) -> Response:
    """Return the figures as a piece of the page, however long they take."""
    days, _ = _days(visit)
    found = visit.console.figures.get(days, visit.parts.store.last_change(), 100.0)
    return visit.show("so-lieu.html", days=days, **_values(visit, found, days))


def _values(visit: Visit, found: desk_report.Figures | None, days: Days) -> dict[str, Any]:
    later = "/lanh-dao/so-lieu?" + urlencode({"tu": days[0].isoformat(), "den": days[1].isoformat()})
    if found is None:
        return {"figures": None, "later": later}
    drawn = report_charts(found)
    return {
        "figures": found,
        "later": later,
        "sentences": report_words.sentences(found),
        "all": report_words.all_values(found),
        "kinds": report_words.kind_values(found),
        "unit_rows": [report_words.unit_values(each) for each in found.units],
        "late_units": report_words.late_values(found, visit.parts.clock.now()),
        "overdue": report_words.overdue_values(found, visit.parts.clock.now()),
        "proposals": report_words.proposals(found),
        "course": charts.columns(drawn["course"]),
        "by_kind": charts.bars(drawn["kinds"]),
        "by_unit": charts.stacked(drawn["units"]),
    }


PERIODS: Mapping[str, str] = {
    "tuan": "Tuần này",
    "tuan-truoc": "Tuần trước",
    "thang": "Tháng này",
    "thang-truoc": "Tháng trước",
    "quy": "Quý này",
    "nam": "Năm nay",
}


def _days(visit: Visit) -> tuple[Days, str]:
    today = visit.parts.clock.now().date()
    name = visit.arg("ky")
    first, last = (_day(visit.arg(each)) for each in ("tu", "den"))
    if first and last and first <= last and (last - first).days <= LONGEST:
        return (first, last), ""
    name = name if name in PERIODS else "thang"
    return _named(name, today), name


def _day(text: str) -> dt.date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _named(name: str, today: dt.date) -> Days:
    monday = today - dt.timedelta(days=today.weekday())
    first = today.replace(day=1)
    if name == "tuan":
        return monday, today
    if name == "tuan-truoc":
        return monday - dt.timedelta(days=7), monday - dt.timedelta(days=1)
    if name == "thang-truoc":
        last = first - dt.timedelta(days=1)
        return last.replace(day=1), last
    if name == "quy":
        return first.replace(month=first.month - (first.month - 1) % 3), today
    if name == "nam":
        return first.replace(month=1), today
    return first, today


def report(visit: Visit) -> Response:
    """Make the Word report of the period and hand it out."""
    level = visit.form.get("cap", "")
    path = Path(report_on_demand(visit.parts, level, visit.form.get("tu"), visit.form.get("den")))
    return Response(
        path.read_bytes(),
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        headers={"Content-Disposition": f'attachment; filename="{path.name}"'},
    )


def units(visit: Visit) -> Response:
    """Show how quickly the units answer, and what each still owes."""
    days, name = _days(visit)
    now = visit.parts.clock.now()
    found = visit.console.figures.get(days, visit.parts.store.last_change(), PATIENCE)
    owed: dict[str, list[lists.OpenRow]] = {}
    for row in visit.console.open_rows(visit.parts):
        for unit in dict.fromkeys(unit for unit, _ in row.waits):
            owed.setdefault(unit, []).append(row)
    ordered = sorted(owed.items(), key=lambda each: -len(each[1]))
    return visit.show(
        "don-vi.html",
        title="Đơn vị",
        days=days,
        chosen=name,
        periods=PERIODS,
        figures=found,
        unit_rows=[report_words.unit_values(each) for each in found.units] if found else [],
        owed=[(unit, _first(unit, rows, now), len(rows)) for unit, rows in ordered],
        by_unit=charts.stacked(report_charts(found)["units"]) if found else None,
    )


def _first(unit: str, rows: list[lists.OpenRow], now: dt.datetime) -> list[tuple[lists.OpenRow, dt.datetime | None]]:
    """The requests that a unit owes, those first whose time ends first."""
    dues = [(row, next((due for name, due in row.waits if name == unit), None)) for row in rows]
    return sorted(dues, key=lambda each: (each[1] is None, each[1] or now))[:15]
