"""Who came after whom: histories in order, and sums over pairs of actions that lie so many steps apart.

Training only in practice, though nothing but NumPy is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.learners.log import ActionLog, Floats, Rows

# Each so many pairs, of 32 bytes while they are added up, cost one pass over the square.
PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class Sequences:
    """The actions whose time is known, by user, then by time; equal times keep the order of the log.

    Attributes:
        users: int32 (a,), rising.
        items: int32 (a,).
        kinds: int8 (a,), 0 click … 3 purchase.
        left: int64 (a,), how many actions of the same user follow.
        item_count: n.
    """

    users: Rows
    items: Rows
    kinds: npt.NDArray[np.int8]
    left: npt.NDArray[np.int64]
    item_count: int

    @classmethod
    def of(cls, log: ActionLog) -> Sequences:
        """The sequences of a log; empty where no time is known."""
        known = np.flatnonzero(~np.isnan(log.times))
        order = known[np.lexsort((known, log.times[known], log.users[known]))]
        users = log.users[order]
        ends = np.searchsorted(users, users, side="right")
        return cls(
            users=users,
            items=log.items[order],
            kinds=log.kinds[order],
            left=ends - 1 - np.arange(len(users)),
            item_count=log.item_count,
        )

    def __len__(self) -> int:
        return len(self.users)

    def apart(self, steps: int) -> tuple[Rows, Rows, npt.NDArray[np.int64]]:
        """The item, the same user's item ``steps`` later, and how many follow that one, for every such pair."""
        earlier = self.followed(steps)
        return self.items[earlier], self.items[earlier + steps], self.left[earlier] - steps

    def followed(self, steps: int) -> npt.NDArray[np.intp]:
        """The places whose user has an action ``steps`` later; it stands so many places on."""
        return np.flatnonzero(self.left >= steps)


def summed_pairs(count: int, pairs: Iterable[tuple[Rows, Rows, Floats | float]]) -> npt.NDArray[np.float32]:
    """The sum of weights of every pair of items, float32 (n, n).

    Args:
        count: n.
        pairs: Some at a time: first items, second items, and a weight for each or for all.
    """
    total = np.zeros(count * count, dtype=np.float32)
    keys: list[npt.NDArray[np.int64]] = []
    weights: list[Floats] = []
    waiting = 0
    for first, second, weight in pairs:
        keys.append(first.astype(np.int64) * count + second)
        weights.append(np.broadcast_to(np.asarray(weight, dtype=np.float64), len(first)))
        waiting += len(first)
        if waiting >= PAIRS_AT_ONCE:
            total += np.bincount(np.concatenate(keys), weights=np.concatenate(weights), minlength=total.size)
            keys, weights, waiting = [], [], 0
    if waiting:
        total += np.bincount(np.concatenate(keys), weights=np.concatenate(weights), minlength=total.size)
    return total.reshape(count, count)


def steps_that_count(decay: float, *, least: float = 0.01) -> Iterator[int]:
    """1, 2, … while ``decay`` to that power is at least ``least``."""
    step = 1
    while decay**step >= least:
        yield step
        step += 1
