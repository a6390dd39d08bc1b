"""An Exchange Web Services server for tests: real HTTP for the real exchangelib, and every fault we have met.

``Ews.play(operation, fault, times)`` makes the next requests of an operation go wrong; ``options`` bends the answers
themselves (times without or with fractions, a refused recipient, a Sent copy that lost its attachment …).
"""

import base64
import contextlib
import datetime as dt
import http.server
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree

from tests.servers import ews_operations
from tests.servers.ews_operations import T, error
from tests.servers.ews_store import Store

USER, PASSWORD = "DIENLUC\\svc-motcua", "mật-khẩu-đúng"

_ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
    '<s:Header><h:ServerVersionInfo xmlns:h="http://schemas.microsoft.com/exchange/services/2006/types" MajorVersion="15" '
    'MinorVersion="1" MajorBuildNumber="2507" MinorBuildNumber="34" Version="V2017_07_11"/></s:Header>'
    '<s:Body xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" '
    'xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types">{}</s:Body></s:Envelope>'
)

Fault = Callable[["Exchange"], None]


class Exchange:
    """One request being answered: what a fault may do with it."""

    def __init__(self, server: "Ews", handler: "_Handler", operation: str, request: Any) -> None:
        self.server = server
        self.operation = operation
        self._handler = handler
        self._request = request

    def carry_out(self) -> str:
        """Carry the operation out and return the answer's body."""
        with self.server.lock:
            return ews_operations.carry_out(self.server.store, self._request, self.server.options)

    def answer(self, body: str, status: int = 200, **headers: str) -> None:
        """Answer with an envelope around ``body``."""
        self.raw(_ENVELOPE.format(body).encode(), status, **headers)

    def raw(
        self, content: bytes, status: int = 200, content_type: str = "text/xml; charset=utf-8", **headers: str
    ) -> None:
        """Answer with these bytes."""
        handler = self._handler
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    def hang_up(self) -> None:
        """Reset the connection without an answer."""
        self._handler.close_connection = True
        with contextlib.suppress(OSError):
            self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            self._handler.connection.shutdown(socket.SHUT_RDWR)

    def soap_fault(self, code: str, value: str = "", status: int = 500) -> None:
        """Answer with a SOAP fault; ``value`` is a BackOffMilliseconds."""
        back_off = (
            f'<t:MessageXml><t:Value Name="BackOffMilliseconds">{value}</t:Value></t:MessageXml>' if value else ""
        )
        self.answer(
            '<s:Fault xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>s:Server</faultcode><faultstring>fault'
            '</faultstring><detail><e:ResponseCode xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">'
            f'{code}</e:ResponseCode><e:Message xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">{code}'
            f"</e:Message>{back_off}</detail></s:Fault>",
            status,
        )


# -- faults ------------------------------------------------------------------------------------------------------------


def status(code: int, **headers: str) -> Fault:
    """Answer with that HTTP status and no SOAP."""
    return lambda exchange: exchange.raw(b"<html><body>Service Unavailable</body></html>", code, "text/html", **headers)


def html(exchange: Exchange) -> None:
    """Answer with a login page and status 200."""
    exchange.raw("<!DOCTYPE html><html><body>Đăng nhập</body></html>".encode(), 200, "text/html")


def busy(milliseconds: int = 0) -> Fault:
    """Say ErrorServerBusy in a SOAP fault."""
    return lambda exchange: exchange.soap_fault("ErrorServerBusy", str(milliseconds) if milliseconds else "")


def refused(code: str, extra: str = "") -> Fault:
    """Say an error in the response message without carrying anything out."""
    return lambda exchange: exchange.answer(error(exchange.operation, code, extra))


def refused_though_done(code: str) -> Fault:
    """Carry the operation out, then say an error all the same."""

    def fault(exchange: Exchange) -> None:
        exchange.carry_out()
        exchange.answer(error(exchange.operation, code))

    return fault


def reset_before(exchange: Exchange) -> None:
    """Hang up without carrying anything out."""
    exchange.hang_up()


def reset_after(exchange: Exchange) -> None:
    """Carry the operation out, then hang up."""
    exchange.carry_out()
    exchange.hang_up()


def late(seconds: float) -> Fault:
    """Carry the operation out, then answer after the client has given up."""

    def fault(exchange: Exchange) -> None:
        body = exchange.carry_out()
        exchange.server.stopping.wait(seconds)
        with contextlib.suppress(OSError):
            exchange.answer(body)

    return fault


def twice(exchange: Exchange) -> None:
    """Give two answers to one request, a fault first, as gromox does."""
    exchange.soap_fault("ErrorInternalServerError")
    exchange.answer(exchange.carry_out())


def before(work: Callable[[], object]) -> Fault:
    """Let something happen in the mailbox just before the operation."""

    def fault(exchange: Exchange) -> None:
        with exchange.server.lock:
            work()
        exchange.answer(exchange.carry_out())

    return fault


def cut_in_the_middle(exchange: Exchange) -> None:
    """Send half of the answer, then hang up."""
    content = _ENVELOPE.format(exchange.carry_out()).encode()
    handler = exchange._handler
    handler.send_response(200)
    handler.send_header("Content-Type", "text/xml; charset=utf-8")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content[: len(content) // 2])
    exchange.hang_up()


# -- the server --------------------------------------------------------------------------------------------------------


class Ews:
    """The server; ``url`` is its endpoint, ``store`` the mailbox, ``requests`` the operations asked so far."""

    def __init__(self, address: str, *, rewrites: bool = True, certificate: Path | None = None) -> None:
        self.store = Store(address, lambda: dt.datetime.now(dt.UTC), rewrites)
        self.lock = threading.RLock()
        self.options: dict[str, Any] = {}
        self.requests: list[str] = []
        self.connections = 0
        self.impersonated: list[str] = []
        self.auth = "basic"
        self.locked = False  # every login is refused
        self.news = threading.Condition()
        self.stopping = threading.Event()
        self._faults: list[tuple[str, Fault]] = []
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.ews = self
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
            scheme = "https"
        self.url = f"{scheme}://localhost:{self._http.server_port}/EWS/Exchange.asmx"
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def play(self, operation: str, fault: Fault, times: int = 1) -> None:
        """Let the next ``times`` requests of the operation ("*": any) end in the fault."""
        self._faults += [(operation, fault)] * times

    def deliver(self, raw: bytes, **other: Any) -> None:
        """Let a mail arrive in the inbox."""
        with self.lock:
            self.store.add("inbox", raw, **other)
        with self.news:
            self.news.notify_all()

    def close(self) -> None:
        self.stopping.set()
        with self.news:
            self.news.notify_all()
        self._http.shutdown()
        self._http.server_close()

    def fault_for(self, operation: str) -> Fault | None:
        with self.lock:
            for index, (wanted, fault) in enumerate(self._faults):
                if wanted in ("*", operation):
                    del self._faults[index]
                    return fault
        return None


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    ews: Ews

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients hang up, that is the point."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    disable_nagle_algorithm = True
    timeout = 60

    def setup(self) -> None:
        super().setup()
        self.server.ews.connections += 1
        self._ntlm: Any = None
        self._known = False

    def log_message(self, *_args: object) -> None:
        pass

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        ews = self.server.ews
        if not self._let_in(ews):
            return
        envelope = etree.fromstring(content)
        request = envelope.find("{http://schemas.xmlsoap.org/soap/envelope/}Body")[0]
        operation = etree.QName(request).localname
        ews.requests.append(operation)
        ews.impersonated += [e.text for e in envelope.findall(f".//{T}ExchangeImpersonation//{T}PrimarySmtpAddress")]
        exchange = Exchange(ews, self, operation, request)
        fault = ews.fault_for(operation)
        if fault is not None:
            fault(exchange)
        elif operation == "GetStreamingEvents":
            self._stream(ews, request)
        elif ews.options.get("rights") == "no impersonation" and ews.impersonated:
            exchange.soap_fault("ErrorImpersonateUserDenied")
        else:
            exchange.answer(exchange.carry_out())

    # -- login -----------------------------------------------------------------------------------------------------

    def _let_in(self, ews: Ews) -> bool:
        kind, _, given = self.headers.get("Authorization", "").partition(" ")
        if ews.locked:
            return self._refuse(ews)
        if ews.auth == "ntlm":
            return self._let_in_ntlm(ews, kind, given)
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return (kind == "Basic" and given == expected) or self._refuse(ews)

    def _let_in_ntlm(self, ews: Ews, kind: str, given: str) -> bool:
        """Check the NTLM handshake for real, bound to the connection."""
        import spnego

        if self._known:
            return True
        if kind not in ("NTLM", "Negotiate") or not given:
            return self._refuse(ews)
        self._ntlm = self._ntlm or spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
        try:
            challenge = self._ntlm.step(base64.b64decode(given))
        except spnego.exceptions.SpnegoError:
            self._ntlm = None
            return self._refuse(ews)
        if self._ntlm.complete:
            self._known = True
            return True
        return self._refuse(ews, f"{kind} {base64.b64encode(challenge or b'').decode()}")

    def _refuse(self, ews: Ews, challenge: str = "") -> bool:
        self.send_response(401)
        self.send_header("WWW-Authenticate", challenge or ("NTLM" if ews.auth == "ntlm" else 'Basic realm="EWS"'))
        self.send_header("Content-Length", "0")
        self.end_headers()
        if not challenge:
            ews.requests.append("401")
        return False

    # -- streaming -------------------------------------------------------------------------------------------------

    def _stream(self, ews: Ews, request: Any) -> None:
        """Tell of new mail in whole envelopes until the time is up, the server stops or the stream is cut."""
        wanted = request.findtext(f".//{T}SubscriptionId")
        if wanted != ews.options.get("subscription"):
            Exchange(ews, self, "GetStreamingEvents", request).answer(
                error(
                    "GetStreamingEvents",
                    "ErrorInvalidSubscription",
                    f"<m:ErrorSubscriptionIds><m:SubscriptionId>{wanted}</m:SubscriptionId></m:ErrorSubscriptionIds>",
                )
            )
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._event("<m:ConnectionStatus>OK</m:ConnectionStatus>")
        end = time.monotonic() + ews.options.get("stream_seconds", 30.0)
        seen = len(ews.store.journal)
        while time.monotonic() < end and not ews.stopping.is_set() and not ews.options.pop("cut_stream", False):
            with ews.news:
                ews.news.wait(0.05)
            with ews.lock:
                news = [
                    identifier
                    for folder, what, identifier in ews.store.journal[seen:]
                    if (folder, what) == ("inbox", "create")
                ]
                seen = len(ews.store.journal)
            for identifier in news:
                self._event(
                    f"<m:Notifications><m:Notification><t:SubscriptionId>{wanted}</t:SubscriptionId><t:NewMailEvent><t:TimeStamp>"
                    f'{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}</t:TimeStamp><t:ItemId Id="{identifier}" ChangeKey="x"/>'
                    '<t:ParentFolderId Id="inbox" ChangeKey="fk"/></t:NewMailEvent></m:Notification></m:Notifications>'
                )
        else:
            if time.monotonic() >= end:
                self._event("<m:ConnectionStatus>Closed</m:ConnectionStatus>")
                self.wfile.write(b"0\r\n\r\n")
                return
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _event(self, inside: str) -> None:
        content = _ENVELOPE.format(
            '<m:GetStreamingEventsResponse><m:ResponseMessages><m:GetStreamingEventsResponseMessage ResponseClass="Success">'
            f"<m:ResponseCode>NoError</m:ResponseCode>{inside}</m:GetStreamingEventsResponseMessage></m:ResponseMessages>"
            "</m:GetStreamingEventsResponse>"
        ).encode()
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()


def ntlm_user_file(folder: Path) -> None:
    """Tell the NTLM check (pyspnego) which password is right, for this process."""
    path = folder / "ntlm-users"
    domain, _, user = USER.partition("\\")
    path.write_text(f"{domain}:{user}:{PASSWORD}\n", encoding="utf-8")
    os.environ["NTLM_USER_FILE"] = str(path)
