"""How good lists are: the figures of every report, per case so that two methods can be compared case by case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.learners.log import Floats, Mask, Rows
from recommender.neighbours import NO_NEIGHBOUR


@dataclass(frozen=True, kw_only=True)
class CaseScores:
    """Figures of c cases (users), each float64 (c,): NDCG, recall, hit, reciprocal rank of the first hit."""

    ndcg: Floats
    recall: Floats
    hit: Floats
    reciprocal_rank: Floats

    def means(self, chosen: Mask, k: int) -> dict[str, float]:
        """Means over the chosen cases; 0 where none is chosen."""
        count = max(int(chosen.sum()), 1)
        return {
            f"ndcg@{k}": float(self.ndcg[chosen].sum()) / count,
            f"recall@{k}": float(self.recall[chosen].sum()) / count,
            f"hr@{k}": float(self.hit[chosen].sum()) / count,
            f"mrr@{k}": float(self.reciprocal_rank[chosen].sum()) / count,
        }


def score_cases(lists: npt.NDArray[np.int32], truths: Sequence[Rows]) -> CaseScores:
    """Score every list against its truth.

    NDCG@k is DCG over the ideal DCG with min(|truth|, k) ones; recall is hits
    over |truth|; a hit is any; the reciprocal rank is of the first hit.

    Args:
        lists: int32 (c, k), item rows, best first, −1 where a list is shorter.
        truths: c arrays of distinct item rows, none empty.
    """
    k = lists.shape[1]
    gains = 1.0 / np.log2(np.arange(k) + 2.0)
    ideal = np.cumsum(gains)
    found = np.zeros(lists.shape, dtype=np.bool_)
    for place, truth in enumerate(truths):
        found[place] = np.isin(lists[place], truth) & (lists[place] != NO_NEIGHBOUR)
    sizes = np.array([len(truth) for truth in truths], dtype=np.int64)
    first = np.argmax(found, axis=1)
    hit = np.any(found, axis=1)
    return CaseScores(
        ndcg=(found @ gains) / ideal[np.minimum(sizes, k) - 1] if len(sizes) else np.zeros(0),
        recall=found.sum(axis=1) / np.maximum(sizes, 1),
        hit=np.asarray(hit, dtype=np.float64),
        reciprocal_rank=np.where(hit, 1.0 / (first + 1.0), 0.0),
    )


def coverage(lists: npt.NDArray[np.int32], catalogue: int) -> float:
    """Distinct items in the lists, as a share of the catalogue."""
    shown = np.unique(lists[lists != NO_NEIGHBOUR])
    return len(shown) / max(catalogue, 1)


def root_mean_square(errors: Floats) -> float:
    """Square root of the mean of the squares; 0 where there are none."""
    return float(np.sqrt(np.mean(np.square(errors)))) if len(errors) else 0.0


def difference_interval(
    first: Floats, second: Floats, *, generator: np.random.Generator, resamples: int = 2000
) -> tuple[float, float]:
    """The 95 % interval of the mean of ``first − second``, by a paired bootstrap over cases.

    Args:
        first: float64 (c,), a figure per case; c at least 1.
        second: float64 (c,), the other method's figure of the same cases.
        generator: Where chance comes from.
        resamples: How often the cases are drawn anew.
    """
    differences = first - second
    count = len(differences)
    means = np.empty(resamples)
    for place in range(resamples):
        means[place] = differences[generator.integers(0, count, count)].mean()
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
