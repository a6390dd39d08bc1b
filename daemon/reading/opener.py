"""The parent's end of opening attached Word and PDF files: a child process does it, with limits, and is ended when it fails.

Plain text is read here: it is only decoded. What the child cannot read in its bounds is as unreadable as a picture.
"""

import contextlib
import json
import logging
import queue
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.beside import Beside
from daemon.desk.decode import mended
from daemon.desk.message import Attachment

log = logging.getLogger("motcua")
MOST_BYTES, MOST_TEXT = 5_000_000, 100_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one file may cost: memory and CPU of the child, wall seconds; and how long the child waits for another."""

    memory_mb: int = 700
    cpu_seconds: int = 15
    file_seconds: float = 25.0
    idle_seconds: float = 45.0


class Opener:
    """Reads the text of attachments. Not for several threads at once; ``close`` (or ``with``) ends the child."""

    def __init__(
        self,
        bounds: Bounds | None = None,
        command: Sequence[str] = (sys.executable, "-m", "daemon.reading.attached"),
    ) -> None:
        self._bounds = bounds or Bounds()
        self._command = tuple(command)
        self._child: Beside | None = None

    def __enter__(self) -> "Opener":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def text(self, attachment: Attachment) -> str | None:
        """Return the text of a .docx, .pdf or .txt, or None where it is another kind, too big, broken or only a picture."""
        content = attachment.content
        if attachment.inline or not content or len(content) > MOST_BYTES:
            return None
        if not _in_child(attachment):
            plain = attachment.name.lower().endswith(".txt") or attachment.media_type == "text/plain"
            return (mended(content).strip()[:MOST_TEXT] or None) if plain else None
        with tempfile.TemporaryDirectory(prefix="motcua-dinh-kem-") as folder:
            path = Path(folder) / "tep"
            path.write_bytes(content)
            return self._ask(
                {"path": str(path), "name": attachment.name, "media_type": attachment.media_type}, attachment.name
            )

    def _ask(self, wish: dict[str, Any], name: str) -> str | None:
        fresh = self._child is None
        for _ in range(1 if fresh else 2):  # one that went to sleep meanwhile is started anew
            child = self._awake()
            try:
                child.send(wish)
                line = child.line(self._bounds.file_seconds)
            except queue.Empty:
                log.warning("attachment %s: took too long", name)
                self.close()
                return None
            except OSError:
                line = None
            if line is not None:
                found: str | None = json.loads(line)["text"]
                return found
            self.close()
        log.warning("attachment %s: the reading child died", name)
        return None

    def _awake(self) -> Beside:
        if self._child is None:
            self._child = Beside(self._command)
            with contextlib.suppress(OSError):  # one that died at once is found by its missing answer
                limits = self._bounds
                self._child.send(
                    {
                        "memory_mb": limits.memory_mb,
                        "cpu_seconds": limits.cpu_seconds,
                        "idle_seconds": limits.idle_seconds,
                    }
                )
        return self._child

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is not None:
            child.end()


def _in_child(attachment: Attachment) -> bool:
    name, content = attachment.name.lower(), attachment.content
    word = name.endswith((".docx", ".docm")) or "wordprocessingml" in attachment.media_type
    return (content.startswith(b"PK") and word) or content[:1024].lstrip().startswith(b"%PDF")
