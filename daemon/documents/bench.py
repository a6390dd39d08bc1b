"""How fast documents are made, beside docxtpl as it is documented, in one run.

Ours makes the whole document with all checks, QR and charts; the peer leaves the template's sample QR and charts in place,
so the ratio rather flatters the peer.
"""

import io
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate

from daemon.desk import letter_names, report_words
from daemon.documents.chart import Chart, Series
from daemon.documents.check import sample
from daemon.documents.engine import engine
from daemon.documents.package import Package
from daemon.documents.render import Renderer
from daemon.documents.slots import chart_slots

LETTER, REPORT = "answer-other.docx", "report.docx"
ROWS = 40


def documents(templates: Path, seconds: float = 1.5) -> dict[str, float]:
    """Measure a letter and a report of 40 rows; each of the four for about ``seconds``.

    Keys: ``letter_ms``, ``letter_peer_ms``, ``letter_ratio``, and the same for ``report``.
    """
    renderer = Renderer(templates)
    letter = sample(letter_names.OFFERED)
    report = sample(report_words.OFFERED)
    report["overdue"] = [dict(report["overdue"][0], number=f"PCBK-2026-{row:06d}") for row in range(ROWS)]
    charts = _charts(templates / REPORT)
    return {
        **_compared("letter", seconds, lambda n: renderer.render(LETTER, letter, _qr(n)), templates / LETTER, letter),
        **_compared(
            "report", seconds, lambda n: renderer.render(REPORT, report, _qr(n), charts), templates / REPORT, report
        ),
    }


def _qr(number: int) -> str:
    return f"PCBK|PCBK-2026-{number:06d}|answer|1"


def _charts(template: Path) -> dict[str, Chart]:
    days = tuple(f"{day:02d}/10" for day in range(1, 32))
    series = (Series("Tiếp nhận", tuple(map(float, range(31)))), Series("Trả lời", tuple(map(float, range(31)))))
    return {name: Chart(name, days, series) for name in chart_slots(Package.load(template))}


def _compared(
    name: str, seconds: float, ours: Callable[[int], bytes], template: Path, values: Mapping[str, Any]
) -> dict[str, float]:
    mine = _milliseconds(ours, seconds)
    peer = _milliseconds(lambda _: _peer(template, values), seconds)
    return {f"{name}_ms": round(mine, 3), f"{name}_peer_ms": round(peer, 3), f"{name}_ratio": round(peer / mine, 1)}


def _peer(template: Path, values: Mapping[str, Any]) -> bytes:
    environment = engine()
    environment.finalize = None
    tpl = DocxTemplate(template)
    tpl.render(dict(values), environment, autoescape=True)
    stream = io.BytesIO()
    tpl.save(stream)
    return stream.getvalue()


def _milliseconds(make: Callable[[int], bytes], seconds: float) -> float:
    """Return the median time of one making, the first (which compiles) left out."""
    make(0)
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        begin = time.perf_counter()
        make(len(times) + 1)
        times.append(time.perf_counter() - begin)
    return 1000 * sorted(times)[len(times) // 2]
