"""The scan folder: what may be taken and when, and where the rest goes."""

import os
import time
from pathlib import Path

import pytest

from daemon.desk.trouble import TryLater
from daemon.scans.folder import ScanFolder, is_ignored, safe_name


class Clock:
    """Monotonic seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path, clock: Clock) -> ScanFolder:
    return ScanFolder(tmp_path, clock, quiet_seconds=3, empty_seconds=600)


def names(folder: ScanFolder) -> list[str]:
    return [path.name for path in folder.stable()]


def test_a_file_is_taken_only_after_two_like_looks_and_the_quiet_time(folder, clock):
    (folder.path / "a.pdf").write_bytes(b"%PDF-1")
    assert names(folder) == []
    clock.pass_(1)
    assert names(folder) == []
    clock.pass_(2)
    assert names(folder) == ["a.pdf"]


def test_files_lying_there_at_the_start_are_no_exception(folder, clock):
    (folder.path / "old.pdf").write_bytes(b"%PDF-1")
    os.utime(folder.path / "old.pdf", (1, 1))
    assert names(folder) == []


def test_a_growing_file_begins_anew(folder, clock):
    path = folder.path / "a.tif"
    path.write_bytes(b"II*")
    names(folder)
    clock.pass_(5)
    path.write_bytes(b"II*more")
    assert names(folder) == []
    clock.pass_(2)
    assert names(folder) == []
    clock.pass_(1)
    assert names(folder) == ["a.tif"]


def test_a_file_exchanged_for_one_of_the_same_size_begins_anew(folder, clock):
    path = folder.path / "a.tif"
    path.write_bytes(b"one")
    names(folder)
    clock.pass_(5)
    other = folder.path / ".b"
    other.write_bytes(b"two")
    other.replace(path)
    assert names(folder) == []


def test_older_files_come_first(folder, clock):
    for name, when in (("b.pdf", 10), ("a.pdf", 20)):
        (folder.path / name).write_bytes(b"x")
        os.utime(folder.path / name, (when, when))
    names(folder)
    clock.pass_(4)
    assert names(folder) == ["b.pdf", "a.pdf"]


@pytest.mark.parametrize(
    "name",
    ["~$phieu.docx", ".hidden.pdf", "a.tmp", "a.pdf.part", "a.crdownload", ".~lock.a.odt#", "Thumbs.db", "desktop.ini"],
)
def test_unfinished_and_foreign_files_are_ignored(name):
    assert is_ignored(name)


@pytest.mark.parametrize("name", ["Phiếu số 1.pdf", "scan.TIF", "part.pdf", "tmp.jpg"])
def test_scans_are_not_ignored(name):
    assert not is_ignored(name)


def test_folders_links_and_pipes_are_never_taken_but_told(folder, clock, tmp_path):
    (tmp_path / "can-xem").mkdir()
    (tmp_path / "du-lieu").mkdir()
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "link.pdf").symlink_to("/etc/hostname")
    names(folder)
    clock.pass_(10)
    assert names(folder) == []
    assert {odd.name for odd in folder.oddities()} == {"pipe.pdf", "link.pdf"}
    assert all("không mở" in odd.reason for odd in folder.oddities())


def test_an_empty_file_is_waited_for_and_then_set_aside_with_its_reason(folder, clock):
    (folder.path / "x.pdf").touch()
    names(folder)
    clock.pass_(599)
    assert names(folder) == []
    assert (folder.path / "x.pdf").exists()
    clock.pass_(1)
    assert names(folder) == []
    note = (folder.path / "can-xem" / "x.pdf.txt").read_text("utf-8-sig")
    assert "0 byte" in note and "Việc cần làm" in note


def test_a_folder_that_is_away_is_an_alarm_and_forgets_nothing(tmp_path, clock):
    share = tmp_path / "share"
    share.mkdir()
    (share / "a.pdf").write_bytes(b"%PDF")
    folder = ScanFolder(share, clock, quiet_seconds=3)
    names(folder)
    share.rename(tmp_path / "away")
    clock.pass_(4)
    with pytest.raises(TryLater, match="Không xem được thư mục"):
        names(folder)
    (tmp_path / "away").rename(share)
    assert names(folder) == ["a.pdf"]


def test_claiming_moves_into_work_and_only_once(folder):
    path = folder.path / "a.pdf"
    path.write_bytes(b"x")
    goal = folder.claim(path)
    assert goal.parent.name == ".work" and goal.read_bytes() == b"x"
    with pytest.raises(TryLater):
        folder.claim(path)
    assert folder.claimed() == (goal,)


def test_two_files_of_one_name_are_both_kept(folder):
    places = []
    for content in (b"1", b"2"):
        (folder.path / "a.pdf").write_bytes(content)
        places.append(folder.claim(folder.path / "a.pdf"))
    assert [p.read_bytes() for p in places] == [b"1", b"2"]


def test_a_link_put_in_the_place_of_a_file_is_not_claimed(folder, tmp_path):
    (tmp_path / "a.pdf").symlink_to("/etc/hostname")
    with pytest.raises(TryLater):
        folder.claim(tmp_path / "a.pdf")


def test_setting_aside_never_overwrites_a_file_or_a_note(folder):
    review = folder.path / "can-xem"
    review.mkdir()
    (review / "a.pdf").write_bytes(b"old")
    (review / "b.pdf.txt").write_text("ghi chú của nhân viên")
    for name in ("a.pdf", "b.pdf"):
        (folder.path / name).write_bytes(b"new")
        place = folder.set_aside(folder.path / name, "tệp bị cụt")
        assert place.read_bytes() == b"new"
        assert "tệp bị cụt" in place.with_name(place.name + ".txt").read_text("utf-8-sig")
    assert (review / "a.pdf").read_bytes() == b"old"
    assert (review / "b.pdf.txt").read_text() == "ghi chú của nhân viên"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Đơn của bà Hà.pdf", "Đơn của bà Hà.pdf"),
        ("a\nb\tc.pdf", "a_b_c.pdf"),
        ("...", "tep"),
        ("a:b?.jpg", "a_b_.jpg"),
        ("Phie\u0302\u0301u.pdf", "Phiếu.pdf"),
    ],
)
def test_names_are_made_safe(given, kept):
    assert safe_name(given) == kept


def test_a_name_of_250_letters_can_be_claimed_and_set_aside(folder):
    path = folder.path / ("d" * 246 + ".pdf")
    path.write_bytes(b"x")
    place = folder.set_aside(folder.claim(path), "không đọc được")
    assert place.suffix == ".pdf" and place.exists()
    assert folder.claimed() == ()


def test_a_vietnamese_name_of_many_bytes_keeps_its_suffix():
    name = safe_name("Ế" * 90 + ".pdf")
    assert name.endswith(".pdf") and len(name.encode()) < 200


def test_the_watcher_wakes_and_follows_a_folder_made_anew(tmp_path, clock):
    share = tmp_path / "share"
    share.mkdir()
    folder = ScanFolder(share, clock)
    rung: list[int] = []
    folder.wake(lambda: rung.append(1))
    try:
        _until(lambda: rung, lambda n: (share / f"a{n}.pdf").write_bytes(b"x"))
        share.rename(tmp_path / "gone")
        share.mkdir()
        names(folder)
        rung.clear()
        _until(lambda: rung, lambda n: (share / f"b{n}.pdf").write_bytes(b"x"))
    finally:
        folder.close()
    assert rung


def _until(done, act):
    """Repeat an act until it shows: how soon a watcher rings is the system's business."""
    for n in range(200):
        if done():
            return
        act(n)
        time.sleep(0.02)
    raise AssertionError("the watcher never rang")
