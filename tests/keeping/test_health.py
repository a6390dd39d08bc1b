"""How the office is seen from outside: the health file, metrics, and what the service manager is told."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from daemon.office import health
from daemon.office.parts import open_office
from daemon.office.supervision import Supervision
from daemon.running import beside_another
from tests.keeping.desk import MAI, MAIL, PHONE, Kept
from tests.support.office import make_home


def test_what_is_told(desk: Kept) -> None:
    """Queues, looks, next promises, disk; nothing of a person."""
    state = health.gather(desk.parts)
    assert state["tickets"] and state["next_deadlines"][0]["number"] == "PCBK-2026-000001"
    assert state["last_look_inbox"] and state["last_look_mailbox"] and state["disk_free"] > 0
    assert state["oldest_waiting"] == "2026-10-05T08:00:00+07:00", "the bulk mail waits for a look"
    assert state["last_backup"] is None and state["problems"] == [] and state["units_late"] == 0
    text = json.dumps(state, ensure_ascii=False) + "\n".join(health.lines(state, health.running(desk.home)))
    assert not any(each in text for each in (MAI, PHONE, MAIL))


def test_lateness_and_age_are_counted(desk: Kept) -> None:
    """A promise not kept, a backup of long ago."""
    desk.parts.store.keep_note("backup:last", desk.clock.now().isoformat())
    desk.clock.set("2026-11-02 08:00")
    state = health.gather(desk.parts)
    assert state["late"] >= 1
    told = "\n".join(health.lines(state, health.running(desk.home)))
    assert state["units_late"] >= 1 and f"đơn vị quá hạn trả lời: {state['units_late']}" in told
    assert f"motcua_tickets_unit_late {state['units_late']}\n" in health.metrics(state)
    assert any("sao lưu" in text for text in state["problems"])


def test_metrics_are_prometheus_text(desk: Kept) -> None:
    """Every line is a comment or a name with labels and a number; each name is explained once."""
    page = health.metrics(health.gather(desk.parts))
    line = re.compile(r'motcua_[a-z_]+(\{[a-z]+="[^"\\\n]*"\})? -?[0-9.e+]+')
    for text in page.splitlines():
        assert text.startswith("# ") or line.fullmatch(text), text
    helped = re.findall(r"# HELP (\S+)", page)
    assert len(helped) == len(set(helped)) and "motcua_tickets" in helped and "motcua_disk_free_bytes" in helped
    assert page.endswith("\n")


def test_a_second_process_that_ends_says_nothing_of_the_first(desk: Kept) -> None:
    """Two run side by side, as while a service is tried by hand: the file is the first one's."""
    health.write(desk.parts, "2026-10-05T08:00:00+07:00")
    path = desk.home / health.FILE
    first = json.loads(path.read_text("utf-8")) | {"pid": os.getppid()}
    path.write_text(json.dumps(first), "utf-8")
    assert f"tiến trình {os.getppid()}" in beside_another(desk.parts)
    health.stopped(desk.home)
    assert json.loads(path.read_text("utf-8")) == first
    path.write_text(json.dumps(first | {"pid": os.getpid()}), "utf-8")
    assert beside_another(desk.parts) == ""
    health.stopped(desk.home)
    assert health.running(desk.home)["alive"] is False


def test_the_file_says_whether_the_daemon_lives(desk: Kept) -> None:
    """Never, now, ended."""
    assert health.running(desk.home)["alive"] is False
    health.write(desk.parts, "2026-10-05T08:00:00+07:00")
    assert health.running(desk.home)["alive"] is True
    assert health.running(desk.home)["written"].endswith("+07:00"), "the office's time, as all else in the file"
    health.stopped(desk.home)
    assert health.running(desk.home)["alive"] is False
    assert health.running(desk.home)["written"].endswith("+07:00")
    (desk.home / health.FILE).write_text("{", "utf-8")
    assert health.running(desk.home)["alive"] is False


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="the service manager is Linux's")
def test_the_service_manager_hears_ready_alive_stopping(tmp_path: Path) -> None:
    """A real daemon, a real socket: READY once the loop begins, WATCHDOG while it lives, STOPPING after SIGTERM."""
    home = make_home(tmp_path / "home")
    open_office(home).close()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "2000000", "PATH": "/usr/bin:/bin"}
        command = [sys.executable, "-m", "daemon", "--home", str(home), "run"]
        daemon = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[2])
        try:
            told = [manager.recv(200).decode() for _ in range(4)]
            daemon.send_signal(signal.SIGTERM)
            while not told[-1].startswith("STOPPING=1"):
                told.append(manager.recv(200).decode())
        finally:
            daemon.terminate()
            assert daemon.wait(60) == 0
    assert told[0].startswith("READY=1")
    assert set(told[1:-1]) == {"WATCHDOG=1"} and len(told) >= 5
    assert health.running(home) | {"pid": 0} == health.running(home) | {"alive": False, "pid": 0}


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="the service manager is Linux's")
def test_nobody_listens(tmp_path: Path) -> None:
    """No socket, a dead one, a name in the abstract space: the daemon does not mind."""
    for address in ("", str(tmp_path / "gone"), "@motcua-nobody"):
        watch = Supervision({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "x"})
        watch.ready()
        watch.alive()
        watch.stopping()


def test_the_watchdog_is_not_flooded(tmp_path: Path) -> None:
    """Four times in a period at most, however often the loop calls."""
    if not hasattr(socket, "AF_UNIX"):
        pytest.skip("the service manager is Linux's")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        watch = Supervision({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "900000000"})
        end = time.monotonic() + 0.05
        while time.monotonic() < end:
            watch.alive()
        assert manager.recv(100) == b"WATCHDOG=1"
        with pytest.raises(BlockingIOError):
            manager.recv(100)
