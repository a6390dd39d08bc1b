"""The long run: an office killed a thousand times while a town goes on. Prints what was lost or done twice: nothing.

Run it as ``python tools/kill_storm.py --seed 1 --kills 1000 --tickets 500``; the last line is JSON with the figures.
``--towns 2`` shares kills and tickets out among that many offices, side by side, with the seeds that follow.
"""

import argparse
import json
import math
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.process.town import Town


def storm(town: Town, kills: int, tickets: int, until: float) -> None:
    """Go on until both numbers are reached, or the time is up."""
    while (town.kills < kills or len(town.done.requests) < tickets) and time.monotonic() < until:
        wanted = tickets * max(1, town.kills) / kills - len(town.done.requests)
        for _ in range(max(0, min(10, round(wanted)))):
            town.request()
        chance = town.random.random()
        if chance < 0.3:
            town.noise()
        if chance < 0.05:
            town.note()
        if town.kills % 5 == 4:
            town.answer_some(0.3)
            town.approve_some(0.3)
        if town.random.random() < 0.75:
            town.run_to_a_point(f"*:{town.random.randint(1, 80)}")
        else:
            town.run_to_a_moment(0.8)
        if town.random.random() < 0.7:
            town.let_time_pass()


def live(town: Town, kills: int, tickets: int, until: float) -> Town:
    """Let a town go through its storm and come to rest."""
    storm(town, kills, tickets, until)
    town.finish()
    return town


def main() -> int:
    """Run the storm and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--tickets", type=int, default=500)
    parser.add_argument("--towns", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf, help="begin no new kill after so long")
    parser.add_argument("--dir", type=Path, help="keep the offices here")
    given = parser.parse_args()
    home = given.dir or Path(tempfile.mkdtemp(prefix="kill-storm-"))
    begun = time.monotonic()
    until = begun + 60 * given.minutes
    seeds = range(given.seed, given.seed + given.towns)
    with ThreadPoolExecutor(given.towns) as pool:
        kills, tickets = -(-given.kills // given.towns), -(-given.tickets // given.towns)
        towns = list(pool.map(lambda seed: live(Town(home / f"office-{seed}", seed), kills, tickets, until), seeds))
    account = [f"{town.home.name}: {line}" for town in towns for line in town.account()]
    for line in account:
        print(line)
    figures = {
        "seed": given.seed,
        "kills": sum(town.kills for town in towns),
        "processes": sum(town.starts for town in towns),
        "requests": sum(len(town.done.requests) for town in towns),
        "replies": sum(len(town.done.replies) for town in towns),
        "answers": sum(len(town.done.approved) for town in towns),
        "mails_sent": sum(len(town.sent()) for town in towns),
        "wrong": len(account),
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "home": str(home),
    }
    print(json.dumps(figures))
    return 1 if account else 0


if __name__ == "__main__":
    sys.exit(main())
