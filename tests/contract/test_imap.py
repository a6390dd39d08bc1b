"""What only IMAP can meet, with a real Dovecot: names of folders, lost connections, refused logins, a deaf IDLE."""

import datetime as dt
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from daemon.desk.trouble import TryLater
from daemon.mailbox import envelope, imap_folders
from daemon.mailbox.base import Mailbox, NoEntry, Where
from daemon.mailbox.clock import utc_now
from daemon.mailbox.imap import Config, Imap, open_imap
from daemon.mailbox.login import Lockout, Login
from daemon.mailbox.state import FileState
from tests.contract.houses import ImapHouse
from tests.contract.mails import DESK, mail, ours
from tests.servers import graph
from tests.servers.dovecot import PASSWORD, TOKEN, Dovecot
from tests.servers.proxy import Proxy

DRAFT_ID = "<PCBK-2026-000001.draft.1.x@dienluc.example>"


@pytest.fixture
def proxy(imap: ImapHouse) -> Iterator[Proxy]:
    made = Proxy(imap.dovecot.plain)
    yield made
    made.close()


# -- the way in --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_each_security_works(imap: ImapHouse, security: str) -> None:
    port = imap.dovecot.tls if security == "tls" else imap.dovecot.plain
    ca_file = str(imap.dovecot.ca_file)
    mailbox = imap.open(host="localhost", port=port, security=security, ca_file=ca_file)
    imap.arrive(mail())
    assert len(list(mailbox.fetch())) == 1
    assert all(finding.well for finding in mailbox.check())


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_unknown_authority_is_no_entry(imap: ImapHouse, security: str) -> None:
    port = imap.dovecot.tls if security == "tls" else imap.dovecot.plain
    with pytest.raises(NoEntry, match="ca_file"):
        list(imap.open(host="localhost", port=port, security=security).fetch())


def test_a_wrong_name_in_the_certificate_is_no_entry(imap: ImapHouse) -> None:
    mailbox = imap.open(host="127.0.0.2", port=imap.dovecot.tls, security="tls", ca_file=str(imap.dovecot.ca_file))
    with pytest.raises((NoEntry, TryLater)):
        list(mailbox.fetch())


def test_a_wrong_password_knocks_once_for_all_work_and_all_restarts(imap: ImapHouse, proxy: Proxy) -> None:
    imap.secret.write_text("sai mật khẩu")
    for mailbox in (imap.open(port=proxy.port), imap.open(port=proxy.port)):
        works: list[Callable[[], object]] = [
            lambda mailbox=mailbox: list(mailbox.fetch()),  # type: ignore[misc]
            lambda mailbox=mailbox: mailbox.send(ours()),  # type: ignore[misc]
            lambda mailbox=mailbox: mailbox.find(DRAFT_ID),  # type: ignore[misc]
            lambda mailbox=mailbox: mailbox.changed(),  # type: ignore[misc]
        ]
        for work in works:
            with pytest.raises(NoEntry, match="motcua check --live") as caught:
                work()
            assert "sai mật khẩu" not in str(caught.value)
        mailbox.wait(0.05)
    assert proxy.connections == 1
    assert imap.delivered() == []


def test_a_wrong_password_is_one_finding(imap: ImapHouse) -> None:
    """The server for sending would be asked with the same password: that is the same trouble, and another knock."""
    imap.secret.write_text("sai mật khẩu")
    wrong = [each for each in imap.open().check() if not each.well]
    assert [each.what.split()[:3] for each in wrong] == [["Hộp", "thư", "IMAP"]]


def test_a_corrected_password_works_at_once(imap: ImapHouse) -> None:
    right = imap.secret.read_text()
    imap.secret.write_text("sai")
    mailbox = imap.open()
    with pytest.raises(NoEntry):
        list(mailbox.fetch())
    imap.secret.write_text(right)
    assert list(mailbox.fetch()) == [], "the program goes on running meanwhile"
    assert list(imap.open().fetch()) == []


def test_a_token_opens_the_door(imap: ImapHouse, tmp_path: Path) -> None:
    config = Config.from_table(imap.table(), tmp_path)
    for word, well in (("the-right-token", True), ("another", False)):
        login = Login(imap.user, token=lambda word=word: f"{word}:{imap.user}")  # type: ignore[misc]
        lockout = Lockout("localhost", login, FileState(tmp_path / word), utc_now)
        mailbox = Imap(config, login, lockout, lambda _raw: None)  # type: ignore[arg-type]
        if well:
            assert list(mailbox.fetch()) == []
        else:
            with pytest.raises(NoEntry):
                list(mailbox.fetch())
        mailbox.close()


@pytest.fixture
def entra() -> Iterator[graph.Graph]:
    """A login server that issues the token which Dovecot takes."""
    pytest.importorskip("msal")
    made = graph.Graph(DESK)
    yield made
    made.close()


def with_oauth(imap: ImapHouse, entra: graph.Graph, folder: Path, secret: str = graph.SECRET) -> Mailbox:
    """Return a mailbox that asks the login server for its tokens."""
    entra.options["access_token"] = f"{TOKEN}:{imap.user}"
    path = folder / "client-secret"
    path.write_text(secret, "utf-8")
    path.chmod(0o600)
    return imap.open(
        auth="oauth2",
        oauth_tenant=graph.TENANT,
        oauth_client_id=graph.CLIENT,
        oauth_client_secret_file=str(path),
        oauth_authority=entra.authority,
        oauth_scope=f"{entra.authority}/.default",
        timeout=2.0,
        idle=False,
    )


def test_msal_brings_the_token_for_reading_and_sending(imap: ImapHouse, entra: graph.Graph, tmp_path: Path) -> None:
    mailbox = with_oauth(imap, entra, tmp_path)
    imap.arrive(mail())
    assert len(list(mailbox.fetch())) == 1
    assert mailbox.send(ours()) is None
    mailbox.close()
    assert len(list(mailbox.fetch())) == 1 and len(imap.delivered()) == 1
    assert entra.requests.count("token") == 1, "the token stays in memory while it is good"
    assert all(finding.well for finding in mailbox.check())


def test_a_wrong_oauth_secret_knocks_once_and_a_corrected_one_works_at_once(
    imap: ImapHouse, entra: graph.Graph, tmp_path: Path
) -> None:
    for _ in range(2):
        mailbox = with_oauth(imap, entra, tmp_path, "sai")
        for work in (mailbox.changed, lambda mailbox=mailbox: mailbox.send(ours())):  # type: ignore[misc]
            with pytest.raises(NoEntry, match="motcua check --live"):
                work()
    assert entra.requests.count("token") == 1 and imap.delivered() == []
    (tmp_path / "client-secret").write_text(graph.SECRET, "utf-8")
    assert list(mailbox.fetch()) == []


@pytest.mark.parametrize("operation", ["discovery", "token"])
@pytest.mark.parametrize(
    "fault",
    [graph.refused(503), graph.reset_before, graph.html, graph.late(3.0), graph.throttled(60)],
    ids=["503", "reset", "html", "late", "throttled"],
)
def test_trouble_of_the_login_server_is_not_held_against_the_secret(
    imap: ImapHouse, entra: graph.Graph, tmp_path: Path, operation: str, fault: graph.Fault
) -> None:
    mailbox = with_oauth(imap, entra, tmp_path)
    entra.play(operation, fault)
    with pytest.raises(TryLater) as caught:
        list(mailbox.fetch())
    assert type(caught.value) is TryLater
    assert list(mailbox.fetch()) == []


def test_no_password_in_any_log(imap: ImapHouse, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox = imap.open()
    mailbox.send(ours())
    list(mailbox.fetch())
    assert "mật-khẩu" not in caplog.text and "AUTHENTICATE" not in caplog.text


# -- folders -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "drafts"),
    [("Thư đã gửi", "Bản nháp"), ("Sent Items", "Drafts"), ("Sent Messages", "Draft"), ("INBOX/Đã gửi", "INBOX/Nháp")],
)
def test_folders_that_are_there_are_used(imap: ImapHouse, sent: str, drafts: str) -> None:
    for name in (sent, drafts):
        imap.staff.create_folder(name)
    mailbox = imap.open()
    mailbox.send(ours())
    mailbox.save_draft(ours("<other@x>"))
    assert len(imap.mails(sent)) == 1 and len(imap.mails(drafts)) == 1
    assert {name for name in ("Sent", "Drafts") if imap.staff.folder_exists(name)} <= {sent, drafts}


def test_a_marked_folder_comes_before_a_name(imap: ImapHouse) -> None:
    imap.staff.create_folder("Sent")
    imap.staff.create_folder("Mục gửi riêng")
    imap.open().send(ours())
    assert len(imap.mails("Mục gửi riêng")) == 1 and imap.mails("Sent") == []


def test_configured_folders_are_found_or_made(imap: ImapHouse) -> None:
    imap.staff.create_folder("PHÒNG KH")
    mailbox = imap.open(sent_folder="phòng kh", drafts_folder="Nháp của máy", taken_folder="Lưu/2026")
    mailbox.send(ours())
    mailbox.save_draft(ours("<other@x>"))
    imap.arrive(mail())
    mailbox.file_away(next(iter(mailbox.fetch())).key)
    assert [len(imap.mails(name)) for name in ("PHÒNG KH", "Nháp của máy", "Lưu/2026")] == [1, 1, 1]


def folder(name: str, *flags: bytes, delimiter: str = "/") -> imap_folders.Folder:
    return imap_folders.Folder(frozenset(flag.lower() for flag in flags), delimiter, name)


@pytest.mark.parametrize(
    ("folders", "sent", "drafts"),
    [
        ([folder("[Gmail]/Thư đã gửi", rb"\Sent"), folder("[Gmail]/Thư nháp", rb"\Drafts")], "[Gmail]/Thư đã gửi", "[Gmail]/Thư nháp"),
        ([folder("[Gmail]/Sent Mail"), folder("[Gmail]/Drafts")], "[Gmail]/Sent Mail", "[Gmail]/Drafts"),
        ([folder("INBOX.Sent", delimiter="."), folder("INBOX.Drafts", delimiter=".")], "INBOX.Sent", "INBOX.Drafts"),
        ([folder("Mục đã Gửi"), folder("Bản thảo")], "Mục đã Gửi", "Bản thảo"),
        ([folder("Thư đã gửi cũ"), folder("Nháp 2025")], None, None),
        ([folder("Lưu/Sent Items"), folder("Sent Items")], "Sent Items", None),
    ],
)  # fmt: skip
def test_names_of_many_servers(folders: list[imap_folders.Folder], sent: str | None, drafts: str | None) -> None:
    assert imap_folders.pick("sent", folders) == sent
    assert imap_folders.pick("drafts", folders) == drafts


def test_a_new_folder_follows_the_servers_ways() -> None:
    dotted = [folder("INBOX.Trash", delimiter=".")]
    assert imap_folders.new_name("sent", dotted, "INBOX.") == "INBOX.Sent"
    assert imap_folders.new_name("Lưu/2026", dotted, "INBOX.") == "INBOX.Lưu.2026"
    assert imap_folders.new_name("Đã tiếp nhận", [folder("Sent")], "") == "Đã tiếp nhận"


def test_a_server_that_keeps_everything_below_the_inbox(imap: ImapHouse) -> None:
    other = Dovecot(separator=".", prefix="INBOX.")
    try:
        mailbox = imap.open(port=other.plain, taken_folder="Lưu/2026")
        mailbox.send(ours())
        mailbox.save_draft(ours("<other@x>"))
        with IMAPClient("127.0.0.1", other.plain, ssl=False) as staff:
            staff.plain_login(imap.user, PASSWORD)
            staff.append("INBOX", mail())
            mailbox.file_away(next(iter(mailbox.fetch())).key)
            names = [name for flags, _, name in staff.list_folders() if rb"\Noselect" not in flags]
            counts = {name: staff.folder_status(name, [b"MESSAGES"])[b"MESSAGES"] for name in names}
        mailbox.close()
        assert counts == {"INBOX": 0, "INBOX.Sent": 1, "INBOX.Drafts": 1, "INBOX.Lưu.2026": 1}
    finally:
        other.close()


def test_an_old_server_without_extensions(imap: ImapHouse) -> None:
    """No MOVE, no UIDPLUS, no NAMESPACE, no IDLE: copy and mark as deleted, and look past what is marked."""
    old = Dovecot(more="protocol imap {\n  imap_capability = IMAP4rev1 AUTH=PLAIN\n}\n")
    try:
        mailbox = imap.open(port=old.plain)
        key = mailbox.save_draft(ours())
        assert mailbox.find(DRAFT_ID)[0].key == key
        mailbox.remove_draft(key)
        assert mailbox.find(DRAFT_ID) == ()
        with IMAPClient("127.0.0.1", old.plain, ssl=False) as staff:
            staff.plain_login(imap.user, PASSWORD)
            assert not staff.has_capability("MOVE")
            staff.append("INBOX", mail("<one@x>"))
            staff.append("INBOX", mail("<two@x>"))
            one, _ = mailbox.fetch()
            mailbox.file_away(one.key)
            mailbox.file_away(one.key)
            assert [envelope.message_id(incoming.raw) for incoming in mailbox.fetch()] == ["two@x"]
            assert staff.folder_status("Đã tiếp nhận", [b"MESSAGES"])[b"MESSAGES"] == 1
        mailbox.changed()
        assert mailbox.wait(0.1) is False
        mailbox.close()
    finally:
        old.close()


def test_check_shows_the_rights_where_the_server_tells_them(imap: ImapHouse) -> None:
    """In a mailbox shared by another account, rights are what is missing most often."""
    acl = "mail_plugins = acl\nprotocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}\n"
    server = Dovecot(more=acl)
    try:
        mailbox = imap.open(port=server.plain)
        said = {finding.what: finding for finding in mailbox.check()}
        assert all(finding.well for finding in said.values()), said
        assert said["Quyền trên INBOX"].say == "Có: đọc, ghi, đánh dấu xóa, xóa hẳn."
        with IMAPClient("127.0.0.1", server.plain, ssl=False) as staff:
            staff.plain_login(imap.user, PASSWORD)
            staff.setacl("Drafts", imap.user, "lrwsi")
            staff.setacl("Đã tiếp nhận", imap.user, "lr")
        said = {finding.what: finding for finding in mailbox.check()}
        assert not said["Quyền trên Drafts"].well and "đánh dấu xóa, xóa hẳn" in said["Quyền trên Drafts"].say
        assert said["Quyền trên Đã tiếp nhận"].say.startswith("Thiếu: ghi;")
        assert said["Quyền trên Sent"].well
        mailbox.close()
    finally:
        server.close()


def test_a_folder_that_staff_removed_is_made_again(imap: ImapHouse) -> None:
    mailbox = imap.open()
    imap.arrive(mail("<one@x>"))
    imap.arrive(mail("<two@x>"))
    one, two = mailbox.fetch()
    mailbox.file_away(one.key)
    imap.staff.delete_folder("Đã tiếp nhận")
    with pytest.raises(TryLater):
        mailbox.file_away(two.key)
    mailbox.file_away(two.key)
    assert len(imap.taken()) == 1 and imap.inbox() == []


# -- reading -----------------------------------------------------------------------------------------------------------


def test_the_servers_time_orders_not_the_number(imap: ImapHouse) -> None:
    zone = dt.timezone(dt.timedelta(hours=7))
    for name, hour in (("late", 10), ("early", 8)):
        imap.staff.append("INBOX", mail(f"<{name}@x>"), msg_time=dt.datetime(2026, 11, 20, hour, tzinfo=zone))
    early, late = imap.open().fetch()
    assert envelope.message_id(early.raw) == "early@x"
    assert late.received == dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)


def test_old_mail_is_left_alone(imap: ImapHouse) -> None:
    imap.staff.append("INBOX", mail("<old@x>"), msg_time=dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
    imap.staff.append("INBOX", mail("<new@x>"), msg_time=dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    (only,) = imap.open(since=dt.date(2026, 11, 1)).fetch()
    assert envelope.message_id(only.raw) == "new@x"


def test_a_mail_marked_as_deleted_is_not_taken(imap: ImapHouse) -> None:
    imap.arrive(mail())
    imap.staff.select_folder("INBOX")
    imap.staff.delete_messages(imap.staff.search("ALL"))
    assert list(imap.open().fetch()) == []


def test_bytes_come_as_they_are(imap: ImapHouse) -> None:
    raw = mail(attachment=bytes(range(256)) * 100)
    imap.arrive(raw)
    assert next(iter(imap.open().fetch())).raw == raw


def test_a_mail_that_the_server_cannot_read_does_not_keep_back_the_others(imap: ImapHouse) -> None:
    for name in ("one", "two", "three"):
        imap.arrive(mail(f"<{name}@x>"))
    maildir = imap.dovecot.base / "mail" / imap.user / "Maildir"
    files = [path for part in ("new", "cur") for path in (maildir / part).iterdir()]
    (broken,) = [path for path in files if b"<two@x>" in path.read_bytes()]
    shutil.chown(broken, "root")
    broken.chmod(0)
    mailbox = imap.open()
    for _ in range(2):  # Dovecot hangs up over it; from the second look on it is asked for last
        seen: list[str | None] = []
        with pytest.raises(TryLater):
            for incoming in mailbox.fetch():
                seen.append(envelope.message_id(incoming.raw))
    assert seen == ["one@x", "three@x"]
    (broken,) = (path for path in maildir.rglob("*") if path.name.startswith(broken.name))
    shutil.chown(broken, "mail")
    broken.chmod(0o600)
    assert len(list(mailbox.fetch())) == 3


def test_keys_of_another_numbering_do_nothing(imap: ImapHouse) -> None:
    imap.arrive(mail())
    mailbox = imap.open()
    validity, _, uid = next(iter(mailbox.fetch())).key.partition("/")
    for key in (f"{int(validity) + 1}/{uid}", f"{validity}/4711", f"{validity}/1:*", "", "x"):
        mailbox.file_away(key)
        mailbox.remove_draft(key)
    assert len(imap.inbox()) == 1


def test_several_hundred_mails(imap: ImapHouse) -> None:
    imap.staff.multiappend("INBOX", [mail(f"<m{number}@x>") for number in range(230)])
    mailbox = imap.open()
    seen = set()
    for incoming in mailbox.fetch():
        seen.add(envelope.message_id(incoming.raw))
        mailbox.file_away(incoming.key)
    assert len(seen) == 230 and imap.inbox() == [] and len(imap.taken()) == 230


# -- lost connections --------------------------------------------------------------------------------------------------


def test_a_cut_connection_is_made_again(imap: ImapHouse, proxy: Proxy) -> None:
    mailbox = imap.open(port=proxy.port)
    imap.arrive(mail())
    assert len(list(mailbox.fetch())) == 1
    proxy.cut()
    with pytest.raises(TryLater, match="Mất kết nối"):
        list(mailbox.fetch())
    assert len(list(mailbox.fetch())) == 1


def test_a_server_that_is_away_is_trouble_of_the_moment(imap: ImapHouse, proxy: Proxy) -> None:
    mailbox = imap.open(port=proxy.port)
    proxy.refusing = True
    for _ in range(3):
        with pytest.raises(TryLater):
            list(mailbox.fetch())
    proxy.refusing = False
    assert list(mailbox.fetch()) == []


def test_a_frozen_server_does_not_hold_us(imap: ImapHouse, proxy: Proxy) -> None:
    mailbox = imap.open(port=proxy.port, timeout=0.5)
    list(mailbox.fetch())
    proxy.freeze()
    with pytest.raises(TryLater, match="thời gian"):
        list(mailbox.fetch())
    proxy.thaw()
    assert list(mailbox.fetch()) == []


def test_a_login_cut_off_is_not_held_against_the_password(imap: ImapHouse, proxy: Proxy) -> None:
    mailbox = imap.open(port=proxy.port)
    proxy.cut_after(b"AUTHENTICATE")
    with pytest.raises(TryLater):
        list(mailbox.fetch())
    assert list(mailbox.fetch()) == []


def test_a_move_whose_answer_is_lost_happens_once(imap: ImapHouse, proxy: Proxy) -> None:
    mailbox = imap.open(port=proxy.port)
    imap.arrive(mail())
    (incoming,) = mailbox.fetch()
    proxy.cut_after(b"UID MOVE")
    with pytest.raises(TryLater):
        mailbox.file_away(incoming.key)
    mailbox.file_away(incoming.key)
    assert len(imap.taken()) == 1 and imap.inbox() == []


def test_a_draft_whose_answer_is_lost_can_be_found(imap: ImapHouse, proxy: Proxy) -> None:
    mailbox = imap.open(port=proxy.port)
    mailbox.find(DRAFT_ID)
    proxy.cut_after(b"--==ranh-gioi-cac-phan==--")
    with pytest.raises(TryLater):
        mailbox.save_draft(ours())
    (found,) = mailbox.find(DRAFT_ID)
    assert found.where is Where.DRAFTS


def test_a_sent_copy_whose_answer_is_lost_is_kept_once(imap: ImapHouse, proxy: Proxy) -> None:
    mailbox = imap.open(port=proxy.port)
    mailbox.find(DRAFT_ID)
    proxy.cut_after(b"--==ranh-gioi-cac-phan==--")
    assert mailbox.send(ours()) is None
    assert len(imap.sent()) == 1 and len(imap.delivered()) == 1


def test_a_mailbox_out_of_reach_sends_nothing(imap: ImapHouse, proxy: Proxy) -> None:
    proxy.refusing = True
    with pytest.raises(TryLater):
        imap.open(port=proxy.port).send(ours())
    assert imap.delivered() == []


def test_a_mail_that_went_out_without_a_copy_is_a_warning(imap: ImapHouse, proxy: Proxy, tmp_path: Path) -> None:
    config = Config.from_table(imap.table(port=proxy.port), tmp_path)
    login = Login(imap.user, config.password)
    gone: list[bytes] = []

    def deliver(raw: bytes) -> None:
        gone.append(raw)
        proxy.refusing = True
        proxy.cut()

    mailbox = Imap(config, login, Lockout("x", login, FileState(tmp_path / "s"), utc_now), deliver)  # type: ignore[arg-type]
    warning = mailbox.send(ours())
    assert warning is not None and "đã gửi đi" in warning
    assert len(gone) == 1


def test_a_server_that_keeps_copies_itself_gets_none_from_us(imap: ImapHouse) -> None:
    assert imap.open(save_sent=False).send(ours()) is None
    assert imap.sent() == [] and len(imap.delivered()) == 1


# -- news --------------------------------------------------------------------------------------------------------------


def later(work: Callable[[], Any], seconds: float = 0.3) -> threading.Timer:
    timer = threading.Timer(seconds, work)
    timer.start()
    return timer


def listening(imap: ImapHouse, mailbox: Mailbox) -> None:
    """Wait until the back end's second connection is there."""
    list(mailbox.fetch())
    for _ in range(200):
        mailbox.wait(0.05)
        if imap.dovecot.sessions(imap.user) >= 3:  # staff, work, IDLE
            mailbox.wait(0.3)
            return
    raise AssertionError(imap.dovecot.log()[-2000:])


def test_a_new_mail_wakes(imap: ImapHouse) -> None:
    imap.arrive(mail("<first@x>"))
    mailbox = imap.open()
    listening(imap, mailbox)
    timer = later(lambda: imap.arrive(mail("<second@x>")))
    assert mailbox.wait(20) is True
    timer.join()
    assert len(list(mailbox.fetch())) == 2


def test_a_killed_session_is_noticed_and_listening_goes_on(imap: ImapHouse) -> None:
    imap.arrive(mail("<first@x>"))
    mailbox = imap.open()
    listening(imap, mailbox)
    imap.dovecot.kill_session(imap.user)
    imap.staff.shutdown()
    imap._client = None
    assert mailbox.wait(0.1) in (True, False)
    with pytest.raises(TryLater):
        list(mailbox.fetch())
    imap.arrive(mail("<second@x>"))
    assert len(list(mailbox.fetch())) == 2
    mailbox.close()


def test_a_frozen_or_absent_server_never_lengthens_the_wait(imap: ImapHouse, proxy: Proxy) -> None:
    mailbox = imap.open(port=proxy.port, timeout=30)
    list(mailbox.fetch())
    mailbox.wait(0.3)
    proxy.freeze()
    assert mailbox.wait(0.2) is False
    assert mailbox.wait(0.2) is False
    proxy.cut()
    assert mailbox.wait(0.1) in (True, False)


def test_without_idle_it_just_waits(imap: ImapHouse) -> None:
    mailbox = imap.open(idle=False)
    imap.arrive(mail())
    assert mailbox.wait(0.05) is False
    assert imap.dovecot.sessions(imap.user) == 1


# -- configuration -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"hots": "x"}, "hots"),
        ({"host": ""}, "host"),
        ({"security": "ssl"}, "security"),
        ({"security": "none", "host": "mail.example"}, "security"),
        ({"smtp_security": "none", "smtp_host": "mail.example"}, "smtp_security"),
        ({"port": 70_000}, "port"),
        ({"timeout": 0}, "timeout"),
        ({"since": "2026-11-01"}, "since"),
        ({"smtp_host": None}, "smtp_host"),
        ({"password_file": "none"}, "password_file"),
        ({"password_env": "MOTCUA_NOT_SET", "password_file": None}, "password_env"),
        ({"auth": "oauth2"}, "oauth_tenant"),
        ({"auth": "oauth2", "oauth_authority": "http://login.example"}, "oauth_authority"),
        ({"ca_file": "none.pem"}, "ca_file"),
    ],
)
def test_wrong_tables_are_told_by_key(tmp_path: Path, given: dict[str, object], key: str) -> None:
    secret = tmp_path / "password"
    secret.write_text("x")
    secret.chmod(0o600)
    well = {"host": "localhost", "user": "u", "password_file": "password", "smtp_host": "localhost"}
    table = {name: value for name, value in {**well, **given}.items() if value is not None}
    with pytest.raises(ValueError) as caught:
        open_imap(table, tmp_path, DESK)
    assert any(key in sentence for sentence in caught.value.args[0]), caught.value.args


def test_a_right_table_connects_to_nobody(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("x")
    os.chmod(secret, 0o600)  # noqa: PTH101
    open_imap({"host": "mail.invalid", "user": "u", "password_file": "password", "smtp_host": "mail.invalid"}, tmp_path)
