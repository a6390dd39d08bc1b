"""One file to what is seen on its pages: forms registered and their cells read, our own papers known, letters read.

This is the heavy half, run in the reading child; nothing is decided here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from daemon.desk.form import Cell, FieldKind, FormLayout, Vote
from daemon.scans.boxes import read_boxes
from daemon.scans.cells import Ink, cut
from daemon.scans.letters import read_lines, straightened
from daemon.scans.pages import Limits, Page, open_pages
from daemon.scans.picture import Grey, flatten, ink, noise, whitened, without_specks
from daemon.scans.raw import SeenCell, SeenPage
from daemon.scans.recognise import ASTER, PADDLE, TESSERACT, Engines, Line
from daemon.scans.register import PX_PER_MM, Pose, codes, form_of, paper_of, upright

_ASKED: dict[FieldKind, tuple[str, ...]] = {
    FieldKind.NAME: (ASTER, PADDLE, TESSERACT),
    FieldKind.ADDRESS: (ASTER, PADDLE, TESSERACT),
    FieldKind.TEXT: (ASTER, TESSERACT),
}
_READ_WELL, _JUNK_BELOW = 0.7, 0.3
_NUMBERS = (PADDLE, ASTER, TESSERACT)


@dataclass(frozen=True, slots=True)
class Sight:
    """What looking needs: the forms known, the engines, where pictures of cells go (None: nowhere), the limits."""

    layouts: tuple[FormLayout, ...]
    engines: Engines
    crops: Path | None = None
    limits: Limits = field(default_factory=Limits)


def look(path: Path, sight: Sight) -> Iterator[SeenPage]:
    """Yield what is seen on each page of a file, in order. Raises ``Refused`` for a file that cannot be opened."""
    for page in open_pages(path, sight.limits):
        yield look_at(page, sight)


def look_at(page: Page, sight: Sight) -> SeenPage:
    """Return what is seen on one page."""
    if is_empty(page.image):
        return SeenPage(page.number, page.count, "empty")
    found = codes(page.image)
    paper = paper_of(found)
    if paper:
        return SeenPage(
            page.number, page.count, "returned", ticket=paper.ticket, paper=paper.kind, round=paper.round, how="qr"
        )
    pose = form_of(page.image, found, sight.layouts)
    return _form(page, pose, sight) if pose else _letter(page, sight)


def is_empty(image: Grey) -> bool:
    """Say whether a page holds no writing at all, such as the back of a sheet scanned on both sides."""
    scale = 1000 / max(image.shape)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    inner = flatten(np.asarray(small, np.uint8), 4)[30:-30, 30:-30]
    # Grey print on grey paper is print; it only has to stand out from the grain.
    grain = float(np.abs(inner.astype(np.int16) - cv2.medianBlur(inner, 5)).mean()) * 1.25
    return int(without_specks(ink(inner, round(255 - max(22.0, 6 * grain))), 12).sum()) < 150


def _form(page: Page, pose: Pose, sight: Sight) -> SeenPage:
    straight = upright(page.image, pose)
    grain = noise(straight)
    flat = cleaned(straight, grain)
    cells = tuple(_cell(flat, cell, grain, page.number, sight) for cell in pose.layout.cells)
    return SeenPage(
        page.number,
        page.count,
        "form",
        pose.layout.id,
        pose.layout.version,
        pose.number,
        pose.how,
        pose.sure,
        grain,
        cells=cells,
        boxes=read_boxes(flat, pose.layout.boxes, pose.sure),
        notes=sight.engines.missing,
    )


def cleaned(straight: Grey, grain: float) -> Grey:
    """Return the page on white paper; only a grainy one is smoothed, for smoothing eats the tone marks of thin pens."""
    flat = whitened(straight)
    return np.asarray(cv2.medianBlur(flat, 5 if grain > 14 else 3), np.uint8) if grain > 6 else flat


def _cell(flat: Grey, cell: Cell, grain: float, page: int, sight: Sight) -> SeenCell:
    piece = cut(flat, cell.rect, grain)
    crop = _keep(piece.inside, f"p{page:03d}-{cell.field}.png", sight.crops)
    votes: tuple[Vote, ...] = ()
    if piece.ink is not Ink.EMPTY:
        names = _ASKED.get(cell.kind, _NUMBERS)
        engines = [engine for name in names if (engine := sight.engines.get(name))]
        read = {engine.name: engine.read(piece.lines) for engine in engines}
        votes = tuple(_vote(name, lines) for name, lines in without_junk(read).items())
    return SeenCell(cell.field, cell.kind, cell.label, cell.required, str(piece.ink), votes, len(piece.lines), crop)


def without_junk(read: dict[str, list[Line]]) -> dict[str, list[Line]]:
    """Return the engines' lines of a cell without those that none of them could read beside one that was read well.

    Creases, smears and the print of the other side look like lines of writing to nobody but the line finder.
    """
    best = [max((line.confidence for line in lines), default=0.0) for lines in zip(*read.values(), strict=True)]
    if max(best, default=0.0) < _READ_WELL:
        return read
    return {
        name: [line for line, sure in zip(lines, best, strict=True) if sure >= _JUNK_BELOW]
        for name, lines in read.items()
    }


def _vote(name: str, lines: Sequence[Line]) -> Vote:
    kept = [line for line in lines if line.text]
    return Vote(name, " ".join(line.text for line in kept), _least(kept))


def _least(lines: Sequence[Line]) -> float:
    return min((line.confidence for line in lines), default=0.0)


def _keep(picture: Grey, name: str, folder: Path | None) -> str | None:
    if folder is None:
        return None
    scale = 0.5 if picture.shape[1] > 40 * PX_PER_MM else 1.0
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ok, data = cv2.imencode(".png", small)
    if not ok:
        return None
    (folder / name).write_bytes(data.tobytes())
    return name


def _letter(page: Page, sight: Sight) -> SeenPage:
    flat = straightened(page.image, sight.engines)
    lines = read_lines(flat, sight.engines)
    picture = _keep(flat, f"p{page.number:03d}.png", sight.crops)
    return SeenPage(page.number, page.count, "letter", lines=lines, picture=picture, notes=sight.engines.missing)
