"""For you by a ranker: candidates from every table, put in order by boosted trees.

The two-stage design of Covington et al., "Deep neural networks for YouTube
recommendations", RecSys 2016, at the size of a shop. A score is the estimated
probability that the candidate is what the shopper wants next; trees do not
split it, so its one part is ``behaviour`` and no cause is named. NumPy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.ranking_features import Mask, Rows, ShopperHistory, SignalTables, candidates_with_features
from recommender.trees import TreeEnsemble, probabilities

# Candidates that each proposing signal brings.
CANDIDATES_EACH = 60


@dataclass(frozen=True, kw_only=True)
class Ranker:
    """Tables and trees.

    Attributes:
        tables: What was learned from the log.
        trees: What was learned about what speaks for an item.
        returning_trees: The same for those who come back after a pause, where the log told enough of them.
    """

    tables: SignalTables
    trees: TreeEnsemble
    returning_trees: TreeEnsemble | None = None

    def rank(  # noqa: PLR0913 - one question with all its conditions
        self,
        history: ShopperHistory,
        *,
        now: float,
        k: int,
        exclude: npt.ArrayLike = (),
        allow: Mask | None = None,
        only: Mask | None = None,
    ) -> tuple[Rows, npt.NDArray[np.float64]]:
        """The best k candidates, equal scores by row.

        Args:
            history: What the shopper did; items the tables don't know are passed over.
            now: The moment the list is for, seconds since 1970; nan where unknown.
            k: How many at most.
            exclude: Rows that must not appear.
            allow: bool (n,), what may be recommended; all where absent.
            only: bool (n,), what is answered with; unlike ``allow`` it leaves the scores as they are, for what isn't
                answered with is still what the others are measured against.

        Returns:
            rows int32 (m,) and probabilities float64 (m,), both empty where the history holds nothing known.
        """
        count = self.tables.count
        known = (history.items >= 0) & (history.items < count)
        if not known.any():
            return np.zeros(0, dtype=np.int32), np.zeros(0)
        if not known.all():
            history = ShopperHistory(items=history.items[known], kinds=history.kinds[known], times=history.times[known])
        may = np.ones(count, dtype=np.bool_) if allow is None else allow[:count].copy()
        banned = np.asarray(exclude, dtype=np.int64)
        may[banned[banned < count]] = False
        trees = self.returning_trees if history.returns(now) else None
        rows, features = candidates_with_features(
            history, self.tables, now=now, allow=may, each=CANDIDATES_EACH, returning=trees is not None
        )
        if only is not None:
            answered = only[rows]
            rows, features = rows[answered], features[answered]
        scores = probabilities((trees or self.trees).log_odds(features))
        order = np.lexsort((rows, -scores))[:k]
        return rows[order], scores[order]
