"""What lists are like besides being right: new or well known, varied or all the same, with or against the crowd.

Training only: sums of sparse rows need SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from recommender.evaluation.splits import Cases
from recommender.learners.log import ActionLog, Floats, Mask
from recommender.neighbours import NO_NEIGHBOUR

if TYPE_CHECKING:
    from recommender.learners.context import ItemFacts

CONTENT, CATEGORY, NOTHING = "content", "category", ""


@dataclass(frozen=True, kw_only=True)
class View:
    """One way to see n items: ``vectors`` (n, d), unit or zero rows, dense or sparse, and the weight of its cosine."""

    vectors: Any
    weight: float


@dataclass(frozen=True, kw_only=True)
class ListJudge:
    """Knows the catalogue and the crowd, and judges lists by them.

    Attributes:
        information: float64 (n,), −log2 of each item's share of all actions, in bits; one action is added to
            every item, so that those never touched count as rare instead of infinitely rare.
        percentile: float64 (n,), the share of the published items that are less popular, ties by half; 0 … 1.
        habit: float64 (c,), the mean percentile of what each case's user had touched.
        views: What tells how alike two items are, a weighted sum of cosines; empty where nothing does.
        diversity_by: ``content``, ``category``, or empty where nothing tells.
    """

    information: Floats
    percentile: Floats
    habit: Floats
    views: tuple[View, ...] = ()
    diversity_by: str = NOTHING

    @classmethod
    def of(
        cls,
        train: ActionLog,
        cases: Cases,
        *,
        published: Mask,
        items: ItemFacts | None = None,
        text_weight: float = 0.3,
    ) -> ListJudge:
        """Count the crowd and choose how likeness is told.

        Args:
            train: What methods may learn from.
            cases: What they are asked.
            published: bool (n,), what may be recommended.
            items: Vectors of words and pictures, and categories; nothing is said of diversity without them.
            text_weight: The words' share where there are pictures too.
        """
        counts = np.bincount(train.items, minlength=train.item_count).astype(np.float64)
        shares = (counts + 1) / max(float(counts.sum()) + len(counts), 1.0)
        percentile = _percentiles(counts, published)
        views, told_by = _views(items, text_weight=text_weight)
        return cls(
            information=-np.log2(shares),
            percentile=percentile,
            habit=_means_of_users(train, percentile)[cases.users],
            views=views,
            diversity_by=told_by,
        )

    def figures(self, lists: npt.NDArray[np.int32], chosen: Mask) -> dict[str, float]:
        """Novelty, diversity and popularity of the chosen cases' lists.

        Args:
            lists: int32 (c, k), item rows, −1 where a list is shorter.
            chosen: bool (c,), which cases count.

        Returns:
            ``novelty@k`` mean information of what is shown, in bits;
            ``diversity@k`` 1 − mean cosine over the pairs within a list, absent where nothing tells likeness;
            ``popularity@k`` mean percentile of what is shown;
            ``popularity bias@k`` how far that is above what the same users touched. All 0 without any list.
        """
        k = lists.shape[1]
        shown = lists[chosen]
        real = shown != NO_NEIGHBOUR
        rows = shown[real]
        popularity = _mean(self.percentile[rows])
        filled = real.any(axis=1)
        figures = {
            f"novelty@{k}": _mean(self.information[rows]),
            f"popularity@{k}": popularity,
            f"popularity bias@{k}": popularity - _mean(self.habit[chosen][filled]),
        }
        if self.views:
            alike = self.likeness(shown[real.sum(axis=1) > 1])
            figures[f"diversity@{k}"] = 1.0 - _mean(alike) if len(alike) else 0.0
        return figures

    def likeness(self, lists: npt.NDArray[np.int32]) -> Floats:
        """float64 (r,): the mean cosine over all pairs within each list of at least two items.

        Pairs need not be looked at: the squared length of a sum of vectors is
        the sum of their squared lengths plus twice the sum over the pairs.
        """
        total: Floats = np.zeros(len(lists))
        counts = (lists != NO_NEIGHBOUR).sum(axis=1).astype(np.float64)
        for view in self.views:
            total += view.weight * _pair_sums(view.vectors, lists)
        means: Floats = total / np.maximum(counts * (counts - 1) / 2, 1.0)
        return means


def coverage_curve(lists: npt.NDArray[np.int32], catalogue: int) -> tuple[float, ...]:
    """Coverage@1 … coverage@k: what share of the catalogue the first places of all lists show together."""
    seen: set[int] = set()
    curve = []
    for place in range(lists.shape[1]):
        column = lists[:, place]
        seen.update(np.unique(column[column != NO_NEIGHBOUR]).tolist())
        curve.append(len(seen) / max(catalogue, 1))
    return tuple(curve)


def _percentiles(counts: Floats, published: Mask) -> Floats:
    """The share of the published items with fewer actions, those with as many by half."""
    known = np.sort(counts[published])
    if not len(known):
        return np.zeros(len(counts))
    below, upto = (np.searchsorted(known, counts, side=side) for side in ("left", "right"))
    places: Floats = (below + upto) / (2.0 * len(known))
    return places


def _means_of_users(log: ActionLog, values: Floats) -> Floats:
    """float64 (u,): the mean over each user's actions of a value per item; 0 without actions."""
    sums = np.bincount(log.users, weights=values[log.items], minlength=log.user_count)
    means: Floats = sums / np.maximum(np.bincount(log.users, minlength=log.user_count), 1)
    return means


def _views(items: ItemFacts | None, *, text_weight: float) -> tuple[tuple[View, ...], str]:
    """Words and pictures where there are any, else categories, else nothing."""
    if items is None:
        return (), NOTHING
    text, images = items.text, items.images
    if text is not None and images is not None:
        return (View(vectors=text, weight=text_weight), View(vectors=images, weight=1.0 - text_weight)), CONTENT
    if text is not None or images is not None:
        return (View(vectors=images if text is None else text, weight=1.0),), CONTENT
    if any(items.categories):
        return (View(vectors=_one_of_each(items.categories), weight=1.0),), CATEGORY
    return (), NOTHING


def _one_of_each(names: Sequence[str]) -> Any:
    """Sparse (n, names): 1 where the item has that name; items without a name are like nothing."""
    from scipy.sparse import csr_matrix

    column = {name: place for place, name in enumerate(sorted({name for name in names if name}))}
    rows = np.array([row for row, name in enumerate(names) if name], dtype=np.int64)
    columns = np.array([column[name] for name in names if name], dtype=np.int64)
    return csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(len(names), len(column)))


def _pair_sums(vectors: Any, lists: npt.NDArray[np.int32]) -> Floats:
    """float64 (r,): the sum of the inner products over all pairs within each list; ``vectors`` dense or sparse."""
    from scipy.sparse import csr_matrix

    real = lists != NO_NEIGHBOUR
    members = csr_matrix(
        (np.ones(int(real.sum()), dtype=np.float32), (np.nonzero(real)[0], lists[real])),
        shape=(len(lists), vectors.shape[0]),
    )
    sums = members @ vectors
    if isinstance(vectors, np.ndarray):
        whole = np.square(sums, dtype=np.float64).sum(axis=1)
        own = members @ np.square(vectors, dtype=np.float64).sum(axis=1)
    else:
        whole = np.asarray(sums.multiply(sums).sum(axis=1), dtype=np.float64).ravel()
        own = members @ np.asarray(vectors.multiply(vectors).sum(axis=1), dtype=np.float64).ravel()
    pairs: Floats = (whole - np.asarray(own, dtype=np.float64)) / 2
    return pairs


def _mean(values: Floats) -> float:
    """The mean, 0 of nothing."""
    return float(values.mean()) if len(values) else 0.0
