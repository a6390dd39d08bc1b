"""A scanned file to its documents in one call, in this process. The daemon reads in a child (``child``) instead."""

from pathlib import Path

from daemon.desk.form import ScannedDocument
from daemon.desk.trouble import Refused
from daemon.scans.look import Sight, look
from daemon.scans.settle import Meaning, settle


def read_file(path: Path, sight: Sight, meaning: Meaning | None = None) -> tuple[ScannedDocument, ...]:
    """Return the documents of a file. Raises ``Refused`` where it cannot be opened or holds only empty pages."""
    documents = settle(look(path, sight), meaning)
    if not documents:
        raise Refused(f"{path.name}: mọi trang đều trắng; hãy xem lại mặt giấy đã đặt vào máy quét")
    return documents
