"""File bytes to grey pages the way round they were scanned, one at a time. Does not read what stands on them."""

import contextlib
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from daemon.desk.trouble import Refused
from daemon.scans.sniff import PDF, kind_of

Grey = NDArray[np.uint8]
RENDER_DPI = 300
_TURN = 0x0112  # the orientation of EXIF; 5 and above lie on their side
_FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP")


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused or made smaller: bytes of the file, pages, pixels of a picture, pixels of a page worked on."""

    file_bytes: int = 200_000_000
    pages: int = 300
    picture_pixels: int = 150_000_000
    page_pixels: int = 12_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page in 8-bit grey (0 is black); ``number`` counts from 1, ``count`` is that of the file."""

    number: int
    count: int
    image: Grey


# What Pillow raises on broken pictures: some of it by design, some because a number in the file was believed.
_BROKEN = (
    *(UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError),
    *(TypeError, LookupError, AttributeError, ArithmeticError, struct.error, RuntimeError, MemoryError),
)


def open_pages(path: Path, limits: Limits | None = None) -> Iterator[Page]:
    """Yield the pages of a PDF, TIFF, JPEG, PNG, BMP, GIF or WebP; the content decides, not the file's name.

    Raises ``Refused`` with the reason and what to do: empty, too large, too many pages, with a password, cut off,
    damaged, or no picture at all. Nothing is yielded before the number of pages is known to be within the limits.
    """
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise Refused(f"{path.name}: tệp rỗng (0 byte); hãy quét hoặc chép lại")
    if size > limits.file_bytes:
        raise Refused(f"{path.name}: tệp quá lớn ({size // 1_000_000} MB); hãy quét lại ở 300 dpi, đen trắng hoặc xám")
    kind, why = kind_of(path)
    if kind is None:
        raise Refused(f"{path.name}: {why}")
    yield from _pdf_pages(path, limits) if kind == PDF else _picture_pages(path, limits)


def _too_many(name: str, count: int, limits: Limits) -> Refused:
    return Refused(
        f"{name}: tệp có {count} trang, nhiều hơn {limits.pages} trang cho phép; hãy tách thành nhiều tệp, mỗi tệp một phiếu"
    )


def _pdf_pages(path: Path, limits: Limits) -> Iterator[Page]:
    try:
        document = pdfium.PdfDocument(str(path))
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused(
                f"{path.name}: tệp PDF có mật khẩu; hãy mở bằng mật khẩu, in lại ra PDF không khóa rồi thả vào lại"
            ) from error
        raise Refused(f"{path.name}: tệp PDF bị hỏng hoặc bị cụt, không mở được; hãy quét hoặc gửi lại") from error
    with contextlib.closing(document):
        count = len(document)
        if count == 0:
            raise Refused(f"{path.name}: tệp PDF không có trang nào (có thể bị cụt); hãy quét hoặc gửi lại")
        if count > limits.pages:
            raise _too_many(path.name, count, limits)
        for number in range(count):
            yield Page(number + 1, count, _pdf_page(path.name, document, number, limits))


def _pdf_page(name: str, document: Any, number: int, limits: Limits) -> Grey:
    try:
        with contextlib.closing(document[number]) as page:
            embedded = _embedded(page, limits)
            return embedded if embedded is not None else _rendered(page, RENDER_DPI, limits)
    except (pdfium.PdfiumError, ValueError, OSError) as error:
        raise Refused(f"{name}: trang {number + 1} bị hỏng, không mở được; hãy quét hoặc gửi lại") from error


def _rendered(page: Any, dpi: float, limits: Limits) -> Grey:
    width, height = page.get_size()
    scale = min(dpi / 72, math.sqrt(limits.page_pixels / max(1.0, width * height)))
    pixels = page.render(scale=scale, grayscale=True).to_numpy()
    return np.array(pixels[..., 0] if pixels.ndim == 3 else pixels, dtype=np.uint8)


def _embedded(page: Any, limits: Limits) -> Grey | None:
    """Return the scanned picture itself where the page is nothing but that picture, upright as the page is shown.

    Taking it saves a resampling. Masks, odd colour spaces and turned pictures are left to rendering: the picture is
    only taken if it looks like a small rendering of the page.
    """
    pictures = [o for o in page.get_objects(max_depth=3) if o.type == pdfium.raw.FPDF_PAGEOBJ_IMAGE]
    if len(pictures) != 1:
        return None
    a, b, c, d, _, _ = pictures[0].get_matrix().get()
    width, height = page.get_mediabox()[2] - page.get_mediabox()[0], page.get_mediabox()[3] - page.get_mediabox()[1]
    if b or c or a < 0.9 * width or d < 0.9 * height:
        return None
    across, down = pictures[0].get_px_size()
    if not 400_000 <= across * down <= limits.page_pixels:
        return None
    try:
        image = _grey(pictures[0].get_bitmap(render=False).to_pil())
    except (pdfium.PdfiumError, ValueError, OSError, KeyError):
        return None
    image = _square(image, across / a, down / d)
    image = np.ascontiguousarray(np.rot90(image, -page.get_rotation() // 90))
    return image if _alike(image, _rendered(page, 40, limits)) else None


def _square(image: Grey, across: float, down: float) -> Grey:
    """Return a picture of unlike resolutions, such as a coarse fax (204 x 98 dpi), stretched to the finer one."""
    if not (across > 0 and down > 0 and abs(across / down - 1) > 0.05 and 0.3 < across / down < 3.4):
        return image
    height, width = image.shape
    finer = max(across, down)
    size = (round(width * finer / across), round(height * finer / down))
    return np.array(Image.fromarray(image).resize(size, Image.Resampling.BICUBIC), dtype=np.uint8)


def _alike(image: Grey, small: Grey) -> bool:
    height, width = small.shape
    mine = np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BOX), dtype=np.int16)
    return float(np.abs(mine - small.astype(np.int16)).mean()) < 12


def _picture_pages(path: Path, limits: Limits) -> Iterator[Page]:
    broken = Refused(f"{path.name}: ảnh bị hỏng hoặc bị cụt, không mở được; hãy quét, chụp hoặc gửi lại")
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            # A phone's MPO holds previews, not pages.
            count = 1 if picture.format == "MPO" else int(getattr(picture, "n_frames", 1))
            if count > limits.pages:
                raise _too_many(path.name, count, limits)
            for number in range(count):
                if number:
                    picture.seek(number)
                if picture.width * picture.height > limits.picture_pixels:
                    raise Refused(
                        f"{path.name}: ảnh quá lớn ({picture.width} x {picture.height} điểm); hãy quét lại ở 300 dpi"
                    )
                yield Page(number + 1, count, _decoded(picture, limits))
    except _BROKEN as error:
        raise broken from error


def _decoded(picture: Image.Image, limits: Limits) -> Grey:
    ratio = math.sqrt(picture.width * picture.height / limits.page_pixels)
    if ratio > 1:
        # For JPEG the decoder itself leaves pixels out: a 48-megapixel photo never stands in memory.
        picture.draft("L", (math.ceil(picture.width / ratio), math.ceil(picture.height / ratio)))
    turned = ImageOps.exif_transpose(picture)
    ratio = math.sqrt(turned.width * turned.height / limits.page_pixels)
    grey = Image.fromarray(_grey(turned))
    if ratio > 1:
        grey = grey.resize((int(grey.width / ratio), int(grey.height / ratio)), Image.Resampling.BOX)
    pixels = np.array(grey, dtype=np.uint8)
    if picture.format != "TIFF":
        return pixels
    across, down = (float(dots) for dots in picture.info.get("dpi", (1, 1)))
    lying = picture.getexif().get(_TURN, 1) >= 5
    return _square(pixels, down, across) if lying else _square(pixels, across, down)


def _grey(picture: Image.Image) -> Grey:
    if picture.mode in ("I;16", "I;16B", "I;16L", "I"):
        return (np.asarray(picture).astype(np.uint32) >> 8).clip(0, 255).astype(np.uint8)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture)
    return np.array(picture.convert("L"), dtype=np.uint8)
