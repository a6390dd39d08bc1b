"""The embedded mailbox: a real Maildir with ``.Sent`` and ``.Drafts``, readable by any mail client through a server.

Without ``smtp_host`` nothing leaves the machine: a mail in ``.Sent`` has gone as far as it can. Does not parse mails
beyond the few header fields that it needs to find its own again.
"""

import contextlib
import datetime as dt
import itertools
import os
import re
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.desk.trouble import TryLater
from daemon.mailbox import envelope, table
from daemon.mailbox.base import Finding, Found, Incoming, Where, nothing
from daemon.mailbox.clock import utc_now
from daemon.mailbox.copies import Copies
from daemon.mailbox.smtp import SmtpKeys, deliverer
from daemon.mailbox.state import FileState, sync_directory, write_new
from daemon.mailbox.wake import Wake

_SETTLED_AFTER = 2.0  # seconds without a change after which a file copied straight into new/ counts as whole
_SETTLE_PAUSE = 0.25
_DELIVERY_PAUSE = 0.05
_ABANDONED_AFTER = 36 * 3600.0  # seconds
_FOLDERS = ("sent_folder", "drafts_folder", "taken_folder")
_numbers = itertools.count(1)
_DELIVERED = re.compile(r"(\d{9,11})\.")
_MARK = re.compile("[:;]2,")
# A colon in a name would be another stream of the file on NTFS: there the flags follow a semicolon, as with isync and mutt.
MARK = ";2," if os.name == "nt" else ":2,"


@dataclass(frozen=True, kw_only=True)
class Config(SmtpKeys):
    """``[mailbox.maildir]``: where the Maildir lies, its folders, the largest mail read whole (bytes), and SMTP."""

    path: Path = Path("var/mailbox")
    max_bytes: int = 40_000_000
    sent_folder: str = ".Sent"
    drafts_folder: str = ".Drafts"
    taken_folder: str = ".Da-tiep-nhan"

    @classmethod
    def from_table(cls, given: Mapping[str, object], home: Path) -> "Config":
        """Read the table; ``path`` is relative to ``home``. Raises ValueError with the list of all errors."""
        return table.build(cls, {"path": "var/mailbox", **given}, home)

    def faults(self) -> list[str]:
        """Say what is wrong between the values."""
        names = [getattr(self, key) for key in _FOLDERS]
        wrong = [
            f"{key}: tên thư mục Maildir phải bắt đầu bằng dấu chấm và không có dấu /."
            for key, name in zip(_FOLDERS, names, strict=True)
            if not name.startswith(".") or "/" in name or len(name) < 2
        ]
        if len(set(names)) < len(names):
            wrong.append("sent_folder, drafts_folder, taken_folder: ba thư mục phải khác tên nhau.")
        if self.max_bytes < 1:
            wrong.append("max_bytes: phải lớn hơn 0.")
        return wrong + self.smtp_faults()


def open_maildir(
    given: Mapping[str, object], home: Path, address: str = "", *, clock: Callable[[], dt.datetime] = utc_now
) -> "Maildir":
    """Make the back end of ``[mailbox.maildir]``; ``address`` is the desk's own mail address.

    Raises ValueError with the list of all errors of the table, TryLater where the folder cannot be made.
    """
    config = Config.from_table(given, home)
    return Maildir(config, deliverer(config, address, FileState(home / "var" / "smtp-login.state"), clock))


class Maildir:
    """One Maildir++ as the shared mailbox; ``deliver`` really sends a mail, or is None; ``mark`` stands before flags."""

    def __init__(self, config: Config, deliver: Callable[[bytes], None] | None = None, mark: str = MARK) -> None:
        self._config = config
        self._mark = mark
        self._deliver = deliver
        self._unsettled = False
        self._seen: dict[str, Path] = {}
        with _storage(config.path):
            for folder in (self._inbox, self._sent, self._drafts, self._taken):
                _make(folder)
            for folder in (self._sent, self._drafts):
                _sweep(folder / "tmp")
        self._copies = {Where.SENT: Copies(self._sent), Where.DRAFTS: Copies(self._drafts)}
        self._wake = Wake((self._inbox / "new", self._inbox / "cur", self._sent / "cur", self._drafts / "cur"))

    @property
    def _inbox(self) -> Path:
        return self._config.path

    @property
    def _sent(self) -> Path:
        return self._config.path / self._config.sent_folder

    @property
    def _drafts(self) -> Path:
        return self._config.path / self._config.drafts_folder

    @property
    def _taken(self) -> Path:
        return self._config.path / self._config.taken_folder

    @property
    def sent_is_proof(self) -> bool:
        """Without SMTP the copy in ``.Sent`` is the sending itself."""
        return self._deliver is None

    # -- reading ---------------------------------------------------------------------------------------------------

    def fetch(self, skip: Callable[[str], bool] = nothing) -> Iterator[Incoming]:
        """Yield the files of new/ and cur/ that are not filed away, oldest first; see ``Mailbox.fetch``."""
        self._wake.forget()
        self._seen.clear()
        unreadable: list[str] = []
        growing: list[_Lying] = []
        with _storage(self._inbox):
            looked, lying = time.monotonic(), sorted(_lying(self._inbox), key=lambda mail: mail.age)
        for mail in lying:
            if skip(mail.key):
                continue
            if mail.may_grow(time.time()):
                growing.append(mail)
                continue
            yield from self._read(mail, unreadable)
        yield from self._read_settled(growing, looked, unreadable)
        if unreadable:
            raise TryLater(
                f"Không đọc được {len(unreadable)} thư trong {self._inbox}: {'; '.join(unreadable[:3])}. "
                "Hãy kiểm tra quyền đọc của các tệp này."
            )

    def _read_settled(self, growing: "list[_Lying]", looked: float, unreadable: list[str]) -> Iterator[Incoming]:
        """Yield the young files that have not grown since they were looked at; the others wait for the next look."""
        self._unsettled = False
        for mail in growing:
            if (left := looked + mail.pause - time.monotonic()) > 0:
                time.sleep(left)
            now = mail.again()
            if now == mail:
                yield from self._read(mail, unreadable)
            elif now is not None:
                self._unsettled = True

    def _read(self, mail: "_Lying", unreadable: list[str]) -> Iterator[Incoming]:
        oversized = mail.size > self._config.max_bytes
        try:
            with mail.path.open("rb") as file:
                raw = envelope.header_block(file.read(envelope.MOST_HEADER_BYTES)) if oversized else file.read()
        except FileNotFoundError:
            return  # a mail client moved it meanwhile; it is seen under its new name at the next look
        except OSError as error:
            unreadable.append(f"{mail.path.name} ({error.strerror})")
            return
        self._seen[mail.key] = mail.path
        received = dt.datetime.fromtimestamp(mail.mtime_ns / 1e9, dt.UTC)
        yield Incoming(mail.key, raw, mail.size, received, oversized)

    def file_away(self, key: str) -> None:
        """Rename the file into the folder of taken mails. A file that grew since it was read stays: it is another."""
        seen = self._seen.pop(key, None)
        with _storage(self._inbox):
            if seen and self._filed(seen, key):
                return
            for path in _named(self._inbox, key.partition(":")[2]):
                if self._filed(path, key):
                    return

    def _filed(self, path: Path, key: str) -> bool:
        """File one file away; False where it is gone or no longer the one that was read."""
        size, _, unique = key.partition(":")
        try:
            if str(path.stat().st_size) != size:
                return False
            path.rename(_free(self._taken / "cur", unique, self._mark + _flags(path.name)))
        except FileNotFoundError:
            return False
        return True

    # -- writing ---------------------------------------------------------------------------------------------------

    def send(self, raw: bytes) -> str | None:
        """Write the mail into ``.Sent``, delivering it first where SMTP is configured; see ``Mailbox.send``."""
        message_id = envelope.message_id(raw)
        with _storage(self._sent):
            if message_id and self._copies[Where.SENT].by_id(message_id):
                return None
            name = _new_name(len(raw))
            draft = self._sent / "tmp" / name
            write_new(draft, raw)
        try:
            if self._deliver:
                self._deliver(raw)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        return self._keep_sent(draft, self._sent / "cur" / f"{name}{self._mark}S")

    def _keep_sent(self, draft: Path, target: Path) -> str | None:
        try:
            draft.rename(target)
            sync_directory(target.parent)
        except OSError as error:
            if not self._deliver:
                raise _trouble(self._sent, error) from error
            return (
                f"Thư đã gửi đi nhưng không lưu được bản sao vào {self._sent} ({error.strerror}); hãy kiểm tra ổ đĩa."
            )
        return None

    def save_draft(self, raw: bytes) -> str:
        """Write the mail into ``.Drafts`` with the draft flag; the key is the unique part of its file name."""
        name = _new_name(len(raw))
        with _storage(self._drafts):
            draft = self._drafts / "tmp" / name
            write_new(draft, raw)
            draft.rename(self._drafts / "cur" / f"{name}{self._mark}D")
            sync_directory(self._drafts / "cur")
        return name

    def remove_draft(self, key: str) -> None:
        """Delete the draft's file; harmless if it is gone."""
        with _storage(self._drafts):
            for path in _named(self._drafts, key):
                path.unlink(missing_ok=True)

    # -- finding again ---------------------------------------------------------------------------------------------

    def find(self, message_id: str, token: str | None = None) -> tuple[Found, ...]:
        """Look in ``.Sent`` and ``.Drafts`` by Message-ID, then by ``token`` in the subject; see ``Mailbox.find``."""
        try:
            with _storage(self._inbox):
                return self._find(envelope.bare_id(message_id), token)
        except TryLater:
            for copies in self._copies.values():
                copies.forget()
            raise

    def _find(self, wanted: str, token: str | None) -> tuple[Found, ...]:
        exact = [found for where in Where for found in self._found(where, self._copies[where].by_id(wanted))]
        if token is None or any(found.where is Where.SENT for found in exact):
            return tuple(exact)
        seen = {found.key for found in exact}
        loose = [
            found
            for where in (Where.SENT, Where.DRAFTS)
            for found in self._found(where, self._copies[where].by_token(token), exact=False)
            if found.key not in seen
        ]
        return (*exact, *loose)

    def _found(self, where: Where, paths: list[Path], *, exact: bool = True) -> Iterator[Found]:
        for path in paths:
            with contextlib.suppress(FileNotFoundError):
                at = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
                yield Found(where, _unique(path.name), path.read_bytes(), at, exact)

    def changed(self) -> bool:
        """Say whether a name in ``.Sent`` or ``.Drafts`` changed since the last call, by the folders' times."""
        with _storage(self._inbox):
            changed = [copies.changed() for copies in self._copies.values()]  # each one must look
            return any(changed)

    # -- the rest --------------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> bool:
        """Wait for a file to appear; a file seen growing shortens the wait."""
        return self._wake.wait(min(seconds, _SETTLED_AFTER / 4) if self._unsettled else seconds) or self._unsettled

    def warnings(self) -> list[str]:
        """Return nothing: the folder needs no credentials."""
        return []

    def check(self) -> list[Finding]:
        """Say whether the folders can be read and written, and whether mail really leaves."""
        findings = [self._check_writing()]
        if self._deliver is None:
            say = "Chưa khai báo smtp_host: thư gửi đi chỉ được để trong .Sent, chưa ra khỏi máy này."
            return [*findings, Finding("Máy chủ gửi thư", True, say)]
        return [*findings, *getattr(self._deliver, "check", list)()]

    def _check_writing(self) -> Finding:
        try:
            with _storage(self._inbox):
                count = sum(1 for _ in _lying(self._inbox))
            self.remove_draft(self.save_draft(b"Subject: motcua\r\n\r\n"))
        except TryLater as trouble:
            return Finding("Hộp thư Maildir", False, str(trouble))
        return Finding("Hộp thư Maildir", True, f"{self._inbox}: đọc và ghi được, {count} thư đang chờ tiếp nhận.")

    def close(self) -> None:
        """Stop watching the folders."""
        self._wake.close()


@dataclass(frozen=True, slots=True)
class _Lying:
    """A file in new/ or cur/ as one look saw it."""

    mtime_ns: int
    path: Path
    size: int
    ctime_ns: int

    @property
    def key(self) -> str:
        return f"{self.size}:{_unique(self.path.name)}"

    @property
    def age(self) -> tuple[int, str]:
        """What sorts oldest first."""
        return self.mtime_ns, self.path.name

    def may_grow(self, now: float) -> bool:
        """Say whether someone may still be writing: young, and not renamed into place after its last byte."""
        return self.ctime_ns <= self.mtime_ns and abs(now - self.mtime_ns / 1e9) < _SETTLED_AFTER

    @property
    def pause(self) -> float:
        """How long it must lie unchanged, in seconds: briefly under the name that a delivery agent gives in this second.

        An agent renames what is whole, within one tick of the file system's clock too, and then no time tells of it.
        """
        named = _DELIVERED.match(self.path.name)
        fresh = named and abs(int(named[1]) - self.mtime_ns // 10**9) <= _SETTLED_AFTER
        return _DELIVERY_PAUSE if fresh else _SETTLE_PAUSE

    def again(self) -> "_Lying | None":
        """Return what the file looks like now, None where it is gone."""
        try:
            return _look(self.path, self.path.stat())
        except FileNotFoundError:
            return None


def _look(path: Path, stat: os.stat_result) -> _Lying:
    return _Lying(stat.st_mtime_ns, path, stat.st_size, stat.st_ctime_ns)


def _lying(folder: Path) -> Iterator[_Lying]:
    for part in (folder / "new", folder / "cur"):
        with os.scandir(part) as entries:
            for entry in entries:
                if entry.name.startswith(".") or "T" in _flags(entry.name):
                    continue  # T: a person has thrown it away, only the mail client has not yet cleared it
                with contextlib.suppress(FileNotFoundError):
                    if entry.is_file(follow_symlinks=False):
                        yield _look(part / entry.name, entry.stat(follow_symlinks=False))


def _named(folder: Path, unique: str) -> Iterator[Path]:
    """Yield the files of that unique name in new/ and cur/, whatever flags a mail client has given them."""
    if not unique or "/" in unique:
        return
    for part in (folder / "new", folder / "cur"):
        if (part / unique).is_file():
            yield part / unique
        elif part.name == "cur":
            with os.scandir(part) as entries:
                yield from (part / entry.name for entry in entries if _unique(entry.name) == unique)


def _unique(name: str) -> str:
    return _MARK.split(name, maxsplit=1)[0]


def _flags(name: str) -> str:
    return "".join(_MARK.split(name, maxsplit=1)[1:])


def with_flags(name: str, flags: str) -> str:
    """Return a mail's file name with other flags, ``S`` or ``RS``, as this system writes them."""
    return f"{_unique(name)}{MARK}{flags}"


def _free(folder: Path, unique: str, flags: str) -> Path:
    """Return a name in the folder that is not taken: two scans of staff may well be called ``thu.eml``."""
    stems = itertools.chain([unique], (f"{unique}.{number}" for number in itertools.count(1)))
    return next(path for stem in stems if not (path := folder / f"{stem}{flags}").exists())


def _new_name(size: int) -> str:
    now = time.time_ns()
    host = socket.gethostname().replace("/", "_").replace(":", "_") or "localhost"
    return f"{now // 10**9}.M{now % 10**9 // 1000}P{os.getpid()}Q{next(_numbers)}.{host},S={size}"


def _make(folder: Path) -> None:
    for part in ("tmp", "new", "cur"):
        path = folder / part
        if not path.is_dir():
            path.mkdir(parents=True, mode=0o700, exist_ok=True)
            folder.chmod(0o700)
    if folder.name.startswith("."):
        (folder / "maildirfolder").touch(mode=0o600)


def _sweep(tmp: Path) -> None:
    """Remove what kills left half written; the Maildir convention calls a file that old abandoned."""
    with os.scandir(tmp) as entries:
        for entry in entries:
            with contextlib.suppress(FileNotFoundError, IsADirectoryError):
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > _ABANDONED_AFTER:
                    Path(entry.path).unlink()


@contextlib.contextmanager
def _storage(place: Path) -> Iterator[None]:
    """Turn what the disk refuses into a word for the office."""
    try:
        yield
    except OSError as error:
        raise _trouble(place, error) from error


def _trouble(place: Path, error: OSError) -> TryLater:
    return TryLater(
        f"Không dùng được hộp thư {place}: {error.strerror or error}. Hãy kiểm tra ổ đĩa và quyền của thư mục; "
        "chương trình sẽ tự thử lại."
    )
