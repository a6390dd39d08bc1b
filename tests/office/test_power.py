"""The power fails at some flush of the disk, and what was not flushed is gone: all the same nothing is lost or done twice."""

import hashlib
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from daemon.loop import Loop
from daemon.mailbox.message import parse
from daemon.office.parts import open_office
from daemon.scans.folder import ScanFolder
from daemon.store import models
from tests.support.office import Desk, FakeClock
from tests.support.unsynced import Disk

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc which file is flushed")

REQUEST = (
    "Tôi là Lương Thị {name}, xã Sơn Thành, mã khách hàng PA26NR0000{code}. "
    "Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 000 {code}"
)
ANSWER = "Đơn vị đã kiểm tra: công tơ hoạt động bình thường. Đã giải thích cho khách hàng.\n"
CUTS = 7


class Story:
    """Two requests and an answer, while pictures of the disk are taken as it would be after a power cut."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = Desk(folder / "office", "2026-10-05 08:20")
        self.disk = Disk(self.desk.home)
        self.cuts: list[Path] = []
        self._flushes = 0
        self.every = 1

    def cut(self) -> None:
        """Take a picture at every so many flushes."""
        self._flushes += 1
        if self._flushes % self.every == 0:
            self.cuts.append(self.disk.survivors(self.folder / f"cut-{len(self.cuts)}"))

    def work(self) -> None:
        """What came from outside lies there; the daemon works on it."""
        self.disk.settle()
        with self.disk.listening(self.cut):
            self.desk.work()

    def tell(self) -> None:
        """The whole of it."""
        self.desk.mail("Lương Thị Nga <nga@khach.example>", "Công tơ", REQUEST.format(name="Nga", code=115))
        self.desk.mail("Lương Thị Mai <mai@khach.example>", "Công tơ", REQUEST.format(name="Mai", code=116))
        self.work()
        self.desk.reply("dlnari@pcbk.example", ANSWER)
        self.work()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The story with its pictures."""
    made = Story(tmp_path_factory.mktemp("power"))
    made.every = 7
    made.tell()
    made.desk.close()
    return made


def again(home: Path, desk: Desk) -> list[Any]:
    """Switch the machine on again, let it work, and return the rows of the account."""
    parts = open_office(home, FakeClock(desk.clock.at))
    parts.folder = ScanFolder(home / "inbox", time.monotonic, quiet_seconds=0)
    try:
        engine = parts.database.engine
        engine.execute_sql("UPDATE effect SET lease = 0, retry_at = 0")
        Loop(parts).settle()
        return list(_account(home, parts))
    finally:
        parts.close()


def _account(home: Path, parts: Any) -> Any:
    yield from parts.store.broken_chains()
    yield from parts.store.effects("wanted", "claimed", "set_aside")
    yield from parts.store.items("unsorted", "reading", "set_aside")
    for digest, size in models.Item.select(models.Item.digest, models.Item.size).tuples():
        path = parts.store.originals.path(digest)
        if not path.exists() or path.stat().st_size != size:
            yield f"original {digest} is not whole"
    for row in models.Document.select().join(models.Ticket):
        path = home / "outbox" / row.ticket.number / row.name
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != row.digest:
            yield f"{row.name} is not what was recorded"
    sent = [parse(path.read_bytes()) for path in (home / "var/mailbox/.Sent").glob("[cn]*/*")]
    yield from (f"sent twice: {each}" for each, count in Counter(mail.message_id for mail in sent).items() if count > 1)
    mails = Counter(mail.to[0] for mail in sent)
    yield from (f"{who}: {mails[who]} mails" for who in ("nga@khach.example", "mai@khach.example") if mails[who] != 1)
    if mails["dlnari@pcbk.example"] != 2:
        yield f"the unit got {mails['dlnari@pcbk.example']} mails"
    states = Counter(row.identity for row in models.Item.select())
    if len(states) not in (2, 3):
        yield f"items: {sorted(states)}"
    if models.Ticket.select().count() != 2:
        yield f"{models.Ticket.select().count()} tickets"


def test_there_are_flushes_enough(story: Story) -> None:
    assert len(story.cuts) >= CUTS


@pytest.mark.parametrize("number", range(CUTS))
def test_after_a_power_cut_all_is_there_once(story: Story, number: int) -> None:
    home = story.cuts[number * len(story.cuts) // CUTS]
    assert again(home, story.desk) == []


def test_the_layer_forgets(tmp_path: Path) -> None:
    """What the account rests on: without a flush a file is empty, or not there, or still where it was."""
    import os

    (tmp_path / "a").mkdir()
    moved = tmp_path / "a" / "moved"
    moved.write_text("old")
    disk = Disk(tmp_path / "a")
    with disk.listening():
        moved.rename(tmp_path / "a" / "elsewhere")
        (tmp_path / "a" / "never").write_text("x")
        (tmp_path / "a" / "whole").write_text("half")
        (tmp_path / "a" / "b").mkdir()
        with (tmp_path / "a" / "b" / "flushed").open("w") as file:
            file.write("whole")
            file.flush()
            os.fsync(file.fileno())
        (tmp_path / "a" / "var").mkdir()
    left = disk.survivors(tmp_path / "left")
    assert {path.name for path in left.rglob("*") if path.is_file()} == {"moved"}
