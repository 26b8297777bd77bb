"""How well ratings are guessed: the baselines that any model of ratings must beat."""

from __future__ import annotations

from typing import Self

import numpy as np

from recommender.evaluation.metrics import root_mean_square
from recommender.evaluation.splits import Split
from recommender.learners.log import ActionLog, Floats, Rows

SHRINKAGE = 10.0


class BiasModel:
    """rating(user, item) = mean + how high the item is rated + how high the user rates, both shrunk towards 0."""

    def __init__(self, *, shrinkage: float = SHRINKAGE) -> None:
        self.shrinkage = shrinkage
        self.mean = 0.0
        self.item_bias: Floats = np.zeros(0)
        self.user_bias: Floats = np.zeros(0)

    def fit(self, log: ActionLog) -> Self:
        """Learn from the actions that carry a value; there must be at least one."""
        rated = log.where(~np.isnan(log.values))
        self.mean = float(rated.values.mean())
        rest = rated.values - self.mean
        self.item_bias = self._shrunk_means(rated.items, rest, rated.item_count)
        rest = rest - self.item_bias[rated.items]
        self.user_bias = self._shrunk_means(rated.users, rest, rated.user_count)
        return self

    def predict(self, users: Rows, items: Rows) -> Floats:
        """float64 (p,): the rating that each user would give to each item."""
        return self.mean + self.item_bias[items] + self.user_bias[users]

    def _shrunk_means(self, rows: Rows, values: Floats, count: int) -> Floats:
        sums = np.bincount(rows, weights=values, minlength=count)
        means: Floats = sums / (np.bincount(rows, minlength=count) + self.shrinkage)
        return means


def rating_errors(split: Split) -> dict[str, dict[str, float]]:
    """Root mean square error of each baseline on the hidden values; empty where actions carry none."""
    hidden = split.hidden.where(~np.isnan(split.hidden.values))
    known = split.train.where(~np.isnan(split.train.values))
    if not len(hidden) or not len(known):
        return {}
    model = BiasModel().fit(known)
    return {
        "mean": {"rmse": root_mean_square(hidden.values - model.mean)},
        "bias": {"rmse": root_mean_square(hidden.values - model.predict(hidden.users, hidden.items))},
    }
