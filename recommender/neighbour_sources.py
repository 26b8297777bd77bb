"""Candidates from a bundle's neighbour tables: for one item, for several, for a history, for a picture."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from recommender.bundle_files import BundleBroken, OpenBundle
from recommender.history_sum import HistorySum
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable
from recommender.ranking import Candidates, FloatArray, Mask
from recommender.types import Contribution, History

# Of a shopper's own items behind a recommendation, so many are kept.
CAUSES_KEPT = 3


def read_table(bundle: OpenBundle, name: str, *, text: str = "", support: str = "") -> NeighbourTable | None:
    """The neighbour table ``name`` of a bundle, memory-mapped, or ``None`` where it has none.

    Raises:
        BundleBroken: the table does not fit the bundle's items, or its arrays each other.
    """
    ids, scores = bundle.array(f"{name}_ids"), bundle.array(f"{name}_scores")
    if ids is None or scores is None:
        return None
    if ids.ndim != 2 or len(ids) != len(bundle.item_ids):  # noqa: PLR2004 - rows and neighbours
        raise BundleBroken(f"{bundle.version}: {name}_ids has shape {ids.shape} for {len(bundle.item_ids)} items")
    try:
        return NeighbourTable(
            ids=ids,
            scores=scores,
            text=bundle.array(text) if text else None,
            support=bundle.array(support) if support else None,
        )
    except ValueError as error:
        raise BundleBroken(f"{bundle.version}: {name}: {error}") from error


def neighbours_of(source: str, table: NeighbourTable | None, row: int, *, population: int = 0) -> Candidates | None:
    """The neighbours of one item under their own scores.

    Content splits into ``text`` and ``image``, looks are all ``image``, and
    the rest is ``behaviour``. ``population`` is what support is counted out of.
    """
    if table is None:
        return None
    scores = np.asarray(table.scores[row], dtype=np.float64)
    parts: dict[str, FloatArray] = {}
    if source == "looks":
        parts = {"image": scores}
    elif table.text is not None:
        text = np.asarray(table.text[row], dtype=np.float64)
        parts = {"text": text, "image": scores - text}
    return Candidates(
        source=source,
        rows=table.ids[row],
        scores=scores,
        parts=parts,
        support=None if table.support is None else table.support[row],
        population=population,
    )


def neighbours_of_all(source: str, table: NeighbourTable | None, rows: Sequence[int]) -> Candidates | None:
    """The neighbours of several items, their scores added up; support is the largest of any one."""
    if table is None or not rows:
        return None
    ids = np.asarray(table.ids[list(rows)])
    real = ids != NO_NEIGHBOUR
    found, place = np.unique(ids[real], return_inverse=True)

    def added(values: FloatArray) -> FloatArray:
        return np.bincount(place, weights=values[real], minlength=len(found)).astype(np.float64, copy=False)

    scores = added(table.scores[list(rows)])
    text = None if table.text is None else added(table.text[list(rows)])
    support = None
    if table.support is not None:
        support = np.zeros(len(found), dtype=np.int64)
        np.maximum.at(support, place, table.support[list(rows)][real])
    order = np.lexsort((found, -scores))
    parts = {} if text is None else {"text": text[order], "image": (scores - text)[order]}
    return Candidates(
        source=source,
        rows=found[order],
        scores=scores[order],
        parts=parts,
        support=None if support is None else support[order],
    )


def likeness_among(table: NeighbourTable | None, rows: Sequence[int]) -> FloatArray:
    """How alike some items are, (m, m): the score of either in the other's list, whichever is higher.

    Args:
        table: Neighbours; none makes nothing alike.
        rows: Item rows, each once; a negative one is like nothing.
    """
    among = np.zeros((len(rows), len(rows)))
    if table is None:
        return among
    known = [place for place, row in enumerate(rows) if row >= 0]
    if not known:
        return among
    here = np.asarray([rows[place] for place in known], dtype=np.int64)
    order = np.argsort(here)
    ids, scores = np.asarray(table.ids[here]), np.asarray(table.scores[here])
    found = np.minimum(np.searchsorted(here[order], ids), len(here) - 1)
    column = order[found]
    hits = here[column] == ids
    row = np.broadcast_to(np.arange(len(here))[:, None], ids.shape)
    part = np.zeros((len(here), len(here)))
    part[row[hits], column[hits]] = scores[hits]
    among[np.ix_(known, known)] = np.maximum(part, part.T)
    return among


def from_history(  # noqa: PLR0913 - one question with all its conditions
    history: History,
    k: int,
    *,
    learner: HistorySum,
    rows: Mapping[str, int],
    item_ids: Sequence[str],
    exclude: Collection[int] = (),
    allow: Mask | None = None,
    now: float,
    name_causes: bool = True,
) -> Candidates | None:
    """The best candidates of what a shopper did; ``None`` where none of the items is known.

    Args:
        history: (item id, kind, time), in any order.
        k: How many.
        learner: The bundle's history sum.
        rows: Row by public id.
        item_ids: Public id by row.
        exclude: Rows that must not appear.
        allow: bool (n,), the rows that may; all where absent.
        now: The moment the shopper comes, seconds since 1970.
        name_causes: Whether to find out which of the shopper's items stand behind each candidate.
    """
    touched = _weighed(history, learner=learner, rows=rows, now=now)
    if touched is None:
        return None
    items, weights = touched
    found = learner.scores(items, weights)
    best = found.best(k, exclude=list(exclude), allow=allow)
    causes: list[tuple[str, ...]] = []
    if name_causes:
        splits = learner.explain(found.rows[best].tolist(), items, weights)
        causes = [tuple(item_ids[cause] for cause in split.rows[:CAUSES_KEPT].tolist()) for split in splits]
    return Candidates(
        source="history",
        rows=found.rows[best],
        scores=found.scores[best],
        parts={"text": found.text[best], "image": found.image[best], "behaviour": found.behaviour[best]},
        causes=causes,
    )


def explain_history(  # noqa: PLR0913 - one question with all its conditions
    candidate: int,
    history: History,
    *,
    learner: HistorySum,
    rows: Mapping[str, int],
    item_ids: Sequence[str],
    now: float,
) -> list[Contribution]:
    """What each item of a history adds to a candidate's score, the most first; together they are the score.

    Args:
        candidate: Its row.
        history: As for ``from_history``, like all that follows.
        learner: The bundle's history sum.
        rows: Row by public id.
        item_ids: Public id by row.
        now: The moment the shopper comes, seconds since 1970.
    """
    touched = _weighed(history, learner=learner, rows=rows, now=now)
    if touched is None:
        return []
    split = learner.explain([candidate], *touched)[0]
    columns = (split.rows.tolist(), split.text.tolist(), split.image.tolist(), split.behaviour.tolist())
    return [
        Contribution(item_ids[row], {"text": text, "image": image, "behaviour": behaviour})
        for row, text, image, behaviour in zip(*columns, strict=True)
    ]


def _weighed(
    history: History, *, learner: HistorySum, rows: Mapping[str, int], now: float
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]] | None:
    """The rows of the items that are known, an entry each, and what each entry weighs; ``None`` where none is known."""
    known = [(rows[entry.item_id], entry.kind, entry.time) for entry in history if entry.item_id in rows]
    if not known:
        return None
    items = np.array([row for row, _kind, _time in known], dtype=np.int32)
    kinds = np.array([kind for _row, kind, _time in known], dtype=np.intp)
    times = np.array([np.nan if moment is None else moment for _row, _kind, moment in known])
    return items, learner.weights(kinds, times, now=now)
