"""Running the loop as a process: once, or until told to stop."""

import contextlib
import logging
import os
from collections.abc import Callable

from daemon import __version__
from daemon.loop import Loop
from daemon.office import health
from daemon.office.keeping import note_settings
from daemon.office.parts import Parts
from daemon.office.supervision import Supervision
from daemon.office.surroundings import Surroundings

log = logging.getLogger("motcua")


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
    if not only:
        loop.every(health.EVERY, lambda: health.write(parts, started))
        loop.every(health.EVERY, Surroundings(parts, loop.alarms).look)

    def begun() -> None:
        if not only:
            health.write(parts, started)
        manager.ready()
        ready()

    with beside(parts.home) if console else contextlib.nullcontext():
        loop.run(begun)
    manager.stopping()
    if not only:
        health.stopped(parts.home)
    parts.close()
    log.info("stopped")
    return 0
