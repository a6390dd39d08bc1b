"""Cases of requests and how a reading is judged: a help for the tests, no test itself."""

import datetime as dt
import functools
import json
import re
from collections import Counter
from pathlib import Path

from daemon.desk.text import squeeze
from daemon.reading.places import Gazetteer
from daemon.reading.request import RequestReader, as_json
from daemon.settings.places import load_places
from daemon.settings.reading import load_reading

CASES = Path(__file__).parent / "cases"
CONFIG = Path(__file__).parents[2] / "config"
_TITLES = re.compile(r"^(ông|bà|anh|chị|em|cô|chú|bác|ong|ba|chi|co|chu|bac)\s+")


@functools.cache
def shipped_reader():
    return RequestReader(Gazetteer(load_places(CONFIG / "places.toml")), load_reading(CONFIG / "reading.toml"))


def cases(name):
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def read(text, channel="email", received="2026-11-05T09:00:00+07:00", subject=None, **more):
    when = dt.datetime.fromisoformat(received)
    return shipped_reader().read(channel=channel, received=when, subject=subject, text=text, **more)


def read_case(case):
    reading = read(case["text"], case["channel"], case["received"], case["subject"])
    return as_json(reading)


def same_name(want, got):
    """A name or an address is right if one holds the other and nothing long is added."""
    if want is None or got is None:
        return want is None and got is None
    a, b = (_TITLES.sub("", squeeze(text).lower()) for text in (want, got))
    inside = (a in b and len(b) <= 1.6 * len(a) + 8) or (b in a and len(a) <= 1.6 * len(b) + 8 and len(b) >= 4)
    return a == b or inside


def judge(some):
    """Return (rates by field, fields wrong and not in check, dangers missed)."""
    right, total, silent, missed = Counter(), Counter(), [], []
    for case in some:
        got = read_case(case)
        if case["danger"] and not got["danger"]:
            missed.append(case["id"])
        for field in _fields(case):
            want = case[field]
            if field in ("name", "address"):
                ok = same_name(want, got[field])
            elif field == "outage_start" and want and got[field]:
                ok = dt.datetime.fromisoformat(want) == dt.datetime.fromisoformat(got[field])
            else:
                ok = want == got[field]
            total[field] += 1
            right[field] += ok
            if not ok and field not in got["check"]:
                silent.append((case["id"], field, want, got[field]))
    return {field: right[field] / total[field] for field in total}, silent, missed


def _fields(case):
    if case["category"] == "not_a_request":
        return ["category"]
    fields = ["category", "unit", "customer_code", "phone", "wanted_reply", "name", "address"]
    return [*fields, "outage_start"] if case["category"] == "outage_time_change" else fields
