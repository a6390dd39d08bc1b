"""What has stayed long enough: tickets by their kind, files by their folder. The terms are the office's (retention.toml)."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from daemon.office import person
from daemon.office.parts import Parts
from daemon.settings.retention import Retention
from daemon.store import privacy


def due(parts: Parts) -> person.Plan:
    """Return what is due for erasing by time; nothing is changed. Raises Refused for a wrong retention.toml."""
    terms = person.rules(parts)
    numbers = [number for category in _categories(parts) for number in _tickets(parts, terms, category)]
    made = person.planned(parts, sorted(numbers), terms, asked=False)
    made.files += list(_files(parts, terms))
    return made


def _categories(parts: Parts) -> list[str]:
    return [*parts.desk.procedure.request_types, "not_a_request"]


def _tickets(parts: Parts, terms: Retention, category: str) -> list[str]:
    months = terms.term(str(category)).erase_after_months
    if not months:
        return []
    until = person.months_after(parts.clock.now(), -months)
    return privacy.finished_before(parts.store, until, str(category))


def _files(parts: Parts, terms: Retention) -> Iterator[Path]:
    for folder, days in terms.files.items():
        if not days:
            continue
        until = (parts.clock.now() - dt.timedelta(days=days)).timestamp()
        for path in sorted((parts.home / folder).rglob("*")):
            if path.is_file() and not path.name.startswith(".") and path.stat().st_mtime < until:
                yield path
