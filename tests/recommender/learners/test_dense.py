"""Squares of items: how many are too many, inverting, and keeping the strongest."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.learners.dense import inverse, strongest, too_many


def test_the_sentence_comes_above_the_limit_only() -> None:
    assert too_many(6_000, most=6_000, handed_to="others") == ""
    said = too_many(6_001, most=6_000, handed_to="others")
    assert said == "6,001 items are more than 6,000, the most whose square is held in memory: others instead."


def test_the_inverse_is_numpys() -> None:
    held = np.random.default_rng(0).random((40, 12)).astype(np.float32)
    gram = held.T @ held
    expected = np.linalg.inv(gram.astype(np.float64) + 0.5 * np.eye(12))
    found = inverse(gram.copy(), 0.5)
    assert found.dtype == np.float32
    assert found == pytest.approx(expected, abs=1e-4)
    assert found.tolist() == found.T.tolist()


def test_what_has_no_inverse_is_told() -> None:
    with pytest.raises(ValueError, match=r"not positive definite \(row 2\)"):
        inverse(np.array([[1, 2], [2, 1]], dtype=np.float32), 0.0)


def test_the_strongest_are_positive_sorted_and_never_the_item_itself() -> None:
    weights = np.array([[9, 1, 2, 2, -1], [0, 9, 0, 0, 0], [4, 3, 9, 2, 1]], dtype=np.float32)
    square = np.zeros((5, 5), dtype=np.float32)
    square[:3] = weights
    found = strongest(square, k=2)
    assert found.ids.tolist() == [[2, 3], [-1, -1], [0, 1], [-1, -1], [-1, -1]]  # equal ones by row
    assert found.scores.tolist() == [[2, 2], [0, 0], [4, 3], [0, 0], [0, 0]]
    assert strongest(np.ones((2, 2), dtype=np.float32), k=9).ids.tolist() == [[1, -1], [0, -1]]
