"""Odd catalogues: no crash, no NaN, and what can be said is said."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.encoders.colour import colour_vectors
from recommender.encoders.content_recipe import recipe_content
from recommender.encoders.fusion import IMAGE, TEXT, Modality, side_by_side, unit_rows
from recommender.encoders.reduction import fit_reduction
from recommender.encoders.text import fit_text_encoder
from recommender.index.exact import nearest_neighbours
from recommender.retraining.content import without_common_rows

ODD_TEXTS = {
    "identical": ["the very same words"] * 60,
    "empty": [""] * 60,
    "Chinese": ["红色陶瓷茶杯", "蓝色陶瓷茶杯", "木制椅子"] * 20,
    "Arabic, Thai and emoji": ["كوب أحمر", "ถ้วยสีแดง", "☕🫖"] * 20,
    "one word each": [f"word{number}" for number in range(60)],
}


@pytest.mark.parametrize("texts", ODD_TEXTS.values(), ids=ODD_TEXTS.keys())
@pytest.mark.parametrize("pictures", ["constant", "random"])
def test_odd_words_and_pictures_make_finite_neighbours(texts: list[str], pictures: str) -> None:
    arrays = np.full((60, 16, 16, 3), 255, dtype=np.uint8)
    if pictures == "random":
        arrays = np.random.default_rng(0).integers(0, 256, arrays.shape, dtype=np.uint8)
    colours = colour_vectors(arrays)
    reduced = unit_rows(fit_reduction(colours, dims=4).apply(colours))
    looks = unit_rows(side_by_side(((reduced, 0.5), (colours, 0.5))))
    matrix = fit_text_encoder(texts, labels=np.arange(60, dtype=np.int32) % 3, colours=colours).matrix
    words, _ = without_common_rows(matrix, most=20)

    found = nearest_neighbours(Modality(TEXT, words, 0.3), Modality(IMAGE, looks, 0.7), k=5)
    literal = recipe_content(matrix, looks, published=np.ones(60, dtype=np.bool_), k=5)

    assert np.isfinite(looks).all()
    assert np.isfinite(found.scores).all()
    assert (found.ids[:, 0] >= 0).all()
    assert np.isfinite(literal.scores).all()


def test_a_hundred_thousand_tags_with_one_item_each_take_neither_memory_nor_the_words() -> None:
    count = 100_000
    texts = [f"thing {number % 500}" for number in range(count)]

    encoder = fit_text_encoder(texts, labels=np.arange(count, dtype=np.int32))

    assert encoder.matrix.shape[0] == count
    assert np.isfinite(encoder.matrix.data).all()
    assert encoder.matrix.nnz == 2 * count
