"""A .docx as a zip of parts: read once, write many times with a few parts replaced. Knows nothing of templates.

Entries that do not change keep their deflated bytes, and time stamps are fixed: the same content gives the same bytes.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_STAMP = struct.pack("<HH", 0, 0x21)  # 1980-01-01 00:00, the first moment a zip can hold
_FLAGS = 0x800  # names are UTF-8
_LEVEL = 6
_MOST_BYTES = 20_000_000
_FAST = 1  # for what changes with every document: a few hundred bytes more, a third of the time


@dataclass(frozen=True, slots=True)
class Entry:
    """One part: its name, deflated bytes, CRC-32 and length before deflation."""

    name: str
    data: bytes
    crc: int
    size: int

    @classmethod
    def of(cls, name: str, content: bytes, level: int = _LEVEL) -> "Entry":
        """Deflate a part's content."""
        packer = zlib.compressobj(level, zlib.DEFLATED, -15)
        return cls(name, packer.compress(content) + packer.flush(), zlib.crc32(content), len(content))

    def read(self) -> bytes:
        """Return the part's content."""
        return zlib.decompress(self.data, -15)


class Package:
    """The parts of a .docx in their order."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self._by_name = {entry.name: entry for entry in self.entries}
        self._heads = {entry.name: (_local(entry), _central(entry)) for entry in self.entries}

    @classmethod
    def load(cls, source: Path | bytes) -> "Package":
        """Read a file or its bytes. Raises zipfile.BadZipFile where it is no zip."""
        stream = io.BytesIO(source) if isinstance(source, bytes) else source
        with zipfile.ZipFile(stream) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
            return cls(Entry.of(name, archive.read(name)) for name in names)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def names(self) -> list[str]:
        """Return the names of all parts in order."""
        return [entry.name for entry in self.entries]

    def read(self, name: str) -> bytes:
        """Return a part's content. Raises KeyError."""
        return self._by_name[name].read()

    def write(self, changed: Mapping[str, bytes]) -> bytes:
        """Return the file with some parts replaced. Names not in the package are ignored."""
        pieces, directory, at = [], [], 0
        for entry in self.entries:
            if entry.name in changed:
                now = Entry.of(entry.name, changed[entry.name], _FAST)
                local, central = _local(now), _central(now)
            else:
                now, (local, central) = entry, self._heads[entry.name]
            directory += [central, struct.pack("<L", at), now.name.encode()]
            pieces += [local, now.data]
            at += len(local) + len(now.data)
        index = b"".join(directory)
        count = len(self.entries)
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(index), at, 0)
        return b"".join([*pieces, index, end])

    def targets(self, part: str) -> dict[str, str]:
        """Return the inner parts a part points to, by relationship id."""
        folder, base = posixpath.split(part)
        rels = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        if rels not in self:
            return {}
        found = {}
        for rel in etree.fromstring(self.read(rels)).iter(RELS + "Relationship"):
            if rel.get("TargetMode") != "External":
                target = rel.get("Target", "")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                found[rel.get("Id", "")] = posixpath.normpath(whole)
        return found

    def document(self) -> str:
        """Return the name of the main part. Raises KeyError where there is none."""
        for rel in etree.fromstring(self.read("_rels/.rels")).iter(RELS + "Relationship"):
            if rel.get("Type", "").endswith("/officeDocument"):
                return str(posixpath.normpath(rel.get("Target", "").lstrip("/")))
        raise KeyError("officeDocument")


def foreign(data: bytes) -> Package | None:
    """Return the parts of a Word file that a person saved; None where it is no readable zip, or unpacks to over 20 MB."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MOST_BYTES:
                return None
        return Package.load(data)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError, RuntimeError, zlib.error):
        return None


def _numbers(entry: Entry) -> bytes:
    return _STAMP + struct.pack("<3L2H", entry.crc, len(entry.data), entry.size, len(entry.name.encode()), 0)


def _local(entry: Entry) -> bytes:
    return struct.pack("<4s3H", b"PK\3\4", 20, _FLAGS, 8) + _numbers(entry) + entry.name.encode()


def _central(entry: Entry) -> bytes:
    """Return an entry's line of the directory up to its offset, which only the writing knows."""
    head = struct.pack("<4s4H", b"PK\1\2", 20, 20, _FLAGS, 8)
    return head + _numbers(entry) + struct.pack("<3HL", 0, 0, 0, 0)
