"""The console beside the loop: a process of its own, begun again where it fails, ended with the one that began it.

A page that hangs never keeps a letter waiting, and the loop never shares its database connection with a page.
"""

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

log = logging.getLogger("motcua")
AGAIN_SECONDS = 5.0
USELESS = (2,)  # wrong configuration or missing packages: trying again changes nothing


@contextlib.contextmanager
def beside(home: Path) -> Iterator[None]:
    """Run ``motcua console`` as long as the block runs."""
    ending = threading.Event()
    keeper = threading.Thread(target=_keep, args=(home, ending), name="console", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join(15)


def _keep(home: Path, ending: threading.Event) -> None:
    command = [sys.executable, "-m", "daemon", "--home", str(home), "console", "--until-input-ends"]
    while not ending.is_set():
        child = subprocess.Popen(command, stdin=subprocess.PIPE)
        while child.poll() is None and not ending.wait(0.2):
            pass
        assert child.stdin is not None
        with contextlib.suppress(OSError):
            child.stdin.close()
        if ending.is_set():
            _end(child)
            return
        log.error("the console ended with code %s", child.returncode)
        if child.returncode in USELESS or ending.wait(AGAIN_SECONDS):
            return


def _end(child: "subprocess.Popen[bytes]") -> None:
    """Closing its input asks it to end; what does not hear is ended."""
    try:
        child.wait(8)
    except subprocess.TimeoutExpired:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(3)
        if child.poll() is None:
            child.kill()
