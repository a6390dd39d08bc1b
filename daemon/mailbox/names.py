"""Names of attached files made safe to write on any disk, and names for parts that have none. Touches no file."""

import re
import unicodedata

from daemon.desk.text import clean

MAX_BYTES = 180

_CONTROL = frozenset(("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"))
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)", re.I)
_EXTENSION = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/zip": ".zip",
    "application/ms-tnef": ".dat",
    "message/rfc822": ".eml",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "text/csv": ".csv",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/tiff": ".tif",
}


def extension(media_type: str) -> str:
    """Return the usual extension of a media type, ``.bin`` where none is known."""
    return _EXTENSION.get(media_type, ".bin")


def safe(name: str | None, media_type: str, number: int = 1) -> str:
    """Return a base name in NFC without path, control or bidirectional signs, not reserved, of at most 180 bytes.

    A part without a name is called ``dinh-kem-<number>`` with the extension of its media type.
    """
    text = clean(name or "").replace("\n", " ")
    text = "".join(" " if char == "\t" else char for char in text if unicodedata.category(char) not in _CONTROL)
    text = text.replace("\\", "/").rstrip("/ .").rpartition("/")[2]
    text = re.sub(r"^[A-Za-z]:(?=.)", "", text)
    text = _FORBIDDEN.sub("_", re.sub(r"\s+", " ", text)).strip(" .")
    if not text.strip("_"):
        return f"dinh-kem-{number}{extension(media_type)}"
    if _RESERVED.match(text):
        text = "_" + text
    return _shorten(text)


def _shorten(text: str) -> str:
    """Keep the extension when a name is too long; cut between whole letters."""
    if len(text.encode()) <= MAX_BYTES:
        return text
    stem, dot, tail = text.rpartition(".")
    if not dot or len(tail.encode()) > 12:
        stem, dot, tail = text, "", ""
    room = MAX_BYTES - len((dot + tail).encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + dot + tail


def distinct(names: list[str]) -> list[str]:
    """Number names that occur twice (whatever their case) so that none overwrites another."""
    seen: set[str] = set()
    result = []
    for name in names:
        stem, dot, tail = name.rpartition(".")
        candidate, count = name, 2
        while candidate.casefold() in seen:
            candidate = f"{stem}-{count}{dot}{tail}" if dot else f"{name}-{count}"
            count += 1
        seen.add(candidate.casefold())
        result.append(candidate)
    return result
