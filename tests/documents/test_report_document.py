import datetime as dt
import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from lxml import etree

from daemon.desk import report_words
from daemon.desk.report import figures
from daemon.desk.trouble import Refused
from daemon.documents.chart import Chart, Series, chart_parts
from daemon.documents.check import check_document
from daemon.documents.package import Package
from daemon.documents.places import spots
from daemon.documents.render import Renderer
from daemon.documents.report_charts import charts
from tests.desk.test_report import NAMES, NOW, OCTOBER, SEPTEMBER, clock_minutes, tickets
from tests.documents.samples import OFFICE, TEMPLATES

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
FIGURES = figures(tickets(5), OCTOBER, SEPTEMBER, NOW, clock_minutes, unit_names=NAMES)


def made(level: str = "phong") -> bytes:
    values = report_words.values(FIGURES, OFFICE, level, NOW)
    return Renderer(TEMPLATES).render("report.docx", values, values["doc"]["qr"], charts(FIGURES))


@pytest.mark.parametrize("level", ["phong", "cong-ty", "tong-cong-ty"])
def test_a_report_of_each_level_is_without_fault(level: str) -> None:
    assert check_document(made(level)) == []


def test_an_empty_report_is_without_fault() -> None:
    nothing = figures([], OCTOBER, SEPTEMBER, NOW, clock_minutes)
    values = report_words.values(nothing, OFFICE, "phong", NOW)
    assert check_document(Renderer(TEMPLATES).render("report.docx", values, None, charts(nothing))) == []


def test_the_report_says_the_figures() -> None:
    text = [spot.text for spot in spots(Package.load(made()))]
    for line in report_words.sentences(FIGURES):
        assert line in text
    for each in FIGURES.overdue:
        assert each.number in text


def test_the_same_figures_give_the_same_bytes() -> None:
    assert made() == made()


def _numbers(chart: bytes) -> list[list[float]]:
    root = etree.fromstring(chart)
    return [
        [float(point.findtext(C + "v")) for point in series.findall(f"{C}val/{C}numRef/{C}numCache/{C}pt")]
        for series in root.iter(C + "ser")
    ]


def test_chart_and_workbook_hold_the_same_numbers() -> None:
    package = Package.load(made())
    drawn = sorted(name for name in package.names() if re.match(r"word/charts/chart\d+\.xml", name))
    assert len(drawn) == 3
    wanted = [[list(series.numbers) for series in chart.series] for chart in charts(FIGURES).values()]
    assert sorted(_numbers(package.read(name)) for name in drawn) == sorted(wanted)
    for name in drawn:
        (book,) = [target for target in package.targets(name).values() if target.endswith(".xlsx")]
        sheet = openpyxl.load_workbook(io.BytesIO(package.read(book))).active
        columns = list(sheet.iter_cols(min_col=2, min_row=2, values_only=True))
        assert [[float(cell) for cell in column] for column in columns] == _numbers(package.read(name))


def test_a_chart_without_figures_is_refused() -> None:
    values = report_words.values(FIGURES, OFFICE, "phong", NOW)
    with pytest.raises(Refused, match="biểu đồ"):
        Renderer(TEMPLATES).render("report.docx", values)


@pytest.mark.parametrize("kind", ["column", "bar", "line"])
def test_every_kind_of_chart_says_what_it_does_not_show(kind: str) -> None:
    """LibreOffice takes what is left out for yes: names in every label, curved lines."""
    drawing, book = chart_parts(
        Chart("T", ("=1+1", "<b>"), (Series("s&", (1, 0)), Series("t", (2.5, 3))), kind), "rId7"
    )
    root = etree.fromstring(drawing)
    assert (
        root.find(f"{C}externalData").get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
        == "rId7"
    )
    assert [node.get("val") for node in root.iter(C + "smooth")] == (["0", "0"] if kind == "line" else [])
    for labels in root.iter(C + "dLbls"):
        assert {node.tag.removeprefix(C): node.get("val") for node in labels if node.tag.startswith(C + "show")} == {
            "showLegendKey": "0",
            "showVal": "1",
            "showCatName": "0",
            "showSerName": "0",
            "showPercent": "0",
            "showBubbleSize": "0",
        }
    assert openpyxl.load_workbook(io.BytesIO(book)).active["A2"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        assert archive.testzip() is None


@pytest.mark.parametrize("kind", ["bar", "column", "line"])
@pytest.mark.parametrize("most", [0, 1, 2, 7, 8, 9, 250])
def test_counts_are_marked_in_whole_numbers(kind: str, most: int) -> None:
    drawing, _ = chart_parts(Chart("Số yêu cầu", ("a", "b"), (Series("Tiếp nhận", (0, most)),), kind=kind), None)
    axis = etree.fromstring(drawing).find(f".//{C}valAx")
    step, top = (float(axis.find(f".//{C}{name}").get("val")) for name in ("majorUnit", "max"))
    assert step >= 1 and step.is_integer() and top > most and top % step == 0
    assert axis.find(f"{C}numFmt").get("formatCode") == "0"


def test_a_day_alone_is_seen() -> None:
    day = dt.date(2026, 10, 5)
    kinds = [charts(replace(FIGURES, days=((day, 1, 0),) * count))["course"].kind for count in (0, 1, 2, 3)]
    assert kinds == ["column", "column", "column", "line"]


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _body(data: bytes) -> list[etree._Element]:
    return list(etree.fromstring(Package.load(data).read("word/document.xml")).find(W + "body"))


def _kept(node: etree._Element) -> bool:
    """Say whether all paragraphs of a node stay with the next."""
    lines = [node] if node.tag == W + "p" else list(node.iter(W + "p"))
    return all(line.find(f"{W}pPr/{W}keepNext") is not None for line in lines)


def test_tables_break_only_between_rows_and_say_their_heads_again() -> None:
    tables = [node for node in _body(made()) if node.tag == W + "tbl" and node.find(f".//{W}tblHeader") is not None]
    assert len(tables) == 5
    for table in tables:
        rows = table.findall(W + "tr")
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None and _kept(rows[0])
    kinds, units = tables[:2]
    assert all(_kept(row) for row in [*kinds.findall(W + "tr")[:-1], *units.findall(W + "tr")])


def test_the_signature_stands_never_alone() -> None:
    """What was said last, the gap and the block of signatures hold together; the proposals before them do too."""
    *_, proposal, closing, gap, signature, _ = _body(made())
    assert "Trân trọng báo cáo" in "".join(closing.itertext()) and signature.tag == W + "tbl"
    assert all(_kept(node) for node in (proposal, closing, gap))
    for path in sorted(TEMPLATES.glob("answer-*.docx")):
        *_, closing, gap, signature, _ = _body(path.read_bytes())
        assert signature.tag == W + "tbl" and _kept(closing) and _kept(gap), path.name
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in signature.findall(W + "tr"))
