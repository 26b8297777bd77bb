"""Also liked: items whose shoppers are the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from recommender.learners.base import Learner, NotFitted
from recommender.learners.log import ActionLog, Floats, Rows, pair_weights
from recommender.learners.pairs import PairCounts, item_pairs
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable


@dataclass(frozen=True, slots=True, kw_only=True)
class CoOccurrenceOptions:
    """How *also liked* is learned.

    Attributes:
        kind_weights: Weights of click, favourite, cart and purchase, summed per shopper and item.
        damping: Exponent on that sum; below 1 it keeps one who clicks a hundred times from deciding.
        shrinkage: How many shared shoppers it takes to trust a cosine half.
        neighbours: K.
    """

    kind_weights: tuple[float, float, float, float] = (1.0, 2.0, 3.0, 5.0)
    damping: float = 0.5
    shrinkage: float = 5.0
    neighbours: int = 100

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Options as they were written to a manifest; absent ones take the default."""
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        if "kind_weights" in known:
            known["kind_weights"] = tuple(float(weight) for weight in known["kind_weights"])
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        return asdict(self) | {"kind_weights": list(self.kind_weights)}


class CoOccurrence(Learner):
    """Weighted actions of shoppers, cosine between items, shrunk where few shoppers stand behind it."""

    name: ClassVar[str] = "also_liked"

    def __init__(
        self, options: CoOccurrenceOptions | None = None, *, progress: Callable[[int, int], None] | None = None
    ) -> None:
        self.options = options or CoOccurrenceOptions()
        self._progress = progress
        self._table: NeighbourTable | None = None
        self._item_shoppers: Rows = np.zeros(0, dtype=np.int32)
        self._pairs: PairCounts | None = None
        self._starts: npt.NDArray[np.int64] = np.zeros(1, dtype=np.int64)

    def fit(self, log: ActionLog) -> Self:
        """Count who acted on what, and find each item's neighbours."""
        users, items, weights = pair_weights(log, self.options.kind_weights)
        self._pairs = PairCounts(
            holders=users,
            items=items,
            weights=weights**self.options.damping,
            holder_count=log.user_count,
            item_count=log.item_count,
        )
        self._starts = np.searchsorted(users, np.arange(log.user_count + 1))
        self._item_shoppers = np.bincount(items, minlength=log.item_count).astype(np.int32)
        self._table = item_pairs(
            self._pairs, k=self.options.neighbours, shrinkage=self.options.shrinkage, progress=self._progress
        )
        return self

    @property
    def table(self) -> NeighbourTable:
        """The neighbours of all items with their support."""
        if self._table is None:
            raise NotFitted(self.name)
        return self._table

    @property
    def item_shoppers(self) -> Rows:
        """int32 (n,): how many shoppers acted on each item."""
        return self._item_shoppers

    def user_scores(self, user: int) -> tuple[Rows, Floats]:
        """Σ over the user's items of weight × similarity."""
        table = self.table
        if self._pairs is None:
            raise NotFitted(self.name)
        own = slice(self._starts[user], self._starts[user + 1])
        ids = table.ids[self._pairs.items[own]]
        scores = self._pairs.weights[own][:, None] * table.scores[self._pairs.items[own]]
        real = ids != NO_NEIGHBOUR
        rows, place = np.unique(ids[real], return_inverse=True)
        return rows, np.bincount(place, weights=scores[real], minlength=len(rows)).astype(np.float64)

    def item_scores(self, item: int) -> tuple[Rows, Floats]:
        """The item's row of the table."""
        ids = self.table.ids[item]
        real = ids != NO_NEIGHBOUR
        return ids[real], self.table.scores[item][real].astype(np.float64)
