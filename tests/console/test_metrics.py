"""The metrics page: this machine sees it, another one with the token; it tells counts and nobody's name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.console.app import make_app
from daemon.console.pages import metrics
from daemon.desk.trouble import Refused
from daemon.office import health
from daemon.settings.console import ConsoleTable
from daemon.settings.whole import load
from tests.console.hands import Browser
from tests.support.office import Desk

ELSEWHERE = "10.1.2.3"
TOKEN = "a-long-word-that-opens-the-figures-0123456789"


@pytest.fixture
def watched(desk: Desk) -> Iterator[Any]:
    """A console whose metrics may be read with a token."""
    file = desk.home / "var" / "metrics-token"
    file.write_text(f"{TOKEN}\n", "utf-8")
    file.chmod(0o600)
    table = desk.home / "config" / "desk.toml"
    table.write_text(
        table.read_text("utf-8").replace("[console]", '[console]\nmetrics_token_file = "var/metrics-token"'), "utf-8"
    )
    made = make_app(desk.home, desk.clock)
    yield made
    made.state.console.close()


def test_this_machine_reads_counts_without_names(desk: Desk, app: Any) -> None:
    desk.note("phone_note", "Anh Nguyễn Văn Sơn 0912345678 ở xã Quảng Bạch, huyện Chợ Đồn hỏi bao giờ có điện lại")
    desk.work()
    answer = Browser(app).get("/metrics")
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'motcua_tickets{state="waiting_unit"} 1\n' in answer.text and "motcua_running 0\n" in answer.text
    assert "Sơn" not in answer.text and "0912" not in answer.text and "PCBK-" not in answer.text
    health.write(desk.parts, "2026-11-23T08:00:00+07:00")
    assert "motcua_running 1\n" in Browser(app).get("/metrics").text


def test_another_machine_is_told_what_to_do(app: Any) -> None:
    answer = Browser(app, client=ELSEWHERE).get("/metrics")
    assert answer.status == 403 and "metrics_token_file" in answer.text and "motcua_" not in answer.text


SHOWN = {"": 401, "Bearer": 401, "Bearer sai": 401, f"Basic {TOKEN}": 401, f"bearer  {TOKEN}": 200}


@pytest.mark.parametrize("client", ["127.0.0.1", ELSEWHERE])
def test_with_a_token_everybody_shows_it(watched: Any, client: str) -> None:
    for shown, status in SHOWN.items():
        answer = Browser(watched, client=client).get("/metrics", **({"authorization": shown} if shown else {}))
        assert answer.status == status and ("motcua_tickets_late" in answer.text) == (status == 200), shown


def test_a_token_that_others_can_read_opens_nothing(desk: Desk, watched: Any) -> None:
    (desk.home / "var" / "metrics-token").chmod(0o644)
    answer = Browser(watched).get("/metrics")
    assert answer.status == 503 and "chmod 600" in answer.text and TOKEN not in answer.text
    with pytest.raises(ValueError, match="metrics_token_file"):
        metrics.token(desk.home, ConsoleTable(metrics_token_file=Path("var/metrics-token")))


def test_one_way_to_give_the_token(desk: Desk) -> None:
    table = desk.home / "config" / "desk.toml"
    both = '[console]\nmetrics_token_file = "var/m"\nmetrics_token_env = "M"'
    table.write_text(table.read_text("utf-8").replace("[console]", both), "utf-8")
    with pytest.raises(Refused, match="chỉ ghi một trong hai"):
        load(desk.home, desk.clock.now().date())
