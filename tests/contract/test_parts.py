"""The small parts that the back ends share: configuration tables, kept states, bells, waking."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from daemon.desk.trouble import TryLater
from daemon.mailbox import ews_memory, expiry, table
from daemon.mailbox.base import Finding, NoEntry
from daemon.mailbox.bell import Bell
from daemon.mailbox.ews import open_ews
from daemon.mailbox.imap import open_imap
from daemon.mailbox.login import Lockout, Login, LoginFailed
from daemon.mailbox.secret import Secret
from daemon.mailbox.state import FileState
from daemon.mailbox.wake import Wake
from tests.contract.mails import DESK

NOON = dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True)
class Sample:
    name: str
    mode: Literal["a", "b"] = "a"
    count: int = 1
    share: float = 0.5
    well: bool = True
    file: Path | None = None
    day: dt.date | None = None
    names: tuple[str, ...] = ()
    note: str = ""

    def faults(self) -> list[str]:
        return ["count: quá lớn."] if self.count > 9 else []


def test_a_right_table_becomes_values(tmp_path: Path) -> None:
    given = {
        "name": "x",
        "mode": "b",
        "count": 2,
        "share": 1,
        "well": False,
        "file": "a/b",
        "day": dt.date(2026, 1, 2),
        "names": ["c"],
        "note": "",
    }
    made = table.build(Sample, given, tmp_path)
    assert made == Sample(
        name="x", mode="b", count=2, share=1.0, well=False, file=tmp_path / "a/b", day=dt.date(2026, 1, 2), names=("c",)
    )
    assert table.build(Sample, {"name": "x", "file": "/etc/x"}, tmp_path).file == Path("/etc/x")


@pytest.mark.parametrize(
    ("given", "keys"),
    [
        ({}, ["name"]),
        ({"name": ""}, ["name"]),
        ({"name": "x", "count": "3", "share": "x", "well": 1}, ["count", "share", "well"]),
        ({"name": "x", "count": True}, ["count"]),
        ({"name": "x", "mode": "c", "other": 1}, ["other", "mode"]),
        ({"name": "x", "file": 3, "day": "2026-01-02", "names": "c"}, ["file", "day", "names"]),
        ({"name": "x", "mode": []}, ["mode"]),
        ({"name": "x", "count": 10}, ["count"]),
    ],
)
def test_every_error_of_a_table_is_told_with_its_key(tmp_path: Path, given: dict[str, object], keys: list[str]) -> None:
    with pytest.raises(ValueError) as caught:
        table.build(Sample, given, tmp_path)
    told = [sentence.partition(":")[0] for sentence in caught.value.args[0]]
    assert sorted(told) == sorted(keys)


def test_a_state_is_replaced_whole(tmp_path: Path) -> None:
    keeper = FileState(tmp_path / "var" / "x.state")
    assert keeper.load() is None
    for content in (b"one", b"", b"three" * 1000):
        keeper.save(content)
        assert keeper.load() == content
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["x.state"]
    assert keeper.path.stat().st_mode & 0o777 == 0o600


def test_a_memory_comes_back_as_it_was(tmp_path: Path) -> None:
    keeper = FileState(tmp_path / "x")
    memory = ews_memory.Memory({"inbox": "abc"})
    memory.add("AAA=", NOON, 5)
    memory.add("aaa=", None, 6)
    memory.add("AAA=", None, 7)
    ews_memory.save(keeper, "owner", memory)
    assert ews_memory.load(keeper, "owner") == memory
    assert [memory.lying[name].size for name in ("AAA=", "aaa=")] == [7, 6]
    assert ews_memory.load(keeper, "another") == ews_memory.Memory()


class Broken:
    """A keeper on a full disk."""

    def load(self) -> bytes | None:
        return None

    def save(self, state: bytes) -> None:
        raise OSError(28, "No space left on device")


def test_a_full_disk_does_not_stop_the_mail() -> None:
    ews_memory.save(Broken(), "owner", ews_memory.Memory())
    lockout = Lockout("server", Login("u", Secret("p")), Broken(), lambda: NOON)
    knocks = 0
    for _ in range(3):
        with pytest.raises(NoEntry, match="không thử lại trước"), lockout.guard():
            knocks += 1
            raise LoginFailed("no")
    assert knocks == 1


def test_two_processes_share_what_they_learnt(tmp_path: Path) -> None:
    one, two = (Lockout("server", Login("u", Secret("p")), FileState(tmp_path / "s"), lambda: NOON) for _ in range(2))
    with pytest.raises(NoEntry, match="từ chối"), one.guard():
        raise LoginFailed("no")
    with pytest.raises(NoEntry, match="từ chối"), two.guard():
        raise AssertionError("must not knock")
    with two.guard(knock=True):
        pass
    with one.guard():
        pass


def test_a_connection_of_before_proves_nothing(tmp_path: Path) -> None:
    lockout = Lockout("server", Login("u", Secret("p")), FileState(tmp_path / "s"), lambda: NOON)
    with lockout.guard(), pytest.raises(NoEntry), lockout.guard():  # a stream open while another login is refused
        raise LoginFailed("no")
    with pytest.raises(NoEntry), lockout.guard():
        raise AssertionError("must not knock")


@pytest.mark.parametrize("error", [TryLater("x"), OSError("x"), KeyError("x"), None])
def test_a_bell_survives_its_listener(error: Exception | None) -> None:
    begun = threading.Event()

    def listen(_ring: Callable[[], None], _stopping: Callable[[], bool]) -> None:
        begun.set()
        if error:
            raise error
        threading.Event().wait(0.01)

    bell = Bell("test", listen)
    assert bell.wait(0.05) is False
    assert begun.wait(5)
    assert bell.wait(0.0) is False
    bell.close()


def test_a_bell_rings_once_for_all_news_before_a_wait() -> None:
    rung = threading.Event()

    def listen(ring: Callable[[], None], stopping: Callable[[], bool]) -> None:
        ring()
        ring()
        rung.set()
        while not stopping():
            threading.Event().wait(0.01)

    bell = Bell("test", listen)
    bell.wait(0.0)
    assert rung.wait(5)
    assert [bell.wait(0.0) for _ in range(3)].count(True) <= 1
    bell.close()


def test_a_wake_without_its_folder_does_not_fail(tmp_path: Path) -> None:
    wake = Wake((tmp_path / "none",))
    assert wake.wait(0.01) is False
    (tmp_path / "none").mkdir()
    assert wake.wait(3) is True
    wake.close()


# -- what will end soon ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("last", "well", "words"),
    [
        (None, True, "expires"),
        (dt.date(2026, 11, 22), False, "Đã hết hạn ngày 22/11/2026; hãy đổi mật khẩu ngay"),
        (dt.date(2026, 11, 23), False, "còn 0 ngày"),
        (dt.date(2026, 12, 3), False, "còn 10 ngày"),
        (dt.date(2026, 12, 4), True, "còn 11 ngày"),
    ],
)
def test_the_last_day_of_a_password(last: dt.date | None, well: bool, words: str) -> None:
    found = expiry.finding("Mật khẩu", last, NOON.date(), 10, "hãy đổi mật khẩu")
    assert found.well is well and words in found.say


def test_the_last_day_is_worked_out_once_a_day() -> None:
    clock, looked = [NOON], []

    def look(today: dt.date) -> Finding:
        looked.append(today)
        return expiry.finding("Mật khẩu", dt.date(2026, 11, 24), today, 0, "hãy đổi mật khẩu")

    foresight = expiry.Foresight(look, lambda: clock[0])
    assert foresight.warnings() == foresight.warnings() == []
    clock[0] += dt.timedelta(days=1)
    assert foresight.warnings() == foresight.warnings() != []
    assert len(looked) == 2


@pytest.mark.parametrize("kind", ["imap", "ews"])
def test_a_password_about_to_expire_is_foreseen_without_asking_a_server(tmp_path: Path, kind: str) -> None:
    secret = tmp_path / "password"
    secret.write_text("x")
    secret.chmod(0o600)
    table: dict[str, object] = {"user": "u", "password_file": "password", "expires": dt.date(2026, 12, 1)}
    own = {"imap": {"host": "mail.invalid", "smtp_host": "mail.invalid", "idle": False},
           "ews": {"endpoint": "https://mail.invalid/EWS/Exchange.asmx", "streaming": False}}[kind]  # fmt: skip
    opened = {"imap": open_imap, "ews": open_ews}[kind]
    mailbox = opened({**table, **own}, tmp_path, DESK, clock=lambda: NOON)  # type: ignore[operator]
    (warning,) = mailbox.warnings()
    assert "01/12/2026" in warning and "đổi mật khẩu" in warning
    assert opened({**table, **own, "warn_days": 1}, tmp_path, DESK, clock=lambda: NOON).warnings() == []  # type: ignore[operator]


def test_a_refused_login_tells_the_time_of_the_clock_it_was_given() -> None:
    """A server runs in UTC, its office does not."""
    zone = dt.timezone(dt.timedelta(hours=7))
    now = dt.datetime(2026, 10, 5, 15, 22, tzinfo=zone)
    lockout = Lockout("server", Login("u", Secret("p")), Broken(), lambda: now)
    with pytest.raises(NoEntry, match="không thử lại trước 15:27 ngày 05/10"), lockout.guard():
        raise LoginFailed("no")
