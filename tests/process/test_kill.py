"""Real processes killed with SIGKILL: nothing is lost, nothing done twice."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.process.town import Town
from tests.servers.postgres import Server
from tests.support.office import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")

TOWNS, KILLS = 2, 25


def _live_through(town: Town) -> Town:
    while town.kills < KILLS:
        if town.random.random() < 0.6:
            town.request()
        if town.random.random() < 0.2:
            town.noise()
        if town.kills % 8 == 7:
            town.answer_some()
            town.approve_some()
        if town.random.random() < 0.8:
            town.run_to_a_point(f"*:{town.random.randint(1, 60)}")
        else:
            town.run_to_a_moment(0.5)
        if town.random.random() < 0.7:
            town.let_time_pass()
    town.finish()
    return town


def test_killed_fifty_times_nothing_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    """Half of the kills at counted points (before and after each commit, rename and sending), half at any moment."""
    with ThreadPoolExecutor(TOWNS) as pool:
        towns = list(pool.map(_live_through, [Town(tmp_path / str(seed), seed) for seed in range(821, 821 + TOWNS)]))
    for town in towns:
        assert town.account() == []
    assert sum(town.kills for town in towns) >= 50
    assert sum(len(town.done.requests) for town in towns) > 20
    assert sum(len(town.done.approved) for town in towns) > 10


def test_killed_on_postgresql(tmp_path: Path, server: Server) -> None:
    """The same town on the other engine."""
    town = _live_through(Town(tmp_path / "office", 824, server.fresh()))
    assert town.account() == []
    assert len(town.done.requests) > 8


def _die_at(town: Town, *points: str) -> None:
    for point in points:
        assert town.run_to_a_point(f"{point}:1"), point
        town.let_time_pass()


def test_killed_at_every_named_point(tmp_path: Path) -> None:
    """One story, and a death before and after everything that changes the world or the database."""
    town = Town(tmp_path / "office", seed=11)
    town.request(by_file=True)
    _die_at(town, "unlink.before", "unlink.after")
    town.request(by_file=False)
    _die_at(town, "file_away.before", "file_away.after", "commit.before", "commit.after")
    _die_at(town, "rename.before", "rename.after", "send.before", "send.after")
    town.rest()
    town.answer_some(1.0)
    _die_at(town, "draft.before", "draft.after")
    town.rest()
    town.approve_some(1.0, fatal=False)
    _die_at(town, "remove_draft.before", "remove_draft.after")
    town.finish()
    assert town.kills == 14
    assert town.account() == []


def test_every_point_has_its_test() -> None:
    """A point that is new in the program is named above; that of mails put together is walked in the office's tests."""
    named = {
        point
        for path in (ROOT / "daemon").rglob("*.py")
        for point in re.findall(r'passing\("([a-z_.]+)"\)', path.read_text("utf-8"))
    }
    told = Path(__file__).read_text("utf-8")
    assert [point for point in sorted(named - {"digest.settled"}) if f'"{point}"' not in told] == []
