"""A linear item-item model: which wanted items speak for which, with what they have in common counted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from recommender.learners.co_occurrence import CoOccurrence, CoOccurrenceOptions
from recommender.learners.dense import MOST_ITEMS, inverse, one_thread, strongest, too_many
from recommender.learners.item_table import ItemTableLearner
from recommender.learners.log import FAVOURITE, ActionLog, Floats, Rows, pair_weights
from recommender.neighbours import NeighbourTable


@dataclass(frozen=True, slots=True, kw_only=True)
class EaseOptions:
    """How the linear model is learned.

    Attributes:
        ridge: What is added to the diagonal; the more, the more popular the lists.
        neighbours: K, kept per item.
        most_items: Above so many items co-occurrence stands in.
    """

    ridge: float = 1000.0
    neighbours: int = 400
    most_items: int = MOST_ITEMS


class Ease(ItemTableLearner):
    """EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019), kept to K weights per item.

    With X (u, n) holding 1 where a user wanted an item (a favourite or more;
    everything where nobody wanted anything), P = (XᵀX + ridge · I)⁻¹ and
    B = I − P / diag(P); a user's scores are the sum of the rows of B over what
    the user wanted. It takes two n × n squares while it learns; above
    ``most_items`` the cosine of co-occurrence takes its place.
    """

    name: ClassVar[str] = "ease"

    def __init__(self, options: EaseOptions | None = None) -> None:
        super().__init__()
        self.options = options or EaseOptions()

    def learn(self, log: ActionLog) -> NeighbourTable:
        """Solve the regression, or hand over."""
        options = self.options
        self.note = too_many(log.item_count, most=options.most_items, handed_to="cosines of co-occurrence")
        if self.note:
            others = CoOccurrenceOptions(neighbours=options.neighbours)
            return CoOccurrence(others).fit(wanted(log)).table
        from scipy.sparse import csr_matrix

        users, items, _ = pair_weights(wanted(log), (1.0, 1.0, 1.0, 1.0))
        ones = np.ones(len(users), dtype=np.float32)
        held = csr_matrix((ones, (users, items)), shape=(log.user_count, log.item_count))
        with one_thread():
            weights = inverse((held.T @ held).toarray(), options.ridge)
        weights /= -np.diag(weights).copy()
        return strongest(weights, k=options.neighbours)

    def query(self, log: ActionLog, own: np.ndarray) -> tuple[Rows, Floats]:
        """What the user wanted, each item once."""
        kinds = log.kinds[own]
        chosen = own[kinds >= FAVOURITE] if (kinds >= FAVOURITE).any() else own
        items = np.unique(log.items[chosen])
        return items, np.ones(len(items))


def wanted(log: ActionLog) -> ActionLog:
    """Favourites, carts and purchases; the whole log where there are none."""
    chosen = log.kinds >= FAVOURITE
    return log.where(chosen) if chosen.any() else log
