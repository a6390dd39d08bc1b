"""Charts as numbers for an SVG: bars, columns and stacked bars. The template draws; here is only where things lie."""

import math
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.documents.chart import Chart

WIDTH = 640.0
LEFT = 235.0  # room for the names of categories
_LETTERS = 38  # so many fit into that room
_DAY = 34.0  # room for a day's name under its columns
_NARROW = 11.0  # a column this narrow has no room for its number


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle of a chart with its number; ``tone`` counts the series from 0."""

    x: float
    y: float
    width: float
    height: float
    number: int
    tone: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart ready to be drawn: its title, marks, labels with their places, series names, and its height.

    ``numbers`` are places, texts and the tone on which a text stands centred (None: it begins at its place).
    """

    title: str
    marks: tuple[Mark, ...]
    labels: tuple[tuple[float, float, str], ...]
    series: tuple[str, ...]
    height: float
    numbers: tuple[tuple[float, float, int, int | None], ...]


def columns(chart: Chart, height: float = 190.0) -> Drawn:
    """Return columns side by side from left to right, as for days; each with its number above where there is room."""
    room, top = height - 34.0, _top(chart)
    step = WIDTH / max(1, len(chart.categories))
    width = min(22.0, step * 0.8 / max(1, len(chart.series)))
    marks, labels = [], []
    often = math.ceil(_DAY / step)
    for place, name in enumerate(chart.categories):
        middle = step * (place + 0.5)
        for tone, each in enumerate(chart.series):
            tall = room * each.numbers[place] / top
            x = middle + (tone - len(chart.series) / 2) * width
            box = (round(x, 1), round(14 + room - tall, 1), round(width - 1, 1), round(tall, 1))
            marks.append(Mark(*box, int(each.numbers[place]), tone))
        if place % often == 0:
            labels.append((round(middle, 1), height - 6, name))
    above = [
        (round(mark.x + mark.width / 2, 1), round(mark.y - 3, 1), mark.number, 0)
        for mark in marks
        if mark.number and width >= _NARROW
    ]
    return Drawn(chart.title, tuple(marks), tuple(labels), _names(chart), height, tuple(above))


def bars(chart: Chart) -> Drawn:
    """Return bars from left to right, one line a category and series, the last category on top as in the Word chart."""
    line, top = 15.0, _top(chart)
    marks: list[Mark] = []
    labels: list[tuple[float, float, str]] = []
    y = 4.0
    for place in reversed(range(len(chart.categories))):
        labels += _label(chart.categories[place], y + line * len(chart.series) / 2 + 4)
        for tone, each in enumerate(chart.series):
            wide = (WIDTH - LEFT - 40) * each.numbers[place] / top
            box = (LEFT, round(y + tone * line, 1), round(wide, 1), line - 3)
            marks.append(Mark(*box, int(each.numbers[place]), tone))
        y += line * len(chart.series) + 9
    after = [(round(mark.x + mark.width + 4, 1), mark.y + mark.height / 2 + 4, mark.number, None) for mark in marks]
    return Drawn(chart.title, tuple(marks), tuple(labels), _names(chart), y, tuple(after))


def stacked(chart: Chart) -> Drawn:
    """Return one bar a category, its series one behind the other, each with its number inside where there is room."""
    sums = [sum(each.numbers[place] for each in chart.series) for place in range(len(chart.categories))]
    line, top = 24.0, max([1.0, *sums])
    marks: list[Mark] = []
    labels: list[tuple[float, float, str]] = []
    for place, name in enumerate(chart.categories):
        y, x = 4.0 + place * line, LEFT
        labels += _label(name, y + 13)
        for tone, each in enumerate(chart.series):
            wide = (WIDTH - LEFT - 40) * each.numbers[place] / top
            if wide:
                marks.append(Mark(round(x, 1), y, round(wide, 1), line - 7, int(each.numbers[place]), tone))
            x += wide
    inside = [
        (round(mark.x + mark.width / 2, 1), mark.y + 13, mark.number, mark.tone)
        for mark in marks
        if mark.width >= 9 * len(str(mark.number))
    ]
    height = 8.0 + line * len(chart.categories)
    return Drawn(chart.title, tuple(marks), tuple(labels), _names(chart), height, tuple(inside))


def _top(chart: Chart) -> float:
    return max([1.0, *(number for each in chart.series for number in each.numbers)])


def _names(chart: Chart) -> tuple[str, ...]:
    return tuple(each.name for each in chart.series)


def _label(name: str, y: float) -> Iterator[tuple[float, float, str]]:
    """A category's name, in two lines where one has no room for it."""
    lines = textwrap.wrap(name, _LETTERS, max_lines=2, placeholder="…")
    for index, text in enumerate(lines):
        yield 0.0, round(y + 13 * (index - (len(lines) - 1) / 2), 1), text
