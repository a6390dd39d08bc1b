"""Running the loop as a process: once, or until told to stop."""

import contextlib
from collections.abc import Callable

from daemon.loop import Loop
from daemon.office import health
from daemon.office.keeping import note_settings
from daemon.office.parts import Parts
from daemon.office.supervision import Supervision
from daemon.office.surroundings import Surroundings


def run_once(parts: Parts, only: tuple[str, ...] = ()) -> int:
    """Work until nothing is due now; return 0, or 3 when something waits for a person, 4 when the mailbox is away."""
    loop = Loop(parts, only)
    loop.stop_on_signals()
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
    return 4 if away else 3 if waits else 0


def run_forever(parts: Parts, only: tuple[str, ...], ready: Callable[[], None], console: bool = False) -> int:
    """Work until SIGTERM or Ctrl-C, with the console beside where it is wanted."""
    from daemon.console.child import beside

    loop = Loop(parts, only, serving=True)
    loop.stop_on_signals()
    manager, started = Supervision(), parts.clock.now().isoformat()
    loop.alive = manager.alive
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
    return 0
