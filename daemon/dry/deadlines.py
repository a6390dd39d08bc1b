"""Cases of deadlines, computed with a table of days (the samples' formats)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from daemon.dry.lines import numbered
from daemon.settings.calendar import load_days
from daemon.settings.cases import deadline_of


def deadlines(file: Path, days: Path) -> Iterator[dict[str, Any]]:
    """Yield ``id``, ``due`` and, for a notice, ``act_by`` and ``feasible`` for every case of a JSONL file.

    ``days`` is the calendar in the samples' format. A case that cannot be computed has ``due`` null and ``error`` with
    the reason. Raises Refused where a file cannot be read at all.
    """
    calendar = load_days(days)
    for number, line in numbered(file):
        yield deadline_of(calendar, line, number)
