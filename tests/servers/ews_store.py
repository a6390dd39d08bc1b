"""A mailbox as an EWS server keeps it: folders, items with their MIME, a journal of changes. Speaks no XML."""

import base64
import datetime as dt
import email
import email.policy
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.message import EmailMessage, Message

DISTINGUISHED = {
    "root": ("", "Root"),
    "msgfolderroot": ("root", "Top of Information Store"),
    "inbox": ("msgfolderroot", "Hộp thư đến"),
    "drafts": ("msgfolderroot", "Bản nháp"),
    "sentitems": ("msgfolderroot", "Thư đã gửi"),
    "deleteditems": ("msgfolderroot", "Thư đã xóa"),
}
# What gromox leaves out when it writes the MIME of a received mail anew; the headers property keeps it.
_DROPPED = ("auto-submitted", "received", "precedence", "return-path")


@dataclass
class Attachment:
    """An attachment added by CreateAttachment or found in the MIME."""

    id: str
    name: str
    content_type: str
    content: bytes


@dataclass
class Item:
    """One mail. ``raw`` is its MIME as it came; ``extended`` maps (property set, name or tag) to the value."""

    id: str
    changekey: str
    folder: str
    raw: bytes
    received: dt.datetime
    item_class: str = "IPM.Note"
    extended: dict[tuple[str, str], str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)  # what was set field by field
    is_read: bool = False
    categories: tuple[str, ...] = ()
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def message(self) -> Message:
        return email.message_from_bytes(self.raw, policy=email.policy.compat32)

    def header(self, name: str) -> str | None:
        """Return a header decoded, None without it."""
        value = email.message_from_bytes(self.raw, policy=email.policy.default).get(name)
        return None if value is None else str(value)


@dataclass
class Folder:
    id: str
    name: str
    parent: str
    distinguished: str = ""
    items: dict[str, Item] = field(default_factory=dict)


class Store:
    """The mailbox ``address``. ``rewrites`` makes it give mails back as gromox does: without some header fields."""

    def __init__(self, address: str, clock: Callable[[], dt.datetime], rewrites: bool = True) -> None:
        self.address = address
        self.rewrites = rewrites
        self._clock = clock
        self._count = itertools.count(1)
        self.folders = {name: Folder(name, title, parent, name) for name, (parent, title) in DISTINGUISHED.items()}
        self.journal: list[tuple[str, str, str]] = []  # folder, what, item id
        self.delivered: list[bytes] = []  # what really left

    # -- folders ---------------------------------------------------------------------------------------------------

    def folder(self, identifier: str) -> Folder | None:
        return self.folders.get(identifier)

    def create_folder(self, parent: str, name: str) -> Folder:
        made = Folder(f"folder{next(self._count)}", name, parent)
        self.folders[made.id] = made
        return made

    def children(self, parent: str, deep: bool) -> list[Folder]:
        found = [folder for folder in self.folders.values() if folder.parent == parent]
        return found + [below for folder in found for below in self.children(folder.id, deep)] if deep else found

    # -- items -----------------------------------------------------------------------------------------------------

    def add(self, folder: str, raw: bytes, **other: object) -> Item:
        """Put a mail into a folder."""
        number = next(self._count)
        item = Item(f"AAMk{number}=", f"ck{number}", folder, raw, self._clock(), **other)  # type: ignore[arg-type]
        item.attachments += [self._attachment(part) for part in item.message.walk() if part.get_filename()]
        self.folders[folder].items[item.id] = item
        self.journal.append((folder, "create", item.id))
        return item

    def _attachment(self, part: Message) -> Attachment:
        content = part.get_payload(decode=True)
        name = str(email.header.make_header(email.header.decode_header(part.get_filename() or "")))
        return Attachment(
            f"att{next(self._count)}", name, part.get_content_type(), content if isinstance(content, bytes) else b""
        )

    def attach(self, item: Item, name: str, content_type: str, content: bytes) -> Attachment:
        made = Attachment(f"att{next(self._count)}", name, content_type, content)
        item.attachments.append(made)
        self.touch(item)
        return made

    def item(self, identifier: str) -> Item | None:
        return next((f.items[identifier] for f in self.folders.values() if identifier in f.items), None)

    def attachment(self, identifier: str) -> Attachment | None:
        every = (a for f in self.folders.values() for item in f.items.values() for a in item.attachments)
        return next((a for a in every if a.id == identifier), None)

    def touch(self, item: Item) -> None:
        """Note a change of the item: a new change key."""
        item.changekey = f"ck{next(self._count)}"
        self.journal.append((item.folder, "update", item.id))

    def remove(self, item: Item) -> None:
        del self.folders[item.folder].items[item.id]
        self.journal.append((item.folder, "delete", item.id))

    def move(self, item: Item, folder: str) -> Item:
        """Move the item: it gets a new id."""
        self.remove(item)
        moved = replace(item, id=f"AAMk{next(self._count)}=", changekey=f"ck{next(self._count)}", folder=folder)
        self.folders[folder].items[moved.id] = moved
        self.journal.append((folder, "create", moved.id))
        return moved

    def send(self, raw: bytes) -> None:
        """Let the mail leave."""
        self.delivered.append(raw)

    # -- what a client sees ----------------------------------------------------------------------------------------

    def mime(self, item: Item) -> bytes:
        """Return the MIME as this server gives it back."""
        if not self.rewrites:
            return item.raw
        message = email.message_from_bytes(item.raw, policy=email.policy.compat32)
        for name in {key for key in set(message.keys()) if key.lower().startswith("x-") or key.lower() in _DROPPED}:
            del message[name]
        message["X-MimeOLE"] = "Produced By test"
        return message.as_bytes(policy=email.policy.SMTP.clone(linesep="\r\n")) if message.keys() else item.raw

    def changes(self, folder: str, state: int) -> list[tuple[int, str, str]]:
        """Return (position, what, item id) for each item that changed in the folder after ``state``."""
        news: dict[str, tuple[int, str]] = {}
        for position, (where, what, identifier) in enumerate(self.journal[state:], state + 1):
            if where == folder:
                before = news.get(identifier)
                news[identifier] = (
                    position,
                    "create" if before and before[1] == "create" and what == "update" else what,
                )
        here = self.folders[folder].items
        return sorted(
            (position, "delete" if identifier not in here else what, identifier)
            for identifier, (position, what) in news.items()
            if identifier in here or what == "delete"
        )


def from_fields(fields: dict[str, str], sender: str) -> bytes:
    """Return the MIME of a message that a client wrote field by field."""
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"] = fields.get("From", sender)
    for name in ("To", "Cc", "Subject", "In-Reply-To", "References", "Message-ID"):
        if fields.get(name):
            made[name] = fields[name]
    made.set_content(fields.get("Body", ""))
    return made.as_bytes()


def state_text(position: int) -> str:
    """Return a sync state as opaque as a real one."""
    return base64.b64encode(f"state:{position}".encode()).decode()


def state_position(text: str) -> int | None:
    """Return the position of a sync state, None where it is not one of ours."""
    try:
        word, _, number = base64.b64decode(text, validate=True).decode().partition(":")
        return int(number) if word == "state" else None
    except ValueError:
        return None
