"""Requests of customers, read by the rules and places of a working folder, else by those the package ships."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from daemon.dry.lines import numbered
from daemon.dry.reader import readers_of
from daemon.reading.request import RequestReader, as_json


def requests(file: Path, home: Path) -> Iterator[dict[str, Any]]:
    """Yield what is understood of each request of a JSONL file, with the keys of the truth files.

    A line that is no request has ``error`` with the reason. Raises Refused where the file or configuration cannot be read.
    """
    reader = readers_of(home).requests
    for number, line in numbered(file):
        yield _read(reader, number, line)


def _read(reader: RequestReader, number: int, line: str) -> dict[str, Any]:
    try:
        case = json.loads(line)
        received = dt.datetime.fromisoformat(case["received"])
        if received.tzinfo is None:
            raise ValueError("received không có múi giờ")
        text, channel = str(case.get("text") or ""), str(case.get("channel") or "email")
        subject = case.get("subject")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {"id": None, "error": f"dòng {number}: không đọc được ({error})"}
    reading = reader.read(
        channel=channel,
        received=received,
        subject=subject,
        text=text,
        sender=case.get("sender"),
        sender_name=case.get("sender_name"),
    )
    return {"id": case.get("id"), **as_json(reading)}
