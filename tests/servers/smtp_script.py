"""An SMTP server that plays a part: at a named moment it answers something else, hangs or hangs up."""

import contextlib
import socket
import threading
from collections.abc import Mapping
from typing import BinaryIO

CLOSE = "close"
HANG = "hang"


class SmtpScript:
    """``moments`` maps ``greet``, ``EHLO``, ``AUTH``, ``MAIL``, ``RCPT``, ``DATA``, ``body``, ``.`` or ``QUIT`` to an
    answer, ``CLOSE`` or ``HANG``; a list is used one answer a time, its last for ever."""

    def __init__(
        self, moments: Mapping[str, str | list[str]] | None = None, extensions: tuple[str, ...] = ("AUTH PLAIN",)
    ):
        self.moments = {
            name: list(said) if isinstance(said, list) else [said] for name, said in (moments or {}).items()
        }
        self.extensions = extensions
        self.connections = 0
        self.commands: list[str] = []
        self.mails: list[bytes] = []  # whole mails whose final dot was read, answered or not
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve_one, args=(peer,), daemon=True).start()

    def _serve_one(self, peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError, EOFError):
            self._talk(peer)

    def _say(self, peer: socket.socket, moment: str, otherwise: str) -> None:
        said = self.moments.get(moment, [otherwise])
        answer = said.pop(0) if len(said) > 1 else said[0]
        if answer == CLOSE:
            raise EOFError
        if answer == HANG:
            self._stop.wait(30)
            raise EOFError
        peer.sendall(answer.encode() + b"\r\n")

    def _talk(self, peer: socket.socket) -> None:
        with peer.makefile("rb") as lines:
            self._speak(peer, lines)

    def _speak(self, peer: socket.socket, lines: BinaryIO) -> None:
        self._say(peer, "greet", "220 script")
        while line := lines.readline():
            self.commands.append(line.decode().strip())
            verb = line.split()[0].decode().upper() if line.split() else ""
            if verb in ("EHLO", "HELO"):
                names = ["script", "SIZE 1000000", *self.extensions]
                answer = "\r\n".join(f"250{'-' if name != names[-1] else ' '}{name}" for name in names)
                self._say(peer, "EHLO", answer)
            elif verb == "DATA":
                self._say(peer, "DATA", "354 go on")
                self._read(peer, lines)
            elif verb == "QUIT":
                self._say(peer, "QUIT", "221 bye")
                return
            else:
                self._say(peer, verb, "235 in" if verb == "AUTH" else "250 ok")

    def _read(self, peer: socket.socket, lines: BinaryIO) -> None:
        if self.moments.get("body") == [CLOSE]:
            peer.recv(10)
            raise EOFError
        mail = b""
        while (line := lines.readline()) != b".\r\n":
            if not line:
                raise EOFError
            mail += line
        self.mails.append(mail)
        self._say(peer, ".", "250 taken")
