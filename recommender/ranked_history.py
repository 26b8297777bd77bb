"""A shopper's history, put before the ranker. NumPy only: web workers import this."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from recommender.ranker import Ranker
from recommender.ranking import Candidates, Mask
from recommender.ranking_features import ShopperHistory
from recommender.types import History


def from_ranker(  # noqa: PLR0913 - one question with all its conditions
    history: History,
    k: int,
    *,
    ranker: Ranker,
    rows: Mapping[str, int],
    exclude: Collection[int] = (),
    allow: Mask | None = None,
    now: float,
) -> Candidates | None:
    """The ranker's best for what a shopper did; ``None`` where it knows none of the items.

    Args:
        history: (item id, kind, time), in any order; unknown times come first, equal ones keep the order given.
        k: How many.
        ranker: The bundle's.
        rows: Row by public id.
        exclude: Rows that must not appear.
        allow: bool, the rows that may; all where absent.
        now: The moment the shopper comes, seconds since 1970.
    """
    known = [(rows[item_id], kind, moment) for item_id, kind, moment in history if item_id in rows]
    known = [entry for entry in known if entry[0] < ranker.tables.count]
    if not known:
        return None
    asked = ShopperHistory.of(
        [row for row, _kind, _moment in known],
        [kind for _row, kind, _moment in known],
        [np.nan if moment is None else moment for _row, _kind, moment in known],
    )
    found, scores = ranker.rank(asked, now=now, k=k, exclude=sorted(exclude), allow=allow)
    return Candidates(source="history", rows=found, scores=scores, parts={"behaviour": scores})
