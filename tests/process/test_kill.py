"""Real processes killed with SIGKILL: nothing is lost, nothing done twice."""

from pathlib import Path

from tests.process.town import Town

KILLS = 50


def test_killed_fifty_times_nothing_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    town = Town(tmp_path / "office", seed=821)
    while town.kills < KILLS:
        for _ in range(town.random.randint(0, 2)):
            town.request()
        if town.random.random() < 0.3:
            town.noise()
        if town.kills % 5 == 4:
            town.answer_some()
            town.approve_some()
        if town.random.random() < 0.75:
            town.run_to_a_point(f"*:{town.random.randint(1, 60)}")
        else:
            town.run_to_a_moment(0.5)
        if town.random.random() < 0.7:
            town.let_time_pass()
    town.come_to_rest()
    town.answer_some(1.0)
    town.come_to_rest()
    town.approve_some(1.0)
    town.come_to_rest()
    assert town.account() == []
    assert len(town.done.requests) > 20
