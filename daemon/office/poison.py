"""Mails and files on which the whole process dies (a library that crashes, memory that runs out) are found and set aside.

What is being read is written into a small file of the working folder before and wiped after. A process that starts and
finds something there knows on what its predecessor died. The file is not flushed to the disk: it need only outlive the
process. It stays open and ends at its first zero byte: to cut it off for every mail would cost more than to write it. One that was killed for another reason counts as well, so only a thing on which several died is suspected.
"""

import contextlib
import hashlib
import os
import weakref
from collections.abc import Iterator

from daemon.office.parts import Parts

MOST_DEATHS = 4


class InHand:
    """What is being read just now, and what was being read when earlier processes died."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._path = parts.home / "var" / "in-hand"
        self._deaths: dict[str, int] | None = None
        self._handle: int | None = None

    @contextlib.contextmanager
    def reading(self, name: str) -> Iterator[None]:
        """Hold a name while something is read."""
        self._hold(name)
        try:
            yield
        finally:
            self._hold("")

    def _hold(self, name: str) -> None:
        """Write the name over the one before, with as few calls as possible: this is done four times for every mail."""
        with contextlib.suppress(OSError):
            if self._handle is None:
                self._handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
                weakref.finalize(self, os.close, self._handle)
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, name.encode() + b"\0")

    def look_back(self) -> dict[str, int]:
        """Return how often processes died on what, the one before this included; first asked outside of any transaction.

        What is taken back is not counted.
        """
        if self._deaths is None:
            self._deaths = self._autopsy()
        return self._deaths

    def deadly(self, name: str) -> bool:
        """Say whether too many processes died while they read this."""
        return self.look_back().get(_note(name), 0) >= MOST_DEATHS

    def forget(self, name: str) -> None:
        """Forget the deaths: it was set aside, and a person may have it read again."""
        if self._deaths and self._deaths.pop(_note(name), None):
            self._parts.store.keep_note(_note(name), "0")

    def left(self) -> str:
        """Return what is held, or was held by the process that died; empty where nothing is."""
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return self._path.read_bytes().partition(b"\0")[0].decode()
        return ""

    def _autopsy(self) -> dict[str, int]:
        """Count the death of the predecessor, and return the count of each thing."""
        store = self._parts.store
        if left := self.left():
            store.keep_note(_note(left), str(int(store.note(_note(left)) or 0) + 1))
        return {name: int(count) for name, count in store.notes("deaths:").items()}


def why(what: str) -> str:
    """Return in Vietnamese why something is set aside."""
    return f"Chương trình đã bị dừng đột ngột {MOST_DEATHS} lần khi đọc {what}; bản gốc đã giữ, cần người xem."


def _note(name: str) -> str:
    return f"deaths:{hashlib.sha256(name.encode()).hexdigest()[:32]}"
