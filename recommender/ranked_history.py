"""A shopper's history, put before the ranker: for what is new, and for what was touched. NumPy only: web workers import this."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from recommender.own_items import SOURCE
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


def own_by_ranker(
    history: History, ids: Sequence[str], *, ranker: Ranker, rows: Mapping[str, int], now: float
) -> Candidates | None:
    """Some items of a shopper's own in the ranker's order: what is likely to be bought after all comes first.

    Args:
        history: What the shopper did.
        ids: The items to put in order, public ids.
        ranker: The bundle's.
        rows: Row by public id.
        now: The moment the shopper comes, seconds since 1970.

    Returns:
        Candidates whose rows are places in ``ids``; ``None`` where the ranker knows none of them.
    """
    place_of = {rows[item_id]: place for place, item_id in enumerate(ids) if item_id in rows}
    allow = np.zeros(ranker.tables.count, dtype=np.bool_)
    allow[[row for row in place_of if row < ranker.tables.count]] = True
    found = from_ranker(history, len(ids), ranker=ranker, rows=rows, allow=allow, now=now)
    if found is None:
        return None
    places = np.array([place_of[row] for row in found.rows.tolist()], dtype=np.intp)
    return Candidates(source=SOURCE, rows=places, scores=found.scores, parts={"behaviour": found.scores})
