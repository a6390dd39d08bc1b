"""Writes small Outlook .msg files (MS-CFB, MS-OXMSG), enough to read one back. For tests only."""

import struct
from dataclasses import dataclass, field

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STRING, _BINARY, _INTEGER = 0x001F, 0x0102, 0x0003


@dataclass
class Storage:
    """A storage of a compound file: its streams and storages by name."""

    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, "Storage"] = field(default_factory=dict)


def properties(values: dict[int, str | bytes | int], head: int) -> Storage:
    """A storage with the properties of a message (head 32), attachment or recipient (head 8)."""
    made, table = Storage(), b"\0" * head
    for pid, value in values.items():
        if isinstance(value, int):
            table += struct.pack("<HHIII", _INTEGER, pid, 6, value, 0)
            continue
        kind, raw = (_STRING, value.encode("utf-16-le")) if isinstance(value, str) else (_BINARY, value)
        made.streams[f"__substg1.0_{pid:04X}{kind:04X}"] = raw
        table += struct.pack("<HHIII", kind, pid, 6, len(raw) + (2 if kind == _STRING else 0), 0)
    made.streams["__properties_version1.0"] = table
    return made


def message(values: dict[int, str | bytes | int], files: list[dict[int, str | bytes | int]]) -> bytes:
    """The bytes of a .msg file with these properties and attachments."""
    root = properties(values, 32)
    for number, one in enumerate(files):
        root.storages[f"__attach_version1.0_#{number:08X}"] = properties(one, 8)
    named = Storage({f"__substg1.0_000{number}0102": b"" for number in (2, 3, 4)})
    root.storages["__nameid_version1.0"] = named
    table = root.streams["__properties_version1.0"]
    root.streams["__properties_version1.0"] = struct.pack("<8x4I8x", 0, len(files), 0, len(files)) + table[32:]
    return _compound(root)


@dataclass
class _Entry:
    name: str
    kind: int
    child: int = _FREE
    right: int = _FREE
    start: int = _END
    size: int = 0


def _compound(root: Storage) -> bytes:
    """All streams lie in the mini stream; children are a list to the right, which readers accept."""
    entries = [_Entry("Root Entry", 5)]
    mini, mini_fat = b"", []

    def lay(storage: Storage, at: int) -> None:
        nonlocal mini
        before = None
        items: list[tuple[str, bytes | Storage]] = [*storage.streams.items(), *storage.storages.items()]
        for name, item in sorted(items, key=lambda pair: (len(pair[0]), pair[0].upper())):
            index = len(entries)
            entries.append(_Entry(name, 1 if isinstance(item, Storage) else 2))
            if before is None:
                entries[at].child = index
            else:
                entries[before].right = index
            before = index
            if isinstance(item, Storage):
                lay(item, index)
            elif item:
                count = -(-len(item) // 64)
                entries[index].start, entries[index].size = len(mini_fat), len(item)
                mini_fat.extend([*range(len(mini_fat) + 1, len(mini_fat) + count), _END])
                mini += item.ljust(count * 64, b"\0")

    lay(root, 0)
    parts = [b"".join(map(_pack, entries)), struct.pack(f"<{len(mini_fat)}I", *mini_fat), mini]
    sizes = [max(1, -(-len(part) // 512)) for part in parts]
    starts = [1, 1 + sizes[0], 1 + sizes[0] + sizes[1]]
    entries[0].start, entries[0].size = starts[2], len(mini)
    parts[0] = b"".join(map(_pack, entries))
    fat = [_FAT]
    for start, size in zip(starts, sizes, strict=True):
        fat.extend([*range(start + 1, start + size), _END])
    assert len(fat) <= 128, "a test file of at most 64 kB"
    header = struct.pack(
        "<8s16x5H6x9I",
        bytes.fromhex("d0cf11e0a1b11ae1"),
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        starts[0],
        0,
        4096,
        starts[1],
        sizes[1],
        _END,
        0,
    ) + struct.pack("<109I", 0, *[_FREE] * 108)
    body = struct.pack("<128I", *fat, *[_FREE] * (128 - len(fat)))
    pads = [b"\0", b"\xff", b"\0"]
    return (
        header
        + body
        + b"".join(part.ljust(size * 512, pad) for part, size, pad in zip(parts, sizes, pads, strict=True))
    )


def _pack(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le")
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(name) + 2, entry.kind, 1, _FREE, entry.right, entry.child)
        + bytes(36)
        + struct.pack("<IQ", entry.start, entry.size)
    )
