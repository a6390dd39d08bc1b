"""Make scanned forms and letters of invented people with their truth, to measure the reading of scans.

    make_scan_set.py OUT --seed 1 --forms 60 --letters 15 --fonts FOLDER [--typed FILE.ttf …] [--cases] [--hand-letters N]

FOLDER holds handwriting-like .ttf files with Vietnamese letters (none are shipped); every word is bent a little for
itself. ``--cases`` adds the hard cases: nothing marked, two marks, a corrected and a ringed box, a blank form, two forms
in one file, a form with a letter behind it, a letter of two pages, a stack, half a QR code, a photo of no form.
The truth has the keys of the development samples. Nothing in it is real.
"""

import argparse
import io
import json
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
from make_form import rendered
from PIL import Image, ImageDraw, ImageFont
from scan_hand import DPI, MARKS, MM, Grey, Hand, mark, wrapped, write
from scan_letters import letter_pages
from scan_people import CODES, WANTS, invented
from scan_wear import PHOTOS, WEAR, scanned

from daemon.desk.form import FormLayout, Rect
from daemon.documents import qr
from daemon.settings.forms import load_forms
from daemon.settings.places import load_places

ROOT = Path(__file__).parent.parent
TYPED = (
    "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSans-Regular.ttf",
)
Document = dict[str, Any]


class Maker:
    """Invents people, fills forms, writes letters, wears them out, and keeps the truth."""

    def __init__(self, out: Path, seed: int, hands: list[str], typed: tuple[str, ...]) -> None:
        """Prepare an empty set in ``out``."""
        self.out, self.luck, self.hands, self.typed = out, Random(seed), hands, typed
        self.layout = load_forms(ROOT / "config" / "forms")[0]
        places = [p for p in load_places(ROOT / "config" / "places.toml") if p.unit in CODES]
        self.communes = [p for p in places if p.kind in ("xã", "phường", "thị trấn")]
        self.files: list[Document] = []
        out.mkdir(parents=True, exist_ok=True)

    def person(self) -> dict[str, Any]:
        """Return the fields of an invented request."""
        return invented(self.luck, self.communes)

    def hand(self, typed: bool) -> Hand:
        """Return a way of writing."""
        luck = self.luck
        if typed or not self.hands:
            return Hand(luck.choice(self.typed), luck.choice((11.5, 12, 12.5, 13)), luck.randint(0, 40), "typed")
        return Hand(
            luck.choice(self.hands),
            luck.uniform(12, 15),
            luck.randint(15, 110),
            "handwriting-font",
            luck.uniform(0.3, 1.0),
            luck.uniform(-0.3, 0.5),
        )

    def form(self, hand: Hand, marks: int = 1, blank: bool = False, style: str = "") -> tuple[Grey, Document]:
        """Return a filled form at 300 dpi and its truth; ``marks`` is how many category boxes are marked."""
        number = f"{self.luck.randrange(10**5, 10**6)}"
        page = blank_form(number)
        person = self.person()
        truth = {"page": 1, "kind": "form", "fill": hand.fill, "font": Path(hand.font).stem, **person}
        truth |= {"form_id": self.layout.id, "form_version": self.layout.version, "form_no": number}
        if blank:
            return page, truth | dict.fromkeys([*person], None)
        for cell in self.layout.cells:
            words = person["phone_written"] if cell.field == "phone" else person[cell.field]
            self._write(page, words, cell.rect, hand, wrap=cell.kind == "text")
        style = style or (
            self.luck.choice(MARKS[:-1]) if hand.fill != "typed" else self.luck.choice(("glyph", "glyph", "x"))
        )
        chosen = [person["category"]]
        chosen += self.luck.sample([c for c in WANTS if c != person["category"]], max(0, marks - 1))
        for box in self.layout.boxes:
            if box.value in (chosen[:marks] if box.field == "category" else [person["wanted_reply"]]):
                mark(page, box.rect, style, hand, self.luck)
        truth["mark"] = style
        return page, truth | ({} if marks == 1 else {"category": None})

    def corrected(self, hand: Hand) -> tuple[Grey, Document]:
        """Return a form on which a first mark was blotted out and another box marked: a person has to look."""
        page, truth = self.form(hand, style="x")
        boxes = [b for b in self.layout.boxes if b.field == "category" and b.value != truth["category"]]
        mark(page, self.luck.choice(boxes).rect, "fill", hand, self.luck)
        return page, truth | {"category": None, "mark": "corrected"}

    def torn(self, page: Grey) -> Grey:
        """Return the form with half of its QR code, or a corner of the sheet, gone."""
        r, luck = self.layout.qr, self.luck
        x0, y0, x1, y1 = (round(v * MM) for v in (r.left, r.top, r.right, r.bottom))
        shade = luck.choice((0, 255))
        if luck.random() < 0.5:
            page[y0 : y1 + 1, (x0 + x1) // 2 : x1 + 2] = shade
        else:
            cv2.fillPoly(
                page, [np.array([[x0, 0], [page.shape[1], 0], [page.shape[1], y1], [x1 - 60, y1 - 80]])], shade
            )
        return page

    def _write(self, page: Grey, words: str, rect: Rect, hand: Hand, wrap: bool) -> None:
        face = hand.face()
        left, width = rect.left * MM + 2 * MM, (rect.right - rect.left - 4) * MM
        loose = 1.0 + 0.04 * hand.wild
        lines = wrapped(words, face, width / loose) if wrap else [words]
        while not wrap and face.getlength(words) * loose > width:
            face = ImageFont.truetype(hand.font, face.size - 2)
        pitch = max(5.2 * MM, face.size * 1.15)
        ascent, descent = face.getmetrics()
        top = rect.top * MM + (1.0 * MM if wrap else ((rect.bottom - rect.top) * MM - ascent - descent) / 2)
        for row, line in enumerate(lines):
            shift = 0 if hand.fill == "typed" else self.luck.uniform(-0.4, 0.4) * MM
            start = left + (0 if hand.fill == "typed" else self.luck.uniform(-0.8, 6) * MM)
            if start + face.getlength(line) * loose > rect.right * MM - 6:
                start = left
            write(page, (start, top + row * pitch + shift), line, face, hand, self.luck)

    def letter(self, hand: Hand, long: bool = False) -> tuple[list[Grey], Document]:
        """Return the pages of a free letter at 300 dpi and its truth; of a long one the matter is not scored."""
        person = self.person()
        pages = letter_pages(hand, person, self.luck, long)
        truth = {"page": 1, "kind": "letter", "fill": hand.fill, "font": Path(hand.font).stem, "mark": None, **person}
        return pages, truth | ({"content": None} if long else {})

    def keep(self, pages: list[tuple[Grey, Document | None]], wear: str) -> None:
        """Wear the pages out, write them as a file, and note the truth; a page without truth goes on with the one before."""
        luck = self.luck
        dpi = luck.choice((200, 200, 300, 150)) if wear == "clean" else luck.choice((200, 200, 300))
        images = []
        for page, _ in pages:
            size = (round(page.shape[1] * dpi / DPI), round(page.shape[0] * dpi / DPI))
            small = scanned(np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8), luck)
            images.append(Image.fromarray(WEAR[wear](small if wear not in PHOTOS else page, luck)))
        kind = luck.choice(("pdf", "jpg", "png", "tif")) if len(images) == 1 else luck.choice(("pdf", "tif"))
        name = f"e{len(self.files) + 1:03d}.{'jpg' if wear in PHOTOS else kind}"
        _save(images, self.out / name, dpi, wear)
        documents = [truth | {"page": n} for n, (_, truth) in enumerate(pages, start=1) if truth]
        self.files.append({"file": name, "degradation": wear, "dpi": dpi, "pages": len(pages), "documents": documents})

    def keep_letter(self, hand: Hand, wear: str, long: bool = False) -> None:
        """Keep a letter; where it has several pages the last ones have no truth of their own."""
        sheets, truth = self.letter(hand, long)
        self.keep([(sheet, None if n else truth) for n, sheet in enumerate(sheets)], wear)

    def cases(self) -> None:
        """Add the hard cases of everyday."""
        for wear in ("clean", "noise", "phone", "fax"):
            self.keep([self.form(self.hand(True), marks=0)], wear)
            self.keep([self.form(self.hand(False), marks=2)], wear)
            self.keep([self.form(self.hand(True), blank=True)], wear)
            self.keep([self.corrected(self.hand(False))], wear)
            self.keep([self.form(self.hand(False), style="circle")], wear)
        for wear in ("clean", "skew", "copier", "jpeg", "phone", "fax"):
            page, truth = self.form(self.hand(wear in ("skew", "phone")))
            self.keep([(self.torn(page), truth | {"form_no": None})], wear)
        self.keep([self.form(self.hand(True)), self.form(self.hand(False))], "clean")
        for wear in ("clean", "fax", "skew"):
            letter, truth = self.letter(self.hand(True))
            self.keep([self.form(self.hand(True)), (letter[0], truth)], wear)
            self.keep_letter(self.hand(True), wear, long=True)
        back = np.full((3508, 2480), 255, np.uint8)
        stack = [self.form(self.hand(n % 2 == 0)) for n in range(4)]
        self.keep([part for each in stack for part in (each, (back, None))], "clean")
        other = {"page": 1, "kind": "other", "fill": "typed"}
        self.keep([(_view(self.luck), other)], "jpeg")

    def close(self) -> None:
        """Write truth.json."""
        text = json.dumps({"files": self.files}, ensure_ascii=False, indent=1)
        (self.out / "truth.json").write_text(text, "utf-8")


def _save(images: list[Image.Image], path: Path, dpi: int, wear: str) -> None:
    """Write the pages; a fax goes into TIFF and PNG in black and white, a coarse one with rows twice as high as wide."""
    extra: dict[str, Any] = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
    where: tuple[int, int] = (dpi, dpi)
    if wear in ("fax", "lowfax") and path.suffix in (".tif", ".png") and not extra:
        images[0] = images[0].convert("1")
        if wear == "lowfax" and path.suffix == ".tif":
            images[0] = images[0].resize((images[0].width, images[0].height // 2), Image.Resampling.NEAREST)
            where = (dpi, dpi // 2)
    extra |= {"quality": 85} if path.suffix in (".jpg", ".pdf") else {}
    extra |= {"resolution": dpi} if path.suffix == ".pdf" else {}
    images[0].save(path, dpi=where, **extra)


@lru_cache(maxsize=1)
def _blank(layout: FormLayout) -> Grey:
    return np.array(rendered(layout, "000000", DPI), dtype=np.uint8)


def blank_form(number: str) -> Grey:
    """Return the blank with a number of its own: its QR code and printed number are exchanged."""
    layout = load_forms(ROOT / "config" / "forms")[0]
    page = Image.fromarray(_blank(layout).copy())
    code = Image.open(io.BytesIO(qr.png(f"{layout.id}|{layout.version}|{number}"))).convert("L")
    side = round((layout.qr.right - layout.qr.left) * MM)
    quiet = qr.QUIET * code.width // 33
    code = code.crop((quiet, quiet, code.width - quiet, code.height - quiet)).resize(
        (side, side), Image.Resampling.NEAREST
    )
    page.paste(code, (round(layout.qr.left * MM), round(layout.qr.top * MM)))
    return np.array(page, dtype=np.uint8)


def _view(luck: Random) -> Grey:
    """Return a picture of no paper at all: sky, a hill, a pole with wires."""
    height, width = 1600, 1200
    view = np.tile(np.linspace(230, 120, height, dtype=np.float32)[:, None], (1, width))
    picture = Image.fromarray(view.astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.polygon([(0, 1600), (0, 1100), (500, luck.randint(800, 1000)), (1200, 1150), (1200, 1600)], fill=70)
    draw.line((700, 300, 690, 1300), fill=40, width=26)
    for n in range(4):
        draw.line((0, 340 + 60 * n, 700, 400 + 30 * n, 1200, 330 + 70 * n), fill=50, width=4)
    return np.array(picture, dtype=np.uint8)


def main() -> None:
    """Make one set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", type=int, default=60)
    parser.add_argument("--letters", type=int, default=15)
    parser.add_argument("--fonts", type=Path)
    parser.add_argument("--only", default="", help="font names, comma separated")
    parser.add_argument("--typed", nargs="*", default=list(TYPED))
    parser.add_argument("--hand-letters", type=int, default=0)
    parser.add_argument("--cases", action="store_true")
    args = parser.parse_args()
    wanted = set(filter(None, args.only.split(",")))
    hands = sorted(str(p) for p in args.fonts.glob("*.ttf") if not wanted or p.stem in wanted) if args.fonts else []
    maker = Maker(args.out, args.seed, hands, tuple(args.typed))
    wears = list(WEAR)
    for n in range(args.forms):
        maker.keep([maker.form(maker.hand(n % 2 == 0))], wears[n // 2 % len(wears)])
    for n in range(args.letters):
        maker.keep_letter(maker.hand(True), wears[n % len(wears)])
    for n in range(args.hand_letters):
        maker.keep_letter(maker.hand(False), wears[n % len(wears)])
    if args.cases:
        maker.cases()
    maker.close()


if __name__ == "__main__":
    main()
