"""A browser without a screen: requests straight into the application, cookies and the form's secret kept by hand."""

import asyncio
import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import quote, urlencode

from daemon.console.security import COOKIE
from daemon.office import people
from daemon.store.database import to_text
from daemon.store.users import User
from tests.support.office import Desk

HOST = "127.0.0.1:8210"
# Argon2 hash of "một câu đủ dài để thử", with little work: signing in is not what most tests are about.
PASSWORD = "một câu đủ dài để thử"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The page, with entities as signs."""
        return unescape(self.body.decode())

    def hidden(self, name: str) -> str:
        """The value of the first hidden field of a name."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.body.decode())
        assert found, name
        return unescape(found[1])


@dataclass
class Browser:
    """One person's browser."""

    app: Any
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    host: str = HOST
    client: str = "127.0.0.1"

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self.ask("GET", path, headers=headers)

    def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        """Send a form with the session's secret."""
        data = urlencode({"csrf": self.csrf, **(form or {})}).encode()
        return self.ask("POST", path, data, {"content-type": "application/x-www-form-urlencoded", **headers})

    def upload(self, path: str, field_name: str, name: str, data: bytes) -> Answer:
        """Send a form with a file."""
        edge = "grenze"
        body = (
            (
                f'--{edge}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{self.csrf}\r\n--{edge}\r\n'
                f'Content-Disposition: form-data; name="{field_name}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
            ).encode()
            + data
            + f"\r\n--{edge}--\r\n".encode()
        )
        return self.ask("POST", path, body, {"content-type": f"multipart/form-data; boundary={edge}"})

    def ask(self, method: str, path: str, data: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """Send a request and wait for all of its answer."""
        answer = asyncio.run(self._ask(method, path, data, headers or {}))
        self.cookies.update(answer.cookies)
        self.cookies = {name: value for name, value in self.cookies.items() if value not in ("", '""')}
        return answer

    async def _ask(self, method: str, path: str, data: bytes, headers: dict[str, str]) -> Answer:
        plain, _, query = path.partition("?")
        sent = {
            "host": self.host,
            "content-length": str(len(data)),
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": plain, "raw_path": quote(plain).encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
            "client": (self.client, 50000), "server": ("127.0.0.1", 8210), "app": self.app,
        }  # fmt: skip
        got: list[Any] = []
        told = False

        async def receive() -> Any:
            nonlocal told
            if told:
                await asyncio.sleep(60)
            told = True
            return {"type": "http.request", "body": data, "more_body": False}

        async def send(message: Any) -> None:
            got.append(message)

        await self.app(scope, receive, send)
        first = next(each for each in got if each["type"] == "http.response.start")
        pairs = [(name.decode().lower(), value.decode()) for name, value in first["headers"]]
        cookies = dict(value.split(";")[0].split("=", 1) for name, value in pairs if name == "set-cookie")
        return Answer(first["status"], dict(pairs), cookies, b"".join(each.get("body", b"") for each in got[1:]))


def add_user(desk: Desk, name: str, title: str, role: str, hashed: str) -> User:
    """Let somebody sign in, with a hash that is at hand."""
    known = people.users(desk.parts)
    columns = {"name": name, "title": title, "role": role, "password": hashed, "made": to_text(desk.clock.now())}
    found = known.get(known.add(columns))
    assert found
    return found


def signed_in(desk: Desk, app: Any, user: User) -> Browser:
    """A browser in which somebody has signed in already."""
    token, csrf = secrets.token_urlsafe(8), secrets.token_urlsafe(8)
    people.users(desk.parts).begin(user.id, token, csrf, "127.0.0.1")
    return Browser(app, {COOKIE: token}, csrf)
