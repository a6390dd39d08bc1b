"""Address lists, identifiers and dates of header fields. One linear pass each; nothing raises."""

import datetime as dt
import email.utils
import functools
import re
from dataclasses import dataclass

from daemon.mailbox.mime import decoded

MOST = 300
_SPECIAL = re.compile(r"[\\\"(,;:]")
_ID = re.compile(r"<[^<>]{1,900}>")
_ADDRESS = re.compile(r"^[^\s@<>()\[\],;:\"\\]{1,80}@[^\s@<>(),;:\"\\]{1,250}$")


@dataclass(frozen=True, slots=True)
class Box:
    """One mailbox of an address list: the decoded name (or None) and the lower-case address (or None if unusable)."""

    name: str | None
    address: str | None


@functools.lru_cache(maxsize=8)  # the sender is asked for four times in a mail
def boxes(value: str | None) -> tuple[Box, ...]:
    """Split an address list as written (encoded words still coded); groups and comments are understood."""
    found = [_box(piece) for piece in _pieces((value or "")[:60000])]
    return tuple(box for box in found if box.address or box.name)[:MOST]


def _pieces(value: str) -> list[str]:
    """Cut at commas and semicolons outside quotes, angles and comments; a group's name before a colon is dropped."""
    if not _SPECIAL.search(value):
        return [value]
    pieces: list[str] = []
    current: list[str] = []
    quoted = angled = escaped = False
    nested = 0
    for char in value:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif quoted:
            quoted = char != '"'
        elif char == "(" or nested:
            nested += (char == "(") - (char == ")")
            continue
        elif char == '"':
            quoted = True
        elif char in "<>":
            angled = char == "<"
        elif char in ",;" and not angled:
            pieces.append("".join(current))
            current = []
            continue
        elif char == ":" and not angled and "@" not in current:
            current = []
            continue
        current.append(char)
    return [*pieces, "".join(current)]


def _box(piece: str) -> Box:
    """The address stands in the last angle brackets, else it is the whole piece."""
    before, opened, rest = piece.rpartition("<")
    inner, closed, _after = rest.partition(">")
    if opened and (closed or "@" in inner):
        name = decoded(before.strip().strip('"').replace('\\"', '"')) or None
        return Box(name, _address(inner))
    return Box(None, _address(piece)) if "@" in piece else Box(decoded(piece.strip().strip('"')) or None, None)


def _address(text: str) -> str | None:
    text = text.strip().strip("'").removeprefix("mailto:").lower()
    return text if _ADDRESS.match(text) else None


def identifiers(value: str | None) -> tuple[str, ...]:
    """Return the Message-IDs of a field with their angle brackets, each once, in order."""
    found = ["".join(item.split()) for item in _ID.findall((value or "")[:60000])]
    if not found:
        found = [f"<{word}>" for word in (value or "")[:2000].split() if "@" in word]
    return tuple(dict.fromkeys(found))


def date(value: str | None) -> dt.datetime | None:
    """Return an aware time of a Date field (UTC where no zone is given), or None."""
    try:
        moment = email.utils.parsedate_to_datetime((value or "")[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
