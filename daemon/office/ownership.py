"""Whose the working folder is: another user's commands are refused in one sentence before they fail halfway.

Files that root makes in the folder of the service's user cannot be written by the service. Systems that have no such
users (Windows) ask nothing here.
"""

import os
import shlex
import tempfile
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
    whose = f"{home} thuộc người dùng {name_of(owner)}"
    if me == 0 and owner != 0:
        if _root_s_own(home) or _given_away(home, owner):
            return
        raise Refused(
            f"{whose}, lệnh này đang chạy bằng root: tệp mới sẽ thuộc root và dịch vụ không ghi được nữa. "
            f"Chạy: {_by_root(home, owner, command)} (nếu mọi thứ đều chạy bằng root: chown -R root: {shlex.quote(str(home))})"
        )
    if not _may_work(home):
        if me == owner:
            raise Refused(
                f"{home}: {_me()} không đọc, ghi được, dù là chủ: ổ đĩa chỉ cho đọc, hoặc quyền (chmod) đã bị đổi. Sửa lại rồi chạy."
            )
        raise Refused(f"{whose}; {_me()} không đọc, ghi được ở đó. Chạy: {_by_sudo(owner, command)}")
    if strange := [
        each for name in _WRITTEN if (each := home / "var" / name).exists() and not os.access(each, os.W_OK)
    ]:
        held = strange[0].stat().st_uid
        if held == owner != me:
            raise Refused(
                f"{strange[0]} thuộc người dùng {name_of(owner)}, {_me()} không ghi được. Chạy: {_by_sudo(owner, command)}"
            )
        raise Refused(
            f"{strange[0]} thuộc người dùng {name_of(held)}, {_me()} không ghi được: có lệnh đã chạy bằng người "
            f"dùng khác. Sửa bằng quyền quản trị: chown -R {_to(home, owner)} {shlex.quote(str(home))}"
        )


# -- root --------------------------------------------------------------------------------------------------------------
def _root_s_own(home: Path) -> bool:
    """Whether root has worked here from the start, as in a container: the records are root's, whoever made the folder."""
    try:
        return (home / "var" / "motcua.db").stat().st_uid == 0
    except OSError:
        return False


def _given_away(home: Path, owner: int) -> bool:
    """Whether what root makes here belongs to the folder's user all the same, as on a network share mounted for that user."""
    place = home / "var" if (home / "var").is_dir() else home
    try:
        with tempfile.TemporaryFile(dir=place) as made:
            return os.fstat(made.fileno()).st_uid == owner
    except OSError:
        return False


# -- what to type ------------------------------------------------------------------------------------------------------
def _by_root(home: Path, user: int, command: str) -> str:
    """The command for root to type; runuser takes names only."""
    if (name := name_of(user))[0] != "#":
        return f"runuser -u {name} -- {command}"
    return f"setpriv --reuid={user} --regid={_group(home)} --clear-groups -- {command}"


def _by_sudo(user: int, command: str) -> str:
    return f"sudo -u {shlex.quote(name_of(user))} {command}"


def _to(home: Path, user: int) -> str:
    """User and group as chown takes them."""
    return f"{name}:" if (name := name_of(user))[0] != "#" else f"{user}:{_group(home)}"


def _group(home: Path) -> int:
    return (home / "var" if (home / "var").exists() else home).stat().st_gid


# -- whose -------------------------------------------------------------------------------------------------------------
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
    """Return a user's name, and ``#`` with the number where there is no name."""
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
