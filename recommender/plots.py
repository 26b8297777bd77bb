"""Figures as drawings: plain SVG from the server, without script or inline style, so that the strict policy lets it pass.

Colours, dashes and letters are classes of ``static/css/report.css``; here is
only where things stand. All measures are in the drawing's own units, which
are pixels where the page is wide enough.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH = 720.0
HEIGHT = 316.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 170.0, 30.0, 46.0
NAMES = 190.0
ROW = 34.0
BAR_ROW = 30.0
MARGIN = 10.0
LETTER = 15.0
STYLES = 6
MOST_DOTS = 14


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a drawing says besides its figures.

    Attributes:
        key: Unique on its page, for the ids that tie title and description to the drawing.
        title: Its name.
        description: What one sees, for those who don't.
        across, up: What the axes measure.
    """

    key: str
    title: str
    description: str
    across: str = ""
    up: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One curve: its name and its points (x, y), x rising; at least one."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Dot:
    """One figure with the ends of its interval, where there is one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class DotRow:
    """A name and its figures, one per group in the order of the groups, ``None`` where one is missing."""

    name: str
    dots: Sequence[Dot | None]


def ticks(low: float, high: float, *, about: int = 5) -> tuple[float, ...]:
    """Round numbers from at most ``low`` to at least ``high``, about so many.

    Steps are 1, 2 or 5 times a power of ten. Equal ends get a step of their own.
    """
    span = high - low if high > low else max(abs(high), 1.0)
    rough = span / max(about, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(number * step, 10) for number in range(first, max(last, first + 1) + 1))


def line_plot(lines: Sequence[Line], *, words: Words, from_zero: bool = True) -> SafeString:
    """Curves over a common axis, each named at its end; nothing where there is no curve.

    Args:
        lines: At most six, for so many can be told apart.
        words: What is said besides.
        from_zero: Let the upright axis begin at 0.
    """
    drawn = [line for line in lines if line.points][:STYLES]
    if not drawn:
        return SafeString("")
    across = _Scale.over([x for line in drawn for x, _y in line.points], LEFT, WIDTH - RIGHT, tight=True)
    heights = [y for line in drawn for _x, y in line.points]
    up = _Scale.over([0.0, *heights] if from_zero else heights, HEIGHT - BOTTOM, TOP)
    ends = _apart([up.at(line.points[-1][1]) for line in drawn], low=TOP, high=HEIGHT - BOTTOM)
    context = {
        **_frame(words, height=HEIGHT),
        "across_ticks": [{"at": _n(across.at(value)), "label": label} for value, label in across.labels()],
        "up_ticks": [{"at": _n(up.at(value)), "label": label} for value, label in up.labels()],
        "left": _n(LEFT),
        "right": _n(WIDTH - RIGHT),
        "beside": _n(WIDTH - RIGHT + LETTER),
        "top": _n(TOP),
        "bottom": _n(HEIGHT - BOTTOM),
        "lines": [
            {
                "name": line.name,
                "style": place,
                "path": " ".join(f"{_n(across.at(x))},{_n(up.at(y))}" for x, y in line.points),
                "end_x": _n(across.at(line.points[-1][0])),
                "end_y": _n(up.at(line.points[-1][1])),
                "name_y": _n(ends[place]),
            }
            for place, line in enumerate(drawn)
        ],
    }
    return _drawn("lines", context)


def dot_plot(rows: Sequence[DotRow], *, groups: Sequence[str], words: Words) -> SafeString:
    """A row per name, a dot per group with its interval; nothing where there is no figure.

    Args:
        rows: Names and figures, best first; the first fourteen are drawn.
        groups: What the dots of a row are, at most two.
        words: What is said besides.
    """
    drawn = [row for row in rows if any(dot is not None for dot in row.dots)][:MOST_DOTS]
    if not drawn:
        return SafeString("")
    values = [
        value
        for row in drawn
        for dot in row.dots
        if dot is not None
        for value in (dot.value, dot.low, dot.high)
        if value is not None
    ]
    bottom = MARGIN + ROW * len(drawn)
    across = _Scale.over([0.0, *values], NAMES, WIDTH - 40.0)
    context = {
        **_frame(words, height=bottom + BOTTOM),
        "ticks": [{"at": _n(across.at(value)), "label": label} for value, label in across.labels()],
        "groups": [{"name": name, "style": place} for place, name in enumerate(groups)],
        "left": _n(NAMES),
        "right": _n(WIDTH - 40.0),
        "top": _n(MARGIN),
        "bottom": _n(bottom),
        "rows": [
            {
                "name": row.name,
                "y": _n(MARGIN + ROW * (place + 0.5)),
                "dots": [
                    _dot(
                        dot,
                        across,
                        y=MARGIN + ROW * (place + 0.5) + 12.0 * (style - (len(row.dots) - 1) / 2),
                        style=style,
                    )
                    for style, dot in enumerate(row.dots)
                    if dot is not None
                ],
            }
            for place, row in enumerate(drawn)
        ],
    }
    return _drawn("dots", context)


def bar_plot(bars: Sequence[tuple[str, float]], *, words: Words, unit: str = "") -> SafeString:
    """Horizontal bars with their figures beside; nothing where there is no bar."""
    if not bars:
        return SafeString("")
    across = _Scale.over([0.0, *(value for _name, value in bars)], NAMES, WIDTH - 90.0)
    context = {
        **_frame(words, height=BAR_ROW * len(bars) + 2 * MARGIN),
        "left": _n(NAMES),
        "bars": [
            {
                "name": name,
                "y": _n(MARGIN + BAR_ROW * place + 5.0),
                "middle": _n(MARGIN + BAR_ROW * (place + 0.5)),
                "width": _n(max(across.at(value) - NAMES, 1.0)),
                "end": _n(across.at(value) + 8.0),
                "label": f"{value:.1f}{unit}",
            }
            for place, (name, value) in enumerate(bars)
        ],
        "thick": _n(BAR_ROW - 10.0),
    }
    return _drawn("bars", context)


@dataclass(frozen=True, kw_only=True)
class _Scale:
    """Where a value stands: ``marks`` are its round numbers, the ends of ``values`` meet ``start`` and ``stop``."""

    marks: tuple[float, ...]
    values: tuple[float, float]
    start: float
    stop: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, stop: float, *, tight: bool = False) -> _Scale:
        """A scale over all values; a tight one ends with them instead of at the next round numbers."""
        low, high = min(values), max(values)
        marks = ticks(low, high)
        ends = (low, high) if tight and high > low else (marks[0], marks[-1])
        inside = tuple(mark for mark in marks if ends[0] - 1e-9 <= mark <= ends[1] + 1e-9)
        return cls(marks=inside, values=ends, start=start, stop=stop)

    def at(self, value: float) -> float:
        """The place of a value."""
        low, high = self.values
        return self.start + (value - low) / (high - low) * (self.stop - self.start)

    def labels(self) -> list[tuple[float, str]]:
        """The round numbers in words, with as many decimals as their step needs."""
        step = self.marks[1] - self.marks[0] if len(self.marks) > 1 else 1.0
        decimals = max(0, -math.floor(math.log10(step) + 1e-9))
        return [(mark, f"{mark:.{decimals}f}") for mark in self.marks]


def _apart(places: Sequence[float], *, low: float, high: float) -> list[float]:
    """The same places, moved as little as it takes for a letter's height between any two, within the drawing."""
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = list(places)
    for before, after in zip([None, *order], order, strict=False):
        floor = low if before is None else moved[before] + LETTER
        moved[after] = max(moved[after], floor)
    ceiling = high
    for number in reversed(order):
        moved[number] = min(moved[number], ceiling)
        ceiling = moved[number] - LETTER
    return moved


def _dot(dot: Dot, across: _Scale, *, y: float, style: int) -> dict[str, Any]:
    """One dot and its interval, in the drawing's units."""
    x, size = across.at(dot.value), 5.0
    low = across.at(dot.value if dot.low is None else dot.low)
    high = across.at(dot.value if dot.high is None else dot.high)
    corners = ((x, y - size - 1), (x + size + 1, y), (x, y + size + 1), (x - size - 1, y))
    return {
        "x": _n(x),
        "y": _n(y),
        "low": _n(low),
        "high": _n(high),
        "size": _n(size),
        "style": style,
        "corners": " ".join(f"{_n(across_)},{_n(down)}" for across_, down in corners),
        "label": f"{dot.value:.4f}",
    }


def _frame(words: Words, *, height: float) -> dict[str, Any]:
    return {"words": words, "width": _n(WIDTH), "height": _n(height)}


def _drawn(kind: str, context: dict[str, Any]) -> SafeString:
    return render_to_string(f"admin/recommender/plots/{kind}.html", context)


def _n(value: float) -> str:
    """A measure as SVG wants it, whatever the language of the page."""
    return f"{value:.1f}"
