"""Puts candidates from several sources into one list, best source first.

Every source gives *candidates*: rows of items with scores of its own unit. A
list is filled from the first source, then from the next, until it is full.
So that scores fall along the list whatever the units are, a later source is
scaled below the last score of the one before; its parts are scaled with it
and still add up. NumPy only: web workers import this.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.types import Reason, Recommendation

IntArray = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.floating[Any]]

# A later source starts this far below the last score of the source before it.
STEP_DOWN = 0.999


@dataclass(frozen=True, slots=True)
class Candidates:
    """What one source has to offer, best first.

    Attributes:
        source: Its name, as in ``Reason.source``.
        rows: Item rows; negative ones are padding.
        scores: Same length; only positive ones are candidates.
        parts: Named arrays of the same length that add up to ``scores``;
            without any the whole score is ``behaviour``.
        support: How many shoppers stand behind each, where counted.
        population: Out of how many.
        causes: Per candidate the public ids of the shopper's own items behind it.
    """

    source: str
    rows: IntArray
    scores: FloatArray
    parts: Mapping[str, FloatArray] = field(default_factory=dict)
    support: IntArray | None = None
    population: int = 0
    causes: Sequence[tuple[str, ...]] = ()


def fill(
    sources: Iterable[Candidates | None],
    *,
    item_ids: Sequence[str],
    k: int,
    banned: Collection[int] = (),
    allow: Mask | None = None,
) -> list[Recommendation]:
    """The first ``k`` distinct candidates of the sources taken in order.

    Args:
        sources: Drawn from lazily: a later one is only asked while places are free.
            ``None`` stands for a source the bundle does not have.
        item_ids: Public ids by row; candidates outside it are ignored.
        k: How many recommendations at most.
        banned: Rows that must not appear.
        allow: bool (n,), the rows that may appear; all where absent.

    Returns:
        Recommendations with strictly falling scores.
    """
    found: list[Recommendation] = []
    if k <= 0:
        return found
    taken = set(banned)
    ceiling = math.inf
    for candidates in sources:
        if candidates is None:
            continue
        scale = 0.0
        for place, (row, raw) in enumerate(zip(candidates.rows.tolist(), candidates.scores.tolist(), strict=True)):
            if row in taken or not 0 <= row < len(item_ids) or not 0 < raw < math.inf:
                continue
            if allow is not None and not allow[row]:
                continue
            taken.add(row)
            if not scale:
                scale = 1.0 if raw < ceiling else ceiling * STEP_DOWN / raw
            score = min(raw * scale, math.nextafter(ceiling, -math.inf))
            ceiling = score
            reason = _reason(candidates, place, scale=score / raw, score=score)
            found.append(Recommendation(item_id=item_ids[row], score=score, reason=reason))
            if len(found) == k:
                return found
    return found


def _reason(candidates: Candidates, place: int, *, scale: float, score: float) -> Reason:
    """The reason of one candidate, its parts scaled like its score."""
    parts = {name: float(values[place]) * scale for name, values in candidates.parts.items()}
    return Reason(
        source=candidates.source,
        parts=parts or {"behaviour": score},
        causes=candidates.causes[place] if candidates.causes else (),
        support=0 if candidates.support is None else int(candidates.support[place]),
        population=candidates.population,
    )


def follow(first: Sequence[Recommendation], rest: Iterable[Recommendation], *, k: int) -> list[Recommendation]:
    """``first``, then what is new in ``rest``, scaled below it like a later source; ``k`` at most, scores falling."""
    found = list(first[:k])
    known = {one.item_id for one in found}
    ceiling = found[-1].score if found else math.inf
    scale = 0.0
    for one in rest:
        if len(found) >= k:
            break
        if one.item_id in known:
            continue
        known.add(one.item_id)
        if not scale:
            scale = 1.0 if one.score < ceiling else ceiling * STEP_DOWN / one.score
        # Scaled, scores that were the smallest step apart may become one.
        ceiling = min(one.score * scale, math.nextafter(ceiling, -math.inf))
        parts = {name: value * (ceiling / one.score) for name, value in one.reason.parts.items()}
        found.append(replace(one, score=ceiling, reason=replace(one.reason, parts=parts)))
    return found


def by_rank(source: str, rows: IntArray, *, support: IntArray | None = None) -> Candidates:
    """Candidates that are known only by their order, scored 1, 1/2, 1/3 and so on."""
    return Candidates(source=source, rows=rows, scores=1.0 / np.arange(1, len(rows) + 1), support=support)


def round_robin(groups: IntArray) -> IntArray:
    """Positions reordered so that groups take turns: the first of each, then the second of each.

    Args:
        groups: The group of each position, best position first.

    Returns:
        Positions; within one turn the better position comes first.
    """
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else np.empty(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(ordered)])
    turns = np.empty(len(groups), dtype=np.int64)
    turns[order] = np.arange(len(ordered)) - np.repeat(starts, sizes)
    return np.argsort(turns, kind="stable")
