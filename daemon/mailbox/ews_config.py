"""The table ``[mailbox.ews]``. Kept apart from the back end so that reading settings does not load exchangelib."""

import datetime as dt
import re
import zoneinfo
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from daemon.mailbox import table
from daemon.mailbox.expiry import ExpiryKeys
from daemon.mailbox.secret import Secret, read_secret
from daemon.mailbox.smtp import is_loopback

_BUILD = re.compile(r"\d+\.\d+(\.\d+){0,2}")


@dataclass(frozen=True, kw_only=True)
class Config(ExpiryKeys):
    """``[mailbox.ews]``: the server, the account that logs in, the folder of taken mails, limits.

    ``endpoint`` is the full URL of Exchange.asmx. ``version`` is the server's build (``15.1.2507.34`` is Exchange 2016);
    empty asks the server at each start. ``reuse_sessions`` false opens a connection for each request, for servers that
    mix answers up (gromox). ``since`` leaves older mail in the inbox alone.
    """

    endpoint: str
    user: str
    access: Literal["delegate", "impersonation"] = "delegate"
    auth: Literal["ntlm", "basic"] = "ntlm"
    password_env: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout: float = 60.0
    reuse_sessions: bool = True
    version: str = ""
    taken_folder: str = "Đã tiếp nhận"
    max_bytes: int = 40_000_000
    since: dt.date | None = None
    timezone: str = "Asia/Ho_Chi_Minh"
    streaming: bool = True

    @classmethod
    def from_table(cls, given: Mapping[str, object], home: Path) -> "Config":
        """Read the table; files are relative to ``home``. Raises ValueError with the list of all errors."""
        return table.build(cls, given, home)

    def faults(self) -> list[str]:
        """Say what is wrong between the values."""
        wrong = [*self._address_faults(), *self.expiry_faults()]
        if self.timeout <= 0:
            wrong.append("timeout: phải lớn hơn 0 giây.")
        if self.max_bytes < 1:
            wrong.append("max_bytes: phải lớn hơn 0.")
        if self.ca_file and not self.ca_file.is_file():
            wrong.append(f"ca_file: không có tệp {self.ca_file}.")
        if self.timezone not in zoneinfo.available_timezones():
            wrong.append(f"timezone: không biết múi giờ {self.timezone}; hãy ghi như Asia/Ho_Chi_Minh.")
        if self.version and not _BUILD.fullmatch(self.version):
            wrong.append("version: hãy ghi số bản dựng của Exchange, ví dụ 15.1.2507.34.")
        try:
            if self.password is None:
                wrong.append("password_env: còn thiếu; hãy khai báo password_env hoặc password_file.")
        except ValueError as error:
            wrong.append(str(error))
        return wrong

    def _address_faults(self) -> Iterator[str]:
        scheme, _, rest = self.endpoint.partition("://")
        host = rest.partition("/")[0].rpartition("@")[2]
        name = host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]
        if scheme not in ("http", "https") or not name:
            yield "endpoint: hãy ghi địa chỉ đầy đủ, ví dụ https://mail.dienluc.vn/EWS/Exchange.asmx."
        elif scheme == "http" and not is_loopback(name):
            yield "endpoint: http chỉ dùng được với máy chủ trên chính máy này; hãy dùng https."

    @property
    def password(self) -> Secret | None:
        """The account's password. Raises ValueError as ``read_secret`` does."""
        return read_secret(self.password_env, self.password_file)
