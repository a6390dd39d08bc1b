"""The mailbox behind the Graph test server: as the EWS server's, with ids that stay as an item moves."""

import base64
import datetime as dt
import email
import email.policy
from dataclasses import dataclass
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from typing import Any

from tests.servers.ews_store import DISTINGUISHED, Item, Store


@dataclass
class Upload:
    """An upload session: the draft it belongs to, what the file is to be, what has come so far."""

    item: str
    name: str
    content_type: str
    size: int
    content: bytes = b""


class GraphStore(Store):
    """``Store`` with immutable ids, drafts that take further files, and the JSON of its items."""

    def move(self, item: Item, folder: str) -> Item:
        """Move the item: it keeps its id."""
        self.remove(item)
        item.folder = folder
        self.folders[folder].items[item.id] = item
        self.journal.append((folder, "create", item.id))
        return item

    def folder_id(self, name: str) -> str:
        """Return the id of a folder named by its id or well-known name; opaque, and never the well-known name."""
        return f"AQMkF-{name}=" if name in DISTINGUISHED else name

    def folder_of(self, name: str) -> str | None:
        """Return the key of a folder named by id or well-known name."""
        if name.startswith("AQMkF-"):
            name = name[6:-1]
        return name if name in self.folders else None

    def enclose(self, item: Item, name: str, content_type: str, content: bytes) -> None:
        """Add a file to a draft's MIME."""
        message = email.message_from_bytes(item.raw, policy=email.policy.compat32)
        if not message.is_multipart():
            outer = MIMEMultipart("mixed")
            inner = email.message_from_bytes(item.raw, policy=email.policy.compat32)
            for key, value in message.items():
                if not key.lower().startswith("content-") and key.lower() != "mime-version":
                    outer[key] = value
                    del inner[key]
            outer.attach(inner)
            message = outer
        part = MIMEBase(*content_type.partition("/")[::2])
        part.set_payload(base64.encodebytes(content).decode())
        part["Content-Transfer-Encoding"] = "base64"
        part.add_header("Content-Disposition", "attachment", filename=name)
        message.attach(part)
        item.raw = message.as_bytes(policy=email.policy.SMTP.clone(max_line_length=None))
        self.touch(item)

    def json(self, item: Item, select: set[str], properties: list[str], immutable: bool) -> dict[str, Any]:
        """Return the item as Graph tells it."""
        when = item.received.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        head = email.message_from_bytes(item.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", policy=email.policy.default)
        every: dict[str, Any] = {
            "parentFolderId": self.folder_id(item.folder),
            "receivedDateTime": when,
            "createdDateTime": when,
            "sentDateTime": when,
            "subject": str(head["Subject"] or ""),
            "internetMessageId": str(head["Message-ID"] or "").strip() or f"<{item.id}@made.example>",
            "isDraft": item.folder == "drafts",
            "internetMessageHeaders": [
                {"name": name, "value": "".join(str(value).splitlines())} for name, value in head.raw_items()
            ],
        }
        told = {
            name: value for name, value in every.items() if name in select or (not select and "Headers" not in name)
        }
        told["id"] = item.id if immutable else f"{item.folder}-{item.id}"
        told["@odata.etag"] = f'W/"{item.changekey}"'
        if properties:
            told["singleValueExtendedProperties"] = [
                {"id": name, "value": value} for name in properties if (value := self.extended(item, name)) is not None
            ]
        return told

    def extended(self, item: Item, name: str) -> str | None:
        """Return an extended property by Graph's name for it."""
        if name.lower() == "integer 0xe08":
            return str(len(item.raw) + 700)
        if name.lower() == "string 0x1a":
            return item.item_class
        return item.extended.get(("graph", name))
