"""One line to Microsoft Graph through requests: one attempt a request, no redirections, and trouble in our words.

Pauses that the server asks for are kept without sleeping: whoever asks meanwhile is told to come later. The access
token goes to the configured service alone, whatever address an answer or a kept link names.
"""

import datetime as dt
import email.utils
import logging
import time
import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from daemon.desk.trouble import TryLater
from daemon.mailbox.base import NoEntry
from daemon.mailbox.graph_config import is_safe
from daemon.mailbox.graph_login import Tokens
from daemon.mailbox.login import Lockout, LoginFailed
from daemon.mailbox.smtp import brief, tls_context

_log = logging.getLogger(__name__)
_LONGEST_PAUSE = 3600.0  # seconds; what a server may ask us to stay away
_USUAL_PAUSE = 30.0  # seconds, after a 429 that does not say how long
_CHUNK = 65_536
_PREFER = 'IdType="ImmutableId"'


class Answered(TryLater):
    """The service answered with an error ``status`` and its ``code``; what that means is for the caller to say."""

    def __init__(self, say: str, status: int, code: str, pause: float | None) -> None:
        super().__init__(say)
        self.status = status
        self.code = code
        self.pause = pause  # seconds it asks us to stay away, None where it does not ask


class Lost(TryLater):
    """No answer, or one that cannot be understood; ``reached`` is false where the request surely never arrived."""

    def __init__(self, say: str, reached: bool) -> None:
        super().__init__(say)
        self.reached = reached


class Paused(TryLater):
    """The service asked for a pause that is not over: nothing was asked of it."""


class Link:
    """The mailbox ``address`` at ``base_url``. ``path`` is always below the mailbox (``/messages/…``)."""

    def __init__(
        self, base_url: str, address: str, session: requests.Session, tokens: Tokens, lockout: Lockout, timeout: float
    ) -> None:
        self._base = base_url.rstrip("/")
        self.root = f"{self._base}/users/{urllib.parse.quote(address, safe='@')}"
        self.address = address
        self._session = session
        self._tokens = tokens
        self._lockout = lockout
        self._timeout = timeout
        self._not_before = 0.0
        self.server_time: dt.datetime | None = None  # the Date of the last answer

    # -- asking ----------------------------------------------------------------------------------------------------

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Return the JSON object at ``path``, or at a whole link of this service."""
        return self._json(self.ask("GET", path, params=_query(query)))

    def page(self, path: str, size: str) -> dict[str, Any]:
        """Return a page of a collection with the wish for its ``size`` (``odata.maxpagesize=…``)."""
        return self._json(self.ask("GET", path, headers={"Prefer": f"{_PREFER}, {size}"}))

    def listed(self, path: str, **query: str) -> list[dict[str, Any]]:
        """Return every object of a collection, page after page."""
        found: list[dict[str, Any]] = []
        page = self.get(path, **query)
        while True:
            found += [each for each in page.get("value", []) if isinstance(each, dict)]
            following = page.get("@odata.nextLink")
            if not following:
                return found
            page = self.get(str(following))

    def post(self, path: str, **sent: Any) -> dict[str, Any]:
        """Post JSON (``json``) or bytes (``data`` with ``headers``) and return the JSON object answered."""
        return self._json(self.ask("POST", path, **sent))

    def content(self, path: str, most: int) -> bytes:
        """Return the bytes at ``path``, at most ``most`` + 1 of them: one more than ``most`` says that there is more."""
        return self._guarded(lambda: self._content(path, most), knock=False)

    def ask(self, method: str, path: str, *, once: bool = False, knock: bool = False, **sent: Any) -> requests.Response:
        """Ask once and return an answer of success (2xx).

        A request whose token is not valid any more was not looked at: it is asked again with a new one, unless
        ``once``. Raises Answered, Lost, Paused, NoEntry. ``knock`` asks even while a refused login is remembered.
        """
        return self._guarded(lambda: self._ask(method, self._url(path), once, sent), knock=knock)

    def put(self, url: str, data: bytes, headers: Mapping[str, str]) -> requests.Response:
        """Put bytes to an address that the service gave for it, without our token. Raises as ``ask``."""
        if not is_safe(url):
            raise Lost("Microsoft Graph đưa một địa chỉ tải lên không an toàn; sẽ tự thử lại.", reached=False)
        self._hold()
        return self._judged(self._carry("PUT", url, {"data": data, "headers": dict(headers)}))

    def elsewhere(self, address: str) -> None:
        """Ask for the inbox of another mailbox, with the same token. Raises NoEntry where it is shut to us."""
        root = f"{self._base}/users/{urllib.parse.quote(address, safe='@')}"
        self.ask("GET", f"{root}/mailFolders/inbox?$select=id")

    def sign_in(self, tell: Callable[[str], None]) -> None:
        """Let a person sign in with a code, where one is needed."""

        def work() -> None:
            if not self._tokens.signed_in:
                self._tokens.sign_in(tell)

        self._guarded(work, knock=True)

    def close(self) -> None:
        """Let go of the connections; the next request makes new ones."""
        self._session.close()

    # -- within ----------------------------------------------------------------------------------------------------

    def _guarded(self, work: Callable[[], Any], *, knock: bool) -> Any:
        if not knock:
            self._hold()
        with self._lockout.guard(knock=knock):
            return work()

    def _hold(self) -> None:
        left = self._not_before - time.monotonic()
        if left > 0:
            raise Paused(f"Exchange Online đang bận và xin chờ thêm {left:.0f} giây; sẽ tự thử lại.")

    def _url(self, path: str) -> str:
        if path.startswith("/"):
            return self.root + path
        if not path.startswith(self._base + "/"):
            raise Answered("Đường dẫn đã lưu không thuộc Microsoft Graph; sẽ tự thử lại.", 410, "foreignLink", None)
        return path

    def _ask(self, method: str, url: str, once: bool, sent: dict[str, Any]) -> requests.Response:
        response = self._carry(method, url, self._signed(sent))
        if response.status_code == 401:
            said = _error(response)[1]
            self._tokens.forget()
            if once:
                raise Answered("Thẻ truy cập đã hết hiệu lực; sẽ tự thử lại bằng thẻ mới.", 401, "token", None)
            response = self._carry(method, url, self._signed(sent))
            if response.status_code == 401:
                raise LoginFailed(said)
        return self._judged(response)

    def _signed(self, sent: dict[str, Any]) -> dict[str, Any]:
        headers = {"Prefer": _PREFER, **sent.get("headers", {})}
        return {**sent, "headers": {**headers, "Authorization": f"Bearer {self._tokens.get()}"}}

    def _carry(self, method: str, url: str, sent: dict[str, Any]) -> requests.Response:
        try:
            response = self._session.request(method, url, timeout=self._timeout, allow_redirects=False, **sent)
        except (requests.RequestException, OSError, ValueError) as error:
            raise self._lost(error) from error
        self.server_time = _moment(response.headers.get("Date"))
        return response

    def _content(self, path: str, most: int) -> bytes:
        response = self._ask("GET", self._url(path), False, {"stream": True})
        try:
            taken = bytearray()
            for chunk in response.iter_content(_CHUNK):
                taken += chunk
                if len(taken) > most:
                    break
            return bytes(taken[: most + 1])
        except (requests.RequestException, OSError) as error:
            raise self._lost(error) from error
        finally:
            response.close()

    def _json(self, response: requests.Response) -> dict[str, Any]:
        if not response.content and response.status_code in (202, 204):
            return {}
        try:
            found = response.json()
        except ValueError as error:
            raise Lost(f"{self._base} trả lời không phải của Microsoft Graph; hãy kiểm tra base_url.", True) from error
        if not isinstance(found, dict):
            raise Lost(f"{self._base} trả lời không phải của Microsoft Graph; hãy kiểm tra base_url.", True)
        return found

    # -- trouble ---------------------------------------------------------------------------------------------------

    def _judged(self, response: requests.Response) -> requests.Response:
        status = response.status_code
        if 200 <= status < 300:
            return response
        code, said = _error(response)
        pause = _pause(response)
        if status in (429, 503):
            wait = pause if pause is not None else (_USUAL_PAUSE if status == 429 else 0.0)
            self._not_before = max(self._not_before, time.monotonic() + min(wait, _LONGEST_PAUSE))
        if status == 403 and code != "ErrorSendAsDenied":
            raise NoEntry(
                f"Ứng dụng không đủ quyền trên hộp thư {self.address} ({said[:150]}). Quản trị Microsoft 365 hãy cấp "
                "Mail.ReadWrite và Mail.Send cho hộp thư này (docs/mailbox-graph.md); thay đổi có thể mất hơn một giờ."
            )
        raise Answered(
            f"Exchange Online chưa làm được ({status} {code}: {said[:150]}); sẽ tự thử lại.", status, code, pause
        )

    def _lost(self, error: Exception) -> TryLater:
        said = brief(error)
        if "CERTIFICATE_VERIFY_FAILED" in repr(error):
            return NoEntry(
                f"Chứng chỉ của {self._base} không được tin cậy. Quản trị hãy kiểm tra đường ra mạng hoặc khai báo ca_file."
            )
        words = "quá thời gian chờ" if isinstance(error, requests.Timeout) else f"{type(error).__name__}: {said}"[:200]
        return Lost(f"Chưa kết nối được {self._base} ({words}); sẽ tự thử lại.", not _never_reached(error))


def new_session(ca_file: Path | None) -> requests.Session:
    """Return a session that verifies servers (against the office's own authority where given) and repeats nothing."""
    context = tls_context(ca_file)

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> Any:
            return super().init_poolmanager(connections, maxsize, block, ssl_context=context, **kwargs)

    session = requests.Session()
    session.mount("https://", Adapter(max_retries=0))
    session.mount("http://", HTTPAdapter(max_retries=0))
    session.headers["User-Agent"] = "motcua"
    return session


def _query(query: Mapping[str, str]) -> dict[str, str] | None:
    return {f"${name}": value for name, value in query.items()} or None


def _error(response: requests.Response) -> tuple[str, str]:
    """Return the service's code and words of an error."""
    try:
        error = response.json()["error"]
        return str(error.get("code", "")), str(error.get("message", "")).replace("\n", " ")
    except (ValueError, KeyError, TypeError, AttributeError, requests.RequestException):
        return "", response.reason or ""


def _pause(response: requests.Response) -> float | None:
    """Return the seconds of Retry-After (RFC 9110: seconds or a date), None without it."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.replace(".", "", 1).isdigit():
        return float(asked)
    until = _moment(asked)
    return max(0.0, (until - dt.datetime.now(dt.UTC)).total_seconds()) if until else None


def _moment(text: str | None) -> dt.datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _never_reached(error: BaseException) -> bool:
    """Say whether the connection was never made, so that the service cannot have carried anything out."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    return isinstance(error, requests.ConnectionError) and any(
        word in repr(error.args) for word in ("NewConnectionError", "NameResolutionError", "ProxyError")
    )
