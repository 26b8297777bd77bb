"""The action log as arrays: what every learner learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

CLICK, FAVOURITE, CART, PURCHASE = range(4)

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class ActionLog:
    """a actions of u users on n items, in the order they were recorded.

    Attributes:
        users: int32 (a,), user rows.
        items: int32 (a,), item rows.
        kinds: int8 (a,), 0 click … 3 purchase.
        times: float64 (a,), seconds since 1970, nan where unknown.
        values: float64 (a,), such as ratings, nan where there is none.
        simulated: bool (a,), made up by a simulation.
        user_count: u, users without actions included.
        item_count: n, items without actions included.
    """

    users: Rows
    items: Rows
    kinds: npt.NDArray[np.int8]
    times: Floats
    values: Floats
    simulated: Mask
    user_count: int
    item_count: int

    def __post_init__(self) -> None:
        for name in ("items", "kinds", "times", "values", "simulated"):
            array: npt.NDArray[Any] = getattr(self, name)
            if array.shape != self.users.shape:
                raise ValueError(f"{name} has shape {array.shape}, users have {self.users.shape}")

    def __len__(self) -> int:
        return len(self.users)

    @classmethod
    def empty(cls, *, user_count: int, item_count: int) -> ActionLog:
        """A log in which nothing has happened."""
        return cls(
            users=np.zeros(0, dtype=np.int32),
            items=np.zeros(0, dtype=np.int32),
            kinds=np.zeros(0, dtype=np.int8),
            times=np.zeros(0),
            values=np.zeros(0),
            simulated=np.zeros(0, dtype=np.bool_),
            user_count=user_count,
            item_count=item_count,
        )

    @classmethod
    def joined(cls, parts: Sequence[ActionLog]) -> ActionLog:
        """Parts of one log, one after the other; at least one part."""
        return cls(
            users=np.concatenate([part.users for part in parts]),
            items=np.concatenate([part.items for part in parts]),
            kinds=np.concatenate([part.kinds for part in parts]),
            times=np.concatenate([part.times for part in parts]),
            values=np.concatenate([part.values for part in parts]),
            simulated=np.concatenate([part.simulated for part in parts]),
            user_count=parts[0].user_count,
            item_count=parts[0].item_count,
        )

    def where(self, chosen: Mask) -> ActionLog:
        """The actions chosen by a mask (a,), in their order; users and items keep their rows."""
        return ActionLog(
            users=self.users[chosen],
            items=self.items[chosen],
            kinds=self.kinds[chosen],
            times=self.times[chosen],
            values=self.values[chosen],
            simulated=self.simulated[chosen],
            user_count=self.user_count,
            item_count=self.item_count,
        )

    @cached_property
    def end(self) -> float:
        """The time of the last action whose time is known; nan where none is. Looked for once: rankers ask per user."""
        return float(np.nanmax(self.times)) if len(self) and not np.isnan(self.times).all() else float("nan")

    @cached_property
    def histories(self) -> Histories:
        """The actions grouped by user."""
        return Histories(self)


class Histories:
    """Finds the actions of one user quickly; positions refer to the log."""

    def __init__(self, log: ActionLog) -> None:
        self._order = np.argsort(log.users, kind="stable")
        counts = np.bincount(log.users, minlength=log.user_count)
        self._starts = np.concatenate([[0], np.cumsum(counts)])

    def of(self, user: int) -> npt.NDArray[np.intp]:
        """Positions of the user's actions in the log, in the order they were recorded."""
        return self._order[self._starts[user] : self._starts[user + 1]]


def pair_weights(log: ActionLog, kind_weights: tuple[float, float, float, float]) -> tuple[Rows, Rows, Floats]:
    """Each user-item pair once, with the sum of the weights of its actions.

    Args:
        log: The actions.
        kind_weights: Weights of click, favourite, cart and purchase.

    Returns:
        users int32 (p,), items int32 (p,), weights float64 (p,), ordered by user, then item.
    """
    keys = log.users.astype(np.int64) * max(log.item_count, 1) + log.items
    pairs, place = np.unique(keys, return_inverse=True)
    weights = np.bincount(place, weights=np.asarray(kind_weights)[log.kinds], minlength=len(pairs))
    users, items = np.divmod(pairs, max(log.item_count, 1))
    return users.astype(np.int32), items.astype(np.int32), weights.astype(np.float64)
