"""The EWS test server itself: what the back end does not ask of it, asked by the real exchangelib."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from exchangelib import (
    Account,
    Build,
    Configuration,
    Credentials,
    EWSTimeZone,
    FileAttachment,
    HTMLBody,
    Mailbox,
    Message,
    Version,
)
from exchangelib.errors import (
    ErrorInternalServerError,
    ErrorInvalidSubscription,
    ErrorItemNotFound,
    ErrorServerBusy,
    UnauthorizedError,
)
from exchangelib.protocol import FailFast, Protocol

from daemon.mailbox import envelope
from tests.contract.houses import EwsHouse
from tests.contract.mails import DESK, mail, ours
from tests.servers import ews


@pytest.fixture
def exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EwsHouse]:
    monkeypatch.setattr(ews, "PASSWORD", "plain-password")
    made = EwsHouse(tmp_path, rewrites=False)
    yield made
    made.close()


@pytest.fixture
def account(exchange: EwsHouse) -> Iterator[Any]:
    config = Configuration(
        service_endpoint=exchange.server.url,
        credentials=Credentials(ews.USER, ews.PASSWORD),
        auth_type="basic",
        retry_policy=FailFast(),
        version=Version(build=Build(15, 1, 2507, 34)),
    )
    made = Account(DESK, config=config, access_type="delegate", default_timezone=EWSTimeZone("Asia/Ho_Chi_Minh"))
    yield made
    made.protocol.close()
    del Protocol[config]


def test_a_draft_field_by_field_with_an_attachment_is_sent(exchange: EwsHouse, account: Any) -> None:
    draft = Message(
        account=account,
        folder=account.drafts,
        subject="Thư nháp",
        body="Chào",
        to_recipients=[Mailbox(email_address="a@x.example")],
    )
    draft.save()
    draft.attach(FileAttachment(name="phụ lục.docx", content=b"PK docx"))
    assert [item.subject for item in account.drafts.all()] == ["Thư nháp"]
    (again,) = account.drafts.all().only("attachments")
    assert again.attachments[0].content == b"PK docx" and again.attachments[0].name == "phụ lục.docx"
    draft.send()
    assert exchange.drafts() == [] and len(exchange.sent()) == 1 and len(exchange.delivered()) == 1


def test_a_sending_of_a_draft_that_raises_although_sent(exchange: EwsHouse, account: Any) -> None:
    """Why the desk never sends a draft that it saved before: the draft is gone, the mail out, and the answer an error."""
    draft = Message(account=account, folder=account.drafts, mime_content=ours())
    draft.save()
    exchange.server.play("SendItem", ews.refused_though_done("ErrorInternalServerError"))
    with pytest.raises(ErrorInternalServerError):
        draft.send()
    assert len(exchange.delivered()) == len(exchange.sent()) == 1 and exchange.drafts() == []


def test_reading_marking_categories_and_moving(exchange: EwsHouse, account: Any) -> None:
    exchange.arrive(mail(attachment=b"abc"))
    (item,) = account.inbox.all()
    assert (item.is_read, item.has_attachments, item.message_id) == (False, True, "<a1@nha.example>")
    assert item.sender is None and item.author.email_address == "khach@nha.example"
    assert [attachment.content for attachment in item.attachments] == [b"abc"]
    before = item.changekey
    item.is_read = True
    item.categories = ["Đã tiếp nhận"]
    item.save(update_fields=["is_read", "categories"])
    assert item.changekey != before
    (item,) = account.inbox.filter(is_read=True)
    assert item.categories == ["Đã tiếp nhận"]
    item.move(account.trash)
    assert account.inbox.all().count() == 0 and account.trash.all().count() == 1
    gone = item.id
    item.delete()
    assert isinstance(next(iter(account.fetch(ids=[(gone, None)]))), ErrorItemNotFound)


def test_filters_order_and_pages(exchange: EwsHouse, account: Any) -> None:
    for number in range(30):
        exchange.store.add("inbox", mail(f"<m{number}@x>", subject=f"Thư {number:02d} Ắ"))
    assert [i.subject for i in account.inbox.all().order_by("-subject").only("subject")[:2]] == ["Thư 29 Ắ", "Thư 28 Ắ"]
    assert account.inbox.filter(subject__contains="Thư 1").count() == 10
    assert account.inbox.filter(subject__icontains="THƯ 1").count() == 0, "no folding beyond ASCII, as measured"
    assert account.inbox.filter(subject="Thư 07 Ắ", is_read=False).count() == 1
    assert account.inbox.filter(message_id="<m3@x>").get().subject == "Thư 03 Ắ"
    assert len({item.id for item in account.inbox.all()}) == 30


def test_folders_are_found_and_made(account: Any) -> None:
    from exchangelib.folders import Folder

    made = Folder(parent=account.msg_folder_root, name="Lưu")
    made.save()
    assert {folder.name for folder in account.msg_folder_root.children} >= {"Lưu", "Bản nháp"}
    assert (account.msg_folder_root // "Lưu").id == made.id


def test_sync_tells_updates_and_deletions(exchange: EwsHouse, account: Any) -> None:
    exchange.arrive(mail("<one@x>"))
    exchange.arrive(mail("<two@x>"))
    assert [what for what, _ in account.inbox.sync_items()] == ["create", "create"]
    one, two = list(exchange.store.folders["inbox"].items.values())
    exchange.store.touch(one)
    exchange.store.remove(two)
    changes = list(account.inbox.sync_items())
    assert {(what, item.id) for what, item in changes} == {("update", one.id), ("delete", two.id)}
    assert list(account.inbox.sync_items()) == []


def test_streaming_and_its_end(exchange: EwsHouse, account: Any) -> None:
    exchange.server.options["stream_seconds"] = 0.3
    subscription = account.inbox.subscribe_to_streaming()
    assert list(account.inbox.get_streaming_events(subscription, connection_timeout=1)) == []
    account.inbox.unsubscribe(subscription)
    with pytest.raises(ErrorInvalidSubscription):
        list(account.inbox.get_streaming_events("another", connection_timeout=1))


def test_our_own_mime_is_kept_and_sent(exchange: EwsHouse, account: Any) -> None:
    Message(account=account, folder=account.sent, mime_content=ours()).send_and_save()
    (copy,) = account.sent.all().only("mime_content", "message_id", "headers")
    assert copy.mime_content == ours() == exchange.delivered()[0]
    assert envelope.message_id(copy.mime_content) == copy.message_id.strip("<>")


def test_faults_are_played_as_often_as_asked(exchange: EwsHouse, account: Any) -> None:
    account.inbox.refresh()
    exchange.server.play("FindItem", ews.busy(1000), times=2)
    for _ in range(2):
        with pytest.raises(ErrorServerBusy) as caught:
            list(account.inbox.all())
        assert caught.value.back_off == 1.0
    assert list(account.inbox.all()) == []
    exchange.server.locked = True
    with pytest.raises(UnauthorizedError):
        list(account.inbox.all())


def test_a_mail_written_in_fields(exchange: EwsHouse, account: Any) -> None:
    Message(
        account=account, subject="x", body=HTMLBody("<b>y</b>"), to_recipients=[Mailbox(email_address="a@x.example")]
    ).send_and_save()
    assert b"To: a@x.example" in exchange.delivered()[0]
