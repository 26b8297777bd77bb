"""What a touch of one item says about wanting another: from any action to the action worth guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from recommender.evaluation.splits import weakest_guessed
from recommender.learners.item_table import ItemTableLearner, best_of_each
from recommender.learners.log import ActionLog, Floats, Rows, pair_weights
from recommender.learners.pairs import blocks
from recommender.neighbours import NeighbourTable

if TYPE_CHECKING:
    from collections.abc import Iterator

SHRINKAGE = 10.0
EVERY_KIND = (1.0, 1.0, 1.0, 1.0)


class LeadsTo(ItemTableLearner):
    """Directed from touched to wanted items.

    score(i → j) = users who touched i and wanted j / √((users who touched i +
    shrinkage) · (users who wanted j + shrinkage)), where wanting is the
    strongest kind of action that enough users reach: in a shop buying, among
    ratings liking. Order plays no part, so it works where times are unknown.
    """

    name: ClassVar[str] = "leads_to"

    def __init__(self, *, neighbours: int = 150) -> None:
        super().__init__()
        self.neighbours = neighbours

    def learn(self, log: ActionLog) -> NeighbourTable:
        """Count who touched the one and wanted the other, a block of items at a time."""
        from scipy.sparse import csr_matrix

        shape = (log.user_count, log.item_count)

        def held(part: ActionLog) -> csr_matrix:
            users, items, _ = pair_weights(part, EVERY_KIND)
            return csr_matrix((np.ones(len(users), dtype=np.float32), (users, items)), shape=shape)

        touched, wanted = held(log), held(log.where(log.kinds >= weakest_guessed(log)))
        from_count = np.sqrt(np.asarray(touched.sum(axis=0)).ravel() + SHRINKAGE)
        to_count = np.sqrt(np.asarray(wanted.sum(axis=0)).ravel() + SHRINKAGE)
        columns = touched.T.tocsr()

        def led_to() -> Iterator[tuple[int, Rows, Floats]]:
            for start, stop in blocks(wanted, columns):
                product = (columns[start:stop] @ wanted).tocsr()
                for item in range(start, stop):
                    entries = slice(product.indptr[item - start], product.indptr[item - start + 1])
                    found = product.indices[entries]
                    yield item, found, product.data[entries] / from_count[item] / to_count[found]

        return best_of_each(led_to(), items=log.item_count, k=self.neighbours)

    def query(self, log: ActionLog, own: np.ndarray) -> tuple[Rows, Floats]:
        """Everything the user touched, each item once."""
        items = np.unique(log.items[own])
        return items, np.ones(len(items))
