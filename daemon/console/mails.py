"""The mail of an item, out of its original bytes."""

from daemon.desk.message import Message
from daemon.mailbox.message import parse, read_msg
from daemon.office.parts import Parts
from daemon.store.store import Item


def mail_of(parts: Parts, item: Item) -> Message:
    """Return the mail. Raises OSError where the original was erased."""
    data = parts.store.originals.read(item.digest)
    return read_msg(data) if item.source == "msg" else parse(data)
