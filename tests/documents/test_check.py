"""Every rule of the checks on a document with that one fault."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from daemon.documents.check import check_document, check_template, check_templates, offered_to
from daemon.documents.package import Package
from daemon.documents.places import spots
from daemon.documents.render import Renderer
from tests.documents.samples import LETTER_TEMPLATES, TEMPLATES, bare, values

LETTER = "answer-other.docx"
FORM = "request-unit.docx"
OFFERED = offered_to(LETTER)


def test_every_shipped_template_is_without_fault() -> None:
    assert check_templates(TEMPLATES) == []


@pytest.mark.parametrize("name", LETTER_TEMPLATES)
@pytest.mark.parametrize("known", ["everything", "hardly anything"])
def test_every_finished_document_is_without_fault(name: str, known: str) -> None:
    given = (
        values(Path(name).stem) if known == "everything" else values(Path(name).stem, bare(), answer_text="", costs=())
    )
    assert check_document(Renderer(TEMPLATES).render(name, given, given["doc"]["qr"])) == []


Change = Callable[[Any], None]


def _paragraph(document: Any, begin: str) -> Any:
    every = list(document.paragraphs)
    every += [p for t in document.tables for row in t.rows for cell in row.cells for p in cell.paragraphs]
    return next(p for p in every if p.text.startswith(begin))


def _size(begin: str, size: float) -> Change:
    def change(document: Any) -> None:
        for run in _paragraph(document, begin).runs:
            run.font.size = Pt(size)

    return change


def _bold(begin: str, on: bool) -> Change:
    def change(document: Any) -> None:
        for run in _paragraph(document, begin).runs:
            run.bold = on

    return change


def _italic(begin: str, on: bool) -> Change:
    def change(document: Any) -> None:
        for run in _paragraph(document, begin).runs:
            run.italic = on

    return change


def _align(begin: str, align: Any) -> Change:
    return lambda document: setattr(_paragraph(document, begin), "alignment", align)


def _text(begin: str, text: str) -> Change:
    def change(document: Any) -> None:
        paragraph = _paragraph(document, begin)
        for run in paragraph.runs[1:]:
            run._r.getparent().remove(run._r)
        paragraph.runs[0].text = text

    return change


def _margin(side: str, size: float) -> Change:
    return lambda document: setattr(document.sections[0], f"{side}_margin", Mm(size))


def _drop_lines(document: Any) -> None:
    for border in list(document.element.body.iter(qn("w:pBdr"))):
        border.getparent().remove(border)


def _style_font(document: Any) -> None:
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:ascii"), "Calibri")


def _theme_font(document: Any) -> None:
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:asciiTheme"), "minorHAnsi")


def _default_font(document: Any) -> None:
    fonts = document.styles["Normal"].element.rPr.rFonts
    fonts.getparent().remove(fonts)
    defaults = document.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    defaults.find(qn("w:rFonts")).set(qn("w:ascii"), "Arial")


def _run_font(document: Any) -> None:
    _paragraph(document, "Ngày").runs[0].font.name = "Arial"


def _color(document: Any) -> None:
    _paragraph(document, "Ngày").runs[0].font.color.rgb = RGBColor(0, 0, 255)


def _first_page(document: Any) -> None:
    document.sections[0].different_first_page_header_footer = False


def _page_number(document: Any) -> None:
    paragraph = document.sections[0].header.paragraphs[0]
    for run in list(paragraph.runs):
        run._r.getparent().remove(run._r)


def _indent(document: Any) -> None:
    _paragraph(document, "Ngày").paragraph_format.first_line_indent = Mm(5)


def _spacing(document: Any) -> None:
    form = _paragraph(document, "Ngày").paragraph_format
    form.space_before = form.space_after = Pt(0)


def _line_spacing(document: Any) -> None:
    _paragraph(document, "Ngày").paragraph_format.line_spacing = 2.0


def _width(document: Any) -> None:
    document.sections[0].page_width = Mm(216)


LAYOUT: list[tuple[str, Change, str]] = [
    ("paper", _width, "khổ giấy, chiều rộng 216 mm"),
    ("left margin", _margin("left", 20), "lề trái 20 mm"),
    ("top margin", _margin("top", 30), "lề trên 30 mm"),
    ("right margin", _margin("right", 25), "lề phải 25 mm"),
    ("bottom margin", _margin("bottom", 10), "lề dưới 10 mm"),
    ("font of a run", _run_font, "phông Arial"),
    ("font of the style", _style_font, "phông Calibri"),
    ("font of the theme", _theme_font, "phông "),
    ("font of the defaults", _default_font, "phông Arial"),
    ("colour", _color, "màu chữ 0000ff"),
    ("nation size", _size("CỘNG HÒA", 14), "Quốc hiệu “CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM”: cỡ chữ 14"),
    ("nation bold", _bold("CỘNG HÒA", False), "Quốc hiệu “CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM”: chữ không đậm"),
    ("nation centred", _align("CỘNG HÒA", ALIGN.LEFT), "Quốc hiệu “CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM”: căn left"),
    ("motto words", _text("Độc lập", "Độc lập – Tự do – Hạnh phúc"), "dưới Quốc hiệu là “Độc lập –"),
    ("motto size", _size("Độc lập", 12), "Tiêu ngữ “Độc lập - Tự do - Hạnh phúc”: cỡ chữ 12"),
    ("lines", _drop_lines, "không có đường kẻ dưới Tiêu ngữ"),
    ("number size", _size("Số:", 12), "số, ký hiệu “Số:       /PCBK-P9”: cỡ chữ 12"),
    ("number form", _text("Số:", "Số: 5/PCBK-P9"), "“Số: 5/PCBK-P9”"),
    ("number spaces", _text("Số:", "Số: 15 / PCBK - P9"), "“Số: 15 / PCBK - P9”"),
    ("no number", _text("Số:", "Ký hiệu: 05"), "không có dòng “Số:”"),
    (
        "date italic",
        _italic("Thái Nguyên,", False),
        "địa danh, thời gian “Thái Nguyên, ngày 07 tháng 10 năm 2026”: chữ đứng",
    ),
    ("date zero day", _text("Thái Nguyên,", "Thái Nguyên, ngày 7 tháng 10 năm 2026"), "ngày 7 tháng 10"),
    ("date zero month", _text("Thái Nguyên,", "Thái Nguyên, ngày 07 tháng 03 năm 2026"), "tháng 03"),
    ("subject size", _size("V/v", 14), "trích yếu công văn"),
    ("no subject", _text("V/v", "Về việc trả lời"), "không có V/v cũng không có tên loại"),
    ("to size", _size("Kính gửi", 12), "Kính gửi “Kính gửi: Ông/Bà Hoàng Văn Anh”: cỡ chữ 12"),
    ("to colon", _text("Kính gửi", "Kính gửi Ông Anh"), "“Kính gửi Ông Anh”"),
    ("body size", _size("Ngày", 12), "nội dung “Ngày 05/10/2026"),
    ("body justified", _align("Ngày", ALIGN.LEFT), "căn left"),
    ("body indent", _indent, "thụt đầu dòng 5.0 mm"),
    ("body spacing", _spacing, "cách đoạn 0 pt"),
    ("line spacing", _line_spacing, "cách dòng 2"),
    ("end mark", _text("Trân trọng cảm ơn", "Trân trọng cảm ơn."), "không kết thúc bằng “./.”"),
    ("copies look", _italic("Nơi nhận", False), "Nơi nhận “Nơi nhận:”: chữ đứng"),
    ("copies size", _size("- Như trên", 13), "dòng Nơi nhận “- Như trên;”: cỡ chữ 13"),
    ("copies last", _text("- Lưu", "- Lưu VT"), "dòng cuối Nơi nhận"),
    ("no copies", _text("Nơi nhận", "Gửi:"), "không có “Nơi nhận:”"),
    ("signer bold", _bold("KT. GIÁM ĐỐC", False), "quyền hạn, chức vụ “KT. GIÁM ĐỐC”: chữ không đậm"),
    ("page number", _page_number, "không có số trang"),
    ("first page", _first_page, "trang đầu không khác các trang sau"),
]


@pytest.mark.parametrize(("change", "said"), [row[1:] for row in LAYOUT], ids=[row[0] for row in LAYOUT])
def test_one_fault_of_layout_is_found_and_named(change: Change, said: str) -> None:
    document = docx.Document(io.BytesIO(Renderer(TEMPLATES).render(LETTER, values("answer"))))
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    faults = check_document(stream.getvalue(), "thu.docx")
    assert any(said in fault.found for fault in faults), faults
    assert all(fault.file == "thu.docx" and fault.place and fault.wanted for fault in faults)


def test_a_letter_mailed_in_the_desks_name_needs_no_number() -> None:
    mailed = Renderer(TEMPLATES).render(LETTER, values("answer", mailed=True))
    assert check_document(mailed) == []
    assert "Số:" not in "".join(spot.text for spot in spots(Package.load(mailed)))


def test_a_printed_none_is_found() -> None:
    document = Renderer(TEMPLATES).render(LETTER, values("answer", answer_text="Giờ cấp điện: None"))
    assert [fault.found for fault in check_document(document)] == ["in ra “None”"]


def _template(tmp_path: Path, name: str, change: Change) -> Path:
    document = docx.Document(str(TEMPLATES / name))
    change(document)
    document.save(str(tmp_path / name))
    return tmp_path / name


def _append(text: str) -> Change:
    return lambda document: document.add_paragraph(text)


def _no_iso(document: Any) -> None:
    table = document.sections[0].header.tables[0]
    table._tbl.getparent().remove(table._tbl)


def _no_picture(document: Any) -> None:
    for mark in document.sections[0].footer._element.iter(qn("wp:docPr")):
        mark.set("descr", "ảnh")


def _row_with_more(document: Any) -> None:
    table = document.add_table(2, 1)
    table.cell(0, 0).text = "{%tr for row in units %}{{ row.name }}"
    table.cell(1, 0).text = "{%tr endfor %}"


def _open_across(document: Any) -> None:
    document.add_paragraph("{%p if customer.phone %}")
    document.add_table(1, 1).cell(0, 0).text = "{%p endif %}"


TEMPLATE_FAULTS: list[tuple[str, Change, str]] = [
    ("unknown name", _append("{{ customer.nane }}"), "tên không có: customer.nane"),
    ("unknown in a loop", _append("{% for row in units %}{{ row.nam }}{% endfor %}"), "tên không có: row.nam"),
    ("unknown in a test", _append("{% if ticket.dangerous %}x{% endif %}"), "tên không có: ticket.dangerous"),
    ("group printed", _append("{{ customer }}"), "“customer” là một nhóm"),
    ("loop over a text", _append("{% for c in customer.name %}{{ c }}{% endfor %}"), "không phải danh sách"),
    ("not closed", _append("{% if customer.name %}x"), "{% if %} không được đóng"),
    ("not opened", _append("x{% endif %}"), "không có {% if %} trước nó"),
    ("no end of tag", _append("{{ customer.name"), "mở mà không đóng"),
    ("no begin of tag", _append("customer.name }}"), "đóng mà không mở"),
    ("syntax", _append("{{ customer..name }}"), "thẻ viết sai"),
    ("filter", _append("{{ customer.name|tim }}"), "thẻ viết sai"),
    ("statement", _append("{% include 'x' %}"), "lệnh không được dùng"),
    ("zero width", _append("{{ customer.\u200bname }}"), "ký tự ẩn"),
    ("dash", _append("{%– if customer.name %}x{% endif %}"), "dấu gạch dài"),
    ("decomposed", _append("{{ te\u0302n }}"), "chữ có dấu tổ hợp"),
    ("row tag beside data", _row_with_more, "đứng chung với nội dung khác"),
    ("paragraph tag beside text", _append("{%p if customer.name %} x"), "đứng chung với nội dung khác"),
    ("row tag outside", _append("{%tr for row in units %}"), "đứng ngoài bảng"),
    ("opened and closed elsewhere", _open_across, "không cùng chỗ với"),
    ("no ISO block", _no_iso, "khung quy trình thiếu “Mã số:”"),
    ("no QR", _no_picture, "không có chỗ đặt mã QR"),
]


@pytest.mark.parametrize(
    ("change", "said"), [row[1:] for row in TEMPLATE_FAULTS], ids=[row[0] for row in TEMPLATE_FAULTS]
)
def test_one_fault_of_a_template_is_found_with_its_place(tmp_path: Path, change: Change, said: str) -> None:
    faults = check_template(_template(tmp_path, FORM, change), OFFERED)
    assert any(said in fault.found for fault in faults), faults
    assert all(fault.file == FORM and fault.place for fault in faults)


def test_the_nearest_name_is_proposed(tmp_path: Path) -> None:
    (fault,) = check_template(_template(tmp_path, FORM, _append("{{ customer.nane }}")), OFFERED)
    assert fault.wanted == "customer.name"
    assert fault.place.startswith("thân văn bản, đoạn")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    change = _append("{{ a }} {{ b }} {% if c %}")
    assert len(check_template(_template(tmp_path, FORM, change), OFFERED)) == 4


def test_what_word_does_to_tags_is_no_fault(tmp_path: Path) -> None:
    """Split runs, smart quotes and non-breaking spaces inside a tag work."""

    def change(document: Any) -> None:
        paragraph = document.add_paragraph("{")
        for piece in ("{ customer", ".name|prefixed(“", " và ”)", "\u00a0", "}", "}"):
            paragraph.add_run(piece)

    path = _template(tmp_path, FORM, change)
    assert check_template(path, OFFERED) == []
    rendered = Renderer(tmp_path).render(FORM, values("request"), "PCBK|x|request|1")
    assert " và Hoàng Văn Anh" in "".join(p.text for p in docx.Document(io.BytesIO(rendered)).paragraphs)


def test_what_is_no_word_file_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_bytes(b"nothing")
    (fault,) = check_template(tmp_path / "x.docx", OFFERED)
    assert fault.place == "cả tệp"


def test_words_own_lock_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "~$request-unit.docx").write_bytes(b"\x00")
    assert check_templates(tmp_path) == []


def test_a_form_of_the_customer_may_bear_the_national_heading() -> None:
    assert check_template(TEMPLATES / "phieu-tiep-nhan.docx", OFFERED) == []


def test_package_keeps_every_part() -> None:
    package = Package.load(TEMPLATES / LETTER)
    again = Package.load(package.write({}))
    assert [(e.name, e.read()) for e in again.entries] == [(e.name, e.read()) for e in package.entries]
