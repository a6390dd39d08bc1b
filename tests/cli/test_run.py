"""``run`` as a process: it ends by itself with ``--once``, and cleanly when told to stop."""

import contextlib
import json
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from tests.cli.hands import motcua, process, start

MAIL = """From: Lương Thị Nga <nga{n}@khach.example>
To: gdkh@pcbk.example
Subject: Công tơ chạy nhanh
Message-ID: <m{n}@khach.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR{n:07d}. Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 000 {n:03d}
"""


def _mails(home: Path, count: int) -> None:
    for name in ("tmp", "new", "cur"):
        (home / "var" / "mailbox" / name).mkdir(parents=True, exist_ok=True)
    for n in range(100, 100 + count):
        (home / "var" / "mailbox" / "tmp" / str(n)).write_text(MAIL.format(n=n), "utf-8")
        (home / "var" / "mailbox" / "tmp" / str(n)).rename(home / "var" / "mailbox" / "new" / str(n))


def _rows(home: Path, question: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(home / "var" / "motcua.db", timeout=30)) as connection:
        return list(connection.execute(question))


def test_once_takes_what_was_just_dropped_and_ends(home: Path) -> None:
    _mails(home, 2)
    (home / "inbox" / "thu.eml").write_text(MAIL.format(n=7), "utf-8")
    said = process(home, "run", "--once")
    assert said.code == 0, said
    assert _rows(home, "SELECT count(*) FROM ticket") == [(3,)]
    assert _rows(home, "SELECT DISTINCT state FROM effect") == [("done",)]
    assert process(home, "run", "--once").code == 0
    assert len(list((home / "var/mailbox/.Sent/cur").iterdir())) == 6


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_run_and_leaves_nothing_in_hand(home: Path, name: str) -> None:
    _mails(home, 25)
    with start(home, "run") as running:
        assert running.stdout is not None
        assert "đang chạy" in running.stdout.readline()
        until = time.monotonic() + 60
        while time.monotonic() < until and not list((home / "outbox").glob("PCBK-*/*-slip-*")):
            time.sleep(0.01)
        running.send_signal(getattr(signal, name))
        _, err = running.communicate(timeout=60)
    assert (running.returncode, err) == (0, "")
    assert _rows(home, "SELECT count(*) FROM effect WHERE state = 'claimed'") == [(0,)]
    assert _rows(home, "SELECT count(*) FROM effect WHERE state = 'wanted'") != [(0,)]
    assert process(home, "run", "--once").code == 0
    assert len(list((home / "var/mailbox/.Sent/cur").iterdir())) == 50


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_idle_run_ends_at_once(home: Path) -> None:
    with start(home, "run") as running:
        assert running.stdout is not None
        running.stdout.readline()
        time.sleep(1.5)
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=20)
    assert running.returncode == 0


def test_the_log_tells_what_was_done(home: Path) -> None:
    """Start, tickets opened, mails, documents, the end; nothing of the customer."""
    _mails(home, 1)
    assert process(home, "run", "--once").code == 0
    text = (home / "var" / "log" / "motcua.log").read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    said = [line["text"] for line in lines]
    assert said[0].startswith("started: motcua") and said[-1] == "stopped"
    assert any(each.startswith("opened: PCBK-2026-000001 other by email") for each in said)
    assert any(each.startswith("done: send_mail PCBK-2026-000001/") for each in said)
    assert any(each.startswith("done: write_document PCBK-2026-000001/") for each in said)
    assert {line.get("ticket") for line in lines[1:-1]} <= {"PCBK-2026-000001", None}
    assert "Nga" not in text and "khach.example" not in text


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_run_beside_another_says_so(home: Path) -> None:
    """One line, and both work; a daemon that was killed is no other one."""
    with start(home, "run") as running:
        assert running.stdout is not None
        running.stdout.readline()
        beside = process(home, "run", "--once")
        assert f"tiến trình {running.pid}" in beside.err and beside.code in (0, 3)
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=20)
    assert out.strip() == "Đã dừng."
    assert process(home, "run", "--once").err == ""
    with start(home, "run") as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.kill()
        running.communicate(timeout=20)
    assert process(home, "run", "--once").err == ""


def test_only_some_kinds(home: Path) -> None:
    number = motcua(
        home, "new", "--channel", "counter", text="Ông Sùng A Chớ, xã Cao Tân, 0912 000 112 hỏi lịch cắt điện"
    ).out
    assert number
    process(home, "run", "--once", "--only", "read_scan")
    assert _rows(home, "SELECT state FROM ticket") == [("new",)]


def test_a_page_for_a_moment_is_refused(home: Path) -> None:
    """`--once` ends before a page could open: nobody is left to believe that it was."""
    said = motcua(home, "run", "--once", "--console")
    assert (said.code, len(said.err.splitlines())) == (2, 1) and "--console" in said.err
