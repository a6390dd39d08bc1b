"""Make the scans that ``motcua demo`` plays with: papers filled in by invented people, as a scanner gives them.

    make_demo_data.py --fonts FOLDER             writes daemon/demo/data/*.jpg, .png, .tif, .pdf; needs LibreOffice
    make_demo_data.py --signed ANSWER.docx       writes the page of a signed letter out of a demo already played

What stands on each paper is told in daemon/demo/data/script.toml (``[scenes.paper]``). FOLDER holds the .ttf files of the
hands named there; none are shipped. The signed page has a white place where the demo prints the ticket's own QR code.
"""

import argparse
import subprocess
import tempfile
import tomllib
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
import pypdfium2 as pdfium
import zxingcpp
from make_scan_set import TYPED, Maker, _view
from PIL import Image, ImageDraw
from scan_hand import DPI, Grey, Hand
from scan_people import WANTS
from scan_wear import WEAR, scanned

DATA = Path(__file__).parent.parent / "daemon" / "demo" / "data"
SEED = 821
SHIPPED_DPI = 150


class PaperMaker(Maker):
    """Fills one paper of the script instead of inventing a person."""

    def __init__(self, paper: dict[str, Any], fonts: Path) -> None:
        """Prepare for one paper; ``fonts`` holds its hand."""
        super().__init__(DATA, SEED + sum(map(ord, paper.get("name", ""))), [], TYPED)
        self.paper, self.fonts = paper, fonts

    def person(self) -> dict[str, Any]:
        """Return what the script says."""
        phone = self.paper["phone"]
        return self.paper | {"phone_written": f"{phone[:4]} {phone[4:7]} {phone[7:]}"}

    def own_hand(self) -> Hand:
        """Return the way of writing that the script names."""
        name = self.paper.get("hand", "typed")
        if name == "typed":
            return Hand(TYPED[0], 12.5, 20, "typed")
        return Hand(str(self.fonts / f"{name}.ttf"), 14, 40, "handwriting-font")

    def page(self) -> Grey:
        """Return the paper at 300 dpi."""
        if self.paper.get("view"):
            return _view(self.luck)
        if self.paper.get("blank"):
            self.paper |= dict.fromkeys(("name", "customer_code", "phone", "address", "meter", "email", "date"), "")
            self.paper |= {"content": "", "category": "other", "wanted_reply": "phone"}
            return self.form(self.own_hand(), blank=True)[0]
        if self.paper.get("letter"):
            return self.letter(self.own_hand())[0][0]
        return self.form(self.own_hand(), marks=self.paper.get("marks", 1))[0]


def save(page: Grey, paper: dict[str, Any], path: Path, luck: Random) -> None:
    """Wear a page out and write it as the kind of file its name says."""
    dpi = 200 if paper.get("hand", "typed") != "typed" or paper.get("wear") == "fax" else SHIPPED_DPI
    size = (round(page.shape[1] * dpi / DPI), round(page.shape[0] * dpi / DPI))
    small = scanned(np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8), luck)
    picture = Image.fromarray(WEAR[paper.get("wear", "clean")](small, luck))
    if path.suffix == ".tif":
        picture.convert("1").save(path, compression="group4", dpi=(dpi, dpi))
    elif path.suffix == ".png":
        white = picture.point([min(255, round(shade * 1.14)) // 16 * 17 for shade in range(256)])
        white.save(path, dpi=(dpi, dpi), optimize=True)
    elif path.suffix == ".pdf":
        picture.save(path, resolution=dpi, quality=60)
    else:
        picture.save(path, dpi=(dpi, dpi), quality=60)


def papers(fonts: Path) -> None:
    """Write every paper of the script."""
    script = tomllib.loads((DATA / "script.toml").read_text("utf-8"))
    for scene in script["scenes"]:
        if "paper" in scene:
            paper = scene["paper"]
            assert paper.get("category") in {None, *WANTS}
            maker = PaperMaker(paper, fonts)
            save(maker.page(), paper, DATA / scene["scan"], maker.luck)
            print(scene["scan"], (DATA / scene["scan"]).stat().st_size)


def signed(answer: Path) -> None:
    """Write the first page of an answer with a signature and a stamp, the place of its QR code white."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", folder, str(answer)], check=True, capture_output=True, timeout=180)
        document = pdfium.PdfDocument((Path(folder) / f"{answer.stem}.pdf").read_bytes())
        page = document[len(document) - 1].render(scale=SHIPPED_DPI / 72, grayscale=True).to_pil().convert("L")
    code = next(each for each in zxingcpp.read_barcodes(page.resize((page.width * 2, page.height * 2))) if each.text)
    corners = [(point.x / 2, point.y / 2) for point in _corners(code.position)]
    left, top = (round(min(values)) for values in zip(*corners, strict=True))
    right, bottom = (round(max(values)) for values in zip(*corners, strict=True))
    draw = ImageDraw.Draw(page)
    draw.rectangle((left - 8, top - 8, right + 8, bottom + 8), fill=255)
    _sign(page)
    page.quantize(16).save(DATA / "trang-ky.png", dpi=(SHIPPED_DPI, SHIPPED_DPI), optimize=True)
    print(f"signed_qr = [{left}, {top}, {right - left}]")


def _corners(position: Any) -> list[Any]:
    return [position.top_left, position.top_right, position.bottom_right, position.bottom_left]


def _sign(page: Image.Image) -> None:
    """Draw a signature and a round stamp beside the signer's place, in the lower right."""
    draw = ImageDraw.Draw(page)
    x, y = round(page.width * 0.66), round(page.height * 0.735)
    draw.ellipse((x - 190, y - 95, x, y + 95), outline=120, width=5)
    draw.ellipse((x - 172, y - 77, x - 18, y + 77), outline=140, width=2)
    points = [
        (x - 60, y + 30),
        (x - 20, y - 60),
        (x + 5, y + 40),
        (x + 40, y - 20),
        (x + 60, y + 25),
        (x + 160, y - 30),
    ]
    draw.line(points, fill=40, width=4, joint="curve")


def main() -> None:
    """Make what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fonts", type=Path)
    parser.add_argument("--signed", type=Path)
    args = parser.parse_args()
    if args.fonts:
        papers(args.fonts)
    if args.signed:
        signed(args.signed)


if __name__ == "__main__":
    main()
