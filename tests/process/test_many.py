"""Several processes on one PostgreSQL: they share the work of an office, and what a killed one held is taken over."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from daemon.loop import Loop
from daemon.store import models
from daemon.store.database import Database
from tests.process.town import Town
from tests.scans.paper import filled, saved
from tests.servers.postgres import Server
from tests.support.office import ROOT, Desk

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")

REQUESTS, PATIENCE = 12, 120.0


@pytest.fixture
def town(tmp_path: Path, server: Server) -> Iterator[Town]:
    """An office on PostgreSQL."""
    yield Town(tmp_path / "office", 27, server.fresh())


def _daemon(home: Path, *args: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "daemon", "--home", str(home), "run", *args]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _until(said: str, done: "object") -> None:
    assert callable(done)
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, said
        time.sleep(0.1)


def test_four_share_the_work_and_two_of_them_may_die(town: Town) -> None:
    """The first one leads. It is killed, then the next one; requests keep coming, and each is asked of its unit once."""
    with ExitStack() as stack:
        four = [stack.enter_context(_daemon(town.home)) for _ in range(4)]
        try:
            for number in range(REQUESTS):
                town.request(by_file=False)
                if number in (REQUESTS // 3, 2 * REQUESTS // 3):
                    four[number * 3 // REQUESTS - 1].send_signal(signal.SIGKILL)
                    town.let_time_pass()
                time.sleep(0.1)
            _until("not all requests became tickets", lambda: len(town._states()) == REQUESTS)
            town.let_time_pass()
            waiting = "SELECT 1 FROM effect WHERE state IN ('wanted', 'claimed') LIMIT 1"
            _until("effects are left", lambda: not town._rows(waiting))
            assert [process.poll() for process in four] == [-signal.SIGKILL] * 2 + [None] * 2
        finally:
            for process in four:
                process.terminate()
    town.finish()
    assert town.account() == []


def test_one_process_leads_until_its_end(town: Town) -> None:
    one, two, other = (Database(town.url, town.home) for _ in range(3))
    assert one.leads("PCBK") and not two.leads("PCBK") and one.leads("PCBK")
    assert other.leads("PCTN")
    one.close()
    _until("nobody leads", lambda: two.leads("PCBK"))
    assert other.leads("PCTN")
    two.close()
    other.close()


def _office_and_worker(tmp_path: Path, server: Server) -> tuple[Desk, Path]:
    """Return an office and a folder beside it that shares its documents, originals and pictures of cells."""
    desk = Desk(tmp_path / "office", "2026-10-05 08:20", database=server.fresh())
    worker = tmp_path / "worker"
    (worker / "var").mkdir(parents=True)
    for name in ("config", "templates"):
        shutil.copytree(desk.home / name, worker / name)
    for name in ("inbox", "outbox", "var/originals", "var/crops"):
        (desk.home / name).mkdir(exist_ok=True)
        (worker / name).symlink_to(desk.home / name)
    return desk, worker


def _decided(desk: Desk) -> str:
    """Let a request come and be decided, nothing carried out; return its number."""
    text = "Công tơ nhà tôi ở xã Sơn Thành chạy nhanh. 0912000111"
    desk.mail("Nga <khach@khach.example>", "Công tơ chạy nhanh", text)
    loop = Loop(desk.parts)
    loop.take_in(), loop.sort(), loop.decide()
    return desk.ticket().number


def test_who_does_not_lead_polls_for_what_was_decided_elsewhere(tmp_path: Path, server: Server) -> None:
    """Nothing in its own folders wakes it: the work appears in the shared database alone."""
    desk, worker = _office_and_worker(tmp_path, server)
    assert desk.parts.database.leads("PCBK")
    config = worker / "config" / "desk.toml"
    config.write_text(config.read_text("utf-8").replace("poll_seconds = 5", "poll_seconds = 1"), "utf-8")
    with _daemon(worker) as process:
        try:
            _decided(desk)
            wanted = desk.parts.store.effects
            _until(
                "not carried out", lambda: "file_original" not in {each["kind"] for each in wanted("wanted", "claimed")}
            )
            assert desk.parts.database.leads("PCBK")
        finally:
            process.terminate()
    desk.close()


def test_a_worker_with_a_folder_of_its_own_does_one_kind_of_work(tmp_path: Path, server: Server) -> None:
    """Its own configuration and var/, the office's documents and originals: what it writes, the office finds."""
    desk, worker = _office_and_worker(tmp_path, server)
    number = _decided(desk)
    assert {each["kind"] for each in desk.parts.store.effects("wanted")} >= {"file_original", "look_up"}
    command = [sys.executable, "-m", "daemon", "--home", str(worker), "run", "--once", "--only", "file_original"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 3), done.stderr
    assert "file_original" not in {each["kind"] for each in desk.parts.store.effects("wanted", "claimed")}
    assert "look_up" in {each["kind"] for each in desk.parts.store.effects("wanted")}
    assert any(name.endswith(".eml") for name in desk.file_names(number))
    assert models.Item.select().count() == 1
    desk.close()


def test_a_worker_reads_the_scans_of_an_office(tmp_path: Path, server: Server) -> None:
    """The office keeps a scan and hands it on; the worker opens its ticket, with pictures of the cells the office shows."""
    desk, worker = _office_and_worker(tmp_path, server)
    scan = desk.home / "inbox" / "phieu.png"
    scan.write_bytes(saved(filled()))
    os.utime(scan, (time.time() - 60, time.time() - 60))
    _until("the scan is not taken in", lambda: desk.loop.take_in())
    desk.loop.sort()
    assert [each["kind"] for each in desk.parts.store.effects("wanted")] == ["read_scan"]
    command = [sys.executable, "-m", "daemon", "--home", str(worker), "run", "--once", "--only", "read_scan"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 3), done.stderr
    (item,) = desk.parts.store.items("sorted")
    ticket = desk.ticket(item.ticket)
    assert ticket.customer.name and ticket.channel == "counter"
    assert any((desk.home / "var" / "crops" / str(item.id)).iterdir())
    assert "read_scan" not in {each["kind"] for each in desk.parts.store.effects("wanted", "claimed")}
    desk.close()
