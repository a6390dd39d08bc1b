"""Free letters: the sheet found in a photo, turned upright, straightened, its paper made white, its lines read.

Knows no field of a letter; what the text means is another room's work.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np

from daemon.desk.form import Vote
from daemon.scans.picture import Grey, noise, rotated, skew, whitened, without_specks
from daemon.scans.prose import is_formula
from daemon.scans.raw import SeenLine
from daemon.scans.recognise import ASTER, PADDLE, TESSERACT, Engines, Line, Recogniser

_WORKING_WIDTH = 2000
_FORMULA_SURE = 0.85
# Lines the right way up are read with 0.7 and more even on faxes, others with 0.5 at most.
_READABLE = 0.62
# So much better one way up is beyond doubt, and no more lines are read for it.
_CLEAR = 0.3


_Placed = tuple[tuple[int, int, int, int], tuple[Vote, ...]]


def straightened(image: Grey, engines: Engines) -> Grey:
    """Return the letter upright and straight on white paper, about 2,000 pixels wide, whatever way it was scanned."""
    sheet = outline(image)
    sheet = sheet if sheet is not None else image
    scale = _WORKING_WIDTH / min(sheet.shape)
    if scale < 0.8 or scale > 1.3:
        flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        sheet = np.asarray(cv2.resize(sheet, None, fx=scale, fy=scale, interpolation=flags), np.uint8)
    lying = across(sheet)
    flat, worth = _stood_up(sheet, lying, engines)
    if worth < _READABLE:
        # Blur runs letters together, and their direction tells nothing any more: what can be read decides.
        other, better = _stood_up(sheet, not lying, engines)
        flat = other if better > worth else flat
    return flat


def _stood_up(sheet: Grey, lying: bool, engines: Engines) -> tuple[Grey, float]:
    """Return the sheet straightened, right way up, and how well it can be read so (0 to 1)."""
    if lying:
        sheet = np.ascontiguousarray(np.rot90(sheet))
    angle = skew(sheet)
    if abs(angle) > 0.15:
        sheet = rotated(sheet, angle, int(np.percentile(sheet[::8, ::8], 75)))
    flat = whitened(sheet)
    if noise(flat) > 8:
        flat = np.asarray(cv2.medianBlur(flat, 3), np.uint8)
    upright, turned = both_ways(flat, engines)
    return (np.ascontiguousarray(flat[::-1, ::-1]), turned) if turned > upright else (flat, upright)


def outline(image: Grey) -> Grey | None:
    """Return the sheet of paper cut out of a photo and laid flat, None where the picture is the sheet itself."""
    scale = 600 / max(image.shape)
    small = cv2.GaussianBlur(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), (5, 5), 0)
    cut, mask = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    border = np.concatenate([small[:4].ravel(), small[-4:].ravel(), small[:, :4].ravel(), small[:, -4:].ravel()])
    if float(np.median(border)) > cut:
        return None
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    shapes, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not shapes:
        return None
    hull = cv2.convexHull(max(shapes, key=cv2.contourArea))
    if not 0.25 * small.size < cv2.contourArea(hull) < 0.97 * small.size:
        return None
    for share in (0.02, 0.03, 0.05, 0.08):
        corners = cv2.approxPolyDP(hull, share * cv2.arcLength(hull, True), True).reshape(-1, 2)
        if len(corners) == 4:
            return _laid_flat(image, corners.astype(np.float64) / scale)
    return None


def _laid_flat(image: Grey, corners: Any) -> Grey:
    total, gap = corners.sum(axis=1), np.diff(corners, axis=1).ravel()
    four = np.array([corners[total.argmin()], corners[gap.argmin()], corners[total.argmax()], corners[gap.argmax()]])
    width = int(max(np.hypot(*(four[1] - four[0])), np.hypot(*(four[2] - four[3]))))
    height = int(max(np.hypot(*(four[3] - four[0])), np.hypot(*(four[2] - four[1]))))
    goal = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(four.astype(np.float32), goal)
    flat = np.asarray(cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255))
    edge = max(2, width // 150)
    flat[:edge], flat[-edge:], flat[:, :edge], flat[:, -edge:] = 255, 255, 255, 255
    return np.asarray(flat, np.uint8)


def across(image: Grey) -> bool:
    """Say whether the lines of writing run up and down the picture rather than across it.

    Letters stand closer to their neighbours on the line than to those of the next line, whatever the skew: each
    letter's nearest neighbours are counted by direction. Specks and tone marks are left out by their size.
    """
    scale = 1200 / max(image.shape)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    mask = (whitened(np.asarray(small, np.uint8), 4) < 170).astype(np.uint8)
    _, _, stats, middles = cv2.connectedComponentsWithStats(mask, connectivity=8)
    size = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    usual = (size >= 5) & (size <= 60)
    if usual.sum() < 20:
        return False
    usual &= size >= 0.7 * float(np.median(size[usual]))
    points = middles[1:][usual][:1500]
    gaps = points[:, None, :] - points[None, :, :]
    away = np.hypot(gaps[..., 0], gaps[..., 1]) + np.eye(len(points)) * 1e9
    nearest = gaps[np.arange(len(points)), away.argmin(axis=1)]
    return bool((np.abs(nearest[:, 1]) > np.abs(nearest[:, 0])).mean() > 0.5)


def text_rows(flat: Grey) -> list[tuple[int, int, int, int]]:
    """Return boxes (left, top, right, bottom) of what looks like whole lines of writing on a straight page."""
    scale = 1000 / flat.shape[1]
    small = cv2.resize(flat, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    mask = without_specks((small < 170).astype(np.uint8), 3)
    smeared = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 31), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(smeared, connectivity=8)
    boxes = []
    for n in range(1, count):
        x, y, width, height, area = (int(v) for v in stats[n])
        if 8 <= height <= 50 and width > 4 * height and area > 0.25 * width * height:
            pad = 3
            box = (x - pad, y - pad, x + width + pad, y + height + pad)
            left, top, right, bottom = (round(v / scale) for v in box)
            boxes.append((max(0, left), max(0, top), min(flat.shape[1], right), min(flat.shape[0], bottom)))
    return boxes


def both_ways(flat: Grey, engines: Engines) -> tuple[float, float]:
    """Return how well some lines of a page can be read as it stands, and how well on its head (0 to 1)."""
    reader = engines.get(ASTER) or engines.get(TESSERACT) or engines.get(PADDLE)
    rows = sorted(text_rows(flat), key=lambda b: abs((b[2] - b[0]) - 14 * (b[3] - b[1])))[:4]
    if reader is None or not rows:
        return 0.0, 0.0
    upright: list[Line] = []
    turned: list[Line] = []
    for first in range(0, len(rows), 2):
        crops = [flat[b[1] : b[3], b[0] : b[2]] for b in rows[first : first + 2]]
        upright += reader.read(crops)
        turned += reader.read([np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops])
        if abs(_worth(upright) - _worth(turned)) > _CLEAR:
            break
    return _worth(upright), _worth(turned)


def _worth(lines: Sequence[Line]) -> float:
    """Return the mean confidence, each line counting by its letters; lone signs read with confidence count little."""
    letters = [sum(char.isalnum() for char in line.text) for line in lines]
    return sum(line.confidence * n for line, n in zip(lines, letters, strict=True)) / max(30, sum(letters))


def read_lines(flat: Grey, engines: Engines) -> tuple[SeenLine, ...]:
    """Return the lines of a straightened letter in reading order, each with the votes of every engine at hand.

    Tesseract finds the lines; without it they are found by their shape. Lines without a letter or digit are left out.
    """
    tesseract = engines.get(TESSERACT)
    seen = _by_tesseract(flat, tesseract) if tesseract else [(box, ()) for box in text_rows(flat)]
    found = in_reading_order(seen)
    others = [e for e in (engines.get(ASTER), engines.get(PADDLE)) if e is not None]
    lines = []
    for box, votes in found:
        left, top, right, bottom = box
        pieces = [] if _known(votes) else _pieces(flat[top:bottom, left:right])
        more = () if _known(votes) else tuple(_vote(e, pieces) for e in others if _worth_asking(e, votes))
        lines.append(SeenLine(box, (*votes, *more)))
    return tuple(line for line in lines if any(any(c.isalnum() for c in v.text) for v in line.votes))


def in_reading_order(lines: Iterable[_Placed]) -> list[_Placed]:
    """Return lines from the top, those of one row from the left; the last word of a paragraph may be a block of its own."""
    rows: list[list[_Placed]] = []
    for line in sorted(lines, key=lambda placed: placed[0][1] + placed[0][3]):
        _, top, _, bottom = line[0]
        above = rows[-1][0][0] if rows else (0, 0, 0, 0)
        apart = (top + bottom - above[1] - above[3]) / 2
        if rows and apart < 0.4 * min(bottom - top, above[3] - above[1]):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda placed: placed[0][0])]


def _known(votes: Sequence[Vote]) -> bool:
    """Say whether a line is a formula that every letter has, read surely: no other engine need read it again."""
    return any(vote.confidence > _FORMULA_SURE and is_formula(vote.text) for vote in votes)


def _worth_asking(engine: Recogniser, votes: Sequence[Vote]) -> bool:
    """PP-OCRv6 knows no tone marks: it is only asked where numbers, codes or addresses stand, or nobody else read."""
    return engine.name != PADDLE or not votes or any(c.isdigit() or c == "@" for v in votes for c in v.text)


def _vote(engine: Recogniser, pieces: Sequence[Grey]) -> Vote:
    lines = engine.read(pieces)
    return Vote(engine.name, " ".join(line.text for line in lines), min((line.confidence for line in lines), default=0))


def _pieces(crop: Grey) -> list[Grey]:
    """Return a line cut at word gaps into pieces of at most twenty times their height."""
    height, width = crop.shape
    if width <= 20 * height:
        return [crop]
    empty = (crop < 150).sum(axis=0) == 0
    middle = np.arange(width // 4, 3 * width // 4)
    blanks = [int(x) for x in middle if empty[x]]
    at = min(blanks, key=lambda x: abs(x - width // 2)) if blanks else width // 2
    runs = _run_around(empty, at)
    return _pieces(crop[:, :runs]) + _pieces(crop[:, runs:])


def _run_around(empty: Any, at: int) -> int:
    """Return the middle of the widest blank run near ``at``, so that a cut falls between words, not letters."""
    best, start = (0, at), None
    for x in range(len(empty) // 4, 3 * len(empty) // 4):
        if empty[x] and start is None:
            start = x
        elif not empty[x] and start is not None:
            best = max(best, (x - start, (x + start) // 2))
            start = None
    return best[1]


def _by_tesseract(flat: Grey, tesseract: Any) -> list[tuple[tuple[int, int, int, int], tuple[Vote, ...]]]:
    import tesserocr
    from PIL import Image

    found: list[tuple[tuple[int, int, int, int], tuple[Vote, ...]]] = []
    with tesserocr.PyTessBaseAPI(path=str(tesseract.data), lang="vie", psm=tesserocr.PSM.AUTO) as api:
        api.SetVariable("debug_file", "/dev/null")
        api.SetImage(Image.fromarray(flat))
        api.SetSourceResolution(240)
        api.Recognize()
        walk = api.GetIterator()
        if walk is None:
            return []
        for line in tesserocr.iterate_level(walk, tesserocr.RIL.TEXTLINE):
            box = line.BoundingBox(tesserocr.RIL.TEXTLINE)
            text = " ".join((_text(line, tesserocr.RIL.TEXTLINE)).split())
            if box is None or not text:
                continue
            left, top, right, bottom = (int(v) for v in box)
            air = 4
            area = (
                max(0, left - 8),
                max(0, top - air),
                min(flat.shape[1], right + 8),
                min(flat.shape[0], bottom + air),
            )
            sure = float(line.Confidence(tesserocr.RIL.TEXTLINE)) / 100
            found.append((area, (Vote(TESSERACT, text, sure),)))
    return found


def _text(line: Any, level: Any) -> str:
    try:
        return str(line.GetUTF8Text(level))
    except RuntimeError:
        # tesserocr raises where a line holds no text.
        return ""
