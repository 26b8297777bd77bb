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
    found = _found(lists, truths)
    sizes = np.array([len(truth) for truth in truths], dtype=np.int64)
    first = np.argmax(found, axis=1)
    hit = np.any(found, axis=1)
    return CaseScores(
        ndcg=(found @ gains) / ideal[np.minimum(sizes, k) - 1] if len(sizes) else np.zeros(0),
        recall=found.sum(axis=1) / np.maximum(sizes, 1),
        hit=np.asarray(hit, dtype=np.float64),
        reciprocal_rank=np.where(hit, 1.0 / (first + 1.0), 0.0),
    )


def _found(lists: npt.NDArray[np.int32], truths: Sequence[Rows]) -> Mask:
    """Which places of each list hold one of its truths, bool (c, k); a case and an item together are one number."""
    if not truths:
        return np.zeros(lists.shape, dtype=np.bool_)
    wanted = np.concatenate(truths).astype(np.int64)
    width = int(max(wanted.max(), lists.max(initial=0))) + 1
    owner = np.repeat(np.arange(len(truths), dtype=np.int64), [len(truth) for truth in truths])
    shown = np.arange(len(lists), dtype=np.int64)[:, None] * width + lists
    found: Mask = np.isin(shown, owner * width + wanted) & (lists != NO_NEIGHBOUR)
    return found


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


class Resamples:
    """Cases drawn anew many times, always the same draws, so that the intervals of all methods are of one kind.

    The weights are float32 (resamples, c): how often each draw holds each case.
    """

    def __init__(self, count: int, *, generator: np.random.Generator, resamples: int = 1000) -> None:
        """Draw.

        Args:
            count: c, the number of cases.
            generator: Where chance comes from.
            resamples: How often the cases are drawn anew.
        """
        self._weights = np.zeros((resamples, count), dtype=np.float32)
        for row in self._weights if count else ():
            row[:] = np.bincount(generator.integers(0, count, count), minlength=count)

    def interval(self, values: Floats, chosen: Mask) -> tuple[float, float]:
        """The 95 % interval of the mean over the chosen cases; (0, 0) where none is chosen.

        Args:
            values: float64 (c,), a figure per case.
            chosen: bool (c,).
        """
        if not chosen.any():
            return 0.0, 0.0
        weights = self._weights[:, chosen]
        drawn = weights.sum(axis=1)
        # A draw that holds none of few chosen cases says nothing.
        some = drawn > 0
        means = (weights[some] @ values[chosen]) / drawn[some]
        low, high = np.quantile(means, [0.025, 0.975])
        return float(low), float(high)
