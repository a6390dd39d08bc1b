"""Tick boxes of a registered form: the share of ink inside each, and what follows from all boxes of one field."""

from collections.abc import Sequence

import cv2
import numpy as np

from daemon.desk.form import Box, FieldReading, Standing
from daemon.scans.picture import Grey
from daemon.scans.register import PX_PER_MM

# Measured inside the frame of 2,800 boxes: empty ones stay under 0.021, marked ones begin at 0.15 (thin ticks by fax).
EMPTY_BELOW, MARKED_FROM = 0.035, 0.09
_SEARCH_MM, _FRAME_MM = 1.2, 0.65
# A ring drawn around a box shows left of it, where nothing is printed: from so far to so near the frame.
_RING_MM, _RING_FROM, _RING_BELOW = (3.2, 0.6), 0.05, 0.02


def ink_share(page: Grey, box: Box) -> float:
    """Return the share (0 to 1) of dark pixels inside the printed frame of a box on an upright, flattened page."""
    left, top = _settled(page, box)
    width, height = _size(box)
    edge = round(_FRAME_MM * PX_PER_MM)
    inside = page[top + edge : top + height - edge, left + edge : left + width - edge]
    return float((inside < 185).mean()) if inside.size else 0.0


def ring_share(page: Grey, box: Box) -> float:
    """Return the share (0 to 1) of dark pixels left of a box, where only a ring drawn around it can be."""
    left, top = _settled(page, box)
    far, near = (round(mm * PX_PER_MM) for mm in _RING_MM)
    beside = page[top : top + _size(box)[1], max(0, left - far) : max(0, left - near)]
    return float((beside < 185).mean()) if beside.size else 0.0


def _size(box: Box) -> tuple[int, int]:
    return round((box.rect.right - box.rect.left) * PX_PER_MM), round((box.rect.bottom - box.rect.top) * PX_PER_MM)


def _settled(page: Grey, box: Box) -> tuple[int, int]:
    """Return the upper left pixel of the frame as printed, looked for around its place in the layout."""
    width, height = _size(box)
    left, top = round(box.rect.left * PX_PER_MM), round(box.rect.top * PX_PER_MM)
    reach = round(_SEARCH_MM * PX_PER_MM)
    y, x = max(0, top - reach), max(0, left - reach)
    area = (255 - page[y : top + height + reach, x : left + width + reach]).astype(np.float32)
    frame = np.zeros((height, width), np.float32)
    line = max(2, round(0.3 * PX_PER_MM))
    for part in (frame[:line], frame[-line:], frame[:, :line], frame[:, -line:]):
        part[:] = 1
    if area.shape[0] < height or area.shape[1] < width:
        return left, top
    score = cv2.matchTemplate(area, frame, cv2.TM_CCORR) / frame.sum()
    # A mark inside must not pull the frame away: places far from the layout count a little less.
    ys, xs = np.mgrid[0 : score.shape[0], 0 : score.shape[1]]
    score -= 0.6 * np.hypot(ys - (top - y), xs - (left - x))
    best = np.unravel_index(int(score.argmax()), score.shape)
    return x + int(best[1]), y + int(best[0])


def read_boxes(page: Grey, boxes: Sequence[Box], sure: bool) -> tuple[FieldReading, ...]:
    """Return one reading a field: the value of its only marked box, else None and a reason for a person."""
    readings = []
    for field in dict.fromkeys(box.field for box in boxes):
        shares = {box: ink_share(page, box) for box in boxes if box.field == field}
        rings = {box: ring_share(page, box) for box in shares}
        readings.append(decide(field, shares, sure, rings))
    return tuple(readings)


def decide(
    field: str, shares: dict[Box, float], sure: bool = True, rings: dict[Box, float] | None = None
) -> FieldReading:
    """Return what a field's boxes say; exactly one clear mark and all others clearly empty is accepted.

    ``rings`` is the ink beside each box: a ring drawn around one is proposed, never accepted.
    """
    ringed = _ringed(shares, rings or {})
    if ringed:
        return FieldReading(field, ringed.value, Standing.CHECK, 0.5, "ô được khoanh tròn, không đánh dấu X")
    marked = [box for box, share in shares.items() if share >= MARKED_FROM]
    doubtful = [box for box, share in shares.items() if EMPTY_BELOW <= share < MARKED_FROM]
    beside = [box for box, ring in (rings or {}).items() if ring >= _RING_FROM and box not in marked]
    if len(marked) == 1 and beside and not doubtful:
        return FieldReading(field, marked[0].value, Standing.CHECK, 0.5, "có vết mực quanh ô khác")
    if len(marked) == 1 and not doubtful and sure:
        return FieldReading(field, marked[0].value, Standing.ACCEPTED, 1.0)
    if len(marked) == 1:
        why = "có ô khác cũng có vết mực" if doubtful else "phiếu nằm lệch, chưa chắc đúng ô"
        return FieldReading(field, marked[0].value if not doubtful else None, Standing.CHECK, 0.5, why)
    if len(marked) > 1:
        return FieldReading(field, None, Standing.CHECK, 0.0, f"có {len(marked)} ô được đánh dấu, phải chọn một")
    why = "vết đánh dấu quá mờ" if doubtful else "không có ô nào được đánh dấu"
    return FieldReading(field, None, Standing.CHECK, 0.0, why)


def _ringed(shares: dict[Box, float], rings: dict[Box, float]) -> Box | None:
    """Return the only box with a ring around it where no box has a mark in it."""
    if any(share >= MARKED_FROM for share in shares.values()):
        return None
    around = [box for box, ring in rings.items() if ring >= _RING_FROM]
    clear = all(ring < _RING_BELOW for box, ring in rings.items() if box not in around)
    return around[0] if len(around) == 1 and clear else None
