"""A corpus made to hurt: every input is a ticket or visibly set aside, nothing lies outside the folders, memory is bounded."""

import os
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from daemon.mailbox.message import parse
from daemon.office.parts import open_office
from daemon.store import models
from tests.support import hostile
from tests.support.office import ROOT, Desk, make_home

STATES = ("unsorted", "sorted", "unplaced", "set_aside", "ignored", "reading")
# As Windows counts them; a name of ours may be none of them, whatever comes after the first dot.
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def inside(desk_home: Path) -> list[str]:
    """Return the files of a working folder whose names a customer could have chosen badly."""
    wrong = []
    for path in (*(desk_home / "outbox").rglob("*"), *(desk_home / "inbox" / "can-xem").rglob("*")):
        name = path.name
        odd = any(unicodedata.category(char) in ("Cc", "Cf") or char in '\\/:*?"<>|' for char in name)
        if odd or name.split(".")[0].lower() in RESERVED or name != name.rstrip(". ") or len(name.encode()) > 255:
            wrong.append(repr(name))
        if not path.resolve().is_relative_to(desk_home.resolve()):
            wrong.append(f"outside: {path}")
    return wrong


def test_hostile_mails_are_one_entry_each(desk: Desk) -> None:
    """Deep, long, endless, ambiguous, badly named: all in one go, and the good one after them is answered."""
    corpus = hostile.mails(large=5_000_000)
    for raw in corpus.values():
        desk.deliver(raw)
    desk.mail("Bùi Văn Hai <hai@khach.example>", "Công tơ", hostile.GOOD.replace("115", "116"))
    desk.work()
    store = desk.parts.store
    items = store.items(*STATES)
    assert len(items) == len(corpus) + 1
    assert [each.name for each in items if each.state in ("unsorted", "reading")] == []
    assert items[-1].state == "sorted"
    assert store.effects("wanted", "claimed", "set_aside") == []
    assert inside(desk.home) == []
    assert not (desk.home.parent / "x").exists()
    for mail in desk.new_sent():
        assert mail.header("bcc") is None and not any("gian" in each for each in (*mail.to, *mail.cc))
    assert store.broken_chains() == []


@pytest.mark.skipif(sys.platform == "win32", reason="measures a process as POSIX counts it, and some names need it")
def test_hostile_files_and_a_mail_of_fifty_megabytes_in_a_process_of_their_own(tmp_path: Path) -> None:
    """The real program takes all of it in: it ends by itself, what it cannot read is given back, its memory is bounded."""
    home = make_home(tmp_path / "office")
    for name in ("tmp", "new", "cur"):
        (home / "var" / "mailbox" / name).mkdir(parents=True)
    large = {name: raw for name, raw in hostile.mails().items() if "50 MB" in name or "million" in name}
    for number, raw in enumerate(large.values()):
        (home / "var" / "mailbox" / "new" / f"{number}.test").write_bytes(raw)
    for name, data in hostile.files().items():
        (home / "inbox" / name).write_bytes(data)
        os.utime(home / "inbox" / name, (time.time() - 60, time.time() - 60))
    command = [sys.executable, "-m", "daemon", "--home", str(home), "run", "--once"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        said = process.stderr.read() if process.stderr else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 3), said.decode()
    assert used.ru_maxrss < 1_900_000, "kilobytes, of the program or its largest child"
    parts = open_office(home)
    try:
        digests = {row.digest for row in models.Item.select()}
        assert models.Item.select().where(models.Item.state.in_(("unsorted", "reading"))).count() == 0
        assert len(digests) == len(large) + len(set(hostile.files().values()))
        assert parts.store.effects("wanted", "claimed") == []
    finally:
        parts.close()
    assert [path.name for path in (home / "inbox").iterdir() if path.is_file()] == []
    assert inside(home) == []
    reasons = [path.read_text("utf-8-sig") for path in (home / "inbox" / "can-xem").glob("*.txt")]
    assert reasons and all("Lý do:" in text and "Việc cần làm:" in text for text in reasons)


def test_what_is_shown_of_a_turned_name_does_not_turn() -> None:
    """A right-to-left mark in a name would show ``exe.pdf`` where ``fdp.exe`` is."""
    for number, name in enumerate(hostile.NAMES):
        message = parse(hostile._attached(number, name, b"x"))
        for each in message.attachments:
            assert not any(unicodedata.category(char) in ("Cc", "Cf") for char in each.name), repr(each.name)
