"""A mailbox on an on-premises Exchange server (EWS) or a groupware server that speaks its language, such as gromox.

The portable way alone is used: our own MIME in one call, ids from SyncFolderItems, one item at a time. Nothing here
trusts the server to send once, to keep what it was given, or to remember how far we are.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from exchangelib import errors as ews_errors
from exchangelib.folders import Folder
from exchangelib.folders.collections import FolderCollection
from exchangelib.items import MOVE_TO_DELETED_ITEMS, SAVE_ONLY, SEND_AND_SAVE_COPY, SEND_TO_NONE, Message
from exchangelib.properties import ItemId
from exchangelib.restriction import Q
from exchangelib.services import GetStreamingEvents

from daemon.desk.trouble import Refused, Trouble, TryLater
from daemon.mailbox import envelope, ews_check, ews_items, ews_memory, exchange_mime, expiry
from daemon.mailbox.base import Doubt, Finding, Found, Incoming, StateKeeper, Where, nothing
from daemon.mailbox.bell import Bell
from daemon.mailbox.clock import utc_now
from daemon.mailbox.ews_config import Config
from daemon.mailbox.ews_link import Endpoint, Link, aware
from daemon.mailbox.expiry import Foresight
from daemon.mailbox.login import Lockout, Login
from daemon.mailbox.smtp import brief, recipients_of
from daemon.mailbox.state import FileState

_log = logging.getLogger(__name__)
_CHANGES_A_CALL = 512  # the most that Exchange gives
_LOOKS_FOR_THE_COPY = (0.0, 0.3, 1.0)  # seconds before each look into Sent after a sending
_GONE = (
    ews_errors.ErrorItemNotFound,
    ews_errors.ErrorInvalidId,
    ews_errors.ErrorInvalidIdMalformed,
    ews_errors.ErrorInvalidIdEmpty,
)
_ABOUT_THE_ITEM = (
    *_GONE,
    ews_errors.ErrorMimeContentConversionFailed,
    ews_errors.ErrorContentConversionFailed,
    ews_errors.ErrorItemCorrupt,
    ews_errors.ErrorCorruptData,
)
_FOLDER_GONE = (ews_errors.ErrorFolderNotFound, ews_errors.ErrorToFolderNotFound, ews_errors.ErrorInvalidFolderId)
# Answers to a sending after which surely nothing went out.
_REFUSED = (
    ews_errors.ErrorInvalidRecipients,
    ews_errors.ErrorMissingRecipients,
    ews_errors.ErrorMessageSizeExceeded,
    ews_errors.ErrorRequestStreamTooBig,
    ews_errors.ErrorSendAsDenied,
    ews_errors.ErrorSubmissionQuotaExceeded,
    ews_errors.ErrorMimeContentInvalid,
    ews_errors.ErrorMimeContentInvalidBase64String,
    ews_errors.ErrorMimeContentConversionFailed,
    ews_errors.ErrorSchemaValidation,
    ews_errors.ErrorInvalidPropertySet,
)


def open_ews(
    given: Mapping[str, object],
    home: Path,
    address: str,
    *,
    keeper: StateKeeper | None = None,
    login_keeper: StateKeeper | None = None,
    clock: Callable[[], dt.datetime] = utc_now,
) -> "Ews":
    """Make the back end of ``[mailbox.ews]`` for the mailbox ``address``; connects with the first use, not now.

    ``keeper`` keeps the sync state, ``login_keeper`` a refused login (default: files under ``var/``).
    Raises ValueError with the list of all errors of the table.
    """
    config = Config.from_table(given, home)
    if "@" not in address:
        raise ValueError(["address: hãy ghi địa chỉ của hộp thư chung trong [mailbox]."])
    login = Login(config.user, config.password, read_again=lambda: config.password)
    lockout = Lockout(config.endpoint, login, login_keeper or FileState(home / "var" / "ews-login.state"), clock)
    return Ews(config, address, login, lockout, keeper or FileState(home / "var" / "ews-sync.state"), clock)


def _expiry(config: Config, today: dt.date) -> Finding:
    what = f"Mật khẩu của {config.user}"
    return expiry.finding(what, config.expires, today, config.warn_days, "hãy đổi mật khẩu")


class Ews:
    """The mailbox ``address`` on one Exchange server."""

    def __init__(
        self,
        config: Config,
        address: str,
        login: Login,
        lockout: Lockout,
        keeper: StateKeeper,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self._config = config
        endpoint = Endpoint(
            config.endpoint, address, config.access, config.auth, config.ca_file, config.timeout,
            config.reuse_sessions, config.version, config.timezone,
        )  # fmt: skip
        self._owner = f"{config.endpoint} {address}"
        self._keeper = keeper
        self._memory: ews_memory.Memory | None = None
        self._link = Link(endpoint, login, lockout)
        self._ear = Link(endpoint, login, lockout)
        self._clock = clock
        self._taken: Any = None
        self._told = False  # whether changed() has told everything that this process has to know
        self._stream: Any = None
        self._foresight = Foresight(partial(_expiry, config), clock)
        self._bell = Bell("ews-streaming", self._listen, self._interrupt) if config.streaming else None

    sent_is_proof = False  # a server may send and lose the copy, or keep a copy of what it did not send

    # -- reading ---------------------------------------------------------------------------------------------------

    def fetch(self, skip: Callable[[str], bool] = nothing) -> Iterator[Incoming]:
        """Bring the list of the inbox up to date by sync, then read item by item; see ``Mailbox.fetch``."""
        with self._link.talk() as account:
            memory = self._look(account)
        unreadable: list[str] = []
        for identifier, lying in memory.waiting(self._config.since, self._clock().tzinfo):
            if skip(identifier):
                continue
            mail = self._read(identifier, lying, unreadable)
            if mail is not None:
                yield mail
        if unreadable:
            raise TryLater(
                f"Máy chủ Exchange không cho đọc {len(unreadable)} thư trong hộp đến ({'; '.join(unreadable[:3])}). Hãy "
                "mở các thư này bằng Outlook; chương trình sẽ tự thử lại."
            )

    def _look(self, account: Any) -> ews_memory.Memory:
        memory = self._memory = self._memory or ews_memory.load(self._keeper, self._owner)
        before = memory.states.get("inbox")
        changes, state = self._changes(account.inbox, before)
        if state is None:  # the server does not know the state: everything lying there is told once more
            changes, state = self._changes(account.inbox, None)
            before = None
        if before is None:
            memory.lying.clear()
        for what, item in changes:
            if what == "create" or (what == "update" and item.id in memory.lying):
                received = aware(item.datetime_received) or aware(item.datetime_created)
                memory.add(item.id, received, int(item.size or 0))
            elif what == "delete":
                memory.lying.pop(item.id, None)
        if state != before:
            memory.states["inbox"] = state or ""
            ews_memory.save(self._keeper, self._owner, memory)
        return memory

    @staticmethod
    def _changes(folder: Any, state: str | None) -> tuple[list[tuple[str, Any]], str | None]:
        """Return the folder's changes since ``state`` and the new state, which is None where ``state`` is unknown."""
        folder.item_sync_state = state
        fields = ("datetime_received", "datetime_created", "size")
        try:
            changes = list(
                folder.sync_items(sync_state=state, only_fields=fields, max_changes_returned=_CHANGES_A_CALL)
            )
        except ews_errors.ErrorInvalidSyncStateData:
            return [], None
        return changes, str(folder.item_sync_state)

    def _read(self, identifier: str, lying: ews_memory.Lying, unreadable: list[str]) -> Incoming | None:
        """Return the mail, None where it is gone or the server cannot give it."""
        oversized = lying.size > self._config.max_bytes
        with self._link.talk() as account:
            item = self._item(account, identifier, ews_items.HEAD_FIELDS if oversized else ews_items.READ_FIELDS)
        if isinstance(item, _GONE):
            return None  # the next sync says so too, and only that takes it off the list
        if isinstance(item, Exception):
            unreadable.append(brief(item)[:100])
            return None
        oversized = oversized or not item.mime_content or len(item.mime_content) > self._config.max_bytes
        raw = ews_items.head(item) if oversized else ews_items.whole(item)
        received = aware(item.datetime_received) or aware(item.datetime_created) or lying.received
        return Incoming(identifier, raw, max(int(item.size or 0), lying.size, len(raw)), received, oversized)

    def _item(self, account: Any, identifier: str, fields: tuple[str, ...]) -> Any:
        """Return one item, or the server's error about it as a value.

        An answer for another item than the one asked for comes from a connection out of step: it is asked again on a
        new one, whose first answer can only be ours.
        """
        for fresh in (False, True):
            if fresh:
                self._link.refresh()
            try:
                item = next(iter(account.fetch(ids=[ItemId(id=identifier)], only_fields=fields)))
            except _ABOUT_THE_ITEM as error:
                return error
            if isinstance(item, Exception) or item.id == identifier:
                break
        if isinstance(item, Exception) and not isinstance(item, _ABOUT_THE_ITEM):
            raise item
        return item

    def file_away(self, key: str) -> None:
        """Move the item into the folder of taken mails; see ``Mailbox.file_away``."""
        with self._link.talk() as account:
            try:
                answer = self._move(account, key)
            except _FOLDER_GONE:
                self._taken = None  # staff removed the folder: make it again
                answer = self._move(account, key)
            error = answer[0] if answer and isinstance(answer[0], Exception) else None
            if error is not None and not isinstance(error, _GONE):
                raise error
        if self._memory is not None and error is None:
            self._memory.lying.pop(key, None)

    def _move(self, account: Any, key: str) -> list[Any]:
        try:
            answer = list(account.bulk_move(ids=[ItemId(id=key)], to_folder=self._taken_folder(account)))
        except _GONE as error:
            return [error]
        if answer and isinstance(answer[0], _FOLDER_GONE):
            raise answer[0]
        return answer

    def _taken_folder(self, account: Any) -> Any:
        if self._taken is None or self._taken.account is not account:
            top = account.msg_folder_root
            name = self._config.taken_folder
            found = FolderCollection(account=account, folders=[top]).find_folders(q=Q(name=name), depth="Shallow")
            self._taken = next(iter(found), None) or Folder(parent=top, name=name).save()
        return self._taken

    # -- writing ---------------------------------------------------------------------------------------------------

    def send(self, raw: bytes) -> str | None:
        """Send by one CreateItem that also keeps the copy, then look at that copy; see ``Mailbox.send``."""
        message_id = envelope.message_id(raw) or ""
        recipients_of(raw)
        with self._link.talk() as account:
            if message_id and self._exact(account, Where.SENT, account.sent, message_id):
                return None
        with self._link.talk(sending=self._doubt) as account:
            self._create(account, account.sent, raw, SEND_AND_SAVE_COPY)
        return self._prove(raw, message_id)

    @staticmethod
    def _create(account: Any, folder: Any, raw: bytes, disposition: str) -> Any:
        item = Message(account=account, folder=folder, mime_content=raw, motcua_key=envelope.message_id(raw) or "-")
        answers = ews_items.CreateOnce(account=account).call(
            items=[item], folder=folder, message_disposition=disposition, send_meeting_invitations=SEND_TO_NONE
        )
        answer = next(iter(list(answers)), None)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _doubt(self, error: Exception) -> Trouble:
        """Judge an error after a sending: a clear refusal, or doubt (Exchange gives no exactly-once)."""
        if isinstance(error, _REFUSED):
            return Refused(
                f"Máy chủ Exchange không nhận thư ({type(error).__name__}: {brief(error)}); thư chưa đi. Hãy sửa lại rồi gửi."
            )
        return Doubt(
            f"Không rõ thư đã đi hay chưa: máy chủ Exchange báo lỗi khi gửi ({type(error).__name__}: {brief(error)[:150]}). "
            "Hãy xem mục Thư đã gửi và Bản nháp, hoặc hỏi người nhận, trước khi gửi lại."
        )

    def _prove(self, raw: bytes, message_id: str) -> str | None:
        """Read the copy in Sent again and say what it lacks; the mail has gone out whatever comes of this."""
        if not message_id:
            return None
        try:
            for pause in _LOOKS_FOR_THE_COPY:
                time.sleep(pause)
                with self._link.talk() as account:
                    copies = self._exact(account, Where.SENT, account.sent, message_id)
                if copies:
                    lacking = exchange_mime.missing_in_copy(raw, copies[0].raw)
                    if not lacking:
                        return None
                    return f"Thư đã gửi đi nhưng bản trong Thư đã gửi thiếu: {', '.join(lacking)}. Hãy kiểm tra với người nhận."
        except Trouble as trouble:
            return f"Thư đã gửi đi nhưng chưa xem lại được bản trong Thư đã gửi: {trouble}"
        return "Thư đã gửi đi nhưng không thấy bản sao trong Thư đã gửi; hãy kiểm tra với người nhận."

    def save_draft(self, raw: bytes) -> str:
        """Create the mail in Drafts from our own MIME; the key is the item's id."""
        with self._link.talk() as account:
            made = self._create(account, account.drafts, raw, SAVE_ONLY)
        return str(made.id)

    def remove_draft(self, key: str) -> None:
        """Move the draft to Deleted Items; harmless if it is gone or no longer in Drafts (ids stay as it is sent)."""
        with self._link.talk() as account:
            item = self._item(account, key, ("parent_folder_id",))
            if isinstance(item, _GONE) or (
                not isinstance(item, Exception) and item.parent_folder_id.id != account.drafts.id
            ):
                return
            if isinstance(item, Exception):
                raise item
            answer = account.bulk_delete(ids=[ItemId(id=key)], delete_type=MOVE_TO_DELETED_ITEMS)
            if answer and isinstance(answer[0], Exception) and not isinstance(answer[0], _GONE):
                raise answer[0]

    # -- finding again ---------------------------------------------------------------------------------------------

    def find(self, message_id: str, token: str | None = None) -> tuple[Found, ...]:
        """Ask Sent and Drafts by our mark, the Message-ID, then the subject; see ``Mailbox.find``."""
        told, self._told = self._told, False  # unless this look succeeds, the next changed() says True
        found = self._find(envelope.bare_id(message_id), token)
        self._told = told
        return found

    def _find(self, wanted: str, token: str | None) -> tuple[Found, ...]:
        with self._link.talk() as account:
            places = ((Where.SENT, account.sent), (Where.DRAFTS, account.drafts))
            exact = [one for where, folder in places for one in self._exact(account, where, folder, wanted)]
            if token is None or any(found.where is Where.SENT for found in exact):
                return tuple(exact)
            seen = {found.key for found in exact}
            loose = []
            for where, folder in places:
                ids = [one for one in self._ids_of(folder, subject__contains=token) if one not in seen]
                loose += self._found(account, where, ids, lambda _, raw: token in envelope.subject(raw), exact=False)
            return (*exact, *loose)

    def _exact(self, account: Any, where: Where, folder: Any, message_id: str) -> list[Found]:
        """Return the items with our mark of that Message-ID, else with the Message-ID itself; each is looked at."""
        ids = self._ids_of(folder, motcua_key=message_id) or self._ids_of(folder, message_id=f"<{message_id}>")
        return self._found(account, where, ids, lambda item, raw: ews_items.is_ours(item, raw, message_id), exact=True)

    @staticmethod
    def _ids_of(folder: Any, **condition: str) -> list[str]:
        return list(folder.filter(**condition).values_list("id", flat=True))

    def _found(
        self, account: Any, where: Where, ids: list[str], fits: Callable[[Any, bytes], bool], *, exact: bool
    ) -> list[Found]:
        found = []
        for identifier in ids:
            item = self._item(account, identifier, (*ews_items.READ_FIELDS, "datetime_sent"))
            if isinstance(item, _GONE):
                continue
            if isinstance(item, Exception):
                raise item
            raw = ews_items.whole(item) if item.mime_content else ews_items.head(item)
            at = aware(item.datetime_sent if where is Where.SENT else None) or aware(item.datetime_created)
            if fits(item, raw):
                found.append(Found(where, identifier, raw, at, exact))
        return sorted(found, key=lambda one: one.at or dt.datetime.min.replace(tzinfo=dt.UTC))

    def changed(self) -> bool:
        """Ask Sent and Drafts for their changes since the last call, by a sync state of each."""
        with self._link.talk() as account:
            memory = self._memory = self._memory or ews_memory.load(self._keeper, self._owner)
            news = not self._told
            for name, folder in (("sent", account.sent), ("drafts", account.drafts)):
                before = memory.states.get(name)
                changes, state = self._changes(folder, before)
                if state is None:
                    changes, state = self._changes(folder, None)
                news = news or before is None or bool(changes)
                memory.states[name] = state or ""
            if news:
                ews_memory.save(self._keeper, self._owner, memory)
            self._told = True
        return news

    # -- news ------------------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> bool:
        """Wait for a streaming notification on a connection of its own; without streaming, just wait."""
        if self._bell is None:
            time.sleep(max(0.0, seconds))
            return False
        return self._bell.wait(seconds)

    def _listen(self, ring: Callable[[], None], stopping: Callable[[], bool]) -> None:
        """Subscribe and stream until told to stop; raises when the stream is no good."""
        try:
            with self._ear.talk() as account:
                subscription = account.inbox.subscribe_to_streaming(
                    event_types=("NewMailEvent", "CreatedEvent", "MovedEvent")
                )
                self._stream = GetStreamingEvents(account=account)
                ring()  # what came before the subscription is told by nobody
                while not stopping():
                    for _ in self._stream.call(subscription_ids=[subscription], connection_timeout=5):
                        ring()
        finally:
            self._stream = None
            self._ear.close()

    def _interrupt(self) -> None:
        """Break the stream off from outside its thread."""
        response = getattr(self._stream, "_streaming_response", None)
        if response is not None:
            try:
                response.raw.shutdown()
            except (AttributeError, OSError, RuntimeError, ValueError):
                _log.debug("the stream was over already")

    # -- check -----------------------------------------------------------------------------------------------------

    def warnings(self) -> list[str]:
        """Return what will stop the mailbox soon: a password about to expire."""
        return self._foresight.warnings()

    def check(self) -> list[Finding]:
        """Log in even while a refusal is remembered; show folders and rights, write a draft, compare clocks."""
        findings = ews_check.entry(self._link, self._config.endpoint, self._taken_folder)
        if findings[0].well:
            findings.append(ews_check.draft(self._link, self.save_draft, self._item))
        return [*findings, self._foresight.now()]

    def close(self) -> None:
        """Stop listening and close the connections; the next use makes new ones."""
        if self._bell is not None:
            self._bell.close()
        self._link.close()
        self._taken = None
