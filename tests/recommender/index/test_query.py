"""The items nearest to one picture."""

from __future__ import annotations

import numpy as np

from recommender.index.query import best_items

VECTORS = np.array([[1, 0], [0, 1], [0.6, 0.8], [0.8, 0.6], [0.8, 0.6], [-1, 0]], dtype=np.float32)
ROWS = np.array([0, 0, 1, 2, 3, 4], dtype=np.int32)


def test_an_item_counts_by_its_best_picture_and_equal_ones_by_row() -> None:
    ids, scores = best_items(np.array([1, 0], dtype=np.float32), vectors=VECTORS, rows=ROWS, items=6, k=10)

    assert ids.tolist() == [0, 2, 3, 1]
    np.testing.assert_allclose(scores, [1, 0.8, 0.8, 0.6])


def test_gives_k_at_most() -> None:
    ids, scores = best_items(np.array([0, 1], dtype=np.float32), vectors=VECTORS, rows=ROWS, items=6, k=2)

    assert ids.tolist() == [0, 1]
    assert len(scores) == 2
