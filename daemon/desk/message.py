"""A mail as a value. Reading MIME bytes into it is the mailbox's work; what it means is the reading's."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file: a safe base name, its media type and its bytes, ``coded`` as they stand in the mail.

    ``decode`` makes the file's bytes of them, only when ``content`` is asked for: most attached files are never opened.
    ``inline`` is true for what is no document of its own: a picture shown in the body (mostly of the signature) or a
    digital signature.
    """

    name: str
    media_type: str
    coded: bytes = field(repr=False)
    inline: bool = False
    content_id: str | None = None
    decode: Callable[[bytes], bytes] = field(repr=False, default=bytes)

    @property
    def content(self) -> bytes:
        """The bytes of the file itself."""
        return self.decode(self.coded)


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What a bounce says of one recipient (RFC 3464): its address, action, and status such as ``5.1.1``."""

    recipient: str
    action: str
    status: str | None = None
    diagnostic: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A mail with every header decoded to NFC text.

    ``headers`` holds all header fields in order as (lower-case name, decoded value), so that loop protection and trust
    can look at any of them. ``text`` is the plain body, ``html`` the HTML body, each None where the mail has none.
    ``report`` is None or the kind of a multipart/report (``delivery-status``, ``disposition-notification``), and
    ``reported_message_id`` / ``reported_subject`` what it says of the mail it is about. ``from_all`` holds every
    address of the From field (more than one is suspicious), ``calendar`` the method of a meeting mail (``REQUEST``,
    ``REPLY``, ``CANCEL``) or None.
    """

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    from_address: str | None
    from_name: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    date: dt.datetime | None
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    attachments: tuple[Attachment, ...] = ()
    report: str | None = None
    reported_message_id: str | None = None
    reported_subject: str | None = None
    delivery: tuple[DeliveryStatus, ...] = ()
    defects: tuple[str, ...] = ()
    from_all: tuple[str, ...] = ()
    calendar: str | None = None

    def header(self, name: str) -> str | None:
        """Return the first value of a header, whatever its case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    def header_all(self, name: str) -> tuple[str, ...]:
        """Return every value of a header in the order of the mail."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key == wanted)
