"""Taking in mail durably: mails a second from the first look to the last ticket committed, beside a floor.

The floor parses with the standard library and writes each mail in one transaction, WAL and synchronous FULL. It keeps no
raw mail, understands nothing, opens no ticket and files nothing away. Of ours two figures are taken in the same run: until
the last mail is kept (raw mail and row on the disk, filed away from the inbox), and until the last ticket is committed.
"""

import email
import email.policy
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path

from daemon.bench.home import deliver, fresh_home
from daemon.bench.mails import made_mails
from daemon.loop import Loop
from daemon.office.parts import open_office
from daemon.store import models

MAILS = 1000


def ingest(beside: Path, folder: Path | None = None, count: int = MAILS, turns: int = 3) -> dict[str, float]:
    """Measure both on the same mails, in turns, and return the medians: ``mails_per_s``, ``floor_mails_per_s``, ``ratio``.

    Those are of the whole way to the tickets; ``kept_per_s`` and ``kept_ratio`` are of the keeping alone. The mails are the ``*.eml`` of ``folder``, else ``count`` made ones, of which 15 % carry a PDF of 200 KB.
    """
    mails = [path.read_bytes() for path in sorted(folder.rglob("*.eml"))] if folder else made_mails(count)
    ours, kept, floor = [], [], []
    # Nothing is deleted before the end: some file systems make files slowly for minutes after many were deleted.
    with ExitStack() as homes:
        for _ in range(turns):
            floor.append(len(mails) / _floor(homes.enter_context(fresh_home(beside)), mails))
            keeping, whole = _ours(homes.enter_context(fresh_home(beside)), mails)
            kept.append(len(mails) / keeping)
            ours.append(len(mails) / whole)
    base = _median(floor)
    return {
        "mails_per_s": round(_median(ours), 1),
        "floor_mails_per_s": round(base, 1),
        "ratio": round(_median(ours) / base, 2),
        "kept_per_s": round(_median(kept), 1),
        "kept_ratio": round(_median(kept) / base, 2),
    }


def _median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _ours(home: Path, mails: Sequence[bytes]) -> tuple[float, float]:
    """Return the seconds until everything was kept, and until everything was sorted."""
    for raw in mails:
        deliver(home, raw)
    parts = open_office(home)
    loop = Loop(parts)
    parts.mailbox, parts.folder, parts.reader, parts.lookups  # noqa: B018 - a running office has them ready
    began = time.perf_counter()
    while loop.take_in():
        kept = time.perf_counter() - began
    while loop.sort():
        pass
    seconds = time.perf_counter() - began
    _account(len(mails))
    parts.close()
    return kept, seconds


def _account(count: int) -> None:
    """Every mail lies on a ticket or was sorted otherwise. Raises AssertionError: then the figure is worth nothing."""
    left = models.Item.select().where(models.Item.state.in_(("unsorted", "reading"))).count()
    kept = models.Item.select().count()
    assert left == 0 and 0 < kept <= count, (left, kept, count)


def _floor(home: Path, mails: Sequence[bytes]) -> float:
    for raw in mails:
        deliver(home, raw)
    connection = sqlite3.connect(home / "var" / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = full")
    connection.execute("CREATE TABLE mail (id TEXT UNIQUE, sender TEXT, subject TEXT, body TEXT, files TEXT)")
    began = time.perf_counter()
    for path in sorted((home / "var" / "mailbox" / "new").iterdir()):
        row = _parsed(path.read_bytes())
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT OR IGNORE INTO mail VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def _parsed(raw: bytes) -> tuple[str, ...]:
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("plain", "html"))
    files = [(part.get_filename() or "", part.get_payload(decode=True)) for part in mail.iter_attachments()]
    text = body.get_content() if body is not None else ""
    return str(mail["Message-ID"]), str(mail["From"]), str(mail["Subject"]), text, "|".join(name for name, _ in files)
