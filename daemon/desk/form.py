"""Printed forms and what was read from them, as values. Knows no picture and no engine; deciding is not done here."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class FieldKind(enum.StrEnum):
    """What may stand in a cell; it chooses how the reading is repaired and when it is believed."""

    NAME = "name"
    CODE = "code"
    PHONE = "phone"
    ADDRESS = "address"
    METER = "meter"
    EMAIL = "email"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on the page in millimetres from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Return the corners clockwise from the upper left one."""
        return ((self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom))


@dataclass(frozen=True, slots=True)
class Cell:
    """A place to write in: its field, what may stand there, the printed label, and whether it must be filled."""

    field: str
    kind: FieldKind
    rect: Rect
    label: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick: marking it gives ``field`` the ``value``."""

    field: str
    value: str
    rect: Rect
    label: str = ""


@dataclass(frozen=True, slots=True)
class FormLayout:
    """One version of a printed form: where its marks, cells and boxes lie.

    ``squares`` are the four black corner squares (upper left, upper right, lower left, lower right), ``qr`` the outline
    of the QR code whose text is ``<id>|<version>|<form number>``. ``blank`` names a picture of the empty form, with
    which a page is recognised when its code cannot be read; None where there is none. A form printed by others has
    neither squares (empty) nor ``qr`` (None), and is known by its blank alone.
    """

    id: str
    version: str
    title: str
    page: tuple[float, float]
    qr: Rect | None
    squares: tuple[Rect, ...]
    cells: tuple[Cell, ...]
    boxes: tuple[Box, ...]
    blank: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Return every field of the form once, cells first, in the order of the form."""
        return tuple(dict.fromkeys([*(c.field for c in self.cells), *(b.field for b in self.boxes)]))


class DocumentKind(enum.StrEnum):
    """What a scanned page is: our form, a free letter, one of our own papers come back signed, or none of these."""

    FORM = "form"
    LETTER = "letter"
    RETURNED = "returned"
    OTHER = "other"


class Standing(enum.StrEnum):
    """Whether a reading may be used as it is or a person must look at it first."""

    ACCEPTED = "accepted"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Vote:
    """What one engine read; ``confidence`` from 0 to 1 in that engine's own terms."""

    engine: str
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FieldReading:
    """One field: its value (None where nothing stands there), how sure, why a person is asked, and the evidence.

    ``crop`` is the base name of the picture of the cell, ``reason`` Vietnamese words for staff where a check is wanted.
    """

    field: str
    value: str | None
    standing: Standing
    confidence: float = 0.0
    reason: str = ""
    votes: tuple[Vote, ...] = ()
    crop: str | None = None


@dataclass(frozen=True, slots=True)
class ScannedDocument:
    """One document of a scanned file; ``page`` counts from 1, ``pages`` says how many pages belong to it.

    ``ticket``, ``paper`` and ``round`` are set on one of our own papers come back (``returned``); ``text`` is all that
    was read, for the search and for a person; ``notes`` are Vietnamese remarks, such as an engine that is not there.
    """

    page: int
    kind: DocumentKind
    readings: tuple[FieldReading, ...] = ()
    text: str = ""
    pages: int = 1
    form_id: str | None = None
    form_version: str | None = None
    form_no: str | None = None
    ticket: str | None = None
    paper: str | None = None
    round: int | None = None
    notes: tuple[str, ...] = field(default=())

    def value(self, name: str) -> str | None:
        """Return the value of a field, None where it was not read or does not exist."""
        return next((r.value for r in self.readings if r.field == name), None)

    @property
    def values(self) -> Mapping[str, str | None]:
        """Return field to value for every field."""
        return {r.field: r.value for r in self.readings}

    @property
    def check(self) -> tuple[str, ...]:
        """Return the fields that a person must look at, in the order of the form."""
        return tuple(r.field for r in self.readings if r.standing is Standing.CHECK)

    @property
    def confidence(self) -> float:
        """Return the mean confidence of the fields with a value, 0 where there is none."""
        sure = [r.confidence for r in self.readings if r.value is not None]
        return sum(sure) / len(sure) if sure else 0.0
