"""Where things stand in drawings, worked out by hand."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from django.utils.translation import override

from recommender.plots import Dot, DotRow, Line, Words, bar_plot, dot_plot, line_plot, ticks

WORDS = Words(key="k", title="A & B", description="What is seen", across="places", up="share")


def attributes(drawing: str, name: str) -> list[str]:
    return re.findall(rf'{name}="([^"]*)"', drawing)


@pytest.mark.parametrize(
    ("low", "high", "marks"),
    [
        (0, 1, (0, 0.2, 0.4, 0.6, 0.8, 1)),
        (0, 0.143, (0, 0.05, 0.1, 0.15)),
        (1, 10, (0, 2, 4, 6, 8, 10)),
        (-3, 3, (-4, -2, 0, 2, 4)),
        (0, 0, (0, 0.2)),
        (7, 7, (6, 8)),
        (0, 1234, (0, 500, 1000, 1500)),
    ],
)
def test_marks_are_round_and_hold_all_values(low: float, high: float, marks: tuple[float, ...]) -> None:
    assert ticks(low, high) == pytest.approx(marks)


def test_a_curve_goes_where_its_figures_say() -> None:
    drawing = line_plot([Line(name="one", points=[(1, 0), (2, 0.5), (3, 1)])], words=WORDS)
    # From 56 to 720 − 170 across; from 316 − 46 up to 30.
    assert attributes(drawing, "points") == ["56.0,270.0 303.0,150.0 550.0,30.0"]
    assert ">0.2<" in drawing
    assert ">one<" in drawing


def test_what_is_drawn_is_also_said_and_escaped() -> None:
    drawing = line_plot([Line(name="<b>", points=[(1, 1)])], words=WORDS)
    assert '<title id="k-title">A &amp; B</title>' in drawing
    assert 'aria-labelledby="k-title k-description"' in drawing
    assert "&lt;b&gt;" in drawing
    assert "<b>" not in drawing


def test_names_at_the_ends_of_equal_curves_do_not_cover_each_other() -> None:
    lines = [Line(name=f"m{number}", points=[(1, 0.5), (2, 0.5)]) for number in range(5)]
    drawing = line_plot(lines, words=WORDS)
    places = sorted(float(y) for y in re.findall(r'plot-name" x="565.0" y="([^"]*)"', drawing))
    assert len(places) == 5
    assert all(after - before >= 15 for before, after in pairwise(places))
    # negative control: without moving they would all stand at the same place
    assert len(set(re.findall(r'cy="([^"]*)"', drawing))) == 1


def test_names_stay_inside_the_drawing() -> None:
    lines = [Line(name=f"m{number}", points=[(1, 0.0)]) for number in range(6)]
    places = [float(y) for y in re.findall(r'plot-name" x="565.0" y="([^"]*)"', line_plot(lines, words=WORDS))]
    assert max(places) == 270
    assert min(places) == 270 - 5 * 15


def test_dots_stand_between_the_ends_of_their_intervals() -> None:
    rows = [DotRow(name="one", dots=[Dot(value=0.5, low=0.25, high=1.0), None])]
    drawing = dot_plot(rows, groups=["all", "new"], words=WORDS)
    # From 190 to 720 − 40 for 0 … 1.
    assert re.search(r'plot-interval plot-style-0"\s+x1="312.5"\s+x2="680.0"', drawing)
    assert 'cx="435.0"' in drawing
    assert drawing.count("<polygon") == 1  # the key alone: the second figure is missing


def test_bars_are_as_long_as_their_figures() -> None:
    drawing = bar_plot([("content", 10.0), ("behaviour", 5.0)], words=WORDS, unit=" s")
    assert attributes(drawing, "width") == ["440.0", "220.0"]
    assert "10.0 s" in drawing


def test_nothing_gives_no_drawing() -> None:
    assert line_plot([], words=WORDS) == ""
    assert line_plot([Line(name="empty", points=[])], words=WORDS) == ""
    assert dot_plot([DotRow(name="empty", dots=[None])], groups=["all"], words=WORDS) == ""
    assert bar_plot([], words=WORDS) == ""


def test_nothing_that_the_strict_policy_forbids() -> None:
    drawings = [
        line_plot([Line(name="one", points=[(1, 1)])], words=WORDS),
        dot_plot([DotRow(name="one", dots=[Dot(value=1)])], groups=["all"], words=WORDS),
        bar_plot([("one", 1)], words=WORDS),
    ]
    for drawing in drawings:
        assert "style=" not in drawing
        assert "<script" not in drawing
        assert "<style" not in drawing


def test_measures_are_the_same_in_every_language() -> None:
    with override("de"):
        assert '"312.5"' in dot_plot([DotRow(name="one", dots=[Dot(value=1, low=0.25)])], groups=[], words=WORDS)
