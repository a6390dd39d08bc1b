"""What stays current: the stream, who else has a ticket open, and the process beside the loop."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from daemon.console.child import DEATH_SECONDS, DEATHS, Page
from daemon.console.live import Live
from daemon.desk.effects import TELL_ADMINISTRATOR
from daemon.office import health, people, watching
from daemon.office.parts import open_office
from daemon.running import PageWatch
from daemon.store import lists
from tests.cli.hands import motcua
from tests.support.office import ROOT, Desk, make_home


def test_the_mark_changes_with_everything_that_lists_show(desk: Desk) -> None:
    store = desk.parts.store
    marks = [lists.mark(store)]
    number = desk.note("phone_note", "hỏi lịch cắt điện xã Quảng Bạch, huyện Chợ Đồn")
    marks.append(lists.mark(store))
    desk.work()
    marks.append(lists.mark(store))
    store.keep_note("alarm:mailbox:say", "hỏng")
    marks.append(lists.mark(store))
    desk.mail("dlchodon@pcbk.example", "không rõ", "báo tin")
    desk.work()
    marks.append(lists.mark(store))
    assert len(set(marks)) == len(marks) and lists.mark(store) == marks[-1] and number


class Still:
    """A desk that says when it is asked; nothing of it is opened."""

    def office(self) -> Any:
        raise AssertionError("not asked here")


def test_two_who_open_one_ticket_see_each_other() -> None:
    async def play() -> list[str]:
        live = Live(Still())  # type: ignore[arg-type]
        live._changed = asyncio.Condition()
        seen: list[str] = []

        async def watch(title: str, lines: int) -> None:
            stream = live.stream("PCBK-2026-000001", title)
            async for line in stream:
                others = json.loads(line.split("data: ")[1])["others"]
                seen.append(f"{title}: {', '.join(others)}")
                lines -= 1
                if not lines:
                    await asyncio.sleep(0.05)
                    await stream.aclose()
                    return

        lan = asyncio.create_task(watch("Lan", 3))
        await asyncio.sleep(0.05)
        await asyncio.wait_for(watch("Hùng", 1), 5)
        await asyncio.wait_for(lan, 5)
        assert not live._present
        return seen

    assert asyncio.run(play()) == ["Lan: ", "Hùng: Lan", "Lan: Hùng", "Lan: "]


def test_streams_end_with_the_server() -> None:
    async def play() -> int:
        live = Live(Still())  # type: ignore[arg-type]
        live._changed = asyncio.Condition()
        task = asyncio.create_task(_count(live))
        await asyncio.sleep(0.05)
        await live.end()
        return await asyncio.wait_for(task, 5)

    assert asyncio.run(play()) == 1


async def _count(live: Live) -> int:
    return len([line async for line in live.stream("", "Lan")])


# -- the process -------------------------------------------------------------------------------------------------------
def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def home_with_port(folder: Path) -> tuple[Path, int]:
    """Make a working folder whose console has a port of its own."""
    home, port = make_home(folder), free_port()
    path = home / "config" / "desk.toml"
    path.write_text(path.read_text("utf-8").replace("port = 8210", f"port = {port}"), "utf-8")
    return home, port


def answers(port: int) -> bool:
    """Say whether the sign-in page is served."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/dang-nhap", timeout=2) as page:
            return "Đăng nhập" in page.read().decode()
    except OSError:
        return False


def wait_until(what: Any, wanted: bool, seconds: float = 40.0) -> None:
    """Wait for something to become so. Raises AssertionError."""
    until = time.monotonic() + seconds
    while what() is not wanted:
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("words", [("run", "--console"), ("console",)], ids=" ".join)
def test_pages_are_served_and_end_with_the_signal(tmp_path: Path, words: tuple[str, ...]) -> None:
    home, port = home_with_port(tmp_path / "home")
    command = [sys.executable, "-m", "daemon", "--home", str(home), *words]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(port), True)
        child.send_signal(signal.SIGTERM)
        assert child.wait(30) == 0
        wait_until(lambda: answers(port), False)
    finally:
        child.kill()
        child.wait()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_the_console_ends_when_its_loop_is_killed(tmp_path: Path) -> None:
    home, port = home_with_port(tmp_path / "home")
    command = [sys.executable, "-m", "daemon", "--home", str(home), "run", "--console"]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(port), True)
        child.kill()
        child.wait()
        wait_until(lambda: answers(port), False)
    finally:
        child.kill()
        child.wait()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_page_that_does_not_run_is_told_until_it_runs(tmp_path: Path) -> None:
    """Its port is another program's: status says so; once the port is free the page opens by itself, and all is well."""
    home, port = home_with_port(tmp_path / "home")
    command = [sys.executable, "-m", "daemon", "--home", str(home), "run", "--console"]
    note = home / "inbox" / "CANH-BAO-console.txt"
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(note.is_file, True)
            told = health.running(home)
            assert told["alive"] and f"cổng {port}" in told["console"] and f"cổng {port}" in note.read_text("utf-8-sig")
            other.close()
            wait_until(lambda: health.running(home)["console"] == f"http://127.0.0.1:{port}", True)
            assert answers(port)
        finally:
            child.terminate()
            assert child.wait(30) == 0
    parts = open_office(home)
    assert [name for name, _, _ in watching.current(parts) if name == "console"] == []
    assert any(
        f"trang web ở http://127.0.0.1:{port}" in line for line in health.lines(health.gather(parts), told_alive(home))
    )
    parts.close()


def told_alive(home: Path) -> dict[str, Any]:
    """What the health file said while the daemon ran."""
    return {**health.running(home), "alive": True}


def test_a_page_is_told_anew_only_where_something_changed(tmp_path: Path) -> None:
    """Another reason replaces the one before; the same one again is silent; a page that runs takes it back."""
    parts = open_office(make_home(tmp_path / "home"))
    page, written = Page(), []
    watch = PageWatch(page, watching.Alarms(parts), lambda: written.append(page.trouble))
    watch.look()
    assert written == [], "it has only just begun"
    for why in ("Chưa cài phần trang web.", "Chưa cài phần trang web.", "Cổng bận."):
        page.gone(why)
        watch.look()
    ((name, _, say),) = watching.current(parts)
    assert name == "console" and say.endswith("Lý do: Cổng bận.") and len(written) == 2
    page.served("http://127.0.0.1:8210")
    watch.look()
    assert watching.current(parts) == [] and len(written) == 3
    parts.close()


def test_a_page_that_opens_and_ends_again_and_again_is_mailed_once(tmp_path: Path) -> None:
    """Each time it is open again for a moment; the administrator hears of it at once, and that it is over when it stays."""
    home = make_home(tmp_path / "home")
    path = home / "config" / "desk.toml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"(?m)^administrator = .*$", 'administrator = "it@pcbk.example"', text), "utf-8")
    parts, now = open_office(home), [0.0]
    page, alarms = Page(lambda: now[0]), watching.Alarms(parts)
    watch = PageWatch(page, alarms, lambda: None)

    def mails() -> list[str]:
        kept = parts.store.effects("wanted", "done")
        return [row["kind"] for row in kept if row["kind"] == TELL_ADMINISTRATOR]

    for death in range(DEATHS + 3):
        for happened in (lambda: page.served("http://127.0.0.1:8210"), lambda at=death: page.gone(f"Lỗi {at}.")):
            now[0] += 4.0
            happened()
            watch.look()
        assert len(mails()) == (0 if death < DEATHS - 1 else 1)
    ((name, _, say),) = watching.current(parts)
    assert name == "console" and "tự dừng, 3 lần trong 10 phút" in say
    page.served("http://127.0.0.1:8210")
    watch.look()
    assert watching.current(parts), "it has opened before"
    now[0] += DEATH_SECONDS
    watch.look()
    alarms.look()
    assert watching.current(parts) == [] and len(mails()) == 2
    parts.close()


@pytest.mark.parametrize(
    ("lines", "code", "why"),
    [
        ('host = "0.0.0.0"', 2, "TLS"),
        ('host = "192.168.1.5"\nplain_http = "ừ"', 2, "plain_http"),
        ('host = "127.0.0.1"\ncertificate = "khong-co.pem"', 2, "key"),
        ('host = "127.0.0.1"\ncertificate = "khong-co.pem"\nkey = "khong-co.key"', 2, "khong-co.pem"),
        ('host = "127.0.0.1"\nmau = 1', 2, "mục lạ"),
    ],
)
def test_the_network_only_with_tls_or_an_explicit_word(tmp_path: Path, lines: str, code: int, why: str) -> None:
    home, _ = home_with_port(tmp_path / "home")
    path = home / "config" / "desk.toml"
    before = path.read_text("utf-8").split("[console]")[0]
    path.write_text(f"{before}[console]\n{lines}\n", "utf-8")
    command = [sys.executable, "-m", "daemon", "--home", str(home), "console"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code and why in done.stderr


def test_a_user_is_added_on_the_command_line(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    base = [sys.executable, "-m", "daemon", "--home", str(home), "user"]
    add = [*base, "add", "lan", "--title", "Nguyễn Thị Lan", "--role", "chief"]
    done = subprocess.run(add, cwd=ROOT, input="một câu đủ dài\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    listed = subprocess.run([*base, "list"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert listed.stdout == "lan · Nguyễn Thị Lan · Trưởng phòng\n"
    again = subprocess.run(add, cwd=ROOT, input="một câu đủ dài\n", capture_output=True, text=True, check=False)
    assert again.returncode == 2 and "Đã có" in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "lan", "--title", "Ai khác"), "Đã có người dùng tên lan."),
        (("add", "mai", "--title", "Nguyễn Thị Lan"), "Đã có người dùng mang họ tên Nguyễn Thị Lan."),
        (("add", "mai lan"), "không có dấu cách"),
        (("add", "mai", "--role", "boss"), "agent, chief, leader, administrator"),
        (("password", "mai"), "Không có người dùng mai."),
    ],
)
def test_what_is_wrong_is_said_before_a_password_is_asked_for(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """Nothing is read from the standard input: there would be no password in it."""
    home = make_home(tmp_path / "home")
    parts = open_office(home)
    people.add_user(parts, "lan", "Nguyễn Thị Lan", "chief", "một câu đủ dài", "Quản trị")
    parts.close()
    told = motcua(home, "user", *words)
    assert told.code == 2 and said in told.err and "mật khẩu:" not in told.err.lower(), told
    assert "Chưa có mật khẩu" in motcua(home, "user", "add", "mai").err
