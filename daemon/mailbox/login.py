"""How a back end proves who it is, and the memory that keeps a wrong password from locking the account.

Directory services lock an account after a handful of wrong passwords. So one refusal is enough: it is remembered, also
across restarts, and nobody knocks again until the credentials changed or a long pause has passed.
"""

import datetime as dt
import hashlib
import json
import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from daemon.mailbox.base import NoEntry, StateKeeper
from daemon.mailbox.secret import Secret

_log = logging.getLogger(__name__)
# The first is short, for servers that say 401 when they only want to be left alone; never three knocks in half an hour.
_PAUSES = (
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=6),
    dt.timedelta(hours=24),
)


class LoginFailed(Exception):
    """The server refused the credentials; ``say`` is its own word, without any secret."""


@dataclass(slots=True)
class Login:
    """A user name with a password, or with a function that returns an OAuth2 access token.

    ``read_again`` reads the password anew from where it came, so that a running program notices a corrected one.
    """

    user: str
    password: Secret | None = None
    token: Callable[[], str] | None = None
    read_again: Callable[[], Secret | None] | None = None

    def renew(self) -> None:
        """Read the password again; where it cannot be read now, the one in hand stays."""
        if self.read_again is not None:
            with suppress(ValueError):
                self.password = self.read_again() or self.password

    def xoauth2(self) -> str:
        """Return the XOAUTH2 initial response before base64. Raises TypeError without a token source."""
        if self.token is None:
            raise TypeError("no OAuth2 token source")
        return f"user={self.user}\x01auth=Bearer {self.token()}\x01\x01"


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What is remembered: until when nobody knocks, how often it happened, and a mark of the credentials."""

    until: dt.datetime
    times: int
    salt: str
    mark: str
    said: str


class Lockout:
    """Remembers a refused login of one account at one server.

    Times are told in the zone of ``clock``. Of the password only 16 bits of a salted digest are kept: enough to notice that it was changed, useless to guess it.
    """

    def __init__(self, server: str, login: Login, keeper: StateKeeper, clock: Callable[[], dt.datetime]) -> None:
        self._server = server
        self._login = login
        self._keeper = keeper
        self._clock = clock
        self._refusal: _Refusal | None = None
        self._kept = False  # whether the refusal lies with the keeper, or only here

    @property
    def refused(self) -> bool:
        """Whether the last login was refused, as far as this process knows."""
        return self._refusal is not None

    @contextmanager
    def guard(self, *, knock: bool = False) -> Iterator[None]:
        """Stand around a login: a ``LoginFailed`` within becomes ``NoEntry`` and is remembered.

        Raises NoEntry at once while a refusal is remembered, unless ``knock`` (a person asked for it just now).
        """
        self._refresh()
        refused_before = self._refusal is not None
        if self._refusal and not knock and self._clock() < self._refusal.until:
            raise NoEntry(self._say(self._refusal))
        try:
            yield
        except LoginFailed as failure:
            self._remember(str(failure))
            raise NoEntry(self._say(self._refusal)) from failure
        if refused_before:  # a connection made before the refusal proves nothing against it
            self._forget()

    def _refresh(self) -> None:
        """Read what is kept: another process may have learnt of a refusal, or the password may have been corrected."""
        if self._kept or self._refusal is None:
            self._refusal = self._load()
            self._kept = self._refusal is not None
        if self._refusal is not None:
            self._login.renew()
            if self._refusal.mark != self._mark(self._refusal.salt):
                self._refusal, self._kept = None, False

    def _remember(self, said: str) -> None:
        times = self._refusal.times + 1 if self._refusal else 1
        until = self._clock() + _PAUSES[min(times, len(_PAUSES)) - 1]
        salt = secrets.token_hex(8)
        self._refusal = _Refusal(until, times, salt, self._mark(salt), said[:300])
        kept = {
            "until": until.isoformat(),
            "times": times,
            "salt": salt,
            "mark": self._refusal.mark,
            "said": said[:300],
        }
        self._keep(json.dumps(kept).encode())

    def _forget(self) -> None:
        if self._refusal:
            self._refusal = None
            self._keep(b"")

    def _keep(self, state: bytes) -> None:
        try:
            self._keeper.save(state)
            self._kept = bool(state)
        except OSError as error:
            _log.warning("a refused login is remembered only until this program ends: %s", error)

    def _load(self) -> _Refusal | None:
        try:
            kept = json.loads(self._keeper.load() or b"null")
            if kept is None:
                return None
            until = dt.datetime.fromisoformat(kept["until"])
            refusal = _Refusal(until, int(kept["times"]), str(kept["salt"]), str(kept["mark"]), str(kept["said"]))
        except (ValueError, KeyError, TypeError):
            return None
        return refusal if until.tzinfo is not None else None

    def _mark(self, salt: str) -> str:
        password = self._login.password.reveal() if self._login.password else ""
        text = "\0".join((salt, self._server, self._login.user, password))
        return hashlib.sha256(text.encode()).hexdigest()[:4]

    def _say(self, refusal: "_Refusal | None") -> str:
        until = f"{refusal.until.astimezone(self._clock().tzinfo):%H:%M ngày %d/%m}" if refusal else ""
        said = f" Máy chủ trả lời: {refusal.said}." if refusal and refusal.said else ""
        return (
            f"Máy chủ {self._server} từ chối đăng nhập của {self._login.user}: sai tên hoặc mật khẩu, hoặc tài khoản bị "
            f"khóa.{said} Quản trị hãy sửa mật khẩu rồi chạy: motcua check --live. Chương trình không thử lại trước "
            f"{until} để tài khoản khỏi bị khóa."
        )
