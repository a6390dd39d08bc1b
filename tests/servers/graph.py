"""A Microsoft Graph server for tests, with the login of Entra beside it: real HTTP, and every fault we know of.

``Graph.play(operation, fault, times)`` makes the next requests of an operation go wrong; ``options`` bends the answers
(the Sent copy, its delay, a refused recipient …). The operations are named in ``graph_operations``.
"""

import base64
import contextlib
import datetime as dt
import http.server
import itertools
import json
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

from tests.servers import graph_operations
from tests.servers.graph_store import GraphStore, Upload

TENANT, CLIENT, SECRET = "dienluc.example", "11111111-2222-3333-4444-555555555555", "bí~mật-đúng"

Answer = tuple[int, dict[str, Any] | bytes, dict[str, str]]
Fault = Callable[["Asked"], None]


class Asked:
    """One request being answered: what a fault may do with it."""

    def __init__(self, server: "Graph", handler: "_Handler", operation: str, body: bytes) -> None:
        self.server = server
        self.operation = operation
        self.body = body
        self.handler = handler
        split = urllib.parse.urlsplit(handler.path)
        self.path = split.path
        self.query = dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True))

    def carry_out(self) -> Answer:
        """Carry the operation out and return its answer."""
        with self.server.lock:
            return graph_operations.carry_out(self)

    def answer(self, status: int, body: dict[str, Any] | bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Answer with JSON or bytes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        kind = "text/plain" if isinstance(body, bytes) else "application/json"
        self._head(status, len(content), {"Content-Type": kind, **(headers or {})})
        self.handler.wfile.write(content)

    def half(self, status: int, body: dict[str, Any] | bytes, headers: dict[str, str]) -> None:
        """Answer with the first half of it, then hang up."""
        content = (body if isinstance(body, bytes) else json.dumps(body).encode()) or b"{}"
        self._head(status, len(content), {"Content-Type": "application/json", **headers})
        self.handler.wfile.write(content[: len(content) // 2])
        self.handler.wfile.flush()
        self.hang_up()

    def _head(self, status: int, length: int, headers: dict[str, str]) -> None:
        handler = self.handler
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(length))
        handler.end_headers()

    def error(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        """Answer with an error as Graph writes it."""
        self.answer(status, graph_operations.error(code), headers)

    def hang_up(self) -> None:
        """Reset the connection."""
        self.handler.close_connection = True
        with contextlib.suppress(OSError):
            self.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            self.handler.connection.shutdown(socket.SHUT_RDWR)


# -- faults ------------------------------------------------------------------------------------------------------------


def refused(status: int, code: str = "ErrorInternalServerError", **headers: str) -> Fault:
    """Answer with that error and carry nothing out."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda asked: asked.error(status, code, named)


def refused_though_done(status: int, code: str = "ErrorInternalServerError", **headers: str) -> Fault:
    """Carry the operation out, then say an error all the same."""

    def fault(asked: Asked) -> None:
        asked.carry_out()
        refused(status, code, **headers)(asked)

    return fault


def throttled(seconds: int | None = None, status: int = 429) -> Fault:
    """Say that there were too many requests, with or without Retry-After."""
    return refused(status, "ApplicationThrottled", **({} if seconds is None else {"Retry_After": str(seconds)}))


def html(asked: Asked) -> None:
    """Answer with a proxy's page and status 200."""
    asked.answer(200, "<!DOCTYPE html><html><body>Đăng nhập proxy</body></html>".encode())


def reset_before(asked: Asked) -> None:
    """Hang up without carrying anything out."""
    asked.hang_up()


def reset_after(asked: Asked) -> None:
    """Carry the operation out, then hang up."""
    asked.carry_out()
    asked.hang_up()


def late(seconds: float) -> Fault:
    """Carry the operation out, then answer after the client has given up."""

    def fault(asked: Asked) -> None:
        done = asked.carry_out()
        asked.server.stopping.wait(seconds)
        with contextlib.suppress(OSError):
            asked.answer(*done)

    return fault


def carried_out_later(seconds: float) -> Fault:
    """Let the client give up first, and carry the operation out only then."""

    def fault(asked: Asked) -> None:
        asked.server.stopping.wait(seconds)
        asked.carry_out()
        asked.hang_up()

    return fault


def cut_in_the_middle(asked: Asked) -> None:
    """Carry the operation out and send half of the answer."""
    asked.half(*asked.carry_out())


def before(work: Callable[[], object]) -> Fault:
    """Let something happen in the mailbox just before the operation."""

    def fault(asked: Asked) -> None:
        with asked.server.lock:
            work()
        asked.answer(*asked.carry_out())

    return fault


def sound(asked: Asked) -> None:
    """Answer as without a fault: to let one request pass before the next goes wrong."""
    asked.answer(*asked.carry_out())


# -- the server --------------------------------------------------------------------------------------------------------


class Graph:
    """The server; ``url`` is its base URL, ``authority`` its login, ``store`` the mailbox, ``requests`` the operations
    asked so far, ``tokens`` the access tokens issued and the real time at which each ends."""

    def __init__(self, address: str, *, rewrites: bool = True) -> None:
        self.address = address
        self.store = GraphStore(address, lambda: dt.datetime.now(dt.UTC), rewrites)
        self.lock = threading.RLock()
        self.options: dict[str, Any] = {}
        self.requests: list[str] = []
        self.agents: set[str] = set()
        self.connections = 0
        self.tokens: dict[str, float] = {}
        self.secret = SECRET
        self.certificate: Any = None  # the x509 certificate that an application may prove itself by
        self.token_seconds = 3600
        self.codes: dict[str, bool] = {}  # device codes and whether the person has signed in
        self.generation = 1  # delta links of another one are lost
        self.uploads: dict[str, Upload] = {}
        self.count = itertools.count(1)
        self.stopping = threading.Event()
        self.faults: list[tuple[str, Fault]] = []
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.graph = self
        self.authority = f"http://localhost:{self._http.server_port}"
        self.url = f"{self.authority}/v1.0"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def play(self, operation: str, fault: Fault, times: int = 1) -> None:
        """Let the next ``times`` requests of the operation ("*": any of the mailbox) end in the fault."""
        self.faults += [(operation, fault)] * times

    def fault_for(self, operation: str) -> Fault | None:
        with self.lock:
            for index, (wanted, fault) in enumerate(self.faults):
                if wanted == operation or (wanted == "*" and operation not in graph_operations.OF_LOGIN):
                    del self.faults[index]
                    return fault
        return None

    def deliver(self, raw: bytes, **other: Any) -> None:
        """Let a mail arrive in the inbox."""
        with self.lock:
            self.store.add("inbox", raw, **other)

    def issue(self, **claims: Any) -> dict[str, Any]:
        """Return the answer to a good token request."""
        said = {"aud": self.authority, "n": next(self.count), **claims}
        body = base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")
        token = self.options.get("access_token") or f"eyJhbGciOiJub25lIn0.{body}.signature"
        self.tokens[token] = time.monotonic() + self.token_seconds
        return {"access_token": token, "expires_in": self.token_seconds, "token_type": "Bearer"}

    def lose_links(self) -> None:
        """Forget every delta link given so far."""
        self.generation += 1

    def close(self) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    graph: Graph

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up, that is the point."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True
    timeout = 60

    def setup(self) -> None:
        super().setup()
        self.server.graph.connections += 1

    def log_message(self, *_args: object) -> None:
        pass

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        graph = self.server.graph
        operation = graph_operations.operation_of(self.command, urllib.parse.urlsplit(self.path).path)
        asked = Asked(graph, self, operation, body)
        graph.requests.append(operation)
        fault = graph.fault_for(operation)
        if fault is not None:
            fault(asked)
        elif operation not in graph_operations.OF_LOGIN and (trouble := self._kept_out(graph, operation)):
            asked.error(*trouble)
        else:
            asked.answer(*asked.carry_out())

    def _kept_out(self, graph: Graph, operation: str) -> tuple[int, str] | None:
        given = self.headers.get("Authorization", "")
        if operation == "upload":  # its address is its own pass, and a token there is a token given away
            return (401, "InvalidAudience") if given else None
        if graph.tokens.get(given.removeprefix("Bearer "), 0.0) < time.monotonic():
            return 401, "InvalidAuthenticationToken"
        user = urllib.parse.unquote(self.path).split("/users/")[1].split("/")[0]
        if user != graph.address:
            return (403, "ErrorAccessDenied") if graph.options.get("limited", True) else None
        return (403, graph.options["denied"]) if graph.options.get("denied") else None

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do
