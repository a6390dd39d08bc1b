"""Faults around the office: each is told with its reason, nothing is lost, and after mending the work goes on."""

import resource
import sys
from pathlib import Path

import docx
import pytest

from daemon.office import actions, watching
from daemon.office.checking import check_all
from daemon.office.intake import take_mails
from tests.support.office import Desk

GOOD = (
    "Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR0000115. "
    "Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 000 115"
)


def write(desk: Desk, who: str = "Nga", code: int = 115) -> None:
    """Let a customer write."""
    text = GOOD.replace("115", str(code)).replace("Nga", who)
    desk.mail(f"Lương Thị {who} <{who.lower()}@khach.example>", "Công tơ", text)


def _spoil(path: Path) -> bytes:
    whole = path.read_bytes()
    document = docx.Document(str(path))
    document.add_paragraph("{{ khong_co_bien_nay }}")
    document.save(str(path))
    return whole


def test_a_template_with_an_unknown_variable(desk: Desk) -> None:
    template = desk.home / "templates" / "request-unit.docx"
    whole = _spoil(template)
    errors = check_all(desk.home, False).errors
    assert any("request-unit.docx" in line and "khong_co_bien_nay" in line for line in errors)
    write(desk)
    desk.work()
    (effect,) = desk.parts.store.effects("set_aside")
    assert "khong_co_bien_nay" in effect["reason"]
    assert "effect" in desk.ticket().check
    assert not any("dlnari@pcbk.example" in mail.to for mail in desk.new_sent())
    template.write_bytes(whole)
    actions.retry(desk.parts, str(effect["id"]), "Lan")
    desk.work()
    assert [mail.to for mail in desk.new_sent()] == [("dlnari@pcbk.example",)]
    assert desk.ticket().state == "waiting_unit"
    assert [event.author.name for event in desk.events() if event.kind == "retried"] == ["Lan"]


def test_a_mail_whose_enclosure_is_gone_goes_to_a_person(desk: Desk) -> None:
    write(desk)
    desk.loop.sort()
    take_mails(desk.parts)
    desk.loop.sort()
    desk.loop.decide()
    store = desk.parts.store
    while (effect := store.claim({"look_up": 30.0, "write_document": 60.0, "file_original": 60.0})) is not None:
        desk.loop._carry_out_one(effect)
        desk.loop.decide()
    (form,) = (desk.home / "outbox" / desk.ticket().number).glob("*-request-*.docx")
    kept = form.read_bytes()
    form.unlink()
    desk.work()
    (aside,) = store.effects("set_aside")
    assert form.name in aside["reason"]
    form.write_bytes(kept)
    actions.retry(desk.parts, str(aside["id"]))
    desk.work()
    assert sum("dlnari@pcbk.example" in mail.to for mail in desk.new_sent()) == 1


# -- disks -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("place", ["var/originals", "outbox/PCBK-2026-000001", "var/mailbox/.Sent/tmp"])
def test_a_folder_that_takes_nothing_is_told_and_the_work_goes_on_when_it_does(desk: Desk, place: str) -> None:
    """A file stands where the folder should be: tests may run as root, whom a read-only folder does not stop."""
    folder = desk.home / place
    assert desk.parts.mailbox is not None
    if folder.is_dir():
        folder.rmdir()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.touch()
    write(desk)
    desk.work()
    assert desk.new_sent() == []
    waiting = desk.parts.store.effects("wanted", "claimed") or watching.current(desk.parts)
    assert waiting
    folder.unlink()
    if place.startswith("var/mailbox"):
        folder.mkdir()
    _pauses_over(desk)
    desk.work()
    assert sorted(mail.to for mail in desk.new_sent()) == [("dlnari@pcbk.example",), ("nga@khach.example",)]
    assert desk.parts.store.effects("wanted", "claimed", "set_aside") == []
    assert watching.current(desk.parts) == []


def _pauses_over(desk: Desk) -> None:
    desk.parts.database.engine.execute_sql("UPDATE effect SET retry_at = 0")
    desk.parts.database.engine.execute_sql("UPDATE item SET retry_at = 0")


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits")
@pytest.mark.parametrize("room", [0, 300, 5_000])
def test_no_room_for_a_file(desk: Desk, room: int) -> None:
    """Files may not grow beyond a few bytes, as on a full disk: what does not fit is not half there."""
    write(desk)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    database = desk.parts.database.engine
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        desk.loop._safely(desk.work)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    _pauses_over(desk)
    desk.work()
    _pauses_over(desk)
    desk.work()
    assert len(list(desk.parts.store.tickets())) == 1
    assert sorted(mail.to for mail in desk.new_sent()) == [("dlnari@pcbk.example",), ("nga@khach.example",)]
    assert desk.parts.store.broken_chains() == []
    assert list(desk.home.rglob(".part-*")) == []
    for path in (desk.home / "outbox").rglob("*.docx"):
        docx.Document(str(path))


def test_a_lost_original_goes_to_a_person(desk: Desk) -> None:
    write(desk)
    take_mails(desk.parts)
    desk.loop.sort()
    for path in (desk.home / "var" / "originals").rglob("*"):
        if path.is_file():
            path.unlink()
    desk.work()
    (aside,) = desk.parts.store.effects("set_aside")
    assert "Không còn bản gốc" in aside["reason"]


def test_of_mails_sorted_together_one_that_fails_takes_back_only_its_own(desk: Desk) -> None:
    for who, code in (("Nga", 115), ("Mai", 228), ("Hoa", 117)):
        write(desk, who, code)
    take_mails(desk.parts)
    store = desk.parts.store
    middle = store.items("unsorted")[1]
    (lost,) = (desk.home / "var" / "originals").rglob(f"{middle.digest}*")
    lost.unlink()
    assert desk.loop.sort() == 3
    senders = {ticket.number: ticket.customer.email for ticket in store.tickets()}
    assert list(senders) == ["PCBK-2026-000001", "PCBK-2026-000002"]
    assert middle.sender not in senders.values()
    (left,) = (each for each in (store.item(number) for number in (1, 2, 3)) if each and each.ticket is None)
    assert left.id == middle.id and left.reason
    assert desk.loop.in_hand.left() == ""
    assert store.broken_chains() == []


# -- clocks ------------------------------------------------------------------------------------------------------------
def test_the_desk_s_clock_is_set_back_and_forward(desk: Desk) -> None:
    desk.clock.set("2026-10-06 09:00")
    write(desk)
    desk.work()
    desk.clock.set("2026-10-05 08:00")
    write(desk, "Mai", 228)
    desk.work()
    desk.reply("dlnari@pcbk.example", "Đơn vị đã kiểm tra, công tơ bình thường.")
    desk.work()
    assert len(list(desk.parts.store.tickets())) == 2
    assert desk.parts.store.effects("wanted", "claimed", "set_aside") == []
    desk.clock.set("2026-10-06 10:00")
    desk.work()
    assert desk.parts.store.broken_chains() == []
    ids = [mail.message_id for mail in desk.new_sent()]
    assert len(ids) == len(set(ids)) >= 4


def test_news_from_a_clock_a_year_ahead_does_not_wait_a_year(desk: Desk) -> None:
    desk.clock.set("2027-10-05 09:00")
    write(desk)
    take_mails(desk.parts)
    desk.loop.sort()
    desk.clock.set("2026-10-05 09:00")
    desk.work()
    assert desk.ticket().state == "waiting_unit"


def test_a_mail_of_tomorrow_was_received_now(desk: Desk) -> None:
    desk.clock.set("2026-10-05 09:00")
    (desk.home / "inbox" / "thu.eml").write_bytes(
        b"From: nga@khach.example\nMessage-ID: <a@b>\nDate: Fri, 01 Jan 2100 00:00:00 +0700\n\n" + GOOD.encode()
    )
    desk.work()
    assert desk.ticket().received == desk.clock.now()


# -- defects -----------------------------------------------------------------------------------------------------------
def test_a_room_that_fails_is_told_and_the_others_go_on(desk: Desk) -> None:
    def fails() -> int:
        raise ZeroDivisionError("a defect")

    assert desk.loop._guarded("exports", fails) == 0
    ((name, _, say),) = watching.current(desk.parts)
    assert name == "exports" and "ZeroDivisionError" in say
    write(desk)
    desk.work()
    assert desk.ticket().state == "waiting_unit"
    assert watching.current(desk.parts) == []


def test_an_effect_that_keeps_killing_the_process_is_set_aside(desk: Desk) -> None:
    write(desk)
    take_mails(desk.parts)
    desk.loop.sort()
    desk.loop.decide()
    store = desk.parts.store
    for _ in range(6):
        assert store.claim({"file_original": -1.0})
    desk.work()
    (aside,) = store.effects("set_aside")
    assert "bị dừng giữa chừng" in aside["reason"]
    actions.retry(desk.parts, str(aside["id"]))
    desk.work()
    assert store.effects("set_aside", "wanted", "claimed") == []
