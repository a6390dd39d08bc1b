"""Small picture work that several parts need: flattening, ink, noise, skew. All pictures are 8-bit grey arrays."""

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Mask = NDArray[np.uint8]


def flatten(image: Grey, cell: int = 8) -> Grey:
    """Return the picture with its background made white: shade, stains and folds go, ink keeps its contrast.

    The background is what remains of a copy ``cell`` times smaller when everything thinner than about 5 mm at 300 dpi
    is closed; the page is divided by it.
    """
    height, width = image.shape
    small = cv2.resize(image, (max(1, width // cell), max(1, height // cell)), interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    ground = cv2.resize(cv2.medianBlur(closed, 5), (width, height), interpolation=cv2.INTER_LINEAR)
    flat = cv2.divide(image, ground, scale=255.0)
    return np.asarray(flat, dtype=np.uint8)


def whitened(image: Grey, cell: int = 8) -> Grey:
    """Return the picture flattened, with its darkest print at black: grey paper and worn toner become clear again."""
    flat = flatten(image, cell)
    dark = min(200.0, float(np.percentile(flat[::3, ::3], 0.35)))
    return np.asarray(cv2.convertScaleAbs(255 - flat, alpha=255 / (255 - dark)), np.uint8) ^ np.uint8(255)


def shrunk(image: Grey, scale: float) -> Grey:
    """Return the picture ``scale`` times its size; one that would grow is returned as it is."""
    if scale >= 1:
        return image
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def ink(image: Grey, cut: int = 150) -> Mask:
    """Return 1 where a flattened picture is darker than ``cut``."""
    return (image < cut).astype(np.uint8)


def noise(image: Grey) -> float:
    """Return the grain of a page where nothing is written, as a standard deviation with print at 0 and paper at 255."""
    inner = image[image.shape[0] // 10 : -image.shape[0] // 10 : 2, image.shape[1] // 10 : -image.shape[1] // 10]
    rest = inner.astype(np.int16) - cv2.medianBlur(inner, 5)
    dark, light = np.percentile(inner[::2, ::2], (0.4, 60))
    # The mean, not the median: on a page saved as JPEG most differences are 0 whatever the grain.
    paper = np.abs(rest[(inner > dark + 0.7 * (light - dark))])
    return float(1.25 * paper.mean() * 255 / max(40.0, light - dark)) if paper.size else 0.0


def without_specks(mask: Mask, area: int) -> Mask:
    """Return the mask without connected spots smaller than ``area`` pixels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    keep = np.zeros(count, np.uint8)
    keep[1:] = stats[1:, cv2.CC_STAT_AREA] >= area
    return np.asarray(keep[labels], np.uint8)


def skew(image: Grey, reach: float = 8.0) -> float:
    """Return the tilt of the text lines in degrees, positive when they fall to the right; within +-``reach``."""
    small = shrunk(image, 800 / max(image.shape))
    mask = (whitened(small, 4) < 170).astype(np.uint8)
    # Half the size is enough to find the neighbourhood, at a quarter of the work.
    coarse = (cv2.resize(mask * np.uint8(255), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) > 60).astype(
        np.uint8
    )
    best = _best_angle(coarse, np.arange(-reach, reach + 0.1, 0.5))
    return _best_angle(mask, np.arange(best - 0.5, best + 0.51, 0.1))


def _best_angle(mask: Mask, angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda angle: _sharpness(rotated(mask, float(angle), 0))))


def _sharpness(mask: Mask) -> float:
    rows = mask.sum(axis=1, dtype=np.float64)
    return float((np.diff(rows) ** 2).sum())


def rotated(image: Grey, angle: float, paper: int = 255) -> Grey:
    """Return the picture turned by ``angle`` degrees against the fall of its lines, same size, gaps in ``paper``."""
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    flags = cv2.INTER_CUBIC if paper else cv2.INTER_NEAREST
    return np.asarray(cv2.warpAffine(image, turn, (width, height), flags=flags, borderValue=paper), np.uint8)
