"""An IMAP mailbox with SMTP for sending. What lies in the inbox is asked each time, by UID, never by the read mark.

Staff work in the same mailbox with their own mail clients: everything here may have moved since the last look.
"""

import datetime as dt
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from daemon.desk.trouble import Refused, Trouble, TryLater
from daemon.mailbox import envelope, expiry, imap_check, imap_folders, table
from daemon.mailbox.base import Finding, Found, Incoming, StateKeeper, Where, nothing
from daemon.mailbox.bell import Bell
from daemon.mailbox.clock import utc_now
from daemon.mailbox.expiry import ExpiryKeys, Foresight
from daemon.mailbox.imap_answers import aware, heads, idle, key_of, prefix, sizes
from daemon.mailbox.imap_link import PORTS, Link, Server
from daemon.mailbox.login import Lockout, Login
from daemon.mailbox.oauth import OAuthKeys, token_source
from daemon.mailbox.secret import Secret, read_secret
from daemon.mailbox.smtp import Security, Smtp, SmtpKeys, server_faults
from daemon.mailbox.state import FileState

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Config(SmtpKeys, OAuthKeys, ExpiryKeys):
    """``[mailbox.imap]``: the server, the account, the folders ("" is found or made by itself), limits, and SMTP.

    ``port`` 0 is the usual port. ``since`` leaves older mail in the inbox alone. ``save_sent`` false is for servers
    that keep a copy of what SMTP sends by themselves. ``smtp_user`` empty with ``smtp_login`` uses the IMAP account.
    """

    host: str
    user: str
    port: int = 0
    security: Security = "tls"
    auth: Literal["password", "oauth2"] = "password"
    password_env: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout: float = 60.0
    inbox: str = "INBOX"
    sent_folder: str = ""
    drafts_folder: str = ""
    taken_folder: str = "Đã tiếp nhận"
    max_bytes: int = 40_000_000
    since: dt.date | None = None
    save_sent: bool = True
    smtp_login: bool = True
    idle: bool = True

    @classmethod
    def from_table(cls, given: Mapping[str, object], home: Path) -> "Config":
        """Read the table; files are relative to ``home``. Raises ValueError with the list of all errors."""
        return table.build(cls, given, home)

    def faults(self) -> list[str]:
        """Say what is wrong between the values."""
        wrong = server_faults("", self.host, self.port, self.security, self.timeout) + self.smtp_faults()
        wrong += self.expiry_faults()
        if not self.smtp_host:
            wrong.append("smtp_host: còn thiếu; hãy ghi tên máy chủ gửi thư (SMTP).")
        if self.max_bytes < 1:
            wrong.append("max_bytes: phải lớn hơn 0.")
        if self.ca_file and not self.ca_file.is_file():
            wrong.append(f"ca_file: không có tệp {self.ca_file}.")
        if self.auth == "oauth2":
            return wrong + self.oauth_faults()
        try:
            if self.password is None:
                wrong.append("password_env: còn thiếu; hãy khai báo password_env hoặc password_file.")
        except ValueError as error:
            wrong.append(str(error))
        return wrong

    @property
    def password(self) -> Secret | None:
        """The account's password. Raises ValueError as ``read_secret`` does."""
        return read_secret(self.password_env, self.password_file)


def open_imap(
    given: Mapping[str, object],
    home: Path,
    address: str = "",
    *,
    keeper: StateKeeper | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
) -> "Imap":
    """Make the back end of ``[mailbox.imap]``; connects with the first use, not now.

    ``address`` is the desk's own mail address, ``keeper`` remembers a refused login (default: a file under ``var/``).
    Raises ValueError with the list of all errors of the table.
    """
    config = Config.from_table(given, home)
    if config.auth == "oauth2":
        # the secret stands beside the token only to notice that it was corrected
        login = Login(
            config.user, config.oauth_secret, token_source(config, config.timeout), lambda: config.oauth_secret
        )
    else:
        login = Login(config.user, config.password, read_again=lambda: config.password)
    lockout = Lockout(f"{config.host}", login, keeper or FileState(home / "var" / "imap-login.state"), clock)
    return Imap(config, login, lockout, _sender(config, login, address, home, clock), clock)


def _sender(config: Config, login: Login, address: str, home: Path, clock: Callable[[], dt.datetime]) -> Smtp:
    if config.smtp_user:
        login = Login(config.smtp_user, config.smtp_password, read_again=lambda: config.smtp_password)
    keeper = FileState(home / "var" / "smtp-login.state")
    return Smtp(config, address, login if config.smtp_login else None, keeper, clock)


def _expiry(config: Config, today: dt.date) -> Finding:
    what, renew = "Mật khẩu của hộp thư", "hãy đổi mật khẩu"
    if config.auth == "oauth2":
        what, renew = "Bí mật OAuth2", "hãy tạo cái mới trong Microsoft Entra"
    return expiry.finding(what, config.expires, today, config.warn_days, renew)


class Imap:
    """One account as the shared mailbox."""

    def __init__(
        self, config: Config, login: Login, lockout: Lockout, deliver: Smtp, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self._config = config
        self._deliver = deliver
        server = Server(
            config.host, config.port or PORTS[config.security], config.security, config.ca_file, config.timeout
        )
        self._lockout = lockout
        self._link = Link(server, login, lockout)
        self._ear = Link(server, login, lockout)
        self._folders: dict[str, str] = {}
        self._told: object = None
        self._next_uid = 0
        self._breaking: set[str] = set()
        self._foresight = Foresight(partial(_expiry, config), clock)
        self._bell = Bell("imap-idle", self._listen, self._ear.drop) if config.idle else None

    sent_is_proof = False  # the copy is kept after the sending, and may fail

    # -- reading ---------------------------------------------------------------------------------------------------

    def fetch(self, skip: Callable[[str], bool] = nothing) -> Iterator[Incoming]:
        """Yield the inbox's mails by time of receipt; see ``Mailbox.fetch``."""
        with self._link.talk() as client:
            validity = self._link.select(client, self._config.inbox)
            uids = [uid for uid in self._listed(client) if not skip(key_of(validity, uid))]
            lying = sorted(sizes(client, uids), key=lambda mail: (key_of(validity, mail[1]) in self._breaking, mail))
        unreadable: list[str] = []
        for received, uid, size in lying:
            raw = self._read(validity, uid, size, unreadable)
            if raw is None:
                continue
            oversized = size > self._config.max_bytes
            yield Incoming(key_of(validity, uid), raw, max(size, len(raw)), received, oversized)
        if unreadable:
            raise TryLater(
                f"Máy chủ thư không cho đọc {len(unreadable)} thư trong hộp đến ({'; '.join(unreadable[:3])}). "
                "Hãy mở các thư này bằng phần mềm thư; chương trình sẽ tự thử lại."
            )

    def _listed(self, client: Any) -> list[int]:
        criteria: list[Any] = ["UNDELETED"]
        if self._config.since:
            criteria += ["SINCE", self._config.since]
        uids = [int(uid) for uid in client.search(criteria)]
        self._next_uid = max([self._link.next_uid, *(uid + 1 for uid in uids)])
        return uids

    def _read(self, validity: int, uid: int, size: int, unreadable: list[str]) -> bytes | None:
        """Return the mail's bytes (its header block where it is too large), None where it is gone or unreadable.

        A mail over which the server hangs up is asked for last from then on, so that it keeps back no other.
        """
        key = key_of(validity, uid)
        self._breaking.add(key)
        raw = self._ask(validity, uid, size, unreadable)
        self._breaking.discard(key)
        return raw

    def _ask(self, validity: int, uid: int, size: int, unreadable: list[str]) -> bytes | None:
        from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

        part = b"BODY[HEADER]" if size > self._config.max_bytes else b"BODY[]"
        with self._link.talk() as client:
            if self._link.select(client, self._config.inbox, again=False) != validity:
                return None  # the folder was made anew; the next look reads it under its new numbers
            try:
                answer = client.fetch([uid], [part.replace(b"BODY", b"BODY.PEEK")])
            except IMAPClientAbortError:
                raise
            except IMAPClientError as error:
                self._link.select(client, self._config.inbox)
                if client.search(["UID", str(uid)]):
                    unreadable.append(f"UID {uid}: {str(error)[:100]}")
                return None
        raw = answer.get(uid, {}).get(part)
        return bytes(raw) if raw is not None else None

    def file_away(self, key: str) -> None:
        """Move the mail into the folder of taken mails; see ``Mailbox.file_away``."""
        with self._link.talk() as client:
            taken = self._folder(client, "taken")
            uid = self._still_there(client, self._config.inbox, key)
            if uid is not None:
                self._move(client, uid, taken)

    def _move(self, client: Any, uid: int, folder: str) -> None:
        from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

        try:
            if client.has_capability("MOVE"):
                client.move([uid], folder)
                return
            if not client.search(["UID", str(uid), "UNDELETED"]):
                return  # copied before, or gone: a second copy would help nobody
            client.copy([uid], folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            if not client.search(["UID", str(uid)]):
                return
            self._folders.clear()  # somebody may have renamed the folder: look for it again next time
            raise
        self._delete(client, uid)

    def _delete(self, client: Any, uid: int) -> None:
        """Mark the mail as deleted and clear it alone; without UIDPLUS it stays marked, and marked ones are not read."""
        client.delete_messages([uid], silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge([uid])

    def _still_there(self, client: Any, folder: str, key: str) -> int | None:
        """Select the folder and return the key's UID, None where its numbering is another one by now."""
        validity, _, uid = key.partition("/")
        if not uid.isdigit() or str(self._link.select(client, folder, again=False)) != validity:
            return None
        return int(uid)

    # -- writing ---------------------------------------------------------------------------------------------------

    def send(self, raw: bytes) -> str | None:
        """Send by SMTP, then keep a copy in Sent; see ``Mailbox.send``."""
        message_id = envelope.message_id(raw)
        with self._link.talk() as client:
            sent = self._folder(client, "sent")
            if message_id and self._with_id(client, sent, message_id):
                return None
        self._deliver(raw)
        return self._keep_copy(raw, message_id) if self._config.save_sent else None

    def _keep_copy(self, raw: bytes, message_id: str | None) -> str | None:
        for attempt in (1, 2):
            try:
                with self._link.talk() as client:
                    sent = self._folder(client, "sent")
                    # the server itself, or an attempt whose answer was lost, may have put it there
                    if not (message_id and self._with_id(client, sent, message_id)):
                        client.append(sent, raw, (rb"\Seen",))
                return None
            except Trouble as trouble:
                _log.warning("no copy in Sent (attempt %s): %s", attempt, trouble)
                said = str(trouble)
        return f"Thư đã gửi đi nhưng chưa lưu được bản sao vào mục Thư đã gửi: {said}"

    def save_draft(self, raw: bytes) -> str:
        """Append the mail to Drafts; the key is ``UIDVALIDITY/UID``."""
        with self._link.talk() as client:
            drafts = self._folder(client, "drafts")
            answer = bytes(client.append(drafts, raw, (rb"\Draft", rb"\Seen")) or b"")
            placed = re.search(rb"\[APPENDUID (\d+) (\d+)\]", answer)
            if placed:
                return key_of(int(placed[1]), int(placed[2]))
            validity = self._link.select(client, drafts)
            message_id = envelope.message_id(raw)
            uids = self._with_id(client, drafts, message_id) if message_id else client.search(["UNDELETED"])
            if not uids:
                raise TryLater("Máy chủ thư nhận bản nháp nhưng chưa thấy trong mục Bản nháp; sẽ tự xem lại.")
            return key_of(validity, max(uids))

    def remove_draft(self, key: str) -> None:
        """Delete the draft of that key; harmless if it is gone."""
        with self._link.talk() as client:
            uid = self._draft_uid(client, key)
            if uid is not None:
                self._delete(client, uid)

    # -- finding again ---------------------------------------------------------------------------------------------

    def find(self, message_id: str, token: str | None = None) -> tuple[Found, ...]:
        """Search Sent and Drafts on the server and look at each hit; see ``Mailbox.find``."""
        told, self._told = self._told, None  # unless this look succeeds, the next changed() says True
        found = self._find(envelope.bare_id(message_id), token)
        self._told = told
        return found

    def _find(self, wanted: str, token: str | None) -> tuple[Found, ...]:
        with self._link.talk() as client:
            places = [(Where.SENT, self._folder(client, "sent")), (Where.DRAFTS, self._folder(client, "drafts"))]
            exact, loose = [], []
            for where, folder in places:
                exact += self._found(client, where, folder, self._with_id(client, folder, wanted), exact=True)
            if token is None or any(found.where is Where.SENT for found in exact):
                return tuple(exact)
            seen = {(found.where, found.key) for found in exact}
            for where, folder in places:
                uids = self._with_token(client, folder, token)
                loose += self._found(client, where, folder, uids, exact=False)
            return (*exact, *(found for found in loose if (found.where, found.key) not in seen))

    def _with_id(self, client: Any, folder: str, message_id: str) -> list[int]:
        """Return the UIDs of that Message-ID; servers search for a part of the field, so each hit is looked at."""
        self._link.select(client, folder)
        uids = client.search(["UNDELETED", "HEADER", "Message-ID", message_id])
        return [uid for uid, head in heads(client, uids) if envelope.message_id(head) == message_id]

    def _with_token(self, client: Any, folder: str, token: str) -> list[int]:
        self._link.select(client, folder)
        uids = client.search(["UNDELETED", "SUBJECT", token.strip("[]")], None if token.isascii() else "UTF-8")
        return [uid for uid, head in heads(client, uids) if token in envelope.subject(head)]

    def _found(self, client: Any, where: Where, folder: str, uids: list[int], *, exact: bool) -> list[Found]:
        validity = self._link.select(client, folder, again=False)
        found = []
        for uid in sorted(uids):
            answer = client.fetch([uid], [b"BODY.PEEK[]", b"INTERNALDATE"]).get(uid, {})
            if answer.get(b"BODY[]") is not None:
                at = aware(answer.get(b"INTERNALDATE"))
                found.append(Found(where, key_of(validity, uid), bytes(answer[b"BODY[]"]), at, exact))
        return sorted(found, key=lambda one: one.at or dt.datetime.min.replace(tzinfo=dt.UTC))

    def changed(self) -> bool:
        """Compare the counters of Sent and Drafts with those of the last call."""
        with self._link.talk() as client:
            ask = [b"MESSAGES", b"UIDNEXT", b"UIDVALIDITY"]
            if client.has_capability("CONDSTORE"):
                ask.append(b"HIGHESTMODSEQ")
            self._link.select(client, self._config.inbox, again=False)  # STATUS is not for the selected folder
            names = (self._folder(client, "sent"), self._folder(client, "drafts"))
            now = [sorted(client.folder_status(name, ask).items()) for name in names]
        before, self._told = self._told, now
        return before != now

    # -- folders ---------------------------------------------------------------------------------------------------

    def _folder(self, client: Any, kind: str) -> str:
        """Return the folder ``sent``, ``drafts`` or ``taken``, found or made; remembered for this connection."""
        if kind in self._folders:
            return self._folders[kind]
        folders = imap_folders.read_list(client.list_folders())
        wanted = {
            "sent": self._config.sent_folder,
            "drafts": self._config.drafts_folder,
            "taken": self._config.taken_folder,
        }[kind]
        name = imap_folders.named(wanted, folders) if wanted else imap_folders.pick(kind, folders)
        if name is None:
            name = imap_folders.new_name(wanted or kind, folders, prefix(client))
            client.create_folder(name)
            client.subscribe_folder(name)
            _log.info("created the folder %s", name)
        self._folders[kind] = name
        return name

    # -- news ------------------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> bool:
        """Wait for the server's word by IDLE on a connection of its own; without it, just wait."""
        if self._bell is None:
            time.sleep(max(0.0, seconds))
            return False
        return self._bell.wait(seconds)

    def _listen(self, ring: Callable[[], None], stopping: Callable[[], bool]) -> None:
        """IDLE on the inbox until told to stop. Returns only then; raises when the connection is no good."""
        try:
            with self._ear.talk() as client:
                if not client.has_capability("IDLE"):
                    raise Refused("máy chủ không có IDLE")
                while not stopping():
                    answer = client.select_folder(self._config.inbox, readonly=True)
                    if int(answer.get(b"UIDNEXT", 0)) > self._next_uid > 0:
                        self._next_uid = int(answer[b"UIDNEXT"])
                        ring()  # it came between the last look and this moment
                    idle(client, ring, stopping)
        finally:
            self._ear.drop()

    # -- check -----------------------------------------------------------------------------------------------------

    def warnings(self) -> list[str]:
        """Return what will stop the mailbox soon: a password or secret about to expire."""
        return self._foresight.warnings()

    def check(self) -> list[Finding]:
        """Connect even while a refusal is remembered; folders and rights, a draft, the clocks, the last day, SMTP."""
        findings = imap_check.entry(self._link, self._config.host, self._config.inbox, self._folder)
        if findings[0].well:
            findings.append(imap_check.draft(self._link, self.save_draft, self.remove_draft, self._draft_uid))
        same = self._config.smtp_login and not self._config.smtp_user  # a refusal here would only be said again
        out = [] if same and self._lockout.refused else self._deliver.check()
        return [*findings, self._foresight.now(), *out]

    def _draft_uid(self, client: Any, key: str) -> int | None:
        return self._still_there(client, self._folder(client, "drafts"), key)

    def close(self) -> None:
        """Stop listening and log out; the next use connects again."""
        if self._bell is not None:
            self._bell.close()
        self._link.close()
        self._folders.clear()
