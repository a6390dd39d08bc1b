"""The program killed while its child reads a scan: the child ends, and the scan is read once by the next one."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.process.town import Town
from tests.scans.paper import filled, saved
from tests.support.office import ROOT

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the child")
PATIENCE = 60.0


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(each) for each in tasks.read_text().split()] if tasks.exists() else []


def _gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def test_killed_while_a_scan_is_read(tmp_path: Path) -> None:
    town = Town(tmp_path / "office", 31)
    scan = town.home / "inbox" / "phieu.png"
    scan.write_bytes(saved(filled()))
    os.utime(scan, (time.time() - 60, time.time() - 60))
    command = [sys.executable, "-m", "daemon", "--home", str(town.home), "run", "--once"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        end = time.monotonic() + PATIENCE
        reading = town.home / "var" / "reading"
        while not (reading.is_dir() and any(reading.iterdir()) and _children(process.pid)):
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.02)
        children = _children(process.pid)
        process.send_signal(signal.SIGKILL)
    while not all(map(_gone, children)):
        assert time.monotonic() < end + PATIENCE, "the child outlives its parent"
        time.sleep(0.1)
    with contextlib.closing(town._connection()) as connection, connection:
        connection.execute("UPDATE effect SET lease = 0")  # what the dead held becomes free
    assert town.command("run", "--once").returncode in (0, 3)
    rows = town._rows("SELECT state, ticket_id FROM item")
    assert len(rows) == 1 and rows[0][0] == "sorted" and rows[0][1] is not None
    assert len(town._states()) == 1
    assert not any(reading.iterdir()), "what the dead left lying is taken away"
