"""What the system's service manager is told (sd_notify): ready, alive, stopping. Does nothing where none listens."""

import contextlib
import os
import socket
import time


class Supervision:
    """The socket of systemd in ``NOTIFY_SOCKET``; ``WATCHDOG_USEC`` says how often it wants to hear that we live."""

    def __init__(self, environment: dict[str, str] | None = None) -> None:
        given = os.environ if environment is None else environment
        self._address = given.get("NOTIFY_SOCKET", "")
        pause = given.get("WATCHDOG_USEC", "")
        self._pause = int(pause) / 4_000_000 if pause.isdigit() else 0.0
        self._next = 0.0

    def ready(self) -> None:
        """The loop begins."""
        self._tell("READY=1\nSTATUS=Đang chạy")

    def alive(self) -> None:
        """The loop got on: called between two pieces of work, told four times in a watchdog's period at most."""
        now = time.monotonic()
        if self._pause and now >= self._next:
            self._next = now + self._pause
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """The loop was told to end."""
        self._tell("STOPPING=1\nSTATUS=Đang dừng")

    def _tell(self, text: str) -> None:
        family = getattr(socket, "AF_UNIX", None)
        if not self._address or family is None:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as channel:
            channel.settimeout(1)
            channel.connect(address)
            channel.sendall(text.encode())
