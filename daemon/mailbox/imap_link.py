"""One IMAP connection that is made when needed, checked before use, dropped on any error, and speaks in our words."""

import contextlib
import logging
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.desk.trouble import Trouble, TryLater
from daemon.mailbox.base import NoEntry
from daemon.mailbox.login import Lockout, Login, LoginFailed
from daemon.mailbox.smtp import Security, brief, tls_context

# At DEBUG these loggers print what is sent, an AUTHENTICATE line with its password among it.
for _name in ("imapclient", "imapclient.imaplib", "imapclient.imapclient"):
    logging.getLogger(_name).setLevel(logging.WARNING)

PORTS = {"tls": 993, "starttls": 143, "none": 143}
_QUIET = 20.0  # seconds after which a connection is asked whether it still lives
# RFC 5530 answers to a login that say nothing against the password
_OF_THE_MOMENT = (
    "[UNAVAILABLE]",
    "[INUSE]",
    "[LIMIT]",
    "[SERVERBUG]",
    "TOO MANY",
    "SIMULTANEOUS",
    "TRY AGAIN",
    "TEMPORAR",
)


@dataclass(frozen=True, slots=True)
class Server:
    """Where and how to connect."""

    host: str
    port: int
    security: Security
    ca_file: Path | None
    timeout: float

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Link:
    """A connection to one account. Not for use by two threads."""

    def __init__(self, server: Server, login: Login, lockout: Lockout) -> None:
        self._server = server
        self._login = login
        self._lockout = lockout
        self._client: Any = None
        self._used = 0.0
        self._selected: tuple[int, str] | None = None  # UIDVALIDITY, folder
        self.next_uid = 0  # UIDNEXT of the folder selected last

    @contextlib.contextmanager
    def talk(self, *, knock: bool = False) -> Iterator[Any]:
        """Give the IMAPClient, connected and logged in. Raises TryLater or NoEntry instead of its errors."""
        from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, ProtocolError

        client = self._ready(knock)
        try:
            yield client
            self._used = time.monotonic()
        except Trouble:
            raise
        except (IMAPClientAbortError, ProtocolError, OSError) as error:
            self.drop()
            raise TryLater(f"Mất kết nối với máy chủ thư {self._server} ({brief(error)}); sẽ tự thử lại.") from error
        except CapabilityError as error:
            raise NoEntry(f"Máy chủ thư {self._server} không hỗ trợ việc này ({error}); hãy báo quản trị.") from error
        except IMAPClientError as error:
            raise self._no(str(error)) from error
        except BaseException:
            self.drop()  # the answer in flight must not be taken for the next one's
            raise

    def select(self, client: Any, folder: str, *, again: bool = True) -> int:
        """Select the folder (afresh unless ``again`` is false) and return its UIDVALIDITY."""
        if again or self._selected is None or self._selected[1] != folder:
            self._selected = None
            answer = client.select_folder(folder)
            self._selected = (int(answer.get(b"UIDVALIDITY", 0)), folder)
            self.next_uid = int(answer.get(b"UIDNEXT", 0))
        return self._selected[0]

    def unselect(self) -> None:
        """Forget which folder is selected."""
        self._selected = None

    def drop(self) -> None:
        """Close the connection without a word: after an error it may not be understood any more."""
        client, self._client, self._selected = self._client, None, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.shutdown()

    def close(self) -> None:
        """Log out and close."""
        if self._client is not None:
            with contextlib.suppress(Exception):
                self._client.logout()
        self.drop()

    def _ready(self, knock: bool) -> Any:
        if self._client is not None and time.monotonic() - self._used > _QUIET:
            from imapclient.exceptions import IMAPClientError

            try:
                self._client.noop()
            except (IMAPClientError, OSError):
                self.drop()
        if self._client is None:
            with self._lockout.guard(knock=knock):
                self._client = self._connect()
        self._used = time.monotonic()
        return self._client

    def _connect(self) -> Any:
        from imapclient.exceptions import IMAPClientError

        client = None
        try:
            client = self._open()
            self._log_in(client)
            return client
        except BaseException as error:
            if client is not None:
                with contextlib.suppress(Exception):
                    client.shutdown()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise NoEntry(
                    f"Chứng chỉ của máy chủ thư {self._server} không được tin cậy ({error.verify_message}). Quản trị hãy "
                    "kiểm tra tên máy chủ hoặc khai báo ca_file."
                ) from error
            if isinstance(error, IMAPClientError | OSError):
                raise TryLater(
                    f"Chưa kết nối được máy chủ thư {self._server} ({brief(error)}); sẽ tự thử lại."
                ) from error
            raise

    def _open(self) -> Any:
        from imapclient import IMAPClient, SocketTimeout

        server = self._server
        client = IMAPClient(
            server.host,
            server.port,
            ssl=server.security == "tls",
            ssl_context=tls_context(server.ca_file) if server.security == "tls" else None,
            timeout=SocketTimeout(min(server.timeout, 20.0), server.timeout),
        )
        client.normalise_times = False  # aware times, not naive local ones
        if server.security == "starttls":
            try:
                if not client.has_capability("STARTTLS"):
                    raise NoEntry(f'Máy chủ thư {server} không hỗ trợ STARTTLS; hãy sửa security thành "tls".')
                client.starttls(tls_context(server.ca_file))
            except BaseException:
                with contextlib.suppress(Exception):
                    client.shutdown()
                raise
        return client

    def _log_in(self, client: Any) -> None:
        from imapclient.exceptions import IMAPClientAbortError, LoginError

        login = self._login
        try:
            if login.token is not None:
                client.oauth2_login(login.user, login.token())
            elif login.password is None:
                raise NoEntry("Thiếu mật khẩu hộp thư; hãy khai báo password_env hoặc password_file.")
            elif client.has_capability("AUTH=PLAIN"):
                client.plain_login(login.user, login.password.reveal())
            elif client.has_capability("LOGINDISABLED") or not (login.user + login.password.reveal()).isascii():
                raise NoEntry(
                    f"Máy chủ thư {self._server} không nhận cách đăng nhập bằng mật khẩu này; hãy báo quản trị."
                )
            else:
                client.login(login.user, login.password.reveal())
        except LoginError as error:
            said = str(error)
            # IMAPClient calls a connection lost during the login a login error as well
            if isinstance(error.__context__, IMAPClientAbortError):
                raise TryLater(f"Mất kết nối khi đăng nhập máy chủ thư {self._server}; sẽ tự thử lại.") from None
            if any(mark in said.upper() for mark in _OF_THE_MOMENT):
                raise TryLater(
                    f"Máy chủ thư {self._server} tạm thời chưa cho đăng nhập ({brief(error)}); sẽ tự thử lại."
                ) from None
            raise LoginFailed(brief(error)) from None

    def _no(self, said: str) -> Trouble:
        if "OVERQUOTA" in said.upper() or "QUOTA" in said.upper():
            return TryLater(
                f"Hộp thư trên máy chủ {self._server} đã đầy ({said[:200]}); hãy dọn bớt, chương trình sẽ tự thử lại."
            )
        if "[NOPERM]" in said.upper() or "PERMISSION DENIED" in said.upper():
            return NoEntry(
                f"Tài khoản {self._login.user} không đủ quyền trên hộp thư ({said[:200]}); hãy báo quản trị."
            )
        return TryLater(f"Máy chủ thư {self._server} chưa làm được việc này ({said[:200]}); sẽ tự thử lại.")
