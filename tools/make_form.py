"""Draw templates/phieu-tiep-nhan.docx after config/forms/pcbk-tnyc-v1.toml, and the picture of the blank beside the latter.

    make_form.py            writes both; needs LibreOffice (soffice) and the fonts croscore or Times New Roman
    make_form.py --measure  renders the template and prints by how many millimetres its marks miss the layout, and
                            reads the printed page back

The corner squares, boxes and the QR code are pictures anchored to the page, the tables have rows of exact height: Word
and LibreOffice put them in the same place whatever fonts are installed.
"""

import io
import itertools
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from PIL import Image, ImageDraw

from daemon.desk.form import FormLayout, Rect
from daemon.documents import qr
from daemon.documents.render import Renderer
from daemon.scans.look import Sight, look_at
from daemon.scans.pages import Page as Seen
from daemon.scans.recognise import Engines
from daemon.settings.forms import load_forms

ROOT = Path(__file__).parent.parent
FORMS = ROOT / "config" / "forms"
TEMPLATE = ROOT / "templates" / "phieu-tiep-nhan.docx"
LEFT, TOP = 15.0, 8.0
FONT = "Times New Roman"
LINE = 0.18  # mm, the tables' ruled lines


class Page:
    """A page on which text is put at a height in millimetres; ``y`` is how far the flow has come."""

    def __init__(self, layout: FormLayout) -> None:
        """Start an A4 page with the margins of the form and every mark anchored in its header."""
        self.layout = layout
        self.doc: Any = Document()
        section = self.doc.sections[0]
        section.page_width, section.page_height = Mm(layout.page[0]), Mm(layout.page[1])
        section.left_margin, section.right_margin = Mm(LEFT), Mm(layout.page[0] - 195)
        section.top_margin, section.bottom_margin = Mm(TOP), Mm(6)
        section.header_distance = section.footer_distance = Mm(2)
        style = self.doc.styles["Normal"]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(12), RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
        for key in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(key), FONT)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        self.y = TOP
        _modern(self.doc)

    def text(
        self, top: float, height: float, *runs: tuple[str, str], align: Any = ALIGN.LEFT, indent: float = 0
    ) -> None:
        """Put a line of ``runs`` (text, style letters b and i and a size such as ``b12``) at ``top``, ``height`` high."""
        paragraph = self.doc.add_paragraph()
        _fixed(paragraph, height, top - self.y)
        paragraph.alignment = align
        paragraph.paragraph_format.left_indent = Mm(indent)
        for words, style in runs:
            _run(paragraph, words, style)
        self.y = top + height

    def skip(self, top: float) -> None:
        """Let the flow go on at ``top``."""
        paragraph = self.doc.add_paragraph()
        _fixed(paragraph, top - self.y, 0)
        self.y = top

    def table(self, left: float, widths: list[float], heights: list[float], lines: bool) -> Any:
        """Put a table with columns and rows of exact size at the flow's height."""
        table = self.doc.add_table(rows=len(heights), cols=len(widths))
        table.autofit = False
        properties = table._tbl.tblPr
        indent = parse_xml(f'<w:tblInd {nsdecls("w")} w:w="{_twips(left - LEFT)}" w:type="dxa"/>')
        layout = properties.find(qn("w:tblLayout"))  # of autofit; the schema wants indent and borders before it
        for each in (indent, _borders()) if lines else (indent,):
            layout.addprevious(each)
        layout.addnext(_margins())
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row, height in zip(table.rows, heights, strict=True):
            row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.EXACTLY
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        self.y += sum(heights)
        return table


def _modern(doc: Any) -> None:
    """Ask for today's layout rules: in Word's older ones a table's indent counts from its text, not from its border."""
    uri = "http://schemas.microsoft.com/office/word"
    mode = f'<w:compatSetting w:name="compatibilityMode" w:uri="{uri}" w:val="15"/>'
    settings = doc.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    settings.append(parse_xml(f"<w:compat {nsdecls('w')}>{mode}</w:compat>"))


def _twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


def _fixed(paragraph: Any, height: float, before: float) -> None:
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Mm(height)
    shape.space_before, shape.space_after = Mm(max(0.0, before)), Pt(0)


def _run(paragraph: Any, words: str, style: str) -> None:
    run = paragraph.add_run(words)
    run.bold, run.italic = "b" in style, "i" in style
    run.font.size = Pt(float(style.strip("bi") or 12))


def _margins() -> Any:
    sides = "".join(f'<w:{side} w:w="{_twips(1.9)}" w:type="dxa"/>' for side in ("left", "right"))
    return parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>")


def _borders() -> Any:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    return parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")


def _anchor(paragraph: Any, png: bytes, rect: Rect, name: str, number: int, behind: bool) -> None:
    """Anchor a picture to the page so that it fills ``rect``; ``name`` is its alternative text."""
    run = paragraph.add_run()
    inline = run.add_picture(
        io.BytesIO(png), width=Mm(rect.right - rect.left), height=Mm(rect.bottom - rect.top)
    )._inline
    anchor = OxmlElement("wp:anchor")
    flags = {"distT": 0, "distB": 0, "distL": 0, "distR": 0, "simplePos": 0, "relativeHeight": number, "locked": 1}
    for key, value in {**flags, "behindDoc": int(behind), "layoutInCell": 1, "allowOverlap": 1}.items():
        anchor.set(key, str(value))
    anchor.append(parse_xml(f'<wp:simplePos {nsdecls("wp")} x="0" y="0"/>'))
    for tag, offset in (("positionH", rect.left), ("positionV", rect.top)):
        anchor.append(
            parse_xml(
                f'<wp:{tag} {nsdecls("wp")} relativeFrom="page"><wp:posOffset>{Mm(offset)}</wp:posOffset></wp:{tag}>'
            )
        )
    for child in list(inline):
        anchor.append(child)
        if child.tag == qn("wp:extent"):
            anchor.append(parse_xml(f'<wp:effectExtent {nsdecls("wp")} l="0" t="0" r="0" b="0"/>'))
            anchor.append(parse_xml(f"<wp:wrapNone {nsdecls('wp')}/>"))
    properties = anchor.find(qn("wp:docPr"))
    properties.set("name", name)
    properties.set("descr", name)
    properties.set("id", str(number))
    inline.getparent().replace(inline, anchor)


def _square() -> bytes:
    return _png(Image.new("1", (90, 90), 0))


def _frame() -> bytes:
    picture = Image.new("L", (190, 190), 255)
    ImageDraw.Draw(picture).rectangle((0, 0, 189, 189), outline=0, width=12)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _with_quiet(rect: Rect) -> Rect:
    """Return where the picture of a QR code stands so that its dark part fills ``rect`` (version 2, 25 modules)."""
    quiet = qr.QUIET * (rect.right - rect.left) / 25
    return Rect(rect.left - quiet, rect.top - quiet, rect.right + quiet, rect.bottom + quiet)


def draw(layout: FormLayout) -> Any:
    """Return the template as a document."""
    page = Page(layout)
    marks = page.doc.sections[0].header.paragraphs[0]
    code = qr.png(f"{layout.id}|{layout.version}|000000")
    _anchor(marks, code, _with_quiet(layout.qr), "QR", 1, True)
    for number, rect in enumerate(layout.squares, start=2):
        _anchor(marks, _square(), rect, "", number, False)
    for number, box in enumerate(layout.boxes, start=10):
        _anchor(marks, _frame(), box.rect, "", number, False)
    _fixed(marks, 0.5, 0)
    _head(page)
    _customer(page)
    _request(page)
    _answer(page)
    return page.doc


def _head(page: Page) -> None:
    page.skip(16.0)
    head = page.table(13.2, [71.0, 80.0], [9.6], False)
    left = ("{{ office.name | upper }}", "11"), ("{{ office.desk | upper }}", "b11")
    right = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "b10"), ("Độc lập - Tự do - Hạnh phúc", "b11")
    for cell, lines in zip(head.rows[0].cells, (left, right), strict=True):
        for number, (words, style) in enumerate(lines):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            _fixed(paragraph, 4.6, 0)
            paragraph.alignment = ALIGN.CENTER
            _run(paragraph, words, style)
    page.text(40.4, 6.6, (page.layout.title, "b15"), align=ALIGN.CENTER)
    page.text(47.0, 5.0, ("Số phiếu: {{ doc.number }}", "i11"), align=ALIGN.CENTER)


def _customer(page: Page) -> None:
    page.text(53.0, 5.2, ("I. THÔNG TIN KHÁCH HÀNG", "b12"))
    cells = [cell for cell in page.layout.cells if cell.kind != "text"]
    tops = [cell.rect.top for cell in cells] + [cells[-1].rect.bottom]
    page.skip(tops[0] - LINE)
    left, middle, right = 13.2, cells[0].rect.left, cells[0].rect.right
    heights = [below - above for above, below in itertools.pairwise(tops)]
    table = page.table(left, [middle - left, right - middle], heights, True)
    for row, cell, height in zip(table.rows, cells, heights, strict=True):
        paragraph = row.cells[0].paragraphs[0]
        _fixed(paragraph, 5.0, (height - 5.0) / 2)
        _run(paragraph, f"{cell.label}{' (nếu có)' if cell.field == 'email' else ''}:", "12")


def _request(page: Page) -> None:
    first = page.layout.boxes[0].rect.top
    page.text(first - 7.6, 5.2, ("II. LOẠI YÊU CẦU ", "b12"), ("(đánh dấu X vào một ô)", "i12"))
    for box in page.layout.boxes:
        if box.field == "category":
            page.text(box.rect.top - 0.6, 5.2, (box.label, "12.5"), indent=6.8)
    content = next(cell for cell in page.layout.cells if cell.kind == "text")
    page.text(content.rect.top - 6.2, 5.2, ("III. NỘI DUNG YÊU CẦU", "b12"))
    page.skip(content.rect.top - LINE)
    page.table(
        content.rect.left,
        [content.rect.right - content.rect.left],
        [content.rect.bottom - content.rect.top],
        True,
    )


def _answer(page: Page) -> None:
    boxes = [box for box in page.layout.boxes if box.field == "wanted_reply"]
    top = boxes[0].rect.top
    page.text(top - 7.4, 5.2, ("IV. HÌNH THỨC TRẢ LỜI", "b12"))
    page.skip(top - 0.7)
    starts = [box.rect.left for box in boxes] + [190.0]
    table = page.table(starts[0], [b - a for a, b in itertools.pairwise(starts)], [5.4], False)
    for cell, box in zip(table.rows[0].cells, boxes, strict=True):
        paragraph = cell.paragraphs[0]
        _fixed(paragraph, 5.2, 0)
        paragraph.paragraph_format.left_indent = Mm(5.0)
        _run(paragraph, box.label, "12.5")
    page.skip(top + 9.2)
    table = page.table(13.2, [90.0, 90.0], [10.4], False)
    for cell, who in zip(table.rows[0].cells, ("GIAO DỊCH VIÊN", "KHÁCH HÀNG"), strict=True):
        for number, (words, style) in enumerate(((who, "b12"), ("(Ký, ghi rõ họ tên)", "i12"))):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            _fixed(paragraph, 5.2, 0)
            paragraph.alignment = ALIGN.CENTER
            _run(paragraph, words, style)
    last = page.doc.add_paragraph()
    _fixed(last, 1.0, 0)


def rendered(layout: FormLayout, number: str, dpi: int) -> Image.Image:
    """Return the filled-in template as LibreOffice prints it, in grey."""
    office = {"name": "Công ty Điện lực Bắc Kạn", "desk": "Phòng Giao dịch khách hàng"}
    values = {"office": office, "doc": {"number": number}}
    data = Renderer(TEMPLATE.parent).render(TEMPLATE.name, values, qr=f"{layout.id}|{layout.version}|{number}")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "blank.docx"
        source.write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        document = pdfium.PdfDocument((Path(folder) / "blank.pdf").read_bytes())
        if len(document) != 1:
            raise SystemExit(f"the form has {len(document)} pages instead of one")
        picture: Image.Image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
        return picture


def read_back(layout: FormLayout, page: Image.Image) -> bool:
    """Say whether the printed form is known by its code and squares, number and all, with nothing seen in its cells."""
    image = np.array(page.convert("L"), dtype=np.uint8)
    seen = look_at(Seen(1, 1, image), Sight((layout,), Engines({})))
    print(f"read back: {seen.kind} {seen.form_id} {seen.form_version} {seen.form_no} by {seen.how}")
    empty = all(cell.ink == "empty" for cell in seen.cells) and all(box.value is None for box in seen.boxes)
    return (seen.kind, seen.form_no, seen.how) == ("form", "000000", "qr+squares") and empty


def measure(layout: FormLayout, page: Image.Image, dpi: int) -> float:
    """Return the largest distance in mm between a mark as printed and its place in the layout; print each."""
    dark = np.array(page) < 128
    scale = dpi / 25.4
    worst = 0.0
    areas = [("qr", layout.qr, False), *((f"square {n}", r, False) for n, r in enumerate(layout.squares))]
    areas += [(f"box {b.field} {b.value}", b.rect, False) for b in layout.boxes]
    areas += [(f"cell {c.field}", c.rect, True) for c in layout.cells]
    for name, rect, ruled in areas:
        found = _ruled(dark, rect, scale) if ruled else _extent(dark, rect, scale)
        miss = max(abs(a - b) for a, b in zip(found, (rect.left, rect.top, rect.right, rect.bottom), strict=True))
        worst = max(worst, miss)
        print(f"{name:40s} {miss:.2f} mm  {tuple(round(v, 2) for v in found)}")
    return worst


def _extent(dark: Any, rect: Rect, scale: float) -> tuple[float, float, float, float]:
    """Return the outline of the ink around a rectangle that stands alone."""
    pad = 1.2
    x0, y0 = round((rect.left - pad) * scale), round((rect.top - pad) * scale)
    part = dark[y0 : round((rect.bottom + pad) * scale), x0 : round((rect.right + pad) * scale)]
    ys, xs = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    return tuple(
        float(v)
        for v in ((x0 + xs[0]) / scale, (y0 + ys[0]) / scale, (x0 + xs[-1] + 1) / scale, (y0 + ys[-1] + 1) / scale)
    )  # type: ignore[return-value]


def _ruled(dark: Any, rect: Rect, scale: float) -> tuple[float, float, float, float]:
    """Return where the ruled lines nearest to the sides of a cell lie."""

    def near(profile: Any, at: float) -> float:
        lo = round((at - 2) * scale)
        hits = np.flatnonzero(profile[lo : round((at + 2) * scale)] > 0.6)
        return float((lo + min(hits, key=lambda h: abs(h + lo - at * scale))) / scale) if len(hits) else 99.0

    rows = dark[:, round((rect.left + 3) * scale) : round((rect.right - 3) * scale)].mean(axis=1)
    columns = dark[round((rect.top + 1.5) * scale) : round((rect.bottom - 1.5) * scale)].mean(axis=0)
    return near(columns, rect.left), near(rows, rect.top), near(columns, rect.right), near(rows, rect.bottom)


def main(argv: list[str]) -> int:
    """Write the template and the picture of the blank, or measure the template."""
    blank = FORMS / "pcbk-tnyc-v1.png"
    if not blank.exists():
        Image.new("L", (1, 1), 255).save(blank)
    layout = load_forms(FORMS)[0]
    if "--measure" not in argv:
        document = draw(layout)
        document.core_properties.title = layout.title
        document.core_properties.author = document.core_properties.comments = ""
        document.save(str(TEMPLATE))
        rendered(layout, "000000", 110).quantize(16).save(blank, optimize=True)
    page = rendered(layout, "000000", 600)
    worst = measure(layout, page, 600)
    print(f"largest miss {worst:.2f} mm")
    known = read_back(layout, page.resize((page.width // 2, page.height // 2)))
    return 0 if worst <= 1.0 and known else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
