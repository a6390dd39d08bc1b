"""The child process that draws a page: ``python -m daemon.console.draw count|draw FILE FOLDER PAGE WIDTH``."""

import contextlib
import sys
from pathlib import Path

MOST_MEMORY = 1_500_000_000
MOST_PIXELS = 120_000_000


def main(what: str, source: Path, folder: Path, page: int, width: int) -> int:
    """Print the number of pages, or draw one page as PNG into the folder."""
    _limit()
    with source.open("rb") as file:
        is_pdf = file.read(5) == b"%PDF-"
    if what == "count":
        print(_count(source, is_pdf))
        return 0
    picture = _pdf_page(source, page, width) if is_pdf else _frame(source, page, width)
    beside = folder / f"{page}.part"
    picture.save(beside, "PNG", optimize=False)
    beside.replace(folder / f"{page}.png")
    return 0


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (25, 25))


def _count(source: Path, is_pdf: bool) -> int:
    if is_pdf:
        import pypdfium2

        return len(pypdfium2.PdfDocument(source))
    return int(getattr(_opened(source), "n_frames", 1))


def _pdf_page(source: Path, page: int, width: int):
    import pypdfium2

    sheet = pypdfium2.PdfDocument(source)[page - 1]
    return sheet.render(scale=min(4.0, width / sheet.get_width())).to_pil()


def _frame(source: Path, page: int, width: int):
    from PIL import ImageOps

    picture = _opened(source)
    picture.seek(page - 1)
    upright = ImageOps.exif_transpose(picture).convert("L" if picture.mode in ("1", "L") else "RGB")
    upright.thumbnail((width, width * 3))
    return upright


def _opened(source: Path):
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    return Image.open(source)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])))
