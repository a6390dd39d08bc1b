"""Reading ahead changes when a mail is read and by whom, never what becomes of it."""

import datetime as dt
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.bench.mails import request_mail
from daemon.desk.ticket import Ticket
from daemon.desk.trouble import Refused
from daemon.mailbox.message import parse
from daemon.office import senders
from daemon.office.ahead import Ahead, Mail
from daemon.office.renewing import Renewing
from daemon.office.understanding import understand
from tests.support.office import ROOT, Desk

MAILS = 40
# A stand-in for the child, of which the last word of its command says how it behaves.
STANDIN = """
import json, sys, time
how = sys.argv[1]
if how == "dies at once": sys.exit(1)
sys.stdin.readline()
print("", flush=True)
for number, line in enumerate(sys.stdin):
    if how == "dies later" and number == 3: sys.exit(1)
    if how == "hangs": time.sleep(600)
    if how == "talks": print("YQ== YQ==", flush=True)
    print(" " * (len(json.loads(line)["mails"]) - 1), flush=True)
"""


def requests(count: int = MAILS) -> list[bytes]:
    """Requests of many customers, the same at every call."""
    chance = random.Random(5)
    return [request_mail(chance, number, pdf=number % 9 == 0) for number in range(count)]


def ahead_of(desk: Desk, many: int = 5, **how: Any) -> Ahead:
    """What reads ahead for an office, already for a few mails."""
    file = desk.parts.settings.file
    return Ahead(desk.parts.home, file.zone, file.code_pattern, many=many, **how)


def waiting(desk: Desk) -> list[Mail]:
    """The mails that are kept and not yet sorted."""
    return [Mail(item.digest, item.received) for item in desk.parts.store.items("unsorted")]


def until_ready(ahead: Ahead, least: int) -> None:
    """Wait until the child has read some mails."""
    end = time.monotonic() + 60
    while ahead.ready < least:
        ahead.step()
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def full(desk: Desk) -> Iterator[Desk]:
    """An office in whose mailbox many requests lay this morning."""
    for raw in requests():
        desk.deliver(raw)
    desk.loop.take_in()
    yield desk


def test_what_was_read_ahead_is_what_would_be_read(full: Desk) -> None:
    mails = waiting(full)
    with_child = ahead_of(full)
    with_child.offer(mails)
    until_ready(with_child, 8)
    found = {mail.digest: with_child.take(mail.digest) for mail in mails}
    with_child.close()
    ready = [mail for mail in mails if found[mail.digest]]
    assert len(ready) >= 8
    for mail in ready:
        message = parse(full.parts.store.originals.read(mail.digest))
        assert found[mail.digest] == (
            replace(message, attachments=()),
            understand(message, mail.received, full.parts.reader),
        )


def test_a_mail_that_answers_another_is_left_to_the_parent(desk: Desk) -> None:
    for raw in requests():
        desk.deliver(raw.replace(b"Subject:", b"In-Reply-To: <a@b.example>\nSubject:", 1))
    desk.loop.take_in()
    ahead = ahead_of(desk)
    ahead.offer(waiting(desk))
    until_ready(ahead, 16)
    assert [ahead.take(mail.digest) for mail in waiting(desk)] == [None] * MAILS
    ahead.close()


def test_a_mail_whose_original_is_away_is_left_to_the_parent(full: Desk) -> None:
    ahead = ahead_of(full)
    gone = [Mail(f"{number:064x}", dt.datetime.now(dt.UTC)) for number in range(MAILS)]
    ahead.offer(gone)
    until_ready(ahead, 16)
    assert [ahead.take(mail.digest) for mail in gone] == [None] * MAILS
    ahead.close()


@pytest.mark.parametrize("how", ["dies at once", "dies later", "hangs", "reads nothing", "talks"])
def test_a_child_that_fails_leaves_every_mail_to_the_parent(full: Desk, how: str) -> None:
    ahead = ahead_of(full, patience=0.5, command=(sys.executable, "-c", STANDIN, how))
    mails = waiting(full)
    ahead.offer(mails)
    time.sleep(0.3)
    assert [ahead.take(mail.digest) for mail in mails] == [None] * MAILS
    ahead.close()


def test_mails_are_read_while_others_are_still_taken_in(desk: Desk) -> None:
    for raw in requests():
        desk.deliver(raw)
    desk.parts.ahead = ahead_of(desk)
    desk.loop.take_in()
    until_ready(desk.parts.ahead, 3)
    assert desk.parts.ahead.ready >= 3 and len(waiting(desk)) == MAILS


def test_what_units_gateways_and_we_write_is_no_stranger_s_request(desk: Desk) -> None:
    known = senders.known(desk.parts)
    file = desk.parts.settings.file
    assert {"dlnari@pcbk.example", file.mailbox_address, *(each.sender for each in file.gateways)} <= known
    assert "khach1@khach.example" not in known


def test_a_few_mails_are_not_worth_a_process(full: Desk) -> None:
    ahead = ahead_of(full, many=MAILS + 1, command=("/khong/co",))
    ahead.offer(waiting(full))
    assert ahead.take(waiting(full)[0].digest) is None
    ahead.close()


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="binds a process to one processor")
def test_with_one_processor_there_is_no_second_process() -> None:
    told = "import os; from daemon.office import ahead; os.sched_setaffinity(0, {0}); print(ahead.worth_it() == ahead.NEVER)"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "True"


def test_the_tickets_are_the_same(full: Desk, tmp_path: Path) -> None:
    """The child has begun when sorting starts, so that both it and the parent read some of the mails."""
    alone = Desk(tmp_path / "alone", "2026-10-05 08:20")
    for raw in requests():
        alone.deliver(raw)
    alone.loop.take_in()
    alone.loop.sort()
    expected = [read(ticket) for ticket in alone.parts.store.tickets()]
    alone.close()

    full.parts.database.bind()
    full.parts.ahead = ahead_of(full)
    full.parts.ahead.offer(waiting(full))
    until_ready(full.parts.ahead, 3)
    full.loop.sort()
    assert full.parts.ahead.ready == 0
    assert [read(ticket) for ticket in full.parts.store.tickets()] == expected
    assert len(expected) == MAILS


POSTPONE = "Tôi là Lương Thị Nga ở xã Sơn Thành. Đề nghị hoãn ngừng điện từ 8 giờ ngày mai sang ngày khác."


def times_read(desk: Desk) -> list[dt.datetime | None]:
    """Take in and sort mails of early in the morning about tomorrow; return when the outages begin."""
    for number in range(30):
        desk.mail(f"Nga <nga{number}@khach.example>", "Xin hoãn cắt điện", f"{POSTPONE} 0912 000 {number + 100}")
    at = desk.clock.now().timestamp()
    for path in (desk.home / "var" / "mailbox" / "new").iterdir():
        os.utime(path, (at, at))
    desk.loop.take_in()
    if desk.parts.ahead.expected:
        until_ready(desk.parts.ahead, 8)
    desk.loop.sort()
    return [ticket.outage_start for ticket in desk.parts.store.tickets()]


def test_today_is_the_office_s_day_whoever_reads(tmp_path: Path) -> None:
    """The mailbox tells times in UTC, where it is still yesterday."""
    desks = [Desk(tmp_path / name, "2026-10-05 06:30") for name in ("alone", "ahead")]
    desks[1].parts.ahead = ahead_of(desks[1])
    read_by = []
    for desk in desks:
        desk.parts.database.bind()
        read_by.append(times_read(desk))
        desk.close()
    assert read_by[0] == read_by[1]
    assert [f"{each:%d/%m %H:%M}" for each in read_by[1] if each] == ["06/10 08:00"] * 30


def test_a_child_that_cannot_be_started_stops_nothing(desk: Desk) -> None:
    desk.parts.ahead = ahead_of(desk, command=("/khong/co",))
    for raw in requests():
        desk.deliver(raw)
    desk.loop.take_in()
    desk.loop.sort()
    assert len(list(desk.parts.store.tickets())) == MAILS


def test_nothing_is_read_by_a_configuration_that_is_refused(desk: Desk) -> None:
    desk.parts.ahead = ahead_of(desk)
    renewing = Renewing(desk.parts)
    config = desk.home / "config" / "places.toml"
    config.write_text("= hỏng", encoding="utf-8")
    with pytest.raises(Refused):
        renewing.look()
    for raw in requests():
        desk.deliver(raw)
    desk.loop.take_in()
    assert not desk.parts.ahead.expected
    desk.loop.sort()
    assert len(list(desk.parts.store.tickets())) == MAILS


def read(ticket: Ticket) -> Ticket:
    """What was read of a ticket's mail, without the time of its events."""
    return replace(ticket, news=())


def test_a_unit_s_mail_has_its_attachments_whoever_read_it(desk: Desk) -> None:
    """Its sender is known, so that it is not read ahead; a stranger's answer that was is read again as a whole."""
    desk.mail(
        "Lương Thị Nga <nga@khach.example>", "Công tơ", "Công tơ nhà tôi ở xã Sơn Thành chạy nhanh, đề nghị kiểm định."
    )
    desk.work()
    number = desk.ticket().number
    for count, raw in enumerate(requests(24)):
        desk.deliver(raw.replace(b"Subject:", f"Subject: [{number}] {count} ".encode(), 1))
    desk.loop.take_in()
    desk.parts.ahead = ahead_of(desk)
    desk.parts.ahead.offer(waiting(desk))
    until_ready(desk.parts.ahead, 8)
    desk.loop.sort()
    names = [each for event in desk.events(number) for each in event.content.get("attachments", ())]
    assert names == ["don-0.pdf", "don-9.pdf", "don-18.pdf"]
