"""Passwords that systemd hands to the service alone (LoadCredential=), compared with what config/desk.toml reads.

A credential lies in ``/run/credentials/<unit>/<name>`` while the service runs. Reads no password.
"""

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from daemon.desk.trouble import Refused
from daemon.settings.whole import Settings, Ways

RUN = Path("/run/credentials")
PLAIN, ENCRYPTED = Path("/etc/credstore"), Path("/etc/credstore.encrypted")
_KEYS = {
    "maildir": "smtp_password_file",
    "imap": "password_file",
    "ews": "password_file",
    "graph": "client_secret_file",
}
_SECRET = ("password_file", "secret_file", "token_file", "certificate_file")


def secret_files(settings: Ways) -> dict[str, Path]:
    """Return the files with secrets that the configuration names, by their keys in desk.toml."""
    file = settings.file
    tables = {
        f"mailbox.{file.mailbox_kind}": file.mailbox_table,
        "alarm.smtp": file.alarm.smtp,
        "console": {"metrics_token_file": file.console.metrics_token_file},
    }
    return {
        f"{table}.{key}": settings.home / str(value)
        for table, values in tables.items()
        for key, value in values.items()
        if value and key.endswith(_SECRET)
    }


def held_back(settings: Ways) -> str:
    """Say which key names a credential that only the running service can read, empty where all can be read here."""
    for key, path in secret_files(settings).items():
        if path.is_relative_to(RUN) and not os.access(path, os.R_OK):
            return (
                f"config/desk.toml: {key}: mật khẩu này chỉ dịch vụ đọc được, nên ở đây chưa thử hộp thư; "
                "dịch vụ chạy rồi thì xem: motcua status"
            )
    return ""


def unread(settings: Settings, credentials: Collection[str], unit: str, user: str) -> Iterator[str]:
    """Yield what does not fit together: credentials that nothing reads, files that the service will not find or may not read."""
    files = secret_files(settings)
    read = {path.name for path in files.values() if path.is_relative_to(RUN)}
    for key, path in files.items():
        right = RUN / unit / path.name
        if path.is_relative_to(RUN) and (path.name not in credentials or path != right):
            yield (
                f'config/desk.toml: {key} = "{path}" nhưng dịch vụ không được giao mật khẩu ấy: cài lại với --credential '
                f'{path.name}, và ghi {key.rpartition(".")[2]} = "{right}".'
            )
        elif in_homes(path) and not in_homes(settings.home):
            yield f"config/desk.toml: {key}: dịch vụ không thấy {path} (thư mục riêng của người dùng). Để tệp ở /etc/motcua."
        elif not path.is_relative_to(settings.home) and (owner := _owner(path)) not in (user, ""):
            yield f"config/desk.toml: {key}: {path} của người dùng {owner}, dịch vụ không đọc được: chown {user}: {path}"
    for name in credentials:
        if name not in read:
            kind = settings.file.mailbox_kind
            yield (
                f"--credential {name}: không mục nào trong config/desk.toml đọc mật khẩu này. Ghi trong [mailbox.{kind}], thay cho tệp "
                f'hoặc biến khác: {_KEYS[kind]} = "{RUN / unit / name}"'
            )
    for key in _variables(settings):
        yield (
            f"config/desk.toml: {key}: dịch vụ không có biến môi trường của cửa sổ lệnh. Dùng --credential, hoặc đặt biến bằng: "
            "systemctl edit motcua"
        )


def in_homes(path: Path) -> bool:
    """Whether a path lies where people have their own folders; a service whose working folder is elsewhere sees none of them."""
    return path.is_relative_to("/home") or path.is_relative_to("/root")


def _owner(path: Path) -> str:
    """The user of a file, empty where that cannot be told."""
    try:
        return path.owner()
    except (OSError, KeyError, NotImplementedError):
        return ""


def _variables(settings: Settings) -> Iterator[str]:
    table = f"mailbox.{settings.file.mailbox_kind}"
    yield from (
        f"{table}.{key}" for key, value in settings.file.mailbox_table.items() if value and key.endswith("_env")
    )


def lines_of_unit(credentials: Collection[str]) -> str:
    """Return the unit's lines: the encrypted file where there is one, else the plain one. Raises Refused for odd names."""
    for name in credentials:
        if not name or not all(sign.isascii() and (sign.isalnum() or sign in ".-_") for sign in name):
            raise Refused(
                f"--credential {name!r}: chỉ dùng chữ không dấu, số, dấu chấm, gạch nối; ví dụ motcua.mailbox."
            )
    return "\n".join(_line(name) for name in credentials) or "#"


def _line(name: str) -> str:
    try:
        encrypted = (ENCRYPTED / name).exists()
    except PermissionError:
        encrypted = False
    return (
        f"LoadCredentialEncrypted={name}:{ENCRYPTED / name}" if encrypted else f"LoadCredential={name}:{PLAIN / name}"
    )


def steps(credentials: Collection[str]) -> Iterator[str]:
    """Yield the commands that put the passwords where the unit looks for them."""
    for name in credentials:
        yield (
            f"Mật khẩu {name}: install -d -m 0700 {PLAIN} && install -m 0600 /dev/stdin {PLAIN / name} (dán mật khẩu, Enter, Ctrl-D); "
            f"hoặc mã hóa theo máy: systemd-creds encrypt --name={name} - {ENCRYPTED / name}, rồi chạy lại lệnh này với --replace"
        )
