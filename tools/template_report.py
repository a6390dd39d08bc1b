"""The report on a period: Decree 30 layout, figures, charts, lists."""

from collections.abc import Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.shared import Mm

from daemon.documents.chart import Chart, Series, chart_parts
from tools.template_letters import national_head, official, report_title, signature, text, to_lines
from tools.template_parts import CENTER, LEFT, fill, margins, middle, para, shade, table, tag

_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_INLINE = """<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" distT="0" distB="0" distL="0" distR="0">
<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{number}" name="{name}" descr="chart:{name}"/>
<wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{link}"/></a:graphicData></a:graphic></wp:inline>"""


def chart(doc: Any, name: str, number: int, height: float) -> None:
    """Add the place of a chart: a chart with sample figures, its workbook and the alternative text ``chart:<name>``."""
    drawing, book = chart_parts(Chart("Mẫu", ("a", "b"), (Series("s", (1, 2)), Series("t", (2, 1)))), "rId1")
    package = doc.part.package
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, drawing, package)
    sheet = Part(PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx"), _BOOK_TYPE, book, package)
    assert part.relate_to(sheet, RT.PACKAGE) == "rId1"
    link = doc.part.relate_to(part, RT.CHART)
    paragraph = para(doc, "", align=CENTER, before=6, after=6)
    inline = _INLINE.format(width=Mm(160), height=Mm(height), number=number + 100, name=name, link=link)
    paragraph.add_run()._r.append(_drawing(inline))


def _drawing(inline: str) -> Any:
    head = '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    return parse_xml(f"{head}{inline}</w:drawing>")


def rows(
    doc: Any,
    loop: str,
    columns: Sequence[tuple[str, float, str, Any]],
    total: Sequence[str] = (),
    *,
    together: bool = False,
) -> Any:
    """Add a table: heads, one row for each of a list, and a last row of totals.

    No row is split, and the heads stay with the first. ``together`` is for a table of few rows: it stays on one page, with
    the paragraph that follows it where there are no totals.
    """
    made = table(doc, [width for _, width, _, _ in columns], borders=True, rows=4 + bool(total))
    margins(made, 1)  # eleven columns on a page
    small: dict[str, Any] = {"size": 11, "before": 1, "after": 1}
    for cell, (head, _, _, _) in zip(made.rows[0].cells, columns, strict=True):
        fill(cell, [(head, {**small, "bold": True, "align": CENTER, "keep": True})])
        shade(cell)
        middle(cell)
    _repeat_head(made.rows[0])
    made.rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    made.cell(1, 0).paragraphs[0].add_run("{%tr for row in " + loop + " %}")
    for cell, (_, _, value, align) in zip(made.rows[2].cells, columns, strict=True):
        fill(cell, [(value, {**small, "align": align, "keep": together})])
    made.cell(3, 0).paragraphs[0].add_run("{%tr endfor %}")
    if total:
        made.rows[4]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, value, (_, _, _, align) in zip(made.rows[4].cells, total, columns, strict=True):
            fill(cell, [(value, {**small, "bold": True, "align": align})])
    return made


def _repeat_head(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def heading(doc: Any, line: str) -> None:
    """Add the heading of a section."""
    text(doc, f"**{line}**", keep=True, before=10, after=4)


def report() -> Any:
    """The report on a period, for any level."""
    doc = official("Báo cáo kết quả giải quyết yêu cầu của khách hàng", "Số liệu đến {{ period.as_of }}.")
    national_head(doc, None)
    report_title(doc, ["Kết quả giải quyết yêu cầu của khách hàng {{ period.title }}", "({{ level }})"])
    to_lines(doc)
    text(doc, "Kỳ báo cáo: từ ngày {{ period.from }} đến ngày {{ period.until }}; {{ period.compared }}.")
    tag(doc, "for line in sentences")
    text(doc, "{{ line }}")
    tag(doc, "endfor")
    heading(doc, "1. Tiếp nhận và trả lời theo loại yêu cầu")
    rows(
        doc,
        "kinds",
        (
            ("Loại yêu cầu", 49, "{{ row.title }}", LEFT),
            ("Tồn đầu kỳ", 10, "{{ row.carried }}", CENTER),
            ("Tiếp nhận", 12, "{{ row.received }}", CENTER),
            ("Đã trả lời", 10, "{{ row.answered }}", CENTER),
            ("Đúng hẹn", 12, "{{ row.on_time }}", CENTER),
            ("Trễ hẹn", 10, "{{ row.late }}", CENTER),
            ("Đóng không trả lời", 14, "{{ row.unanswered }}", CENTER),
            ("Hủy", 10, "{{ row.cancelled }}", CENTER),
            ("Còn lại", 10, "{{ row.open }}", CENTER),
            ("Quá hạn", 11, "{{ row.overdue }}", CENTER),
            ("Trung vị", 17, "{{ row.median }}", CENTER),
        ),
        (
            "Tất cả",
            "{{ all.carried }}",
            "{{ all.received }}",
            "{{ all.answered }}",
            "{{ all.on_time }}",
            "{{ all.late }}",
            "{{ all.unanswered }}",
            "{{ all.cancelled }}",
            "{{ all.open }}",
            "{{ all.overdue }}",
            "{{ all.median }}",
        ),
        together=True,
    )
    text(
        doc,
        "Tồn đầu kỳ cộng tiếp nhận bằng đã trả lời (đúng hẹn và trễ hẹn) cộng đóng không trả lời, hủy và còn lại; quá hạn (trả lời khách hàng) là một phần của còn lại.",
    )
    text(
        doc,
        "Thời gian trả lời tính bằng giờ làm việc, riêng sự cố theo đồng hồ; trung vị là mức mà một nửa số yêu cầu được trả lời trong đó; “ngoài giờ” là theo đồng hồ, khi không có phút nào trong giờ làm việc.",
    )
    tag(doc, "if channels")
    text(
        doc,
        "Kênh tiếp nhận: {% for row in channels %}{{ row.title|lowerfirst }} {{ row.count }}{% if loop.last %}.{% else %}; {% endif %}{% endfor %}"
        "{% if cancelled %} Khách hàng hủy {{ cancelled }} yêu cầu.{% endif %}",
    )
    tag(doc, "endif")
    chart(doc, "kinds", 1, 72)
    chart(doc, "course", 2, 55)
    _units(doc)
    _overdue(doc)
    _repeated(doc)
    tag(doc, "if proposals")
    heading(doc, "5. Kiến nghị")
    tag(doc, "for line in proposals")
    text(doc, "- {{ line }}", keep=True)
    tag(doc, "endfor")
    tag(doc, "endif")
    text(doc, "Trân trọng báo cáo./.", keep=True)
    signature(doc)
    return doc


def _units(doc: Any) -> None:
    heading(doc, "2. Trả lời của các đơn vị")
    tag(doc, "if units")
    rows(
        doc,
        "units",
        (
            ("Đơn vị", 38, "{{ row.title }}", LEFT),
            ("Số phiếu", 12, "{{ row.asked }}", CENTER),
            ("Đã trả lời", 11, "{{ row.answered }}", CENTER),
            ("Đã báo nhận", 12, "{{ row.acknowledged }}", CENTER),
            ("Chưa trả lời", 12, "{{ row.open }}", CENTER),
            ("Không chờ nữa", 14, "{{ row.dropped }}", CENTER),
            ("Đúng hạn", 12, "{{ row.on_time }}", CENTER),
            ("Trễ hạn", 11, "{{ row.late }}", CENTER),
            ("Quá hạn", 11, "{{ row.overdue }}", CENTER),
            ("Trung vị", 16, "{{ row.median }}", CENTER),
            ("90 % trong", 16, "{{ row.p90 }}", CENTER),
        ),
        together=True,
    )
    text(
        doc,
        "Số phiếu bằng đã trả lời, đã báo nhận (sự cố, nguy hiểm chưa có kết quả), chưa trả lời và không chờ nữa (phiếu đã hủy, đã kết thúc, "
        "đổi đơn vị) cộng lại; đúng hạn và trễ hạn là của phiếu đã trả lời, đã báo nhận; quá hạn là chưa trả lời mà đã quá hạn của đơn vị. "
        "Trực vận hành phải báo nhận sự cố, nguy hiểm trước hạn: hạn và thời gian tính đến lúc báo nhận.",
    )
    _late_units(doc)
    chart(doc, "units", 3, 60)
    tag(doc, "else")
    text(doc, "Trong kỳ không có phiếu gửi đơn vị.")
    tag(doc, "endif")


def _late_units(doc: Any) -> None:
    tag(doc, "if late_units")
    text(doc, "Phiếu mà đơn vị trả lời, báo nhận trễ hoặc chưa trả lời, báo nhận khi đã quá hạn của đơn vị:", keep=True)
    rows(
        doc,
        "late_units",
        (
            ("Mã tiếp nhận", 36, "{{ row.number }}", LEFT),
            ("Đơn vị", 32, "{{ row.unit }}", LEFT),
            ("Loại yêu cầu", 31, "{{ row.kind }}", LEFT),
            ("Hạn đơn vị", 23, "{{ row.due }}", CENTER),
            ("Tình hình", 25, "{{ row.said }}", CENTER),
            ("Trễ", 18, "{{ row.late }}", CENTER),
        ),
    )
    tag(doc, "if late_units_more")
    text(doc, "{{ late_units_more }}")
    tag(doc, "endif")
    tag(doc, "else")
    text(doc, "Không có đơn vị trả lời quá hạn.")
    tag(doc, "endif")


def _overdue(doc: Any) -> None:
    heading(doc, "3. Yêu cầu quá hạn trả lời khách hàng")
    tag(doc, "if overdue")
    rows(
        doc,
        "overdue",
        (
            ("Mã tiếp nhận", 36, "{{ row.number }}", LEFT),
            ("Khách hàng", 33, "{{ row.customer }}", LEFT),
            ("Loại yêu cầu", 33, "{{ row.kind }}", LEFT),
            ("Hạn", 25, "{{ row.due }}", CENTER),
            ("Quá", 16, "{{ row.late }}", CENTER),
            ("Đang giữ", 22, "{{ row.holder }}", LEFT),
        ),
    )
    tag(doc, "if overdue_more")
    text(doc, "{{ overdue_more }}")
    tag(doc, "endif")
    tag(doc, "else")
    text(doc, "Không có yêu cầu quá hạn trả lời khách hàng.")
    tag(doc, "endif")


def _repeated(doc: Any) -> None:
    heading(doc, "4. Khiếu nại nhiều lần")
    tag(doc, "if repeated")
    rows(
        doc,
        "repeated",
        (
            ("Khách hàng, địa bàn", 70, "{{ row.title }}", LEFT),
            ("Số lần", 15, "{{ row.count }}", CENTER),
            ("Mã tiếp nhận", 80, "{{ row.numbers }}", LEFT),
        ),
    )
    tag(doc, "else")
    text(doc, "Không có khách hàng hoặc địa bàn nào khiếu nại nhiều lần.")
    tag(doc, "endif")
