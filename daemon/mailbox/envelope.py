"""The few header fields a back end itself needs, read without parsing the mail. Its meaning is read elsewhere."""

import email.errors
import email.header
import email.utils
import re
from collections.abc import Iterable, Iterator

MOST_HEADER_BYTES = 256 * 1024

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\x00-\x1f\x7f]+@[^\s<>@,;\"()\x00-\x1f\x7f]+")
_ID = re.compile(r"<[^<>]*>")


def header_block(raw: bytes) -> bytes:
    """Return the header fields of a mail with the blank line that ends them, at most 256 KiB."""
    head = raw[: MOST_HEADER_BYTES + 4]
    end = _BLANK_LINE.search(head)
    return head[: end.end()] if end else head[:MOST_HEADER_BYTES]


def fields(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each header field as (lower-case name, unfolded bytes) in the order of the mail."""
    for line in re.split(rb"\r?\n", _FOLD.sub(b"", header_block(raw))):
        name, colon, value = line.partition(b":")
        if colon and name and not name.endswith((b" ", b"\t")):
            yield name.decode("latin-1").lower(), value.strip()


def field(raw: bytes, name: str) -> str | None:
    """Return the first header field of that lower-case name, decoded, or None."""
    value = next((value for key, value in fields(raw) if key == name), None)
    return None if value is None else decoded(value)


def decoded(value: bytes) -> str:
    """Return a header value as text: raw UTF-8, else Latin-1, then its encoded words (RFC 2047)."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("latin-1")
    if "=?" not in text:
        return text
    try:
        return str(email.header.make_header(email.header.decode_header(text)))
    except (ValueError, LookupError, email.errors.HeaderParseError):
        return text


def same_id(one: str | None, other: str | None) -> bool:
    """Say whether two Message-IDs are the same, with or without brackets and blanks around."""
    return bool(one and other) and bare_id(one or "") == bare_id(other or "")


def bare_id(message_id: str) -> str:
    """Return a Message-ID without brackets and blanks, the form in which this room compares."""
    found = _ID.search(message_id)
    return (found.group() if found else message_id).strip().strip("<>").strip()


def message_id(raw: bytes) -> str | None:
    """Return the Message-ID of a mail without brackets, or None."""
    value = field(raw, "message-id")
    return bare_id(value) or None if value else None


def subject(raw: bytes) -> str:
    """Return the decoded subject, empty where there is none."""
    return field(raw, "subject") or ""


def addresses(raw: bytes, *names: str) -> tuple[str, ...]:
    """Return the addresses of the named header fields (``to``, ``cc`` …), each once, in the order of the mail.

    They are not checked; see ``wrong_address``.
    """
    values = [value.decode("utf-8", "replace") for key, value in fields(raw) if key in names]
    found = (address.strip() for _, address in email.utils.getaddresses(values))
    return tuple(dict.fromkeys(address for address in found if address))


def wrong_address(addresses_of_mail: Iterable[str]) -> str | None:
    """Return the first that no server could take as an address, None if all are well."""
    return next((address for address in addresses_of_mail if not _ADDRESS.fullmatch(address)), None)


def without(raw: bytes, *names: str) -> bytes:
    """Return the mail without the named header fields (lower-case), every other byte as it was."""
    head = header_block(raw)
    wanted = "|".join(re.escape(name) for name in names).encode()
    kept = re.sub(rb"(?im)^(?:" + wanted + rb")[ \t]*:[^\n]*\n(?:[ \t][^\n]*\n)*", b"", head)
    return kept + raw[len(head) :]
