"""The table ``[mailbox.graph]``. Kept apart from the back end so that reading settings loads neither msal nor requests."""

import datetime as dt
import os
import stat
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from daemon.mailbox import table
from daemon.mailbox.expiry import ExpiryKeys
from daemon.mailbox.secret import Secret, read_secret
from daemon.mailbox.smtp import is_loopback


@dataclass(frozen=True, kw_only=True)
class Config(ExpiryKeys):
    """``[mailbox.graph]``: the tenant, the registered application and its proof, the folder of taken mails, limits.

    ``auth`` is how the application proves itself: ``secret`` (``client_secret_env`` or ``…_file``), ``certificate``
    (``certificate_file``: private key and certificate in one PEM file that only its owner can read) or ``device`` (a
    person signs in with a code; for a first try). ``expires`` is the last day of the secret, which nobody but the office
    knows; a certificate tells its own. ``warn_days`` before that day the expiry is told. ``other_mailbox`` is one that
    the application must not be able to open: ``check`` proves it. ``since`` leaves older mail in the inbox alone.
    """

    tenant: str
    client_id: str
    auth: Literal["secret", "certificate", "device"] = "secret"
    client_secret_env: str | None = None
    client_secret_file: Path | None = None
    certificate_file: Path | None = None
    base_url: str = "https://graph.microsoft.com/v1.0"
    authority: str = "https://login.microsoftonline.com"
    ca_file: Path | None = None
    timeout: float = 60.0
    taken_folder: str = "Đã tiếp nhận"
    other_mailbox: str = ""
    max_bytes: int = 40_000_000
    since: dt.date | None = None

    @classmethod
    def from_table(cls, given: Mapping[str, object], home: Path) -> "Config":
        """Read the table; files are relative to ``home``. Raises ValueError with the list of all errors."""
        return table.build(cls, given, home)

    def faults(self) -> list[str]:
        """Say what is wrong between the values."""
        wrong = [*_url_faults("base_url", self.base_url), *_url_faults("authority", self.authority)]
        if self.timeout <= 0:
            wrong.append("timeout: phải lớn hơn 0 giây.")
        if self.max_bytes < 1:
            wrong.append("max_bytes: phải lớn hơn 0.")
        wrong += self.expiry_faults()
        if self.ca_file and not self.ca_file.is_file():
            wrong.append(f"ca_file: không có tệp {self.ca_file}.")
        if "/" in self.tenant:
            wrong.append("tenant: hãy ghi mã hoặc tên miền của tổ chức, ví dụ dienluc.onmicrosoft.com.")
        return wrong + self._proof_faults()

    def _proof_faults(self) -> list[str]:
        try:
            if self.auth == "secret" and self.proof is None:
                return ["client_secret_env: còn thiếu; hãy khai báo client_secret_env hoặc client_secret_file."]
            if self.auth == "certificate" and self.proof is None:
                return ["certificate_file: còn thiếu; hãy ghi đường dẫn tệp PEM gồm khóa riêng và chứng chỉ."]
        except ValueError as error:
            return [str(error)]
        return []

    @property
    def proof(self) -> Secret | None:
        """The secret, or the PEM of key and certificate; None for ``device``. Raises ValueError as ``read_secret`` does."""
        if self.auth == "secret":
            return read_secret(self.client_secret_env, self.client_secret_file, key="client_secret")
        if self.auth == "certificate" and self.certificate_file:
            return _read_pem(self.certificate_file)
        return None

    @property
    def resource(self) -> str:
        """What access is asked to: the scheme and host of ``base_url``."""
        parts = urllib.parse.urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}"


def _read_pem(path: Path) -> Secret:
    pem = read_secret(None, path, key="certificate")
    text = pem.reveal() if pem else ""
    if "PRIVATE KEY-----" not in text or "-----BEGIN CERTIFICATE-----" not in text:
        raise ValueError(f"certificate_file: tệp {path} phải có cả khóa riêng và chứng chỉ (PEM).")
    return Secret(text)


def is_well_kept(path: Path) -> bool:
    """Say whether nobody but its owner can read the file; True where there is none or the system does not tell."""
    try:
        return os.name != "posix" or not stat.S_IMODE(path.stat().st_mode) & 0o077
    except OSError:
        return True


def is_safe(url: str) -> bool:
    """Say whether a request may go to ``url``: https, or http towards this machine."""
    try:
        parts = urllib.parse.urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        )
    except ValueError:
        return False


def _url_faults(key: str, url: str) -> Iterator[str]:
    if not is_safe(url):
        yield f"{key}: hãy ghi địa chỉ đầy đủ bắt đầu bằng https:// (http chỉ dùng được với chính máy này)."
    elif "?" in url or "#" in url or "@" in url:
        yield f"{key}: không được có ?, # hay @."
