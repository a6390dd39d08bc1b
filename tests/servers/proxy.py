"""A pipe between a back end and its server that can freeze or be cut."""

import contextlib
import socket
import threading


class Proxy:
    """Passes bytes from its own ``port`` to ``target`` on the loopback."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._open = threading.Event()
        self._open.set()
        self._cut_after: bytes | None = None
        self._deaf = False
        self._sockets: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        self.refusing = False
        threading.Thread(target=self._serve, daemon=True).start()

    def freeze(self) -> None:
        """Let nothing through any more, with every connection open."""
        self._open.clear()

    def thaw(self) -> None:
        """Let everything through again."""
        self._open.set()

    def cut(self) -> None:
        """Close every connection at once."""
        sockets, self._sockets = self._sockets, []  # a new connection may come while these are closed
        for one in sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def cut_after(self, words: bytes) -> None:
        """Let the next piece with these bytes through to the server, then cut before its answer comes back."""
        self._cut_after = words

    def _cut_deaf(self) -> None:
        self._deaf = False
        self.cut()

    def close(self) -> None:
        self._open.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            if self.refusing:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._target))
            self._sockets += [near, far]
            threading.Thread(target=self._pass, args=(near, far, True), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, to_server: bool) -> None:
        try:
            while data := source.recv(65536):
                self._open.wait()
                if not to_server and self._deaf:
                    continue
                if to_server and self._cut_after is not None and self._cut_after in data:
                    self._cut_after, self._deaf = None, True
                    threading.Timer(0.3, self._cut_deaf).start()  # meanwhile the server carries it out
                target.sendall(data)
        except OSError:
            pass
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
