"""What a decision wants done in the world. Pure values; carrying them out is the office's work.

The key ``ticket/step/round/kind`` is unique: wanting the same thing twice is one row, and a repeated question is a new
round. It also stands in the Message-ID and in the file name.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing wanted. ``kind`` names the performer, ``payload`` is JSON, ``after`` the key that must be done first."""

    key: str
    kind: str
    payload: Mapping[str, Any]
    after: str | None = None
    not_before: dt.datetime | None = None


LOOK_UP = "look_up"
WRITE_DOCUMENT = "write_document"
FILE_ORIGINAL = "file_original"
SEND_MAIL = "send_mail"
SAVE_DRAFT = "save_draft"
REMOVE_DRAFT = "remove_draft"
READ_SCAN = "read_scan"
WRITE_REPORT = "write_report"
TELL_GROUP = "tell_group"
TELL_ADMINISTRATOR = "tell_administrator"

KINDS = (
    LOOK_UP,
    WRITE_DOCUMENT,
    FILE_ORIGINAL,
    SEND_MAIL,
    SAVE_DRAFT,
    REMOVE_DRAFT,
    READ_SCAN,
    WRITE_REPORT,
    TELL_GROUP,
    TELL_ADMINISTRATOR,
)


@dataclass(frozen=True, slots=True)
class Mail:
    """An outgoing mail before it has bytes. ``attach`` names documents of the ticket as (kind, round)."""

    to: tuple[str, ...]
    subject: str
    body: str
    step: str
    round: int
    cc: tuple[str, ...] = ()
    attach: tuple[tuple[str, int], ...] = ()
    in_reply_to: str | None = None
    urgent: bool = False
    by_person: bool = False
    purpose: str = "notice"
    unit: str | None = None

    def as_payload(self) -> dict[str, Any]:
        """Return the mail as JSON-able values."""
        return dataclasses.asdict(self)
