"""The table of ``benchmarks.quality``: on a terminal, and in docs/quality.md between its two marks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Self

from benchmarks.quality_sets import Bound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BEGIN, END = "<!-- figures: written by make quality -->", "<!-- end of figures -->"
HEAD = ("data", "figure", "must", "aim", "measured", "", "seconds", "peak MB")


class MarksMissing(Exception):
    """The page has no place for the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line: a figure, its bounds, and what it took to get it.

    Attributes:
        data: The data set, and what was different in this run.
        figure: Its name.
        bound: What it is held to.
        measured: The figure; ``None`` where a command failed.
        seconds: Of the command that gave it.
        megabytes: The same command's peak.
        problem: Why there is no figure.
    """

    data: str
    figure: str
    bound: Bound = field(default_factory=Bound)
    measured: float | None = None
    seconds: float | None = None
    megabytes: int | None = None
    problem: str = ""

    @property
    def missed(self) -> bool:
        """Whether the bound is not reached, or a command failed."""
        return self.bound.reached(self.measured, self.bound.must) is False or bool(self.problem)

    @property
    def verdict(self) -> str:
        """The bound and the wish in a word."""
        if self.problem:
            return "failed"
        if self.missed:
            return "MISSED"
        if self.bound.reached(self.measured, self.bound.aim):
            return "aim"
        return "" if self.bound.must is None else "ok"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line, cell by cell."""
        sign = "≤ " if self.bound.at_most else ""
        seconds = "" if self.seconds is None else f"{self.seconds:.0f}"
        megabytes = "" if self.megabytes is None else f"{self.megabytes:,}"
        bounds = (
            f"{sign}{_number(wanted)}" if wanted is not None else "–" for wanted in (self.bound.must, self.bound.aim)
        )
        return (self.data, self.figure, *bounds, _number(self.measured), self.verdict, seconds, megabytes)

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"verdict": self.verdict}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """A row as it was written."""
        kept = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        return cls(**{**kept, "bound": Bound(**values["bound"])})


def plain_table(rows: Sequence[Row]) -> str:
    """The table for a terminal."""
    lines = [HEAD, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join("  ".join(_aligned(line, widths)).rstrip() for line in lines)


def page_with(page: str, *, rows: Iterable[Row], notes: Iterable[str]) -> str:
    """The page with the table, and a sentence per note under it, in the place of the earlier ones.

    Raises:
        MarksMissing: It has no place for them.
    """
    before, begin, rest = page.partition(BEGIN)
    _earlier, end, after = rest.partition(END)
    if not begin or not end:
        raise MarksMissing(f"the page lacks {BEGIN} … {END}")
    lines = [_markdown(HEAD), _markdown(["---"] * len(HEAD)), *(_markdown(row.cells) for row in rows)]
    return "\n".join([f"{before}{BEGIN}", *lines, "", *(f"- {note}" for note in notes), f"{END}{after}"])


def _number(value: float | None) -> str:
    """Shares with three places, counts with none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) > 2 else f"{value:.3f}"


def _aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    """Words to the left, numbers to the right."""
    return [
        cell.ljust(width) if place in {0, 1, 5} else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def _markdown(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
