"""Writing through Graph: a draft from our own MIME, its large files, our mark; then, for a mail, the sending.

A mail is laid into Drafts first and sent by its immutable id, which stays the same in Sent: whatever answer was lost,
the id tells where the mail is. What an interrupted attempt leaves in Drafts carries no mark, or one that says so, and
the next attempt takes it away.
"""

import base64
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from daemon.desk.trouble import Refused, Trouble, TryLater
from daemon.mailbox import envelope, exchange_mime, graph_items
from daemon.mailbox.base import Doubt, NoEntry
from daemon.mailbox.graph_link import Answered, Link, Lost, Paused

_log = logging.getLogger(__name__)
_CHUNK = 10 * 327_680  # bytes of a range; the service wants less than four megabytes
_WRONG = ("ErrorSendAsDenied",)
_PASSING = (401, 404, 408, 409, 412, 423, 425, 429)  # of 4xx: not the mail's fault
_PROVABLE = 150_000_000  # bytes of a copy that is read back

Folder = Callable[[str], str]


class Writer:
    """Writes into one mailbox; ``folder`` returns the id of a well-known folder, ``looks`` the seconds before each look
    for the copy after a sending."""

    def __init__(self, link: Link, folder: Folder, looks: tuple[float, ...]) -> None:
        self._link = link
        self._folder = folder
        self._looks = looks

    # -- drafts ----------------------------------------------------------------------------------------------------

    def lay(self, raw: bytes, *, sending: bool) -> str:
        """Put the whole mail into Drafts with our mark; return its id. Raises Refused where it will never be taken.

        After any trouble nothing in Drafts counts as ours: the mark comes last.
        """
        message_id = envelope.message_id(raw) or ""
        slim, files = graph_items.split(raw)
        if message_id:
            self.sweep(message_id)
        try:
            identifier = self._created(slim)
        except Answered as error:
            raise _refusal(error) or error from error
        try:
            for file in files:
                self._attach(identifier, file)
            if message_id:
                change = graph_items.mark(message_id, sending=sending)
                self._link.ask("PATCH", graph_items.path_of(identifier), json=change)
        except Answered as error:
            refusal = _refusal(error)
            if refusal is not None:  # no further attempt would take it away
                self._discard(identifier)
            raise refusal or error from error
        return identifier

    def _created(self, slim: bytes) -> str:
        made = self._link.post("/messages", data=base64.b64encode(slim), headers={"Content-Type": "text/plain"})
        identifier = str(made.get("id") or "")
        if not identifier:
            raise Lost("Exchange Online không cho biết bản nháp vừa ghi ở đâu; sẽ tự thử lại.", True)
        return identifier

    def _attach(self, identifier: str, file: graph_items.Enclosed) -> None:
        path = f"{graph_items.path_of(identifier)}/attachments"
        size = len(file.content)
        if size <= graph_items.MOST_POSTED:
            self._link.post(path, json=graph_items.posted(file))
            return
        item = {"attachmentType": "file", "name": file.name, "size": size, "contentType": file.content_type}
        session = self._link.post(f"{path}/createUploadSession", json={"AttachmentItem": item})
        url = str(session.get("uploadUrl") or "")
        for start in range(0, size, _CHUNK):
            chunk = file.content[start : start + _CHUNK]
            span = f"bytes {start}-{start + len(chunk) - 1}/{size}"
            self._link.put(url, chunk, {"Content-Type": "application/octet-stream", "Content-Range": span})

    def sweep(self, message_id: str) -> None:
        """Take away what interrupted attempts at this mail left in Drafts."""
        for item in self._leftovers(message_id):
            self.remove(str(item["id"]))

    def _leftovers(self, message_id: str) -> list[dict[str, Any]]:
        wanted = {"select": graph_items.SELECT_FOUND, "expand": graph_items.EXPAND_MARK}
        found: dict[str, dict[str, Any]] = {}
        for condition in (graph_items.named(message_id), graph_items.marked(message_id)):
            for item in self._link.listed("/mailFolders/drafts/messages", filter=condition, **wanted):
                found[str(item["id"])] = item
        return [item for item in found.values() if is_leftover(item)]

    def remove(self, identifier: str) -> None:
        """Move a draft to Deleted Items; harmless if it is gone or no longer in Drafts (its id stays as it is sent)."""
        if self.where(identifier) != self._folder("drafts"):
            return
        try:
            self._link.ask("DELETE", graph_items.path_of(identifier))
        except Answered as error:
            if error.status not in (404, 410):
                raise

    def where(self, identifier: str) -> str:
        """Return the id of the folder where the message lies, empty where it is gone."""
        try:
            return str(self._link.get(graph_items.path_of(identifier), select="parentFolderId").get("parentFolderId"))
        except Answered as error:
            if error.status in (404, 410) or error.code == "ErrorInvalidIdMalformed":
                return ""
            raise

    # -- sending ---------------------------------------------------------------------------------------------------

    def send(self, raw: bytes) -> str | None:
        """Send once and read the copy in Sent back; return None or a warning. Raises as ``Mailbox.send``."""
        self._folder("sentitems")  # asked now, so that after an unclear answer one question is enough
        identifier = self.lay(raw, sending=True)
        try:
            answer = self._link.ask("POST", f"{graph_items.path_of(identifier)}/send", once=True)
            if answer.status_code != 202:
                raise Lost(f"Exchange Online trả lời {answer.status_code} khi gửi; sẽ xem lại.", True)
        except TryLater as error:
            self._judge(identifier, error)
        return self._prove(raw, identifier)

    def _judge(self, identifier: str, error: TryLater) -> None:
        """Return where the mail went out all the same; raise what is known of it otherwise."""
        if _surely_not(error):
            if not isinstance(error, NoEntry | Paused) and getattr(error, "status", 0) not in (429, 503):
                self._discard(identifier)
            raise (_refusal(error) if isinstance(error, Answered) else None) or error
        if self._in_sent(identifier):
            return
        raise Doubt(
            f"Không rõ thư đã đi hay chưa: {error} Hãy xem mục Thư đã gửi và Bản nháp, hoặc hỏi người nhận, trước khi "
            "gửi lại."
        ) from error

    def _discard(self, identifier: str) -> None:
        try:
            self.remove(identifier)
        except Trouble as trouble:
            _log.info("a draft that was not sent stays until the next attempt: %s", trouble)

    def _in_sent(self, identifier: str) -> bool:
        for pause in self._looks:
            time.sleep(pause)
            try:
                if self.where(identifier) == self._folder("sentitems"):
                    return True
            except Trouble as trouble:
                _log.info("could not look for the copy: %s", trouble)
        return False

    def _prove(self, raw: bytes, identifier: str) -> str | None:
        """Read the copy in Sent and say what it lacks; the mail has gone out whatever comes of this."""
        if not self._in_sent(identifier):
            return "Thư đã gửi đi nhưng chưa thấy bản sao trong Thư đã gửi; hãy kiểm tra với người nhận."
        try:
            copy = self._link.content(f"{graph_items.path_of(identifier)}/$value", _PROVABLE)
        except Trouble as trouble:
            return f"Thư đã gửi đi nhưng chưa xem lại được bản trong Thư đã gửi: {trouble}"
        lacking = exchange_mime.missing_in_copy(raw, copy)
        if not lacking:
            return None
        return f"Thư đã gửi đi nhưng bản trong Thư đã gửi thiếu: {', '.join(lacking)}. Hãy kiểm tra với người nhận."


def is_leftover(item: Mapping[str, Any]) -> bool:
    """Say whether a message in Drafts with a Message-ID of ours is what an interrupted attempt left there."""
    marked, sending = graph_items.mark_of(item)
    return sending or not marked


def _surely_not(error: TryLater) -> bool:
    """Say whether the sending was surely not carried out: not connected, throttled, or refused by its own answer."""
    if isinstance(error, Lost):
        return not error.reached
    if isinstance(error, Answered):
        # 404 may mean that somebody sent or removed the draft meanwhile, 408 that the service lost patience with itself
        known = 400 <= error.status < 500 and error.status not in (404, 408)
        return known or (error.status == 503 and error.pause is not None)
    return isinstance(error, Paused | NoEntry)


def _refusal(error: Answered) -> Refused | None:
    """Return the refusal that an answer is, None where the same mail may be taken later."""
    if not 400 <= error.status < 500 or (error.status in _PASSING and error.code not in _WRONG):
        return None
    return Refused(
        f"Exchange Online không nhận thư ({error.status} {error.code}); thư chưa đi. Hãy sửa lại rồi gửi. {error}"
    )
