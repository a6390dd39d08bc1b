"""How msal asks a login server, and what its answers mean: shared by all back ends that log in at Microsoft Entra.

One attempt a question, a time limit, no redirection; a refusal of the credentials is told from trouble of the moment.
"""

import logging
import urllib.parse
from collections.abc import Mapping
from typing import Any

import requests

from daemon.desk.trouble import TryLater
from daemon.mailbox.base import NoEntry
from daemon.mailbox.login import LoginFailed

# What a login server says of credentials (RFC 6749, RFC 8628, and Entra's own); any other answer is of the moment.
FINAL = (
    "invalid_client", "unauthorized_client", "invalid_grant", "invalid_scope", "invalid_request", "invalid_resource",
    "access_denied", "authorization_declined", "expired_token", "interaction_required", "consent_required", "bad_token",
)  # fmt: skip
_HINTS = {
    "AADSTS7000222": "bí mật của ứng dụng đã hết hạn, hãy tạo bí mật mới trong Microsoft Entra",
    "AADSTS7000215": "bí mật của ứng dụng không đúng (hãy chép cột Value, không phải Secret ID)",
    "AADSTS700027": "chứng chỉ chưa được khai báo cho ứng dụng, hoặc đã hết hạn",
    "AADSTS700016": "không có ứng dụng này trong tổ chức, hãy xem lại client_id và tenant",
    "AADSTS90002": "không có tổ chức này, hãy xem lại tenant",
    "AADSTS65001": "quản trị chưa chấp thuận quyền cho ứng dụng (admin consent)",
    "AADSTS7000218": "ứng dụng chưa bật «Allow public client flows»",
}
# At DEBUG these print tokens and letters.
for _name in ("msal", "msal.application", "msal.token_cache", "urllib3"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Door:
    """The HTTP client that msal asks through.

    msal knows https only; towards an authority on this machine that speaks http, its requests are turned back to it.
    """

    def __init__(self, session: requests.Session, authority: str, timeout: float) -> None:
        self._session = session
        self._timeout = timeout
        parts = urllib.parse.urlsplit(authority)
        self._plain = parts.netloc if parts.scheme == "http" else ""

    def asked_as(self, url: str) -> str:
        """Return the authority as msal will have it."""
        return url.replace("http://", "https://", 1).rstrip("/") if self._plain else url.rstrip("/")

    def _true(self, url: str) -> str:
        parts = urllib.parse.urlsplit(url)
        return parts._replace(scheme="http").geturl() if self._plain and parts.netloc == self._plain else url

    def get(self, url: str, params: Any = None, headers: Any = None, **_other: Any) -> requests.Response:
        """Ask with GET, as msal calls it."""
        return self._session.get(
            self._true(url), params=params, headers=headers, timeout=self._timeout, allow_redirects=False
        )

    def post(
        self, url: str, params: Any = None, data: Any = None, headers: Any = None, **_other: Any
    ) -> requests.Response:
        """Ask with POST, as msal calls it."""
        return self._session.post(
            self._true(url), params=params, data=data, headers=headers, timeout=self._timeout, allow_redirects=False
        )

    def close(self) -> None:
        """Leave the session to its owner."""


def surprises(msal: Any) -> tuple[type[Exception], ...]:
    """Return what msal raises where it has no answer."""
    return OSError, ValueError, KeyError, RuntimeError, msal.exceptions.MsalError


def judged(error: Exception, authority: str) -> Exception:
    """Return the trouble that one of the ``surprises`` means: LoginFailed, NoEntry or TryLater."""
    said = f"{error} {error.__context__ or ''}"
    if any(code in said for code in ("invalid_tenant", "AADSTS90002")):
        return LoginFailed(_HINTS["AADSTS90002"])
    if "CERTIFICATE_VERIFY_FAILED" in said:
        return NoEntry(f"Chứng chỉ của máy chủ {authority} không được tin cậy. Quản trị hãy khai báo ca_file.")
    return TryLater(f"Chưa lấy được thẻ truy cập từ {authority} ({type(error).__name__}); sẽ tự thử lại.")


def token_of(answer: Mapping[str, Any], authority: str) -> str:
    """Return the access token of an answer. Raises LoginFailed for a refusal, TryLater for trouble of the moment."""
    if "access_token" in answer:
        return str(answer["access_token"])
    if str(answer.get("error", "")) not in FINAL:
        raise TryLater(f"Máy chủ {authority} tạm thời chưa cấp thẻ truy cập; sẽ tự thử lại.")
    raise LoginFailed(words(answer))


def words(answer: Mapping[str, Any]) -> str:
    """Return a refusal in words, with what to do where Entra's code tells it."""
    said = f"{answer.get('error', '')}: {str(answer.get('error_description', ''))[:200]}"
    hint = next((hint for code, hint in _HINTS.items() if code in said), "")
    return f"{hint} ({said})" if hint else said
