"""Lists from vectors of users and items: for a user, similar, and what people who liked this also like. NumPy only.

Two-tower networks, text-CNN and factorisations all end in one vector per user
and one per item whose dot product says how well they go together. What that
gives is the same for all of them and lives here, so that a learner in training
and a bundle that is being served give the same lists.

Repeat visits may differ: with a generator every list is drawn from the best
``DRAWN_FROM · k`` candidates by score plus a little noise (Gumbel, scaled to
the candidates' own spread), which trades places among near equals and never
brings up what is much worse. Without one, lists are the plain best.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.neighbours import NO_NEIGHBOUR

# With a generator, a list of k is drawn from so many times k candidates.
DRAWN_FROM = 2
# The noise, in standard deviations of the candidates' scores.
NOISE = 0.25
# So many people stand for "people who liked this", but never more than a share of everybody: what all
# people like tells nothing about this item.
FANS = 50
MOST_FANS_SHARE = 0.1
# Entries of a block of scores that are in memory at once, 64 MB.
BLOCK_ENTRIES = 1 << 24

Matrix = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Vectors:
    """Two sets of vectors of the same length d.

    Attributes:
        users: float32 (u, d), absent where a method knows items only.
        items: float32 (n, d).
        active: bool (u,), users who did anything: only they can have liked something. All where absent.
    """

    items: Matrix
    users: Matrix | None = None
    active: Mask | None = None

    def __post_init__(self) -> None:
        if self.users is not None and self.users.shape[1] != self.items.shape[1]:
            raise ValueError(f"users have {self.users.shape[1]} dims, items have {self.items.shape[1]}")


@dataclass(frozen=True, slots=True)
class VectorLists:
    """Lists of items, best first, equal scores by row; padded with row −1 and score 0.

    Attributes:
        ids: int32 (r, k), item rows.
        scores: float64 (r, k), in 0 … 1, falling along each row.
    """

    ids: Rows
    scores: npt.NDArray[np.float64]


class NoUserVectors(LookupError):
    """A list needs vectors of users, and the method has none."""


def for_users(  # noqa: PLR0913 - who, how many, and what may be shown
    vectors: Vectors,
    users: npt.ArrayLike,
    *,
    k: int,
    exclude: Sequence[Rows] | None = None,
    allow: Mask | None = None,
    generator: np.random.Generator | None = None,
) -> VectorLists:
    """The items whose dot product with each user is highest; the score is its logistic.

    Args:
        vectors: Of users and items.
        users: int (r,), user rows.
        k: Length of the lists.
        exclude: For each of the users, rows that must not appear.
        allow: bool (n,), items that may appear; all where absent.
        generator: Varies repeat visits; the plain best where absent.

    Raises:
        NoUserVectors: the method has vectors of items only.
    """
    rows = np.asarray(users, dtype=np.int64)
    found = _blank(len(rows), k)
    people = _users_of(vectors)
    for block in _blocks(len(rows), len(vectors.items)):
        scores = (people[rows[block]] @ vectors.items.T).astype(np.float64)
        for place, own in zip(range(block.start, block.stop), scores, strict=True):
            _forbid(own, allow, None if exclude is None else exclude[place])
            _fill(found, place, own, generator)
    return VectorLists(found.ids, _logistic(found))


def similar_items(
    vectors: Vectors,
    items: npt.ArrayLike,
    *,
    k: int,
    allow: Mask | None = None,
    generator: np.random.Generator | None = None,
) -> VectorLists:
    """The items whose vectors point the same way, never the item itself; the score is (1 + cosine) / 2.

    Items whose vector is zero (nothing is known of them) are nobody's neighbour and have none.

    Args:
        vectors: Of items; those of users don't matter here.
        items: int (r,), item rows.
        k: Length of the lists.
        allow: bool (n,), items that may appear; all where absent.
        generator: Varies repeat visits; the plain best where absent.
    """
    rows = np.asarray(items, dtype=np.int64)
    norms = np.linalg.norm(vectors.items, axis=1, keepdims=True)
    units = vectors.items / np.where(norms > 0, norms, 1)
    known = norms[:, 0] > 0
    usable = known if allow is None else known & allow
    found = _blank(len(rows), k)
    for block in _blocks(len(rows), len(units)):
        scores = (units[rows[block]] @ units.T).astype(np.float64)
        for place, own in zip(range(block.start, block.stop), scores, strict=True):
            if known[rows[place]]:
                _forbid(own, usable, np.array([rows[place]], dtype=np.int32))
                _fill(found, place, own, generator)
    scores = np.where(found.ids == NO_NEIGHBOUR, 0.0, np.clip((1 + found.scores) / 2, 1e-9, 1.0))
    return VectorLists(found.ids, scores)


def also_liked(  # noqa: PLR0913 - for what, how many, by whom, and what may be shown
    vectors: Vectors,
    items: npt.ArrayLike,
    *,
    k: int,
    fans: int = FANS,
    allow: Mask | None = None,
    generator: np.random.Generator | None = None,
) -> VectorLists:
    """What the users with the highest affinity to an item rate highest, never the item itself.

    Affinity is the cosine of a user's and the item's vector, so that people who
    give everything five stars aren't everybody's fans; it may well be negative.
    Where there are few active users, a tenth of them (one at least) is heard. Every
    item is scored by the mean of the fans' dot products with it, less what all
    active users give it: what these people like *more* than others do. With a
    generator, ``fans`` are drawn without replacement from the best
    ``DRAWN_FROM · fans`` first, so that repeat visits hear other people.

    Args:
        vectors: Of users and items.
        items: int (r,), item rows.
        k: Length of the lists.
        fans: How many people are heard, at least 1.
        allow: bool (n,), items that may appear; all where absent.
        generator: Varies repeat visits; the plain best where absent.

    Raises:
        NoUserVectors: the method has vectors of items only.
    """
    people = _users_of(vectors)
    active = people if vectors.active is None else people[vectors.active]
    rows = np.asarray(items, dtype=np.int64)
    found = _blank(len(rows), k)
    if not len(active):
        return VectorLists(found.ids, found.scores)
    lengths = np.linalg.norm(active, axis=1)
    units = active / np.where(lengths > 0, lengths, 1)[:, None]
    everybody = active.mean(axis=0, dtype=np.float64)
    heard = max(1, min(fans, int(MOST_FANS_SHARE * len(active))))
    for block in _blocks(len(rows), len(active) + len(vectors.items)):
        affinity = vectors.items[rows[block]] @ units.T
        chosen = [_heard(own, heard, generator) for own in affinity]
        means = np.stack([active[one].mean(axis=0, dtype=np.float64) for one in chosen])
        scores = (means - everybody) @ vectors.items.T.astype(np.float64)
        for place, own in zip(range(block.start, block.stop), scores, strict=True):
            _forbid(own, allow, np.array([rows[place]], dtype=np.int32))
            _fill(found, place, own, generator)
    return VectorLists(found.ids, _logistic(found))


def _users_of(vectors: Vectors) -> Matrix:
    """The vectors of users.

    Raises:
        NoUserVectors: there are none.
    """
    if vectors.users is None:
        raise NoUserVectors("this method has vectors of items only")
    return vectors.users


def _heard(affinity: Matrix, fans: int, generator: np.random.Generator | None) -> npt.NDArray[np.intp]:
    """Places of the people who are heard: the best, or some of twice as many of the best."""
    order = np.argsort(-affinity, kind="stable")
    if generator is None or len(order) <= fans:
        return order[:fans]
    pool = order[: DRAWN_FROM * fans]
    return np.sort(generator.choice(pool, size=min(fans, len(pool)), replace=False))


def _forbid(scores: npt.NDArray[np.float64], allow: Mask | None, banned: Rows | None) -> None:
    """Put what must not appear last."""
    if allow is not None:
        scores[~allow] = -np.inf
    if banned is not None and len(banned):
        scores[banned] = -np.inf


def _fill(
    found: VectorLists, place: int, scores: npt.NDArray[np.float64], generator: np.random.Generator | None
) -> None:
    """Write the best (or, with a generator, nearly the best) finite scores into one row."""
    k = found.ids.shape[1]
    wanted = k if generator is None else DRAWN_FROM * k
    rows = np.flatnonzero(np.isfinite(scores))
    if len(rows) > wanted:
        values = scores[rows]
        threshold = np.partition(values, len(values) - wanted)[len(values) - wanted]
        rows = rows[values >= threshold]
    rows = rows[np.lexsort((rows, -scores[rows]))][:wanted]
    values = scores[rows]
    if generator is not None and len(rows):
        values = values + generator.gumbel(size=len(rows)) * NOISE * values.std()
        order = np.lexsort((rows, -values))[:k]
        rows, values = rows[order], values[order]
    found.ids[place, : len(rows)] = rows
    found.scores[place, : len(rows)] = values


def _logistic(found: VectorLists) -> npt.NDArray[np.float64]:
    """Dot products as scores between 0 and 1, 0 where a list has no item."""
    return np.where(found.ids == NO_NEIGHBOUR, 0.0, 1 / (1 + np.exp(-np.clip(found.scores, -30, 30))))


def _blank(count: int, k: int) -> VectorLists:
    return VectorLists(np.full((count, k), NO_NEIGHBOUR, dtype=np.int32), np.zeros((count, k)))


def _blocks(count: int, width: int) -> Iterator[range]:
    """Ranges of rows whose scores fit into memory."""
    size = max(1, BLOCK_ENTRIES // max(1, width))
    for start in range(0, count, size):
        yield range(start, min(start + size, count))
