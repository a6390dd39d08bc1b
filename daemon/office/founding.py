"""Making a working folder out of the installed package (``motcua init``)."""

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from daemon.desk.trouble import Refused, TryLater

PACKAGE = Path(__file__).resolve().parent.parent
FOLDERS = ("inbox", "inbox/du-lieu", "outbox", "var")


def shipped(name: str) -> Path:
    """Return where the package's own ``config`` or ``templates`` lie: inside the wheel, else beside the source."""
    inside = PACKAGE / "_data" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def refuse_closed(folder: Path) -> None:
    """Say before the first question that the folder cannot be made, or written to. Makes nothing. Raises Refused."""
    place = folder / "config" if (folder / "config").is_dir() else folder
    while not place.exists() and place != place.parent:
        place = place.parent
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return
    why = "không cho ghi" if place.is_dir() else "không phải thư mục"
    raise Refused(
        f"Không tạo, không ghi được {folder}: {place} {why} với người dùng này. Chọn --home khác, hoặc nhờ quản trị tạo trước: "
        f"install -d -m 0750 -o NGƯỜI-DÙNG {shlex.quote(str(folder))}; rồi chạy lại. Chưa hỏi, chưa ghi gì."
    )


def found(folder: Path) -> Iterator[str]:
    """Make a working folder and yield what to do next. Raises Refused where one is there, TryLater on a bad disk."""
    if (folder / "config").exists():
        raise Refused(f"{folder}: đã có config/ ở đây. Chọn thư mục khác, hoặc dùng luôn: motcua --home {folder} check")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("config", "templates"):
            shutil.copytree(shipped(name), folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "var").chmod(0o700)
    except OSError as problem:
        raise TryLater(
            f"Không tạo được {problem.filename or folder}: {problem.strerror}. Kiểm tra ổ đĩa và quyền ghi."
        ) from problem
    yield f"Đã tạo thư mục làm việc {folder}"
    yield f"1. Sửa {folder / 'config' / 'desk.toml'} và units.toml cho đúng đơn vị của bạn"
    yield f"2. Kiểm tra: motcua --home {folder} check"
    yield f"3. Chạy: motcua --home {folder} run"
