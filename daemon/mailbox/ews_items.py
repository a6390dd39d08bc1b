"""Exchange items and mail bytes: our mark on what we write, the full header of what we read, what a Sent copy proves."""

import email
import email.policy
import hashlib
from collections.abc import Iterable
from typing import Any

from exchangelib import Message
from exchangelib.extended_properties import ExtendedProperty
from exchangelib.services import CreateItem

from daemon.mailbox import envelope

READ_FIELDS = ("mime_content", "headers", "motcua_key", "item_class", "size", "datetime_received", "datetime_created")
HEAD_FIELDS = ("headers", "subject", "item_class", "size", "datetime_received", "datetime_created")


class MotcuaKey(ExtendedProperty):
    """The Message-ID we drew, kept on the item: it survives a person's editing, a move and a server's rewriting."""

    property_set_id = "5b0d0c9e-6a43-4d1c-9a52-6d6f74637561"
    property_name = "motcua-message-id"
    property_type = "String"


if not any(field.name == "motcua_key" for field in Message.FIELDS):
    Message.register("motcua_key", MotcuaKey)


def is_ours(item: Any, raw: bytes, message_id: str) -> bool:
    """Say whether an item carries that Message-ID (without brackets), as our mark or in its header."""
    return message_id in (item.motcua_key, envelope.message_id(raw))


class CreateOnce(CreateItem):
    """CreateItem that is posted once: exchangelib posts again in another schema version where one is refused."""

    def _api_versions_to_try(self) -> tuple[str, ...]:
        return tuple(super()._api_versions_to_try())[:1]


def whole(item: Any) -> bytes:
    """Return the item's MIME with every header field that the server left out of it put in front.

    Servers write MIME anew and lose fields on the way (Auto-Submitted among them), while the item's headers are
    complete. A report (a bounce) whose fields are all lost is still marked as automatic.
    """
    raw = bytes(item.mime_content)
    there = {name for name, _ in envelope.fields(raw)}
    pairs = [(header.name, header.value) for header in item.headers or [] if header.name.lower() not in there]
    marked = "auto-submitted" in there | {name.lower() for name, _ in pairs}
    if str(item.item_class or "").upper().startswith("REPORT.") and not marked:
        pairs.append(("Auto-Submitted", f"auto-generated ({item.item_class})"))
    return _block(pairs) + raw


def head(item: Any) -> bytes:
    """Return the item's header block made of its headers, or of its subject where it has none."""
    pairs = [(header.name, header.value) for header in item.headers or []]
    return _block(pairs or [("Subject", item.subject or "")]) + b"\r\n"


def _block(pairs: Iterable[tuple[str, str | None]]) -> bytes:
    lines = []
    for name, value in pairs:
        if name and name.isascii() and name.isprintable() and ":" not in name and " " not in name:
            lines.append(f"{name}: {' '.join((value or '').split())}\r\n")
    return "".join(lines).encode("utf-8", "replace")


def missing_in_copy(sent: bytes, copy: bytes) -> list[str]:
    """Return in Vietnamese what the copy lacks of the mail that we sent: recipients, attachments by their hash."""
    lacking = []
    for name in ("to", "cc"):
        gone = {a.lower() for a in envelope.addresses(sent, name)} - {a.lower() for a in envelope.addresses(copy, name)}
        lacking += [f"người nhận {address}" for address in sorted(gone)]
    there = set(_attachments(copy).values())
    lacking += [f"tệp {name}" for name, digest in _attachments(sent).items() if digest not in there]
    return lacking


def _attachments(raw: bytes) -> dict[str, str]:
    """Return the SHA-256 of each attached file by its name."""
    found = {}
    for number, part in enumerate(email.message_from_bytes(raw, policy=email.policy.compat32).walk()):
        name = part.get_filename()
        if name:
            content = part.get_payload(decode=True)
            body = content if isinstance(content, bytes) else b""
            found[f"{envelope.decoded(name.encode('utf-8', 'replace'))} ({number})"] = hashlib.sha256(body).hexdigest()
    return found
