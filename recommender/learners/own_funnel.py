"""No model of tastes: what this shopper did to an item × how often that item is bought by those who touch it."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np

from recommender.learners.base import Learner, NotFitted
from recommender.learners.item_statistics import conversions
from recommender.learners.log import ActionLog, Floats, Rows
from recommender.ranking_features import KIND_WEIGHTS

# What is popular stands behind everything of one's own.
BEHIND = 1e-6


class OwnFunnel(Learner):
    """score(item) = Σ over the user's own actions on it of weight(kind) × the item's conversion rate.

    The rate is the share of those who touched the item that went as far as is
    worth guessing, smoothed towards the shop's average. What the user never
    touched follows by its rate × popularity. On logs of real shops most
    purchases are of touched items, so this is the baseline to beat.
    """

    name: ClassVar[str] = "own_funnel"

    def __init__(self) -> None:
        self._log: ActionLog | None = None
        self._rates: Floats = np.zeros(0)
        self._rest: Floats = np.zeros(0)

    def fit(self, log: ActionLog) -> Self:
        """Count conversions."""
        self._log = log
        self._rates = conversions(log)
        wanted = self._rates * np.bincount(log.items, minlength=log.item_count)
        self._rest = BEHIND * wanted / max(float(wanted.max(initial=0.0)), 1e-12)
        return self

    def user_scores(self, user: int) -> tuple[Rows, Floats]:
        """Every item: the user's own ahead of the rest."""
        if self._log is None:
            raise NotFitted(self.name)
        own = self._log.histories.of(user)
        strength = np.bincount(
            self._log.items[own], weights=KIND_WEIGHTS[self._log.kinds[own]], minlength=len(self._rates)
        )
        return np.arange(len(self._rates), dtype=np.int32), strength * self._rates + self._rest

    def item_scores(self, item: int) -> tuple[Rows, Floats]:
        """The same for every item: what is wanted most."""
        if self._log is None:
            raise NotFitted(self.name)
        rows = np.arange(len(self._rates), dtype=np.int32)
        return rows[rows != item], self._rest[rows != item]
