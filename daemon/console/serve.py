"""Serving the console: one process, one thread of uvicorn, until told to stop."""

import logging
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from daemon import extras
from daemon.desk.trouble import Refused, TryLater


def serve(home: Path, ready: Callable[[str], None], tied_to: IO[bytes] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C and return 0. Raises Refused (packages, configuration, port) or TryLater.

    ``tied_to`` is a pipe from the process that began this one: when it closes, that process is gone, and this one ends.
    """
    try:
        import uvicorn

        from daemon.console.app import make_app
        from daemon.console.pages import metrics
    except ImportError as problem:
        raise Refused(f"Chưa cài phần trang web ({problem.name}). Cài bằng: {extras.command('console')}") from problem
    app = make_app(home)
    console = app.state.console
    table = console.desk.settings.file.console
    where = f"{'https' if table.tls else 'http'}://{table.host}:{table.port}"

    class Server(uvicorn.Server):
        """Tells when it listens, and ends the open streams before it waits for requests to end."""

        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready(where)

        async def shutdown(self, sockets: Any = None) -> None:
            await console.live.end()
            await super().shutdown(sockets)

    try:
        metrics.token(home, table)
    except ValueError as problem:
        raise Refused(f"config/desk.toml: console: {problem}") from problem
    for path in (table.certificate, table.key):
        if path and not (home / path).is_file():
            raise Refused(f"config/desk.toml: console: không có tệp {path}. Kiểm tra đường dẫn và quyền đọc.")
    config = uvicorn.Config(
        app,
        host=table.host,
        port=table.port,
        ssl_certfile=home / table.certificate if table.certificate else None,
        ssl_keyfile=home / table.key if table.key else None,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=5,
        limit_concurrency=200,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    server = Server(config)
    if tied_to is not None:
        threading.Thread(target=_end_with, args=(tied_to, server), name="parent", daemon=True).start()
    _hear_signals()
    try:
        server.run()
    except SystemExit as end:
        raise TryLater(f"Không mở được {where}: cổng {table.port} đang được chương trình khác dùng?") from end
    finally:
        console.close()
    if not server.started:
        raise TryLater(f"Không mở được {where}. Kiểm tra cổng và chứng chỉ trong config/desk.toml.")
    return 0


def _hear_signals() -> None:
    """The server ends by itself on these and then raises them again: heard here, they end nothing a second time."""
    if threading.current_thread() is threading.main_thread():
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda _number, _frame: None)


def _end_with(pipe: IO[bytes], server: Any) -> None:
    # Not through the buffer: the thread would hold its lock while the interpreter ends, which aborts the process.
    while os.read(pipe.fileno(), 64):
        pass
    server.should_exit = True
