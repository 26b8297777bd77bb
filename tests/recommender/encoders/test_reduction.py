"""Long vectors become short ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from recommender.encoders.reduction import fit_reduction


def test_keeps_the_directions_that_differ_most() -> None:
    random = np.random.default_rng(0)
    short = random.normal(size=(200, 2)) * (5, 1)
    turn = np.linalg.qr(random.normal(size=(6, 6)))[0][:2]
    vectors = (short @ turn + 3).astype(np.float32)

    reduction = fit_reduction(vectors, dims=2)

    reduced = reduction.apply(vectors)
    # Deviations 5 and 1, scaled to a mean length of 1.
    np.testing.assert_allclose(reduced.std(axis=0) * 26**0.5, [5, 1], rtol=0.15)
    np.testing.assert_allclose(np.square(reduced).sum(axis=1).mean(), 1, rtol=1e-4)


def test_tiny_numbers_come_out_as_large_as_others() -> None:
    vectors = np.random.default_rng(3).normal(size=(40, 6)).astype(np.float32)

    plain, tiny = fit_reduction(vectors, dims=3), fit_reduction(vectors * np.float32(1e-6), dims=3)

    np.testing.assert_allclose(tiny.apply(vectors * np.float32(1e-6)), plain.apply(vectors), atol=1e-3)


def test_constant_pictures_become_zeros_not_noise() -> None:
    reduction = fit_reduction(np.full((9, 5), 7.3, dtype=np.float32), dims=3)

    assert reduction.components.tolist() == np.zeros((5, 3)).tolist()
    assert np.isfinite(reduction.apply(np.full((2, 5), 7.3, dtype=np.float32))).all()


def test_the_length_is_what_was_asked_for_with_fewer_pictures_too() -> None:
    vectors = np.random.default_rng(1).normal(size=(3, 20)).astype(np.float32)

    reduction = fit_reduction(vectors, dims=8)

    assert reduction.dims == 8
    assert not reduction.components[:, 2:].any()
    assert fit_reduction(vectors, dims=64).dims == 20


def test_the_same_vectors_give_the_same_bytes_and_files(tmp_path: Path) -> None:
    vectors = np.random.default_rng(2).normal(size=(50, 8)).astype(np.float32)

    first, second = fit_reduction(vectors, dims=4), fit_reduction(vectors.copy(), dims=4)
    first.save(tmp_path)

    assert first.components.tobytes() == second.components.tobytes()
    assert (first.components[np.abs(first.components).argmax(axis=0), np.arange(4)] > 0).all()
    np.testing.assert_array_equal(np.load(tmp_path / "image_pca_components.npy"), first.components)
    np.testing.assert_array_equal(np.load(tmp_path / "image_pca_mean.npy"), first.mean)
