"""Bought together: items that stand in the same baskets."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Self

import numpy as np

from recommender.learners.base import Learner, NotFitted
from recommender.learners.log import PURCHASE, ActionLog, Floats, Rows
from recommender.learners.pairs import PairCounts, item_pairs
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

DAY = 86_400.0
UNKNOWN_DAY = -1


class BoughtTogether(Learner):
    """Cosine between items over baskets, shrunk where few baskets stand behind it.

    A basket is what one shopper bought on one day (UTC); purchases whose time
    is unknown form one basket per shopper.
    """

    name: ClassVar[str] = "bought_together"

    def __init__(
        self,
        *,
        neighbours: int = 100,
        shrinkage: float = 2.0,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.neighbours = neighbours
        self.shrinkage = shrinkage
        self._progress = progress
        self._table: NeighbourTable | None = None
        self._bought: list[Rows] = []

    def fit(self, log: ActionLog) -> Self:
        """Sort purchases into baskets and find each item's companions."""
        purchases = log.where(log.kinds == PURCHASE)
        days = np.where(np.isnan(purchases.times), UNKNOWN_DAY, purchases.times // DAY).astype(np.int64)
        _baskets, basket = np.unique(np.stack([purchases.users, days], axis=1), axis=0, return_inverse=True)
        pairs = np.unique(np.stack([basket.ravel(), purchases.items], axis=1), axis=0)
        self._table = item_pairs(
            PairCounts(
                holders=pairs[:, 0].astype(np.int32),
                items=pairs[:, 1].astype(np.int32),
                weights=np.ones(len(pairs)),
                holder_count=len(_baskets),
                item_count=log.item_count,
            ),
            k=self.neighbours,
            shrinkage=self.shrinkage,
            progress=self._progress,
        )
        histories = purchases.histories
        self._bought = [np.unique(purchases.items[histories.of(user)]) for user in range(log.user_count)]
        return self

    @property
    def table(self) -> NeighbourTable:
        """The companions of all items with the number of baskets behind each."""
        if self._table is None:
            raise NotFitted(self.name)
        return self._table

    def user_scores(self, user: int) -> tuple[Rows, Floats]:
        """Σ over what the user bought of the similarity of its companions."""
        table = self.table
        ids, scores = table.ids[self._bought[user]], table.scores[self._bought[user]]
        real = ids != NO_NEIGHBOUR
        rows, place = np.unique(ids[real], return_inverse=True)
        return rows, np.bincount(place, weights=scores[real], minlength=len(rows)).astype(np.float64)

    def item_scores(self, item: int) -> tuple[Rows, Floats]:
        """The item's row of the table."""
        ids = self.table.ids[item]
        real = ids != NO_NEIGHBOUR
        return ids[real], self.table.scores[item][real].astype(np.float64)
