"""Tells whoever started a long command how far it is: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO, TypeVar

from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Thing = TypeVar("Thing")

SECONDS_BETWEEN_LINES = 10.0


def track(
    iterable: Iterable[Thing], *, total: int | None, what: str, stream: TextIO | None = None, weight: int = 1
) -> Iterator[Thing]:
    """Yield everything in ``iterable`` unchanged and report the progress.

    On a terminal one bar with rate and time left; elsewhere (a log file, CI) a
    plain line now and then, and always one at the end.

    Args:
        iterable: What is being worked through.
        total: How many things there will be, ``None`` where nobody knows yet.
        what: What is being done, such as ``Painting pictures``.
        stream: Where to write; standard error unless told.
        weight: How much each thing counts, for iterables of chunks of equal size.
    """
    out = sys.stderr if stream is None else stream
    if out.isatty():
        yield from _with_bar(iterable, total=total, what=what, stream=out, weight=weight)
    else:
        yield from _with_lines(iterable, total=total, what=what, stream=out, weight=weight)


def _with_bar(
    iterable: Iterable[Thing], *, total: int | None, what: str, stream: TextIO, weight: int
) -> Iterator[Thing]:
    """One line that redraws itself; left standing when the work ends or fails."""
    with tqdm(total=total, desc=what, file=stream, dynamic_ncols=True) as bar:
        for thing in iterable:
            yield thing
            bar.update(weight)


def _with_lines(
    iterable: Iterable[Thing], *, total: int | None, what: str, stream: TextIO, weight: int
) -> Iterator[Thing]:
    """A line every ten seconds at most, and a last one with the count, the time and the rate."""
    started = time.monotonic()
    last_line = started
    done = 0
    for thing in iterable:
        yield thing
        done += weight
        now = time.monotonic()
        if now - last_line >= SECONDS_BETWEEN_LINES:
            last_line = now
            stream.write(f"{what}: {_so_far(done, total, now - started)}\n")
            stream.flush()
    seconds = time.monotonic() - started
    stream.write(f"{what}: {done:,} in {seconds:.1f} s ({done / max(seconds, 1e-9):,.0f} a second)\n")
    stream.flush()


def _so_far(done: int, total: int | None, seconds: float) -> str:
    """How much is done, at what rate, and how long the rest will take at that rate."""
    rate = done / max(seconds, 1e-9)
    if not total:
        return f"{done:,}, {rate:,.0f} a second"
    left = max(total - done, 0) / max(rate, 1e-9)
    return f"{done:,} of {total:,}, {rate:,.0f} a second, {left:.0f} s left"
