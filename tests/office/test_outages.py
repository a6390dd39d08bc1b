"""What the office stands on goes away in the middle of the work and comes back: afterwards all is done or visibly set aside."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from daemon.desk.trouble import Trouble
from daemon.documents.pdf import to_pdf
from daemon.office import actions, health, showing, watching
from daemon.scans.child import Bounds, ReadingChild
from tests.support.office import DESK, Desk

GOOD = (
    "Tôi là Lương Thị {name}, xã Sơn Thành, mã khách hàng PA26NR0000{code}. "
    "Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 000 {code}"
)
LINUX = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are programs of POSIX")


def write(desk: Desk, name: str = "Nga", code: int = 115) -> None:
    """Let a customer write."""
    desk.mail(f"Lương Thị {name} <{name.lower()}@khach.example>", "Công tơ", GOOD.format(name=name, code=code))


def go_on(desk: Desk) -> None:
    """The outage is over and the pauses too; the daemon works as it does every few seconds."""
    for _ in range(3):
        desk.parts.database.engine.execute_sql("UPDATE effect SET retry_at = 0, lease = 0")
        desk.parts.database.engine.execute_sql("UPDATE item SET retry_at = 0")
        desk.loop._safely(desk.loop.settle)


def whole(desk: Desk, tickets: int) -> None:
    """Every ticket is asked of its unit once and told to its customer once; nothing waits, nothing rings."""
    store = desk.parts.store
    assert store.effects("wanted", "claimed", "set_aside") == []
    assert store.items("unsorted", "reading", "set_aside") == []
    assert [ticket.state for ticket in store.tickets()] == ["waiting_unit"] * tickets
    sent = desk.new_sent()
    assert len(sent) == 2 * tickets == len({mail.message_id for mail in sent})
    assert store.broken_chains() == []
    assert watching.current(desk.parts) == []


# -- the database ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("room", [0, 1, 4, 10])
def test_a_database_that_cannot_grow(desk: Desk, room: int) -> None:
    """The disk is full for the database alone, at once or after some pages."""
    engine = desk.parts.database.engine
    write(desk)
    write(desk, "Mai", 116)
    (pages,) = engine.execute_sql("PRAGMA page_count").fetchone()
    engine.execute_sql(f"PRAGMA max_page_count = {pages + room}")
    desk.loop._safely(desk.loop.settle)
    engine.execute_sql("PRAGMA max_page_count = 1000000")
    go_on(desk)
    whole(desk, 2)


@pytest.mark.parametrize("room", [0, 2, 4, 6, 8])
def test_a_disk_full_while_many_are_sorted_blames_no_mail(desk: Desk, room: int) -> None:
    """SQLite takes back the whole batch then: what was sorted before the full disk is unsorted again, at no charge."""
    engine = desk.parts.database.engine
    for number in range(8):
        write(desk, f"Nga{number}", 200 + number)
    desk.loop.take_in()
    (pages,) = engine.execute_sql("PRAGMA page_count").fetchone()
    engine.execute_sql(f"PRAGMA max_page_count = {pages + room}")
    desk.loop._safely(desk.loop.sort)
    engine.execute_sql("PRAGMA max_page_count = 1000000")
    left = desk.parts.store.items("unsorted")
    assert [item.attempts for item in left] == [0] * len(left)
    assert len(left) + len(list(desk.parts.store.tickets())) == 8
    go_on(desk)
    whole(desk, 8)


@contextmanager
def _locked(desk: Desk) -> Iterator[None]:
    """Hold the database as another program does that reads it with a lock and never ends."""
    desk.parts.database.engine.execute_sql("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(desk.home / "var" / "motcua.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def test_a_database_locked_by_another_program(desk: Desk) -> None:
    write(desk)
    with _locked(desk):
        desk.loop._safely(desk.loop.settle)
        assert desk.new_sent() == []
    go_on(desk)
    whole(desk, 1)


def test_a_database_locked_in_the_middle_of_the_work(desk: Desk) -> None:
    write(desk)
    desk.loop.take_in(), desk.loop.sort(), desk.loop.decide()
    effect = desk.parts.store.claim({"write_document": 0.0, "file_original": 0.0, "look_up": 0.0})
    assert effect is not None
    with _locked(desk):
        desk.loop._safely(lambda: desk.loop._carry_out_one(effect))
    go_on(desk)
    whole(desk, 1)


# -- shares ------------------------------------------------------------------------------------------------------------
def test_the_share_of_the_scans_gone_and_back(desk: Desk) -> None:
    inbox = desk.home / "inbox"
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "nga@khach.example", DESK, "Công tơ"
    mail["Date"], mail["Message-ID"] = format_datetime(desk.clock.now()), "<thu@khach.example>"
    mail.set_content(GOOD.format(name="Nga", code=115))
    (inbox / "thu.eml").write_bytes(mail.as_bytes())
    inbox.rename(desk.home / "away")
    write(desk, "Mai", 116)
    desk.work()
    assert [name for name, _, _ in watching.current(desk.parts)] == ["inbox"]
    assert len(desk.new_sent()) == 2, "the mailbox goes on"
    assert not inbox.exists(), "no folder is made where the share belongs"
    (desk.home / "away").rename(inbox)
    desk.work()
    assert len(desk.new_sent()) == 2
    assert len(list(desk.parts.store.tickets())) == 2 and watching.current(desk.parts) == []


def test_the_share_of_the_documents_gone_and_back(desk: Desk) -> None:
    outbox = desk.home / "outbox"
    outbox.rename(desk.home / "away")
    write(desk)
    desk.work()
    assert not outbox.exists() and desk.new_sent() == []
    assert any(name == "ledger" for name, _, _ in watching.current(desk.parts))
    (desk.home / "away").rename(outbox)
    go_on(desk)
    whole(desk, 1)
    assert list(outbox.glob("so-theo-doi-*.xlsx"))


# -- a day without the mailbox -----------------------------------------------------------------------------------------
def test_a_mailbox_down_for_a_day_then_two_thousand_mails(desk: Desk) -> None:
    """Most of a day's flood is automatic; the requests in it are found, each mail is one entry, the alarm comes and goes."""
    desk.work()
    box = desk.home / "var" / "mailbox"
    box.rename(box.with_name("away"))
    box.touch()
    desk.work()
    desk.clock.set("2026-10-05 16:30")
    desk.loop.alarms.look()
    assert (desk.home / "inbox" / "CANH-BAO-mailbox.txt").exists()
    box.unlink()
    box.with_name("away").rename(box)
    for number in range(1985):
        desk.deliver(
            f"From: ban-tin{number}@quang-cao.example\nTo: {DESK}\nSubject: Bản tin {number}\nPrecedence: bulk\n"
            f"List-Id: <tin.example>\nMessage-ID: <tin-{number}@quang-cao.example>\n\nTin số {number}\n".encode()
        )
    for number in range(15):
        write(desk, f"Nga{chr(97 + number)}", 200 + number)
    desk.work()
    store = desk.parts.store
    assert len(list(store.tickets())) == 15
    assert len(store.items("set_aside", "ignored", "unplaced", limit=5000)) == 1985
    assert store.items("unsorted", "reading") == [] and store.effects("wanted", "claimed", "set_aside") == []
    assert len([mail for mail in desk.new_sent() if "dlnari@pcbk.example" in mail.to]) == 15
    desk.loop.alarms.look()
    assert watching.current(desk.parts) == [] and not list((desk.home / "inbox").glob("CANH-BAO*"))


# -- programs beside ---------------------------------------------------------------------------------------------------
HUNGRY = """
import json, resource, sys, time
sys.stdin.readline()
print(json.dumps({"ready": True, "missing": []}), flush=True)
resource.setrlimit(resource.RLIMIT_AS, (100_000_000, 100_000_000))
for line in sys.stdin:
    if "treo" in line: time.sleep(600)
    held = []
    while True: held.append(bytearray(10_000_000))
"""


@LINUX
@pytest.mark.parametrize(
    ("name", "patience", "said"), [("treo.jpg", 0.5, "lâu quá"), ("no.jpg", 60.0, "dừng đột ngột")]
)
def test_a_reading_child_that_hangs_or_eats_memory(desk: Desk, name: str, patience: float, said: str) -> None:
    """The file is given back with its reason, the rest goes on."""
    (desk.home / "inbox" / name).write_bytes(b"\xff\xd8\xff\xe0 anh")
    write(desk)
    desk.parts.reading_child = ReadingChild([], Bounds(page_seconds=patience), command=(sys.executable, "-c", HUNGRY))
    desk.work()
    aside = desk.home / "inbox" / "can-xem" / name
    assert aside.exists() and said in aside.with_name(f"{name}.txt").read_text("utf-8-sig")
    (item,) = desk.parts.store.items("set_aside")
    assert said in item.reason
    assert desk.ticket().state == "waiting_unit"
    assert desk.parts.store.effects("wanted", "claimed", "set_aside") == []


@LINUX
def test_libreoffice_that_crashes(desk: Desk, tmp_path: Path) -> None:
    """It is told, and the Word file beside is not touched."""
    crashing = tmp_path / "soffice"
    crashing.write_text(f"#!{sys.executable}\nimport os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", "utf-8")
    crashing.chmod(0o755)
    write(desk)
    desk.work()
    (form,) = (desk.home / "outbox").glob("*/*-request-*.docx")
    before = form.read_bytes()
    with pytest.raises(Trouble, match="PDF"):
        to_pdf([form], office=str(crashing))
    assert form.read_bytes() == before and not form.with_suffix(".pdf").exists()


# -- a template deleted in the middle ----------------------------------------------------------------------------------
def test_a_template_deleted_between_deciding_and_writing(desk: Desk) -> None:
    write(desk)
    desk.loop.take_in(), desk.loop.sort(), desk.loop.decide()
    template = desk.home / "templates" / "request-unit.docx"
    kept = template.read_bytes()
    template.unlink()
    desk.work()
    (aside,) = desk.parts.store.effects("set_aside")
    assert "request-unit.docx" in aside["reason"]
    state: Any = health.gather(desk.parts)
    assert any("để riêng: 1" in line for line in showing.status_lines(state))
    template.write_bytes(kept)
    actions.retry(desk.parts, str(aside["id"]), "Lan")
    desk.work()
    whole(desk, 1)
