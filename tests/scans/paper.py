"""Pages for the tests, drawn on the shipped blank with Pillow's own font: no font of the system is needed."""

import io
from pathlib import Path

import numpy as np
import qrcode
from PIL import Image, ImageDraw, ImageFont

from daemon.settings.forms import load_forms

ROOT = Path(__file__).parent.parent.parent
LAYOUT = load_forms(ROOT / "config" / "forms")[0]
DPI = 200
MM = DPI / 25.4
FILLED = {
    "name": "LE VAN HAI",
    "customer_code": "PA07CD4965924",
    "phone": "0362 756 132",
    "address": "To 6, xa Bang Lung",
    "meter": "4047289009",
    "date": "21/05/2026",
    "content": "De nghi thay cong to dien",
}


def blank() -> Image.Image:
    """Return the blank form at 200 dpi with a form number of its own."""
    page = Image.open(str(LAYOUT.blank)).convert("L").resize((1654, 2339), Image.Resampling.LANCZOS)
    page.paste(
        code(f"{LAYOUT.id}|{LAYOUT.version}|123456", 24), (round(LAYOUT.qr.left * MM), round(LAYOUT.qr.top * MM))
    )
    return page


def code(text: str, side_mm: float) -> Image.Image:
    """Return a QR code without a quiet zone, so and so many mm wide."""
    made = qrcode.QRCode(border=0, error_correction=qrcode.constants.ERROR_CORRECT_M)
    made.add_data(text.encode())
    side = round(side_mm * MM)
    return made.make_image().get_image().convert("L").resize((side, side), Image.Resampling.NEAREST)


def filled(values: dict[str, str] = FILLED, marks: tuple[str, ...] = ("incident_report", "phone")) -> Image.Image:
    """Return a filled form: ``marks`` are the values of the boxes crossed."""
    page = blank()
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(34)
    for cell in LAYOUT.cells:
        place = ((cell.rect.left + 3) * MM, (cell.rect.top + 1.5) * MM)
        draw.text(place, values.get(cell.field, ""), font=font, fill=20)
    for box in LAYOUT.boxes:
        if box.value in marks:
            cross(draw, box.rect)
    return page


def cross(draw: ImageDraw.ImageDraw, rect) -> None:
    """Cross a box with two strokes."""
    x0, y0, x1, y1 = (
        (v + d) * MM for v, d in zip((rect.left, rect.top, rect.right, rect.bottom), (1, 1, -1, -1), strict=True)
    )
    draw.line((x0, y0, x1, y1), fill=20, width=4)
    draw.line((x0, y1, x1, y0), fill=20, width=4)


def grey(page: Image.Image) -> np.ndarray:
    """Return a page as an array."""
    return np.array(page.convert("L"), dtype=np.uint8)


def tilted(page: Image.Image, angle: float) -> Image.Image:
    """Return a page turned by so many degrees."""
    return page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=250)


def saved(page: Image.Image, kind: str = "PNG", **options) -> bytes:
    """Return a picture as the bytes of a file."""
    out = io.BytesIO()
    page.save(out, kind, **options)
    return out.getvalue()
