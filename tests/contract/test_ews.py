"""Exchange: every fault that a server has shown, and the state the back end must show afterwards."""

import contextlib
import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.desk.trouble import Refused, TryLater
from daemon.mailbox import envelope, ews_memory
from daemon.mailbox.base import Doubt, Incoming, Mailbox, NoEntry, Where
from daemon.mailbox.ews import open_ews
from daemon.mailbox.state import FileState
from tests.contract.houses import EwsHouse
from tests.contract.mails import DESK, mail, ours
from tests.servers import ews
from tests.servers.dovecot import make_certificate

NOON = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)
DRAFT_ID = "<PCBK-2026-000001.draft.1.x@dienluc.example>"
TOKEN = "[PCBK-2026-000001]"


@pytest.fixture
def exchange(tmp_path: Path) -> Iterator[EwsHouse]:
    made = EwsHouse(tmp_path)
    yield made
    made.close()


@pytest.fixture
def mailbox(exchange: EwsHouse) -> Mailbox:
    return exchange.open(streaming=False)


def ids(mails: list[Incoming]) -> list[str | None]:
    return [envelope.message_id(incoming.raw) for incoming in mails]


def posts(exchange: EwsHouse, operation: str = "CreateItem") -> int:
    return exchange.server.requests.count(operation)


# -- login -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_a_right_password_works(exchange: EwsHouse, tmp_path: Path, auth: str) -> None:
    exchange.server.auth = auth
    ews.ntlm_user_file(tmp_path)
    mailbox = exchange.open(auth=auth, streaming=False)
    exchange.arrive(mail())
    (incoming,) = mailbox.fetch()
    mailbox.file_away(incoming.key)
    assert mailbox.send(ours()) is None
    assert len(exchange.delivered()) == 1


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_a_wrong_password_knocks_once_for_all_work_and_all_restarts(
    exchange: EwsHouse, tmp_path: Path, auth: str
) -> None:
    exchange.server.auth = auth
    ews.ntlm_user_file(tmp_path)
    exchange.secret.write_text("sai mật khẩu", encoding="utf-8")
    knocks = 0
    for _ in range(2):
        mailbox = exchange.open(auth=auth)
        works: list[Callable[[Mailbox], object]] = [
            lambda box: list(box.fetch()),
            lambda box: box.send(ours()),
            lambda box: box.find(DRAFT_ID),
            lambda box: box.changed(),
            lambda box: box.save_draft(ours()),
        ]
        for work in works:
            with pytest.raises(NoEntry, match="motcua check --live") as caught:
                work(mailbox)
            assert "sai mật khẩu" not in str(caught.value)
            knocks = knocks or posts(exchange, "401")
        mailbox.wait(0.05)
        mailbox.close()
    # NTLM asks for its challenge with one 401 and is refused with another
    assert posts(exchange, "401") == knocks <= (1 if auth == "basic" else 3)
    assert exchange.delivered() == [] and exchange.drafts() == []


def test_401_once_pauses_and_then_goes_on(exchange: EwsHouse, tmp_path: Path) -> None:
    clock = [NOON]
    mailbox = open_ews(exchange.table(streaming=False), tmp_path, DESK, clock=lambda: clock[0])
    exchange.server.play("*", ews.status(401))
    for _ in range(3):
        with pytest.raises(NoEntry):
            list(mailbox.fetch())
    assert len(exchange.server.requests) == 1
    clock[0] += dt.timedelta(minutes=6)
    assert list(mailbox.fetch()) == []
    mailbox.close()


def test_a_corrected_password_works_at_once(exchange: EwsHouse) -> None:
    right = exchange.secret.read_text("utf-8")
    exchange.secret.write_text("sai", encoding="utf-8")
    mailbox = exchange.open(streaming=False)
    with pytest.raises(NoEntry):
        list(mailbox.fetch())
    exchange.secret.write_text("", encoding="utf-8")
    with pytest.raises(NoEntry):
        list(mailbox.fetch())
    exchange.secret.write_text(right, encoding="utf-8")
    assert list(mailbox.fetch()) == [], "the program goes on running meanwhile"


def test_a_person_asking_knocks_even_so(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.server.play("*", ews.status(401))
    with pytest.raises(NoEntry):
        list(mailbox.fetch())
    assert all(finding.well for finding in mailbox.check())
    assert list(mailbox.fetch()) == []


def test_401_while_sending_is_no_doubt(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.server.play("CreateItem", ews.status(401))
    with pytest.raises(NoEntry):
        mailbox.send(ours())
    assert exchange.delivered() == []


@pytest.mark.parametrize(("rights", "access"), [("none", "delegate"), ("no impersonation", "impersonation")])
def test_missing_rights_are_told(exchange: EwsHouse, rights: str, access: str) -> None:
    exchange.server.options["rights"] = rights
    mailbox = exchange.open(streaming=False, access=access)
    with pytest.raises(NoEntry, match="quyền"):
        list(mailbox.fetch())
    assert not mailbox.check()[0].well


def test_impersonation_names_the_mailbox(exchange: EwsHouse) -> None:
    exchange.open(streaming=False, access="impersonation").send(ours())
    assert set(exchange.server.impersonated) == {DESK} and len(exchange.delivered()) == 1


def test_a_server_of_the_offices_own_authority(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    house = EwsHouse(tmp_path, certificate=tmp_path)
    try:
        with pytest.raises(NoEntry, match="ca_file"):
            list(house.open(streaming=False).fetch())
        house.arrive(mail())
        assert len(list(house.open(streaming=False, ca_file=str(tmp_path / "cert.pem")).fetch())) == 1
    finally:
        house.close()


def test_without_a_version_the_server_is_asked(exchange: EwsHouse) -> None:
    assert list(exchange.open(streaming=False, version="").fetch()) == []
    assert posts(exchange, "ConvertId") == 1


@pytest.mark.parametrize(("reuse", "most"), [(True, 1), (False, 100)])
def test_a_connection_for_each_request_where_wanted(exchange: EwsHouse, reuse: bool, most: int) -> None:
    mailbox = exchange.open(streaming=False, reuse_sessions=reuse)
    exchange.arrive(mail())
    list(mailbox.fetch())
    list(mailbox.fetch())
    asked = len(exchange.server.requests)
    assert exchange.server.connections == min(asked, most) and asked > 3


def test_no_password_in_any_log(exchange: EwsHouse, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("exchangelib").setLevel(logging.DEBUG)
    try:
        mailbox = exchange.open()
        exchange.server.play("SyncFolderItems", ews.status(504))
        with pytest.raises(TryLater):
            list(mailbox.fetch())
        mailbox.send(ours(body="lời riêng\n"))
        mailbox.wait(0.3)
        mailbox.close()
    finally:
        logging.getLogger("exchangelib").setLevel(logging.WARNING)
    for secret in ("mật-khẩu", "Authorization", "Basic ", "MimeContent"):
        assert secret not in caplog.text


# -- reading -----------------------------------------------------------------------------------------------------------

TROUBLED: dict[str, ews.Fault] = {
    "503": ews.status(503),
    "503 with Retry-After": ews.status(503, Retry_After="30"),
    "504": ews.status(504),
    "302": ews.status(302, Location="https://elsewhere.example/login"),
    "500": ews.status(500),
    "html": ews.html,
    "busy": ews.busy(),
    "busy with back-off": ews.busy(60_000),
    "reset before": ews.reset_before,
    "reset after": ews.reset_after,
    "cut in the middle": ews.cut_in_the_middle,
    "late": ews.late(2.0),
    "two answers": ews.twice,
    "internal error": ews.refused("ErrorInternalServerError"),
    "store unavailable": ews.refused("ErrorMailboxStoreUnavailable"),
    "no SyncState element": ews.refused("ErrorInternalServerTransientError"),
}


@pytest.mark.parametrize("operation", ["SyncFolderItems", "GetItem"])
@pytest.mark.parametrize("name", sorted(TROUBLED))
def test_trouble_while_reading_loses_nothing(exchange: EwsHouse, name: str, operation: str) -> None:
    mailbox = exchange.open(streaming=False, timeout=1.0)
    for number in range(3):
        exchange.arrive(mail(f"<m{number}@x>"))
    exchange.server.play(operation, TROUBLED[name])
    with pytest.raises(TryLater) as caught:
        list(mailbox.fetch())
    assert type(caught.value) is TryLater and "Exchange" in str(caught.value)
    after = exchange.open(streaming=False)  # a restart, or the pause the server asked for is over
    assert ids(list(after.fetch())) == ["m0@x", "m1@x", "m2@x"]


@pytest.mark.parametrize("fault", [ews.status(503, Retry_After="30"), ews.busy(30_000)], ids=["Retry-After", "BackOff"])
def test_a_server_that_asks_for_a_pause_gets_it(exchange: EwsHouse, mailbox: Mailbox, fault: ews.Fault) -> None:
    exchange.server.play("SyncFolderItems", fault)
    with pytest.raises(TryLater):
        list(mailbox.fetch())
    asked = len(exchange.server.requests)
    with pytest.raises(TryLater, match=r"(29|30) giây"):
        mailbox.send(ours())
    assert len(exchange.server.requests) == asked and exchange.delivered() == []


def test_two_answers_never_give_one_mail_for_another(exchange: EwsHouse, mailbox: Mailbox) -> None:
    for number in range(4):
        exchange.arrive(mail(f"<m{number}@x>"))

    def answer_twice(at: ews.Exchange) -> None:
        body = at.carry_out()
        at.answer(body)
        at.answer(body)

    exchange.server.play("GetItem", answer_twice)
    seen = {incoming.key: envelope.message_id(incoming.raw) for incoming in mailbox.fetch()}
    assert seen == {key: envelope.message_id(item.raw) for key, item in exchange.store.folders["inbox"].items.items()}


def test_a_mail_gone_between_sync_and_reading_is_passed_over(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.arrive(mail("<one@x>"))
    exchange.arrive(mail("<two@x>"))
    first = next(iter(exchange.store.folders["inbox"].items.values()))
    exchange.server.play("GetItem", ews.before(lambda: exchange.store.remove(first)))
    assert ids(list(mailbox.fetch())) == ["two@x"]


def test_a_mail_the_server_cannot_turn_into_mime_keeps_back_no_other(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.arrive(mail("<one@x>"))
    exchange.arrive(mail("<two@x>"))
    for _ in range(2):
        exchange.server.play("GetItem", ews.refused("ErrorMimeContentConversionFailed"))
        seen = []
        with pytest.raises(TryLater, match="1 thư"):
            for incoming in mailbox.fetch():
                seen.append(incoming)
        assert ids(seen) == ["two@x"]


@pytest.mark.parametrize("answer", ["silent", "error"])
def test_an_unknown_sync_state_means_a_full_look(exchange: EwsHouse, tmp_path: Path, answer: str) -> None:
    exchange.server.options["bad_state"] = answer
    exchange.arrive(mail("<one@x>"))
    exchange.arrive(mail("<two@x>"))
    keeper = FileState(tmp_path / "sync")
    mailbox = open_ews(exchange.table(streaming=False), tmp_path, DESK, keeper=keeper)
    first = next(iter(mailbox.fetch()))
    mailbox.file_away(first.key)
    owner = f"{exchange.server.url} {DESK}"
    memory = ews_memory.load(keeper, owner)
    memory.states = dict.fromkeys(memory.states, "bm90IGEgc3RhdGU=")
    ews_memory.save(keeper, owner, memory)
    mailbox.close()
    again = open_ews(exchange.table(streaming=False), tmp_path, DESK, keeper=keeper)
    assert ids(list(again.fetch())) == ["two@x"]
    assert again.changed() in (True, False)
    assert ids(list(again.fetch())) == ["two@x"]
    again.close()


@pytest.mark.parametrize(
    "kept", [b"", b"{}", b"rubbish", b'{"version": 1, "owner": "another", "states": {}, "lying": {}}']
)
def test_a_lost_memory_means_a_full_look(exchange: EwsHouse, tmp_path: Path, kept: bytes) -> None:
    exchange.arrive(mail("<one@x>"))
    list(exchange.open(streaming=False).fetch())
    (tmp_path / "var" / "ews-sync.state").write_bytes(kept)
    assert ids(list(exchange.open(streaming=False).fetch())) == ["one@x"]


def test_staff_moving_a_mail_out_and_back(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.arrive(mail("<one@x>"))
    (before,) = mailbox.fetch()
    moved = exchange.store.move(exchange.store.folders["inbox"].items[before.key], "deleteditems")
    assert list(mailbox.fetch()) == []
    exchange.store.move(moved, "inbox")
    (after,) = mailbox.fetch()
    assert after.key != before.key and after.raw == before.raw


@pytest.mark.parametrize("times", ["plain", "fractions", "none"])
def test_mails_have_a_time_and_an_order_whatever_the_server_says(
    exchange: EwsHouse, mailbox: Mailbox, times: str
) -> None:
    exchange.server.options["times"] = times
    for number in range(3):
        exchange.arrive(mail(f"<m{number}@x>"))
    mails = list(mailbox.fetch())
    assert ids(mails) == ["m0@x", "m1@x", "m2@x"]
    assert all(m.received and abs(dt.datetime.now(dt.UTC) - m.received) < dt.timedelta(minutes=5) for m in mails)


def test_more_mails_than_one_call_tells(exchange: EwsHouse, mailbox: Mailbox) -> None:
    for number in range(1100):
        exchange.store.add("inbox", b"Message-ID: <m%d@x>\r\n\r\n" % number)
    known = set(list(exchange.store.folders["inbox"].items)[:1095])
    assert ids(list(mailbox.fetch(known.__contains__))) == [f"m{number}@x" for number in range(1095, 1100)]
    assert posts(exchange, "SyncFolderItems") == 3


def test_a_mail_of_thirty_megabytes_is_never_carried_over(exchange: EwsHouse) -> None:
    mailbox = exchange.open(streaming=False, max_bytes=10_000_000)
    exchange.arrive(b"Message-ID: <big@x>\r\nSubject: =?utf-8?b?TOG7m24=?=\r\n\r\n" + b"x" * 30_000_000)
    asked: list[str] = []

    def listen_in(at: ews.Exchange) -> None:
        asked.append(at.carry_out())
        at.answer(asked[0])

    exchange.server.play("GetItem", listen_in)
    (incoming,) = mailbox.fetch()
    assert incoming.oversized and incoming.size > 30_000_000
    assert envelope.subject(incoming.raw) == "Lớn" and incoming.raw.endswith(b"\r\n\r\n")
    assert len(asked[0]) < 10_000


@pytest.mark.parametrize(
    "item_class",
    [
        "IPM.Schedule.Meeting.Request",
        "IPM.Schedule.Meeting.Resp.Pos",
        "IPM.Schedule.Meeting.Canceled",
        "IPM.Post",
        "IPM.Task",
        "IPM.Contact",
        "IPM.Note.SMIME.MultipartSigned",
    ],
)
def test_not_everything_in_the_inbox_is_a_message(exchange: EwsHouse, mailbox: Mailbox, item_class: str) -> None:
    exchange.server.deliver(mail("<one@x>"))
    exchange.server.deliver(mail("<odd@x>", Content_Class="urn:content-classes:calendarmessage"), item_class=item_class)
    exchange.server.deliver(mail("<two@x>"))
    mails = list(mailbox.fetch())
    assert ids(mails) == ["one@x", "odd@x", "two@x"]
    assert mails[1].received is not None
    for incoming in mails:
        mailbox.file_away(incoming.key)
    assert exchange.inbox() == [] and list(mailbox.fetch()) == []


def test_headers_from_the_server_cannot_break_out_of_their_line(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.arrive(b"X-Odd: a\r\n b\r\nX-Utf: Th\xc6\xb0\r\nSubject: x\r\n\r\nbody")
    (incoming,) = mailbox.fetch()
    assert envelope.field(incoming.raw, "x-odd") == "a b"
    assert envelope.subject(incoming.raw) == "x" and incoming.raw.endswith(b"body")


def test_a_move_whose_answer_is_lost_happens_once(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.arrive(mail())
    (incoming,) = mailbox.fetch()
    exchange.server.play("MoveItem", ews.reset_after)
    with pytest.raises(TryLater):
        mailbox.file_away(incoming.key)
    mailbox.file_away(incoming.key)
    assert len(exchange.taken()) == 1 and list(mailbox.fetch()) == []


# -- sending -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fault", "trouble", "gone"),
    [
        ("503", ews.status(503), Doubt, 0),
        ("504", ews.status(504), Doubt, 0),
        ("302", ews.status(302, Location="https://elsewhere.example/"), Doubt, 0),
        ("html", ews.html, Doubt, 0),
        ("busy", ews.busy(5_000), TryLater, 0),
        ("reset before", ews.reset_before, Doubt, 0),
        ("reset after", ews.reset_after, Doubt, 1),
        ("late", ews.late(2.0), Doubt, 1),
        ("cut", ews.cut_in_the_middle, Doubt, 1),
        ("error though sent", ews.refused_though_done("ErrorInternalServerError"), Doubt, 1),
        ("wrong version though sent", ews.refused_though_done("ErrorInvalidServerVersion"), Doubt, 1),
        ("invalid request though sent", ews.refused_though_done("ErrorInvalidRequest"), Doubt, 1),
        ("busy though sent", lambda at: (at.carry_out(), at.soap_fault("ErrorTimeoutExpired"))[1], Doubt, 1),
        ("two answers", ews.twice, Doubt, 1),
        ("no recipients", ews.refused("ErrorInvalidRecipients"), Refused, 0),
        ("too large", ews.refused("ErrorMessageSizeExceeded"), Refused, 0),
        ("not allowed", ews.refused("ErrorSendAsDenied"), Refused, 0),
        ("no rights", ews.refused("ErrorAccessDenied"), NoEntry, 0),
    ],
)
def test_what_is_known_after_trouble_while_sending(
    exchange: EwsHouse, name: str, fault: ews.Fault, trouble: type[Exception], gone: int
) -> None:
    mailbox = exchange.open(streaming=False, timeout=1.0)
    exchange.server.play("CreateItem", fault, times=5)
    with pytest.raises(trouble) as caught:
        mailbox.send(ours())
    assert type(caught.value) is trouble
    assert posts(exchange) == 1, "nothing below the desk may post a sending twice"
    assert len(exchange.delivered()) == gone
    found = exchange.open(streaming=False).find(DRAFT_ID, TOKEN)
    assert [one.where for one in found] == [Where.SENT] * gone


def test_a_server_that_is_down_is_no_doubt(exchange: EwsHouse, mailbox: Mailbox) -> None:
    """The look into Sent before a sending meets the trouble first."""
    exchange.server.play("*", ews.status(503), times=2)
    for _ in range(2):
        with pytest.raises(TryLater):
            mailbox.send(ours())
    assert posts(exchange) == 0
    url = exchange.server.url.replace(re.findall(r":(\d+)/", exchange.server.url)[0], "1")
    with pytest.raises(TryLater):
        exchange.open(streaming=False, endpoint=url).send(ours())


@pytest.mark.parametrize("version", ["", "15.1.2507.34"])
def test_a_start_while_the_server_is_down_is_trouble_of_the_moment(exchange: EwsHouse, version: str) -> None:
    url = exchange.server.url.replace(re.findall(r":(\d+)/", exchange.server.url)[0], "1")
    mailbox = exchange.open(streaming=False, endpoint=url, version=version)
    for work in (lambda: list(mailbox.fetch()), mailbox.changed, lambda: mailbox.send(ours())):
        with pytest.raises(TryLater) as caught:
            work()
        assert type(caught.value) is TryLater


def test_a_connection_refused_at_the_moment_of_sending_is_no_doubt(exchange: EwsHouse) -> None:
    mailbox = exchange.open(streaming=False, reuse_sessions=False)
    server = exchange.server

    def last_answer(at: ews.Exchange) -> None:
        body = at.carry_out()
        server._http.socket.close()
        server._http.shutdown()
        at.answer(body)

    mailbox.find(DRAFT_ID)
    server.play("FindItem", lambda at: at.answer(at.carry_out()))
    server.play("FindItem", last_answer)
    with pytest.raises(TryLater):
        mailbox.send(ours())
    assert exchange.delivered() == []


def test_a_refused_recipient_leaves_a_copy_and_a_doubt(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.server.options["refuse"] = "khong-co@nha.example"
    with pytest.raises(Doubt):
        mailbox.send(ours(to="khong-co@nha.example"))
    assert exchange.delivered() == []
    (found,) = mailbox.find(DRAFT_ID)
    assert found.where is Where.SENT


def test_trouble_while_looking_at_the_copy_is_a_warning_only(exchange: EwsHouse, mailbox: Mailbox) -> None:
    mailbox.find(DRAFT_ID)
    sound: ews.Fault = lambda at: at.answer(at.carry_out())  # noqa: E731
    for fault in (sound, sound, ews.status(504)):
        exchange.server.play("FindItem", fault)
    warning = mailbox.send(ours())
    assert warning is not None and "chưa xem lại được" in warning
    assert len(exchange.delivered()) == 1 and len(exchange.sent()) == 1


def test_a_stale_answer_does_not_pass_for_a_mail_already_sent(exchange: EwsHouse, mailbox: Mailbox) -> None:
    mailbox.send(ours())

    def another(at: ews.Exchange) -> None:
        item = next(iter(exchange.store.folders["sentitems"].items.values()))
        at.answer(
            '<m:FindItemResponse><m:ResponseMessages><m:FindItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError'
            '</m:ResponseCode><m:RootFolder IndexedPagingOffset="1" TotalItemsInView="1" IncludesLastItemInRange="true"><t:Items>'
            f'<t:Message><t:ItemId Id="{item.id}" ChangeKey="x"/></t:Message></t:Items></m:RootFolder></m:FindItemResponseMessage>'
            "</m:ResponseMessages></m:FindItemResponse>"
        )

    exchange.server.play("FindItem", another)
    assert mailbox.send(ours("<PCBK-2026-000002.x.1.y@dienluc.example>", "PCBK-2026-000002")) is None
    assert len(exchange.delivered()) == 2


# -- drafts and finding ------------------------------------------------------------------------------------------------


def test_a_draft_whose_answer_is_lost_can_be_found(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.server.play("CreateItem", ews.reset_after)
    with pytest.raises(TryLater):
        mailbox.save_draft(ours())
    (found,) = mailbox.find(DRAFT_ID)
    assert found.where is Where.DRAFTS


def test_a_draft_that_was_sent_is_not_deleted_by_its_old_key(exchange: EwsHouse, mailbox: Mailbox) -> None:
    key = mailbox.save_draft(ours())
    item = exchange.store.folders["drafts"].items.pop(key)
    item.folder = "sentitems"
    exchange.store.folders["sentitems"].items[key] = item
    mailbox.remove_draft(key)
    assert len(exchange.sent()) == 1


def test_changes_are_told_once(exchange: EwsHouse, mailbox: Mailbox) -> None:
    assert mailbox.changed()
    assert not mailbox.changed()
    exchange.store.add("sentitems", ours())
    assert mailbox.changed()
    assert not mailbox.changed()
    exchange.server.play("FindItem", ews.status(504))
    with pytest.raises(TryLater):
        mailbox.find(DRAFT_ID)
    assert mailbox.changed(), "the look that it was to lead to failed"
    assert exchange.open(streaming=False).changed(), "what a former process had begun is not known"


# -- news --------------------------------------------------------------------------------------------------------------


def heard(mailbox: Mailbox, work: Callable[[], Any], tries: int = 200) -> bool:
    """Say whether the mailbox wakes after ``work``, which is done when the stream is up."""
    mailbox.wait(0.2)
    work()
    return any(mailbox.wait(0.1) for _ in range(tries))


def until(condition: Callable[[], bool], mailbox: Mailbox) -> None:
    for _ in range(600):
        if condition():
            return
        mailbox.wait(0.05)
    raise AssertionError("never happened")


def test_a_new_mail_wakes(exchange: EwsHouse) -> None:
    mailbox = exchange.open()
    until(lambda: posts(exchange, "GetStreamingEvents") == 1, mailbox)
    mailbox.wait(0.3)
    assert heard(mailbox, lambda: exchange.arrive(mail()))
    assert list(mailbox.fetch()), "other work goes on beside the stream"


def test_a_stream_that_ends_is_begun_again(exchange: EwsHouse) -> None:
    exchange.server.options["stream_seconds"] = 0.2
    mailbox = exchange.open()
    until(lambda: posts(exchange, "GetStreamingEvents") >= 2, mailbox)
    mailbox.close()


@pytest.mark.parametrize(
    "fault", [ews.status(503), ews.reset_before, ews.html, ews.late(30)], ids=["503", "reset", "html", "late"]
)
def test_a_stream_in_trouble_never_lengthens_the_wait(exchange: EwsHouse, fault: ews.Fault) -> None:
    exchange.server.play("GetStreamingEvents", fault, times=10)
    mailbox = exchange.open()
    mailbox.wait(0.3)
    assert mailbox.wait(0.05) in (True, False)
    assert list(mailbox.fetch()) == []
    with contextlib.suppress(Exception):
        exchange.server.stopping.set()


def test_a_stream_cut_in_the_middle_never_lengthens_the_wait_and_is_begun_again(exchange: EwsHouse) -> None:
    mailbox = exchange.open()
    until(lambda: posts(exchange, "GetStreamingEvents") == 1, mailbox)
    exchange.server.options["cut_stream"] = True
    mailbox.wait(0.3)
    exchange.arrive(mail())
    assert len(list(mailbox.fetch())) == 1
    until(lambda: posts(exchange, "Subscribe") == 2, mailbox)


# -- check -------------------------------------------------------------------------------------------------------------


def test_check_shows_folders_and_rights(exchange: EwsHouse, mailbox: Mailbox) -> None:
    exchange.arrive(mail())
    findings = mailbox.check()
    said = "\n".join(f"{finding.what}: {finding.say}" for finding in findings)
    assert all(finding.well for finding in findings), said
    for words in ("Hộp thư đến 1 thư", "Bản nháp 0 thư", "Đã tiếp nhận", "đọc, ghi, sửa, xóa", "đồng hồ", "expires"):
        assert words in said


@pytest.mark.parametrize(
    ("folder", "right", "words"),
    [
        ("inbox", "Delete", "Thiếu: xóa, chuyển"),
        ("drafts", "CreateContents", "Thiếu: ghi"),
        ("sentitems", "Read", "đọc"),
    ],
)
def test_check_says_which_right_is_missing(
    exchange: EwsHouse, mailbox: Mailbox, folder: str, right: str, words: str
) -> None:
    exchange.server.options["lacking"] = {folder: (right,)}
    (bad,) = [finding for finding in mailbox.check() if not finding.well]
    assert exchange.store.folders[folder].name in bad.what and words in bad.say and "Full Access" in bad.say


# -- configuration -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"endpont": "x"}, "endpont"),
        ({"endpoint": None}, "endpoint"),
        ({"endpoint": "mail.example"}, "endpoint"),
        ({"endpoint": "http://mail.example/EWS/Exchange.asmx"}, "endpoint"),
        ({"endpoint": "http://localhost.evil.example/EWS"}, "endpoint"),
        ({"user": 3}, "user"),
        ({"access": "owner"}, "access"),
        ({"auth": "digest"}, "auth"),
        ({"version": "2016"}, "version"),
        ({"timezone": "Hanoi"}, "timezone"),
        ({"timeout": -1}, "timeout"),
        ({"max_bytes": 0}, "max_bytes"),
        ({"warn_days": -1}, "warn_days"),
        ({"ca_file": "none.pem"}, "ca_file"),
        ({"password_file": None}, "password_env"),
    ],
)
def test_wrong_tables_are_told_by_key(tmp_path: Path, given: dict[str, object], key: str) -> None:
    secret = tmp_path / "password"
    secret.write_text("x")
    secret.chmod(0o600)
    well = {"endpoint": "https://mail.example/EWS/Exchange.asmx", "user": "D\\u", "password_file": "password"}
    table = {name: value for name, value in {**well, **given}.items() if value is not None}
    with pytest.raises(ValueError) as caught:
        open_ews(table, tmp_path, DESK)
    assert any(key in sentence for sentence in caught.value.args[0]), caught.value.args
    with pytest.raises(ValueError):
        open_ews(well, tmp_path, "")
    open_ews(well, tmp_path, DESK)
