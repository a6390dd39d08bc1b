"""Room 1, take in: what lies in the mailbox and the inbox folder is kept, then filed away. Nothing is understood here."""

import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from daemon.desk.trouble import TryLater
from daemon.mailbox.base import Incoming
from daemon.mailbox.message import head_of
from daemon.office import senders
from daemon.office.ahead import MANY, Mail
from daemon.office.parts import Parts
from daemon.office.poison import InHand, why
from daemon.points import passing
from daemon.store.store import Arrival, Item

log = logging.getLogger("motcua")

NOTE_PREFIX = "CANH-BAO-"
MOST_FILE_BYTES = 200_000_000
OLDEST = dt.timedelta(days=30)
BATCH = 200
BATCH_BYTES = 10_000_000


def take_mails(parts: Parts, in_hand: InHand | None = None) -> int:
    """Keep every mail that lies in the inbox, many in one transaction, and file each away only after the commit.

    Return how many were new. Raises Trouble of the mailbox after keeping what could be read.
    """
    new = 0
    in_hand = in_hand or InHand(parts)
    keys: list[str] = []
    batch: list[Arrival] = []
    size = 0
    try:
        for mail in parts.mailbox.fetch():
            parts.ahead.step()
            keys.append(mail.key)
            batch.append(_careful(parts, mail, in_hand))
            size += len(mail.raw)
            if len(batch) == MANY:
                parts.ahead.expect(MANY)
            if len(batch) >= BATCH or size >= BATCH_BYTES:
                new += _keep(parts, keys, batch)
                size = 0
    finally:
        new += _keep(parts, keys, batch)
    return new


def _keep(parts: Parts, keys: list[str], batch: list[Arrival]) -> int:
    """Keep a batch and let go of its bytes before the next is read; file away what is kept."""
    if not batch:
        return 0
    new, digests = parts.store.receive(batch)
    mails = _strangers(parts, batch, digests)
    batch.clear()
    for key in keys:
        passing("file_away.before")
        parts.mailbox.file_away(key)
        passing("file_away.after")
    keys.clear()
    parts.ahead.offer(mails)  # read while the rest is still being taken in
    return new


def _strangers(parts: Parts, batch: Sequence[Arrival], digests: Sequence[str]) -> list[Mail]:
    """Return the mails of a batch that customers may have written."""
    known = senders.known(parts)
    return [
        Mail(digest, arrival.received)
        for arrival, digest in zip(batch, digests, strict=True)
        if arrival.state == "unsorted" and arrival.sender not in known
    ]


def _careful(parts: Parts, mail: Incoming, in_hand: InHand) -> Arrival:
    if in_hand.deadly(mail.key):
        in_hand.forget(mail.key)
        return _unread(parts, mail.raw, why("thư này"))
    with in_hand.reading(mail.key):
        return _readable(parts, mail.raw, partial(_arrival, parts, mail))


def _readable(parts: Parts, raw: bytes, make: Callable[[], Arrival]) -> Arrival:
    """Return what ``make`` gives; a mail on which it fails is kept all the same and set aside, so that others go on."""
    try:
        return make()
    except Exception as defect:
        log.exception("taking in a mail")
        reason = f"Lỗi của chương trình khi đọc thư ({type(defect).__name__}). Bản gốc đã giữ; xem trong hộp thư."
        return _unread(parts, raw, reason)


def _unread(parts: Parts, raw: bytes, reason: str) -> Arrival:
    return Arrival(mail_identity(None, raw), "mail", raw, parts.clock.now(), "Thư", state="set_aside", reason=reason)


def _arrival(parts: Parts, mail: Incoming) -> Arrival:
    head = head_of(mail.raw)
    now = parts.clock.now()
    aside = f"Thư quá lớn ({mail.size // 1_000_000} MB), chỉ giữ phần đầu. Xem trong hộp thư." if mail.oversized else ""
    return Arrival(
        identity=mail_identity(head.message_id, mail.raw),
        source="mail",
        data=mail.raw,
        received=plausible(mail.received or head.date, now),
        name=head.subject[:200],
        sender=head.from_address or "",
        subject=head.subject[:500],
        state="set_aside" if mail.oversized else "unsorted",
        reason=aside,
    )


def plausible(told: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """Return when a mail was received: what it says, unless that lies ahead or so far back that it arrives only today."""
    return told if told is not None and now - OLDEST <= told <= now else now


def mail_identity(message_id: str | None, raw: bytes) -> str:
    """Return what tells a mail from every other: its Message-ID with a hash over what a server does not rewrite.

    The body is hashed from the first blank line on: servers add header fields on the way, and the same Message-ID with
    another body is another mail.
    """
    plain = raw.replace(b"\r\n", b"\n") if b"\r" in raw else raw
    head, _, body = plain.partition(b"\n\n")
    what = body if message_id else head + body
    return f"mail:{message_id or ''}:{hashlib.sha256(what.rstrip()).hexdigest()}"


def take_files(parts: Parts) -> int:
    """Keep every stable file of the inbox folder and take it out of there; return how many were new.

    Files claimed before the program stopped come first. Raises Trouble of the folder or the disk; the file stays claimed.
    """
    new = sum(_take_file(parts, path) for path in parts.folder.claimed())
    for path in parts.folder.stable():
        if not path.name.startswith(NOTE_PREFIX):
            new += _take_file(parts, parts.folder.claim(path))
    return new


def _take_file(parts: Parts, path: Path) -> int:
    """Keep a claimed file; only when its bytes and its row are safe does it go."""
    try:
        stat = path.stat()
        size, claim = stat.st_size, f"{path.name}:{stat.st_ino}:{stat.st_mtime_ns}"
        if size > MOST_FILE_BYTES:
            parts.folder.set_aside(path, f"tệp quá lớn ({size // 1_000_000} MB); quét lại ở 300 dpi hoặc chia nhỏ")
            return 0
        data = path.read_bytes()
    except OSError as problem:
        raise TryLater(f"{path.name}: chưa đọc được ({problem.strerror}); sẽ thử lại.") from problem
    kind = sniff(data, path.name)
    make = _mail_file if kind == "mail" else _file
    arrival = _readable(parts, data, partial(make, parts, path, data, kind))
    known = parts.store.item_by_identity(arrival.identity)
    if known and known.details.get("claim") != claim:
        parts.folder.set_aside(path, _twice(known))
        return 0
    new = parts.store.receive([replace(arrival, details={"claim": claim})]).new
    passing("unlink.before")
    path.unlink(missing_ok=True)
    passing("unlink.after")
    return new


def _file(parts: Parts, path: Path, data: bytes, kind: str) -> Arrival:
    return Arrival(f"file:{hashlib.sha256(data).hexdigest()}", kind, data, parts.clock.now(), path.name)


def _twice(known: Item) -> str:
    where = f"phiếu {known.ticket}" if known.ticket else "lần nhận trước"
    return f"giống hệt một tệp đã nhận ({where}); không mở phiếu lần nữa"


def _mail_file(parts: Parts, path: Path, data: bytes, _kind: str) -> Arrival:
    head = head_of(data)
    now = parts.clock.now()
    return Arrival(
        identity=mail_identity(head.message_id, data),
        source="mail",
        data=data,
        received=plausible(head.date, now),
        name=path.name,
        sender=head.from_address or "",
        subject=head.subject[:500],
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
