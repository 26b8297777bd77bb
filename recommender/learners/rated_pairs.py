"""What a model of ratings learns from: every user-item pair once, with a value.

Where actions carry values, such as stars, the latest value of a pair counts
and actions without one tell nothing. A shop's log has none: there the
strongest action of a pair stands in, by its weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.learners.log import ActionLog, Floats, Rows
from recommender.learners.popularity import KIND_WEIGHTS


@dataclass(frozen=True, kw_only=True)
class RatedPairs:
    """p pairs, ordered by user, then item.

    Attributes:
        users, items: int32 (p,), rows.
        values: float64 (p,).
        user_count, item_count: u and n, those without a pair included.
        told: The values are people's own, not weights of actions.
    """

    users: Rows
    items: Rows
    values: Floats
    user_count: int
    item_count: int
    told: bool

    def __len__(self) -> int:
        return len(self.users)

    @property
    def mean(self) -> float:
        """Of all values; 0 where there are none."""
        return float(self.values.mean()) if len(self) else 0.0

    @property
    def spread(self) -> float:
        """Standard deviation of all values; 1 where they are all the same."""
        spread = float(self.values.std()) if len(self) else 0.0
        return spread if spread > 0 else 1.0

    @property
    def bounds(self) -> tuple[float, float]:
        """The lowest and the highest value: no guess should leave them."""
        return (float(self.values.min()), float(self.values.max())) if len(self) else (0.0, 0.0)


def rated_pairs(log: ActionLog) -> RatedPairs:
    """The pairs of a log with the values that a model shall guess."""
    rated = ~np.isnan(log.values)
    told = bool(rated.any())
    chosen = log.where(rated) if told else log
    values = chosen.values if told else np.asarray(KIND_WEIGHTS)[chosen.kinds]
    strength = np.nan_to_num(chosen.times, nan=-np.inf) if told else values
    # The last of each pair in this order is the one that counts; equal ones keep the order of the log.
    order = np.lexsort((strength, chosen.items, chosen.users))
    users, items = chosen.users[order], chosen.items[order]
    last = np.ones(len(order), dtype=np.bool_)
    last[:-1] = (users[1:] != users[:-1]) | (items[1:] != items[:-1])
    return RatedPairs(
        users=users[last],
        items=items[last],
        values=values[order][last].astype(np.float64),
        user_count=log.user_count,
        item_count=log.item_count,
        told=told,
    )
