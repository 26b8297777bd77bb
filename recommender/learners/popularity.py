"""What most shoppers like, ever and lately: the baselines everything else must beat, and the last fallbacks."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from recommender.learners.base import Learner, NotFitted
from recommender.learners.log import ActionLog, Floats, Rows

DAY = 86_400.0
KIND_WEIGHTS = (1.0, 2.0, 3.0, 5.0)


class Popularity(Learner):
    """Weighted actions per item, the same list for everybody."""

    name: ClassVar[str] = "popularity"

    def __init__(self, kind_weights: tuple[float, float, float, float] = KIND_WEIGHTS) -> None:
        self.kind_weights = kind_weights
        self._scores: Floats | None = None

    def fit(self, log: ActionLog) -> Self:
        """Add up the weights of all actions on each item."""
        weights = np.asarray(self.kind_weights)[log.kinds] * self.recency(log)
        self._scores = np.bincount(log.items, weights=weights, minlength=log.item_count).astype(np.float64)
        return self

    def recency(self, log: ActionLog) -> Floats:
        """How much each action counts for its age, (a,); here all the same."""
        return np.ones(len(log))

    @property
    def scores(self) -> Floats:
        """float64 (n,): the score of every item."""
        if self._scores is None:
            raise NotFitted(self.name)
        return self._scores

    def user_scores(self, user: int) -> tuple[Rows, Floats]:  # noqa: ARG002 - the same for every user
        """The score of every item."""
        return np.arange(len(self.scores), dtype=np.int32), self.scores

    def item_scores(self, item: int) -> tuple[Rows, Floats]:  # noqa: ARG002 - the same for every item
        """The score of every item."""
        return np.arange(len(self.scores), dtype=np.int32), self.scores


class Trending(Popularity):
    """Weighted actions that halve with age, relative to the end of the log.

    An old log isn't empty that way. Actions whose time is unknown don't count,
    unless no time is known at all: then trending is plain popularity.
    """

    name: ClassVar[str] = "trending"

    def __init__(
        self, kind_weights: tuple[float, float, float, float] = KIND_WEIGHTS, *, half_life_days: float = 7.0
    ) -> None:
        super().__init__(kind_weights)
        self.half_life_days = half_life_days

    def recency(self, log: ActionLog) -> Floats:
        """2^(−age / half-life); 0 where the time is unknown and others are known."""
        if np.isnan(log.times).all():
            return np.ones(len(log))
        age = log.end - log.times
        return np.nan_to_num(np.exp2(-age / (self.half_life_days * DAY)), nan=0.0)
