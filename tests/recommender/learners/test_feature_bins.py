"""Steps of features by hand, and quantiles held to NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners.feature_bins import MOST_STEPS, FeatureBins

NAN = np.nan


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)[:, None]


def test_few_values_are_told_apart_half_way_between() -> None:
    features = column(3, 1, NAN, 1, 7)
    bins = FeatureBins.of(features, np.ones(5))
    assert bins.edges[0].tolist() == [2, 5]
    np.testing.assert_array_equal(bins.codes(features), column(1, 0, NAN, 0, 2))
    np.testing.assert_array_equal(bins.codes(column(-9, 2, 2.5, 99)), column(0, 0, 1, 2))


def test_one_value_or_none_has_no_edges() -> None:
    features = np.concatenate([column(4, 4, NAN), column(NAN, NAN, NAN)], axis=1)
    bins = FeatureBins.of(features, np.ones(3))
    assert [edges.tolist() for edges in bins.edges] == [[], []]
    np.testing.assert_array_equal(bins.codes(features), np.concatenate([column(0, 0, NAN), column(NAN, NAN, NAN)], 1))


def test_many_values_are_cut_where_each_step_holds_as_much_weight() -> None:
    generator = np.random.default_rng(1)
    values = generator.normal(0, 1, 20_000).astype(np.float32)
    heavy = np.where(values > 0, 3.0, 1.0)
    features = values[:, None]
    bins = FeatureBins.of(features, heavy)
    held = np.bincount(bins.codes(features)[:, 0].astype(int), weights=heavy)
    assert len(held) == MOST_STEPS
    assert held == pytest.approx(np.full(MOST_STEPS, heavy.sum() / MOST_STEPS), rel=0.05)
    # A row that weighs three is as good as three rows.
    thrice = np.repeat(features, heavy.astype(int), axis=0)
    assert FeatureBins.of(thrice, np.ones(len(thrice))).edges[0] == pytest.approx(bins.edges[0], abs=1e-3)
    alike = FeatureBins.of(features, np.ones(len(values)))
    assert np.abs(alike.edges[0] - bins.edges[0]).max() > 0.1


def test_a_value_that_is_very_common_takes_one_step() -> None:
    values = np.concatenate([np.zeros(9_000), np.arange(1, 1_001)]).astype(np.float32)[:, None]
    bins = FeatureBins.of(values, np.ones(10_000))
    assert bins.edges[0][0] == 0
    assert (np.diff(bins.edges[0]) > 0).all()
    assert bins.edges[0][-1] < 1_000


def test_a_threshold_between_codes_is_the_largest_value_below() -> None:
    bins = FeatureBins.of(column(1, 3, 7), np.ones(3))
    assert [bins.threshold(0, code) for code in (0.5, 1.0, 1.5)] == [2, 5, 5]
    assert bins.threshold(0, np.inf) == np.inf
