"""A shopper's history, put before the ranker: for what is new, and for what was touched. NumPy only: web workers import this."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from recommender.neighbours import NeighbourTable
from recommender.own_items import SOURCE
from recommender.ranker import Ranker
from recommender.ranking import Candidates, Mask
from recommender.ranking_features import PURCHASE, ShopperHistory
from recommender.types import History


def from_ranker(  # noqa: PLR0913 - one question with all its conditions
    history: History,
    k: int,
    *,
    ranker: Ranker,
    rows: Mapping[str, int],
    exclude: Collection[int] = (),
    allow: Mask | None = None,
    only: Mask | None = None,
    now: float,
    similar: NeighbourTable | None = None,
) -> Candidates | None:
    """The ranker's best for what a shopper did; ``None`` where it knows none of the items.

    Items that came after the ranker was taught take part through those they
    are alike: in a history the most alike item that it knows stands in for
    one, and as a candidate one stands as its most alike item would, times how
    alike they are.

    Args:
        history: (item id, kind, time), in any order; unknown times come first, equal ones keep the order given.
        k: How many.
        ranker: The bundle's.
        similar: Content neighbours, newcomers included.
        rows: Row by public id.
        exclude: Rows that must not appear.
        allow: bool, the rows that may; all where absent.
        only: bool, the rows that are asked for, their scores as they stand among all; all where absent.
        now: The moment the shopper comes, seconds since 1970.
    """
    count = ranker.tables.count
    known = []
    for item_id, kind, moment in history:
        row = _stand_in(rows[item_id], similar, count) if item_id in rows else None
        if row is not None:
            known.append((row, kind, np.nan if moment is None else moment))
    if not known:
        return None
    asked = ShopperHistory.of(
        [row for row, _kind, _moment in known],
        [kind for _row, kind, _moment in known],
        [moment for _row, _kind, moment in known],
    )
    banned = {row for row in exclude if row < count}
    found, scores = ranker.rank(asked, now=now, k=k, exclude=sorted(banned), allow=allow, only=only)
    if similar is not None:
        never = {*exclude, *(rows[entry[0]] for entry in history if entry[0] in rows)}
        found, scores = _with_newcomers(found, scores, similar, count, never=never, allow=allow)
    return Candidates(source="history", rows=found[:k], scores=scores[:k], parts={"behaviour": scores[:k]})


def _stand_in(row: int, similar: NeighbourTable | None, count: int) -> int | None:
    """The row itself, or for a newcomer the most alike item that the ranker knows."""
    if row < count:
        return row
    if similar is None:
        return None
    alike = [other for other in similar.ids[row].tolist() if 0 <= other < count]
    return alike[0] if alike else None


def _with_newcomers(  # noqa: PLR0913 - one list with all its conditions
    found: npt.NDArray[np.int32],
    scores: npt.NDArray[np.float64],
    similar: NeighbourTable,
    count: int,
    *,
    never: Collection[int],
    allow: Mask | None,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """The list with the newcomers that are alike its items; unchanged where there are none."""
    ids = np.asarray(similar.ids[found.tolist()])
    new = ids >= count
    if not new.any():
        return found, scores
    likeness = np.asarray(similar.scores[found.tolist()], dtype=np.float64)
    best: dict[int, float] = {}
    for row, score in zip(ids[new].tolist(), (likeness * scores[:, None])[new].tolist(), strict=True):
        if row not in never and (allow is None or allow[row]):
            best[row] = max(score, best.get(row, 0.0))
    every = np.concatenate([found, np.array(list(best), dtype=np.int32)])
    values = np.concatenate([scores, np.array(list(best.values()), dtype=np.float64)])
    order = np.lexsort((every, -values))
    return every[order], values[order]


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
    own = np.zeros(ranker.tables.count, dtype=np.bool_)
    own[[row for row in place_of if row < ranker.tables.count]] = True
    # What was bought is no candidate when the ranker is taught, so it isn't one here.
    bought = {rows[entry[0]] for entry in history if entry[1] == PURCHASE and entry[0] in rows} - place_of.keys()
    found = from_ranker(history, len(ids), ranker=ranker, rows=rows, exclude=bought, only=own, now=now)
    if found is None:
        return None
    places = np.array([place_of[row] for row in found.rows.tolist()], dtype=np.intp)
    return Candidates(source=SOURCE, rows=places, scores=found.scores, parts={"behaviour": found.scores})
