"""What came in: kept once with its bytes, placed once, never taken back from a ticket."""

import stat
from pathlib import Path

import pytest

from daemon.desk.effects import READ_SCAN, Effect
from daemon.desk.trouble import TryLater
from daemon.store import models
from daemon.store.originals import Originals, write_durably
from daemon.store.store import LONGEST_WAIT, Store
from tests.store.hands import NOW, arrival, claimed, event, item, opened, wanted


def test_the_same_thing_twice_is_one_row(store: Store) -> None:
    assert store.receive([arrival("a"), arrival("a"), arrival("b")]).new == 2
    assert store.receive([arrival("a")]).new == 0
    assert [each.name for each in store.items("unsorted")] == ["a", "b"]


def test_bytes_are_on_the_disk_before_the_row(store: Store) -> None:
    found = store.item(item(store, "a"))
    assert found is not None
    assert store.originals.read(found.digest) == b"a"
    assert stat.S_IMODE(store.originals.path(found.digest).stat().st_mode) == 0o600


def test_nothing_is_kept_where_one_of_a_batch_cannot_be_kept(store: Store, tmp_path: Path) -> None:
    store.originals = Originals(tmp_path / "file-in-the-place-of-a-folder")
    (tmp_path / "file-in-the-place-of-a-folder").touch()
    with pytest.raises(TryLater, match="bản gốc của a"):
        store.receive([arrival("a"), arrival("b")])
    assert store.items("unsorted") == []


def test_a_mail_opens_one_ticket_however_often_it_is_sorted(store: Store) -> None:
    mail = item(store, "a")
    assert opened(store, mail) == opened(store, mail) == "PCBK-2026-000001"
    assert opened(store) == "PCBK-2026-000002"


def test_a_mail_is_placed_once(store: Store) -> None:
    number, mail = opened(store), item(store, "a")
    for _ in range(2):
        store.place(mail, number, event("reply"), NOW, "<a@b>")
    assert [each.kind for each in store.events(number)] == ["received", "reply"]
    assert store.ticket_of_mail("<a@b>") == number


def test_what_lies_on_a_ticket_stays_there(store: Store) -> None:
    mail = item(store, "a")
    number = opened(store, mail)
    assert store.mark_item(mail, "set_aside", "đến muộn") is False
    assert store.item_failed(mail, "đến muộn", 0, 1) is True
    store.hand_on(mail, Effect("item/1/read_scan", READ_SCAN, {"item": mail}))
    found = store.item(mail)
    assert found is not None and (found.state, found.ticket) == ("sorted", number)


def test_a_failing_item_is_tried_again_later_and_then_set_aside(store: Store) -> None:
    mail = item(store, "a")
    assert not store.item_failed(mail, "lỗi", wait=60, most=2)
    assert store.items("unsorted", due=True) == []
    models.Item.update(retry_at=store.database.clock() + LONGEST_WAIT + 60).execute()
    assert len(store.items("unsorted", due=True)) == 1
    assert store.item_failed(mail, "lỗi", wait=60, most=2)
    assert store.mark_item(mail, "unsorted", "")
    found = store.items("unsorted", due=True)
    assert [each.attempts for each in found] == [0]


def test_waiting_is_no_try(store: Store) -> None:
    mail = item(store, "a")
    for _ in range(5):
        store.item_waits(mail, "ổ đĩa đầy", wait=60)
    assert store.items("unsorted", due=True) == []
    (found,) = store.items("unsorted")
    assert (found.attempts, found.reason) == (0, "ổ đĩa đầy")
    assert not store.item_failed(mail, "lỗi", wait=0, most=2)


def test_a_scan_read_before_is_read_again_when_it_is_handed_on_again(store: Store) -> None:
    mail = item(store, "a")
    effect = Effect(f"item/{mail}/read_scan", READ_SCAN, {"item": mail})
    for _ in range(2):
        store.hand_on(mail, effect)
        hand = store.claim({READ_SCAN: 60.0})
        assert hand is not None
        assert store.claim({READ_SCAN: 60.0}) is None
        store.settle(hand, [], NOW)
        store.mark_item(mail, "set_aside", "không đọc được")


def test_what_a_dead_process_left_half_written_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / ".part-letter[1].docx-abc").write_bytes(b"half")
    (tmp_path / ".part-other.docx-abc").write_bytes(b"half")
    write_durably(tmp_path / "letter[1].docx", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".part-other.docx-abc", "letter[1].docx"]


def test_effects_without_a_ticket_are_claimed_too(store: Store) -> None:
    store.want(Effect("report/phong/1/2", "send_mail", {}))
    assert claimed(store).ticket is None


def test_lists_name_the_ticket(store: Store) -> None:
    mail = item(store, "a")
    number = opened(store, mail)
    assert [each.ticket for each in store.items("sorted")] == [number]
    assert [each.ticket for each in store.items_of(number)] == [number]
    found = store.item(mail)
    assert found is not None and found.ticket == number
    wanted(store, number=number)
    assert [row["ticket"] for row in store.effects("wanted")] == [number]


def test_many_are_kept_together_each_once_and_nothing_is_left_beside(tmp_path: Path) -> None:
    kept = Originals(tmp_path / "originals")
    many = [str(number % 150).encode() for number in range(300)]
    digests = kept.keep_all(many)
    assert [kept.read(digest) for digest in digests] == many
    assert kept.keep_all(many) == digests
    assert sum(path.is_file() for path in (tmp_path / "originals").rglob("*")) == 150
    assert not list((tmp_path / "originals").rglob(".*"))


def test_what_earlier_versions_laid_a_folder_deeper_is_found_and_not_written_again(tmp_path: Path) -> None:
    kept = Originals(tmp_path)
    digest = kept.keep(b"old")
    deeper = tmp_path / digest[:2] / digest[2:4] / digest
    deeper.parent.mkdir()
    kept.path(digest).rename(deeper)
    assert kept.path(digest) == deeper and kept.read(digest) == b"old"
    assert kept.keep_all([b"old", b"new"])[0] == digest
    assert not (tmp_path / digest[:2] / digest).exists()


def test_half_an_original_of_a_dead_process_is_taken_away_when_it_comes_again(tmp_path: Path) -> None:
    kept = Originals(tmp_path)
    digest = kept.keep(b"a")
    kept.path(digest).rename(tmp_path / "new" / f".part-{digest}-0000")
    assert kept.keep(b"a") == digest and kept.read(digest) == b"a"
    assert not list((tmp_path / "new").iterdir())


def test_a_batch_larger_than_one_statement_arrives_in_its_order(store: Store) -> None:
    names = [f"mail {number}" for number in range(130)]
    assert store.receive([arrival(name) for name in [*names, names[0]]]).new == 130
    assert [each.name for each in store.items("unsorted")] == names
