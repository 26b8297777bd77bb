"""Logs of shoppers who walk through the catalogue: what they do next is learnable, but only by who looks at the order."""

from __future__ import annotations

import numpy as np

from recommender.learners.log import CLICK, PURCHASE, ActionLog
from tests.recommender.logs import DAY

MINUTES = 300.0


def walks(seed: int, *, users: int = 400, items: int = 30, steps: int = 8, timed: bool = True) -> ActionLog:
    """Every shopper goes from an item to the one after it, nine times of ten, and buys every other time.

    A third of the steps are two days apart, so that there are several visits.
    """
    generator = np.random.default_rng(seed)
    count = users * steps
    jumps = np.where(generator.random((users, steps)) < 0.9, 1, generator.integers(0, items, (users, steps)))
    jumps[:, 0] = generator.integers(0, items, users)
    pauses = np.where(generator.random((users, steps)) < 0.33, 2 * DAY, MINUTES)
    times = generator.integers(0, 40, (users, 1)) * DAY + np.cumsum(pauses, axis=1)
    kinds = np.where(generator.random((users, steps)) < 0.5, PURCHASE, CLICK)
    return ActionLog(
        users=np.repeat(np.arange(users, dtype=np.int32), steps),
        items=(np.cumsum(jumps, axis=1) % items).astype(np.int32).ravel(),
        kinds=kinds.astype(np.int8).ravel(),
        times=times.ravel() if timed else np.full(count, np.nan),
        values=np.full(count, np.nan),
        simulated=np.zeros(count, dtype=np.bool_),
        user_count=users,
        item_count=items,
    )
