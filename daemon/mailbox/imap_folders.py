"""Which folder of an IMAP account holds sent mail, drafts and taken mail, whatever language its names are in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from daemon.desk.text import fold

_NAMES = {
    "sent": (
        "sent", "sent items", "sent messages", "sent mail", "thư đã gửi", "đã gửi", "mục đã gửi", "hộp thư đã gửi",
        "tin đã gửi", "các mục đã gửi", "gửi",
    ),
    "drafts": ("drafts", "draft", "bản nháp", "thư nháp", "nháp", "hộp thư nháp", "các bản nháp", "bản thảo", "thư thảo"),
}  # fmt: skip
_FLAGS = {"sent": b"\\sent", "drafts": b"\\drafts"}
_CREATED = {"sent": "Sent", "drafts": "Drafts"}


@dataclass(frozen=True, slots=True)
class Folder:
    """One line of LIST: lower-case attributes, the hierarchy's delimiter, the decoded name."""

    flags: frozenset[bytes]
    delimiter: str
    name: str

    @property
    def leaf(self) -> str:
        """The last part of the name, folded for comparison."""
        return fold(self.name.rsplit(self.delimiter, 1)[-1] if self.delimiter else self.name)


def read_list(answer: Iterable[tuple[Any, Any, Any]]) -> list[Folder]:
    """Return the folders of IMAPClient's ``list_folders`` that can be selected."""
    folders = []
    for flags, delimiter, name in answer:
        small = frozenset(bytes(flag).lower() for flag in flags)
        if not small & {b"\\noselect", b"\\nonexistent"}:
            folders.append(Folder(small, (delimiter or b"").decode("ascii", "replace"), str(name)))
    return folders


def pick(kind: str, folders: list[Folder]) -> str | None:
    """Return the folder that is marked ``kind`` (``sent``, ``drafts``; RFC 6154), else called so, else None."""
    marked = [folder.name for folder in folders if _FLAGS[kind] in folder.flags]
    if marked:
        return min(marked, key=len)
    for name in _NAMES[kind]:
        called = [folder.name for folder in folders if folder.leaf == fold(name)]
        if called:
            return min(called, key=len)
    return None


def named(name: str, folders: list[Folder]) -> str | None:
    """Return the folder of that name: exactly, else without regard to case and accents, else by its last part."""
    for same in (lambda f: f.name == name, lambda f: fold(f.name) == fold(name), lambda f: f.leaf == fold(name)):
        found = [folder.name for folder in folders if same(folder)]
        if found:
            return min(found, key=len)
    return None


def new_name(kind_or_name: str, folders: list[Folder], prefix: str) -> str:
    """Return the name under which a missing folder is created; ``prefix`` is the personal namespace's."""
    name = _CREATED.get(kind_or_name, kind_or_name)
    delimiter = next((folder.delimiter for folder in folders if folder.delimiter), "/")
    if name.startswith(prefix):
        return name
    return prefix + (name if delimiter == "/" else name.replace("/", delimiter))
