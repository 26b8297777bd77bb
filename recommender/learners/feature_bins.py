"""Features in at most 255 steps: what boosted trees look at instead of every value. Training only.

The booster makes such steps itself, but where rows have weights it sorts every
feature anew for every quantile, which took most of its time; here a feature is
sorted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from recommender.learners.log import Floats

MOST_STEPS = 255
Features = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FeatureBins:
    """The edges between the steps of each feature.

    Attributes:
        edges: For each feature rising numbers, at most 254: a value is in the step of the first edge that it is
            not above. A feature with one value, or none, has no edges.
    """

    edges: tuple[Floats, ...]

    @classmethod
    def of(cls, features: Features, weights: Floats) -> Self:
        """Edges half-way between values where there are few of them, else at quantiles.

        Args:
            features: float32 (r, f), nan where missing.
            weights: float64 (r,), positive: how much each row counts in the quantiles.
        """
        return cls(tuple(_edges(column, weights) for column in features.T))

    def codes(self, features: Features) -> Features:
        """float32 (r, f): the step of each value from 0 up, nan where it is missing."""
        found = np.empty(features.shape, dtype=np.float32)
        for place, edges in enumerate(self.edges):
            column = features[:, place]
            found[:, place] = np.where(np.isnan(column), np.nan, np.searchsorted(edges, column, side="left"))
        return found

    def threshold(self, feature: int, code: float) -> float:
        """The largest value that is in no step above ``code``; infinite where ``code`` is."""
        return float(self.edges[feature][int(code)]) if np.isfinite(code) else np.inf


def _edges(column: Features, weights: Floats) -> Floats:
    known = ~np.isnan(column)
    order = np.argsort(column[known], kind="stable")
    values, told = column[known][order].astype(np.float64), weights[known][order]
    distinct = np.unique(values)
    if len(distinct) <= MOST_STEPS:
        return np.asarray((distinct[1:] + distinct[:-1]) / 2, dtype=np.float64)
    # Sums of weights so far: a quantile is the first value up to which that much is heard.
    heard = np.cumsum(told)
    levels = heard[-1] * np.arange(1, MOST_STEPS) / MOST_STEPS
    quantiles = np.unique(values[np.searchsorted(heard, levels)])
    # Above the last edge there has to be something.
    return np.asarray(quantiles[quantiles < values[-1]], dtype=np.float64)
