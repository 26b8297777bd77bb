"""Exact neighbours by blocks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from recommender.encoders.fusion import Modality, ModalityMismatch, unit_rows
from recommender.index.exact import nearest_neighbours


def made_up(items: int) -> tuple[Modality, Modality]:
    random = np.random.default_rng(items)
    words = unit_rows(np.where(random.random((items, 12)) < 0.3, random.random((items, 12)), 0).astype(np.float32))
    pictures = unit_rows(random.normal(size=(items, 6)).astype(np.float32))
    return Modality("text", csr_matrix(words), 0.3), Modality("image", pictures, 0.7)


def by_hand(words: Modality, pictures: Modality) -> np.ndarray:
    """The whole matrix of scores, which the real thing never holds."""
    dense = words.vectors.toarray()  # type: ignore[union-attr]  # sparse above
    scores = 0.3 * dense @ dense.T + 0.7 * pictures.vectors @ pictures.vectors.T
    np.fill_diagonal(scores, -9)
    return np.asarray(scores)


@pytest.mark.parametrize("block_bytes", [1, 1_000, 1_000_000])
def test_equals_the_whole_matrix_whatever_the_block(block_bytes: int) -> None:
    words, pictures = made_up(40)
    scores = by_hand(words, pictures)

    found = nearest_neighbours(words, pictures, k=7, block_bytes=block_bytes)

    expected = np.argsort(-scores, axis=1, kind="stable")[:, :7]
    np.testing.assert_array_equal(found.ids, expected)
    np.testing.assert_allclose(found.scores, np.take_along_axis(scores, expected, axis=1), atol=1e-6)
    assert found.ids.dtype == np.int32
    assert found.scores.dtype == np.float32


def test_parts_add_up_to_the_score() -> None:
    words, pictures = made_up(40)

    found = nearest_neighbours(words, pictures, k=7)

    assert set(found.parts) == {"text", "image"}
    np.testing.assert_allclose(found.parts["text"] + found.parts["image"], found.scores, atol=1e-6)
    dense = words.vectors.toarray()  # type: ignore[union-attr]  # sparse above
    np.testing.assert_allclose(
        found.parts["text"], np.take_along_axis(0.3 * dense @ dense.T, found.ids.astype(np.intp), axis=1), atol=1e-6
    )


def test_equal_scores_are_ordered_by_row() -> None:
    vectors = np.ones((30, 1), dtype=np.float32)

    found = nearest_neighbours(Modality("image", vectors), k=4)

    assert found.ids[0].tolist() == [1, 2, 3, 4]
    assert found.ids[2].tolist() == [0, 1, 3, 4]
    assert found.ids[29].tolist() == [0, 1, 2, 3]


def test_same_vectors_give_the_same_bytes() -> None:
    first, second = (nearest_neighbours(*made_up(300), k=20, block_bytes=50_000) for _ in range(2))

    assert first.ids.tobytes() == second.ids.tobytes()
    assert first.scores.tobytes() == second.scores.tobytes()


def test_unlike_items_are_no_neighbours() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8], [-1, 0], [0, 0]], dtype=np.float32)

    found = nearest_neighbours(Modality("image", vectors), k=3)

    assert found.ids.tolist() == [[1, -1, -1], [0, -1, -1], [-1, -1, -1], [-1, -1, -1]]
    np.testing.assert_allclose(found.scores[:2, 0], 0.6)
    assert (found.scores[2:] == 0).all()
    assert (found.parts["image"][2:] == 0).all()


@pytest.mark.parametrize("items", [0, 1, 2])
def test_tiny_catalogues_are_padded(items: int) -> None:
    found = nearest_neighbours(Modality("image", np.ones((items, 1), dtype=np.float32)), k=5)

    assert found.ids.shape == (items, 5)
    assert (found.ids >= 0).sum() == items * (items - 1)


def test_an_item_that_lacks_a_modality_is_found_by_the_other() -> None:
    words = csr_matrix(np.array([[1.0], [1.0], [1.0]], dtype=np.float32))
    pictures = np.array([[1, 0], [0, 0], [1, 0]], dtype=np.float32)

    found = nearest_neighbours(Modality("text", words, 0.3), Modality("image", pictures, 0.7), k=2)

    assert found.ids.tolist() == [[2, 1], [0, 2], [0, 1]]
    np.testing.assert_allclose(found.scores[1], [0.3, 0.3])


def test_reports_its_progress() -> None:
    reports: list[tuple[int, int]] = []

    nearest_neighbours(
        *made_up(10), k=2, block_bytes=4 * 10 * 4, progress=lambda done, total: reports.append((done, total))
    )

    assert reports == [(4, 10), (8, 10), (10, 10)]


def test_refuses_nonsense() -> None:
    words, _ = made_up(10)

    with pytest.raises(ValueError, match="not 0"):
        nearest_neighbours(words, k=0)
    with pytest.raises(ModalityMismatch):
        nearest_neighbours(words, Modality("image", np.ones((9, 1), dtype=np.float32)), k=1)
