"""Real processes killed with SIGKILL: nothing is lost, nothing done twice."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.process.town import Town
from tests.servers.postgres import Server

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


@pytest.mark.parametrize(
    "point",
    [
        "unlink.before:1",
        "rename.after:3",
        "send.after:1",
        "draft.after:1",
        "remove_draft.after:1",
    ],
)
def test_killed_at_a_named_point(tmp_path: Path, point: str) -> None:
    """The points at which something has happened in the world and is not yet known to the database, or the reverse."""
    town = Town(tmp_path / "office", seed=sum(map(ord, point)))
    town.request(by_file=point.startswith("unlink"))
    if "draft" in point:
        town.rest()
        town.answer_some(1.0)
    if point.startswith("remove_draft"):
        town.rest()
        town.approve_some(1.0, fatal=False)
    assert town.run_to_a_point(point)
    town.finish()
    assert town.account() == []
