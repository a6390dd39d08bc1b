"""Access tokens for IMAP and SMTP (XOAUTH2) from Microsoft Entra ID by client credentials; ``msal`` is optional."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon import extras
from daemon.mailbox.graph_config import is_safe
from daemon.mailbox.secret import Secret, read_secret


@dataclass(frozen=True, kw_only=True)
class OAuthKeys:
    """The ``oauth_…`` keys of a back end's table."""

    oauth_tenant: str = ""
    oauth_client_id: str = ""
    oauth_client_secret_env: str | None = None
    oauth_client_secret_file: Path | None = None
    oauth_authority: str = "https://login.microsoftonline.com"
    oauth_scope: str = "https://outlook.office365.com/.default"

    @property
    def oauth_secret(self) -> Secret | None:
        """The application's secret. Raises ValueError as ``read_secret`` does."""
        return read_secret(self.oauth_client_secret_env, self.oauth_client_secret_file, key="oauth_client_secret")

    def oauth_faults(self) -> list[str]:
        """Say what is missing."""
        wrong = [f"{key}: còn thiếu; cần cho auth = \"oauth2\"." for key in ("oauth_tenant", "oauth_client_id")
                 if not getattr(self, key)]  # fmt: skip
        if not is_safe(self.oauth_authority):
            wrong.append("oauth_authority: hãy ghi địa chỉ https:// (http chỉ dùng được với chính máy này).")
        try:
            if self.oauth_secret is None:
                wrong.append('oauth_client_secret_env: còn thiếu; cần cho auth = "oauth2".')
        except ValueError as error:
            wrong.append(str(error))
        return wrong


def token_source(keys: OAuthKeys, timeout: float) -> Callable[[], str]:
    """Return a function that gives a valid access token, from msal's memory while it lasts.

    ``timeout`` are the seconds without an answer. Raises ValueError where msal is not installed. The function raises
    LoginFailed, NoEntry or TryLater.
    """
    try:
        import msal
        import msal.exceptions

        from daemon.mailbox.graph_link import new_session
        from daemon.mailbox.msal_door import Door
    except ImportError as error:
        raise ValueError([f'auth: "oauth2" cần gói msal; hãy cài: {extras.command("graph")}']) from error
    return _Tokens(keys, msal, Door(new_session(None), keys.oauth_authority, timeout))


class _Tokens:
    """The tokens of one application, asked for where none in memory is good for some minutes more."""

    def __init__(self, keys: OAuthKeys, msal: Any, door: Any) -> None:
        self._keys, self._msal, self._door = keys, msal, door
        self._app: Any = None

    def __call__(self) -> str:
        from daemon.mailbox.msal_door import judged, surprises, token_of

        try:
            self._app = self._app or self._made()
            answer = self._app.acquire_token_for_client(scopes=[self._keys.oauth_scope])
        except surprises(self._msal) as error:
            self._app = None
            raise judged(error, self._keys.oauth_authority) from error
        if "access_token" not in answer:
            self._app = None  # msal remembers a refusal for a minute; a corrected secret counts at once
        return token_of(answer, self._keys.oauth_authority)

    def _made(self) -> Any:
        secret = self._keys.oauth_secret
        return self._msal.ConfidentialClientApplication(
            self._keys.oauth_client_id,
            client_credential=secret.reveal() if secret else None,
            authority=f"{self._door.asked_as(self._keys.oauth_authority)}/{self._keys.oauth_tenant}",
            http_client=self._door,
            instance_discovery=False,
        )
