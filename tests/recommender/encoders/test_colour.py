"""Colour vectors."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.encoders.colour import COLOUR_DIMS, colour_vectors, has_plain_rim, subjects

RED, DARK_RED, BLUE, WHITE = (200, 20, 20), (170, 15, 25), (20, 40, 200), (255, 255, 255)


def disc(colour: tuple[int, int, int], backdrop: tuple[int, int, int] = WHITE, radius: int = 10) -> np.ndarray:
    """A round thing in the middle of a 50 × 50 picture."""
    rows, columns = np.mgrid[0:50, 0:50] - 24.5
    picture = np.empty((50, 50, 3), dtype=np.uint8)
    picture[:] = backdrop
    picture[rows**2 + columns**2 <= radius**2] = colour
    return picture


def test_unit_rows_without_negative_parts() -> None:
    vectors = colour_vectors(np.stack([disc(RED), disc(WHITE), disc(BLUE)]))

    assert vectors.shape == (3, COLOUR_DIMS)
    assert vectors.dtype == np.float32
    assert vectors.min() >= 0
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


def test_a_near_shade_is_nearer_than_another_colour() -> None:
    red, dark_red, blue = colour_vectors(np.stack([disc(RED), disc(DARK_RED), disc(BLUE)]))

    assert red @ dark_red > 0.7
    assert red @ blue < 0.1


def test_size_of_the_subject_does_not_matter() -> None:
    small, large = colour_vectors(np.stack([disc(RED, radius=7), disc(RED, radius=20)]))

    assert small @ large == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("backdrop", [WHITE, (245, 243, 240), (180, 200, 190)])
def test_the_backdrop_is_left_out(backdrop: tuple[int, int, int]) -> None:
    on_white, on_other = colour_vectors(np.stack([disc(RED), disc(RED, backdrop)]))

    assert on_white @ on_other == pytest.approx(1, abs=1e-6)


def test_white_inside_the_subject_belongs_to_it() -> None:
    ring = disc(RED, radius=15)
    ring[20:30, 20:30] = WHITE

    assert subjects(ring[None])[0, 25, 25]
    assert not subjects(ring[None])[0, 2, 2]


def test_a_picture_that_is_all_backdrop_is_all_subject() -> None:
    white = np.full((1, 50, 50, 3), 255, dtype=np.uint8)

    assert subjects(white).all()
    assert np.linalg.norm(colour_vectors(white)) == pytest.approx(1)


def test_one_by_one_gives_the_same_as_all_together() -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (300, 8, 8, 3)).astype(np.uint8)

    together = colour_vectors(pictures)

    np.testing.assert_allclose(np.concatenate([colour_vectors(one[None]) for one in pictures]), together, atol=1e-6)


def test_no_pictures() -> None:
    assert colour_vectors(np.empty((0, 50, 50, 3), dtype=np.uint8)).shape == (0, COLOUR_DIMS)


def test_a_plain_rim_is_told_from_a_photo_and_from_a_padded_photo() -> None:
    pictures = np.full((3, 20, 20, 3), 255, dtype=np.uint8)
    pictures[0, 5:15, 5:15] = 10
    pictures[1] = 120
    pictures[2, :, 3:17] = 120

    assert has_plain_rim(pictures).tolist() == [True, False, False]
