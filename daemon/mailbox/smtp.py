"""Handing one mail to an SMTP server (RFC 5321), once. Keeps no copy and never repeats; says exactly what is known.

The mail's bytes go first, the line with the single dot last: what breaks before the dot surely did not go out
(``TryLater``), what breaks between the dot and the server's answer may have (``Doubt``).
"""

import base64
import contextlib
import datetime as dt
import ipaddress
import logging
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from daemon.desk.trouble import Refused, Trouble, TryLater
from daemon.mailbox import envelope
from daemon.mailbox.base import Doubt, Finding, NoEntry, StateKeeper
from daemon.mailbox.clock import utc_now
from daemon.mailbox.login import Lockout, Login, LoginFailed
from daemon.mailbox.secret import Secret, read_secret

_log = logging.getLogger(__name__)
_PORTS = {"tls": 465, "starttls": 587, "none": 25}
_BARE_RETURN = re.compile(rb"\r(?!\n)")
_LINE_END = re.compile(rb"\r\n|\n|\r")

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, kw_only=True)
class SmtpKeys:
    """The ``smtp_…`` keys that a back end's table may hold. ``smtp_port`` 0 is the usual port of the security."""

    smtp_host: str = ""
    smtp_port: int = 0
    smtp_security: Security = "starttls"
    smtp_user: str = ""
    smtp_password_env: str | None = None
    smtp_password_file: Path | None = None
    smtp_ca_file: Path | None = None
    smtp_timeout: float = 60.0

    @property
    def smtp_password(self) -> Secret | None:
        """The password of ``smtp_user``. Raises ValueError as ``read_secret`` does."""
        return read_secret(self.smtp_password_env, self.smtp_password_file, key="smtp_password")

    def smtp_faults(self) -> list[str]:
        """Say what is wrong between the ``smtp_…`` values."""
        wrong = server_faults("smtp_", self.smtp_host, self.smtp_port, self.smtp_security, self.smtp_timeout)
        if self.smtp_ca_file and not self.smtp_ca_file.is_file():
            wrong.append(f"smtp_ca_file: không có tệp {self.smtp_ca_file}.")
        if self.smtp_user and self.smtp_host:
            try:
                if self.smtp_password is None:
                    wrong.append("smtp_user: cần thêm smtp_password_env hoặc smtp_password_file.")
            except ValueError as error:
                wrong.append(str(error))
        return wrong


def server_faults(prefix: str, host: str, port: int, security: str, timeout: float) -> list[str]:
    """Say what is wrong with a server's address: plain text is allowed on this machine only."""
    wrong = []
    if host and security == "none" and not is_loopback(host):
        wrong.append(
            f'{prefix}security: "none" chỉ dùng được với máy chủ trên chính máy này; hãy ghi "tls" hoặc "starttls".'
        )
    if not 0 <= port < 65536:
        wrong.append(f"{prefix}port: phải từ 1 đến 65535.")
    if timeout <= 0:
        wrong.append(f"{prefix}timeout: phải lớn hơn 0 giây.")
    return wrong


def is_loopback(host: str) -> bool:
    """Say whether the host is this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that verifies the server, against the office's own authority where one is given."""
    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def recipients_of(raw: bytes) -> tuple[str, ...]:
    """Return everyone in To, Cc and Bcc. Raises Refused where that is nobody, or an address no server could take."""
    recipients = envelope.addresses(raw, "to", "cc", "bcc")
    if not recipients:
        raise Refused("Thư không có địa chỉ người nhận; hãy ghi địa chỉ rồi gửi lại.")
    wrong = envelope.wrong_address(recipients)
    if wrong is not None or _BARE_RETURN.search(envelope.header_block(raw)):
        raise Refused(
            f"Địa chỉ hoặc phần đầu thư không hợp lệ: {wrong or 'có ký tự xuống dòng lạ'}; hãy sửa rồi gửi lại."
        )
    return recipients


def deliverer(
    keys: SmtpKeys, address: str, keeper: StateKeeper, clock: Callable[[], dt.datetime] = utc_now
) -> "Smtp | None":
    """Make the sender described by the ``smtp_…`` keys, None without ``smtp_host``; ``keeper`` remembers a refusal."""
    if not keys.smtp_host:
        return None
    login = Login(keys.smtp_user, keys.smtp_password, read_again=lambda: keys.smtp_password) if keys.smtp_user else None
    return Smtp(keys, address, login, keeper, clock)


class Smtp:
    """Delivers mails through one server, a connection each."""

    def __init__(
        self,
        keys: SmtpKeys,
        address: str,
        login: Login | None,
        keeper: StateKeeper,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self._keys = keys
        self._address = address
        self._login = login
        self._port = keys.smtp_port or _PORTS[keys.smtp_security]
        self._server = f"{keys.smtp_host}:{self._port}"
        self._lockout = Lockout(self._server, login, keeper, clock) if login else None

    def __call__(self, raw: bytes) -> None:
        """Hand over the mail to everyone in To, Cc and Bcc (Bcc itself is taken out): all of them, or nobody.

        Raises TryLater (surely not sent), Refused (this mail never), NoEntry (credentials, certificate), Doubt.
        """
        sender = next(iter(envelope.addresses(raw, "from")), self._address)
        recipients = recipients_of(raw)
        with self._connected() as smtp:
            self._hand_over(smtp, sender, recipients, envelope.without(raw, "bcc"))

    def check(self) -> list[Finding]:
        """Connect and log in, even while a refusal is remembered: a person asked just now."""
        what = f"Máy chủ gửi thư {self._server}"
        try:
            with self._connected(knock=True):
                return [Finding(what, True, "Kết nối và đăng nhập được.")]
        except Trouble as trouble:
            return [Finding(what, False, str(trouble))]

    @contextlib.contextmanager
    def _connected(self, *, knock: bool = False) -> Iterator[smtplib.SMTP]:
        with self._lockout.guard(knock=knock) if self._lockout else contextlib.nullcontext():
            smtp = self._connect()
            try:
                self._log_in(smtp)
            except BaseException:
                smtp.close()
                raise
        try:
            yield smtp
            with contextlib.suppress(smtplib.SMTPException, OSError):
                smtp.quit()  # only a courtesy; after trouble it would wait for a server that may be gone
        finally:
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        smtp = None
        try:
            smtp = self._open()
            self._greet(smtp)
            return smtp
        except BaseException as error:
            if smtp is not None:
                smtp.close()
            if isinstance(error, ssl.SSLCertVerificationError):
                raise NoEntry(
                    f"Chứng chỉ của máy chủ {self._server} không được tin cậy ({error.verify_message}). Quản trị hãy "
                    "kiểm tra tên máy chủ hoặc khai báo smtp_ca_file."
                ) from error
            if isinstance(error, smtplib.SMTPNotSupportedError):
                raise NoEntry(
                    f'Máy chủ {self._server} không hỗ trợ STARTTLS; hãy sửa smtp_security thành "tls".'
                ) from error
            if isinstance(error, smtplib.SMTPException | OSError):
                raise TryLater(
                    f"Chưa kết nối được máy chủ gửi thư {self._server} ({brief(error)}); sẽ tự thử lại."
                ) from error
            raise

    def _open(self) -> smtplib.SMTP:
        keys = self._keys
        if keys.smtp_security == "tls":
            context = tls_context(keys.smtp_ca_file)
            return smtplib.SMTP_SSL(keys.smtp_host, self._port, timeout=keys.smtp_timeout, context=context)
        return smtplib.SMTP(keys.smtp_host, self._port, timeout=keys.smtp_timeout)

    def _greet(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self._keys.smtp_security == "starttls":
            smtp.starttls(context=tls_context(self._keys.smtp_ca_file))
            smtp.ehlo()

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        if self._login is None:
            return
        try:
            self._authenticate(smtp, self._login)
        except smtplib.SMTPAuthenticationError as error:
            if 400 <= error.smtp_code < 500:  # RFC 4954: 454 and its like are of the moment
                raise TryLater(
                    f"Máy chủ {self._server} tạm thời chưa cho đăng nhập ({brief(error)}); sẽ tự thử lại."
                ) from error
            raise LoginFailed(brief(error)) from None  # the cause may hold what was sent
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(f"Mất kết nối khi đăng nhập {self._server} ({brief(error)}); sẽ tự thử lại.") from error

    def _authenticate(self, smtp: smtplib.SMTP, login: Login) -> None:
        """Try one mechanism once, in UTF-8.

        smtplib's own ``login`` tries every mechanism, each counting as a wrong password, and knows ASCII only.
        """
        offered = str(smtp.esmtp_features.get("auth", "")).upper().split()
        if login.token:
            steps = ["AUTH XOAUTH2 " + _base64(login.xoauth2())]
        elif login.password and "PLAIN" in offered:
            steps = ["AUTH PLAIN " + _base64(f"\0{login.user}\0{login.password.reveal()}")]
        elif login.password and "LOGIN" in offered:
            steps = ["AUTH LOGIN", _base64(login.user), _base64(login.password.reveal())]
        else:
            raise NoEntry(
                f"Máy chủ {self._server} không nhận cách đăng nhập bằng mật khẩu (chỉ có: {' '.join(offered) or 'không'}); "
                "hãy báo quản trị."
            )
        code, said = 0, b""
        for step in steps:
            code, said = smtp.docmd(step)
            if code != 334:
                break
        if code == 334:  # the server explains its refusal of a token and waits for an empty line
            code, said = smtp.docmd("")
        if code not in (235, 503):  # 503: already logged in
            raise smtplib.SMTPAuthenticationError(code, said)

    def _hand_over(self, smtp: smtplib.SMTP, sender: str, recipients: tuple[str, ...], raw: bytes) -> None:
        try:
            options = _options(smtp, (sender, *recipients), raw)
            self._agree("người gửi " + sender, *smtp.mail(sender, options))
            for recipient in recipients:
                self._agree("người nhận " + recipient, *smtp.rcpt(recipient))
            code, said = smtp.docmd("DATA")
            if code != 354:
                self._agree("nội dung thư", code, said)
            smtp.send(_dotted(raw))
        except (smtplib.SMTPException, OSError) as error:
            raise TryLater(
                f"Mất kết nối với {self._server} trước khi gửi xong ({brief(error)}); thư chưa đi, sẽ tự thử lại."
            ) from error
        try:
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
            if not 200 <= code < 600:
                raise smtplib.SMTPServerDisconnected("không hiểu câu trả lời")
        except (smtplib.SMTPException, OSError) as error:
            raise Doubt(
                f"Không rõ thư đã đi hay chưa: mất kết nối với {self._server} ngay sau khi gửi ({brief(error)}). "
                "Hãy xem mục Thư đã gửi hoặc hỏi người nhận trước khi gửi lại."
            ) from error
        self._agree("thư", code, said)

    def _agree(self, what: str, code: int, said: bytes) -> None:
        """Return where the server agrees (2xx). Raises Refused for 5xx, TryLater for the rest: nothing was sent."""
        if 200 <= code < 300:
            return
        words = f"{code} {said.decode('utf-8', 'replace')}".replace("\n", " ")[:300]
        if 500 <= code < 600:
            raise Refused(f"Máy chủ {self._server} không nhận {what} ({words}); thư chưa đi. Hãy sửa lại rồi gửi.")
        raise TryLater(f"Máy chủ {self._server} tạm thời chưa nhận {what} ({words}); thư chưa đi, sẽ tự thử lại.")


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _options(smtp: smtplib.SMTP, addresses: tuple[str, ...], raw: bytes) -> list[str]:
    options = []
    if smtp.has_extn("size"):
        options.append(f"size={len(raw)}")
    if smtp.has_extn("8bitmime") and not raw.isascii():
        options.append("body=8bitmime")
    if not all(address.isascii() for address in addresses):
        if not smtp.has_extn("smtputf8"):
            raise Refused("Địa chỉ thư có chữ không phải ASCII mà máy chủ gửi thư không nhận; hãy sửa địa chỉ.")
        smtp.command_encoding = "utf-8"
        options.append("smtputf8")
    return options


def _dotted(raw: bytes) -> bytes:
    """Return the mail with CRLF line ends, a leading dot doubled (RFC 5321, 4.5.2), and a line end at its end."""
    text = _LINE_END.sub(b"\r\n", raw)
    text = re.sub(rb"(?m)^\.", b"..", text)
    return text if text.endswith(b"\r\n") else text + b"\r\n"


def brief(error: BaseException) -> str:
    """Return an error in a few words, without what was sent to the server."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = (
            error.smtp_error.decode("utf-8", "replace")
            if isinstance(error.smtp_error, bytes)
            else str(error.smtp_error)
        )
        return f"{error.smtp_code} {said}".replace("\n", " ")[:300]
    if isinstance(error, TimeoutError):
        return "quá thời gian chờ"
    return (str(error) or type(error).__name__)[:300]
