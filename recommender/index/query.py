"""The items nearest to one vector: for a picture that is not in the catalogue. NumPy alone, fit for a web worker."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def best_items(
    query: npt.NDArray[np.float32],
    *,
    vectors: npt.NDArray[np.float32],
    rows: npt.NDArray[np.int32],
    items: int,
    k: int,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """The ``k`` items with a picture most like the query; an item with several counts by its best one.

    Args:
        query: (d,) unit vector.
        vectors: (p, d) unit rows, one per picture; may be memory-mapped.
        rows: (p,) the item row that each picture belongs to.
        items: the number of items n.
        k: how many at most.

    Returns:
        Item rows and cosines, best first, equal ones by row; only cosines above 0.
    """
    best = np.full(items, -np.inf, dtype=np.float32)
    np.maximum.at(best, rows, vectors @ query)
    candidates = np.flatnonzero(best > 0)
    order = np.lexsort((candidates, -best[candidates]))[:k]
    chosen = candidates[order]
    return chosen.astype(np.int32), best[chosen]
