"""Squares of items: how many are too many, inverting, and keeping the strongest."""

from __future__ import annotations

import json
import os
import subprocess
import sys

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


BLAS_THREADS = """
import json
from recommender.learners.dense import one_thread
with one_thread():
    from scipy.linalg import lapack
    from threadpoolctl import threadpool_info
    print(json.dumps([pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]))
"""


def test_every_blas_is_held_to_one_thread_even_in_a_process_that_had_none_open() -> None:
    """SciPy loads a second one on first use; it once escaped, and bundles differed by the number of threads."""
    answer = subprocess.run(
        [sys.executable, "-c", BLAS_THREADS],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    threads = json.loads(answer.stdout)
    assert len(threads) > 1
    assert set(threads) == {1}
