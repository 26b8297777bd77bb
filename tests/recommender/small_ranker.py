"""Rankers made by hand, so that tests of serving need no training."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from recommender.neighbours import NeighbourTable
from recommender.ranker import Ranker
from recommender.ranking_features import FEATURES, ITEM_FACTS, VISIT_FEATURES, SignalTables
from recommender.trees import TreeEnsemble


def table(rows: Mapping[int, Mapping[int, float]], *, items: int) -> NeighbourTable:
    """A table from {item: {neighbour: score}}."""
    width = max([1, *(len(near) for near in rows.values())])
    ids = np.full((items, width), -1, dtype=np.int32)
    scores = np.zeros((items, width), dtype=np.float32)
    for item, near in rows.items():
        for place, (other, score) in enumerate(sorted(near.items(), key=lambda pair: -pair[1])):
            ids[item, place], scores[item, place] = other, score
    return NeighbourTable(ids=ids, scores=scores)


def signal_tables(
    tables: Mapping[str, NeighbourTable], *, items: int, popular: tuple[int, ...] = (), seed: int = 0
) -> SignalTables:
    """Tables with facts of chance."""
    facts = np.random.default_rng(seed).random((items, len(ITEM_FACTS))).astype(np.float32)
    return SignalTables(tables=tables, facts=facts, popular=np.array(popular, dtype=np.int32))


def stairs(feature: str, thresholds: tuple[float, ...]) -> TreeEnsemble:
    """One tree per threshold: a point more where the feature is above it; missing counts as below."""
    count = len(thresholds)
    return TreeEnsemble(
        feature=np.tile(np.array([FEATURES.index(feature), 0, 0], dtype=np.int16), (count, 1)),
        threshold=np.array([[step, np.inf, np.inf] for step in thresholds], dtype=np.float32),
        left=np.tile(np.array([1, 1, 2], dtype=np.int16), (count, 1)),
        right=np.tile(np.array([2, 1, 2], dtype=np.int16), (count, 1)),
        missing_left=np.ones((count, 3), dtype=np.bool_),
        value=np.tile(np.array([0.0, 0.0, 1.0]), (count, 1)),
        baseline=np.array([-2.0]),
        depth=np.array([1], dtype=np.int16),
    )


def trees_of_chance(seed: int, *, count: int = 15, features: int = len(VISIT_FEATURES)) -> TreeEnsemble:
    """Trees of two levels that ask any of the first features."""
    generator = np.random.default_rng(seed)
    missing = generator.random((count, 7)) < 0.5
    threshold = np.full((count, 7), np.inf, dtype=np.float32)
    threshold[:, :3] = generator.exponential(1.0, (count, 3))
    feature = np.zeros((count, 7), dtype=np.int16)
    feature[:, :3] = generator.integers(0, features, (count, 3))
    return TreeEnsemble(
        feature=feature,
        threshold=threshold,
        left=np.tile(np.array([1, 3, 5, 3, 4, 5, 6], dtype=np.int16), (count, 1)),
        right=np.tile(np.array([2, 4, 6, 3, 4, 5, 6], dtype=np.int16), (count, 1)),
        missing_left=missing,
        value=generator.normal(0, 0.3, (count, 7)),
        baseline=np.array([-1.0]),
        depth=np.array([2], dtype=np.int16),
    )


def ranker(
    tables: Mapping[str, NeighbourTable],
    *,
    items: int,
    trees: TreeEnsemble | None = None,
    returning_trees: TreeEnsemble | None = None,
    popular: tuple[int, ...] = (),
) -> Ranker:
    """A ranker that looks at ``also_liked`` alone unless it is given other trees."""
    steps = tuple(number / 10 for number in range(40))
    return Ranker(
        tables=signal_tables(tables, items=items, popular=popular),
        trees=stairs("also_liked", steps) if trees is None else trees,
        returning_trees=returning_trees,
    )
