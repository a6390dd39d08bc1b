"""The ``[console]`` table of desk.toml: where the web pages are served, how they are secured, who may release answers."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from daemon.settings.rows import Row

PLAIN = "chap-nhan-khong-ma-hoa"  # the word by which an office says that it wants the LAN without TLS
ROLES = ("agent", "chief", "leader", "administrator")


@dataclass(frozen=True, slots=True)
class ConsoleTable:
    """Where and how the console is served. ``names`` are host names beside addresses under which it may be called.

    ``metrics_token_env`` and ``metrics_token_file`` say where the token lies that opens ``/metrics`` to other machines.
    """

    host: str = "127.0.0.1"
    port: int = 8210
    certificate: Path | None = None
    key: Path | None = None
    names: tuple[str, ...] = ()
    release: tuple[str, ...] = ("agent", "chief")
    metrics_token_env: str | None = None
    metrics_token_file: Path | None = None

    @property
    def tls(self) -> bool:
        """Say whether the pages are served over TLS."""
        return self.certificate is not None


def console_table(row: Row) -> ConsoleTable:
    """Return what the table says; on the office's network TLS is demanded, or the explicit word."""
    host, plain = row.text("host", "127.0.0.1"), row.text("plain_http", "")
    certificate, key = row.text("certificate", ""), row.text("key", "")
    release = row.texts("release", ("agent", "chief"))
    token_file = row.text("metrics_token_file", "")
    made = ConsoleTable(
        host=host,
        port=row.number("port", 8210),
        certificate=Path(certificate) if certificate else None,
        key=Path(key) if key else None,
        names=tuple(name.lower() for name in row.texts("names", ())),
        release=release,
        metrics_token_env=row.text("metrics_token_env", "") or None,
        metrics_token_file=Path(token_file) if token_file else None,
    )
    if made.metrics_token_env and token_file:
        row.fault("metrics_token_file", "chỉ ghi một trong hai: metrics_token_env, metrics_token_file")
    if bool(certificate) != bool(key):
        row.fault("certificate", "cần cả certificate và key")
    if not _is_own_machine(host) and not certificate and plain != PLAIN:
        row.fault(
            "host",
            f'{host!r} mở trang cho cả mạng nội bộ: cần certificate và key (TLS), hoặc ghi plain_http = "{PLAIN}"',
        )
    if plain not in ("", PLAIN):
        row.fault("plain_http", f'{plain!r} không hợp lệ, chỉ nhận "{PLAIN}"')
    if not 1 <= made.port <= 65535:
        row.fault("port", f"{made.port} không phải cổng, cần 1-65535")
    for role in release:
        if role not in ROLES:
            row.fault("release", f"{role!r} không hợp lệ, cần một trong: {', '.join(ROLES)}")
    row.done()
    return made


def _is_own_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
