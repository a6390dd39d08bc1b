"""Files in the outbox: written once, whole, and never over what a person changed; files that are replaced are kept."""

import hashlib
import shutil
from pathlib import Path

from daemon.desk.trouble import TryLater
from daemon.office.parts import Parts
from daemon.store.originals import sync_folder, write_durably


def put_file(parts: Parts, number: str, name: str, data: bytes) -> str:
    """Put a file into the ticket's folder and return the digest of what lies there.

    A file that is there already stays: it is ours from an attempt that was cut short, or a person has changed it.
    """
    folder = parts.outbox / number
    path = folder / name
    try:
        folder.mkdir(exist_ok=True)  # not its parent: an outbox that is gone is a share to be mounted again
        if path.exists():
            return hashlib.sha256(path.read_bytes()).hexdigest()
        write_durably(path, data, mode=0o640)
        sync_folder(parts.outbox)
    except OSError as problem:
        raise TryLater(
            f"Không ghi được {name} vào outbox/{number}: {problem.strerror}. Kiểm tra dung lượng và quyền ghi."
        ) from problem
    return hashlib.sha256(data).hexdigest()


def set_by(path: Path) -> Path:
    """Keep a file under the next free number (``units.toml.truoc-1``) and return the copy: none is ever overwritten."""
    number = 1
    while (kept := path.with_name(f"{path.name}.truoc-{number}")).exists():
        number += 1
    shutil.copy2(path, kept)
    return kept
