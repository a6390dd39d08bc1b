"""Access tokens for IMAP and SMTP (XOAUTH2) from Microsoft Entra ID by client credentials; ``msal`` is optional."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from daemon import extras
from daemon.desk.trouble import TryLater
from daemon.mailbox.login import LoginFailed
from daemon.mailbox.secret import read_secret


@dataclass(frozen=True, kw_only=True)
class OAuthKeys:
    """The ``oauth_…`` keys of a back end's table."""

    oauth_tenant: str = ""
    oauth_client_id: str = ""
    oauth_client_secret_env: str | None = None
    oauth_client_secret_file: Path | None = None
    oauth_authority: str = "https://login.microsoftonline.com"
    oauth_scope: str = "https://outlook.office365.com/.default"

    def oauth_faults(self) -> list[str]:
        """Say what is missing."""
        wrong = [f"{key}: còn thiếu; cần cho auth = \"oauth2\"." for key in ("oauth_tenant", "oauth_client_id")
                 if not getattr(self, key)]  # fmt: skip
        try:
            if (
                read_secret(self.oauth_client_secret_env, self.oauth_client_secret_file, key="oauth_client_secret")
                is None
            ):
                wrong.append('oauth_client_secret_env: còn thiếu; cần cho auth = "oauth2".')
        except ValueError as error:
            wrong.append(str(error))
        return wrong


def token_source(keys: OAuthKeys) -> Callable[[], str]:
    """Return a function that gives a valid access token, from msal's memory while it lasts.

    Raises ValueError where msal is not installed. The function raises LoginFailed or TryLater.
    """
    try:
        import msal
    except ImportError as error:
        raise ValueError([f'auth: "oauth2" cần gói msal; hãy cài: {extras.command("graph")}']) from error
    secret = read_secret(keys.oauth_client_secret_env, keys.oauth_client_secret_file, key="oauth_client_secret")
    made: list[msal.ConfidentialClientApplication] = []

    def token() -> str:
        try:
            if not made:
                authority = f"{keys.oauth_authority}/{keys.oauth_tenant}"
                given = secret.reveal() if secret else None
                made.append(msal.ConfidentialClientApplication(keys.oauth_client_id, given, authority=authority))
            answer = made[0].acquire_token_for_client(scopes=[keys.oauth_scope])
        except (OSError, ValueError) as error:
            raise TryLater(f"Chưa lấy được thẻ truy cập OAuth2 ({type(error).__name__}); sẽ tự thử lại.") from error
        if "access_token" in answer:
            return str(answer["access_token"])
        raise LoginFailed(f"OAuth2 {answer.get('error', '')}: {str(answer.get('error_description', ''))[:200]}")

    return token
