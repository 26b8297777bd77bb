"""Learners that keep one thing: for every item, the items it speaks for. How they are asked is the same for all."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Self

import numpy as np

from recommender.learners.base import Learner, NotFitted, best
from recommender.learners.log import ActionLog, Floats, Rows
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

if TYPE_CHECKING:
    from collections.abc import Iterable


class ItemTableLearner(Learner):
    """A table of neighbours, added up over a user's items with the weights of ``query``.

    Attributes:
        note: What had to be done differently, empty where nothing had.
    """

    note: str = ""

    def __init__(self) -> None:
        self._table: NeighbourTable | None = None
        self._log: ActionLog | None = None

    @abstractmethod
    def learn(self, log: ActionLog) -> NeighbourTable:
        """The neighbours of all n items."""

    @abstractmethod
    def query(self, log: ActionLog, own: np.ndarray) -> tuple[Rows, Floats]:
        """Items and weights of a user whose actions stand at the places ``own`` of the log, in its order."""

    def fit(self, log: ActionLog) -> Self:
        """Learn the table and remember the histories."""
        self._table = self.learn(log)
        self._log = log
        return self

    @property
    def table(self) -> NeighbourTable:
        """The neighbours of all items."""
        if self._table is None:
            raise NotFitted(self.name)
        return self._table

    def user_scores(self, user: int) -> tuple[Rows, Floats]:
        """Σ over the user's items of weight × score."""
        table = self.table
        if self._log is None:
            raise NotFitted(self.name)
        items, weights = self.query(self._log, self._log.histories.of(user))
        ids = table.ids[items]
        real = ids != NO_NEIGHBOUR
        rows, place = np.unique(ids[real], return_inverse=True)
        added = (weights[:, None] * table.scores[items])[real]
        return rows, np.bincount(place, weights=added, minlength=len(rows)).astype(np.float64)

    def item_scores(self, item: int) -> tuple[Rows, Floats]:
        """The item's row of the table."""
        ids = self.table.ids[item]
        real = ids != NO_NEIGHBOUR
        return ids[real], self.table.scores[item][real].astype(np.float64)


def best_of_each(candidates: Iterable[tuple[int, Rows, Floats]], *, items: int, k: int) -> NeighbourTable:
    """The table of the k best candidates of each item; items that are not told of stay without neighbours.

    Args:
        candidates: Per item its row, the rows int32 (c,) of what it may speak for, and their scores (c,). Zero and
            less is nothing, and an item never speaks for itself.
        items: n.
        k: K.
    """
    table = NeighbourTable.blank(items, k)
    for item, columns, scores in candidates:
        itself = np.array([item], dtype=np.int32)
        # Single precision first: scores that the file cannot tell apart are ordered by row.
        rows, kept = best(columns, scores.astype(np.float32).astype(np.float64), k=k, exclude=itself)
        table.ids[item, : len(rows)] = rows
        table.scores[item, : len(rows)] = kept
    return table


def in_order(log: ActionLog, own: np.ndarray) -> np.ndarray:
    """The places ``own`` by time, unknown times first, equal ones in the order of the log."""
    times = log.times[own]
    return own[np.lexsort((np.arange(len(own)), np.nan_to_num(times, nan=-np.inf)))]
