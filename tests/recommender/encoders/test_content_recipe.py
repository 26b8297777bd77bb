"""The formula of the multimodal recipe."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_matrix

from recommender.encoders.content_recipe import recipe_content


def test_is_the_cosine_of_standardised_weighted_blocks_side_by_side() -> None:
    random = np.random.default_rng(0)
    words = random.random((12, 7)) * (random.random((12, 7)) < 0.4)
    looks = random.normal(size=(12, 5)).astype(np.float32)

    def standard(block: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray((block - block.mean(axis=0)) / block.std(axis=0), dtype=np.float64)

    rows = np.hstack([0.3 * standard(words), 0.7 * standard(looks.astype(np.float64))])
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    wanted = rows @ rows.T
    np.fill_diagonal(wanted, -1)

    table = recipe_content(csr_matrix(words), looks, published=np.ones(12, dtype=np.bool_), k=3)

    best = np.argsort(-wanted, axis=1)[:, :3]
    expected = np.where(np.take_along_axis(wanted, best, axis=1) > 0, best, -1)
    np.testing.assert_array_equal(table.ids, expected)
    np.testing.assert_allclose(table.scores[:, 0], wanted.max(axis=1), atol=1e-5)
    text = (rows[:, :7] @ rows[:, :7].T)[0, best[0, 0]]
    assert table.text is not None
    assert table.text[0, 0] == pytest.approx(text, abs=1e-5)


def test_unpublished_items_are_nobodys_neighbours() -> None:
    looks = np.random.default_rng(1).normal(size=(6, 3)).astype(np.float32)
    published = np.array([True, False, True, True, True, True])

    table = recipe_content(None, looks, published=published, k=5)

    assert 1 not in table.ids


@pytest.mark.parametrize("with_words", [True, False])
def test_constant_blocks_make_no_neighbours_and_no_nan(*, with_words: bool) -> None:
    words = csr_matrix(np.full((4, 3), 0.5)) if with_words else None

    table = recipe_content(words, np.full((4, 3), 0.2, dtype=np.float32), published=np.ones(4, dtype=np.bool_), k=2)

    assert table.ids.tolist() == [[-1, -1]] * 4
    assert np.isfinite(table.scores).all()
