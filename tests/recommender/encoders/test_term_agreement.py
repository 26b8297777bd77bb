"""What a term tells of the items that have it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from recommender.encoders.term_agreement import agreement, term_scales


def test_agreement_is_the_mean_cosine_of_all_pairs_beyond_the_usual() -> None:
    angles = np.radians([0, 10, 90, 100, 45])
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    present = csr_matrix(np.array([[1, 1], [1, 0], [0, 1], [0, 0], [0, 0]], dtype=np.float32))

    cosines = np.cos(angles[:, None] - angles)
    usual = (cosines.sum() - 5) / 20
    first = (cosines[0, 1] - usual) / (1 - usual) * 2 / (2 + 2)
    np.testing.assert_allclose(agreement(present, vectors), [first, 0], atol=1e-6)


def test_agreement_leaves_out_items_without_a_vector() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 0], [0, 1], [0, 1]], dtype=np.float32)
    present = csr_matrix(np.array([[1], [1], [1], [0], [0]], dtype=np.float32))

    # Of all six pairs two agree; of the pair that has the term, one of one does.
    assert agreement(present, vectors)[0] == pytest.approx(1 * 2 / 4)


def test_agreement_tells_nothing_where_all_are_alike() -> None:
    present = csr_matrix(np.ones((3, 1), dtype=np.float32))

    assert agreement(present, np.ones((3, 1), dtype=np.float32)).tolist() == [0]


def test_a_term_counts_for_its_colours_too() -> None:
    present = csr_matrix(np.array([[1, 0], [1, 1]] * 30 + [[0, 1]] * 60, dtype=np.float32))
    labels = np.array([0, 1] * 60, dtype=np.int32)
    colours = np.zeros((120, 2), dtype=np.float32)
    colours[:60, 0] = 1
    colours[60:, 1] = 1

    by_tag = term_scales(present, labels=labels)
    by_both = term_scales(present, labels=labels, colours=colours)

    assert by_tag[0] == pytest.approx(0.1)
    assert by_both[0] == pytest.approx(1)


@pytest.mark.parametrize(
    "labels", [None, np.full(80, -1), np.zeros(80), np.r_[np.zeros(20), np.ones(20), np.full(40, -1)]]
)
def test_terms_count_alike_where_tags_tell_nothing(labels: np.ndarray | None) -> None:
    present = csr_matrix(np.eye(80, 3, dtype=np.float32))

    assert term_scales(present, labels=None if labels is None else labels.astype(np.int32)).tolist() == [1, 1, 1]


def test_sparse_and_dense_vectors_agree() -> None:
    generator = np.random.default_rng(4)
    present = csr_matrix((generator.random((60, 9)) < 0.3).astype(np.float32))
    vectors = np.eye(5, dtype=np.float32)[generator.integers(0, 5, 60)]

    np.testing.assert_allclose(agreement(present, csr_matrix(vectors)), agreement(present, vectors), rtol=1e-12)


def test_a_hundred_thousand_tags_of_one_item_each_tell_nothing_and_fit_into_memory() -> None:
    """As a dense table the tags alone would take 40 GB."""
    items = 100_000
    columns = np.random.default_rng(0).integers(0, 500, 3 * items)
    present = csr_matrix((np.ones(3 * items), columns, np.arange(items + 1) * 3), shape=(items, 500))

    scales = term_scales(present, labels=np.arange(items, dtype=np.int32))

    np.testing.assert_allclose(scales, 0.1)
