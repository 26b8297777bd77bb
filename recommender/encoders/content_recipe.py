"""The multimodal recipe's formula, for comparison: standardised blocks, 0.3 text, 0.7 picture, one cosine.

Every column of a block is brought to mean 0 and deviation 1, the blocks are scaled
by 0.3 and 0.7 and put side by side, and items are compared by the cosine of the
long rows. Standardised TF-IDF rows are dense, n × terms of them; here they never
stand in memory, for the inner product of two of them follows from the sparse rows:
Σ (x − μ)(y − μ) / σ² = x·y/σ² − x·μ/σ² − y·μ/σ² + μ·μ/σ².

The formula is the recipe's; what goes into it, and how much of it is kept, is not.
Words come from all texts of an item instead of its description alone, with the
shop's own term weights (1 + ln of the count, inverse frequency scaled by what a
term tells of tag and colour) instead of standard TF-IDF. Pictures are the means
of the shop's own vectors, in which colours and the certainty of each tag stand
beside the network's features, instead of those features alone. Kept are the k
nearest published items with a positive cosine, not the whole matrix with its
negative values. Training only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.index.exact import BLOCK_BYTES, best_of_block
from recommender.learners.log import Mask
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

TEXT_FACTOR = 0.3
IMAGE_FACTOR = 0.7


def recipe_content(
    text: csr_matrix | None,
    images: npt.NDArray[np.float32] | None,
    *,
    published: Mask,
    k: int = 100,
) -> NeighbourTable:
    """The ``k`` nearest published items by the recipe's similarity; opposed ones (negative cosines) are no neighbours.

    Args:
        text: (n, terms) TF-IDF rows, or None.
        images: (n, d) the pictures' features, zeros for items without one, or None.
        published: bool (n,), may be recommended.
        k: How many.
    """
    count = len(published)
    ids = np.full((count, k), NO_NEIGHBOUR, dtype=np.int32)
    scores = np.zeros((count, k), dtype=np.float32)
    shares = np.zeros((count, k), dtype=np.float32)
    words = _Words(text if text is not None and text.shape[1] else None, count)
    looks = IMAGE_FACTOR * _standardised(images, count)
    lengths = np.sqrt(words.squares() + np.square(looks).sum(axis=1))
    scale = np.divide(1, lengths, out=np.zeros(count), where=lengths > 0)
    step = max(1, BLOCK_BYTES // (8 * max(count, 1)))
    for start in range(0, count, step):
        block = slice(start, min(start + step, count))
        factors = scale[block, None] * scale[None]
        told = (words.products(block) * factors).astype(np.float32)
        total = (told + looks[block] @ looks.T * factors).astype(np.float32)
        total[:, ~published] = 0
        best, usable = best_of_block(total, k=k, start=start)
        width = best.shape[1]
        ids[block, :width] = np.where(usable, best, NO_NEIGHBOUR)
        scores[block, :width] = np.where(usable, np.take_along_axis(total, best, axis=1), 0)
        shares[block, :width] = np.where(usable, np.take_along_axis(told, best, axis=1), 0)
    return NeighbourTable(ids=ids, scores=scores, text=shares)


class _Words:
    """Inner products of standardised TF-IDF rows, times 0.3², from the sparse ones."""

    def __init__(self, text: csr_matrix | None, count: int) -> None:
        self.count = count
        self.rows: csr_matrix | None = None
        if text is None:
            return
        from scipy.sparse import diags

        rows = text.astype(np.float64)
        means = np.asarray(rows.mean(axis=0)).ravel()
        deviations = np.sqrt(np.maximum(np.asarray(rows.power(2).mean(axis=0)).ravel() - means**2, 0))
        inverse = TEXT_FACTOR * np.divide(1, deviations, out=np.zeros_like(deviations), where=deviations > 0)
        self.rows = (rows @ diags(inverse)).tocsr()
        self.centre = means * inverse
        self.offsets = self.rows @ self.centre
        self.constant = float(self.centre @ self.centre)

    def squares(self) -> npt.NDArray[np.float64]:
        """The squared length of each row, (n,)."""
        if self.rows is None:
            return np.zeros(self.count)
        own = np.asarray(self.rows.power(2).sum(axis=1)).ravel()
        squares: npt.NDArray[np.float64] = np.maximum(own - 2 * self.offsets + self.constant, 0)
        return squares

    def products(self, block: slice) -> npt.NDArray[np.float64]:
        """Inner products of the rows of ``block`` with all, (b, n)."""
        if self.rows is None:
            return np.zeros((block.stop - block.start, self.count))
        own = (self.rows[block] @ self.rows.T).toarray()
        products: npt.NDArray[np.float64] = own - self.offsets[block, None] - self.offsets[None] + self.constant
        return products


def _standardised(images: npt.NDArray[np.float32] | None, count: int) -> npt.NDArray[np.float64]:
    """Each column with mean 0 and deviation 1; a column that never differs becomes zeros."""
    if images is None or not images.size:
        return np.zeros((count, 1))
    columns = images.astype(np.float64)
    deviations = columns.std(axis=0)
    centred = columns - columns.mean(axis=0)
    # What lies below is the noise of a float's last bits.
    differs = deviations > 1e-7  # noqa: PLR2004
    standard: npt.NDArray[np.float64] = np.where(differs, centred, 0) / np.where(differs, deviations, 1)
    return standard
