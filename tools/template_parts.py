"""Building blocks of the first templates: paper, fonts, heads, tables, signatures. Used by make_templates.py only.

Sizes follow Decree 30/2020, Appendix I (page 20/20/30/15 mm, Times New Roman 13-14) and the ISO block of the procedure.
"""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from daemon.documents import qr

FONT = "Times New Roman"
RED = RGBColor(0xC0, 0x00, 0x00)
GREY = "F2F2F2"
CENTER, LEFT, RIGHT, JUSTIFY = ALIGN.CENTER, ALIGN.LEFT, ALIGN.RIGHT, ALIGN.JUSTIFY
SEP = "|"


def new_document(title: str, *, top: float = 20, bottom: float = 20, left: float = 30, right: float = 15) -> Any:
    """Return an empty A4 document with the fonts set where Word looks for them last: style and document defaults."""
    doc = Document()
    section = doc.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance, section.footer_distance = Mm(10), Mm(7)
    _fonts(doc.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr")))
    normal = doc.styles["Normal"]
    _fonts(normal.element.get_or_add_rPr())
    normal.font.size = Pt(13)
    normal.font.color.rgb = RGBColor(0, 0, 0)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for name in ("Header", "Footer"):
        _fonts(doc.styles[name].element.get_or_add_rPr())
    props = doc.core_properties
    props.title, props.author, props.comments, props.language = title, "", "", "vi-VN"
    return doc


def _fonts(properties: Any) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(key), FONT)
    lang = properties.find(qn("w:lang"))
    if lang is not None:
        lang.set(qn("w:val"), "vi-VN")


def para(
    where: Any,
    text: str = "",
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: Any = LEFT,
    first: float = 0,
    indent: float = 0,
    before: float = 0,
    after: float = 0,
    line: float = 1.0,
    color: Any = None,
    keep: bool = False,
    exact: float = 0,
) -> Any:
    """Add a paragraph. ``**word**`` inside the text is bold, ``__word__`` italic; lengths in mm and pt."""
    paragraph = where.add_paragraph()
    form = paragraph.paragraph_format
    form.alignment = align
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(after), Pt(exact) if exact else line
    if first:
        form.first_line_indent = Mm(first)
    if indent:
        form.left_indent = Mm(indent)
    form.keep_with_next = keep or None
    if not text:
        _mark_size(paragraph, size)
    for index, piece in enumerate(text.split("**")):
        for inner, part in enumerate(piece.split("__")):
            if part:
                run = paragraph.add_run(part)
                run.bold = (bold or index % 2 == 1) or None
                run.italic = (italic or inner % 2 == 1) or None
                run.font.size = Pt(size)
                if color is not None:
                    run.font.color.rgb = color
    return paragraph


def _mark_size(paragraph: Any, size: float) -> None:
    """Give an empty paragraph its height: only the mark at its end has one."""
    properties = paragraph._p.get_or_add_pPr()
    for old in properties.findall(qn("w:rPr")):
        properties.remove(old)
    mark = OxmlElement("w:rPr")
    height = OxmlElement("w:sz")
    height.set(qn("w:val"), str(round(size * 2)))
    mark.append(height)
    properties.append(mark)


def dotted(where: Any, label: str = "", *, width: float = 162, stops: Sequence[float] = (), **more: Any) -> Any:
    """Add a line to write on: each tab of ``label`` runs as dots to its stop (mm), the last to ``width``."""
    paragraph = para(where, label, **more)
    run = paragraph.runs[-1] if paragraph.runs else paragraph.add_run()
    if "\t" not in label or not stops:
        run.add_tab()
    for stop in (*stops, width):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(stop), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    run.font.size = Pt(more.get("size", 13))
    # LibreOffice draws no leader before the end of a paragraph: a last dot gives it something to lead to.
    paragraph.add_run(".").font.size = run.font.size
    return paragraph


def shrink(paragraph: Any) -> None:
    """Make an empty paragraph that Word demands as low as it can be."""
    _mark_size(paragraph, 1)
    paragraph.paragraph_format.line_spacing = Pt(1)


def gap(where: Any, size: float = 2) -> None:
    """Part two tables: Word joins what touches."""
    para(where, "", size=size, keep=True)


def whole(made: Any) -> None:
    """Keep a table on one page: no row is split and every row holds to the next."""
    for row in made.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for row in made.rows[:-1]:
        _hold(row)


def _hold(row: Any) -> None:
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def margins(made: Any, width: float) -> None:
    """Set the space inside a table's cells, left and right, in mm."""
    sides = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        space = OxmlElement(f"w:{side}")
        space.set(qn("w:w"), str(round(width * 1440 / 25.4)))
        space.set(qn("w:type"), "dxa")
        sides.append(space)
    look = made._tbl.tblPr.find(qn("w:tblLook"))
    if look is not None:
        look.addprevious(sides)
    else:
        made._tbl.tblPr.append(sides)


def no_margins(made: Any) -> None:
    """Take away the space inside a table's cells, left and right."""
    margins(made, 0)


def body(where: Any, text: str, **more: Any) -> Any:
    """Add a paragraph of the letter's body: justified, first line 10 mm, 6 pt before."""
    return para(where, text, **{"align": JUSTIFY, "first": 10, "before": 6, "line": 1.1, **more})


def tag(where: Any, text: str) -> Any:
    """Add a paragraph that holds a tag only and leaves no trace."""
    return para(where, "{%p " + text + " %}", size=13)


def rule(where: Any, left: float, right: float, *, weight: int = 6) -> None:
    """Add a line: the lower border of a paragraph two points high, between the given indents (mm)."""
    paragraph = para(where, "", exact=3, after=0)
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Mm(left), Mm(right)
    borders = OxmlElement("w:pBdr")
    border = OxmlElement("w:bottom")
    for key, value in (("val", "single"), ("sz", str(weight)), ("space", "1"), ("color", "000000")):
        border.set(qn(f"w:{key}"), value)
    borders.append(border)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")


def table(where: Any, widths: Sequence[float], *, borders: bool, rows: int = 1) -> Any:
    """Add a table of fixed widths (mm) without spacing surprises."""
    total = sum(widths)
    in_story = hasattr(where, "is_linked_to_previous")
    made = where.add_table(rows, len(widths), Mm(total)) if in_story else where.add_table(rows, len(widths))
    if hasattr(where, "_tc"):  # python-docx puts an empty paragraph after a table within a cell
        where._tc.remove(where.paragraphs[-1]._p)
    made.autofit = False
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    if borders:
        _borders(made)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    return made


def _borders(made: Any) -> None:
    properties = made._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "000000")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    anchor = properties.find(qn("w:tblLayout"))
    properties.insert(list(properties).index(anchor) if anchor is not None else len(properties), borders)


def box(cell: Any, color: str = "C00000", weight: int = 12) -> None:
    """Draw a box around a cell."""
    borders = OxmlElement("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", str(weight)), ("space", "0"), ("color", color)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)


def cut_line(cell: Any) -> None:
    """Draw a dashed line above a cell, to cut along."""
    borders = OxmlElement("w:tcBorders")
    line = OxmlElement("w:top")
    for key, value in (("val", "dashed"), ("sz", "6"), ("space", "0"), ("color", "7F7F7F")):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
    cell._tc.get_or_add_tcPr().append(borders)


def shade(cell: Any, fill: str = GREY) -> None:
    """Give a cell a light ground."""
    ground = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        ground.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(ground)


def middle(cell: Any) -> None:
    """Centre a cell's content from top to bottom."""
    cell.vertical_alignment = 1


def fill(cell: Any, lines: Iterable[Any]) -> None:
    """Write paragraphs into a cell: each line is a text or (text, options). The empty first paragraph goes."""
    for entry in lines:
        text, options = entry if isinstance(entry, tuple) else (entry, {})
        para(cell, text, **options)
    cell._tc.remove(cell.paragraphs[0]._p)


def field(paragraph: Any, code: str, size: float) -> None:
    """Add a field (PAGE, NUMPAGES) that Word computes."""
    for kind, text in (("begin", None), (None, code), ("separate", None), (None, "1"), ("end", None)):
        run = paragraph.add_run()
        run.font.size = Pt(size)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif text == code:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {code} "
            run._r.append(instruction)
        else:
            run.text = text


def picture(cell: Any, *, size: float = 18, align: Any = RIGHT) -> None:
    """Put the place of the QR into a cell: a picture with the alternative text ``QR``."""
    paragraph = cell.paragraphs[0]
    paragraph.alignment = align
    shape = paragraph.add_run().add_picture(io.BytesIO(qr.png("MAU")), width=Mm(size))
    properties = shape._inline.docPr
    properties.set("name", "QR")
    properties.set("descr", "QR")


def clear(story: Any) -> Any:
    """Take a header or footer as its own and empty it."""
    story.is_linked_to_previous = False
    for paragraph in list(story.paragraphs):
        paragraph._p.getparent().remove(paragraph._p)
    return story


def close(story: Any) -> None:
    """End a header or footer after a table: Word wants a last paragraph; make it as low as it can be."""
    para(story, "", size=1, exact=1)


def qr_footer(story: Any, lines: Iterable[Any], *, width: float = 165, line_above: bool = False) -> None:
    """Fill a footer: text on the left, the QR on the right."""
    clear(story)
    if line_above:
        rule(story, 0, 0)
    made = table(story, (width - 22, 22), borders=False)
    fill(made.cell(0, 0), lines)
    middle(made.cell(0, 0))
    picture(made.cell(0, 1))
    close(story)


def optional_rows(made: Any, rows: Iterable[tuple[str, Any, str]], widths: Sequence[float], space: float) -> None:
    """Append label-and-value rows. A row with a condition is wrapped in ``{%tr if … %}``."""
    for label, value, condition in rows:
        if condition:
            _tag_row(made, f"if {condition}")
        cells = made.add_row().cells
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Mm(width)
        shade(cells[0])
        fill(cells[0], [(label, {"size": 12, "before": space, "after": space})])
        lines = value if isinstance(value, list) else [value]
        fill(
            cells[1],
            [
                (line, {"size": 12.5, "before": space, "after": space}) if isinstance(line, str) else line
                for line in lines
            ],
        )
        if condition:
            _tag_row(made, "endif")


def _tag_row(made: Any, text: str) -> None:
    made.add_row().cells[0].paragraphs[0].add_run("{%tr " + text + " %}")


def fields_table(
    where: Any, rows: Iterable[tuple[str, Any, str]], widths: Sequence[float] = (48, 122), space: float = 2
) -> Any:
    """Add a bordered table of labels and values."""
    made = table(where, widths, borders=True)
    made._tbl.remove(made.rows[0]._tr)
    optional_rows(made, rows, widths, space)
    return made


def row_height(row: Any, height: float) -> None:
    """Give a row a least height in mm."""
    row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
