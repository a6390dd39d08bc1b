"""What was seen on a page before anybody decides: plain values that pass from the reading child to its parent as JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from daemon.desk.form import Box, Cell, FieldKind, FieldReading, FormLayout, Rect, Standing, Vote


@dataclass(frozen=True, slots=True)
class SeenCell:
    """A cell: its ink (``empty``, ``doubt``, ``written``), the engines' votes, how many lines, and its crop's name."""

    field: str
    kind: FieldKind
    label: str
    required: bool
    ink: str
    votes: tuple[Vote, ...] = ()
    lines: int = 0
    crop: str | None = None


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of a free letter: its box in pixels of the letter's picture, and the engines' votes, best first."""

    box: tuple[int, int, int, int]
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One page: ``kind`` is ``form``, ``returned``, ``letter`` or ``empty``; ``sure`` is False for a doubtful pose."""

    page: int
    count: int
    kind: str
    form_id: str | None = None
    form_version: str | None = None
    form_no: str | None = None
    how: str = ""
    sure: bool = True
    noise: float = 0.0
    ticket: str | None = None
    paper: str | None = None
    round: int | None = None
    cells: tuple[SeenCell, ...] = ()
    boxes: tuple[FieldReading, ...] = ()
    lines: tuple[SeenLine, ...] = ()
    picture: str | None = None
    notes: tuple[str, ...] = ()


def to_json(page: SeenPage) -> dict[str, Any]:
    """Return the page as what ``json`` can write."""
    return asdict(page)


def from_json(data: dict[str, Any]) -> SeenPage:
    """Return the page that ``to_json`` wrote."""
    return SeenPage(
        **{
            **data,
            "cells": tuple(_cell(cell) for cell in data["cells"]),
            "boxes": tuple(_reading(box) for box in data["boxes"]),
            "lines": tuple(SeenLine(tuple(line["box"]), _votes(line["votes"])) for line in data["lines"]),
            "notes": tuple(data["notes"]),
        }
    )


def _votes(votes: list[dict[str, Any]]) -> tuple[Vote, ...]:
    return tuple(Vote(**vote) for vote in votes)


def _cell(data: dict[str, Any]) -> SeenCell:
    return SeenCell(**{**data, "kind": FieldKind(data["kind"]), "votes": _votes(data["votes"])})


def _reading(data: dict[str, Any]) -> FieldReading:
    return FieldReading(**{**data, "standing": Standing(data["standing"]), "votes": _votes(data["votes"])})


def layout_to_json(layout: FormLayout) -> dict[str, Any]:
    """Return a form layout as what ``json`` can write."""
    return asdict(layout)


def layout_from_json(data: dict[str, Any]) -> FormLayout:
    """Return the layout that ``layout_to_json`` wrote."""
    return FormLayout(
        **{
            **data,
            "page": tuple(data["page"]),
            "qr": Rect(**data["qr"]) if data["qr"] else None,
            "squares": tuple(Rect(**rect) for rect in data["squares"]),
            "cells": tuple(
                Cell(**{**cell, "kind": FieldKind(cell["kind"]), "rect": Rect(**cell["rect"])})
                for cell in data["cells"]
            ),
            "boxes": tuple(Box(**{**box, "rect": Rect(**box["rect"])}) for box in data["boxes"]),
        }
    )
