"""The last day of a password, secret or certificate, told while there is time to renew it. Knows no server."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from daemon.mailbox.base import Finding


@dataclass(frozen=True, kw_only=True)
class ExpiryKeys:
    """The keys ``expires``, the last day, known to the office alone, and ``warn_days`` before it to tell staff."""

    expires: dt.date | None = None
    warn_days: int = 30

    def expiry_faults(self) -> list[str]:
        """Say what is wrong with the values."""
        return ["warn_days: không được âm."] if self.warn_days < 0 else []


def finding(what: str, last: dt.date | None, today: dt.date, warn_days: int, renew: str) -> Finding:
    """Say how long ``what`` may be used; ``renew`` is what to do in Vietnamese, such as "hãy đổi mật khẩu"."""
    if last is None:
        say = "Không rõ ngày hết hạn; nếu có, hãy ghi ngày đó vào khóa expires để được nhắc trước."
        return Finding(what, True, say)
    left = (last - today).days
    if left < 0:
        return Finding(what, False, f"Đã hết hạn ngày {last:%d/%m/%Y}; {renew} ngay.")
    if left <= warn_days:
        return Finding(what, False, f"Hết hạn ngày {last:%d/%m/%Y}, còn {left} ngày; {renew} trước ngày đó.")
    return Finding(what, True, f"Dùng được đến {last:%d/%m/%Y}, còn {left} ngày.")


class Foresight:
    """What will stop a mailbox soon, worked out once a day: ``look`` may read files."""

    def __init__(self, look: Callable[[dt.date], Finding], clock: Callable[[], dt.datetime]) -> None:
        self._look = look
        self._clock = clock
        self._day: dt.date | None = None
        self._told: list[str] = []

    def now(self) -> Finding:
        """Look now, for ``check``."""
        return self._look(self._clock().date())

    def warnings(self) -> list[str]:
        """Return the warnings of this day."""
        today = self._clock().date()
        if self._day != today:
            found = self._look(today)
            self._day, self._told = today, [] if found.well else [f"{found.what}: {found.say}"]
        return self._told
