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
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import requests

from daemon import extras
from daemon.desk.trouble import Refused
from daemon.mailbox.base import NoEntry
from daemon.mailbox.graph_config import Config, is_well_kept
from daemon.mailbox.login import LoginFailed
from daemon.mailbox.msal_door import FINAL, Door, judged, surprises, token_of, words
from daemon.mailbox.secret import Secret
from daemon.mailbox.state import FileState

_log = logging.getLogger(__name__)
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.S)


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
        self._door = Door(session, config.authority, config.timeout)
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
            raise LoginFailed(words(flow))
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
        return bool(answer) and ("access_token" in answer or str(answer.get("error", "")) not in FINAL)

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
        except surprises(self._msal) as error:
            self._app = None
            raise judged(error, self._config.authority) from error
        finally:
            self._save()

    def _taken(self, answer: Mapping[str, Any]) -> str:
        if "access_token" not in answer:
            self._app = None  # msal remembers a refusal for a minute; a corrected secret counts at once
        return token_of(answer, self._config.authority)

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


def home_cache(home: Path) -> FileState:
    """Return the keeper of the tokens of an office."""
    return FileState(home / "var" / "graph-token.cache")
