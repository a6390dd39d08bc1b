"""What the contract suite needs of the world around a back end: mail arrives, staff act, people look into folders."""

import os
import time
from pathlib import Path
from typing import Protocol

from daemon.mailbox import envelope
from daemon.mailbox.base import Mailbox
from daemon.mailbox.maildir import open_maildir
from tests.contract.mails import DESK

MOST_BYTES = 200_000


class House(Protocol):
    """One mailbox of a back end with the people around it."""

    leaves: bool  # whether a sent mail really reaches a receiver that the test can ask

    def open(self) -> Mailbox: ...

    def arrive(self, raw: bytes) -> None:
        """Let a mail arrive in the inbox."""

    def inbox(self) -> list[bytes]: ...

    def taken(self) -> list[bytes]: ...

    def sent(self) -> list[bytes]: ...

    def drafts(self) -> list[bytes]: ...

    def delivered(self) -> list[bytes]: ...

    def staff_read(self) -> None:
        """A person opens every mail of the inbox: it is marked as read."""

    def staff_delete(self) -> None:
        """A person deletes every mail of the inbox."""

    def staff_send(self, draft: bytes, as_sent: bytes) -> None:
        """A person sends the draft; the mail client writes ``as_sent`` into Sent and takes the draft away."""

    def close(self) -> None: ...


class MaildirHouse:
    """The embedded default."""

    leaves = False

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / "var" / "mailbox"
        self._opened: list[Mailbox] = []
        self._count = 0

    def open(self) -> Mailbox:
        mailbox = open_maildir({"max_bytes": MOST_BYTES}, self._home, DESK)
        self._opened.append(mailbox)
        return mailbox

    def arrive(self, raw: bytes) -> None:
        self._count += 1
        name = f"{1_700_000_000 + self._count}.M1P1Q{self._count}.mx"
        (self._path / "tmp" / name).write_bytes(raw)
        at = time.time() - 1000 + self._count
        os.utime(self._path / "tmp" / name, (at, at))
        (self._path / "tmp" / name).rename(self._path / "new" / name)

    def _mails(self, *folder: str) -> list[bytes]:
        return [
            path.read_bytes()
            for part in ("new", "cur")
            for path in sorted(self._path.joinpath(*folder, part).iterdir())
        ]

    def inbox(self) -> list[bytes]:
        return self._mails()

    def taken(self) -> list[bytes]:
        return self._mails(".Da-tiep-nhan")

    def sent(self) -> list[bytes]:
        return self._mails(".Sent")

    def drafts(self) -> list[bytes]:
        return self._mails(".Drafts")

    def delivered(self) -> list[bytes]:
        return self.sent()

    def staff_read(self) -> None:
        for path in (self._path / "new").iterdir():
            path.rename(self._path / "cur" / f"{path.name}:2,S")

    def staff_delete(self) -> None:
        for part in ("new", "cur"):
            for path in (self._path / part).iterdir():
                path.unlink()

    def staff_send(self, draft: bytes, as_sent: bytes) -> None:
        for path in (self._path / ".Drafts" / "cur").iterdir():
            if envelope.same_id(envelope.message_id(path.read_bytes()), envelope.message_id(draft)):
                path.unlink()
        self._count += 1
        (self._path / ".Sent" / "cur" / f"{1_800_000_000 + self._count}.client:2,S").write_bytes(as_sent)

    def close(self) -> None:
        for mailbox in self._opened:
            mailbox.close()


HOUSES = {"maildir": MaildirHouse}
