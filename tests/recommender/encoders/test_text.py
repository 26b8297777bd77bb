"""TF-IDF of the catalogue's texts."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender.encoders.text import fit_text_encoder

MUGS_AND_LAMPS = [
    "手工制作的红色陶瓷杯，适合喝咖啡",
    "蓝色陶瓷杯子，容量三百毫升",
    "北欧风格落地灯，客厅照明",
    "卧室用的小台灯，暖光照明",
]


def test_rows_have_unit_length() -> None:
    matrix = fit_text_encoder(["red mug", "red red lamp", "blue lamp", "blue mug"]).matrix

    assert matrix.dtype == np.float32
    np.testing.assert_allclose(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel(), 1, rtol=1e-6)


def test_weighs_as_worked_out_by_hand() -> None:
    encoder = fit_text_encoder(["red red mug", "red lamp", "mug"])

    # lamp stands in one text only. ln((1 + 3) / (1 + 2)) + 1 for both others; red said twice counts 1 + ln 2.
    assert encoder.transform.vocabulary == {"mug": 0, "red": 1}
    np.testing.assert_allclose(encoder.transform.idf, [1.2876821, 1.2876821], rtol=1e-6)
    length = (1 + (1 + np.log(2)) ** 2) ** 0.5
    np.testing.assert_allclose(
        encoder.matrix.toarray(), [[1 / length, (1 + np.log(2)) / length], [0, 1], [1, 0]], rtol=1e-6
    )


def test_finds_similar_chinese_descriptions() -> None:
    matrix = fit_text_encoder(MUGS_AND_LAMPS).matrix

    cosines = (matrix @ matrix.T).toarray()
    np.fill_diagonal(cosines, -1)

    assert cosines.argmax(axis=1).tolist() == [1, 0, 3, 2]
    assert cosines.max(axis=1).min() > 0.2


def test_the_usual_token_pattern_finds_nothing_in_chinese() -> None:
    matrix = TfidfVectorizer().fit_transform(MUGS_AND_LAMPS)

    cosines = (matrix @ matrix.T).toarray()
    np.fill_diagonal(cosines, 0)
    assert cosines.max() == 0


@pytest.mark.parametrize("texts", [[], [""], ["one mug"], ["", ""], ["mug", "lamp"], ["。", "！"]])
def test_nothing_shared_gives_an_empty_matrix(texts: list[str]) -> None:
    encoder = fit_text_encoder(texts)

    assert encoder.is_empty
    assert encoder.matrix.shape == (len(texts), 0)
    assert encoder.rows.indptr.tolist() == [0] * (len(texts) + 1)


def test_identical_and_empty_texts() -> None:
    encoder = fit_text_encoder(["red mug", "red mug", "", "unheard"])

    np.testing.assert_allclose((encoder.matrix @ encoder.matrix.T).toarray()[0], [1, 1, 0, 0], rtol=1e-6)
    assert np.isfinite(encoder.matrix.data).all()


def test_rows_carry_the_types_of_the_bundle() -> None:
    rows = fit_text_encoder(["red mug", "red lamp", "mug"]).rows

    assert [array.dtype for array in rows] == [np.float32, np.int32, np.int64]


def test_terms_that_tell_the_tag_count_more_where_tags_are_known() -> None:
    texts = [f"acme {kind} {number}" for number in range(20) for kind in ("mug", "lamp", "chair")]
    labels = np.array([0, 1, 2] * 20, dtype=np.int32)
    plain, told = fit_text_encoder(texts), fit_text_encoder(texts, labels=labels)

    mug, acme = (plain.transform.vocabulary[word] for word in ("mug", "acme"))
    assert told.transform.idf[mug] == pytest.approx(plain.transform.idf[mug] * (0.1 + 0.9 * 20 / 22), rel=1e-5)
    assert told.transform.idf[acme] == pytest.approx(plain.transform.idf[acme] * 0.1, rel=1e-5)
    np.testing.assert_allclose(np.asarray(told.matrix.multiply(told.matrix).sum(axis=1)).ravel(), 1, rtol=1e-6)
