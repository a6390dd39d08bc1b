"""Exchange items and mail bytes: our mark on what we write, the full header of what we read."""

from typing import Any

from exchangelib import Message
from exchangelib.extended_properties import ExtendedProperty
from exchangelib.services import CreateItem

from daemon.mailbox import envelope, exchange_mime

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
    """Return the item's MIME with every header field that the server left out of it put in front."""
    pairs = [(header.name, header.value) for header in item.headers or []]
    return exchange_mime.whole(bytes(item.mime_content), pairs, str(item.item_class or ""))


def head(item: Any) -> bytes:
    """Return the item's header block made of its headers, or of its subject where it has none."""
    pairs = [(header.name, header.value) for header in item.headers or []]
    return exchange_mime.block(pairs or [("Subject", item.subject or "")]) + b"\r\n"
