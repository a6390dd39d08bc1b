"""The contract every mailbox back end keeps: raw RFC 822 bytes in and out, and what is true of a mail already written.

A back end never sorts, answers or repeats anything by itself: retrying is the loop's work, meaning is the reading's.
Trouble is raised as ``TryLater`` (the server is not ready; of a mail to send: it surely did not go out), ``Refused``
(it will never take this mail) or ``Doubt`` (it cannot be told whether the mail went out). ``NoEntry`` is the ``TryLater``
that only the administrator can end.
"""

import datetime as dt
import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from daemon.desk.trouble import NeedsPerson, TryLater


class Doubt(NeedsPerson):
    """It cannot be told whether the mail went out: look with ``find`` first, never send again blindly."""


class NoEntry(TryLater):
    """The server does not let us in (credentials, certificate, rights) until the administrator has acted: an alarm.

    It is a ``TryLater`` because nothing is wrong with the mail in hand: it waits, and has surely not gone out. Raised
    without knocking again while the refusal is fresh, so that the account is not locked.
    """


@dataclass(frozen=True, slots=True)
class Incoming:
    """One mail lying in the inbox.

    ``key`` is the back end's handle for ``file_away``; it may change when staff move the mail and is no identity.
    ``raw`` is the whole mail in bytes, or its header block when ``oversized`` (then ``size`` tells the true bytes).
    ``received`` is the server's aware time of receipt, None where the server does not say.
    """

    key: str
    raw: bytes = field(repr=False)
    size: int
    received: dt.datetime | None = None
    oversized: bool = False


class Where(enum.StrEnum):
    """Where a mail that we wrote lies now."""

    DRAFTS = "drafts"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Found:
    """A mail of ours found again: the folder, the back end's key, its raw bytes, and when it was sent or saved.

    ``exact`` is true when it carries the Message-ID asked for, false when only the number in its subject agrees: then
    it may be any mail of the same ticket, and the caller tells by the Message-IDs that it issued.
    """

    where: Where
    key: str
    raw: bytes = field(repr=False)
    at: dt.datetime | None = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of ``check --live``: what was looked at, whether it is well, and in Vietnamese what to do if not."""

    what: str
    well: bool
    say: str


class StateKeeper(Protocol):
    """Keeps a few kilobytes of a back end's memory between runs. Losing them must be harmless."""

    def load(self) -> bytes | None:
        """Return what was saved last, or None."""

    def save(self, state: bytes) -> None:
        """Keep the bytes instead of those before, atomically."""


def nothing(_key: str) -> bool:
    """Skip no mail: the default of ``Mailbox.fetch``."""
    return False


class Mailbox(Protocol):
    """One shared mailbox. ``wait`` may be called from a thread of its own; everything else from one thread."""

    @property
    def sent_is_proof(self) -> bool:
        """Whether a mail of ours that ``find`` does not see in Sent surely did not go out."""

    def fetch(self, skip: Callable[[str], bool] = nothing) -> Iterator[Incoming]:
        """Yield what lies in the inbox, oldest first, one at a time; a key for which ``skip`` is true is not read.

        A mail that cannot be read does not keep back the others: it is told by the ``Trouble`` raised after the last
        one. Where the connection breaks, ``TryLater`` is raised at once; what was yielded before stands.
        """

    def file_away(self, key: str) -> None:
        """Mark the mail as taken so that ``fetch`` no longer yields it; harmless if staff moved or deleted it."""

    def send(self, raw: bytes) -> str | None:
        """Send the mail as it stands and keep a copy in Sent. One attempt: never repeated below the caller.

        After ``TryLater``, ``Refused`` and ``NoEntry`` it surely did not go out; only ``Doubt`` leaves that open.

        Return None, or a warning in Vietnamese where the mail did go out but a person should look (no copy could be
        kept in Sent, or the copy there lacks an attachment). A Message-ID that the back end can see in Sent is not sent
        twice.
        """

    def save_draft(self, raw: bytes) -> str:
        """Put the mail into Drafts for a person to send; return its key there.

        After ``TryLater`` it may lie there all the same (the answer was lost): look with ``find`` before saving again.
        """

    def remove_draft(self, key: str) -> None:
        """Take a draft of ours out of Drafts; harmless if it is gone."""

    def find(self, message_id: str, token: str | None = None) -> tuple[Found, ...]:
        """Return where a mail of ours lies, by Message-ID, else by ``token`` (the number in brackets) in the subject.

        Looks in Sent **and** Drafts. Mail clients may give a draft a new Message-ID when a person sends it, hence the
        token: unless the Message-ID itself lies in Sent, those whose subject holds the token follow (``exact`` false),
        each folder oldest first. An empty answer means that it lies in neither folder.
        """

    def changed(self) -> bool:
        """Say whether Sent or Drafts may have changed since the last call; when in doubt, True.

        True at the first call of a process and after a ``find`` that failed. Raises ``TryLater`` or ``NoEntry`` where
        the server cannot be asked.
        """

    def wait(self, seconds: float) -> bool:
        """Wait up to ``seconds`` for news; True wakes the loop early. A dead wake-up must never lengthen the wait."""

    def warnings(self) -> list[str]:
        """Return in Vietnamese what will stop the mailbox soon, such as a password about to expire; asks no server."""

    def check(self) -> list[Finding]:
        """Connect, look at the folders and rights, write and remove a draft, compare clocks; say it in plain words."""

    def close(self) -> None:
        """Let go of connections."""
