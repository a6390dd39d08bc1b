"""How a hand or a machine puts words and marks on paper: every word drawn a little differently, so that no two are alike.

Used by make_scan_set.py only. Pages are 8-bit grey at 300 dpi; positions are pixels, the origin at the upper left.
"""

from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from daemon.desk.form import Rect

DPI = 300
MM = DPI / 25.4
Grey = NDArray[np.uint8]
MARKS = ("glyph", "x", "smallx", "tick", "fill", "longtick", "slash", "circle")


@dataclass(frozen=True, slots=True)
class Hand:
    """How something is written: the font's file, its size in points, the darkness of the ink, and a name for truth.

    ``wild`` is how far words are bent, leant and scaled (0: as the font has them; 1: a hasty hand); ``pen`` thickens
    (positive) or thins the strokes, in pixels.
    """

    font: str
    size: float
    ink: int
    fill: str
    wild: float = 0.0
    pen: float = 0.0

    def face(self) -> ImageFont.FreeTypeFont:
        """Return the font at 300 dpi, scaled so that all hands write about equally large."""
        face = ImageFont.truetype(self.font, 100)
        box = face.getbbox("xnoeau")
        wanted = self.size * DPI / 72 * (0.46 if self.fill == "typed" else 0.44)
        return ImageFont.truetype(self.font, max(12, round(100 * wanted / max(1, box[3] - box[1]))))

    def of(self, font: str) -> "Hand":
        """Return the same hand with another cut of its font, such as the bold one."""
        return replace(self, font=font)


def write(
    page: Grey, at: tuple[float, float], words: str, face: ImageFont.FreeTypeFont, hand: Hand, luck: Random
) -> None:
    """Write one line with its upper left at ``at``; a wild hand bends every word for itself."""
    if hand.wild <= 0:
        _print(page, at, words, face, hand.ink)
        return
    x, y = at
    drift = luck.uniform(-0.012, 0.012) * hand.wild
    for word in words.split(" "):
        if word:
            ink = _bent(_drawn(word, face), face.size, hand, luck)
            lift = drift * (x - at[0]) + luck.uniform(-0.05, 0.05) * hand.wild * face.size
            _laid(page, ink, x - face.size, y + lift - face.size, hand.ink)
        x += face.getlength(f"{word} ") * luck.uniform(1 - 0.03 * hand.wild, 1 + 0.05 * hand.wild)


def _print(page: Grey, at: tuple[float, float], words: str, face: ImageFont.FreeTypeFont, ink: int) -> None:
    picture = Image.fromarray(page)
    ImageDraw.Draw(picture).text(at, words, font=face, fill=ink)
    page[:] = np.asarray(picture, np.uint8)


def _drawn(word: str, face: ImageFont.FreeTypeFont) -> Grey:
    """Return the ink (255 is full) of a word with room of one font size around it."""
    room = round(face.size)
    width = round(face.getlength(word)) + 2 * room
    picture = Image.new("L", (width, round(face.size * 1.6) + 2 * room), 0)
    ImageDraw.Draw(picture).text((room, room), word, font=face, fill=255)
    return np.asarray(picture, np.uint8)


def _bent(ink: Grey, size: float, hand: Hand, luck: Random) -> Grey:
    """Return the ink leant, turned, stretched, rippled, pressed unevenly, its strokes made thicker or thinner."""
    height, width = ink.shape
    wild = hand.wild
    rng = np.random.default_rng(luck.randrange(2**32))
    lean = luck.uniform(-0.12, 0.12) * wild
    turn = np.radians(luck.uniform(-1.6, 1.6) * wild)
    wide, tall = (luck.uniform(1 - 0.06 * wild, 1 + 0.06 * wild) for _ in range(2))
    across, down = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    x, y = (across - width / 2) / wide, (down - height / 2) / tall
    x, y = x + lean * y, y + np.float32(np.tan(turn)) * x
    reach = 0.35 * size
    ripple = [
        cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), max(2.0, reach)) for _ in range(2)
    ]
    strength = 0.022 * size * wild
    moves = [strength * each / max(1e-6, float(each.std())) for each in ripple]
    bent = cv2.remap(
        ink,
        (x + width / 2 + moves[0]).astype(np.float32),
        (y + height / 2 + moves[1]).astype(np.float32),
        cv2.INTER_LINEAR,
    )
    if hand.pen:
        soft = cv2.GaussianBlur(bent, (0, 0), 0.8 + abs(hand.pen)).astype(np.float32)
        middle = 127.5 - 70 * np.clip(hand.pen, -1, 1)
        bent = np.clip((soft - middle) * 3 + 127.5, 0, 255).astype(np.uint8)
    press = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), max(2.0, 0.5 * size))
    press = 0.9 + 0.09 * wild * press / max(1e-6, float(press.std()))
    return np.clip(bent * np.clip(press, 0.6, 1.0), 0, 255).astype(np.uint8)


def _laid(page: Grey, ink: Grey, x: float, y: float, shade: int) -> None:
    """Lay ink on the page; what hangs over the edge is lost."""
    left, top = round(x), round(y)
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(page.shape[1], left + ink.shape[1]), min(page.shape[0], top + ink.shape[0])
    if x1 <= x0 or y1 <= y0:
        return
    part = ink[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.float32) / 255
    under = page[y0:y1, x0:x1].astype(np.float32)
    page[y0:y1, x0:x1] = np.minimum(under, under * (1 - part) + shade * part).astype(np.uint8)


def mark(page: Grey, rect: Rect, style: str, hand: Hand, luck: Random) -> None:
    """Mark a box in one of the ``MARKS``; ``rect`` is in mm."""
    picture = Image.fromarray(page)
    draw = ImageDraw.Draw(picture)
    x0, y0, x1, y1 = (v * MM for v in (rect.left, rect.top, rect.right, rect.bottom))
    pen = max(2, round({"glyph": 0.25, "fill": 0.5}.get(style, luck.uniform(0.22, 0.5)) * MM))
    if style == "circle":
        _circle(draw, (x0, y0, x1, y1), pen, hand.ink, luck)
    elif style == "fill":
        for n in range(7):
            y = y0 + 0.3 * MM + n * (y1 - y0 - 0.6 * MM) / 6
            draw.line((x0 + 0.3 * MM, y, x1 - 0.3 * MM, y + luck.uniform(-0.4, 0.4) * MM), fill=hand.ink, width=pen)
    else:
        for line in _strokes(style, (x0, y0, x1, y1), luck):
            draw.line(line, fill=hand.ink, width=pen)
    page[:] = np.asarray(picture, np.uint8)


Box = tuple[float, float, float, float]


def _strokes(style: str, box: Box, luck: Random) -> list[Box]:
    x0, y0, x1, y1 = box
    if style == "tick":
        low = (x0 + 1.6 * MM, y1 - 0.5 * MM)
        return [(x0 + 0.6 * MM, y0 + 2 * MM, *low), (*low, x1 + 0.6 * MM, y0 - 0.4 * MM)]
    if style == "longtick":
        # Written in one go over the edge: it ends beside or above the box, not in it.
        low = (x0 + luck.uniform(1.2, 2.2) * MM, y1 - luck.uniform(0.2, 0.9) * MM)
        start = (x0 - luck.uniform(0.2, 1.2) * MM, y0 + luck.uniform(1.4, 2.4) * MM)
        return [(*start, *low), (*low, x1 + luck.uniform(0.8, 2.2) * MM, y0 - luck.uniform(0.6, 2.2) * MM)]
    if style == "slash":
        return [(x0 - luck.uniform(0, 0.8) * MM, y1 + luck.uniform(0, 0.8) * MM, x1 + 0.4 * MM, y0 - 0.4 * MM)]
    inset = {"glyph": 0.9, "x": luck.uniform(-0.7, 0.5), "smallx": 1.1}[style] * MM
    a, b = (luck.uniform(-0.3, 0.3) * MM if style == "x" else 0.0 for _ in range(2))
    return [
        (x0 + inset, y0 + inset + a, x1 - inset, y1 - inset),
        (x0 + inset + b, y1 - inset, x1 - inset, y0 + inset + a),
    ]


def _circle(draw: ImageDraw.ImageDraw, box: Box, pen: int, ink: int, luck: Random) -> None:
    """Draw a ring by hand around a box, not quite closed, not quite round."""
    x, y = (box[0] + box[2]) / 2 + luck.uniform(-0.5, 0.5) * MM, (box[1] + box[3]) / 2 + luck.uniform(-0.4, 0.4) * MM
    wide, tall = luck.uniform(3.2, 4.6) * MM, luck.uniform(2.8, 3.6) * MM
    angles = np.linspace(luck.uniform(-2, -1), luck.uniform(4.6, 5.4), 60)
    spiral = np.linspace(1.0, luck.uniform(1.02, 1.15), 60)
    points = [(x + wide * s * np.cos(a), y + tall * s * np.sin(a)) for a, s in zip(angles, spiral, strict=True)]
    draw.line(points, fill=ink, width=pen, joint="curve")


def wrapped(words: str, face: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Return the words broken into lines of at most ``width`` pixels."""
    lines, line = [], ""
    for word in words.split():
        if line and face.getlength(f"{line} {word}") > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]
