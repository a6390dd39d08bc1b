"""What every answer of the console carries and every request must satisfy: headers, host names, same origin, sizes."""

import hmac
import ipaddress
import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from daemon.console.limits import Limiter
from daemon.settings.console import ConsoleTable

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
MOST_BYTES = 12_000_000
COOKIE = "motcua"
FORM_COOKIE = "motcua-form"


def cookie_name(tls: bool, name: str = COOKIE) -> str:
    """Return a cookie's name; under TLS with the prefix that binds it to this host and to TLS."""
    return f"__Host-{name}" if tls else name


class Guard:
    """The outermost ring around the pages."""

    def __init__(self, app: ASGIApp, table: ConsoleTable) -> None:
        self._app = app
        self._table = table
        self._names = {"localhost", socket.gethostname().lower(), table.host.lower(), *table.names, "testserver"}
        self._limiter = Limiter(1200, 60)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused:
            await PlainTextResponse(refused[1], refused[0], headers=HEADERS)(scope, receive, send)
            return
        await self._app(scope, receive, self._with_headers(scope, send))

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if not self._known_host(headers.get("host", "")):
            return 421, "Tên máy lạ: ghi tên này vào [console] names trong config/desk.toml."
        client = scope.get("client") or ("?", 0)
        if not self._limiter.allows(client[0]):
            return 429, "Quá nhiều yêu cầu. Chờ một phút rồi thử lại."
        if scope["method"] not in ("GET", "HEAD"):
            if not same_origin(headers):
                return 403, "Yêu cầu đến từ trang khác nên bị từ chối."
            if int(headers.get("content-length") or 0) > MOST_BYTES:
                return 413, "Tệp quá lớn."
        return None

    def _known_host(self, host: str) -> bool:
        """Names of ours and plain addresses; another name may be a foreign page that had its name lead here."""
        name = urlsplit(f"//{host}").hostname or ""
        if name.lower() in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        static = scope["path"].startswith("/static/")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if static:
                    headers["Cache-Control"] = "public, max-age=31536000, immutable"
                else:
                    headers.setdefault("Cache-Control", "no-store")
                if self._table.tls:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        return sending


def same_secret(one: str, other: str) -> bool:
    """Say whether two secrets are the same, in a time that tells nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def same_origin(headers: Headers) -> bool:
    """Say whether a changing request comes from our own pages, by what the browser tells of it."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
