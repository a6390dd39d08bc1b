"""The long run: an office killed a thousand times while a town goes on. Prints what was lost or done twice: nothing.

Run it as ``python tools/kill_storm.py --seed 1 --kills 1000 --tickets 500``; the last line is JSON with the figures.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.process.town import Town


def storm(town: Town, kills: int, tickets: int) -> None:
    """Go on until both numbers are reached."""
    while town.kills < kills or len(town.done.requests) < tickets:
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


def main() -> int:
    """Run the storm and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--tickets", type=int, default=500)
    parser.add_argument("--dir", type=Path, help="keep the office here")
    given = parser.parse_args()
    home = given.dir or Path(tempfile.mkdtemp(prefix="kill-storm-")) / "office"
    town = Town(home, given.seed)
    begun = time.monotonic()
    storm(town, given.kills, given.tickets)
    town.finish()
    account = town.account()
    for line in account:
        print(line)
    figures = {
        "seed": given.seed,
        "kills": town.kills,
        "processes": town.starts,
        "requests": len(town.done.requests),
        "replies": len(town.done.replies),
        "answers": len(town.done.approved),
        "mails_sent": len(town.sent()),
        "wrong": len(account),
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "home": str(home),
    }
    print(json.dumps(figures))
    return 1 if account else 0


if __name__ == "__main__":
    sys.exit(main())
