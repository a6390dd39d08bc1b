"""One file with everything of the office (``motcua backup``), taken while the daemon runs, and putting it back.

The file is a compressed tar. Its last member, ``MANIFEST.json``, names every other one with size and SHA-256: a file cut
short or changed is noticed. The database goes first and the files after it: originals and documents are written before
the database speaks of them, so what it speaks of is there. Logs are left out; mail that lies on a server is not ours.
"""

import contextlib
import datetime as dt
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from daemon import __version__
from daemon.desk.ticket import PROGRAM
from daemon.desk.trouble import Refused, TryLater
from daemon.office.parts import Parts
from daemon.store import copies, diary

MANIFEST = "MANIFEST.json"
FORMAT = 1
DATABASE = "var/motcua.db"
_LEFT_OUT = ("var/log/", "var/health.json")
_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database
_IN_MEMORY = 32_000_000
_WALKS = 5


@dataclass
class _Archive:
    """A backup being written."""

    tar: tarfile.TarFile
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """Add a file as it is now; a file that is being written is copied first. Raises OSError."""
        with path.open("rb") as source, tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
            digest, size = _copy(source, copy)
            copy.seek(0)
            info = tarfile.TarInfo(name)
            stat = os.fstat(source.fileno())
            info.size, info.mtime, info.mode = size, int(stat.st_mtime), stat.st_mode & 0o777
            self.tar.addfile(info, copy)
        self.files[name] = {"sha256": digest, "size": size}

    def close(self, about: dict[str, Any]) -> None:
        """Write the manifest and end the archive."""
        data = json.dumps({**about, "files": self.files}, ensure_ascii=False, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(data), 0o600
        self.tar.addfile(info, io.BytesIO(data))
        self.tar.close()


def _copy(source: Any, target: Any) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(1 << 20):
        digest.update(chunk)
        size += len(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


# -- making ------------------------------------------------------------------------------------------------------------
def backup(parts: Parts, file: Path, by: str = "") -> dict[str, Any]:
    """Write everything into a new file, read it back, and return its manifest with the file's own SHA-256 (``sha256``).

    Raises Refused where the file is there already or lies where staff work, TryLater where the disk does not take it.
    """
    file = file.absolute()
    _may_lie_there(parts.home, file)
    beside = file.with_name(f".part-{file.name}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="motcua-backup-", dir=file.parent) as work:
            _write(parts, beside, Path(work))
            manifest = _verified(beside, None)
            beside.replace(file)
    except OSError as problem:
        raise TryLater(
            f"Không ghi được {file}: {problem.strerror or problem}. Kiểm tra ổ đĩa và quyền ghi."
        ) from problem
    finally:
        beside.unlink(missing_ok=True)
    digest, now = _digest_of(file), parts.clock.now()
    parts.store.keep_note("backup:last", now.isoformat())
    diary.write(parts.store, diary.told("backup_made", now, by or PROGRAM.name, file=file.name, sha256=digest))
    return {**manifest, "sha256": digest}


def _may_lie_there(home: Path, file: Path) -> None:
    if file.exists():
        raise Refused(f"{file}: đã có tệp này, không ghi đè. Chọn tên khác.")
    inside = [name for name in ("config", "templates", "inbox", "outbox", "var") if file.is_relative_to(home / name)]
    if inside:
        raise Refused(f"{file}: không để bản sao lưu trong {inside[0]}/ của thư mục làm việc. Chọn ổ đĩa hay máy khác.")


def _write(parts: Parts, path: Path, work: Path) -> None:
    about: dict[str, Any] = {
        "format": FORMAT,
        "version": __version__,
        "made": parts.clock.now().isoformat(),
        "office": parts.settings.file.office.name,
        "database": _database_name(parts) or DATABASE,
        "inside": _database_name(parts) is not None,
    }
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=3) as packed:
        archive = _Archive(tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT))  # noqa: SIM115
        copies.copy_to(parts.database, work / "database")
        archive.add(about["database"], work / "database")
        _add_home(archive, parts.home, work)
        archive.close(about)
        packed.flush()
        raw.flush()
        os.fsync(raw.fileno())


def _database_name(parts: Parts) -> str | None:
    """Where the database lies in the working folder, or None where it lies elsewhere."""
    if not parts.database.sqlite:
        return None
    path = Path(parts.database.engine.database).resolve()
    home = parts.home.resolve()
    return path.relative_to(home).as_posix() if path.is_relative_to(home) else None


def _add_home(archive: _Archive, home: Path, work: Path) -> None:
    """Add the files of the working folder; what moved on while we looked is looked for again."""
    for _ in range(_WALKS):
        missed = False
        for name, path in _walk(home):
            if name in archive.files:
                continue
            try:
                _add_one(archive, name, path, work)
            except FileNotFoundError:
                missed = True
        if not missed:
            return


def _walk(home: Path) -> Iterator[tuple[str, Path]]:
    for top in ("config", "templates", "inbox", "outbox", "var"):
        for path in sorted((home / top).rglob("*")):
            name = path.relative_to(home).as_posix()
            left_out = name.startswith(_LEFT_OUT) or path.name.startswith(".part-") or path.name.endswith(_BESIDE)
            if path.is_file() and not path.is_symlink() and not left_out:
                yield name, path


def _add_one(archive: _Archive, name: str, path: Path, work: Path) -> None:
    if not _is_database(path):
        archive.add(name, path)
        return
    copy = work / "other"
    copies.copy_file(path, copy)
    archive.add(name, copy)
    copy.unlink()


def _is_database(path: Path) -> bool:
    if not path.name.endswith((".db", ".sqlite", ".sqlite3")):
        return False
    with path.open("rb") as source:
        return source.read(16) == b"SQLite format 3\0"


# -- reading back ------------------------------------------------------------------------------------------------------
def restore(file: Path, folder: Path) -> Iterator[str]:
    """Put a backup into an empty or new folder and yield what to do next.

    Raises Refused where the folder is not empty or the backup is damaged, foreign or of a newer version; the folder is then
    as it was. Raises TryLater on a bad disk.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder}: thư mục không trống. Khôi phục vào thư mục mới, không đè lên dữ liệu đang có.")
    beside = folder.with_name(f".part-{folder.name}")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        beside.chmod(0o700)
        manifest = _verified(file, beside)
        copies.inspect(beside / manifest["database"])
        doubted = copies.doubt_what_waits(beside / manifest["database"])
        for name in ("inbox/du-lieu", "outbox", "var"):
            (beside / name).mkdir(parents=True, exist_ok=True)
        (beside / "var").chmod(0o700)
        if folder.exists():
            folder.rmdir()
        beside.replace(folder)
        folder.chmod(0o755)
    except OSError as problem:
        raise TryLater(
            f"Không khôi phục được vào {folder}: {problem.strerror or problem}. Kiểm tra ổ đĩa."
        ) from problem
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    yield from _next_steps(manifest, folder, doubted)


def _next_steps(manifest: dict[str, Any], folder: Path, doubted: int) -> Iterator[str]:
    made = dt.datetime.fromisoformat(manifest["made"])
    yield f"Đã khôi phục {len(manifest['files'])} tệp vào {folder}: {manifest['office']}, lúc {made:%H:%M %d/%m/%Y}."
    if doubted:
        yield f"{doubted} thư đang chờ gửi lúc đó sẽ được tìm trong thư đã gửi trước khi gửi lại."
    if not manifest["inside"]:
        yield (
            "Cơ sở dữ liệu của bản gốc nằm ngoài thư mục làm việc; bản khôi phục là SQLite ở var/motcua.db: ghi url của "
            '[database] trong config/desk.toml là "sqlite:///var/motcua.db"; về PostgreSQL thì chuyển bằng motcua migrate-to URL.'
        )
    yield (
        f"Thư nhận sau {made:%H:%M %d/%m/%Y} nằm trong hộp thư, ở thư mục đã tiếp nhận: chuyển lại vào hộp thư đến để đọc. "
        "Người đã được xóa dữ liệu sau lúc đó phải được xóa lại (xem sổ yêu cầu xóa)."
    )
    yield f"Kiểm tra: motcua --home {folder} check"


def _verified(file: Path, target: Path | None) -> dict[str, Any]:
    """Read a backup to its end, into a folder where one is given, and return its manifest. Raises Refused."""
    seen: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(file, "r|gz") as tar:
            for info in tar:
                source = tar.extractfile(info)
                if source is None:
                    raise Refused(f"{file}: {info.name!r} không phải tệp, bản sao lưu không phải của motcua.")
                if info.name == MANIFEST:
                    manifest = json.loads(source.read())
                else:
                    seen[info.name] = _take_out(info, source, target)
    except FileNotFoundError as problem:
        raise Refused(f"{file}: không có tệp này.") from problem
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as problem:
        raise Refused(f"{file}: bản sao lưu bị hỏng hoặc bị cắt ngắn ({problem}). Dùng bản khác.") from problem
    if manifest is None or manifest.get("format") != FORMAT:
        raise Refused(f"{file}: bản sao lưu bị cắt ngắn, hoặc không phải do motcua tạo. Dùng bản khác.")
    wrong = sorted({name for name in {*seen, *manifest["files"]} if seen.get(name) != manifest["files"].get(name)})
    if wrong:
        raise Refused(f"{file}: {len(wrong)} tệp không khớp mã kiểm tra ({', '.join(wrong[:3])}). Dùng bản khác.")
    return manifest


def _take_out(info: tarfile.TarInfo, source: Any, target: Path | None) -> dict[str, Any]:
    if target is None:
        digest, size = _copy(source, _Nowhere())
        return {"sha256": digest, "size": size}
    path = target / _safe(info.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as out:
        digest, size = _copy(source, out)
        out.flush()
        os.fsync(out.fileno())
    path.chmod(info.mode & 0o777)
    with contextlib.suppress(OSError):
        os.utime(path, (info.mtime, info.mtime))
    return {"sha256": digest, "size": size}


def _safe(name: str) -> Path:
    """A name inside the folder. Raises ValueError for one that leads out of it."""
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or ":" in name.split("/")[0] or not place.parts:
        raise ValueError(f"unsafe name {name!r}")
    return Path(*place.parts)


class _Nowhere:
    def write(self, _data: bytes) -> None:
        """Forget the bytes."""


def _digest_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
