"""Native Word charts: the drawing with its numbers and the workbook that stands behind it. XlsxWriter does both."""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

_FONT = {"name": "Times New Roman", "size": 11, "bold": False}
_SMALL = {"name": "Times New Roman", "size": 10, "bold": False}
# Dark enough to be told apart in a black-and-white print as well.
_COLOURS = ("#1F4E79", "#F4B183", "#70AD47", "#7F7F7F")


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


def chart_parts(chart: Chart, link: str | None) -> tuple[bytes, bytes]:
    """Return the chart part and its workbook. ``link`` is the relationship id under which the part finds the book."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
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
                "fill": {"color": _COLOURS[(column - 1) % len(_COLOURS)]},
                "data_labels": {"value": True, "font": _SMALL, "num_format": "0;-0;;"},
                "gap": 60,
                **_cached(chart.categories, series),
            }
        )


def _cached(categories: Sequence[str], series: Series) -> dict[str, list[object]]:
    """XlsxWriter draws from cells; the numbers are also kept in the chart itself, for readers without the book."""
    return {"categories_data": list(categories), "values_data": list(series.numbers)}


def _look(drawn: "xlsxwriter.chart.Chart", chart: Chart) -> None:
    drawn.set_title({"name": chart.title, "name_font": {**_FONT, "size": 12, "bold": True}, "overlay": False})
    drawn.set_x_axis({"num_font": _SMALL, "major_gridlines": {"visible": False}})
    drawn.set_y_axis({"num_font": _SMALL, "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": _SMALL})
    drawn.set_chartarea({"border": {"none": True}})


def _linked(drawing: bytes, link: str | None) -> bytes:
    """Turn a workbook's chart into a document's: no print settings, and a link to the embedded book."""
    drawing = re.sub(rb"<c:printSettings>.*?</c:printSettings>", b"", drawing, flags=re.DOTALL)
    if link is None:
        return drawing
    outside = f'<c:externalData r:id="{link}"><c:autoUpdate val="0"/></c:externalData>'.encode()
    return drawing.replace(b"</c:chartSpace>", outside + b"</c:chartSpace>")
