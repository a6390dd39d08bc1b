"""How often people confirmed or corrected what was read, by field. The events are the material; crops lie in var/crops."""

import json
from collections import Counter
from typing import Any

from daemon.store import models
from daemon.store.store import Store


def counted(store: Store) -> dict[str, dict[str, int]]:
    """Return by field how often a person ``confirmed`` the value read, ``corrected`` it, or ``filled`` what was empty.

    Erased events count for nothing. An event keeps the value before beside the value given.
    """
    query = models.Event.select(models.Event.content).join(models.Ticket)
    query = query.where(
        models.Ticket.office == store.office, models.Event.kind == "fields_set", models.Event.content.is_null(False)
    )
    found: dict[str, Counter[str]] = {}
    for row in query:
        content = json.loads(row.content)
        before = content.get("before") or {}
        for name, value in (content.get("fields") or {}).items():
            if name in before:
                found.setdefault(name, Counter())[_sort(before[name], value)] += 1
    return {name: dict(counts) for name, counts in sorted(found.items())}


def _sort(read: Any, given: Any) -> str:
    if (read or None) == (given or None):
        return "confirmed"
    return "filled" if read in (None, "") else "corrected"
