"""Small exchanges with an IMAP server and what its answers mean; the client is IMAPClient's, handed in each time."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any

_IDLE_AT_MOST = 240.0  # seconds; then IDLE is ended and the server asked whether it still lives
_MANY = 200  # mails whose sizes are asked in one command


def idle(client: Any, ring: Callable[[], None], stopping: Callable[[], bool]) -> None:
    """Listen for a few minutes at most, ``ring`` for new mail, then make the server answer: a dead one looks like one without news."""
    client.idle()
    end = time.monotonic() + _IDLE_AT_MOST
    while time.monotonic() < end and not stopping():
        began = time.monotonic()
        news = client.idle_check(timeout=1.0)
        if any(len(line) > 1 and line[1] == b"EXISTS" for line in news):
            ring()
        if any(line and line[0] == b"BYE" for line in news):
            break
        if not news and time.monotonic() - began < 0.5:
            break  # nothing, and at once: the other end may be gone
    client.idle_done()
    client.noop()


def sizes(client: Any, uids: list[int]) -> Iterator[tuple[dt.datetime, int, int]]:
    """Yield (received, UID, bytes) of each mail still there."""
    for start in range(0, len(uids), _MANY):
        answers = client.fetch(uids[start : start + _MANY], [b"RFC822.SIZE", b"INTERNALDATE"])
        for uid, answer in answers.items():
            if b"RFC822.SIZE" in answer:
                received = aware(answer.get(b"INTERNALDATE")) or dt.datetime.now(dt.UTC)
                yield received, int(uid), int(answer[b"RFC822.SIZE"])


def heads(client: Any, uids: list[int]) -> list[tuple[int, bytes]]:
    """Return (UID, Message-ID and Subject fields) of each mail still there."""
    if not uids:
        return []
    part = b"BODY[HEADER.FIELDS (MESSAGE-ID SUBJECT)]"
    answers = client.fetch(uids, [part.replace(b"BODY", b"BODY.PEEK")])
    return [
        (int(uid), next((bytes(value) for name, value in answer.items() if name.startswith(b"BODY[") and value), b""))
        for uid, answer in answers.items()
    ]


def aware(time_of_server: dt.datetime | None) -> dt.datetime | None:
    """Return the server's time in UTC, None where it gives none with a zone."""
    return time_of_server.astimezone(dt.UTC) if time_of_server and time_of_server.tzinfo else None


def key_of(validity: int, uid: int) -> str:
    """Return the key of a mail: a UID means nothing without its folder's UIDVALIDITY."""
    return f"{validity}/{uid}"


def prefix(client: Any) -> str:
    """Return what the names of the account's own folders begin with, often nothing."""
    if not client.has_capability("NAMESPACE"):
        return ""
    personal = client.namespace().personal
    return str(personal[0][0] or "") if personal else ""
