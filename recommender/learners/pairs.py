"""Items that go together because the same people, or the same baskets, hold both: blockwise, sparse, exact.

The item × item product never stands in memory as a whole: it is made for a
block of items at a time and cut to the best K. Training only: imports SciPy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.learners.base import best
from recommender.learners.log import Floats, Rows
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# The product of one block has at most about this many entries: some 100 MB with its indices.
BLOCK_ENTRIES = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCounts:
    """Who holds what, each pair once.

    Attributes:
        holders: int32 (p,), rows of users or baskets.
        items: int32 (p,), item rows.
        weights: float64 (p,), how strongly; positive.
        holder_count: Number of users or baskets.
        item_count: n.
    """

    holders: Rows
    items: Rows
    weights: Floats
    holder_count: int
    item_count: int


def item_pairs(
    counts: PairCounts, *, k: int, shrinkage: float, progress: Callable[[int, int], None] | None = None
) -> NeighbourTable:
    """The K items that share the most holders with each item.

    score(i, j) = cosine of the two columns of weights × s / (s + shrinkage),
    where s is the number of holders both share: a pair seen once is hardly
    trusted, a pair seen often is.

    Args:
        counts: Who holds what.
        k: Neighbours kept.
        shrinkage: How many shared holders it takes to trust a cosine half.
        progress: Called with the items done and n after every block.

    Returns:
        Neighbours of the n items with their support s.
    """
    from scipy.sparse import csr_matrix

    shape = (counts.holder_count, counts.item_count)
    lengths = np.sqrt(np.bincount(counts.items, weights=counts.weights**2, minlength=counts.item_count))
    unit = counts.weights / lengths[counts.items]
    weighted = csr_matrix((unit.astype(np.float32), (counts.holders, counts.items)), shape=shape)
    binary = csr_matrix((np.ones(len(unit), dtype=np.float32), (counts.holders, counts.items)), shape=shape)
    table = NeighbourTable(
        ids=np.full((counts.item_count, k), NO_NEIGHBOUR, dtype=np.int32),
        scores=np.zeros((counts.item_count, k), dtype=np.float32),
        support=np.zeros((counts.item_count, k), dtype=np.int32),
    )
    weighted_columns, binary_columns = weighted.T.tocsr(), binary.T.tocsr()
    for start, stop in blocks(binary, binary_columns):
        cosines = _product(weighted_columns[start:stop], weighted)
        support = _product(binary_columns[start:stop], binary)
        _keep_best(table, cosines, support, start=start, shrinkage=shrinkage)
        if progress is not None:
            progress(stop, counts.item_count)
    return table


def blocks(binary: csr_matrix, columns: csr_matrix) -> list[tuple[int, int]]:
    """Item ranges whose products ``columns[range] @ binary`` have a bounded number of entries."""
    held = np.asarray(binary.sum(axis=1)).ravel()
    # An upper bound of the entries in an item's row of the product, before equal columns are added up.
    entries = np.minimum(columns @ held, columns.shape[0])
    ends = np.cumsum(entries)
    blocks = []
    start = 0
    while start < columns.shape[0]:
        before = ends[start - 1] if start else 0.0
        stop = int(np.searchsorted(ends, before + BLOCK_ENTRIES, side="right"))
        stop = max(stop, start + 1)
        blocks.append((start, stop))
        start = stop
    return blocks


def _product(left: csr_matrix, right: csr_matrix) -> csr_matrix:
    """The product with its columns in order, so that both products line up entry by entry."""
    product = (left @ right).tocsr()
    product.sort_indices()
    return product


def _keep_best(
    table: NeighbourTable, cosines: csr_matrix, support: csr_matrix, *, start: int, shrinkage: float
) -> None:
    """Write the best neighbours of one block, whose first row is the item ``start``, into the table."""
    k = table.ids.shape[1]
    shared = support.data.astype(np.float64)
    scores: npt.NDArray[np.float64] = cosines.data.astype(np.float64) * (shared / (shared + shrinkage))
    for offset in range(cosines.shape[0]):
        entries = slice(cosines.indptr[offset], cosines.indptr[offset + 1])
        columns = cosines.indices[entries]
        itself = np.array([start + offset], dtype=np.int32)
        # Single precision first: scores that the file cannot tell apart are ordered by row.
        rows, kept = best(columns, scores[entries].astype(np.float32).astype(np.float64), k=k, exclude=itself)
        table.ids[start + offset, : len(rows)] = rows
        table.scores[start + offset, : len(rows)] = kept
        if table.support is not None:
            table.support[start + offset, : len(rows)] = shared[entries][np.searchsorted(columns, rows)]
