"""Graph's messages and mail bytes: our mark, the fields we ask for, and files too large to go within the MIME."""

import base64
import datetime as dt
import email
import email.policy
import io
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.generator import BytesGenerator
from email.message import Message
from typing import Any

from daemon.desk.trouble import Refused
from daemon.mailbox import envelope, exchange_mime

# The service takes four megabytes a request; MIME goes there in base64, and users have met lower bounds.
MOST_MIME = 2_000_000
MOST_POSTED = 2_900_000  # bytes of a file posted at once; larger ones need an upload session
MOST_FILES = 145_000_000  # bytes of all files; the service ends at 150 MB
MARK = "String {5b0d0c9e-6a43-4d1c-9a52-6d6f74637561} Name motcua-message-id"
_SIZE, _CLASS = "Integer 0xe08", "String 0x1a"  # PR_MESSAGE_SIZE, PR_MESSAGE_CLASS
_SENDING = "sending "


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file taken out of a mail to be attached on its own."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


def path_of(identifier: str) -> str:
    """Return the path of a message below the mailbox."""
    return f"/messages/{urllib.parse.quote(identifier, safe='')}"


def quoted(text: str) -> str:
    """Return a string literal of a ``$filter``."""
    return "'" + text.replace("'", "''") + "'"


# -- our mark ----------------------------------------------------------------------------------------------------------


def mark(message_id: str, *, sending: bool) -> dict[str, Any]:
    """Return the change that puts our mark on a message.

    Laid last, it also says that a draft is whole; ``sending`` tells a mail on its way from a draft for a person.
    """
    value = (_SENDING if sending else "") + message_id
    return {"singleValueExtendedProperties": [{"id": MARK, "value": value}]}


def marked(message_id: str) -> str:
    """Return the ``$filter`` for messages with our mark of that Message-ID."""
    return (
        f"singleValueExtendedProperties/Any(ep: ep/id eq {quoted(MARK)} and contains(ep/value, {quoted(message_id)}))"
    )


def named(message_id: str) -> str:
    """Return the ``$filter`` for messages with that Message-ID."""
    return f"internetMessageId eq {quoted(f'<{message_id}>')}"


def mark_of(item: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the Message-ID of our mark, empty without one, and whether it was on its way."""
    value = _properties(item).get(_normal(MARK), "")
    return value.removeprefix(_SENDING), value.startswith(_SENDING)


def expanded(*properties: str) -> str:
    """Return the ``$expand`` that brings these extended properties along."""
    wanted = " or ".join(f"id eq {quoted(each)}" for each in properties)
    return f"singleValueExtendedProperties($filter={wanted})"


EXPAND_MARK = expanded(MARK)
EXPAND_READ = expanded(_SIZE, _CLASS)
SELECT_READ = "id,parentFolderId,receivedDateTime,createdDateTime,subject,internetMessageHeaders"
SELECT_FOUND = "id,parentFolderId,internetMessageId,createdDateTime,sentDateTime"


def _properties(item: Mapping[str, Any]) -> dict[str, str]:
    listed = item.get("singleValueExtendedProperties") or []
    return {_normal(str(each.get("id", ""))): str(each.get("value", "")) for each in listed}


def _normal(identifier: str) -> str:
    """Return a property's id whatever the case and leading zeros the service gives it back with."""
    kind, _, tag = identifier.strip().lower().partition(" ")
    return f"{kind} {int(tag, 16):#x}" if tag.startswith("0x") else f"{kind} {tag}"


# -- what an item says -------------------------------------------------------------------------------------------------


def size_of(item: Mapping[str, Any]) -> int:
    """Return the size that the service keeps of the message, 0 where it does not say."""
    said = _properties(item).get(_normal(_SIZE), "")
    return int(said) if said.isdigit() else 0


def moment(item: Mapping[str, Any], *names: str) -> dt.datetime | None:
    """Return the first of the named times that is there, aware."""
    for name in names:
        try:
            found = dt.datetime.fromisoformat(str(item.get(name) or ""))
        except ValueError:
            continue
        if found.tzinfo is not None:
            return found.astimezone(dt.UTC)
    return None


def whole(raw: bytes, item: Mapping[str, Any]) -> bytes:
    """Return the MIME with the header fields put back that the service left out of it."""
    return exchange_mime.whole(raw, _headers(item), _properties(item).get(_normal(_CLASS), ""))


def head(raw: bytes, item: Mapping[str, Any]) -> bytes:
    """Return the header block of a mail of which ``raw`` is the beginning, or nothing."""
    pairs = _headers(item)
    if pairs:
        return exchange_mime.block(pairs) + b"\r\n"
    return envelope.header_block(raw) or exchange_mime.block([("Subject", str(item.get("subject") or ""))]) + b"\r\n"


def _headers(item: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    listed = item.get("internetMessageHeaders") or []
    return [(str(each.get("name") or ""), each.get("value")) for each in listed if isinstance(each, dict)]


# -- large mails -------------------------------------------------------------------------------------------------------


def split(raw: bytes, most_files: int = MOST_FILES) -> tuple[bytes, list[Enclosed]]:
    """Return a MIME that one request can carry, and the files that have to be attached on their own.

    A mail that is small enough stays as it is, byte for byte. Raises Refused where it cannot be made small enough.
    """
    if len(raw) <= MOST_MIME:
        return raw, []
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    taken: list[Enclosed] = []
    left = len(raw)
    for part, content in sorted(_files(message), key=lambda one: -len(one[1])):
        if left <= MOST_MIME:
            break
        left -= len(content)  # less than what it takes in base64: rather one file more is taken out
        message.get_payload().remove(part)  # type: ignore[union-attr]
        name = envelope.decoded((part.get_filename() or "").encode("utf-8", "replace"))
        taken.append(Enclosed(name, part.get_content_type(), content))
    slim = _flat(message) if taken else raw
    if len(slim) > MOST_MIME or sum(len(one.content) for one in taken) > most_files:
        raise Refused(
            f"Thư quá lớn để gửi qua Exchange Online ({len(raw) / 1e6:.0f} MB, phần chữ {len(slim) / 1e6:.1f} MB); thư "
            "chưa đi. Hãy bớt tệp kèm rồi gửi lại."
        )
    return slim, taken


def _files(message: Message) -> Iterator[tuple[Message, bytes]]:
    """Yield what can be attached on its own: files directly in the outer multipart/mixed."""
    if message.get_content_type() != "multipart/mixed":
        return
    for part in list(message.get_payload()):
        content = part.get_payload(decode=True) if isinstance(part, Message) and part.get_filename() else None
        if isinstance(content, bytes):
            yield part, content


def _flat(message: Message) -> bytes:
    target = io.BytesIO()
    policy = email.policy.compat32.clone(linesep="\r\n", max_line_length=None)
    BytesGenerator(target, mangle_from_=False, policy=policy).flatten(message)
    return target.getvalue()


def posted(file: Enclosed) -> dict[str, str]:
    """Return the JSON of an attachment posted at once."""
    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": file.name,
        "contentType": file.content_type,
        "contentBytes": base64.b64encode(file.content).decode(),
    }
