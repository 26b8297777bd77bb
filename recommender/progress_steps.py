"""Joins functions that call back with (done, total) to the shop's progress reports."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from shop.progress import track


class Steps:
    """Called with the steps done and their number, it moves a bar or prints lines.

    A context manager, so that the last line is printed even where fewer steps
    were needed than announced (a training that stopped early).
    """

    def __init__(self, what: str) -> None:
        """Say what is being done, such as ``Reading pictures``."""
        self.what = what
        self._done = 0
        self._bar: Iterator[int] | None = None
        self._last = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._last = self._done
        if self._bar is not None and error is None:
            for _none_left in self._bar:
                pass

    def __call__(self, done: int, total: int) -> None:
        """Report that ``done`` of ``total`` steps are behind us."""
        if self._bar is None:
            self._last = total
            self._bar = track(self._numbers(), total=total, what=self.what)
        while self._done < min(done, self._last):
            next(self._bar)
            self._done += 1

    def _numbers(self) -> Iterator[int]:
        """As many numbers as there are steps; the end may come closer while counting."""
        number = 0
        while number < self._last:
            yield number
            number += 1
