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


def tilt(image: Grey, luck: Random) -> Grey:
    """Feed the page slanting, by three to seven degrees."""
    height, width = image.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), luck.choice((-1, 1)) * luck.uniform(3.0, 7.0), 0.97)
    return _u8(cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=luck.choice((90, 250))))


def copier(image: Grey, luck: Random) -> Grey:
    """Copy the page: printed at 96 to 98 %, shifted, one side longer than the other, a dark edge, blacker print."""
    height, width = image.shape
    across, down = luck.uniform(0.96, 0.985), luck.uniform(0.96, 0.985)
    shift = (luck.uniform(0, 0.03) * width, luck.uniform(0, 0.02) * height)
    moved = cv2.warpAffine(
        image,
        np.array([[across, 0.004 * luck.uniform(-1, 1), shift[0]], [0, down, shift[1]]], np.float32),
        (width, height),
        flags=cv2.INTER_AREA,
        borderValue=245,
    ).astype(np.float32)
    edge = luck.randint(width // 120, width // 50)
    if luck.random() < 0.5:
        moved[:, -edge:] *= np.linspace(1, 0.15, edge)
    else:
        moved[:, :edge] *= np.linspace(0.15, 1, edge)
    return _u8(255 - (255 - moved) * luck.uniform(1.0, 1.35))


def pale(image: Grey, luck: Random) -> Grey:
    """Print with hardly any toner: the paper stays white, the print is light grey and uneven."""
    rng = np.random.default_rng(luck.randrange(2**32))
    cloud = cv2.GaussianBlur(
        rng.normal(0, 1, (image.shape[0] // 8, image.shape[1] // 8)).astype(np.float32), (0, 0), 12
    )
    cloud = cv2.resize(cloud / max(1e-6, float(cloud.std())), (image.shape[1], image.shape[0]))
    strength = np.clip(luck.uniform(0.3, 0.48) + 0.05 * cloud, 0.2, 0.8)
    return _u8(250 - (255 - image.astype(np.float32)) * strength + rng.normal(0, 2, image.shape))


def lowfax(image: Grey, luck: Random) -> Grey:
    """Send the page by fax at the coarse setting: half as many rows, each sent twice by the receiver's printer."""
    height, width = image.shape
    rows = cv2.resize(image, (width, height // 2), interpolation=cv2.INTER_AREA)
    rough = rows.astype(np.float32) + np.random.default_rng(luck.randrange(2**32)).normal(0, 10, rows.shape)
    black = np.where(rough < luck.uniform(150, 185), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(black, 2, axis=0))


def folded(image: Grey, luck: Random) -> Grey:
    """Fold the sheet into thirds and out again: a crease and a step of shade at each fold, and holes for the file."""
    height, width = image.shape
    worn = image.astype(np.float32)
    for share in (luck.uniform(0.3, 0.36), luck.uniform(0.63, 0.69)):
        row = round(share * height)
        worn[row:] -= luck.uniform(-9, 9)
        wide = max(2, height // 700)
        worn[row : row + wide] -= luck.uniform(15, 55)
        worn[row + wide : row + 3 * wide] += luck.uniform(0, 20)
    if luck.random() < 0.6:
        side = round(8 / 210 * width)
        for share in (0.365, 0.635):
            cv2.circle(worn, (side, round(share * height)), round(2.8 / 210 * width), 20, -1)
    return _u8(worn)


def through(image: Grey, luck: Random) -> Grey:
    """Let the other side of thin paper shine through: the page's own print, mirrored, softened."""
    back = cv2.GaussianBlur(image[:, ::-1], (0, 0), image.shape[1] / 900).astype(np.float32)
    back = np.roll(back, (luck.randint(20, 90), luck.randint(-30, 30)), axis=(0, 1))
    return _u8(image.astype(np.float32) - (255 - back) * luck.uniform(0.08, 0.2) + luck.uniform(-6, 0))


def smudged(image: Grey, luck: Random) -> Grey:
    """Wipe over the page with an inky thumb and correct with white fluid beside the writing."""
    height, width = image.shape
    shade = np.zeros(image.shape, np.float32)
    for _ in range(luck.randint(2, 5)):
        x, y = luck.randrange(width), luck.randrange(height)
        axes = (luck.randint(width // 60, width // 18), luck.randint(width // 120, width // 50))
        cv2.ellipse(shade, (x, y), axes, luck.uniform(0, 180), 0, 360, luck.uniform(25, 80), -1)
    return _u8(image.astype(np.float32) - cv2.GaussianBlur(shade, (0, 0), width / 150))


def snapshot(image: Grey, luck: Random) -> Grey:
    """Photograph the page in bad light: farther aslant, on a light table, the hand's shadow across it, a little shaken."""
    height, width = 2900, 2200
    rng = np.random.default_rng(luck.randrange(2**32))
    tone = luck.choice((150, 175, 60))
    table = cv2.GaussianBlur(rng.normal(tone, 25, (height, width)).astype(np.float32), (0, 0), 9, sigmaY=2)
    paper = cv2.resize(_curled(image, luck), (1650, 2334), interpolation=cv2.INTER_AREA)
    corners = np.array([[0, 0], [1650, 0], [1650, 2334], [0, 2334]], np.float32)
    lean = luck.uniform(0, 0.09) * 1650
    drift = np.array([[lean, luck.uniform(0, 90)], [-lean, luck.uniform(0, 90)], [0, 0], [0, 0]]) + [
        [luck.uniform(-60, 60), luck.uniform(-60, 60)] for _ in range(4)
    ]
    goal = (corners + np.array([275, 270]) + drift).astype(np.float32)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), luck.uniform(-6, 6), 0.94)
    matrix = np.vstack([turn, [0, 0, 1]]) @ cv2.getPerspectiveTransform(corners, goal)
    photo = cv2.warpPerspective(paper, matrix, (width, height), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full_like(paper, 255), matrix, (width, height))
    photo = np.where(inside > 127, photo, _u8(table)).astype(np.float32)
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    edge = across * np.cos(angle := luck.uniform(0, 6.28)) + down * np.sin(angle) - luck.uniform(-0.3, 0.6)
    shadow = 1 - luck.uniform(0.2, 0.45) / (1 + np.exp(-edge / luck.uniform(0.02, 0.12)))
    blurred = cv2.GaussianBlur(photo * shadow * 0.92, (0, 0), luck.uniform(0.6, 1.2))
    shaken = cv2.blur(blurred, (luck.choice((1, 3)), luck.choice((1, 3)))) + rng.normal(0, 4, photo.shape)
    _, data = cv2.imencode(".jpg", _u8(shaken), [cv2.IMWRITE_JPEG_QUALITY, luck.randint(45, 80)])
    return _u8(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE))


def twice(image: Grey, luck: Random) -> Grey:
    """Wear the page in two ways, one after the other."""
    first, second = luck.choice((skew, stain, folded, through, copier)), luck.choice((fax, noise, faint, blur, jpeg))
    return second(first(image, luck), luck)


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
    "tilt": tilt,
    "copier": copier,
    "pale": pale,
    "lowfax": lowfax,
    "folded": folded,
    "through": through,
    "smudged": smudged,
    "snapshot": snapshot,
    "twice": twice,
}
PHOTOS = frozenset(("phone", "snapshot"))
