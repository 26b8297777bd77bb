"""Figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recommender.evaluation.metrics import Resamples, coverage, difference_interval, root_mean_square, score_cases


def rows(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int32)


def test_golden_figures() -> None:
    lists = np.array([[5, 3, 9], [1, 2, -1], [7, 8, 9]], dtype=np.int32)
    scores = score_cases(lists, [rows(3, 9), rows(1, 20, 21, 22), rows(4)])
    second, third = 1 / math.log2(3), 1 / math.log2(4)
    assert scores.ndcg == pytest.approx([(second + third) / (1 + second), 1 / (1 + second + third), 0])
    assert scores.recall == pytest.approx([1.0, 0.25, 0.0])
    assert scores.hit.tolist() == [1, 1, 0]
    assert scores.reciprocal_rank == pytest.approx([0.5, 1, 0])
    means = scores.means(np.array([True, False, True]), 3)
    assert means == pytest.approx({"ndcg@3": scores.ndcg[0] / 2, "recall@3": 0.5, "hr@3": 0.5, "mrr@3": 0.25})


def test_padding_is_never_a_hit() -> None:
    assert score_cases(rows(-1, -1)[None], [rows(-1)]).hit.tolist() == [0]


def test_no_cases_give_zeros() -> None:
    scores = score_cases(np.zeros((0, 10), dtype=np.int32), [])
    assert scores.means(np.zeros(0, dtype=np.bool_), 10) == {"ndcg@10": 0, "recall@10": 0, "hr@10": 0, "mrr@10": 0}


def test_coverage_counts_each_item_once() -> None:
    assert coverage(np.array([[1, 2], [2, -1]], dtype=np.int32), 8) == 0.25


def test_root_mean_square() -> None:
    assert root_mean_square(np.array([3.0, 4.0])) == pytest.approx(math.sqrt(12.5))
    assert root_mean_square(np.zeros(0)) == 0


def test_the_interval_holds_a_true_difference_and_no_false_one() -> None:
    generator = np.random.default_rng(0)
    noise = generator.random(500)
    low, high = difference_interval(noise + 0.1, noise, generator=generator)
    assert low == pytest.approx(0.1)
    assert high == pytest.approx(0.1)
    low, high = difference_interval(noise, noise[::-1], generator=generator)
    assert low < 0 < high


def test_found_items_are_told_apart_between_cases() -> None:
    lists = np.array([[0, 9], [9, 0]], dtype=np.int32)
    assert score_cases(lists, [rows(9), rows(5)]).hit.tolist() == [1, 0]


def test_intervals_of_a_mean_shrink_with_more_cases_and_repeat() -> None:
    def width(count: int) -> float:
        values = np.random.default_rng(1).random(count)
        low, high = Resamples(count, generator=np.random.default_rng(0)).interval(values, values >= 0)
        assert low < values.mean() < high
        return high - low

    # 1.96 standard errors of a uniform figure on either side.
    assert width(400) == pytest.approx(2 * 1.96 * math.sqrt(1 / 12 / 400), rel=0.1)
    assert width(100) > 1.5 * width(400)
    assert width(100) == width(100)


def test_intervals_of_a_slice_are_of_that_slice_alone() -> None:
    values = np.array([1.0, 1.0, 0.0, 0.0])
    resamples = Resamples(4, generator=np.random.default_rng(0))
    assert resamples.interval(values, values > 0) == (1, 1)
    assert resamples.interval(values, values > 2) == (0, 0)
    assert Resamples(0, generator=np.random.default_rng(0)).interval(values[:0], values[:0] > 0) == (0, 0)
