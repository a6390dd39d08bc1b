"""Where a ticket has left traces outside of the database: mails in the embedded mailbox, reports that name it. Only looks."""

import hashlib
import html
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from daemon.mailbox.message import parse
from daemon.office.parts import Parts
from daemon.store import privacy

_NUMBER = re.compile(r"\b[A-Z][A-Z0-9]{1,11}-\d{4}-\d{6}\b")
_ID = re.compile(rb"<[^<>\s]+>")


def mails(parts: Parts, numbers: Collection[str], items: Iterable[int]) -> Iterator[Path]:
    """Yield the embedded mailbox's copies of mails of some tickets and loose items; one on a server is not ours to erase.

    A mail is theirs by its bytes, by a Message-ID that it has or answers, or by a number in its subject. The mailbox is
    read once, whatever the number of tickets.
    """
    if parts.settings.file.mailbox_kind != "maildir":
        return
    kept = [each for number in numbers for each in parts.store.items_of(number)]
    kept += [each for item in items if (each := parts.store.item(item))]
    if not (numbers or kept):
        return
    digests = {each.digest for each in kept}
    ids = {mark.encode() for number in numbers for mark in privacy.mail_ids(parts.store, number)}
    ids |= {found for each in kept for found in _ID.findall(each.identity.encode())}
    folder = parts.home / str(parts.settings.file.mailbox_table.get("path", "var/mailbox"))
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.parent.name in ("cur", "new", "tmp") and _is_theirs(path, digests, ids, numbers):
            yield path


def _is_theirs(path: Path, digests: Collection[str], ids: Collection[bytes], numbers: Collection[str]) -> bool:
    raw = path.read_bytes()
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    if hashlib.sha256(raw).hexdigest() in digests or any(found in ids for found in _ID.findall(head)):
        return True
    return any(found in numbers for found in _NUMBER.findall(parse(head + b"\n\n").subject or ""))


def reports(parts: Parts, numbers: Collection[str]) -> Iterator[tuple[Path, str]]:
    """Yield the Word reports that name a ticket, each with the first number found: lists of what is late name customers."""
    for path in sorted((parts.outbox / "bao-cao").glob("*.docx")):
        if number := next((each for each in _NUMBER.findall(_words(path)) if each in numbers), None):
            yield path, number


def _words(path: Path) -> str:
    """The text of a Word file's body; none of a file that is no Word file."""
    try:
        with zipfile.ZipFile(path) as packed:
            body = packed.read("word/document.xml").decode("utf-8", "replace")
    except (OSError, KeyError, zipfile.BadZipFile):
        return ""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", "\n", body)))
