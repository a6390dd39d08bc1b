"""Watching what the office stands on: the disk, the folders, and whether the queue shrinks. Mends nothing, only tells."""

import datetime as dt
from collections import deque

from daemon.desk.trouble import TryLater
from daemon.office.health import watch_disk
from daemon.office.parts import Parts
from daemon.office.watching import Alarms
from daemon.store import queues

FOLDERS = ("inbox", "outbox", "templates", "config")
SPAN = dt.timedelta(minutes=15)
MANY = 100  # a shorter queue is worked off before anybody has read of it


class Surroundings:
    """Looks now and then; remembers how long the queue was, for a queue is in trouble when it does not shrink."""

    def __init__(self, parts: Parts, alarms: Alarms) -> None:
        self._parts, self._alarms = parts, alarms
        self._lengths: deque[tuple[dt.datetime, int]] = deque()

    def look(self) -> None:
        """Ring for what is wrong around the office, and be quiet about what is well again."""
        watch_disk(self._parts, self._alarms)
        for name in FOLDERS:
            self._folder(name)
        self._queue()

    def _folder(self, name: str) -> None:
        if (self._parts.home / name).is_dir():
            self._alarms.quiet(f"folder-{name}")
            return
        say = (
            f"Không thấy thư mục {name}/ trong {self._parts.home}: gắn lại ổ mạng, hoặc đưa thư mục về chỗ cũ (bản sao lưu);"
            " việc đang chờ sẽ tự làm tiếp."
        )
        self._alarms.ring(f"folder-{name}", TryLater(say))

    def _queue(self) -> None:
        """Many things wait, and not fewer than a quarter of an hour ago; over when half are done or few are left."""
        now, length = self._parts.clock.now(), queues.waiting(self._parts.store)
        if self._lengths and now < self._lengths[-1][0]:
            self._lengths.clear()  # the desk's clock was set back
        self._lengths.append((now, length))
        while len(self._lengths) > 1 and self._lengths[1][0] <= now - SPAN:
            self._lengths.popleft()
        since, before = self._lengths[0]
        if length < MANY or length <= max(each for _, each in self._lengths) // 2:
            self._alarms.quiet("queue")
        elif now - since >= SPAN and length >= before:
            self._alarms.ring("queue", TryLater(_growing(length, before)))


def _growing(length: int, before: int) -> str:
    return (
        f"{length} việc, thư, tệp đang chờ máy làm, 15 phút trước là {before}: máy làm không kịp hoặc có việc vướng."
        " Xem: motcua status; nếu máy yếu, chạy thêm một tiến trình motcua run --only read_scan."
    )
