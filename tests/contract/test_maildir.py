"""What only a Maildir can meet: growing files, equal names, mail clients at work in the folders."""

import os
import stat
import threading
import time
from pathlib import Path

import pytest

from daemon.desk.trouble import TryLater
from daemon.mailbox import envelope
from daemon.mailbox.maildir import Config, Maildir, _Lying, open_maildir
from tests.contract.mails import mail, ours


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "var" / "mailbox"


@pytest.fixture
def mailbox(tmp_path: Path) -> Maildir:
    return open_maildir({}, tmp_path)


def test_the_folders_belong_to_the_desk_alone(mailbox: Maildir, box: Path) -> None:
    for folder in (".", ".Sent", ".Drafts", ".Da-tiep-nhan"):
        assert stat.S_IMODE((box / folder).stat().st_mode) == 0o700
        assert {path.name for path in (box / folder).iterdir()} >= {"tmp", "new", "cur"}
    mailbox.send(ours())
    (sent,) = (box / ".Sent" / "cur").iterdir()
    assert stat.S_IMODE(sent.stat().st_mode) == 0o600 and sent.name.endswith(":2,S")


def test_what_is_half_way_in_tmp_is_not_seen(mailbox: Maildir, box: Path) -> None:
    (box / "tmp" / "1.half.mx").write_bytes(mail())
    (box / "new" / ".hidden").write_bytes(mail())
    (box / "new" / "folder").mkdir()
    assert list(mailbox.fetch()) == []


def test_what_kills_left_half_written_is_swept_after_36_hours(tmp_path: Path, mailbox: Maildir, box: Path) -> None:
    old, young = time.time() - 37 * 3600, time.time() - 35 * 3600
    for folder in (".Sent", ".Drafts", ""):
        for name, at in (("old", old), ("young", young)):
            path = box / folder / "tmp" / name
            path.write_bytes(b"Subject: half")
            os.utime(path, (at, at))
    (box / ".Sent" / "tmp" / "folder").mkdir()
    open_maildir({"path": str(box)}, tmp_path).close()
    left = {folder: {path.name for path in (box / folder / "tmp").iterdir()} for folder in (".Sent", ".Drafts", "")}
    assert left == {".Sent": {"young", "folder"}, ".Drafts": {"young"}, "": {"old", "young"}}, (
        "the inbox is the server's"
    )


def test_a_file_copied_straight_into_new_is_taken_at_once_when_it_no_longer_grows(mailbox: Maildir, box: Path) -> None:
    (box / "new" / "thu.eml").write_bytes(mail())
    assert [incoming.raw for incoming in mailbox.fetch()] == [mail()]


@pytest.mark.parametrize(
    ("name", "agent"),
    [
        ("1700000001.M5P7.mx", True),
        ("1700000000.B000001.mx:2,S", True),
        ("1600000000.M5P7.mx", False),  # copied together with its old name
        ("thu.eml", False),
        ("20231114.eml", False),
    ],
)
def test_only_a_name_given_in_this_second_is_a_delivery_agents(name: str, agent: bool) -> None:
    """Whoever renames what is whole is waited for less long than whoever copies."""
    at = 1_700_000_000_500_000_000
    assert (_Lying(at, Path("new") / name, 100, at).pause < _Lying(at, Path("new/x"), 100, at).pause) is agent


def test_a_growing_file_waits_and_comes_whole(mailbox: Maildir, box: Path) -> None:
    raw = mail(attachment=b"x" * 50_000)
    path = box / "new" / "thu.eml"
    path.write_bytes(raw[:100])
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            for byte in raw[100:1000]:
                if stop.is_set():
                    break
                file.write(bytes([byte]))
                file.flush()
                time.sleep(0.01)

    writer = threading.Thread(target=grow)
    writer.start()
    first = list(mailbox.fetch())
    waited = mailbox.wait(5)
    stop.set()
    writer.join()
    path.write_bytes(raw)
    assert first == [] and waited
    assert [incoming.raw for incoming in mailbox.fetch()] == [raw]


def test_a_file_that_grew_after_it_was_read_is_not_filed_away_unseen(mailbox: Maildir, box: Path) -> None:
    path = box / "new" / "thu.eml"
    path.write_bytes(mail())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (short,) = mailbox.fetch()
    with path.open("ab") as file:
        file.write(b"the rest\r\n")
    mailbox.file_away(short.key)
    (whole,) = mailbox.fetch()
    assert whole.key != short.key and whole.raw.endswith(b"the rest\r\n")
    mailbox.file_away(whole.key)
    assert list(mailbox.fetch()) == []


def test_two_mails_of_one_file_name_are_both_kept(mailbox: Maildir, box: Path) -> None:
    for text in ("một", "hai", "ba"):
        (box / "new" / "thu.eml").write_bytes(mail(body=text + "\n"))
        (incoming,) = mailbox.fetch()
        mailbox.file_away(incoming.key)
    assert len(list((box / ".Da-tiep-nhan" / "cur").iterdir())) == 3


def test_flags_survive_filing_away(mailbox: Maildir, box: Path) -> None:
    (box / "cur" / "1.a.mx:2,FRS").write_bytes(mail())
    (incoming,) = mailbox.fetch()
    mailbox.file_away(incoming.key)
    assert [path.name for path in (box / ".Da-tiep-nhan" / "cur").iterdir()] == ["1.a.mx:2,FRS"]


def test_what_staff_threw_away_is_not_taken(mailbox: Maildir, box: Path) -> None:
    (box / "cur" / "1.a.mx:2,ST").write_bytes(mail())
    assert list(mailbox.fetch()) == []


def test_keys_cannot_leave_the_folder(mailbox: Maildir, box: Path) -> None:
    outside = box.parent / "ledger"
    outside.write_bytes(b"keep")
    mailbox.remove_draft("../../../ledger")
    mailbox.file_away("4:../../ledger")
    assert outside.read_bytes() == b"keep"


def test_symbolic_links_are_not_followed(mailbox: Maildir, box: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"Subject: secret\r\n\r\n")
    (box / "new" / "link").symlink_to(tmp_path / "secret")
    assert list(mailbox.fetch()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_does_not_keep_back_the_others(mailbox: Maildir, box: Path) -> None:
    (box / "cur" / "1.a.mx:2,").write_bytes(mail())
    (box / "cur" / "1.a.mx:2,").chmod(0)
    (box / "cur" / "2.b.mx:2,").write_bytes(mail())
    look = mailbox.fetch()
    next(look)
    with pytest.raises(TryLater, match="quyền"):
        next(look)


def test_a_draft_renamed_into_sent_by_a_client_is_found_there(mailbox: Maildir, box: Path) -> None:
    key = mailbox.save_draft(ours())
    (draft,) = (box / ".Drafts" / "cur").iterdir()
    draft.rename(box / ".Sent" / "cur" / "9.other.host:2,RS")
    (found,) = mailbox.find("PCBK-2026-000001.draft.1.x@dienluc.example")
    assert found.where.value == "sent" and found.key == "9.other.host" != key


def test_each_sent_mail_is_read_once(mailbox: Maildir, box: Path) -> None:
    for number in range(500):
        head = f"Message-ID: <n{number}@x>\r\nSubject: [PCBK-2026-{number:06d}] x\r\n\r\n"
        (box / ".Sent" / "cur" / f"{number}.a.mx:2,S").write_bytes(head.encode())
    assert mailbox.find("<n77@x>")[0].key == "77.a.mx"
    for path in (box / ".Sent" / "cur").iterdir():  # a header is not read again: its absence is not noticed
        path.write_bytes(b"\r\n")
    (found,) = mailbox.find("<none@x>", "[PCBK-2026-000471]")
    assert found.key == "471.a.mx"


def test_a_change_within_one_clock_tick_is_seen(mailbox: Maildir, box: Path) -> None:
    for number in range(20):
        mailbox.save_draft(ours(f"<d{number}@x>"))
        assert mailbox.changed()
        assert mailbox.find(f"<d{number}@x>")


def test_a_folder_made_again_under_a_waiting_desk_is_noticed(mailbox: Maildir, box: Path) -> None:
    list(mailbox.fetch())
    mailbox.wait(0.01)
    (box / "new").rename(box / "old")
    (box / "new").mkdir()
    assert mailbox.wait(5)
    mailbox.close()


def test_a_missing_mailbox_is_trouble_that_names_it(mailbox: Maildir, box: Path) -> None:
    box.rename(box.with_name("gone"))
    with pytest.raises(TryLater, match="mailbox"):
        list(mailbox.fetch())
    with pytest.raises(TryLater):
        mailbox.send(ours())
    assert not mailbox.check()[0].well


def test_a_failed_delivery_leaves_no_copy(tmp_path: Path, box: Path) -> None:
    def refuse(_raw: bytes) -> None:
        raise TryLater("máy chủ bận")

    mailbox = Maildir(Config.from_table({}, tmp_path), refuse)
    with pytest.raises(TryLater):
        mailbox.send(ours())
    assert [path for part in ("tmp", "new", "cur") for path in (box / ".Sent" / part).iterdir()] == []
    assert mailbox.find(envelope.message_id(ours()) or "") == ()


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"pfad": "x"}, "pfad"),
        ({"path": 3}, "path"),
        ({"max_bytes": 0}, "max_bytes"),
        ({"max_bytes": True}, "max_bytes"),
        ({"sent_folder": "Sent"}, "sent_folder"),
        ({"sent_folder": ".Drafts"}, "drafts_folder"),
        ({"smtp_host": "mail.example", "smtp_security": "none"}, "smtp_security"),
        ({"smtp_host": "mail.example", "smtp_security": "ssl"}, "smtp_security"),
        ({"smtp_host": "mail.example", "smtp_user": "u"}, "smtp_password_env"),
        ({"smtp_host": "mail.example", "smtp_ca_file": "none.pem"}, "smtp_ca_file"),
    ],
)
def test_wrong_tables_are_told_by_key(tmp_path: Path, given: dict[str, object], key: str) -> None:
    with pytest.raises(ValueError) as caught:
        Config.from_table(given, tmp_path)
    assert isinstance(caught.value.args[0], list)
    assert any(key in sentence for sentence in caught.value.args[0])


def test_all_errors_of_a_table_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as caught:
        Config.from_table({"a": 1, "b": 2, "max_bytes": "x"}, tmp_path)
    assert len(caught.value.args[0]) == 3


def test_names_as_windows_wants_them(tmp_path: Path, box: Path) -> None:
    """No colon in what is written there; mails named either way are read, filed away and thrown away alike."""
    mailbox = Maildir(Config.from_table({}, tmp_path), mark=";2,")
    for name in ("1.a.mx;2,S", "2.b.mx:2,RS", "3.c.mx;2,ST"):
        (box / "cur" / name).write_bytes(mail())
    found = list(mailbox.fetch())
    for each in found:
        mailbox.file_away(each.key)
    mailbox.send(mail())
    mailbox.remove_draft(mailbox.save_draft(mail()))
    assert {path.name for path in (box / ".Da-tiep-nhan" / "cur").iterdir()} == {"1.a.mx;2,S", "2.b.mx;2,RS"}
    assert [path.name.partition(";")[2] for path in (box / ".Sent" / "cur").iterdir()] == ["2,S"]
    assert list((box / ".Drafts" / "cur").iterdir()) == []
