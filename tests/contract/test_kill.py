"""The real program killed with SIGKILL at the points of sending and of laying down a draft, on mailboxes that are servers.

The same on Maildir, at every point and moment, is ``tests/process``.
"""

import email
import email.policy
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from daemon.desk.ticket import State
from daemon.loop import Loop
from daemon.office import actions
from daemon.office.parts import open_office
from daemon.points import VARIABLE
from tests.contract.houses import HOUSES, House, Servers
from tests.contract.mails import mail
from tests.contract.offices import settle_in
from tests.contract.test_office import QUESTION, reply, to_unit
from tests.support.office import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")


def killed(home: Path, point: str) -> None:
    """Run the program until it dies at a point; what it held becomes free at once."""
    command = [sys.executable, "-m", "daemon", "--home", str(home), "run", "--once"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, VARIABLE: point}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == -signal.SIGKILL, (point, done.stdout, done.stderr)
    _free(home)


def _free(home: Path) -> None:
    parts = open_office(home)
    parts.database.engine.execute_sql("UPDATE effect SET lease = 0, retry_at = 0")
    parts.close()


def works(home: Path, house: House) -> State:
    """Let the office work undisturbed, as often as it needs; return the ticket's state.

    A mail that may have gone out and does not lie in Sent is a person's: they look, and have it sent where it was not.
    """
    parts = open_office(home)
    try:
        for _ in range(6):
            Loop(parts).settle()
            parts.database.engine.execute_sql("UPDATE effect SET retry_at = 0 WHERE state = 'wanted'")
            for aside in parts.store.effects("set_aside"):
                assert "Không rõ thư" in aside["reason"]
                subject = parts.store.effect_payload(aside["key"])["subject"]  # type: ignore[index]
                assert not any(subject in shown(raw) for raw in house.delivered())
                actions.retry(parts, str(aside["id"]), "Lan")
        assert parts.store.effects("wanted", "claimed", "set_aside") == []
        (ticket,) = parts.store.tickets()
        return ticket.state
    finally:
        parts.close()


def shown(raw: bytes) -> str:
    """Return a mail's subject."""
    return str(email.message_from_bytes(raw, policy=email.policy.default)["Subject"])


def once(house: House) -> None:
    """No mail of ours went out twice, none lies twice in Sent."""
    for raws in (house.delivered(), house.sent()):
        ids = Counter(str(email.message_from_bytes(raw, policy=email.policy.default)["Message-ID"]) for raw in raws)
        assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("kind", ["imap", "ews"])
def test_killed_while_sending_and_while_laying_down_a_draft(kind: str, tmp_path: Path, servers: Servers) -> None:
    house = HOUSES[kind](tmp_path, servers)
    try:
        home = settle_in(tmp_path / "office", house)
        house.arrive(mail("<q1@nha.example>", "Báo mất điện", QUESTION))
        for point in ("file_away.before:1", "send.before:1", "send.after:1"):
            killed(home, point)
        assert works(home, house) is State.WAITING_UNIT
        once(house)
        assert len(house.sent()) == 2, "the customer's slip and the unit's request"
        house.arrive(reply(to_unit(house)))
        for point in ("draft.before:1", "draft.after:1"):
            killed(home, point)
        assert works(home, house) is State.TO_APPROVE
        once(house)
        assert len(house.drafts()) == 1 and len(house.taken()) == 2 and house.inbox() == []
    finally:
        house.close()
