"""How often one address may knock: a window of time for each, in memory. It slows guessing; locking accounts is ``people``."""

import threading
import time
from collections import deque


class Limiter:
    """At most ``most`` knocks in ``seconds`` for each key; old keys are forgotten."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._knocks: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def allows(self, key: str) -> bool:
        """Count a knock and say whether it is allowed."""
        now = time.monotonic()
        with self._lock:
            if len(self._knocks) > 5000:
                self._forget(now)
            knocks = self._knocks.setdefault(key, deque())
            while knocks and now - knocks[0] > self._seconds:
                knocks.popleft()
            if len(knocks) >= self._most:
                return False
            knocks.append(now)
            return True

    def _forget(self, now: float) -> None:
        for key in [key for key, knocks in self._knocks.items() if not knocks or now - knocks[-1] > self._seconds]:
            del self._knocks[key]
