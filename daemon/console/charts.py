"""Charts as numbers for an SVG: bars, columns and stacked bars. The template draws; here is only where things lie."""

from dataclasses import dataclass

from daemon.documents.chart import Chart

WIDTH = 640.0


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
    """A chart ready to be drawn: its title, marks, labels with their places, series names, and its height."""

    title: str
    marks: tuple[Mark, ...]
    labels: tuple[tuple[float, float, str], ...]
    series: tuple[str, ...]
    height: float
    top: int


def columns(chart: Chart, height: float = 190.0) -> Drawn:
    """Return columns side by side from left to right, as for days."""
    room = height - 34.0
    top = max([1.0, *(number for each in chart.series for number in each.numbers)])
    step = WIDTH / max(1, len(chart.categories))
    width = min(22.0, step * 0.8 / max(1, len(chart.series)))
    marks, labels = [], []
    often = max(1, len(chart.categories) // 16)
    for place, name in enumerate(chart.categories):
        middle = step * (place + 0.5)
        for tone, each in enumerate(chart.series):
            tall = room * each.numbers[place] / top
            x = middle + (tone - len(chart.series) / 2) * width
            marks.append(
                Mark(
                    round(x, 1),
                    round(14 + room - tall, 1),
                    round(width - 1, 1),
                    round(tall, 1),
                    int(each.numbers[place]),
                    tone,
                )
            )
        if place % often == 0:
            labels.append((round(middle, 1), height - 6, name))
    return Drawn(chart.title, tuple(marks), tuple(labels), tuple(each.name for each in chart.series), height, int(top))


def bars(chart: Chart) -> Drawn:
    """Return bars from left to right, one line a category and series, the last category on top as in the Word chart."""
    top = max([1.0, *(number for each in chart.series for number in each.numbers)])
    line, left = 15.0, 235.0
    marks, labels = [], []
    y = 4.0
    for place in reversed(range(len(chart.categories))):
        labels.append((0.0, round(y + line * len(chart.series) / 2 + 4, 1), chart.categories[place]))
        for tone, each in enumerate(chart.series):
            wide = (WIDTH - left - 40) * each.numbers[place] / top
            marks.append(
                Mark(left, round(y + tone * line, 1), round(wide, 1), line - 3, int(each.numbers[place]), tone)
            )
        y += line * len(chart.series) + 9
    return Drawn(chart.title, tuple(marks), tuple(labels), tuple(each.name for each in chart.series), y, int(top))


def stacked(chart: Chart) -> Drawn:
    """Return one bar a category, its series one behind the other."""
    sums = [sum(each.numbers[place] for each in chart.series) for place in range(len(chart.categories))]
    top = max([1.0, *sums])
    line, left = 24.0, 235.0
    marks, labels = [], []
    for place, name in enumerate(chart.categories):
        y, x = 4.0 + place * line, left
        labels.append((0.0, y + 13, name))
        for tone, each in enumerate(chart.series):
            wide = (WIDTH - left - 40) * each.numbers[place] / top
            if wide:
                marks.append(Mark(round(x, 1), y, round(wide, 1), line - 7, int(each.numbers[place]), tone))
            x += wide
    height = 8.0 + line * len(chart.categories)
    return Drawn(chart.title, tuple(marks), tuple(labels), tuple(each.name for each in chart.series), height, int(top))
