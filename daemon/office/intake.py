"""Room 1, take in: what lies in the mailbox and the inbox folder is kept, then filed away. Nothing is understood here."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from daemon.desk.trouble import Trouble, TryLater
from daemon.mailbox.base import Incoming
from daemon.mailbox.message import parse
from daemon.office.parts import Parts
from daemon.store.store import Arrival

BATCH = 50
BATCH_BYTES = 20_000_000


def take_mails(parts: Parts) -> int:
    """Keep every mail that lies in the inbox, many in one transaction, and file each away only after the commit.

    Return how many were new. Raises Trouble of the mailbox after keeping what could be read.
    """
    new = 0
    batch: list[tuple[Incoming, Arrival]] = []
    try:
        for mail in parts.mailbox.fetch():
            batch.append((mail, _arrival(parts, mail)))
            if len(batch) >= BATCH or sum(each.size for each, _ in batch) >= BATCH_BYTES:
                new += _keep(parts, batch)
                batch = []
    finally:
        new += _keep(parts, batch)
    return new


def _keep(parts: Parts, batch: list[tuple[Incoming, Arrival]]) -> int:
    if not batch:
        return 0
    new = parts.store.receive(arrival for _, arrival in batch)
    for mail, _ in batch:
        parts.mailbox.file_away(mail.key)
    return new


def _arrival(parts: Parts, mail: Incoming) -> Arrival:
    message = parse(mail.raw)
    received = mail.received or message.date or parts.clock.now()
    now = parts.clock.now()
    aside = f"Thư quá lớn ({mail.size // 1_000_000} MB), chỉ giữ phần đầu. Xem trong hộp thư." if mail.oversized else ""
    return Arrival(
        identity=mail_identity(message.message_id, mail.raw),
        source="mail",
        data=mail.raw,
        received=min(received, now),
        name=message.subject[:200],
        sender=message.from_address or "",
        subject=message.subject[:500],
        state="set_aside" if mail.oversized else "unsorted",
        reason=aside,
    )


def mail_identity(message_id: str | None, raw: bytes) -> str:
    """Return what tells a mail from every other: its Message-ID with a hash over what a server does not rewrite.

    The body is hashed from the first blank line on: servers add header fields on the way, and the same Message-ID with
    another body is another mail.
    """
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    what = body if message_id else head + body
    return f"mail:{message_id or ''}:{hashlib.sha256(what.rstrip()).hexdigest()}"


def take_files(parts: Parts) -> int:
    """Keep every stable file of the inbox folder and take it out of there; return how many were new."""
    new = 0
    for path in parts.folder.stable():
        try:
            new += _take_file(parts, path)
        except TryLater:
            raise
        except Trouble as problem:
            parts.folder.set_aside(path, str(problem))
    return new


def _take_file(parts: Parts, path: Path) -> int:
    data = path.read_bytes()
    kind = sniff(data, path.name)
    if kind == "mail":
        arrival = _mail_file(parts, path, data)
    else:
        arrival = Arrival(f"file:{hashlib.sha256(data).hexdigest()}", kind, data, parts.clock.now(), path.name)
    if parts.store.knows(arrival.identity) and kind != "mail":
        parts.folder.set_aside(
            path,
            "Tệp này giống hệt một tệp đã nhận trước đó, không mở phiếu lần nữa. Nếu cần, xem bằng: motcua tickets",
        )
        return 0
    new = parts.store.receive([arrival])
    path.unlink(missing_ok=True)
    return new


def _mail_file(parts: Parts, path: Path, data: bytes) -> Arrival:
    message = parse(data)
    now = parts.clock.now()
    return Arrival(
        identity=mail_identity(message.message_id, data),
        source="mail",
        data=data,
        received=min(message.date or now, now),
        name=path.name,
        sender=message.from_address or "",
        subject=message.subject[:500],
    )


def sniff(data: bytes, name: str) -> str:
    """Return what a dropped file is: ``mail``, ``msg``, ``docx`` or ``scan`` (the scan room says what it cannot read)."""
    suffix = Path(name).suffix.lower()
    if suffix == ".eml":
        return "mail"
    if data.startswith(b"\xd0\xcf\x11\xe0") and suffix == ".msg":
        return "msg"
    if data.startswith(b"PK\x03\x04") and suffix == ".docx":
        return "docx"
    return "scan"


def exports(parts: Parts) -> Iterator[object]:
    """Load the exports lying in inbox/du-lieu and yield a report of each."""
    yield from parts.lookups.take_exports()
