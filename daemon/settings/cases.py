"""One line of a file of deadline cases (the samples' calendar.jsonl) to its due instants. Computes nothing itself."""

import datetime as dt
import json
from typing import Any

from daemon.desk.calendar import Calendar, notice


def deadline_of(calendar: Calendar, line: str, number: int) -> dict[str, Any]:
    """Return ``id``, ``due`` and for a notice ``act_by`` and ``feasible``; ``error`` says why a case has no due."""
    try:
        case = json.loads(line)
        if not isinstance(case, dict):
            raise ValueError("không phải một đối tượng JSON")
    except ValueError as error:
        return {"id": None, "due": None, "error": f"dòng {number}: không đọc được JSON ({error})"}
    try:
        return {"id": case.get("id"), **_computed(calendar, case)}
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"thiếu {error}" if isinstance(error, KeyError) else str(error)
        return {"id": case.get("id"), "due": None, "error": f"dòng {number}: {reason}"}


def _computed(calendar: Calendar, case: dict[str, Any]) -> dict[str, Any]:
    received = _instant(calendar, case["received"])
    if case.get("working_days") is not None:
        return {"due": calendar.due_day(received, _whole(case["working_days"])).isoformat()}
    if case.get("minutes") is not None:
        return {"due": calendar.add_minutes(received, case["minutes"]).isoformat()}
    hours = 24 if case.get("notice_hours") is None else case["notice_hours"]
    found = notice(calendar, received, _instant(calendar, case["outage_start"]), hours)
    act_by = found.act_by.isoformat() if found.act_by else None
    return {"due": found.due.isoformat(), "act_by": act_by, "feasible": found.feasible}


def _instant(calendar: Calendar, text: str) -> dt.datetime:
    """Return an instant; one without a zone is the office's own time."""
    at = dt.datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=calendar.zone)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or int(value) != value:
        raise ValueError(f"working_days {value!r} phải là số nguyên")
    return int(value)
