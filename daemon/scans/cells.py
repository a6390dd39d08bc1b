"""Cells of a registered form: cut out along the ruled lines as printed, tested for ink, split into lines of writing.

Works on an upright page (``PX_PER_MM`` pixels a millimetre) whose paper is white. Reads nothing.
"""

import itertools
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from daemon.desk.form import Rect
from daemon.scans.picture import Grey, Mask, without_specks
from daemon.scans.register import PX_PER_MM

# A recogniser of 32 px lines takes at most 1024 px; wider crops are cut at the widest gaps.
WIDEST = 20.0
# Strokes that stand out less than _PLAIN are made stronger, less than _HARDLY doubted, less than _NOTHING not seen.
_PLAIN, _HARDLY, _NOTHING, _STROKE_PIXELS = 105.0, 40.0, 11.0, 120
_SNAP_MM, _INSET_MM = 1.3, 0.45


class Ink(StrEnum):
    """Whether something is written in a cell; ``doubt`` is for traces that may be dirt or a thin pen."""

    EMPTY = "empty"
    DOUBT = "doubt"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Cut:
    """A cell cut out of the page: the whole inside, what ink it holds, and its lines of writing from the top."""

    inside: Grey
    ink: Ink
    lines: tuple[Grey, ...]


def cut(page: Grey, rect: Rect, grain: float = 0.0) -> Cut:
    """Return the inside of a cell, its ink and its lines; on a page without ``grain`` (0 to 255) faint pens count too.

    Ink that hardly stands out from the paper (pencil, an empty pen) is made stronger; the faintest is only a doubt.
    """
    plain = without_rules(_inside(page, rect))
    darkness = faintness(plain)
    inside = without_dust(plain if darkness is None else strengthened(plain, darkness))
    mask = writing(inside, 165 if grain > 4 or darkness else 200)
    state = _ink(mask)
    if darkness is not None and darkness < _HARDLY:
        state = Ink.DOUBT if state is Ink.WRITTEN else Ink.EMPTY
    lines = () if state is Ink.EMPTY else tuple(_lines(inside, mask))
    return Cut(inside, state if lines else Ink.EMPTY, lines)


def _inside(page: Grey, rect: Rect) -> Grey:
    left, top, right, bottom = (round(v * PX_PER_MM) for v in (rect.left, rect.top, rect.right, rect.bottom))
    reach, inset = round(_SNAP_MM * PX_PER_MM), round(_INSET_MM * PX_PER_MM)
    dark = page < 180
    top_line = _rule(dark[max(0, top - reach) : top + reach, left:right].mean(axis=1), True)
    bottom_line = _rule(dark[bottom - reach : bottom + reach, left:right].mean(axis=1), False)
    left_line = _rule(dark[top:bottom, max(0, left - reach) : left + reach].mean(axis=0), True)
    right_line = _rule(dark[top:bottom, right - reach : right + reach].mean(axis=0), False)
    y0 = max(0, top - reach) + top_line if top_line is not None else top
    y1 = bottom - reach + bottom_line if bottom_line is not None else bottom
    x0 = max(0, left - reach) + left_line if left_line is not None else left
    x1 = right - reach + right_line if right_line is not None else right
    small = inset // 2
    return page[y0 + small : max(y0 + small + 1, y1 - small), x0 + inset : max(x0 + inset + 1, x1 - inset)].copy()


def _rule(profile: NDArray[np.float64], first: bool) -> int | None:
    """Return the inner edge of a ruled line in a profile of darkness across it, None where there is no line."""
    on = np.flatnonzero(profile > 0.45)
    if not len(on):
        return None
    return int(on.max()) + 1 if first else int(on.min())


def without_rules(inside: Grey) -> Grey:
    """Return the cell without remains of ruled lines at its edges (a curled page bends them into the cell)."""
    height, width = inside.shape
    mask = (inside < 175).astype(np.uint8)
    across = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, min(width, round(9 * PX_PER_MM))), np.uint8))
    edge = max(2, round(1.0 * PX_PER_MM))
    across[edge:-edge] = 0
    tall = np.ones((max(3, round(height * 0.7)), 1), np.uint8)
    down = cv2.morphologyEx(mask, cv2.MORPH_OPEN, tall)
    down[:, edge:-edge] = 0
    rules = cv2.dilate(np.maximum(across, down), np.ones((3, 3), np.uint8))
    if not rules.any():
        return inside
    clean = inside.copy()
    clean[rules > 0] = 255
    return clean


def without_dust(inside: Grey) -> Grey:
    """Return the cell without tiny dark spots that stand apart from all writing; tone marks stand close to theirs."""
    dark = (inside < 190).astype(np.uint8)
    strokes = without_specks(dark, 11)
    reach = 2 * round(1.3 * PX_PER_MM) + 1
    near = cv2.dilate(strokes, np.ones((reach, reach), np.uint8))
    dust = cv2.dilate(np.where(near > 0, 0, dark).astype(np.uint8), np.ones((3, 3), np.uint8))
    if not dust.any():
        return inside
    clean = inside.copy()
    clean[dust > 0] = 255
    return clean


def faintness(inside: Grey) -> float | None:
    """Return how far (0 to 255) the darkest strokes of a cell stand out from its paper, None if far enough or not at all."""
    edge = round(1.0 * PX_PER_MM)
    dark = _raised(inside)[edge:-edge]
    if dark.size < 20 * _STROKE_PIXELS:
        return None
    level = float(np.partition(dark.ravel(), -_STROKE_PIXELS)[-_STROKE_PIXELS:].mean())
    return level if max(_NOTHING, 7 * _grain(dark)) < level < _PLAIN else None


def strengthened(inside: Grey, darkness: float) -> Grey:
    """Return the cell with its faint strokes as dark as a pen's."""
    raised = _raised(inside)
    floor = max(0.12 * darkness, 2 * _grain(raised))
    return np.asarray(255 - np.clip((raised - floor) * (255 / (0.45 * darkness)), 0, 255), np.uint8)


def _grain(raised: NDArray[np.float32]) -> float:
    return 1.48 * float(np.median(np.abs(raised - np.median(raised))))


def _raised(inside: Grey) -> NDArray[np.float32]:
    """Return how much darker each spot is than what lies around it: strokes stay, the edges of stains and shade go."""
    soft = cv2.GaussianBlur(inside, (0, 0), 0.8).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(soft, (0, 0), 14) - soft, np.float32)


def writing(inside: Grey, cut_at: int = 165) -> Mask:
    """Return 1 where there is writing: dark, and not a lone speck of grain or dirt."""
    mask = (inside < cut_at).astype(np.uint8)
    return without_specks(mask, 9)


def _ink(mask: Mask) -> Ink:
    solid = without_specks(mask, 30)
    count, _, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    strokes = sum(
        1
        for n in range(1, count)
        if stats[n][cv2.CC_STAT_HEIGHT] >= 1.0 * PX_PER_MM and stats[n][cv2.CC_STAT_AREA] >= 45
    )
    if strokes >= 2:
        return Ink.WRITTEN
    total = int(solid.sum())
    return Ink.EMPTY if total < 0.9 * PX_PER_MM**2 and not strokes else Ink.DOUBT


def _lines(inside: Grey, mask: Mask) -> list[Grey]:
    found: list[Grey] = []
    for top, bottom in _bands(mask):
        band = mask[top:bottom]
        columns = np.flatnonzero(without_specks(band, 14).any(axis=0))
        if not len(columns):
            continue
        pad = round(0.9 * PX_PER_MM)
        left, right = max(0, int(columns[0]) - pad), min(inside.shape[1], int(columns[-1]) + 1 + pad)
        found.extend(_split(inside[top:bottom, left:right], band[:, left:right]))
    return found


def _bands(mask: Mask) -> list[tuple[int, int]]:
    """Return the rows from which to which each line of writing reaches, with a little air.

    A line is a hill in the profile of ink down the cell, cut off where the next hill begins or where hardly any ink is
    left: stains and dust below the last line are none of it.
    """
    height = mask.shape[0]
    profile = mask.sum(axis=1, dtype=np.float64)
    smooth = cv2.GaussianBlur(profile.reshape(-1, 1), (1, 31), 0.6 * PX_PER_MM).ravel()
    peaks = _peaks(smooth, round(3.6 * PX_PER_MM), max(0.05 * float(smooth.max()), 3.0))
    cuts = [0, *(a + int(smooth[a:b].argmin()) for a, b in itertools.pairwise(peaks)), height]
    bands = []
    for peak, (top, bottom) in zip(peaks, itertools.pairwise(cuts), strict=True):
        least = max(0.035 * smooth[peak], 1.2)
        above = np.flatnonzero(smooth[top:peak] < least)
        below = np.flatnonzero(smooth[peak:bottom] < least)
        first = top + int(above[-1]) if len(above) else top
        last = peak + int(below[0]) if len(below) else bottom
        bands.append((max(0, first - 2), min(height, last + 2)))
    return [band for band in bands if band[1] - band[0] >= 1.2 * PX_PER_MM]


def _peaks(curve: NDArray[np.float64], apart: int, least: float) -> list[int]:
    """Return the places of the highest hilltops that lie at least ``apart`` from each other, in order."""
    inner = np.flatnonzero((curve[1:-1] >= curve[:-2]) & (curve[1:-1] > curve[2:])) + 1
    tops = np.concatenate([[0], inner, [len(curve) - 1]]) if len(curve) > 1 else np.array([0])
    chosen: list[int] = []
    for place in sorted(tops.tolist(), key=lambda at: -curve[at]):
        if curve[place] >= least and all(abs(place - other) >= apart for other in chosen):
            chosen.append(place)
    return sorted(chosen)


def _split(line: Grey, mask: Mask) -> list[Grey]:
    """Return the line cut at wide gaps into pieces that a line recogniser can take."""
    height, width = line.shape
    if width <= WIDEST * height:
        return [line]
    gaps = _gaps(mask)
    middle = [g for g in gaps if 0.25 * width < (g[0] + g[1]) / 2 < 0.75 * width]
    if not middle:
        return [line[:, : width // 2], line[:, width // 2 :]]
    start, end = max(middle, key=lambda g: (g[1] - g[0]) - 0.02 * abs((g[0] + g[1]) / 2 - width / 2))
    at = (start + end) // 2
    return _split(line[:, :at], mask[:, :at]) + _split(line[:, at:], mask[:, at:])


def _gaps(mask: Mask) -> list[tuple[int, int]]:
    used = np.concatenate([[1], mask.any(axis=0).astype(np.int8), [1]])
    edges = np.flatnonzero(np.diff(used))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=False)]
