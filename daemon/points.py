"""Named points of the way at which a test kills the process, to prove that nothing is lost and nothing done twice.

``MOTCUA_DIE_AT=<point>:<n>`` ends the process with SIGKILL at the n-th pass of a point; ``*`` counts the passes of all
points together, ``commit.*`` those of a family. Without the variable a point is a call that does nothing.
"""

import os
import signal
from collections.abc import Callable

VARIABLE = "MOTCUA_DIE_AT"


def _nothing(_point: str) -> None:
    pass


class _Fate:
    """Counts passes and kills the process at the wanted one."""

    def __init__(self, wanted: str) -> None:
        point, _, count = wanted.rpartition(":")
        self._point, self._left = point, int(count)

    def __call__(self, point: str) -> None:
        family = self._point.removesuffix("*")
        if point == self._point or (family != self._point and point.startswith(family)):
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


passing: Callable[[str], None] = _Fate(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else _nothing
