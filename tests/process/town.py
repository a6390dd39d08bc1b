"""A town around one office: customers, units and agents who go on while the office's process is killed again and again.

The office is a real working folder and its processes are real (``python -m daemon``). What the town has done is kept
here, so that afterwards every letter can be accounted for.
"""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, localtime
from pathlib import Path
from typing import Any

from daemon.desk.message import Message
from daemon.mailbox.message import parse
from daemon.office.founding import found
from daemon.points import VARIABLE
from daemon.store.database import Database
from daemon.store.originals import Originals
from daemon.store.store import Store
from tests.support.office import DESK, ROOT, ZONE, use_database

ANSWER = (
    "Đơn vị đã kiểm tra: công tơ hoạt động bình thường, sai số trong giới hạn cho phép. Đã giải thích cho khách hàng."
)


@dataclass
class Done:
    """What the town did, by Message-ID."""

    requests: dict[str, str] = field(default_factory=dict)  # Message-ID → the customer's address
    automatic: set[str] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    strays: set[str] = field(default_factory=set)
    replies: dict[str, str] = field(default_factory=dict)  # Message-ID → the ticket's number
    approved: set[str] = field(default_factory=set)
    perhaps_approved: set[str] = field(default_factory=set)  # the command was killed
    notes: int = 0


class Town:
    """An office in a folder and everybody who deals with it; what happens is drawn from a seed."""

    def __init__(self, home: Path, seed: int, url: str = "") -> None:
        self.home = home
        self.url = url
        self.random = random.Random(seed)
        self.done = Done()
        self.kills = 0
        self.starts = 0
        self._count = 0
        for _ in found(home):
            pass
        self._mailbox = home / "var" / "mailbox"
        for name in ("tmp", "new", "cur"):
            (self._mailbox / name).mkdir(parents=True)
        desk = home / "config" / "desk.toml"
        desk.write_text(desk.read_text("utf-8").replace("poll_seconds = 5", "poll_seconds = 1"), "utf-8")
        if url:
            use_database(home, url)

    # -- hands -----------------------------------------------------------------------------------------------------
    def _mail(self, sender: str, subject: str, text: str, **headers: str) -> tuple[str, bytes]:
        self._count += 1
        mail = EmailMessage()
        message_id = headers.pop("Message-ID", f"<town-{self._count}@outside.example>")
        mail["From"], mail["To"], mail["Subject"] = sender, DESK, subject
        mail["Date"], mail["Message-ID"] = format_datetime(localtime()), message_id
        for name, value in headers.items():
            mail[name] = value
        mail.set_content(text)
        return message_id, mail.as_bytes()

    def _deliver(self, raw: bytes, by_file: bool | None = None) -> None:
        """Lay a mail into the Maildir as a mail server does, or as an .eml file into inbox/."""
        self._count += 1
        if self.random.random() < 0.15 if by_file is None else by_file:
            beside = self.home / "inbox" / f"thu-{self._count}.eml.part"
            beside.write_bytes(raw)
            beside.rename(beside.with_suffix(""))
            return
        name = f"{int(time.time())}.{self._count}.town"
        (self._mailbox / "tmp" / name).write_bytes(raw)
        (self._mailbox / "tmp" / name).rename(self._mailbox / "new" / name)

    def request(self, by_file: bool | None = None) -> None:
        """A customer writes; sometimes the mail arrives twice."""
        number = len(self.done.requests) + 1
        address = f"khach{number}@khach.example"
        message_id, raw = self._mail(
            f"Lương Thị Nga <{address}>",
            "Công tơ chạy nhanh",
            f"Tôi là Lương Thị Nga, xã Sơn Thành, mã khách hàng PA26NR{number:07d}. "
            f"Công tơ nhà tôi chạy nhanh bất thường, đề nghị kiểm định. 0912 {number // 1000 % 1000:03d} {number % 1000:03d}\n",
        )
        self.done.requests[message_id] = address
        for _ in range(2 if self.random.random() < 0.15 else 1):
            self._deliver(raw, by_file)

    def noise(self) -> None:
        """Mails that open no ticket: an absence note, our own mail, a unit's mail about nothing known."""
        kind = self.random.choice(("automatic", "own", "stray"))
        if kind == "automatic":
            message_id, raw = self._mail(
                "ai@do.example", "Trả lời tự động: vắng mặt", "Tôi vắng mặt.", **{"Auto-Submitted": "auto-replied"}
            )
            self.done.automatic.add(message_id)
        elif kind == "own":
            message_id, raw = self._mail(DESK, "Thử", "Thử gửi cho chính mình.")
            self.done.own.add(message_id)
        else:
            message_id, raw = self._mail(
                "dlnari@pcbk.example", "Về việc hôm trước", "Đơn vị đã làm xong việc hôm trước."
            )
            self.done.strays.add(message_id)
        self._deliver(raw)

    def answer_some(self, share: float = 0.5) -> None:
        """Units answer some of the request forms that lie in Sent."""
        answered = set(self.done.replies.values())
        for mail in self.sent():
            number = _number(mail)
            if mail.to and mail.to[0].endswith("@pcbk.example") and number not in answered:
                if self.random.random() > share:
                    continue
                headers = {"In-Reply-To": mail.message_id or "", "References": mail.message_id or ""}
                message_id, raw = self._mail(mail.to[0], f"Re: {mail.subject}", ANSWER + "\n", **headers)
                self.done.replies[message_id] = number
                answered.add(number)
                self._deliver(raw)

    def approve_some(self, share: float = 0.5, *, fatal: bool = True) -> None:
        """An agent releases some drafts with the command; the command may be killed, then it is given again later."""
        for number, state in self._states().items():
            if state == "to_approve" and self.random.random() <= share:
                # What was released before, perhaps by a command that was killed, and not yet looked at by the daemon: the
                # second command is told so, with 2.
                again = number in self.done.perhaps_approved | self.done.approved
                fate = self._fate(6) if fatal else None
                run = self.command("approve", number, "--by", "Hoa", die_at=fate, may_refuse=again)
                if run.returncode == 0:
                    self.done.approved.add(number)
                else:
                    self.done.perhaps_approved.add(number)

    def note(self) -> None:
        """An agent types a note; a command that was killed may have done its work or not, so it is not given again."""
        number = self.done.notes + 1
        text = (
            f"Ông Sùng A Chớ, mã khách hàng PA26NR9{number:06d}, xã Sơn Thành, 0968 {number // 1000:03d} {number % 1000:03d} "
            "phàn nàn một tháng mất điện 8 lần, hẹn gọi điện trả lời ông."
        )
        run = self.command("new", "--channel", "counter", "--by", "Lan", text=text)
        assert run.returncode == 0, run.stderr
        self.done.notes += 1

    def _fate(self, most: int) -> str | None:
        return f"*:{self.random.randint(1, most)}" if self.random.random() < 0.5 else None

    # -- processes -------------------------------------------------------------------------------------------------
    def _environment(self, die_at: str | None) -> dict[str, str]:
        return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"} | ({VARIABLE: die_at} if die_at else {})

    def command(
        self, *args: str, text: str = "", die_at: str | None = None, may_refuse: bool = False
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command of the office to its end, or to its death at a named point."""
        self.starts += 1
        run = subprocess.run(
            [sys.executable, "-m", "daemon", "--home", str(self.home), *args],
            input=text,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=self._environment(die_at),
            timeout=300,
            check=False,
        )
        if run.returncode == -signal.SIGKILL:
            self.kills += 1
        else:
            well = (0, 2, 3) if may_refuse else (0, 3)
            assert run.returncode in well, (args, run.returncode, run.stderr)
        return run

    def run_to_a_point(self, die_at: str) -> bool:
        """Let a single run work until it kills itself at a point; False when it ended before."""
        return self.command("run", "--once", die_at=die_at).returncode == -signal.SIGKILL

    def run_to_a_moment(self, most: float) -> None:
        """Start the daemon, and kill it at a random moment after it said that it is ready."""
        self.starts += 1
        with subprocess.Popen(
            [sys.executable, "-m", "daemon", "--home", str(self.home), "run"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=self._environment(None),
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            line = process.stdout.readline()
            time.sleep(self.random.uniform(0, most))
            process.send_signal(signal.SIGKILL)
            said = process.stderr.read().decode()
        assert process.returncode == -signal.SIGKILL, (process.returncode, line, said)
        self.kills += 1

    def let_time_pass(self) -> None:
        """What the dead held becomes free: leases and pauses run out at once instead of in minutes."""
        if not self._states():
            return
        with contextlib.closing(self._connection()) as connection, connection:
            connection.execute("UPDATE effect SET lease = 0 WHERE state = 'claimed'")
            connection.execute("UPDATE effect SET retry_at = 0 WHERE state = 'wanted'")
            connection.execute("UPDATE item SET retry_at = 0")

    def rest(self) -> None:
        """Let the office work undisturbed until nothing is left that waited for a lease or a pause."""
        for _ in range(5):
            self.let_time_pass()
            self.command("run", "--once")
            if not self._rows("SELECT 1 FROM effect WHERE state IN ('wanted', 'claimed') LIMIT 1"):
                return

    def finish(self) -> None:
        """Let everything come to its end: every request is answered, every draft released."""
        self.rest()
        self.answer_some(1.0)
        self.rest()
        self.approve_some(1.0, fatal=False)
        self.rest()

    # -- eyes ------------------------------------------------------------------------------------------------------
    def sent(self) -> list[Message]:
        """Return the mails in Sent, oldest first."""
        return _mails(self._mailbox / ".Sent")

    def _states(self) -> dict[str, str]:
        try:
            return {str(number): str(state) for number, state in self._rows("SELECT number, state FROM ticket")}
        except Exception as missing:
            if type(missing).__name__ not in ("OperationalError", "UndefinedTable"):
                raise
            return {}  # killed before the first migration

    def _connection(self) -> Any:
        if self.url:
            import psycopg

            return psycopg.connect(self.url)
        return sqlite3.connect(f"file:{self.home / 'var' / 'motcua.db'}?mode=rw", uri=True, timeout=30)

    def _rows(self, question: str) -> list[tuple[object, ...]]:
        with contextlib.closing(self._connection()) as connection:
            return list(connection.execute(question))

    # -- the account -----------------------------------------------------------------------------------------------
    def account(self) -> list[str]:
        """Return everything that was lost, done twice or left lying about; empty is the promise kept."""
        return [
            *self._lost_or_doubled_mails(),
            *self._numbers(),
            *self._outgoing(),
            *self._files(),
            *self._records(),
            *self._left_lying(),
        ]

    def _lost_or_doubled_mails(self) -> Iterator[str]:
        items = Counter(self._rows("SELECT identity FROM item"))
        yield from (f"kept twice: {name}" for name, count in items.items() if count > 1)
        states = {str(name).split(":")[2]: str(state) for name, state in self._rows("SELECT identity, state FROM item")}
        wanted = (
            (self.done.requests, "sorted"),
            (self.done.replies, "sorted"),
            (self.done.automatic, "set_aside"),
            (self.done.own, "ignored"),
            (self.done.strays, "unplaced"),
        )
        for ids, state in wanted:
            yield from (f"{name}: {states.get(name)}, not {state}" for name in ids if states.get(name) != state)
        tickets = Counter(str(name) for (name,) in self._rows("SELECT message_id FROM ticket"))
        yield from (f"{name}: {tickets[name]} tickets" for name in self.done.requests if tickets[name] != 1)
        notes = self._rows("SELECT count(*) FROM ticket WHERE channel = 'counter'")[0][0]
        if notes != self.done.notes:
            yield f"{notes} tickets of {self.done.notes} notes"
        replies = Counter(
            str(number)
            for (number,) in self._rows(
                "SELECT t.number FROM event e JOIN ticket t ON t.id = e.ticket_id WHERE e.kind = 'reply'"
            )
        )
        if replies != Counter(self.done.replies.values()):
            yield f"replies recorded: {replies}, sent: {Counter(self.done.replies.values())}"

    def _numbers(self) -> Iterator[str]:
        numbers = sorted(int(number.rpartition("-")[2]) for number in self._states())
        expected = len(self.done.requests) + self.done.notes
        if numbers != list(range(1, expected + 1)):
            yield f"numbers {numbers}, expected 1 to {expected}"

    def _outgoing(self) -> Iterator[str]:
        sent = self.sent()
        ids = Counter(mail.message_id for mail in sent)
        yield from (f"{name} sent {count} times" for name, count in ids.items() if count != 1)
        wanted = {
            str(name)
            for (name,) in self._rows("SELECT message_id FROM effect WHERE kind = 'send_mail' AND state = 'done'")
        }
        withheld = self._rows("SELECT count(*) FROM event WHERE kind IN ('mail_withheld', 'mail_refused')")[0][0]
        yield from (f"sent, but not recorded: {name}" for name in ids if name not in wanted)
        if withheld or wanted - set(ids):
            yield f"recorded, but not sent: {sorted(wanted - set(map(str, ids)))}, withheld: {withheld}"
        for address in self.done.requests.values():
            to_customer = [mail for mail in sent if address in mail.to]
            slips = [mail for mail in to_customer if any("-slip-" in each.name for each in mail.attachments)]
            if len(slips) != 1:
                yield f"{address}: {len(slips)} slips"
        requests = Counter(_number(mail) for mail in sent if any("-request-" in each.name for each in mail.attachments))
        yield from (f"{number}: {requests[number]} request forms" for number in self._states() if requests[number] != 1)
        answers = Counter(_number(mail) for mail in sent if any("-answer-" in each.name for each in mail.attachments))
        called = {str(number) for (number,) in self._rows("SELECT number FROM ticket WHERE wanted_reply = 'phone'")}
        approved = {
            str(number)
            for (number,) in self._rows(
                "SELECT t.number FROM event e JOIN ticket t ON t.id = e.ticket_id WHERE e.kind = 'approved'"
            )
        }
        if not self.done.approved <= approved <= self.done.approved | self.done.perhaps_approved:
            yield f"approvals lost {self.done.approved - approved}, invented {approved - self.done.perhaps_approved}"
        if wrong := set(answers) ^ (approved - called) | {number for number in answers if answers[number] > 1}:
            yield f"released and not sent once, or sent and not released: {sorted(wrong)}"
        drafts = Counter(_number(mail) for mail in _mails(self._mailbox / ".Drafts"))
        states = self._states()
        waiting = {number for number, state in states.items() if state == "to_approve"}
        # Released by phone before the draft was laid into Drafts, it is taken out again; released after, it stays.
        may_have = waiting | {number for number, state in states.items() if state == "released"}
        if not waiting <= set(drafts) <= may_have or set(drafts.values()) - {1}:
            yield f"no draft: {sorted(waiting - set(drafts))}, drafts too many: {sorted(set(drafts) - may_have)}"

    def _files(self) -> Iterator[str]:
        known = {
            (str(number), str(name))
            for number, name in self._rows(
                "SELECT t.number, d.name FROM document d JOIN ticket t ON t.id = d.ticket_id"
            )
        }
        lying = {(path.parent.name, path.name) for path in (self.home / "outbox").glob("*/*")}
        if known != lying:
            yield f"files not recorded {sorted(lying - known)[:5]}, records without file {sorted(known - lying)[:5]}"
        for path in (self.home / "outbox").glob("*/*.docx"):
            if not zipfile.is_zipfile(path):
                yield f"broken file {path.name}"
        kinds = Counter(
            (number, name.split("-", 3)[3].rpartition("-")[0]) for number, name in lying if name.endswith(".docx")
        )
        yield from (f"{what} written {count} times" for what, count in kinds.items() if count > 1)

    def _records(self) -> Iterator[str]:
        database = Database(self.url or "sqlite:///var/motcua.db", self.home)
        store = Store(database, Originals(self.home / "var" / "originals"), "PCBK", ZONE)
        yield from store.broken_chains()
        database.close()
        yield from (
            f"effect {row} is {state}"
            for row, state in self._rows("SELECT key, state FROM effect WHERE state != 'done'")
        )
        yield from (
            f"item {row} is {state}"
            for row, state in self._rows("SELECT identity, state FROM item WHERE state IN ('unsorted', 'reading')")
        )
        yield from (f"defect: {text}" for (text,) in self._rows("SELECT content FROM event WHERE kind = 'defect'"))
        for digest, size in self._rows("SELECT digest, size FROM item"):
            path = Originals(self.home / "var" / "originals").path(str(digest))
            if not path.exists() or path.stat().st_size != size:
                yield f"original {digest} is not whole"

    def _left_lying(self) -> Iterator[str]:
        inbox = self.home / "inbox"
        places = (
            inbox.glob("*.*"),
            (inbox / ".work").glob("*"),
            (self._mailbox / "new").iterdir(),
            (self._mailbox / "cur").iterdir(),
            (self.home / "outbox").rglob(".*"),
            (self.home / "var" / "originals").rglob(".*"),
        )
        yield from (f"left lying: {path}" for place in places for path in place if path.is_file())


def _mails(folder: Path) -> list[Message]:
    paths = [path for part in ("new", "cur") for path in (folder / part).glob("*")]
    return [parse(path.read_bytes()) for path in sorted(paths, key=lambda path: path.name)]


def _number(mail: Message) -> str:
    return mail.subject.partition("[")[2].partition("]")[0]
