"""Pictures as squares."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender.encoders.picture_arrays import load_pictures, picture_array

RED = (200, 0, 0)


def test_keeps_proportions_and_pads_with_white() -> None:
    array = picture_array(Image.new("RGB", (60, 120), RED), 20)

    assert array.shape == (20, 20, 3)
    assert array.dtype == np.uint8
    assert (array[:, 5:15] == RED).all()
    assert (array[:, :5] == 255).all()
    assert (array[:, 15:] == 255).all()


@pytest.mark.parametrize("size", [(1, 1), (3, 2), (1, 900), (900, 1), (50, 50)])
def test_takes_any_size(size: tuple[int, int]) -> None:
    array = picture_array(Image.new("RGB", size, RED), 50)

    assert array.shape == (50, 50, 3)
    assert (array == RED).all(axis=-1).any()


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "YCbCr", "I;16", "LA", "PA", "RGBA"])
def test_takes_any_mode(mode: str) -> None:
    assert picture_array(Image.new(mode, (8, 8)), 16).shape == (16, 16, 3)


def test_transparent_parts_become_white() -> None:
    picture = Image.new("RGBA", (10, 10), (*RED, 0))
    picture.paste((*RED, 255), (0, 0, 10, 5))

    array = picture_array(picture, 10)

    assert (array[:5] == RED).all()
    assert (array[5:] == 255).all()


def test_says_which_files_could_not_be_read(tmp_path: Path) -> None:
    good, broken, cut = tmp_path / "good.webp", tmp_path / "broken.jpg", tmp_path / "cut.png"
    Image.new("RGB", (30, 30), RED).save(good, lossless=True)
    broken.write_text("not a picture")
    Image.effect_noise((64, 64), 80).save(cut)
    cut.write_bytes(cut.read_bytes()[:600])
    reports: list[tuple[int, int]] = []

    arrays, readable = load_pictures(
        [good, broken, tmp_path / "missing.jpg", cut, good],
        size=10,
        progress=lambda done, total: reports.append((done, total)),
    )

    assert readable.tolist() == [True, False, False, False, True]
    assert (arrays[0] == RED).all()
    assert (arrays[1:4] == 255).all()
    assert reports == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_no_pictures() -> None:
    arrays, readable = load_pictures([], size=10)

    assert arrays.shape == (0, 10, 10, 3)
    assert readable.shape == (0,)
