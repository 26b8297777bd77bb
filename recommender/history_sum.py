"""What a shopper may like, as a sum over what the shopper did; the same code learns and serves.

score(candidate) = Σ over the shopper's actions of
``weight(kind) · decay(age) · similarity(item, candidate)``, where
``similarity = behaviour_share · also_liked + content_share · similar`` and an
item counts 1 with itself, so that what was touched but not bought can return.
The sum is exactly incremental, and since content is itself a sum of a text and
an image part, every score splits into text, image and behaviour without rest.
NumPy only, no Django: web workers and evaluation both call it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

DAY = 86_400.0

Rows = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryOptions:
    """How a history becomes scores; travels in the bundle's configuration under ``history``.

    Attributes:
        kind_weights: The weight of a click, favourite, cart and purchase.
        half_life_days: After so many days an action counts half. An action
            whose time is unknown counts in full.
        behaviour_share: How much *also liked* neighbours count.
        content_share: How much *similar* neighbours count.
        own_share: How much a touched item counts for itself.
    """

    kind_weights: tuple[float, float, float, float] = (1.0, 2.0, 3.0, 5.0)
    half_life_days: float = 30.0
    behaviour_share: float = 0.35
    content_share: float = 0.15
    own_share: float = 1.0

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Options as they were written to a bundle's manifest; absent ones take the default."""
        known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
        if "kind_weights" in known:
            known["kind_weights"] = tuple(float(weight) for weight in known["kind_weights"])
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the manifest."""
        return asdict(self) | {"kind_weights": list(self.kind_weights)}


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryScores:
    """Scores of items, split into their parts: of the candidates that a history reaches, or of what led to one of them.

    Attributes:
        rows: int32 (m,), items, each once.
        text, image, behaviour: float64 (m,), the parts; the score is their sum.
    """

    rows: Rows
    text: Floats
    image: Floats
    behaviour: Floats

    @property
    def scores(self) -> Floats:
        """float64 (m,): text + image + behaviour."""
        return self.text + self.image + self.behaviour

    def best(
        self, k: int, *, exclude: npt.ArrayLike = (), allow: npt.NDArray[np.bool_] | None = None
    ) -> npt.NDArray[np.intp]:
        """Positions of the k best candidates within ``rows``, best first, equal scores by row.

        Args:
            k: How many at most.
            exclude: Rows that must not appear.
            allow: bool (n,), which items may be recommended; all where absent.
        """
        wanted = self.scores > 0
        excluded = np.asarray(exclude, dtype=np.int32)
        if excluded.size:
            wanted &= ~np.isin(self.rows, excluded)
        if allow is not None:
            wanted &= allow[self.rows]
        positions = np.flatnonzero(wanted)
        order = np.lexsort((self.rows[positions], -self.scores[positions]))
        return positions[order[:k]]


def action_weights(kinds: npt.ArrayLike, times: npt.ArrayLike, *, now: float, options: HistoryOptions) -> Floats:
    """weight(kind) · decay(age) of each action.

    Args:
        kinds: int (a,), 0 click … 3 purchase.
        times: float (a,), seconds since 1970, nan where unknown.
        now: The moment the recommendation is for; actions after it count as of now.
        options: Weights and half-life.

    Returns:
        float64 (a,)
    """
    weights = np.asarray(options.kind_weights, dtype=np.float64)[np.asarray(kinds, dtype=np.intp)]
    age = np.maximum(now - np.asarray(times, dtype=np.float64), 0.0)
    decay = np.exp2(-age / (options.half_life_days * DAY))
    result: Floats = weights * np.where(np.isnan(age), 1.0, decay)
    return result


class HistorySum:
    """Adds up the neighbours of everything a shopper touched; see the top of this file for the formula."""

    def __init__(
        self, *, also_liked: NeighbourTable | None, similar: NeighbourTable | None, options: HistoryOptions
    ) -> None:
        """Hold the tables; nothing is copied, memory-mapped arrays stay mapped.

        Args:
            also_liked: Behaviour neighbours of n items, or none.
            similar: Content neighbours of the same n items, with their text part, or none.
            options: The two shares, and the weights that ``weights`` uses.
        """
        self.also_liked = also_liked
        self.similar = similar
        self.options = options

    def weights(self, kinds: npt.ArrayLike, times: npt.ArrayLike, *, now: float) -> Floats:
        """``action_weights`` under these options."""
        return action_weights(kinds, times, now=now, options=self.options)

    def scores(self, items: npt.ArrayLike, weights: npt.ArrayLike) -> HistoryScores:
        """Score every item that a history reaches, the touched ones included.

        Args:
            items: int32 (a,), the item row of each action.
            weights: float64 (a,), from ``weights``.
        """
        touched, strength = _by_item(items, weights)
        nothing = np.zeros(len(touched))
        rows, text, image, behaviour = [touched], [nothing], [nothing], [strength * self.options.own_share]
        if self.also_liked is not None and self.options.behaviour_share:
            found = _spread(self.also_liked, touched, strength * self.options.behaviour_share)
            rows.append(found.rows)
            behaviour.append(found.scores)
            text.append(np.zeros(len(found.rows)))
            image.append(np.zeros(len(found.rows)))
        if self.similar is not None and self.options.content_share:
            found = _spread(self.similar, touched, strength * self.options.content_share)
            rows.append(found.rows)
            behaviour.append(np.zeros(len(found.rows)))
            text.append(found.text)
            image.append(found.scores - found.text)
        reached, place = np.unique(np.concatenate(rows), return_inverse=True)

        def summed(part: list[Floats]) -> Floats:
            return _sum_by(place, np.concatenate(part), len(reached))

        return HistoryScores(rows=reached, text=summed(text), image=summed(image), behaviour=summed(behaviour))

    def causes(self, candidate: int, items: npt.ArrayLike, weights: npt.ArrayLike) -> Rows:
        """The touched items that put a candidate where it is, strongest first; those that add nothing are left out.

        Args:
            candidate: The recommended item's row.
            items: As for ``scores``.
            weights: As for ``scores``.
        """
        return self.explain([candidate], items, weights)[0].rows

    def explain(self, candidates: Sequence[int], items: npt.ArrayLike, weights: npt.ArrayLike) -> list[HistoryScores]:
        """Candidates' scores split by touched item and by part: together they are the score, without rest.

        Args:
            candidates: The recommended items' rows.
            items: As for ``scores``.
            weights: As for ``scores``.

        Returns:
            For each candidate one row per touched item that adds something, strongest first.
        """
        touched, strength = _by_item(items, weights)
        options = self.options
        liked = _lists_of(self.also_liked, touched, strength * options.behaviour_share)
        similar = _lists_of(self.similar, touched, strength * options.content_share)
        found = []
        for candidate in candidates:
            own = options.own_share * strength * (touched == candidate)
            behaviour = own + liked.whole(candidate)
            text = similar.text(candidate)
            image = similar.whole(candidate) - text
            effect = text + image + behaviour
            order = np.lexsort((touched, -effect))[: int((effect > 0).sum())]
            split = HistoryScores(rows=touched[order], text=text[order], image=image[order], behaviour=behaviour[order])
            found.append(split)
        return found


@dataclass(frozen=True, slots=True)
class _Spread:
    """Neighbours of several items, flat: rows with strength × score and strength × text part."""

    rows: Rows
    scores: Floats
    text: Floats


def _by_item(items: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Rows, Floats]:
    """Each touched item once, with the sum of its weights."""
    touched, place = np.unique(np.asarray(items, dtype=np.int32), return_inverse=True)
    return touched, _sum_by(place, np.asarray(weights, dtype=np.float64), len(touched))


def _spread(table: NeighbourTable, touched: Rows, strength: Floats) -> _Spread:
    """All neighbours of the touched items. An item is no neighbour of itself here: its own 1 is counted already."""
    ids = np.asarray(table.ids[touched])
    scores = strength[:, None] * table.scores[touched]
    text = np.zeros_like(scores) if table.text is None else strength[:, None] * table.text[touched]
    real = (ids != NO_NEIGHBOUR) & (ids != touched[:, None])
    return _Spread(ids[real], scores[real], text[real])


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of the touched items, (t, K) each, their scores times what the item weighs."""

    ids: Rows
    scores: Floats
    texts: Floats

    def whole(self, candidate: int) -> Floats:
        """float64 (t,): what each touched item adds to the candidate."""
        effect: Floats = np.where(self.ids == candidate, self.scores, 0.0).sum(axis=1)
        return effect

    def text(self, candidate: int) -> Floats:
        """float64 (t,): the text part of it."""
        effect: Floats = np.where(self.ids == candidate, self.texts, 0.0).sum(axis=1)
        return effect


def _lists_of(table: NeighbourTable | None, touched: Rows, strength: Floats) -> _Lists:
    """Read once what explaining many candidates needs; an item is no neighbour of itself, as in ``_spread``."""
    if table is None:
        nothing = np.empty((len(touched), 0))
        return _Lists(np.empty((len(touched), 0), dtype=np.int32), nothing, nothing)
    ids = np.asarray(table.ids[touched])
    scores = strength[:, None] * table.scores[touched]
    texts = np.zeros_like(scores) if table.text is None else strength[:, None] * table.text[touched]
    return _Lists(np.where(ids == touched[:, None], NO_NEIGHBOUR, ids), scores, texts)


def _sum_by(place: npt.NDArray[np.intp], values: Floats, places: int) -> Floats:
    """Sums of ``values`` (m,) by their place, (places,) float64 even where m is 0."""
    return np.bincount(place, weights=values, minlength=places).astype(np.float64, copy=False)
