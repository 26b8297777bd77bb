"""Trees as arrays: by hand, and held to the library that grew them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from recommender.learners.feature_bins import FeatureBins
from recommender.learners.ranker import _at_most, trees_of
from recommender.trees import TreeEnsemble, probabilities

BY_HAND = TreeEnsemble(
    feature=np.array([[1, 0, 0, 0, 0], [0, 0, 0, 0, 0]], dtype=np.int16),
    threshold=np.array([[2.0, 5.0, *[np.inf] * 3], [np.inf] * 5], dtype=np.float32),
    left=np.array([[1, 3, 2, 3, 4], [0, 1, 2, 3, 4]], dtype=np.int16),
    right=np.array([[2, 4, 2, 3, 4], [0, 1, 2, 3, 4]], dtype=np.int16),
    missing_left=np.array([[True, False, True, True, True], [True] * 5]),
    value=np.array([[9.0, 9.0, 4.0, 1.0, 2.0], [100.0, 0, 0, 0, 0]]),
    baseline=np.array([0.5]),
    depth=np.array([2], dtype=np.int16),
)


@pytest.mark.parametrize(
    ("row", "leaf"),
    [
        ((5.0, 2.0), 1.0),  # on both thresholds: left
        ((np.nextafter(np.float32(5), np.float32(9)), 2.0), 2.0),
        ((0.0, 2.1), 4.0),
        ((5.0, np.nan), 1.0),  # missing goes left here
        ((np.nan, 2.0), 2.0),  # and right there
        ((np.inf, -np.inf), 2.0),
    ],
)
def test_one_row_at_a_time(row: tuple[float, float], leaf: float) -> None:
    found = BY_HAND.log_odds(np.array([row], dtype=np.float32))
    assert found.tolist() == [leaf + 100.0 + 0.5]


def test_rows_do_not_meet_each_other() -> None:
    rows = np.array([[5, 2], [6, 2], [0, 3], [np.nan, np.nan]], dtype=np.float32)
    assert (BY_HAND.log_odds(rows) - 100.5).tolist() == [1, 2, 4, 2]
    assert BY_HAND.log_odds(rows[:0]).tolist() == []
    # Not every other column lies side by side in memory.
    wide = np.repeat(rows, 2, axis=1)
    assert (BY_HAND.log_odds(wide[:, ::2]) - 100.5).tolist() == [1, 2, 4, 2]


def grown(seed: int, *, missing: float, whole: bool) -> tuple[HistGradientBoostingClassifier, FeatureBins, np.ndarray]:
    """A booster, the steps it sees, and the values it learned from: few different ones, so that many lie on edges."""
    generator = np.random.default_rng(seed)
    values = generator.normal(0, 1, (3000, 6)).astype(np.float32)
    if whole:
        values = np.round(values * 4)
    values[generator.random(values.shape) < missing] = np.nan
    chance = np.nan_to_num(values[:, 0]) + np.where(np.isnan(values[:, 1]), 1, np.nan_to_num(values[:, 1]) ** 2)
    answers = chance + generator.normal(0, 0.5, 3000) > 1
    booster = HistGradientBoostingClassifier(
        max_iter=30, max_leaf_nodes=12, max_depth=5, monotonic_cst=[1, 0, 0, 0, 0, 0], early_stopping=False
    )
    bins = FeatureBins.of(values, generator.random(3000) + 0.5)
    return booster.fit(bins.codes(values), answers), bins, values


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_they_answer_like_the_library(missing: float, *, whole: bool) -> None:
    booster, bins, values = grown(1, missing=missing, whole=whole)
    asked = np.concatenate([values, np.full((1, 6), np.nan, dtype=np.float32)])
    expected = booster.decision_function(bins.codes(asked))
    assert trees_of(booster, bins).log_odds(asked) == pytest.approx(expected, abs=1e-12)


def test_they_answer_like_the_library_on_and_beside_every_threshold() -> None:
    booster, bins, _values = grown(2, missing=0.1, whole=False)
    trees = trees_of(booster, bins)
    exact = np.unique(trees.threshold[np.isfinite(trees.threshold)])
    assert len(exact) > 100
    values = np.concatenate([exact, np.nextafter(exact, np.float32(-9)), np.nextafter(exact, np.float32(9))])
    for column in range(6):
        asked = np.zeros((len(values), 6), dtype=np.float32)
        asked[:, column] = values
        expected = booster.decision_function(bins.codes(asked))
        assert trees.log_odds(asked) == pytest.approx(expected, abs=1e-12)


def test_thresholds_between_two_single_precision_numbers_become_the_lower() -> None:
    exact = np.array([0.1, 0.7, 0.5])
    assert (exact.astype(np.float32).astype(np.float64) - exact > 0).tolist() == [True, False, False]
    found = _at_most(exact)
    assert found.dtype == np.float32
    assert (found.astype(np.float64) <= exact).all()
    assert (np.nextafter(found, np.float32(9)).astype(np.float64) > exact).all()
    assert float(found[2]) == 0.5


def test_a_round_trip_through_plain_arrays() -> None:
    booster, bins, values = grown(3, missing=0.1, whole=True)
    trees = trees_of(booster, bins)
    again = TreeEnsemble.from_arrays(trees.to_arrays())
    assert again.log_odds(values).tobytes() == trees.log_odds(values).tobytes()


def test_arrays_that_do_not_fit_are_refused() -> None:
    arrays = BY_HAND.to_arrays()
    del arrays["left"], arrays["depth"]
    with pytest.raises(ValueError, match="the trees lack left, depth"):
        TreeEnsemble.from_arrays(arrays)
    with pytest.raises(ValueError, match=r"value has shape \(2, 3\), feature has \(2, 5\)"):
        replace(BY_HAND, value=np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"depth has shape \(2,\), not one number"):
        replace(BY_HAND, depth=np.array([1, 2], dtype=np.int16))


@pytest.mark.parametrize("node", [-1, 5])
@pytest.mark.parametrize("side", ["left", "right"])
def test_nodes_that_there_are_not_are_refused(side: str, node: int) -> None:
    children = getattr(BY_HAND, side).copy()
    children[1, 0] = node
    with pytest.raises(ValueError, match=f"{side} points at nodes"):
        replace(BY_HAND, **{side: children})


def test_probabilities() -> None:
    odds = np.array([-1e6, -2.0, 0.0, 2.0, 1e6])
    found = probabilities(odds)
    assert found.tolist() == pytest.approx([0, 1 / (1 + np.exp(2)), 0.5, 1 / (1 + np.exp(-2)), 1])
