"""A real office in a temporary folder: real Maildir, database, Word files; only the clock is played with."""

import datetime as dt
import itertools
import shutil
import time
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from daemon.desk.ticket import Channel, Event, Ticket
from daemon.loop import Loop
from daemon.mailbox.message import parse
from daemon.office import actions
from daemon.office.parts import Parts, open_office
from daemon.scans.folder import ScanFolder

ROOT = Path(__file__).resolve().parents[2]
ZONE = dt.timezone(dt.timedelta(hours=7))
DESK = "gdkh@pcbk.example"


class FakeClock:
    """A clock that stands still until it is set."""

    def __init__(self, at: dt.datetime) -> None:
        self.at = at

    def now(self) -> dt.datetime:
        """Return the time set last."""
        return self.at

    def set(self, text: str) -> None:
        """Set the time: ``2026-10-05 08:20`` in Vietnam."""
        self.at = moment(text)


def moment(text: str) -> dt.datetime:
    """Read a time of the office."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def make_home(folder: Path, config: Path = ROOT / "config") -> Path:
    """Make a working folder with the shipped configuration, or another one, and the shipped templates."""
    shutil.copytree(config, folder / "config")
    shutil.copytree(ROOT / "templates", folder / "templates")
    for name in ("inbox/du-lieu", "outbox", "var"):
        (folder / name).mkdir(parents=True)
    return folder


def use_database(home: Path, url: str) -> None:
    """Let an office keep its records in another database: one line of its configuration."""
    desk = home / "config" / "desk.toml"
    text = desk.read_text("utf-8")
    assert '"sqlite:///var/motcua.db"' in text
    desk.write_text(text.replace('"sqlite:///var/motcua.db"', f'"{url}"'), "utf-8")


class Desk:
    """The office under test, with the hands of customers, units and agents."""

    def __init__(
        self,
        home: Path,
        start: str,
        procedure: tuple[str, str] | None = None,
        report_to: dict[str, Any] | None = None,
        gateway: str = "",
        chapter: Path | None = None,
        database: str = "",
        config: Path = ROOT / "config",
    ) -> None:
        self.home = make_home(home, config)
        if database:
            use_database(self.home, database)
        if chapter:
            path = home / "config" / "procedures" / "qt821-02-chapter-1.toml"
            path.write_text(chapter.read_text("utf-8"), "utf-8")
        if gateway:
            path = home / "config" / "desk.toml"
            path.write_text(path.read_text("utf-8") + gateway, "utf-8")
        if report_to:
            path = home / "config" / "desk.toml"
            table = f"[reports.{report_to['level']}]"
            before, after = path.read_text("utf-8").split(table)
            after = after.replace("recipients = []", f"recipients = {report_to['recipients']!r}", 1)
            path.write_text(before + table + after, "utf-8")
        if procedure:
            path = home / "config" / "procedures" / "qt821-02-chapter-1.toml"
            text = path.read_text("utf-8")
            assert procedure[0] in text, procedure[0]
            path.write_text(text.replace(*procedure), "utf-8")
        self.clock = FakeClock(moment(start))
        self.parts: Parts = open_office(home, self.clock)
        self.parts.folder = ScanFolder(home / "inbox", time.monotonic, quiet_seconds=0)
        self.loop = Loop(self.parts)
        self._seen: set[str] = set()
        self._ids = itertools.count(1)

    def close(self) -> None:
        """Close the office."""
        self.parts.close()

    # -- hands -----------------------------------------------------------------------------------------------------
    def mail(self, sender: str, subject: str, text: str, **headers: str) -> str:
        """Put a mail into the shared mailbox and return its Message-ID."""
        mail = EmailMessage()
        message_id = headers.pop("Message-ID", f"<in-{next(self._ids)}@outside.example>")
        mail["From"], mail["To"], mail["Subject"] = sender, DESK, subject
        mail["Date"], mail["Message-ID"] = format_datetime(self.clock.now()), message_id
        for name, value in headers.items():
            mail[name] = value
        mail.set_content(text)
        self.deliver(mail.as_bytes())
        return message_id

    def deliver(self, raw: bytes) -> None:
        """Put raw bytes into the shared mailbox as a mail server does."""
        assert self.parts.mailbox is not None
        folder = self.home / "var" / "mailbox"
        temporary = folder / "tmp" / f"{next(self._ids)}.test"
        temporary.write_bytes(raw)
        stamp = self.clock.now().timestamp()
        temporary.rename(
            folder / "new" / f"{int(stamp)}.{next(self._ids):06}.test"
        )  # files of one instant lie in order

    def reply(self, sender: str, text: str, **headers: str) -> None:
        """Let a unit answer the last mail of ours that went to its address."""
        last = self._last_sent_to(sender)
        quoted = "\n".join(f"> {line}" for line in (last.text or "").splitlines())
        headers = {"In-Reply-To": last.message_id or "", "References": last.message_id or "", **headers}
        self.mail(sender, f"Re: {last.subject}", f"{text}\n\n{quoted}\n", **headers)

    def _last_sent_to(self, address: str) -> Any:
        mine = [each for each in map(parse, (path.read_bytes() for path in self._sent_files())) if address in each.to]
        assert mine, f"nothing was sent to {address}"
        return mine[-1]

    def bounce(self, address: str, status: str) -> None:
        """Let a mail server return the last mail to an address (RFC 3464)."""
        last = self._last_sent_to(address)
        self.deliver(
            f"""Return-Path: <>
From: MAILER-DAEMON@mx.example
To: {DESK}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(self.clock.now())}
Message-ID: <bounce-{next(self._ids)}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}
--b
Content-Type: text/rfc822-headers

Message-ID: {last.message_id}
--b--
""".encode()
        )

    def place_last(self) -> None:
        """Put the newest mail on the newest ticket by a person's hand."""
        number = self.ticket().number
        actions.place(self.parts, self.parts.store.items_of(number)[-1].id, number, "Lan")

    def note(self, channel: str, text: str, by: str = "Lan") -> str:
        """Type a note as the agent does; return the number."""
        return actions.new(self.parts, Channel(channel), text, by)

    def send_draft(self) -> None:
        """Send the only draft as a person does with a mail client: it moves to Sent."""
        drafts = list(self._files(".Drafts"))
        assert len(drafts) == 1, drafts
        drafts[0].rename(self.home / "var/mailbox/.Sent/cur" / drafts[0].name.split(":")[0].replace("D", ""))

    # -- eyes ------------------------------------------------------------------------------------------------------
    def work(self) -> None:
        """Let the daemon do all that is due."""
        self.loop.settle()

    def at(self, text: str) -> None:
        """Let time pass, working at every moment something is due, up to a time."""
        end = moment(text)
        while (look := self.parts.store.next_look()) and look < end:
            self.clock.at = max(look, self.clock.at)
            self.work()
            if (again := self.parts.store.next_look()) and again <= look:
                break
        self.clock.at = end
        self.work()

    def _files(self, folder: str) -> list[Path]:
        base = self.home / "var" / "mailbox" / folder
        found = [path for name in ("new", "cur") for path in (base / name).glob("*") if path.is_file()]
        return sorted(found, key=lambda path: path.stat().st_mtime_ns)

    def _sent_files(self) -> list[Path]:
        return self._files(".Sent")

    def new_sent(self) -> list[Any]:
        """Return the mails sent since the last call."""
        fresh = [path for path in self._sent_files() if path.name not in self._seen]
        self._seen |= {path.name for path in fresh}
        return [parse(path.read_bytes()) for path in fresh]

    def drafts(self) -> list[Any]:
        """Return the mails in Drafts."""
        return [parse(path.read_bytes()) for path in self._files(".Drafts")]

    def ticket(self, number: str | None = None) -> Ticket:
        """Return a ticket, the newest one without a number."""
        every = list(self.parts.store.tickets())
        assert every, "no ticket"
        return next(each for each in every if each.number == number) if number else every[-1]

    def events(self, number: str | None = None) -> list[Event]:
        """Return the events of a ticket."""
        return self.parts.store.events(self.ticket(number).number)

    def file_names(self, number: str | None = None) -> list[str]:
        """Return the names of the files in the ticket's folder."""
        folder = self.home / "outbox" / self.ticket(number).number
        return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
