"""What is wrong with the machine is told once, in words, where staff and the administrator look; and taken back when it is over."""

import datetime as dt
import re
import socketserver
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.desk import alarm_words, effects
from daemon.desk.trouble import TryLater
from daemon.mailbox.message import parse
from daemon.office import health, showing, surroundings, watching
from daemon.office.performing import LEASES, PERFORMERS
from daemon.office.surroundings import Surroundings
from tests.support.office import Desk

IT = "it@pcbk.example"
GOOD = "Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR0000115. Công tơ nhà tôi chạy nhanh, đề nghị kiểm định."


def told_to(home: Path, administrator: str = IT, smtp: str = "") -> None:
    """Let an office's configuration name its administrator."""
    path = home / "config" / "desk.toml"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"(?m)^administrator = .*$", f'administrator = "{administrator}"\n{smtp}', text), "utf-8")


@pytest.fixture
def watched(desk: Desk) -> Desk:
    """An office with an administrator."""
    told_to(desk.home)
    _settings_again(desk)
    return desk


def _settings_again(desk: Desk) -> None:
    from daemon.settings.whole import load

    desk.parts.settings = load(desk.home, dt.date(2026, 10, 5))


def mails(desk: Desk) -> list[Any]:
    """Return the new mails to the administrator."""
    return [mail for mail in desk.new_sent() if IT in mail.to]


def look(desk: Desk) -> None:
    """Do what the daemon does every minute."""
    desk.loop.alarms.look()
    desk.work()


def notes(desk: Desk) -> list[str]:
    """Return the names of the notes in inbox/."""
    return sorted(path.name for path in (desk.home / "inbox").glob("CANH-BAO-*"))


# -- once, and once more -----------------------------------------------------------------------------------------------
def test_told_once_everywhere_and_taken_back(watched: Desk) -> None:
    desk = watched
    for _ in range(3):
        desk.loop.alarms.ring("disk", TryLater("Ổ đĩa chỉ còn 3 MB trống: dọn ổ đĩa."))
        look(desk)
    (mail,) = mails(desk)
    assert "Ổ đĩa" in mail.subject and "PC Bắc Kạn" in mail.subject
    assert "08h20 ngày 05/10/2026" in mail.text and "3 MB trống" in mail.text
    assert mail.header("auto-submitted") == "auto-generated"
    assert notes(desk) == ["CANH-BAO-disk.txt"]
    assert "Ổ đĩa chỉ còn 3 MB" in (desk.home / "inbox/CANH-BAO-disk.txt").read_text("utf-8-sig")
    state = health.gather(desk.parts)
    assert any("CẢNH BÁO Ổ đĩa từ 08h20" in line for line in showing.status_lines(state))
    desk.clock.set("2026-10-05 09:05")
    for _ in range(2):
        desk.loop.alarms.quiet("disk")
        look(desk)
    (mail,) = mails(desk)
    assert "Đã hết" in mail.subject and "09h05 ngày 05/10/2026" in mail.text
    assert notes(desk) == [] and watching.current(desk.parts) == []
    desk.loop.alarms.ring("disk", TryLater("Lại đầy."))
    look(desk)
    assert len(mails(desk)) == 1, "another trouble is told again"


def test_over_before_the_mail_went_out_is_told_by_no_mail(watched: Desk) -> None:
    desk = watched
    desk.loop.alarms.ring("disk", TryLater("Đầy."))
    desk.loop.alarms.look()
    desk.loop.alarms.quiet("disk")
    look(desk)
    assert mails(desk) == []
    assert desk.parts.store.effects("wanted", "claimed", "set_aside") == []


def test_without_an_administrator_nothing_is_mailed(desk: Desk) -> None:
    desk.loop.alarms.ring("disk", TryLater("Đầy."))
    look(desk)
    assert notes(desk) and desk.new_sent() == []


def test_what_staff_end_themselves_is_mailed_only_when_it_lasts(watched: Desk) -> None:
    desk = watched
    desk.loop.alarms.ring("settings", TryLater("Cấu hình mới có lỗi."))
    desk.loop.alarms.look()
    desk.loop.carry_out()
    assert notes(desk) and mails(desk) == []
    desk.clock.set("2026-10-05 09:00")
    desk.loop.alarms.look()
    desk.loop.carry_out()
    assert len(mails(desk)) == 1


def test_a_crash_between_sending_and_knowing_sends_no_second_mail(watched: Desk) -> None:
    desk = watched
    desk.loop.alarms.ring("disk", TryLater("Đầy."))
    desk.loop.alarms.look()
    effect = desk.parts.store.claim({effects.TELL_ADMINISTRATOR: -1.0})
    assert effect is not None
    PERFORMERS[effects.TELL_ADMINISTRATOR](desk.parts, effect)
    desk.work()
    assert len(mails(desk)) == 1
    assert desk.parts.store.effects("wanted", "claimed", "set_aside") == []


def test_every_kind_of_work_has_a_name_and_a_lease() -> None:
    assert set(effects.KINDS) == set(PERFORMERS) == set(LEASES)
    assert all(alarm_words.title(f"effect-{kind}") != f"Việc không làm được: {kind}" for kind in effects.KINDS)


# -- what is watched ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", surroundings.FOLDERS)
def test_a_folder_that_vanished_and_came_back(watched: Desk, name: str) -> None:
    desk, around = watched, Surroundings(watched.parts, watched.loop.alarms)
    (desk.home / name).rename(desk.home / "elsewhere")
    around.look()
    desk.loop.alarms.look()
    desk.loop.carry_out()
    (mail,) = mails(desk)
    assert f"Thư mục {name}" in mail.subject and "gắn lại ổ mạng" in mail.text
    assert notes(desk) == ([] if name == "inbox" else [f"CANH-BAO-folder-{name}.txt"])
    (desk.home / "elsewhere").rename(desk.home / name)
    around.look()
    look(desk)
    assert len(mails(desk)) == 1 and watching.current(desk.parts) == [] and notes(desk) == []


def test_a_queue_that_does_not_shrink(watched: Desk) -> None:
    desk, around = watched, Surroundings(watched.parts, watched.loop.alarms)
    start = desk.clock.now()

    def later(minutes: int, length: int) -> list[str]:
        desk.clock.at = start + dt.timedelta(minutes=minutes)
        with desk.parts.database.write():
            desk.parts.database.engine.execute_sql("DELETE FROM effect")
            for number in range(length):
                desk.parts.store.want(effects.Effect(f"x/{number}", effects.READ_SCAN, {}))
        around.look()
        return [name for name, _, _ in watching.current(desk.parts)]

    assert later(0, 2000) == [], "2,000 mails at once are no trouble"
    assert later(10, 1500) == []
    assert later(16, 1100) == [], "it shrinks"
    assert later(26, 1600) == ["queue"]
    assert later(32, 1200) == ["queue"]
    assert later(45, 700) == [], "half of it is done"
    assert later(60, 50) == later(90, 60) == [], "few things are no queue"
    assert later(5, 5000) == [], "a clock set back begins anew"


def test_an_effect_that_keeps_failing_is_one_alarm_also_over_a_restart(watched: Desk) -> None:
    desk = watched
    desk.mail("Nga <nga@khach.example>", "Công tơ", GOOD)
    (desk.home / "outbox").rename(desk.home / "elsewhere")
    for _ in range(6):
        desk.parts.database.engine.execute_sql("UPDATE effect SET retry_at = 0")
        desk.work()
    look(desk)
    told = mails(desk)
    assert len(told) == len({mail.subject for mail in told}) > 0
    assert any("soạn văn bản" in mail.subject for mail in told)
    from daemon.loop import Loop

    desk.loop = Loop(desk.parts)
    desk.loop.alarms.effect_ended(_another(desk))
    assert any(name == "effect-write_document" for name, _, _ in watching.current(desk.parts)), "one still fails"
    (desk.home / "elsewhere").rename(desk.home / "outbox")
    for _ in range(2):
        desk.parts.database.engine.execute_sql("UPDATE effect SET retry_at = 0")
        desk.work()
    look(desk)
    assert len(mails(desk)) == len(told)
    assert watching.current(desk.parts) == [] and notes(desk) == []
    assert desk.ticket().state == "waiting_unit"


def _another(desk: Desk) -> Any:
    from daemon.store.store import Claimed

    return Claimed(0, None, "another", effects.WRITE_DOCUMENT, {}, None, 1, False)


def test_a_note_that_cannot_be_written_or_taken_away_keeps_nothing_back(watched: Desk) -> None:
    desk = watched
    (desk.home / "inbox" / "CANH-BAO-cu.txt").write_text("còn sót", "utf-8")
    (desk.home / "inbox" / "CANH-BAO-disk.txt").mkdir()
    desk.loop.alarms.ring("disk", TryLater("Đầy."))
    desk.loop.alarms.ring("queue", TryLater("Dài."))
    look(desk)
    assert len(mails(desk)) == 2
    assert notes(desk) == ["CANH-BAO-disk.txt", "CANH-BAO-queue.txt"]
    desk.loop.alarms.quiet("disk")


# -- another way out ---------------------------------------------------------------------------------------------------
class Server(socketserver.ThreadingTCPServer):
    """As much of an SMTP server as takes mails."""

    allow_reuse_address = True

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Session)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Server)
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline().upper():
            if line.startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.wfile.write(b"250 well\r\n" if not line.startswith(b"QUIT") else b"221 bye\r\n")


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on this machine."""
    with Server() as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def test_a_mailbox_that_is_away_is_told_by_the_other_way(desk: Desk, server: Server) -> None:
    port = server.server_address[1]
    told_to(desk.home, smtp=f'[alarm.smtp]\nsmtp_host = "127.0.0.1"\nsmtp_port = {port}\nsmtp_security = "none"\n')
    _settings_again(desk)
    desk.work()
    box = desk.home / "var" / "mailbox"
    box.rename(box.with_name("away"))
    box.touch()
    desk.work()
    look(desk)
    assert server.mails == [], "the silence is not long enough"
    desk.clock.set("2026-10-05 09:00")
    for _ in range(3):
        look(desk)
    (mail,) = map(parse, server.mails)
    assert mail.to == (IT,) and "Hộp thư" in mail.subject
    box.unlink()
    box.with_name("away").rename(box)
    desk.work()
    look(desk)
    assert [parse(raw).subject[:16] for raw in server.mails] == ["[motcua] Cần xem", "[motcua] Đã hết:"]
    assert mails(desk) == []
    assert desk.parts.store.effects("wanted", "claimed", "set_aside") == []


def test_a_mailbox_that_is_away_wants_no_mail_where_it_is_the_only_way(watched: Desk) -> None:
    desk = watched
    desk.work()
    box = desk.home / "var" / "mailbox"
    box.rename(box.with_name("away"))
    box.touch()
    desk.work()
    desk.clock.set("2026-10-05 10:00")
    look(desk)
    assert notes(desk) == ["CANH-BAO-mailbox.txt"]
    assert desk.parts.store.effects("wanted", "claimed", "set_aside") == []
