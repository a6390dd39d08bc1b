"""Making motcua a service of the system (``motcua service install``): a systemd unit, kept away from all it does not need."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from daemon.desk.trouble import Refused, TryLater
from daemon.settings.whole import no_home
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
# Passwords: encrypted files under /etc/credstore.encrypted, or plain ones under /etc/credstore, named motcua.*;
# in config/desk.toml: password_file = "/run/credentials/motcua.service/motcua.mailbox"
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
        credentials="\n".join(f"LoadCredential={name}:/etc/credstore/{name}" for name in credentials) or "#",
        protect_home="tmpfs" if not home.is_relative_to("/home") and not home.is_relative_to("/root") else "no",
    )


def program() -> str:
    """Return the absolute path of the command that runs now."""
    beside = Path(sys.executable).with_name("motcua")
    return str(beside) if beside.exists() else (shutil.which("motcua") or str(Path(sys.argv[0]).absolute()))


def install(home: Path, user: str, folder: Path, *, console: bool, credentials: tuple[str, ...]) -> Iterator[str]:
    """Write the unit and yield the commands that remain. Raises Refused, TryLater."""
    if os.name == "nt":
        raise Refused("Trên Windows: xem docs/huong-dan/cong-nghe-thong-tin.md, mục Dịch vụ trên Windows.")
    if not (home / "config").is_dir():
        raise Refused(no_home(home))
    text = unit(home, program(), user, console=console, credentials=credentials)
    path = folder / NAME
    try:
        write_durably(path, text.encode(), mode=0o644)
    except OSError as problem:
        raise TryLater(
            f"Không ghi được {path}: {problem.strerror}. Chạy bằng quyền quản trị (sudo), hoặc xem nội dung bằng --print."
        ) from problem
    yield f"Đã ghi {path}"
    yield f"1. Người dùng: useradd --system --home-dir {home} --shell /usr/sbin/nologin {user} (nếu chưa có)"
    yield f"2. Quyền: chown -R {user}: {home}"
    yield "3. Bật: systemctl daemon-reload && systemctl enable --now motcua"
    yield "4. Xem: systemctl status motcua · journalctl -u motcua · motcua --home … status"
