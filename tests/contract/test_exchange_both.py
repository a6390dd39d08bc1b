"""What Exchange does whichever door is used: the same on its own servers (EWS) and in the cloud (Graph)."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.mailbox import envelope
from daemon.mailbox.base import Incoming, Mailbox, Where
from tests.contract.houses import EwsHouse, GraphHouse
from tests.contract.mails import mail, ours

DRAFT_ID = "<PCBK-2026-000001.draft.1.x@dienluc.example>"
TOKEN = "[PCBK-2026-000001]"
OneHouse = EwsHouse | GraphHouse


@pytest.fixture(params=[EwsHouse, GraphHouse], ids=["ews", "graph"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OneHouse]:
    made = request.param(tmp_path)
    yield made
    made.close()


@pytest.fixture
def mailbox(house: OneHouse) -> Mailbox:
    return house.open()


def ids(mails: list[Incoming]) -> list[str | None]:
    return [envelope.message_id(incoming.raw) for incoming in mails]


def test_a_report_without_any_mark_is_still_automatic(house: OneHouse, mailbox: Mailbox) -> None:
    house.server.deliver(b"Subject: Undeliverable\r\n\r\n", item_class="REPORT.IPM.Note.NDR")
    house.server.deliver(mail(Auto_Submitted="auto-replied"), item_class="REPORT.IPM.Note.NDR")
    one, two = mailbox.fetch()
    assert (envelope.field(one.raw, "auto-submitted") or "").startswith("auto-generated")
    assert envelope.field(two.raw, "auto-submitted") == "auto-replied"


def test_old_mail_is_left_alone(house: OneHouse) -> None:
    house.store.add("inbox", mail("<old@x>")).received = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    house.arrive(mail("<new@x>"))
    since = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=2)
    assert ids(list(house.open(since=since).fetch())) == ["new@x"]


def test_a_folder_that_staff_removed_is_made_again(house: OneHouse, mailbox: Mailbox) -> None:
    house.arrive(mail("<one@x>"))
    house.arrive(mail("<two@x>"))
    one, two = mailbox.fetch()
    mailbox.file_away(one.key)
    (taken,) = [name for name, folder in house.store.folders.items() if folder.name == "Đã tiếp nhận"]
    del house.store.folders[taken]
    mailbox.file_away(two.key)
    assert len(house.taken()) == 1 and house.inbox() == []


def test_an_attachment_lost_in_the_copy_is_told(house: OneHouse, mailbox: Mailbox) -> None:
    house.server.options["copy"] = lambda raw: raw.replace(b"UEsDBC", b"AAAAAA")
    warning = mailbox.send(ours())
    assert warning is not None and "PCBK-2026-000001.docx" in warning
    assert len(house.delivered()) == 1


def test_a_recipient_lost_in_the_copy_is_told(house: OneHouse, mailbox: Mailbox) -> None:
    house.server.options["copy"] = lambda raw: raw.replace(b", b@nha.example", b"")
    warning = mailbox.send(ours(to="a@nha.example, b@nha.example"))
    assert warning is not None and "b@nha.example" in warning


def test_a_removed_draft_lies_in_deleted_items(house: OneHouse, mailbox: Mailbox) -> None:
    mailbox.remove_draft(mailbox.save_draft(ours()))
    assert len(house.store.folders["deleteditems"].items) == 1


def test_no_copy_in_sent_is_told(house: OneHouse, mailbox: Mailbox) -> None:
    house.server.options["copy"] = lambda raw: None
    warning = mailbox.send(ours())
    assert warning is not None and "thấy bản sao trong Thư đã gửi" in warning
    assert len(house.delivered()) == 1


def test_our_mark_survives_a_new_message_id(house: OneHouse, mailbox: Mailbox) -> None:
    key = mailbox.save_draft(ours())
    moved = house.store.move(house.store.folders["drafts"].items[key], "sentitems")
    moved.raw = ours("<outlook-made-this@x>", body="Đã sửa.\n")
    (found,) = mailbox.find(DRAFT_ID, TOKEN)
    assert found.where is Where.SENT and found.exact and found.key == moved.id
