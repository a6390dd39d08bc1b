"""What lies in an Exchange inbox is read oldest first, and mail from before the chosen day is left alone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from daemon.mailbox.ews_memory import Memory

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = dt.date(2026, 11, 1)


def lying(**received: str | None) -> Memory:
    memory = Memory()
    for identifier, moment in received.items():
        memory.add(identifier, dt.datetime.fromisoformat(moment) if moment else None, 10)
    return memory


def names(memory: Memory, since: dt.date | None = None) -> list[str]:
    return [identifier for identifier, _ in memory.waiting(since, ZONE)]


def test_oldest_first_and_without_a_time_as_the_server_told() -> None:
    memory = lying(late="2026-11-02T09:00+07:00", first=None, early="2026-11-02T08:00+07:00", second=None)
    assert names(memory) == ["first", "second", "early", "late"]


@pytest.mark.parametrize(
    ("received", "read"),
    [
        ("2026-10-31T23:59:59+07:00", False),
        ("2026-11-01T00:00:00+07:00", True),
        ("2026-10-31T23:00:00+00:00", True),  # six in the morning of the first where the desk is
        ("2026-10-31T16:59:59+00:00", False),
        (None, True),
    ],
)
def test_the_chosen_day_begins_where_the_desk_is(received: str | None, read: bool) -> None:
    assert names(lying(it=received), DAY) == (["it"] if read else [])


def test_what_went_away_meanwhile_is_not_yielded() -> None:
    memory = lying(a="2026-11-01T08:00+07:00", b="2026-11-01T09:00+07:00")
    seen = []
    for identifier, _ in memory.waiting(None, ZONE):
        seen.append(identifier)
        memory.lying.pop("b", None)
    assert seen == ["a"]
