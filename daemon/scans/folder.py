"""The scan folder: which files lie still and may be taken, and where those go that cannot be read.

The truth is a listing of the folder, taken again and again; the watcher only says that looking earlier may pay. Opens
no file. Reading, tickets and the database are not known here.
"""

import contextlib
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from daemon.desk.trouble import NeedsPerson, TryLater

WORK, REVIEW = ".work", "can-xem"
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download", ".!ut")
_NOT_SCANS = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
_LONGEST_NAME = 120  # characters, so that a suffix and a number still fit into 255 bytes of UTF-8


@dataclass(frozen=True, slots=True)
class _Seen:
    """How a file looked at the last look; ``since`` is the monotonic second from which it has looked so."""

    mark: tuple[int, int, int]
    since: float
    looks: int


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something in the folder that is no file to read, and in Vietnamese what it is and what to do."""

    name: str
    reason: str


class ScanFolder:
    """One folder into which staff drop scans.

    ``clock`` returns monotonic seconds. A file is stable when inode, size and time of change were the same at two looks
    or more, ``quiet_seconds`` apart; files that lay there at the start are no exception. An empty file is waited for
    ``empty_seconds`` before it is put aside.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float],
        quiet_seconds: float = 3.0,
        empty_seconds: float = 600.0,
    ) -> None:
        self.path = path
        self._clock = clock
        self._quiet, self._empty = quiet_seconds, empty_seconds
        self._seen: dict[str, _Seen] = {}
        self._oddities: dict[str, Oddity] = {}
        self._settling = False
        self._bell: _Bell | None = None

    def stable(self) -> Iterator[Path]:
        """Look at the folder once and yield the files that may be taken now, the oldest first.

        Raises ``TryLater`` where the folder cannot be listed: what was seen before is kept, for a share that is away
        has not lost its files. An empty file that stays empty is set aside here.
        """
        now = self._clock()
        found = self._listing()
        self._seen = {name: seen for name, seen in self._seen.items() if name in found}
        ready: list[tuple[int, str]] = []
        self._settling = False
        for name, info in found.items():
            seen = self._look(name, info, now)
            if info.st_size == 0:
                self._wait_for_content(name, now - seen.since)
            elif seen.looks >= 2 and now - seen.since >= self._quiet:
                ready.append((info.st_mtime_ns, name))
            else:
                self._settling = True
        for _, name in sorted(ready):
            yield self.path / name
        if self._bell is not None:
            self._bell.follow()

    def settling(self) -> bool:
        """Say whether the last look saw a file with content that had not lain still long enough."""
        return self._settling

    def _look(self, name: str, info: os.stat_result, now: float) -> _Seen:
        mark = (info.st_ino, info.st_size, info.st_mtime_ns)
        old = self._seen.get(name)
        new = replace(old, looks=old.looks + 1) if old and old.mark == mark else _Seen(mark, now, 1)
        self._seen[name] = new
        return new

    def _wait_for_content(self, name: str, age: float) -> None:
        if age >= self._empty:
            self.set_aside(self.path / name, "tệp rỗng (0 byte) đã lâu; hãy quét hoặc chép lại")

    def oddities(self) -> tuple[Oddity, ...]:
        """Return what the last look found that is never opened: links, devices, pipes."""
        return tuple(self._oddities.values())

    def _listing(self) -> dict[str, os.stat_result]:
        found: dict[str, os.stat_result] = {}
        odd: dict[str, Oddity] = {}
        try:
            with os.scandir(self.path) as entries:
                for entry in entries:
                    if is_ignored(entry.name):
                        continue
                    with contextlib.suppress(FileNotFoundError):
                        info = entry.stat(follow_symlinks=False)
                        if stat.S_ISREG(info.st_mode):
                            found[entry.name] = info
                        elif not stat.S_ISDIR(info.st_mode):
                            odd[entry.name] = Oddity(entry.name, _odd(entry.name, info.st_mode))
        except OSError as error:
            raise TryLater(
                f"Không xem được thư mục bản quét {self.path} ({error.strerror}); hãy kiểm tra ổ đĩa hoặc thư mục dùng chung,"
                " chương trình sẽ tự xem lại."
            ) from error
        self._oddities = odd
        return found

    def claim(self, path: Path) -> Path:
        """Take a file by renaming it into ``.work``; return its place there. Whoever renames first has it.

        Raises ``TryLater`` where it is gone, still held by the scanner (Windows), or a link by now.
        """
        work = self.path / WORK
        work.mkdir(exist_ok=True)
        goal = free_name(work, safe_name(path.name))
        try:
            if not stat.S_ISREG(path.lstat().st_mode):
                raise TryLater(f"{path.name}: không còn là tệp thường, không lấy.")
            path.rename(goal)
        except OSError as error:
            raise TryLater(
                f"{path.name}: chưa lấy được khỏi thư mục bản quét ({error.strerror}); sẽ thử lại."
            ) from error
        self._seen.pop(path.name, None)
        return goal

    def claimed(self) -> tuple[Path, ...]:
        """Return the files already taken and not yet done with: work that a stop interrupted."""
        work = self.path / WORK
        if not work.is_dir():
            return ()
        return tuple(sorted(p for p in work.iterdir() if p.is_file() and not p.is_symlink()))

    def set_aside(self, path: Path, reason: str) -> Path:
        """Move a file to ``can-xem`` with a note beside it saying why and what to do; nothing there is overwritten.

        Returns the file's new place. Raises ``NeedsPerson`` where even that cannot be done.
        """
        folder = self.path / REVIEW
        try:
            folder.mkdir(exist_ok=True)
            goal = _reserved(folder, safe_name(path.name))
            os.replace(path, goal)  # noqa: PTH105 - over the place just reserved
        except OSError as error:
            raise NeedsPerson(
                f"{path.name}: không chuyển được vào {REVIEW}/ ({error.strerror}); hãy kiểm tra quyền ghi và chỗ trống của"
                f" {self.path}."
            ) from error
        note = goal.with_name(f"{goal.name}.txt")
        note.write_text(_note(path.name, reason), encoding="utf-8-sig")
        self._seen.pop(path.name, None)
        return goal

    def wake(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` soon after something changes in the folder, as far as the system tells; only a hint."""
        self.close()
        self._bell = _Bell(self.path, callback)
        self._bell.follow()

    def close(self) -> None:
        """Stop the watcher."""
        if self._bell is not None:
            self._bell.stop()
            self._bell = None


def is_ignored(name: str) -> bool:
    """Say whether a name is that of an unfinished copy, an editor's lock, or a system's own file."""
    lower = name.lower()
    return (
        lower.startswith((".", "~$", "~lock"))
        or lower.endswith(_UNFINISHED)
        or lower in _NOT_SCANS
        or lower.startswith(".~lock")
    )


def _odd(name: str, mode: int) -> str:
    what = "liên kết (symlink)" if stat.S_ISLNK(mode) else "ống dẫn hoặc thiết bị"
    return f"{name}: là {what}, không phải tệp; chương trình không mở. Hãy chép tệp thật vào thư mục."


def safe_name(name: str) -> str:
    """Return a file name that every system and shell can hold: NFC, no control characters, not too long."""
    flat = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    flat = "".join("_" if unicodedata.category(c)[0] == "C" or c in '<>:"/\\|?*' else c for c in flat)
    flat = flat.strip(" .") or "tep"
    if _DEVICES.match(flat):  # such a file on a share cannot be opened, nor deleted, from Windows
        flat = f"_{flat}"
    stem, dot, suffix = flat.rpartition(".")
    if not dot or len(suffix) > 8:
        stem, suffix = flat, ""
    while len(stem.encode()) > _LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem}.{suffix}" if suffix else stem


def free_name(folder: Path, name: str) -> Path:
    """Return ``folder/name``, numbered if that is taken."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - the name is no path of its own
    candidate, number = folder / name, 1
    while os.path.lexists(candidate):
        number += 1
        candidate = folder / f"{stem}-{number}{suffix}"
    return candidate


def _reserved(folder: Path, name: str) -> Path:
    """Return a new empty file of ours in ``folder``, so that two processes never choose the same name."""
    while True:
        candidate = free_name(folder, name)
        if os.path.lexists(f"{candidate}.txt"):
            stem, suffix = os.path.splitext(name)  # noqa: PTH122
            name = re.sub(r"(~(\d+))?$", lambda m: f"~{int(m[2] or 1) + 1}", stem, count=1) + suffix
            continue
        with contextlib.suppress(FileExistsError), candidate.open("xb"):
            return candidate


def _note(name: str, reason: str) -> str:
    return (
        f"Tệp: {name}\n"
        f"Chương trình không đọc được tệp này.\n\n"
        f"Lý do: {reason}\n\n"
        "Việc cần làm: sửa theo lý do trên rồi thả tệp vào lại thư mục inbox/, hoặc nhập yêu cầu bằng tay\n"
        "(motcua new --channel letter). Xong thì xóa tệp này và tệp bên cạnh.\n"
    )


class _Bell:
    """watchdog on one folder; started anew when the folder itself was exchanged (a share mounted again)."""

    def __init__(self, path: Path, callback: Callable[[], None]) -> None:
        self._path, self._callback = path, callback
        self._observer: Any = None
        self._identity: tuple[int, int] | None = None

    def follow(self) -> None:
        """Watch the folder that stands at the path now; without inotify or the folder, simply do not ring."""
        try:
            info = self._path.stat()
        except OSError:
            self.stop()
            return
        identity = (info.st_dev, info.st_ino)
        if self._observer is not None and identity == self._identity and self._observer.is_alive():
            return
        self.stop()
        self._start(identity)

    def _start(self, identity: tuple[int, int]) -> None:
        from watchdog.events import FileSystemEventHandler
        from watchdog.observers import Observer

        callback = self._callback

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: Any) -> None:
                if event.event_type not in ("opened", "closed_no_write"):
                    callback()

        observer = Observer()
        try:
            observer.schedule(Handler(), str(self._path), recursive=False)
            observer.start()
        except OSError:
            # No more watches to be had: the listing finds the files all the same, only later.
            return
        self._observer, self._identity = observer, identity

    def stop(self) -> None:
        """Stop watching."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join(5)
        self._observer, self._identity = None, None
