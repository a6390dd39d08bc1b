"""``motcua read``: what the program understands, one JSON object a case, nothing changed and no database needed.

Each function composes rooms for one kind of case and imports them only when it is called.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any


def deadlines(file: Path, days: Path) -> Iterator[dict[str, Any]]:
    """Yield ``id``, ``due`` and, for a notice, ``act_by`` and ``feasible`` for every case of a JSONL file.

    ``days`` is the calendar in the samples' format. A case that cannot be computed has ``due`` null and ``error`` with
    the reason. Raises Refused where a file cannot be read at all.
    """
    from daemon.desk.trouble import Refused
    from daemon.settings.calendar import load_days
    from daemon.settings.cases import deadline_of

    calendar = load_days(Path(days))
    try:
        lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file}: không đọc được tệp ({error}). Cần tệp JSONL mã UTF-8.") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield deadline_of(calendar, line, number)
