"""Settings changed while the program runs: read again when their files change, and every open ticket is looked at again.

What was opened by them stays as it is until the next start: the database and the mailbox.
"""

import contextlib
import datetime as dt
import logging
from pathlib import Path

from daemon.desk.trouble import Refused
from daemon.office.keeping import note_settings
from daemon.office.parts import Parts
from daemon.settings.whole import load

log = logging.getLogger("motcua")
_MADE_OF_THEM = ("reader", "gazetteer", "scan_meaning", "lookups", "ahead")


def stamp(home: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what tells the files of config/ from what they were: names, times and sizes."""
    found = []
    for path in sorted(each for each in (home / "config").rglob("*") if each.suffix in (".toml", ".json")):
        with contextlib.suppress(OSError):
            state = path.stat()
            found.append((str(path), state.st_mtime_ns, state.st_size))
    return tuple(found)


class Renewing:
    """Watches the files of one open office."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stamp = stamp(parts.home)
        self._fault: Refused | None = None

    def look(self) -> int:
        """Take changed settings over; return 1 where that was done.

        Raises Refused as long as the files are wrong; the office then goes on with the settings it had.
        """
        fresh = stamp(self._parts.home)
        if fresh == self._stamp:
            if self._fault:
                raise self._fault
            return 0
        self._stamp, self._fault = fresh, None
        try:
            settings = load(self._parts.home, dt.datetime.now(dt.UTC).date())
        except Refused as fault:
            self._parts.ahead.leave_off()  # its process would read the files that are refused
            self._fault = Refused(f"Cấu hình mới có lỗi, đang dùng cấu hình cũ:\n{fault}")
            raise self._fault from fault
        self._parts.settings = settings
        for name in _MADE_OF_THEM:
            made = self._parts.__dict__.pop(name, None)
            if made is not None and hasattr(made, "close"):
                made.close()
        note_settings(self._parts)
        log.info("settings taken over")
        return 1
