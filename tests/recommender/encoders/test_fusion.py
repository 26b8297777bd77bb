"""Late fusion of cosines."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.encoders.fusion import Modality, ModalityMismatch, count_items, item_vectors, side_by_side, unit_rows


def random_rows(rows: int, dims: int) -> np.ndarray:
    return unit_rows(np.random.default_rng(rows * dims).normal(size=(rows, dims)).astype(np.float32))


def test_the_inner_product_is_exactly_the_weighted_sum_of_cosines() -> None:
    words, pictures = random_rows(5, 3), random_rows(5, 4)

    fused = side_by_side(((words, 0.3), (pictures, 0.7)))

    np.testing.assert_allclose(fused @ fused.T, 0.3 * words @ words.T + 0.7 * pictures @ pictures.T, atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(fused, axis=1), 1, atol=1e-6)


def test_unit_rows_never_gives_nan() -> None:
    rows = np.array([[3, 4], [0, 0], [np.nan, 1], [np.inf, 1]], dtype=np.float32)

    expected = np.array([[0.6, 0.8], [0, 0], [0, 0], [0, 0]])
    np.testing.assert_allclose(unit_rows(rows), expected, atol=1e-7)


def test_an_item_with_several_pictures_has_the_direction_of_their_mean() -> None:
    pictures = np.array([[1, 0], [0, 1], [0, 1]], dtype=np.float32)

    vectors = item_vectors(pictures, np.array([0, 0, 2], dtype=np.int32), items=3)

    np.testing.assert_allclose(vectors, [[0.5**0.5, 0.5**0.5], [0, 0], [0, 1]], atol=1e-7)


def test_modalities_must_describe_the_same_items() -> None:
    five, four = Modality("text", random_rows(5, 2)), Modality("image", random_rows(4, 2))

    with pytest.raises(ModalityMismatch, match=r"\[4, 5\]"):
        count_items((five, four))
    with pytest.raises(ModalityMismatch, match="same name"):
        count_items((five, five))
    with pytest.raises(ModalityMismatch):
        count_items(())
    with pytest.raises(ModalityMismatch, match="must not be negative"):
        Modality("text", random_rows(5, 2), -0.1)
