"""Progress is reported as a bar on a terminal and as plain lines elsewhere."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from shop import progress

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_yields_everything_in_order() -> None:
    assert list(progress.track(range(5), total=5, what="Counting", stream=io.StringIO())) == [0, 1, 2, 3, 4]


def test_writes_one_plain_line_at_the_end_without_a_terminal() -> None:
    stream = io.StringIO()
    list(progress.track(range(1200), total=1200, what="Counting", stream=stream))
    (line,) = stream.getvalue().splitlines()
    assert line.startswith("Counting: 1,200 in ")
    assert "\r" not in stream.getvalue()


def test_writes_lines_on_the_way_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    stream = io.StringIO()
    list(progress.track(range(2), total=4, what="Counting", stream=stream))
    first = stream.getvalue().splitlines()[0]
    assert first.startswith("Counting: 1 of 4, ")
    assert first.endswith(" s left")


def test_total_may_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    stream = io.StringIO()
    list(progress.track(iter("ab"), total=None, what="Counting", stream=stream))
    assert stream.getvalue().startswith("Counting: 1, ")


def test_draws_a_bar_on_a_terminal() -> None:
    stream = Terminal()
    list(progress.track(range(3), total=3, what="Painting", stream=stream))
    assert "Painting: 100%" in stream.getvalue()
    assert "\r" in stream.getvalue()


def test_chunks_count_by_their_weight() -> None:
    stream = io.StringIO()
    list(progress.track(range(3), total=30, what="Writing", stream=stream, weight=10))
    assert stream.getvalue().startswith("Writing: 30 in ")
