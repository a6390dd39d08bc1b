"""Access tokens for Microsoft Graph through msal, kept in a file that only its owner can read. Sends no mail request.

The application proves itself with a secret or a certificate, or a person signs in once with a code. Nothing here waits
for a person, except ``sign_in``, which a person asked for.
"""

import base64
import contextlib
import datetime as dt
import json
import logging
import re
import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests

from daemon import extras
from daemon.desk.trouble import Refused, TryLater
from daemon.mailbox.base import NoEntry
from daemon.mailbox.graph_config import Config, is_well_kept
from daemon.mailbox.login import LoginFailed
from daemon.mailbox.secret import Secret
from daemon.mailbox.state import FileState

_log = logging.getLogger(__name__)
# What a login server says of credentials (RFC 6749, RFC 8628, and Entra's own); any other answer is of the moment.
_FINAL = (
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
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.S)
# At DEBUG these print tokens and letters.
for _name in ("msal", "msal.application", "msal.token_cache", "urllib3"):
    logging.getLogger(_name).setLevel(logging.WARNING)


def load_msal() -> Any:
    """Return the package msal. Raises Refused with the command that installs it."""
    try:
        import msal
        import msal.exceptions
    except ImportError as missing:
        raise Refused(
            f'config/desk.toml: mailbox.kind: "graph" cần gói msal; hãy cài: {extras.command("graph")}'
        ) from missing
    return msal


class Tokens:
    """The access tokens of one application for one mailbox; ``cache`` keeps them between runs."""

    def __init__(self, config: Config, cache: FileState, session: requests.Session) -> None:
        self._config = config
        self._keeper = cache
        self._msal = load_msal()
        self._door = _Door(session, config)
        self._app: Any = None
        self._cache: Any = None

    def get(self) -> str:
        """Return a token that is valid for some minutes more, a new one where the old one is about to expire.

        Raises LoginFailed, NoEntry (nobody has signed in with a code yet) or TryLater.
        """
        answer = self._asked(self._silently)
        if answer is None:
            raise NoEntry(
                "Chưa có ai đăng nhập hộp thư Exchange Online. Hãy chạy: motcua check --live, rồi làm theo hướng dẫn."
            )
        return self._taken(answer)

    def _silently(self) -> Any:
        if self._config.auth == "device":
            accounts = self._app.get_accounts()
            return self._app.acquire_token_silent_with_error(self._scopes, account=accounts[0]) if accounts else None
        return self._app.acquire_token_for_client(scopes=self._scopes)

    def forget(self) -> None:
        """Give the present token up: the server would not have it."""
        if self._cache is None:
            return
        find = self._msal.TokenCache.CredentialType.ACCESS_TOKEN
        for entry in list(self._cache.search(find)):
            self._cache.remove_at(entry)
        self._app = None
        self._save()

    def sign_in(self, tell: Callable[[str], None]) -> None:
        """Let a person sign in with a code; ``tell`` shows where and which. Waits until it is done or has expired."""
        flow = self._asked(lambda: self._app.initiate_device_flow(scopes=self._scopes))
        if "user_code" not in flow:
            raise LoginFailed(_words(flow))
        tell(
            f"Mở {flow['verification_uri']} trên bất kỳ máy nào, nhập mã {flow['user_code']} và đăng nhập bằng tài khoản "
            "được dùng hộp thư chung. Chương trình đang chờ…"
        )
        self._taken(self._asked(lambda: self._app.acquire_token_by_device_flow(flow)))

    @property
    def signed_in(self) -> bool:
        """Whether no person is needed to get a token: where one signed in long ago, it may have to be done again."""
        if self._config.auth != "device":
            return True
        answer = self._asked(self._silently)
        return bool(answer) and ("access_token" in answer or str(answer.get("error", "")) not in _FINAL)

    @property
    def _scopes(self) -> list[str]:
        resource = self._config.resource
        if self._config.auth == "device":
            return [f"{resource}/Mail.ReadWrite.Shared", f"{resource}/Mail.Send.Shared"]
        return [f"{resource}/.default"]

    def _asked(self, question: Callable[[], Any]) -> Any:
        """Ask msal; its application is made with the first question, and anew after a failure."""
        try:
            if self._app is None:
                self._app = self._made()
            return question()
        except (OSError, ValueError, KeyError, RuntimeError, self._msal.exceptions.MsalError) as error:
            self._app = None
            said = f"{error} {error.__context__ or ''}"
            if any(code in said for code in ("invalid_tenant", "AADSTS90002")):
                raise LoginFailed(_HINTS["AADSTS90002"]) from error
            if "CERTIFICATE_VERIFY_FAILED" in said:
                raise NoEntry(
                    f"Chứng chỉ của máy chủ {self._config.authority} không được tin cậy. Quản trị hãy khai báo ca_file."
                ) from error
            raise TryLater(
                f"Chưa lấy được thẻ truy cập từ {self._config.authority} ({type(error).__name__}); sẽ tự thử lại."
            ) from error
        finally:
            self._save()

    def _taken(self, answer: Mapping[str, Any]) -> str:
        if "access_token" in answer:
            return str(answer["access_token"])
        self._app = None  # msal remembers a refusal for a minute; a corrected secret counts at once
        if str(answer.get("error", "")) not in _FINAL:
            raise TryLater(f"Máy chủ {self._config.authority} tạm thời chưa cấp thẻ truy cập; sẽ tự thử lại.")
        raise LoginFailed(_words(answer))

    def _made(self) -> Any:
        config = self._config
        self._cache = self._loaded()
        common = {
            "authority": f"{self._door.asked_as(config.authority)}/{config.tenant}",
            "token_cache": self._cache,
            "http_client": self._door,
            "instance_discovery": False,
        }
        if config.auth == "device":
            return self._msal.PublicClientApplication(config.client_id, **common)
        try:
            proof = config.proof
        except ValueError as error:
            raise NoEntry(f"Không đọc được bí mật hoặc chứng chỉ của ứng dụng: {error}") from error
        return self._msal.ConfidentialClientApplication(
            config.client_id,
            client_credential=_credential(proof) if config.auth == "certificate" and proof else _reveal(proof),
            **common,
        )

    def _loaded(self) -> Any:
        cache = self._msal.SerializableTokenCache()
        if not is_well_kept(self._keeper.path):
            _log.warning("%s could be read by others and is not used any more", self._keeper.path)
            return cache
        with contextlib.suppress(ValueError):  # losing it costs one request
            kept = (self._keeper.load() or b"{}").decode()
            parts = json.loads(kept)
            if isinstance(parts, dict) and all(isinstance(part, dict) for part in parts.values()):
                cache.deserialize(kept)
        return cache

    def _save(self) -> None:
        if self._cache is None or not self._cache.has_state_changed:
            return
        try:
            self._keeper.save(self._cache.serialize().encode())
        except OSError as error:
            _log.warning("the access token was not kept: %s", error)


class _Door:
    """The HTTP client that msal asks through: our session, our time limit, no redirection.

    msal knows https only; towards an authority on this machine that speaks http, its requests are turned back to it.
    """

    def __init__(self, session: requests.Session, config: Config) -> None:
        self._session = session
        self._timeout = config.timeout
        parts = urllib.parse.urlsplit(config.authority)
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


def last_day(config: Config) -> dt.date | None:
    """Return the last day of the certificate or of the secret (key ``expires``), None where nobody knows.

    The earlier of both where both are known. Raises ValueError where the certificate cannot be read.
    """
    known = [config.expires] if config.expires else []
    proof = config.proof if config.auth == "certificate" else None
    if proof is not None:
        known.append(_certificate(proof).not_valid_after_utc.date())
    return min(known, default=None)


def claims(token: str) -> dict[str, Any]:
    """Return what the token says of itself, for a person to read: nothing is decided by it. Empty where it is opaque."""
    try:
        body = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _certificate(proof: Secret) -> Any:
    from cryptography import x509

    text = proof.reveal()
    try:
        return x509.load_pem_x509_certificate(text[text.index("-----BEGIN CERTIFICATE-----") :].encode())
    except ValueError as error:
        raise ValueError("certificate_file: không đọc được chứng chỉ trong tệp.") from error


def _credential(proof: Secret) -> dict[str, str]:
    from cryptography.hazmat.primitives import hashes

    # msal before 1.35 does not work the thumbprint out by itself
    thumbprint = _certificate(proof).fingerprint(hashes.SHA1()).hex()
    key = _KEY.search(proof.reveal())
    return {"private_key": key.group() if key else "", "thumbprint": thumbprint}


def _reveal(proof: Secret | None) -> str | None:
    return proof.reveal() if proof else None


def _words(answer: Mapping[str, Any]) -> str:
    said = f"{answer.get('error', '')}: {str(answer.get('error_description', ''))[:200]}"
    hint = next((hint for code, hint in _HINTS.items() if code in said), "")
    return f"{hint} ({said})" if hint else said


def home_cache(home: Path) -> FileState:
    """Return the keeper of the tokens of an office."""
    return FileState(home / "var" / "graph-token.cache")
