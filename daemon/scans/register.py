"""Which printed page this is and how it lies: QR code, corner squares, homography; without a code, the look of the blank.

Positions are in millimetres on the form and pixels on the page. Reads no writing.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

from daemon.desk.form import FormLayout
from daemon.scans.picture import Grey, flatten, shrunk, whitened

Points = NDArray[np.float64]
PX_PER_MM = 300 / 25.4
_QR: Any = zxingcpp.BarcodeFormat.QRCode
# The first part is the office's own prefix, as the ticket's number has it (two capitals and digits at least).
_PAPER = re.compile(r"[A-Z][A-Z0-9]{1,11}\|([^|]{3,40})\|([^|]{1,40})\|(\d{1,4})")
_MATCHES_WANTED = 120


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code of ours: its text and its four corners on the page, clockwise from the code's own upper left."""

    text: str
    corners: Points


@dataclass(frozen=True, slots=True)
class Paper:
    """One of our own papers come back: ``PCBK|<ticket>|<kind>|<round>``."""

    ticket: str
    kind: str
    round: int


@dataclass(frozen=True, slots=True)
class Pose:
    """How a form lies: the 3 x 3 matrix from millimetres to pixels, the layout, the number, how it was found.

    ``error`` is the mean distance in mm by which the marks found miss their places; ``sure`` is False where only a few
    marks were found and every field must be checked.
    """

    layout: FormLayout
    number: str | None
    matrix: NDArray[np.float64]
    error: float
    sure: bool
    how: str


def codes(image: Grey) -> tuple[Code, ...]:
    """Return the QR codes of a page; a grainy, pale or small one is looked at again enlarged, smoothed and flattened."""
    found = _codes(image, 1.0)
    if not found:
        smooth = np.asarray(cv2.medianBlur(image, 3), np.uint8)
        found = _codes(smooth, 1.0) or _codes(_binary(smooth), 1.0)
    if not found and image.shape[1] < 2000:
        larger = cv2.resize(image, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        found = _codes(np.asarray(larger, np.uint8), 2.0)
    return found


def _codes(image: Grey, scale: float) -> tuple[Code, ...]:
    results = zxingcpp.read_barcodes(np.ascontiguousarray(image), formats=_QR)
    return tuple(Code(r.text, _corners(r.position) / scale) for r in results if r.text)


def _binary(image: Grey) -> Grey:
    flat = whitened(image)
    return np.where(flat < 128, 0, 255).astype(np.uint8)


def _corners(position: object) -> Points:
    names = ("top_left", "top_right", "bottom_right", "bottom_left")
    corners = [getattr(position, name) for name in names]
    return np.array([(p.x, p.y) for p in corners], dtype=np.float64)


def paper_of(found: Iterable[Code]) -> Paper | None:
    """Return which of our own papers a page is, None if no code says so."""
    for code in found:
        match = _PAPER.fullmatch(code.text.strip())
        if match:
            return Paper(match[1], match[2], int(match[3]))
    return None


def form_of(image: Grey, found: Sequence[Code], layouts: Sequence[FormLayout]) -> Pose | None:
    """Return how a known form lies on the page, None where the page is no known form."""
    for code in found:
        for layout in layouts:
            head, _, number = code.text.strip().rpartition("|")
            if layout.qr and head == f"{layout.id}|{layout.version}":
                return _by_code(image, code, layout, np.array(layout.qr.corners), number)
    if any(code.text.startswith(f"{layout.id}|") for code in found for layout in layouts):
        return None
    poses = [look for layout in layouts if layout.blank and (look := _by_look(image, layout))]
    return max(poses, key=lambda look: look[1])[0] if poses else None


def _by_code(image: Grey, code: Code, layout: FormLayout, corners: Points, number: str) -> Pose | None:
    start = _similarity(corners, code.corners)
    refined = _with_squares(image, layout, start, corners, code.corners) if layout.squares else None
    if refined is not None:
        matrix, error = refined
        return Pose(layout, number, matrix, error, True, "qr+squares")
    seen = _by_look(image, layout) if layout.blank else None
    if seen:
        look = seen[0]
        return Pose(layout, number, look.matrix, look.error, look.sure, look.how)
    return Pose(layout, number, start, 9.0, False, "qr")


def _similarity(mm: Points, px: Points) -> NDArray[np.float64]:
    """Return the turn, scale and shift that carries four points in mm onto four in pixels (least squares)."""
    a, b = mm - mm.mean(axis=0), px - px.mean(axis=0)
    za, zb = a[:, 0] + 1j * a[:, 1], b[:, 0] + 1j * b[:, 1]
    z = (za.conj() @ zb) / (za.conj() @ za)
    turn = np.array([[z.real, -z.imag], [z.imag, z.real]])
    shift = px.mean(axis=0) - turn @ mm.mean(axis=0)
    return np.array([[*turn[0], shift[0]], [*turn[1], shift[1]], [0, 0, 1]])


def project(matrix: NDArray[np.float64], points: Points) -> Points:
    """Return the points carried by a 3 x 3 matrix."""
    full = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(full[:, :2] / full[:, 2:], np.float64)


def _with_squares(
    image: Grey, layout: FormLayout, start: NDArray[np.float64], known_mm: Points, known_px: Points
) -> tuple[NDArray[np.float64], float] | None:
    """Return the homography through the corner squares, and its error in mm, judged by points already known."""
    targets = np.array([((r.left + r.right) / 2, (r.top + r.bottom) / 2) for r in layout.squares])
    scale = float(np.sqrt(abs(np.linalg.det(start[:2, :2]))))
    side = layout.squares[0].right - layout.squares[0].left
    blobs = _dark_squares(image, side * scale)
    if len(blobs) < 4:
        return None
    centre = known_mm.mean(axis=0)
    choices = []
    for target, guess in zip(targets, project(start, targets), strict=True):
        # A photographed page drifts from the QR's own scale and turn the more, the farther away the corner lies.
        reach = (4 + 0.16 * float(np.hypot(*(target - centre)))) * scale
        away = np.hypot(*(blobs - guess).T)
        choices.append([blobs[i] for i in np.argsort(away)[:7] if away[i] < reach])
    best: tuple[float, NDArray[np.float64]] | None = None
    for four in itertools.product(*choices):
        matrix = _exact(targets, np.array(four))
        if matrix is None:
            continue
        miss = float(np.hypot(*(project(matrix, known_mm) - known_px).T).mean()) / scale
        if best is None or miss < best[0]:
            best = (miss, matrix)
    if best is None or best[0] > 2.0:
        return None
    return best[1], best[0]


def _exact(mm: Points, px: Points) -> NDArray[np.float64] | None:
    if len({(round(x), round(y)) for x, y in px}) < 4:
        return None
    matrix = cv2.getPerspectiveTransform(mm.astype(np.float32), px.astype(np.float32))
    if not np.isfinite(matrix).all() or abs(matrix[2, 0]) > 0.002 or abs(matrix[2, 1]) > 0.002:
        return None
    return np.asarray(matrix, np.float64)


def _dark_squares(image: Grey, side: float) -> Points:
    """Return the centres of solid dark squares of about ``side`` pixels, found at a few of the page's own darknesses."""
    # 200 dpi are enough for the middle of a square, and labelling a larger page takes much memory.
    ratio = min(1.0, 1700 / min(image.shape))
    flat, side = flatten(shrunk(image, ratio)), side * ratio
    dark = float(np.percentile(flat[::3, ::3], 0.4))
    centres: list[tuple[float, float]] = []
    for share in (0.35, 0.6):
        mask = (flat < dark + share * (235 - dark)).astype(np.uint8)
        # Opening cuts thin strokes and fax streaks that touch a square.
        reach = max(1, round(side * 0.12))
        opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
        count, _, stats, middles = cv2.connectedComponentsWithStats(opened, connectivity=4)
        for n in range(1, count):
            _, _, width, height, area = stats[n]
            square = 0.6 * side < width < 1.7 * side and 0.6 * side < height < 1.7 * side
            if square and area > 0.45 * width * height and 0.45 * side**2 < area < 1.9 * side**2:
                centres.append((float(middles[n][0]), float(middles[n][1])))
    kept: list[tuple[float, float]] = []
    for centre in centres:
        if all(np.hypot(centre[0] - x, centre[1] - y) > side * 0.3 for x, y in kept):
            kept.append(centre)
    return np.array(kept, dtype=np.float64).reshape(-1, 2) / ratio


@lru_cache(maxsize=8)
def _blank_features(path: str, width_mm: float) -> tuple[Points, NDArray[np.uint8]]:
    blank = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
    if blank is None:
        raise FileNotFoundError(path)
    keys, words = _orb(np.asarray(blank, np.uint8), 1100)
    return keys * (width_mm / blank.shape[1]), words


def _orb(image: Grey, width: int) -> tuple[Points, NDArray[np.uint8]]:
    scale = width / min(image.shape)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    orb = cv2.ORB.create(nfeatures=3000, scaleFactor=1.25, nlevels=5, fastThreshold=12)
    keys, words = orb.detectAndCompute(small, None)
    if words is None:
        return np.zeros((0, 2)), np.zeros((0, 32), np.uint8)
    points = np.array([k.pt for k in keys], dtype=np.float64) / scale
    return points, np.asarray(words, np.uint8)


def _by_look(image: Grey, layout: FormLayout) -> tuple[Pose, int] | None:
    """Return the pose found by matching the page against the picture of the blank form, and how many spots agree."""
    mm, blank_words = _blank_features(str(layout.blank), layout.page[0])
    px, words = _orb(flatten(image), 1100)
    if len(px) < _MATCHES_WANTED:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(words, blank_words, k=2)
    good = [p[0] for p in pairs if len(p) == 2 and p[0].distance < 0.85 * p[1].distance and p[0].distance < 72]
    if len(good) < _MATCHES_WANTED:
        return None
    from_mm = np.array([mm[g.trainIdx] for g in good], np.float32)
    to_px = np.array([px[g.queryIdx] for g in good], np.float32)
    scale = min(image.shape) / layout.page[0]
    matrix, inside = cv2.findHomography(from_mm, to_px, cv2.RANSAC, 1.5 * scale)
    if matrix is None or int(inside.sum()) < _MATCHES_WANTED:
        return None
    hits = inside.ravel().astype(bool)
    found = np.asarray(matrix, np.float64)
    miss = float(np.hypot(*(project(found, from_mm[hits].astype(np.float64)) - to_px[hits]).T).mean()) / scale
    rough, agree = Pose(layout, None, found, miss, True, "look"), int(inside.sum())
    if not (layout.qr and layout.squares):
        return rough, agree
    corners = np.array(layout.qr.corners)
    refined = _with_squares(image, layout, rough.matrix, corners, project(rough.matrix, corners))
    return (Pose(layout, None, refined[0], refined[1], True, "look+squares") if refined else rough), agree


def upright(image: Grey, pose: Pose) -> Grey:
    """Return the form laid straight at 300 dpi: pixel = mm times ``PX_PER_MM``; nothing beyond the page is invented."""
    width, height = (round(side * PX_PER_MM) for side in pose.layout.page)
    scale = np.diag([1 / PX_PER_MM, 1 / PX_PER_MM, 1.0])
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    warped = cv2.warpPerspective(image, pose.matrix @ scale, (width, height), flags=flags, borderValue=255)
    return np.asarray(warped, np.uint8)
