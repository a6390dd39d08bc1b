"""The hands of everybody outside the program: customers, units, mail servers, the scanner, an agent's mail client.

They only lay mails and files where the world lays them; nothing of the office is called here.
"""

import datetime as dt
import io
import itertools
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from daemon.demo.script import DATA
from daemon.desk.message import Message
from daemon.desk.trouble import Refused
from daemon.mailbox.maildir import with_flags
from daemon.mailbox.message import parse

SETTLED = 60.0  # seconds by which an export looks older than now: it was not copied this very moment


class Outside:
    """The world around one working folder whose mailbox is the embedded Maildir. ``now`` tells desk time."""

    def __init__(self, home: Path, desk: str, now: Any) -> None:
        self._home, self._desk, self._now = home, desk, now
        self._mailbox = home / "var" / "mailbox"
        self._numbers = itertools.count(1)

    # -- mails -----------------------------------------------------------------------------------------------------
    def mail(self, sender: str, subject: str, text: str, headers: Mapping[str, str] | None = None) -> None:
        """Deliver a mail to the shared mailbox."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, self._desk, subject
        mail["Date"] = format_datetime(self._now())
        mail["Message-ID"] = self._message_id()
        for name, value in (headers or {}).items():
            mail[name] = value
        mail.set_content(text.strip() + "\n")
        self._deliver(mail.as_bytes())

    def reply(
        self,
        sender: str,
        text: str,
        number: str,
        headers: Mapping[str, str] | None = None,
        subject: str = "",
        fresh: bool = False,
    ) -> None:
        """Let a unit answer the last mail that it got about a ticket; ``fresh`` is a mail of its own, on no thread."""
        if fresh:
            self.mail(sender, subject, text, headers)
            return
        last = self._last_sent(sender, number)
        quoted = "\n".join(f"> {line}" for line in (last.text or "").splitlines())
        thread = {"In-Reply-To": last.message_id or "", "References": last.message_id or ""}
        self.mail(sender, f"Re: {last.subject}", f"{text.strip()}\n\n{quoted}\n", thread | dict(headers or {}))

    def bounce(self, address: str, status: str, number: str) -> None:
        """Let a mail server return the last mail that went to an address about a ticket (RFC 3464)."""
        last = self._last_sent(address, number)
        lines = (
            "Return-Path: <>",
            "From: MAILER-DAEMON@mx.example",
            f"To: {self._desk}",
            "Subject: Undelivered Mail Returned to Sender",
            f"Date: {format_datetime(self._now())}",
            f"Message-ID: {self._message_id('mx.example')}",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="part"',
            "",
            "--part",
            "Content-Type: text/plain",
            "",
            f"<{address}>: host mx.example said: 550 {status} no such mailbox",
            "--part",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example",
            "",
            f"Final-Recipient: rfc822; {address}",
            "Action: failed",
            f"Status: {status}",
            "--part",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {last.message_id}",
            "--part--",
            "",
        )
        self._deliver("\r\n".join(lines).encode())

    def send_draft(self, number: str) -> bool:
        """Send a ticket's draft as a mail client does: it moves from Drafts to Sent. Say whether there was one."""
        for path in self._files(".Drafts"):
            if f"[{number}]" in parse(path.read_bytes()).subject:
                path.rename(self._mailbox / ".Sent" / "cur" / with_flags(path.name, "S"))
                return True
        return False

    def _message_id(self, domain: str = "khach.example") -> str:
        return f"<demo-{next(self._numbers)}-{self._now():%Y%m%d%H%M}@{domain}>"

    def _deliver(self, raw: bytes) -> None:
        """Lay a mail into the Maildir: written under tmp/, dated by desk time, then renamed into new/."""
        at: dt.datetime = self._now()
        name = f"{int(at.timestamp())}.M{next(self._numbers)}.demo"
        for part in ("tmp", "new"):
            (self._mailbox / part).mkdir(parents=True, exist_ok=True)
        path = self._mailbox / "tmp" / name
        path.write_bytes(raw)
        os.utime(path, (at.timestamp(), at.timestamp()))
        path.rename(self._mailbox / "new" / name)

    def _last_sent(self, address: str, number: str) -> Message:
        sent = [parse(path.read_bytes()) for path in self._files(".Sent")]
        mine = [each for each in sent if address in each.to and f"[{number}]" in each.subject]
        if not mine:
            raise Refused(f"{number}: chưa có thư nào gửi {address}")
        return mine[-1]

    def _files(self, folder: str) -> list[Path]:
        files = [path for part in ("new", "cur") for path in (self._mailbox / folder / part).glob("*")]
        return sorted((path for path in files if path.is_file()), key=lambda path: path.stat().st_mtime_ns)

    # -- files -----------------------------------------------------------------------------------------------------
    def drop(self, name: str) -> None:
        """Lay a shipped file into inbox/."""
        shutil.copyfile(DATA / name, self._home / "inbox" / name)

    def export(self, name: str) -> None:
        """Lay a shipped export into inbox/du-lieu/."""
        path = self._home / "inbox" / "du-lieu" / name
        shutil.copyfile(DATA / name, path)
        earlier = time.time() - SETTLED
        os.utime(path, (earlier, earlier))

    def signed(self, page: str, corner: tuple[int, int, int], text: str, name: str) -> None:
        """Scan a signed paper: a shipped page with a QR code of ``text`` at ``corner`` (left, top, side; pixels)."""
        from PIL import Image

        from daemon.documents import qr

        left, top, side = corner
        code = Image.open(io.BytesIO(qr.png(text))).convert("L")
        border = next(x for x in range(code.width) if code.getpixel((x, x)) == 0)
        code = code.crop((border, border, code.width - border, code.height - border))
        with Image.open(DATA / page) as picture:
            paper = picture.convert("L")
        paper.paste(code.resize((side, side), Image.Resampling.NEAREST), (left, top))
        paper.save(self._home / "inbox" / name, dpi=(150, 150))


def pages_to_type(paper: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines by which an agent types a paper that no machine could read."""
    yield str(paper["content"])
    yield f"Họ tên: {paper['name']}. Mã khách hàng: {paper['customer_code']}. Điện thoại: {paper['phone']}."
    yield f"Địa chỉ: {paper['address']}."
