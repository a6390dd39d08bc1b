"""The console beside the loop: a process of its own, begun again where it fails, ended with the one that began it.

A page that hangs never keeps a letter waiting, and the loop never shares its database connection with a page. What the
process says is passed on, and its last complaint is kept for whoever asks how the page is.
"""

import contextlib
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

log = logging.getLogger("motcua")
AGAIN_SECONDS = 5.0
MENDED_SECONDS = (
    60.0  # wrong configuration, missing packages: only a person mends these, and then it is to open by itself
)
REFUSED = 2
DEATHS, DEATH_SECONDS = 3, 600.0  # a page that was open and ended so often in so long does not mend itself
SERVED = "motcua console: "  # how the process begins the line that names the address


class Page:
    """How the page is now. Written by the thread that keeps the process, read by the loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.where = ""  # the address while it is served
        self.why = ""  # why it does not run, empty while it runs or has only just begun
        self._clock = clock
        self._ends: tuple[float, ...] = ()  # when it ended though it had been served, the latest last

    def served(self, where: str) -> None:
        """It listens."""
        self.where, self.why = where, ""

    def gone(self, why: str) -> None:
        """It ended, and nobody told it to."""
        if self.where:
            self._ends = (*self._ends, self._clock())[-DEATHS:]
        self.where, self.why = "", why

    @property
    def restless(self) -> bool:
        """Whether it opens and ends again and again: only a person finds out why."""
        return len(self._ends) == DEATHS and self._clock() - self._ends[0] < DEATH_SECONDS

    @property
    def trouble(self) -> str:
        """What to tell people: that it was asked for, why it does not run, what to do; empty where nothing is wrong."""
        if self.restless:
            last = f" Lý do lần này: {self.why}" if self.why else ""
            return (
                f"Trang web (--console) mở ra rồi tự dừng, {DEATHS} lần trong {DEATH_SECONDS / 60:.0f} phút; thư vẫn được nhận và gửi. "
                f"Quản trị xem var/log/console.log.{last}"
            )
        if not self.why:
            return ""
        return (
            "Đã yêu cầu trang web (--console) nhưng trang không chạy; thư vẫn được nhận và gửi, sửa xong thì trang tự mở "
            f"lại trong một phút. Lý do: {self.why}"
        )


@contextlib.contextmanager
def beside(home: Path) -> Iterator[Page]:
    """Run ``motcua console`` as long as the block runs; the value given tells how it is."""
    ending, page = threading.Event(), Page()
    keeper = threading.Thread(target=_keep, args=(home, ending, page), name="console", daemon=True)
    keeper.start()
    try:
        yield page
    finally:
        ending.set()
        keeper.join(15)


def _keep(home: Path, ending: threading.Event, page: Page) -> None:
    command = [sys.executable, "-m", "daemon", "--home", str(home), "console", "--until-input-ends"]
    before = ""
    while not ending.is_set():
        try:
            code, said = _serve(command, ending, page, before)
        except (OSError, RuntimeError) as problem:  # no room for another process or thread
            code, said = 1, f"máy không mở thêm được tiến trình ({problem})."
        if ending.is_set():
            return
        before = said
        page.gone(said or f"trang dừng đột ngột (mã {code}); xem var/log/console.log.")
        log.error("the console ended with code %s", code)
        ending.wait(MENDED_SECONDS if code == REFUSED else AGAIN_SECONDS)


def _serve(command: list[str], ending: threading.Event, page: Page, before: str) -> tuple[int, str]:
    """Keep one process to its end; return its code and its last complaint. One told ``before`` is not passed on again."""
    pipe = subprocess.PIPE  # what the command prints is UTF-8 on every system
    child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8", errors="replace")
    complaint = ""

    def hear(line: str) -> None:
        if line.startswith(SERVED):
            page.served(line.removeprefix(SERVED).strip())
        _pass_on(sys.stdout, line)

    def complain(line: str) -> None:
        nonlocal complaint
        complaint = line.strip() or complaint
        if line.strip() != before:
            _pass_on(sys.stderr, line)

    listeners = [
        threading.Thread(target=_lines, args=(pipe, told), daemon=True)
        for pipe, told in ((child.stdout, hear), (child.stderr, complain))
    ]
    for each in listeners:
        each.start()
    while child.poll() is None and not ending.wait(0.2):
        pass
    assert child.stdin is not None
    with contextlib.suppress(OSError):
        child.stdin.close()
    if ending.is_set():
        _end(child)
    for each in listeners:
        each.join(2)
    return int(child.returncode or 0), complaint


def _lines(pipe: IO[str] | None, told: Callable[[str], None]) -> None:
    with contextlib.suppress(OSError, ValueError):
        for line in pipe or ():
            told(line)


def _pass_on(stream: IO[str] | None, line: str) -> None:
    """To where the daemon's own words go; a service without a screen has none."""
    with contextlib.suppress(OSError, ValueError):
        if stream is not None:
            stream.write(line)
            stream.flush()


def _end(child: "subprocess.Popen[str]") -> None:
    """Closing its input asks it to end; what does not hear is ended."""
    try:
        child.wait(8)
    except subprocess.TimeoutExpired:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(3)
        if child.poll() is None:
            child.kill()
            child.wait()
