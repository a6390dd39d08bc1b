"""A server that nobody reaches, on every back end that has one: told once when the silence is long enough, then taken back."""

import time
from pathlib import Path

import pytest

from daemon.loop import Loop
from daemon.office import watching
from daemon.office.parts import open_office
from daemon.office.showing import status
from daemon.scans.folder import ScanFolder
from tests.contract.houses import HOUSES, Servers
from tests.contract.mails import mail
from tests.contract.offices import settle_in
from tests.support.office import FakeClock, moment

AWAY: dict[str, dict[str, object]] = {
    "imap": {"port": 1, "idle": False},
    "ews": {"endpoint": "http://localhost:1/EWS/Exchange.asmx", "streaming": False},
    "graph": {"authority": "http://localhost:1"},
}


@pytest.mark.parametrize("kind", sorted(AWAY))
def test_a_server_that_nobody_reaches(tmp_path: Path, servers: Servers, kind: str) -> None:
    house = HOUSES[kind](tmp_path, servers)
    clock = FakeClock(moment("2026-10-05 11:10"))
    parts = open_office(settle_in(tmp_path / "office", house, **AWAY[kind]), clock)
    try:
        parts.folder = ScanFolder(parts.home / "inbox", time.monotonic, quiet_seconds=0)
        loop = Loop(parts)
        note = parts.home / "inbox" / "CANH-BAO-mailbox.txt"
        for at, told in (("11:10", False), ("11:25", False), ("13:35", False), ("13:41", True), ("16:00", True)):
            clock.set(f"2026-10-05 {at}")
            loop.settle()
            loop.alarms.look()
            assert note.exists() is told, f"{at}: thirty office minutes, the lunch not among them"
            since = [alarm["since"] for alarm in status(parts)["alarms"] if alarm["name"] == "mailbox"]
            assert since == ["2026-10-05T11:10:00+07:00"]
            if at == "13:41":
                written = note.stat().st_mtime_ns
        assert note.stat().st_mtime_ns == written, "told once"
        parts.mailbox.close()
        parts.mailbox = house.open()
        house.arrive(mail("<q1@nha.example>"))
        loop.settle()
        loop.alarms.look()
        assert not note.exists() and watching.current(parts) == [] and len(house.taken()) == 1
    finally:
        parts.close()
        house.close()
