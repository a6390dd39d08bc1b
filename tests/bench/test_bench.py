"""The benches run, on small sizes, and print the keys that the contract names; no figure is judged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.bench.filling import fill
from daemon.bench.mails import made_mails, sure_mail
from daemon.office.parts import open_office
from tests.support.office import ROOT, Desk, make_home


def _figures(*args: str) -> dict[str, float | None]:
    done = subprocess.run(
        [sys.executable, "-m", "daemon", "bench", *args], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(figures, dict)
    return figures


@pytest.mark.parametrize(
    ("args", "keys"),
    [
        ("ingest --count 20 --turns 1", "mails_per_s floor_mails_per_s ratio kept_per_s kept_ratio"),
        ("documents --seconds 0.05", "letter_ratio report_ratio"),
        ("lookups --sizes 200 40", "load_s by_code_ms by_phone_ms a_day_ms ten_days_ms worst_ms"),
        ("scale --sizes 20 60 80 --times 2 3", "mail_cost_ratio idle_look_ratio search_ms"),
        ("latency --count 2", "p50_s p95_s"),
        ("size --seconds 0.5", "idle_mb help_s ready_s"),
    ],
)
def test_the_last_line_has_exactly_these_keys(args: str, keys: str) -> None:
    figures = _figures(*args.split())
    assert list(figures) == keys.split()
    assert all(isinstance(value, float | int) and value > 0 for value in figures.values()), figures


def test_all_benches_are_one_command() -> None:
    figures = _figures("--quick")
    assert list(figures) == ["ingest", "documents", "lookups", "latency", "size"]
    assert all(figures.values())


def test_mails_of_a_folder_are_taken(tmp_path: Path) -> None:
    for number, raw in enumerate(made_mails(5)):
        (tmp_path / f"{number}.eml").write_bytes(raw)
    assert _figures("ingest", "--mails", str(tmp_path), "--turns", "1")["ratio"]


def test_every_seventh_mail_carries_a_pdf() -> None:
    sizes = [len(raw) for raw in made_mails(70)]
    assert sum(size > 200_000 for size in sizes) == 10


def test_a_sure_mail_is_asked_of_a_unit_by_itself(tmp_path: Path) -> None:
    import random

    desk = Desk(tmp_path, "2026-10-05 08:20")
    for number in range(1, 4):
        desk.deliver(sure_mail(random.Random(number), number))
    desk.work()
    assert {ticket.state for ticket in desk.parts.store.tickets()} == {"waiting_unit"}
    desk.close()


def test_a_filled_office_is_like_one_that_worked(tmp_path: Path) -> None:
    parts = open_office(make_home(tmp_path))
    fill(parts, 30, parts.clock.now())
    tickets = list(parts.store.tickets())
    assert len(tickets) == 30
    assert all(ticket.units and ticket.deadlines and not ticket.news for ticket in tickets)
    assert parts.store.due_ticket(parts.clock.now()) is None
    assert len(parts.store.items_of(tickets[0].number)) == 1
    parts.close()
