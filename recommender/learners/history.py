"""For you, as pages compute it: the sum over a shopper's history, offered as a learner so that it can be judged."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from recommender.history_sum import HistoryOptions, HistorySum
from recommender.learners.base import Learner, NotFitted
from recommender.learners.log import ActionLog, Floats, Rows
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

# The recipe: weights 1, 2, 3, 5 per action whatever its age, times the rows of ``recipe_content``; an item's own entry is 1.
RECIPE = HistoryOptions(half_life_days=float("inf"), own_share=1.0, behaviour_share=0.0, content_share=1.0)


class HistorySumLearner(Learner):
    """``recommender.history_sum`` over the histories of a log.

    With other options the same learner is the judge of *also liked* and of
    content alone.
    """

    name: ClassVar[str] = "history_sum"

    def __init__(
        self, *, also_liked: NeighbourTable | None, similar: NeighbourTable | None, options: HistoryOptions
    ) -> None:
        self._sum = HistorySum(also_liked=also_liked, similar=similar, options=options)
        self._log: ActionLog | None = None
        self._weights: Floats = np.zeros(0)

    def fit(self, log: ActionLog) -> Self:
        """Remember the histories; weights are as of the end of the log."""
        self._log = log
        self._weights = self._sum.weights(log.kinds, log.times, now=log.end)
        return self

    def user_scores(self, user: int) -> tuple[Rows, Floats]:
        """Every item that the user's history reaches."""
        if self._log is None:
            raise NotFitted(self.name)
        own = self._log.histories.of(user)
        found = self._sum.scores(self._log.items[own], self._weights[own])
        return found.rows, found.scores

    def item_scores(self, item: int) -> tuple[Rows, Floats]:
        """What one click on the item would bring."""
        if self._log is None:
            raise NotFitted(self.name)
        found = self._sum.scores([item], [1.0])
        real = (found.rows != item) & (found.rows != NO_NEIGHBOUR)
        return found.rows[real], found.scores[real]
