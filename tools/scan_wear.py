"""What scanners, fax machines, coffee and telephones do to a page: grey pictures in, worn grey pictures out.

Used by make_scan_set.py only; every function takes its own random generator, so a set can be made again.
"""

from collections.abc import Callable
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]


def _u8(image: object) -> Grey:
    return np.clip(np.asarray(image), 0, 255).astype(np.uint8)


def scanned(image: Grey, luck: Random) -> Grey:
    """Return the page as a good scanner gives it: a little turned, shifted, scaled and soft, never pure white."""
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), luck.uniform(-0.25, 0.25), luck.uniform(0.995, 1.004))
    turn[:, 2] += [luck.uniform(-6, 6), luck.uniform(-6, 6)]
    moved = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_LINEAR, borderValue=250)
    moved = cv2.GaussianBlur(moved, (0, 0), luck.uniform(0.4, 0.9))
    grain = np.random.default_rng(luck.randrange(2**32)).normal(0, 1.5, moved.shape)
    return _u8(moved * 0.95 + 10 + grain)


def skew(image: Grey, luck: Random) -> Grey:
    """Turn the page by one to three degrees."""
    height, width = image.shape
    angle = luck.choice((-1, 1)) * luck.uniform(0.8, 3.0)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return _u8(cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=248))


def noise(image: Grey, luck: Random) -> Grey:
    """Add grain, dust and a few faint streaks."""
    rng = np.random.default_rng(luck.randrange(2**32))
    worn = image.astype(np.float32) * 0.9 + 14 + rng.normal(0, luck.uniform(10, 20), image.shape)
    for _ in range(luck.randint(2, 5)):
        x = luck.randrange(image.shape[1] - 2)
        worn[:, x : x + 2] -= luck.uniform(10, 40)
    dust = rng.random(image.shape) < 0.0012
    worn[dust] = rng.uniform(0, 255, int(dust.sum()))
    return _u8(worn)


def blur(image: Grey, luck: Random) -> Grey:
    """Put the page out of focus."""
    return _u8(cv2.GaussianBlur(image, (0, 0), luck.uniform(1.1, 1.8) * image.shape[1] / 1654))


def faint(image: Grey, luck: Random) -> Grey:
    """Take the contrast away, as a worn toner or grey paper does."""
    low, high = luck.uniform(95, 135), luck.uniform(185, 215)
    return _u8(low + image.astype(np.float32) * (high - low) / 255)


def jpeg(image: Grey, luck: Random) -> Grey:
    """Press the page into a small JPEG and take it out again."""
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, luck.randint(18, 35)])
    return _u8(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))


def fax(image: Grey, luck: Random) -> Grey:
    """Send the page by fax: 200 dpi, black or white, with specks and lost rows."""
    rng = np.random.default_rng(luck.randrange(2**32))
    rough = image.astype(np.float32) + rng.normal(0, 18, image.shape)
    black = np.where(rough < luck.uniform(135, 175), 0, 255).astype(np.uint8)
    black[rng.random(image.shape) < 0.0015] = 0
    for _ in range(luck.randint(0, 3)):
        row = luck.randrange(image.shape[0] - 3)
        black[row : row + 1] = 255
    return black


def upside(image: Grey, luck: Random) -> Grey:
    """Lay the page on its head."""
    return np.ascontiguousarray(image[::-1, ::-1])


def sideways(image: Grey, luck: Random) -> Grey:
    """Lay the page on its side."""
    return np.ascontiguousarray(np.rot90(image, luck.choice((1, 3))))


def stain(image: Grey, luck: Random) -> Grey:
    """Spill coffee: a ring and a blot that darken but do not hide."""
    height, width = image.shape
    shade = np.zeros(image.shape, np.float32)
    for _ in range(luck.randint(1, 3)):
        middle = (luck.randrange(width // 6, width), luck.randrange(height // 8, height * 3 // 4))
        size = luck.randint(width // 14, width // 6)
        cv2.circle(shade, middle, size, luck.uniform(20, 60), luck.choice((-1, width // 90)))
    shade = cv2.GaussianBlur(shade, (0, 0), width / 250)
    return _u8(image.astype(np.float32) - shade)


def phone(image: Grey, luck: Random) -> Grey:
    """Photograph the page on a table: perspective, a slight curl, a shadow, grain, JPEG."""
    height, width = 2800, 2100
    rng = np.random.default_rng(luck.randrange(2**32))
    table = cv2.GaussianBlur(rng.normal(70, 40, (height, width)).astype(np.float32), (0, 0), 6, sigmaY=0.8)
    paper = cv2.resize(_curled(image, luck), (1600, 2263), interpolation=cv2.INTER_AREA)
    corners = np.array([[0, 0], [1600, 0], [1600, 2263], [0, 2263]], np.float32)
    drift = [(luck.uniform(-85, 85), luck.uniform(-70, 70)) for _ in range(4)]
    goal = corners + np.array([250, 270]) + np.array(drift)
    matrix = cv2.getPerspectiveTransform(corners, goal.astype(np.float32))
    photo = cv2.warpPerspective(paper, matrix, (width, height), flags=cv2.INTER_CUBIC)
    inside = cv2.warpPerspective(np.full_like(paper, 255), matrix, (width, height))
    photo = np.where(inside > 127, photo, _u8(table)).astype(np.float32)
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    light = 0.86 + luck.uniform(-0.16, 0.16) * across + luck.uniform(-0.12, 0.12) * down
    soft = cv2.GaussianBlur(photo * light, (0, 0), luck.uniform(0.5, 1.1)) + rng.normal(0, 2.5, photo.shape)
    _, data = cv2.imencode(".jpg", _u8(soft), [cv2.IMWRITE_JPEG_QUALITY, luck.randint(60, 88)])
    return _u8(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))


def _curled(image: Grey, luck: Random) -> Grey:
    height, width = image.shape
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    swing = luck.uniform(-0.0022, 0.0022) * width
    bent = down + swing * np.sin(across / width * np.pi * luck.choice((1, 1.5))).astype(np.float32)
    return _u8(cv2.remap(image, across, bent.astype(np.float32), cv2.INTER_LINEAR, borderValue=250))


WEAR: dict[str, Callable[[Grey, Random], Grey]] = {
    "clean": lambda image, luck: image,
    "skew": skew,
    "noise": noise,
    "blur": blur,
    "faint": faint,
    "jpeg": jpeg,
    "fax": fax,
    "rot180": upside,
    "rot90": sideways,
    "stain": stain,
    "phone": phone,
}
