"""One connection pool to an Exchange server through exchangelib, with one session, no retries, and trouble in our words.

exchangelib keeps one pool per endpoint and credentials in the whole process and shares its settings through classes;
here every link has a pool, a policy and an adapter of its own, so that streaming never blocks other work and nothing
below this program repeats a request.
"""

import contextlib
import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import requests
from exchangelib import (
    BASIC,
    DELEGATE,
    IMPERSONATION,
    NTLM,
    Account,
    Build,
    Configuration,
    Credentials,
    EWSTimeZone,
    Version,
)
from exchangelib import errors as ews_errors
from exchangelib.protocol import FailFast, Protocol
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth

from daemon.desk.trouble import Trouble, TryLater
from daemon.mailbox.base import NoEntry
from daemon.mailbox.login import Lockout, Login, LoginFailed
from daemon.mailbox.smtp import brief, tls_context

_log = logging.getLogger(__name__)
_LONGEST_BACK_OFF = 300.0  # seconds; what a server may ask us to wait before it is asked again
_NO_RIGHTS = (
    ews_errors.ErrorAccessDenied,
    ews_errors.ErrorCreateItemAccessDenied,
    ews_errors.ErrorCreateSubfolderAccessDenied,
    ews_errors.ErrorImpersonateUserDenied,
    ews_errors.ErrorImpersonationDenied,
    ews_errors.ErrorImpersonationFailed,
    ews_errors.ErrorNonExistentMailbox,
    ews_errors.ErrorMailboxLogonFailed,
    ews_errors.ErrorSubscriptionAccessDenied,
)
# What exchangelib lets slip through where an answer is not what it expects (an element missing, an unknown tag).
_SURPRISES = (AttributeError, KeyError, IndexError, TypeError, ValueError)

# At DEBUG these print the Authorization header (with Basic: the password) and every letter; at ERROR exchangelib.util
# still prints the request. A level of their own keeps them quiet however the office sets its logging.
for _name, _level in {
    "exchangelib": logging.WARNING,
    "exchangelib.util": logging.CRITICAL,
    "exchangelib.util.xml": logging.CRITICAL,
    "exchangelib.protocol": logging.WARNING,
    "exchangelib.transport": logging.WARNING,
    "exchangelib.services.common": logging.WARNING,
    "exchangelib.services.get_streaming_events.xml": logging.CRITICAL,
    "exchangelib.fields": logging.WARNING,
    "requests_ntlm": logging.WARNING,
    "spnego": logging.WARNING,
    "urllib3": logging.WARNING,
}.items():
    logging.getLogger(_name).setLevel(_level)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how to connect; ``version`` is a build such as ``15.1.2507.34`` or empty."""

    url: str
    address: str
    access: Literal["delegate", "impersonation"]
    auth: Literal["ntlm", "basic"]
    ca_file: Path | None
    timeout: float
    reuse_sessions: bool
    version: str
    timezone: str


class _Own(Credentials):
    """Credentials that equal only themselves: exchangelib finds its shared pool by them."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


class _Once(FailFast):
    """Fails at once, and remembers how long a server that is not ready asks us to stay away."""

    def __init__(self) -> None:
        self.stay_away = 0.0

    def raise_response_errors(self, response: Any) -> None:
        asked = str(response.headers.get("Retry-After", ""))
        self.stay_away = float(asked) if asked.isdigit() else 0.0
        super().raise_response_errors(response)


class Link:
    """The account ``endpoint.address`` through one pool of one session."""

    def __init__(self, endpoint: Endpoint, login: Login, lockout: Lockout) -> None:
        self._endpoint = endpoint
        self._login = login
        self._lockout = lockout
        self._policy = _Once()
        self._account: Any = None
        self._not_before = 0.0

    @contextlib.contextmanager
    def talk(self, *, knock: bool = False, sending: Callable[[Exception], Trouble] | None = None) -> Iterator[Any]:
        """Give the exchangelib account. Raises TryLater, Refused or NoEntry instead of its errors.

        After an error the connections are given up: what is in step is not known any more.
        ``sending`` judges errors after which it may be in doubt whether something was carried out.
        """
        left = self._not_before - time.monotonic()
        if left > 0 and not knock:
            raise TryLater(f"Máy chủ Exchange đang bận và xin chờ thêm {left:.0f} giây; sẽ tự thử lại.")
        with self._lockout.guard(knock=knock):
            try:
                yield self._connected()
            except (Trouble, LoginFailed):
                self.close()
                raise
            except ews_errors.UnauthorizedError as error:
                self.close()
                raise LoginFailed("401") from error
            except (ews_errors.EWSError, requests.RequestException, OSError, *_SURPRISES) as error:
                self.close()
                self._back_off(error)
                raise (self.known(error) or (sending(error) if sending else self._passing(error))) from error

    def known(self, error: Exception) -> Trouble | None:
        """Return the trouble of an error that surely carried nothing out, None for any other."""
        said = brief(error)
        if isinstance(error, _NO_RIGHTS):
            return NoEntry(
                f"Tài khoản {self._login.user} không đủ quyền trên hộp thư {self._endpoint.address} ({said}). Quản trị "
                "Exchange hãy cấp quyền đầy đủ (Full Access, Send As hoặc impersonation)."
            )
        if "CERTIFICATE_VERIFY_FAILED" in said:
            return NoEntry(
                f"Chứng chỉ của máy chủ {self._endpoint.url} không được tin cậy. Quản trị hãy kiểm tra tên máy chủ hoặc "
                "khai báo ca_file."
            )
        if (isinstance(error, ews_errors.ErrorServerBusy) and "Caused by" not in said) or _not_connected(error):
            return self._passing(error)
        return None

    def _passing(self, error: Exception) -> TryLater:
        if isinstance(error, _SURPRISES):
            _log.warning("the server's answer was not understood", exc_info=error)
        return TryLater(f"Máy chủ Exchange {self._endpoint.url} chưa trả lời được ({_words(error)}); sẽ tự thử lại.")

    def _back_off(self, error: Exception) -> None:
        asked = self._policy.stay_away
        if isinstance(error, ews_errors.ErrorServerBusy) and error.back_off and "Caused by" not in str(error):
            # without a word from the server exchangelib puts its own 10 seconds there; waiting them does no harm
            asked = max(asked, float(error.back_off))
        self._policy.stay_away = 0.0
        if asked > 0:
            self._not_before = time.monotonic() + min(asked, _LONGEST_BACK_OFF)

    def _connected(self) -> Any:
        if self._account is None:
            endpoint = self._endpoint
            password = self._login.password.reveal() if self._login.password else ""
            config = Configuration(
                service_endpoint=endpoint.url,
                credentials=_Own(self._login.user, password),
                auth_type=NTLM if endpoint.auth == "ntlm" else BASIC,
                retry_policy=self._policy,
                max_connections=1,
                version=parse_version(endpoint.version) if endpoint.version else None,
            )
            account = Account(
                primary_smtp_address=endpoint.address,
                config=config,
                access_type=IMPERSONATION if endpoint.access == "impersonation" else DELEGATE,
                default_timezone=EWSTimeZone(endpoint.timezone),
                locale="vi_VN",
            )
            del Protocol[config]  # the shared one, never used
            account.protocol = _protocol(endpoint)(config=config)
            self._account = account
        return self._account

    def refresh(self) -> None:
        """Use new connections from now on: some servers answer a faulty request twice, and every later answer on that
        connection would belong to the request before."""
        if self._account is not None:
            self._account.protocol.close()

    def close(self) -> None:
        """Close the connections; the next use makes new ones."""
        account, self._account = self._account, None
        if account is not None:
            with contextlib.suppress(KeyError):
                del type(account.protocol)[account.protocol.config]
            account.protocol.close()


def parse_version(build: str) -> Version:
    """Return the server version of a build ``major.minor.build.revision``. Raises ValueError."""
    numbers = [int(part) for part in build.split(".")]
    if not 2 <= len(numbers) <= 4:
        raise ValueError(build)
    return Version(build=Build(*numbers))


def _protocol(endpoint: Endpoint) -> Any:
    """Return a class of protocols with this endpoint's adapter and limits: exchangelib keeps them on the class."""
    context = tls_context(endpoint.ca_file) if endpoint.url.startswith("https:") else None

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> Any:
            if context:
                kwargs["ssl_context"] = context
            return super().init_poolmanager(connections, maxsize, block, **kwargs)

    class OwnProtocol(Protocol):
        HTTP_ADAPTER_CLS = Adapter
        TIMEOUT = endpoint.timeout
        MAX_SESSION_USAGE_COUNT = None if endpoint.reuse_sessions else 1
        USERAGENT = "motcua"

        def create_session(self) -> Any:
            session = super().create_session()
            if self.auth_type == BASIC:  # requests knows Latin-1 only
                session.auth = HTTPBasicAuth(self.credentials.username.encode(), self.credentials.password.encode())
            return session

    return OwnProtocol


def _not_connected(error: BaseException) -> bool:
    """Say whether the connection was never made, so that the server cannot have carried anything out."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, requests.exceptions.ConnectTimeout):
            return True
        if isinstance(cause, requests.exceptions.ConnectionError):
            return any(word in repr(cause.args) for word in ("NewConnectionError", "NameResolutionError"))
        cause = cause.__cause__ or cause.__context__
    return False


def _words(error: Exception) -> str:
    if isinstance(error, ews_errors.ErrorTimeoutExpired):
        return "mất kết nối hoặc quá thời gian chờ"
    if isinstance(error, ews_errors.RedirectError):
        return "máy chủ chuyển hướng sang địa chỉ khác; hãy kiểm tra endpoint"
    if isinstance(error, ews_errors.MalformedResponseError | ews_errors.SOAPError):
        return "câu trả lời không phải của Exchange; hãy kiểm tra endpoint"
    if isinstance(error, _SURPRISES):
        return f"câu trả lời lạ, {type(error).__name__}"
    return f"{type(error).__name__}: {brief(error)}"[:200]


def aware(moment: Any) -> dt.datetime | None:
    """Return exchangelib's time as a plain aware one in UTC, None for None."""
    if moment is None or moment.tzinfo is None:
        return None
    return dt.datetime.fromtimestamp(moment.timestamp(), dt.UTC)
