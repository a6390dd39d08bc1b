"""Bytes to text: one ladder of charsets for every body, header and file name. Never raises, always NFC.

A label of ASCII or Latin-1, or none, is usually a client that does not know better: UTF-8 is tried first. Windows-1258
decodes to letters with combining marks, hence the normal form after every step (facts, section 6).
"""

import codecs
import re

from daemon.desk import legacy
from daemon.desk.text import clean

_UNSURE = frozenset(("", "ascii", "us-ascii", "iso8859-1", "latin-1", "cp1252", "unknown-8bit", "8bit", "binary"))
# Real charsets only: Python also registers compression, punycode (slow on long input) and escape codecs by name.
_KNOWN = re.compile(
    r"utf|cp\d|iso8859|latin|ascii|koi8|mac|gb|big5|euc|shift|iso2022|johab|hz|tis|ptcp|kz1048|cp949|hp|charmap", re.I
)
_TCVN = frozenset(
    ("tcvn3", "tcvn", "x-viet-tcvn5712", "tcvn5712", "tcvn-5712", "tcvn5712-1", "x-vn-tcvn", "abc", "vn1", "vn3")
)
_VISCII = frozenset(("viscii", "viscii1.1-1", "csviscii", "x-viet-viscii"))
_VNI = frozenset(("vni", "x-viet-vni", "x-vni", "x-vni-win"))


def text_of(raw: bytes, label: str | None = None) -> str:
    """Return the NFC text of bytes whose sender labelled them ``label``; undecodable bytes become U+FFFD."""
    if not label and raw.isascii():
        return clean(raw.decode("ascii"))
    return clean(_decode(raw, label).removeprefix("\ufeff"))


def mended(raw: bytes, label: str | None = None) -> str:
    """Return ``text_of`` with TCVN3 or VNI lines and doubly encoded UTF-8 turned into Vietnamese."""
    return mend(_decode(raw, label).removeprefix("\ufeff"))


def mend(text: str) -> str:
    """Turn what a wrong program made of Vietnamese back: UTF-8 shown as Windows-1252, TCVN3 and VNI signs."""
    return clean(text if text.isascii() else legacy.mend(_undouble(text)))


def codec_of(label: str | None) -> str | None:
    """Return Python's name of a text charset, or None for an unknown one."""
    try:
        found = codecs.lookup((label or "").strip().strip("'\"").lower())
    except (LookupError, ValueError):
        return None
    return found.name if _KNOWN.match(found.name) else None


def _decode(raw: bytes, label: str | None) -> str:
    name = (label or "").strip().strip("'\"").lower()
    if name in _TCVN:
        return legacy.from_tcvn_bytes(raw)
    if name in _VISCII:
        return legacy.from_viscii(raw)
    if name in _VNI:
        return legacy.from_vni(raw.decode("cp1252", "replace"))
    codec = codec_of(name)
    for attempt in _ladder(codec, name):
        text = _strict(raw, attempt)
        if text is not None:
            return text
    return _last_resort(raw, codec)


def _ladder(codec: str | None, name: str) -> list[str]:
    """The charsets to try in order; Latin-1 itself comes last because it accepts anything."""
    if codec is None or codec in _UNSURE or name in _UNSURE:
        return ["utf-8"]
    return [codec, "utf-8"]


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _last_resort(raw: bytes, codec: str | None) -> str:
    """Neither the label nor UTF-8 fits: mostly-good UTF-8 keeps its good part, else Windows-1258 or Latin-1 by result."""
    loose = raw.decode("utf-8", "replace")
    high = sum(byte > 127 for byte in raw[:20000])
    if loose[:20000].count("\ufffd") * 8 <= high:
        return loose
    latin = raw.decode("cp1252", "replace")
    if legacy.mend(latin) != latin:
        return latin
    return _strict(raw, "cp1258") or (raw.decode(codec, "replace") if codec else loose)


_DOUBLE = re.compile("[ÃÄáÆÂ][\u0080-\u00bf\u0152-\u0192\u02c6-\u2122]")


def _undouble(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 once, line by line; a line that does not turn back stays."""
    if not _DOUBLE.search(text):
        return text
    return "\n".join(_undouble_line(line) for line in text.split("\n"))


def _undouble_line(line: str) -> str:
    if len(_DOUBLE.findall(line)) < 2:
        return line
    try:
        raw = b"".join(_byte_of(char) for char in line)
        return raw.decode("utf-8")
    except UnicodeError:
        return line


def _byte_of(char: str) -> bytes:
    """Windows-1252, where its five holes stand for themselves."""
    return char.encode("latin-1") if ord(char) < 256 else char.encode("cp1252")
