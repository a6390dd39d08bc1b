"""Running the loop as a process: once, or until told to stop."""

import contextlib
import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from daemon import __version__
from daemon.desk.trouble import TryLater
from daemon.loop import Loop
from daemon.office import health
from daemon.office.keeping import note_settings
from daemon.office.parts import Parts
from daemon.office.supervision import Supervision
from daemon.office.surroundings import Surroundings
from daemon.office.watching import Alarms

if TYPE_CHECKING:
    from daemon.console.child import Page

log = logging.getLogger("motcua")
PAGE_SECONDS = 3  # between two looks at whether the console runs


def _log_start(how: str, only: tuple[str, ...]) -> None:
    log.info(
        "started: motcua %s, %s%s, process %d", __version__, how, f" only {','.join(only)}" if only else "", os.getpid()
    )


def beside_another(parts: Parts) -> str:
    """Return what to tell whoever starts a second process beside a running daemon; empty where none runs."""
    told = health.running(parts.home)
    if not told["alive"] or told["pid"] in (None, os.getpid()) or _is_gone(told["pid"]):
        return ""
    return f"motcua đang chạy ở tiến trình {told['pid']} và tự làm mọi việc; lần chạy này làm chung với nó, không việc nào làm hai lần."


def _is_gone(pid: int) -> bool:
    """Whether a process of this machine is surely no more: one that was killed could not say so in its file."""
    if os.name != "posix":
        return False  # elsewhere this question would end the process
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def run_once(parts: Parts, only: tuple[str, ...] = ()) -> int:
    """Work until nothing is due now; return 0, or 3 when something waits for a person, 4 when the mailbox is away."""
    loop = Loop(parts, only)
    loop.stop_on_signals()
    _log_start("once", only)
    note_settings(parts)
    loop.settle()
    if not only:
        Surroundings(parts, loop.alarms).look()
    loop.alarms.look()
    loop.carry_out()  # the mail to the administrator, where an alarm just began or ended
    away = bool(parts.store.note("alarm:mailbox:since"))
    counts = parts.store.counts()
    waits = counts.get("to_check", 0) or parts.store.items("unplaced", limit=1) or parts.store.effects("set_aside")
    parts.close()
    log.info("stopped")
    return 4 if away else 3 if waits else 0


def run_forever(parts: Parts, only: tuple[str, ...], ready: Callable[[], None], console: bool = False) -> int:
    """Work until SIGTERM or Ctrl-C, with the console beside where it is wanted."""
    from daemon.console.child import beside

    loop = Loop(parts, only, serving=True)
    loop.stop_on_signals()
    manager, started = Supervision(), parts.clock.now().isoformat()
    loop.alive = manager.alive
    _log_start("serving", only)
    with beside(parts.home) if console else contextlib.nullcontext() as page:

        def write() -> None:
            if not only and not beside_another(parts):  # of several the first one tells, until it ends
                health.write(parts, started, (page.where or page.trouble) if page else None)

        def begun() -> None:
            if not (console or only or beside_another(parts)):
                loop.alarms.quiet("console")  # of a run before this one, which was asked for the page
            write()
            manager.ready()
            ready()

        if not only:
            loop.every(health.EVERY, write)
            loop.every(health.EVERY, Surroundings(parts, loop.alarms).look)
        if page:
            loop.every(PAGE_SECONDS, PageWatch(page, loop.alarms, write).look)
        loop.run(begun)
    manager.stopping()
    if not only:
        health.stopped(parts.home)
    parts.close()
    log.info("stopped")
    return 0


class PageWatch:
    """Tells as an alarm that the page was asked for and does not run; the health file says so at once."""

    def __init__(self, page: "Page", alarms: Alarms, changed: Callable[[], None]) -> None:
        self._page, self._alarms, self._changed = page, alarms, changed
        self._told = ("", "", False)

    def look(self) -> None:
        """Ring, be quiet, or ring anew where the reason is another one; a page that ends again and again is one alarm."""
        told = self._page.where, self._page.trouble, self._page.restless
        if told == self._told:
            return
        lasting, self._told = told[2] and self._told[2], told
        if not lasting:
            self._alarms.quiet("console")
            if told[1]:
                self._alarms.ring("console", TryLater(told[1]), at_once=told[2])
        self._changed()  # first the file that says how it is, then who is told of it
        if told[1] and not lasting:
            self._alarms.look()
