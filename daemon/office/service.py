"""Making motcua a service of the system (``motcua service install``): a systemd unit, kept away from all it does not need."""

import datetime as dt
import os
import shutil
import sys
from collections.abc import Iterator
from difflib import unified_diff
from importlib.util import find_spec
from pathlib import Path

from daemon import extras
from daemon.desk.trouble import Refused, TryLater
from daemon.office.credentials import in_homes, lines_of_unit, steps, unread
from daemon.office.files import set_by
from daemon.settings.whole import load, no_home
from daemon.store.originals import write_durably

NAME = "motcua.service"
FOLDER = Path("/etc/systemd/system")
_UNIT = """# Written by: motcua service install. Own settings belong into: systemctl edit motcua
[Unit]
Description=motcua: customer desk daemon ({home})
Documentation=https://www.freedesktop.org/software/systemd/man/systemd.exec.html
After=network-online.target postgresql.service
Wants=network-online.target
StartLimitIntervalSec=600
StartLimitBurst=10

[Service]
Type=notify
NotifyAccess=main
ExecStart={program} --home {home} run{console}
User={user}
Restart=on-failure
RestartSec=10
# Wrong configuration does not mend itself by trying again.
RestartPreventExitStatus=2
WatchdogSec=15min
TimeoutStartSec=5min
TimeoutStopSec=3min
KillSignal=SIGTERM
# Passwords: encrypted files under /etc/credstore.encrypted, or plain ones under /etc/credstore; in config/desk.toml:
# password_file = "/run/credentials/motcua.service/motcua.mailbox"
{credentials}
UMask=0027
WorkingDirectory={home}
ReadWritePaths={home}
ProtectSystem=strict
ProtectHome={protect_home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
# Not ProcSubset=pid: the engines that read scans choose their kernels by /proc/cpuinfo.
ProtectProc=invisible
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
KeyringMode=private
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
# The reading of scans lowers its own limits and may not raise them.
SystemCallFilter=setrlimit prlimit64 sched_setaffinity setpriority
TasksMax=256
LimitCORE=0

[Install]
WantedBy=multi-user.target
"""


def unit(home: Path, program: str, user: str, *, console: bool = False, credentials: tuple[str, ...] = ()) -> str:
    """Return the systemd unit. Raises Refused for a path or name that systemd cannot take."""
    for text in (str(home), program, user):
        if not text or any(char in text for char in " \t\n\"'%\\$;"):
            raise Refused(f"{text!r}: đường dẫn và tên người dùng của dịch vụ không được có dấu cách hay dấu đặc biệt.")
    return _UNIT.format(
        home=home,
        program=program,
        user=user,
        console=" --console" if console else "",
        credentials=lines_of_unit(credentials),
        protect_home="no" if in_homes(home) else "tmpfs",
    )


def program() -> str:
    """Return the absolute path of the command that runs now."""
    beside = Path(sys.executable).with_name("motcua")
    return str(beside) if beside.exists() else (shutil.which("motcua") or str(Path(sys.argv[0]).absolute()))


def install(
    home: Path, user: str, folder: Path, *, console: bool, credentials: tuple[str, ...], replace: bool = False
) -> Iterator[str]:
    """Write the unit and yield what does not fit and the commands that remain.

    A unit that says something else is kept as it is, and refused with the difference, unless ``replace`` is true; then
    it is set by. Raises Refused, TryLater.
    """
    if os.name == "nt":
        raise Refused("Trên Windows: xem docs/huong-dan/cong-nghe-thong-tin.md, mục Dịch vụ trên Windows.")
    if not (home / "config").is_dir():
        raise Refused(no_home(home))
    text = unit(home, program(), user, console=console, credentials=credentials)
    path = folder / NAME
    try:
        yield _written(path, text, replace)
    except OSError as problem:
        raise TryLater(
            f"Không ghi được {path}: {problem.strerror}. Chạy bằng quyền quản trị (root), hoặc xem nội dung bằng --print."
        ) from problem
    yield from (f"LƯU Ý: {line}" for line in notes(home, user, console=console, credentials=credentials))
    yield from (f"{number}. {step}" for number, step in enumerate(_steps(home, user, credentials), start=1))


def notes(home: Path, user: str, *, console: bool, credentials: tuple[str, ...]) -> Iterator[str]:
    """Yield what would keep the service, or its page, from working as asked for."""
    try:
        yield from unread(load(home, dt.date.today()), credentials, NAME, user)
    except Refused as problem:
        yield f"Cấu hình chưa đúng, dịch vụ sẽ không chạy: {str(problem).splitlines()[0]} Xem hết bằng: motcua --home {home} check"
    if console and not all(find_spec(name) for name in ("uvicorn", "starlette", "argon2")):
        yield f"Chưa cài phần trang web, dịch vụ sẽ chạy không có trang. Cài bằng: {extras.command('console')}"


def _written(path: Path, text: str, replace: bool) -> str:
    """Write the file where that changes anything. Raises Refused where another one stands there, and OSError."""
    before = path.read_text("utf-8") if path.exists() else None
    if before == text:
        return f"{path} đã đúng như vậy, không ghi gì."
    if before is not None and not replace:
        changed = unified_diff(before.splitlines(), text.splitlines(), "đang có", "sẽ ghi", lineterm="", n=0)
        raise Refused(
            "\n".join(
                (
                    f"{path} đã có và khác với bản sẽ ghi, chưa đổi gì. Thay bằng bản mới: thêm --replace (bản cũ được giữ). "
                    "Cài đặt riêng thì để trong: systemctl edit motcua",
                    *changed,
                )
            )
        )
    kept = f" (bản trước: {set_by(path).name})" if before is not None else ""
    write_durably(path, text.encode(), mode=0o644)
    return f"Đã ghi {path}{kept}"


def _steps(home: Path, user: str, credentials: tuple[str, ...]) -> Iterator[str]:
    yield f"Người dùng: useradd --system --home-dir {home} --shell /usr/sbin/nologin {user} (nếu chưa có)"
    yield f"Quyền: chown -R {user}: {home}"
    yield from steps(credentials)
    yield "Bật: systemctl daemon-reload && systemctl enable --now motcua (đã chạy rồi: systemctl restart motcua)"
    yield f"Xem: systemctl status motcua · journalctl -u motcua · runuser -u {user} -- {program()} --home {home} status"
    yield f"Từ nay mọi lệnh chạy bằng người dùng {user}: runuser -u {user} -- {program()} --home {home} … (không phải root: sudo -u {user} …)"
