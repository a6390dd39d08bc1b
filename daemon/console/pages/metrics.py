"""The metrics page in Prometheus text: for the machine that watches, not for people. No names, no texts, only counts.

Without a token only this machine is answered; with one, whoever shows it (``Authorization: Bearer …``), from anywhere.
"""

import ipaddress
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from daemon.console.security import same_secret
from daemon.desk.trouble import TryLater
from daemon.mailbox.secret import Secret, read_secret
from daemon.office import health
from daemon.settings.console import ConsoleTable

if TYPE_CHECKING:
    from daemon.console.app import Console

log = logging.getLogger("motcua")
TYPE = "text/plain; version=0.0.4; charset=utf-8"


def endpoint(console: "Console") -> Callable[[Request], Any]:
    """Return the page's address."""

    async def metrics(request: Request) -> Response:
        return await run_in_threadpool(_answer, console, request)

    return metrics


def _answer(console: "Console", request: Request) -> Response:
    try:
        with console.desk.office() as parts:
            known = token(parts.home, parts.settings.file.console)
            if not _may_see(request, known):
                headers = {"WWW-Authenticate": "Bearer"} if known else {}
                return PlainTextResponse(_why_not(known), 401 if known else 403, headers=headers)
            state = {**health.gather(parts), **health.running(parts.home)}
        return Response(health.metrics(state), media_type=TYPE)
    except (ValueError, TryLater) as trouble:
        log.warning("metrics: %s", trouble)
        return PlainTextResponse(str(trouble), 503)


def token(home: Path, table: ConsoleTable) -> Secret | None:
    """Return the token that opens the page, None where only this machine may see it. Raises ValueError as ``read_secret``."""
    path = home / table.metrics_token_file if table.metrics_token_file else None
    return read_secret(table.metrics_token_env, path, key="metrics_token")


def _may_see(request: Request, known: Secret | None) -> bool:
    if known:
        kind, _, shown = request.headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and same_secret(shown.strip(), known.reveal())
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _why_not(known: Secret | None) -> str:
    if known:
        return "Cần mã truy cập đúng: Authorization: Bearer …"
    return "Chỉ máy này xem được số đo. Máy khác: đặt metrics_token_file trong [console] của config/desk.toml."
