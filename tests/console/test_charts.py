"""Charts: nothing lies outside of its picture, nothing is cut, every number stands at its mark."""

import itertools
from collections.abc import Callable

import pytest

from daemon.console import charts
from daemon.documents.chart import Chart, Series

NAMES = ("Hỏi kế hoạch cắt điện, thời gian có điện trở lại, nguyên nhân mất điện", "Điện lực Ba Bể", "B26")


def chart(*numbers: tuple[float, ...]) -> Chart:
    """A chart of as many series as there are rows."""
    return Chart("Thử", NAMES[: len(numbers[0])], tuple(Series(f"s{i}", row) for i, row in enumerate(numbers)), "bar")


@pytest.mark.parametrize("draw", [charts.columns, charts.bars, charts.stacked])
@pytest.mark.parametrize(
    "rows", [((3.0, 0.0, 7.0), (1.0, 2.0, 0.0)), ((0.0, 0.0, 0.0),), ((1200.0, 1.0, 35.0), (9.0, 9.0, 9.0))]
)
def test_everything_lies_inside(draw: Callable[[Chart], charts.Drawn], rows: tuple[tuple[float, ...], ...]) -> None:
    drawn = draw(chart(*rows))
    for mark in drawn.marks:
        assert mark.x >= 0 and mark.x + mark.width <= charts.WIDTH and mark.y >= 0
        assert mark.y + mark.height <= drawn.height
    for x, y, text, _ in drawn.numbers:
        assert 0 <= x <= charts.WIDTH - 6 * len(str(text)) and 8 <= y <= drawn.height


@pytest.mark.parametrize("days", [1, 7, 12, 31])
def test_days_do_not_stand_on_each_other(days: int) -> None:
    names = tuple(f"{day:02}/10" for day in range(1, days + 1))
    drawn = charts.columns(Chart("Thử", names, (Series("s", (1.0,) * days),), "line"))
    places = [x for x, _, _ in drawn.labels]
    assert drawn.labels[0][2] == "01/10" and all(after - x >= 34 for x, after in itertools.pairwise(places))


def test_a_long_name_stands_in_two_lines() -> None:
    drawn = charts.bars(chart((1.0, 2.0, 3.0), (1.0, 2.0, 3.0)))
    lines = [text for _, _, text in drawn.labels]
    assert lines[-2:] == ["Hỏi kế hoạch cắt điện, thời gian có", "điện trở lại, nguyên nhân mất điện"]
    assert len(lines) == 4


def test_a_number_has_the_tone_it_stands_on() -> None:
    drawn = charts.stacked(chart((3.0, 0.0, 7.0), (1.0, 2.0, 0.0)))
    assert [(text, tone) for _, _, text, tone in drawn.numbers] == [(3, 0), (1, 1), (2, 1), (7, 0)]
