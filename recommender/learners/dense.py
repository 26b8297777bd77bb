"""Item × item regressions need a square of numbers for a moment; here is how large it may be, and how it is solved.

While it learns, a regression on n items holds two squares of n × n single
precision numbers: 6,000 items take 300 MB. Above ``MOST_ITEMS`` the methods
that need it hand over to one that doesn't, and say so. What is kept is sparse
either way: the best K per item.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from recommender.neighbours import NeighbourTable

MOST_ITEMS = 6_000

Square = npt.NDArray[np.float32]


def too_many(items: int, *, most: int, handed_to: str) -> str:
    """The sentence that says why a regression was not made, empty where it can be."""
    if items <= most:
        return ""
    return f"{items:,} items are more than {most:,}, the most whose square is held in memory: {handed_to} instead."


def inverse(gram: Square, ridge: float) -> Square:
    """(gram + ridge · identity)⁻¹ of a symmetric float32 (n, n), whose memory is reused."""
    from scipy.linalg import lapack

    gram[np.diag_indices(len(gram))] += ridge
    factor, failed = lapack.spotrf(gram, lower=1, overwrite_a=1)
    if failed:
        raise ValueError(f"the item × item square is not positive definite (row {failed}); raise the ridge")
    half, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    lower = np.tril(half)
    result: Square = lower + np.tril(lower, -1).T
    return result


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold linear algebra to one thread: sums in another order would give another bundle on another machine."""
    # SciPy brings a BLAS of its own, and only what is loaded already can be held.
    import scipy.linalg.lapack  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1, user_api="blas"):
        yield


def strongest(weights: Square, *, k: int) -> NeighbourTable:
    """The k largest positive weights of each row, an item never its own neighbour.

    Args:
        weights: float32 (n, n), row: what was touched, column: what it speaks for. Its diagonal is set to 0.
        k: Neighbours kept at most.
    """
    count = len(weights)
    weights[np.diag_indices(count)] = 0
    k = min(k, count)
    table = NeighbourTable.blank(count, k)
    for row in range(count):
        line = weights[row]
        chosen = np.flatnonzero(line > 0)
        if len(chosen) > k:
            chosen = chosen[line[chosen] >= np.partition(line[chosen], len(chosen) - k)[len(chosen) - k]]
        order = np.lexsort((chosen, -line[chosen]))[:k]
        table.ids[row, : len(order)] = chosen[order]
        table.scores[row, : len(order)] = line[chosen[order]]
    return table
