"""Native Word charts: the drawing with its numbers and the workbook that stands behind it. XlsxWriter does both."""

import datetime as dt
import functools
import io
import math
import re
import zipfile
from dataclasses import dataclass

import xlsxwriter

_MADE = dt.datetime(2026, 1, 1)  # XlsxWriter would write the time of day: the same figures give the same bytes
_FONT = {"name": "Times New Roman", "size": 11, "bold": False}
_SMALL = {"name": "Times New Roman", "size": 10, "bold": False}
# Fills light enough for a black number on them, apart enough in grey; lines dark.
_FILLS = ("#9DC3E6", "#F4B183", "#C5E0B4", "#BFBFBF")
_LINES = ("#1F4E79", "#C55A11", "#548235", "#7F7F7F")
_MARKS = ("circle", "square", "triangle", "diamond")


# What is not said is taken for "yes" by LibreOffice: labels with every name, and curves.
_LABELS = b"".join(
    b'<c:%s val="%d"/>' % (name, name == b"showVal")
    for name in (b"showLegendKey", b"showVal", b"showCatName", b"showSerName", b"showPercent", b"showBubbleSize")
)


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers with its name, as many as the chart has categories."""

    name: str
    numbers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar, column or line chart: its title, categories and series; ``stacked`` piles the series."""

    title: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    kind: str = "column"
    stacked: bool = False


@functools.lru_cache(maxsize=16)
def chart_parts(chart: Chart, link: str | None) -> tuple[bytes, bytes]:
    """Return the chart part and its workbook. ``link`` is the relationship id under which the part finds the book.

    The reports of all levels on a period show the same charts: they are drawn once.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _MADE})
    sheet = book.add_worksheet("So lieu")
    _fill(sheet, chart)
    drawn = book.add_chart({"type": chart.kind, **({"subtype": "stacked"} if chart.stacked else {})})
    _series(drawn, chart)
    _look(drawn, chart)
    sheet.insert_chart(0, len(chart.series) + 2, drawn)
    book.close()
    with zipfile.ZipFile(stream) as archive:
        drawing = archive.read("xl/charts/chart1.xml")
    return _linked(drawing, link), stream.getvalue()


def _fill(sheet: "xlsxwriter.worksheet.Worksheet", chart: Chart) -> None:
    for row, category in enumerate(chart.categories, start=1):
        sheet.write_string(row, 0, category)
    for column, series in enumerate(chart.series, start=1):
        sheet.write_string(0, column, series.name)
        for row, value in enumerate(series.numbers, start=1):
            sheet.write_number(row, column, value)


def _series(drawn: "xlsxwriter.chart.Chart", chart: Chart) -> None:
    last = len(chart.categories)
    for column, series in enumerate(chart.series, start=1):
        drawn.add_series(
            {
                "name": ["So lieu", 0, column],
                "categories": ["So lieu", 1, 0, last, 0],
                "values": ["So lieu", 1, column, last, column],
                # The numbers are also kept in the chart itself, for readers that do not open the book.
                "categories_data": list(chart.categories),
                "values_data": list(series.numbers),
                **_dress(chart, column - 1),
            }
        )


def _dress(chart: Chart, place: int) -> dict[str, object]:
    if chart.kind == "line":
        color = _LINES[place % len(_LINES)]
        marker = {"type": _MARKS[place % len(_MARKS)], "size": 6, "fill": {"color": color}, "border": {"color": color}}
        return {"line": {"color": color, "width": 2}, "marker": marker}
    labels = {"value": True, "font": _SMALL, "num_format": "0;-0;;"}
    return {"fill": {"color": _FILLS[place % len(_FILLS)]}, "data_labels": labels, "gap": 60}


def _look(drawn: "xlsxwriter.chart.Chart", chart: Chart) -> None:
    quiet = {"num_font": _SMALL, "major_tick_mark": "none", "minor_tick_mark": "none"}
    most = max((number for series in chart.series for number in series.numbers), default=0)
    if chart.stacked:
        most = max(map(sum, zip(*(series.numbers for series in chart.series), strict=True)), default=0)
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    drawn.set_title({"name": chart.title, "name_font": {**_FONT, "size": 12, "bold": True}, "overlay": False})
    every = {} if chart.kind == "line" else {"interval_unit": 1}
    categories = {**quiet, **every, "major_gridlines": {"visible": False}}
    # What is counted is whole: so are the marks, also where there is hardly anything, and the last stands above the most.
    step = max(1, math.ceil(most / 8))
    whole = {"min": 0, "max": step * (math.floor(most / step) + 1), "major_unit": step, "num_format": "0"}
    counts = {**quiet, **whole, "major_gridlines": grid}
    # XlsxWriter turns a bar chart's axes: there the first set is that of the numbers.
    first, second = (counts, categories) if chart.kind == "bar" else (categories, counts)
    drawn.set_x_axis(first)
    drawn.set_y_axis(second)
    drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": _SMALL})
    drawn.set_chartarea({"border": {"none": True}})


def _linked(drawing: bytes, link: str | None) -> bytes:
    """Turn a workbook's chart into a document's: no print settings, and a link to the embedded book."""
    drawing = re.sub(rb"<c:printSettings>.*?</c:printSettings>", b"", drawing, flags=re.DOTALL)
    drawing = drawing.replace(b'<c:showVal val="1"/>', _LABELS)
    if b"<c:lineChart>" in drawing:
        drawing = drawing.replace(b"</c:ser>", b'<c:smooth val="0"/></c:ser>')
    if link is None:
        return drawing
    outside = f'<c:externalData r:id="{link}"><c:autoUpdate val="0"/></c:externalData>'.encode()
    return drawing.replace(b"</c:chartSpace>", outside + b"</c:chartSpace>")
