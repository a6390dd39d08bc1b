"""Pages that stay current: one look a second for all browsers, told to each by server-sent events, and who sees which ticket.

Only a mark travels; a browser then asks for its page again. A stream that breaks is opened again by the browser.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool

from daemon.store import lists

if TYPE_CHECKING:
    from daemon.console.desk_on_screen import DeskOnScreen

log = logging.getLogger("motcua")
LOOK_SECONDS = 1.0
BEAT_SECONDS = 20.0


class Live:
    """What all open pages wait for."""

    def __init__(self, desk: "DeskOnScreen") -> None:
        self._desk = desk
        self._mark = ""
        self._turn = 0
        self._changed: asyncio.Condition | None = None
        self._present: dict[str, list[str]] = {}
        self._ended = False

    @contextlib.asynccontextmanager
    async def running(self, _app: object) -> AsyncIterator[None]:
        """Look while the application runs."""
        self._changed = asyncio.Condition()
        task = asyncio.create_task(self._look())
        try:
            yield
        finally:
            await self.end()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def end(self) -> None:
        """Let every stream end, so that the server can stop."""
        self._ended = True
        await self._tell()

    async def _look(self) -> None:
        while True:
            try:
                mark = await run_in_threadpool(self._read)
                if mark != self._mark:
                    self._mark = mark
                    await self._tell()
            except Exception:
                log.exception("looking for changes")
            await asyncio.sleep(LOOK_SECONDS)

    def _read(self) -> str:
        with self._desk.office() as parts:
            return lists.mark(parts.store)

    async def _tell(self) -> None:
        if self._changed is not None:
            async with self._changed:
                self._turn += 1
                self._changed.notify_all()

    # -- who sees which ticket -------------------------------------------------------------------------------------
    def others(self, number: str, title: str) -> list[str]:
        """Return who else has a ticket open."""
        return sorted({each for each in self._present.get(number, ()) if each != title})

    async def stream(self, number: str, title: str) -> AsyncIterator[str]:
        """Yield what a page must know: the mark of changes, and who else has the ticket open."""
        if number:
            self._present.setdefault(number, []).append(title)
            await self._tell()
        try:
            told: tuple[str, tuple[str, ...]] | None = None
            while not self._ended:
                turn = self._turn
                now = (self._mark, tuple(self.others(number, title)))
                if now != told:
                    told = now
                    yield f"event: mark\ndata: {json.dumps({'mark': now[0], 'others': list(now[1])})}\n\n"
                if not await self._wait(turn):
                    yield ": beat\n\n"
        finally:
            if number:
                self._leave(number, title)
                with contextlib.suppress(RuntimeError, asyncio.CancelledError):
                    await self._tell()

    def _leave(self, number: str, title: str) -> None:
        here = self._present.get(number, [])
        if title in here:
            here.remove(title)
        if not here:
            self._present.pop(number, None)

    async def _wait(self, turn: int) -> bool:
        assert self._changed is not None
        try:
            async with asyncio.timeout(BEAT_SECONDS), self._changed:
                await self._changed.wait_for(lambda: self._turn != turn)
        except TimeoutError:
            return False
        return True
