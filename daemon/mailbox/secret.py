"""Passwords of mail servers: from the environment or from a file that nobody else can read. Never logged, never shown."""

import os
import stat
from pathlib import Path


class Secret:
    """A password that does not show itself in a representation, a log line or a traceback."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the password itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def read_secret(env: str | None, file: Path | None, *, key: str = "password") -> Secret | None:
    """Return the password named by ``<key>_env`` or ``<key>_file``, None where neither is given.

    Raises ValueError with one Vietnamese sentence that names the key: both given, variable not set, file missing,
    unreadable, empty, or readable by others (any permission of group or others; of others only for a credential of systemd,
    whose mode is 0440 because it is the service's user alone that its access list lets in).
    """
    if env and file:
        raise ValueError(f"{key}_env và {key}_file: chỉ được ghi một trong hai khóa.")
    if env:
        value = os.environ.get(env, "")
        if not value:
            raise ValueError(f"{key}_env: biến môi trường {env} chưa được đặt; hãy đặt mật khẩu vào biến này.")
        return Secret(value)
    return _from_file(file, key) if file else None


def _from_file(path: Path, key: str) -> Secret:
    try:
        mode = path.stat().st_mode
        value = path.read_text(encoding="utf-8-sig").strip("\r\n")
    except FileNotFoundError as error:
        how = f"install -D -m 600 -o motcua /dev/stdin {path}"
        raise ValueError(
            f"{key}_file: không đọc được tệp {path} (chưa có). Tạo bằng root, cho người dùng chạy dịch vụ: {how} (dán mật khẩu, Enter, Ctrl-D)"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{key}_file: không đọc được tệp {path} ({_reason(error)}).") from error
    own = path.parent == Path(os.environ.get("CREDENTIALS_DIRECTORY") or "/nowhere")
    if os.name == "posix" and stat.S_IMODE(mode) & (0o007 if own else 0o077):
        raise ValueError(f"{key}_file: người khác cũng đọc được tệp {path}; hãy chạy: chmod 600 {path}")
    if not value:
        raise ValueError(f"{key}_file: tệp {path} trống.")
    return Secret(value)


def _reason(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "không phải UTF-8"
