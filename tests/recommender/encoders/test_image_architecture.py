"""How pictures vary while the network learns."""

from __future__ import annotations

import numpy as np

from recommender.encoders.image_architecture import smaller, vary, zoom
from tests.recommender.encoders.shapes import SIZE, shapes


def test_varied_pictures_stay_pictures_on_white() -> None:
    pictures, _ = shapes(60)

    varied = vary(pictures, np.random.default_rng(0))

    assert varied.shape == pictures.shape
    assert varied.dtype == np.float32
    assert varied.min() >= 0
    assert varied.max() <= 255
    assert (varied[:, 0, 0] == 255).all()
    assert (varied != pictures).any()


def test_the_same_chance_varies_the_same_way() -> None:
    pictures, _ = shapes(9)

    first, second = (vary(pictures, np.random.default_rng(3)) for _ in range(2))

    np.testing.assert_array_equal(first, second)


def test_half_of_the_pictures_are_mirrored() -> None:
    pictures = np.full((400, SIZE, SIZE, 3), 255, dtype=np.uint8)
    pictures[:, 8:16, 3:6] = 0

    varied = vary(pictures, np.random.default_rng(0))

    ink = 255 - varied[..., 0]
    on_the_right = (ink * (np.arange(SIZE) > SIZE / 2)).sum(axis=(1, 2)) > ink.sum(axis=(1, 2)) / 2
    assert 160 < on_the_right.sum() < 240


def test_parts_of_photos_stay_pictures_and_bring_in_no_white() -> None:
    photos = np.full((50, SIZE, SIZE, 3), 90, dtype=np.uint8)
    photos[:, :, : SIZE // 2] = 40

    first, second = (zoom(photos, 16, np.random.default_rng(4)) for _ in range(2))

    assert first.shape == (50, 16, 16, 3)
    assert first.dtype == np.float32
    # Light, tint and contrast take 90 no further than this.
    assert first.max() < 90 * 1.2 * 1.05 * 1.2
    assert first.min() >= 0
    assert len(np.unique(first.mean(axis=(1, 2, 3)))) == 50
    np.testing.assert_array_equal(first, second)


def test_smaller_averages() -> None:
    pictures = np.zeros((2, 4, 4, 3), dtype=np.uint8)
    pictures[0, :, ::2] = 200

    assert smaller(pictures, 2).tolist() == np.stack([np.full((2, 2, 3), 100), np.zeros((2, 2, 3))]).tolist()
