"""What a shopper touched and did not buy, best first: the list *Pick up where you left off*.

score(item) = Σ over the shopper's own actions on the item of
``weight(kind) · decay(age)``, which is the part an item has of itself in the
history sum. No model of the catalogue is needed, so an item that came after
the bundle was trained is there too. NumPy only: web workers import this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from recommender.ranking import Candidates

if TYPE_CHECKING:
    import numpy.typing as npt

    from recommender.types import History

SOURCE = "pick_up"
PURCHASE = 3

# What is so old that its decay is no number any more still comes last instead of nowhere.
LEAST = 1e-300

Weigh = Callable[["npt.ArrayLike", "npt.ArrayLike"], "npt.NDArray[np.float64]"]


def own_items(history: History, *, weigh: Weigh) -> tuple[tuple[str, ...], Candidates]:
    """The items of a history that were not bought, best first; of equal ones what was touched last.

    Args:
        history: (item id, kind, time); where times are equal or unknown, its order is the order of things.
        weigh: kinds (a,), times (a,; nan where unknown) → the weight of each action (a,), such as
            ``HistorySum.weights`` at a moment.

    Returns:
        Public ids, and candidates whose rows are places in them.
    """
    bought = {entry.item_id for entry in history if entry.kind == PURCHASE}
    kept = [entry for entry in history if entry.item_id not in bought]
    kinds = np.array([entry.kind for entry in kept], dtype=np.intp)
    times = np.array([np.nan if entry.time is None else entry.time for entry in kept], dtype=np.float64)
    scores: dict[str, float] = {}
    last: dict[str, int] = {}
    for place, (entry, weight) in enumerate(zip(kept, weigh(kinds, times).tolist(), strict=True)):
        scores[entry.item_id] = scores.get(entry.item_id, 0.0) + weight
        last[entry.item_id] = place
    ids = tuple(sorted(scores, key=lambda item_id: (-scores[item_id], -last[item_id])))
    values = np.maximum(np.array([scores[item_id] for item_id in ids], dtype=np.float64), LEAST)
    return ids, Candidates(source=SOURCE, rows=np.arange(len(ids)), scores=values)
