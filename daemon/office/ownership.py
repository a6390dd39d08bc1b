"""Whose the working folder is: another user's commands are refused in one sentence before they fail halfway.

Files that root makes in the folder of the service's user cannot be written by the service. Systems that have no such
users (Windows) ask nothing here.
"""

import os
from pathlib import Path

from daemon.desk.trouble import Refused

# What every command writes; a file among these that belongs to somebody else stops the desk.
_WRITTEN = ("motcua.db", "motcua.db-wal", "motcua.db-shm", "lookups.db", "originals", "log", "log/motcua.log")


def refuse_strangers(home: Path, command: str) -> None:
    """Let the folder's own user, and whoever may write there, pass. Raises Refused with ``command`` as it is to be typed.

    ``command`` is the program with its words, such as ``/opt/motcua/bin/motcua --home /srv/gdkh status``.
    """
    if os.name != "posix":
        return
    me, owner = _number(), owner_of(home)
    if owner is None:
        return
    if me == 0 and owner != 0:
        raise Refused(
            f"{home} thuộc người dùng {name_of(owner)}, lệnh này đang chạy bằng root: tệp mới sẽ thuộc root và dịch vụ không ghi "
            f"được nữa. Chạy: runuser -u {name_of(owner)} -- {command} (nếu mọi thứ đều chạy bằng root: chown -R root: {home})"
        )
    if not _may_work(home):
        if me == owner:
            raise Refused(
                f"{home}: {_me()} không đọc, ghi được, dù là chủ: ổ đĩa chỉ cho đọc, hoặc quyền (chmod) đã bị đổi. Sửa lại rồi chạy."
            )
        raise Refused(
            f"{home} thuộc người dùng {name_of(owner)}; {_me()} không đọc, ghi được ở đó. Chạy: sudo -u {name_of(owner)} {command}"
        )
    if strange := [
        each for name in _WRITTEN if (each := home / "var" / name).exists() and not os.access(each, os.W_OK)
    ]:
        raise Refused(
            f"{strange[0]} thuộc người dùng {name_of(strange[0].stat().st_uid)}, {_me()} không ghi được: có lệnh đã chạy bằng người "
            f"dùng khác. Sửa bằng quyền quản trị: chown -R {name_of(owner)}: {home}"
        )


def owner_of(home: Path) -> int | None:
    """Return the user number that a working folder belongs to, None where there is none or nobody may look."""
    for place in (home / "var", home):
        try:
            return place.stat().st_uid
        except (FileNotFoundError, PermissionError):
            continue  # what lies above may still say whose it is
        except OSError:
            return None
    return None


def name_of(user: int) -> str:
    """Return a user's name, and the number as sudo takes it where there is no name."""
    try:
        from pwd import getpwuid

        return getpwuid(user).pw_name
    except (ImportError, KeyError):
        return f"#{user}"


def _may_work(home: Path) -> bool:
    look = os.R_OK | os.X_OK
    wishes = {home: look, home / "config": look, home / "var": look | os.W_OK}
    return all(os.access(place, wish) for place, wish in wishes.items() if _is_folder(place))


def _is_folder(place: Path) -> bool:
    try:
        return place.is_dir()
    except PermissionError:
        return True


def _number() -> int:
    return os.geteuid() if os.name == "posix" else -1


def _me() -> str:
    return "root" if _number() == 0 else name_of(_number())
