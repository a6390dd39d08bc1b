"""The stream by which open pages learn that something has changed, and who else has a ticket open."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from daemon.console.live import BEAT_SECONDS
from daemon.console.security import cookie_name
from daemon.office import people
from daemon.store.users import User

if TYPE_CHECKING:
    from daemon.console.app import Console

_BEATS_BETWEEN_CHECKS = 3  # a session that was ended elsewhere loses its stream within a minute


def endpoint(console: "Console") -> Callable[[Request], Any]:
    """Return the stream's address."""

    def who(request: Request) -> User | None:
        with console.desk.office() as parts:
            tls = parts.settings.file.console.tls
            session = people.signed(parts, request.cookies.get(cookie_name(tls), ""))
            return session.user if session else None

    async def stream(request: Request) -> Response:
        user = await run_in_threadpool(who, request)
        if user is None:
            return Response(status_code=204)  # tells the browser not to try again
        number = request.query_params.get("phieu", "")[:40]

        async def lines() -> AsyncIterator[str]:
            beats = 0
            yield f"retry: {int(BEAT_SECONDS * 250)}\n\n"
            async for line in console.live.stream(number, user.title):
                beats += line.startswith(":")
                if beats >= _BEATS_BETWEEN_CHECKS:
                    beats = 0
                    if await run_in_threadpool(who, request) is None:
                        return
                yield line

        return StreamingResponse(lines(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    return stream
