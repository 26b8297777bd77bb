"""The small transform that serves new texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender.encoders.text import fit_text_encoder
from recommender.encoders.text_transform import SparseRows, TextTransform, VocabularyMismatch
from recommender.encoders.tokens import tokens

TEXTS = ["Red mug, red handle", "Blue mug", "红色陶瓷杯", "蓝色陶瓷杯 mug", "", "Lamp with a red shade", "Blue lamp"]
NEW_TEXTS = ["A red lamp, red all over", "陶瓷灯", "nothing known here", "", "MUG mug Mug"]


def dense(rows: SparseRows, columns: int) -> npt.NDArray[np.float32]:
    return np.asarray(
        csr_matrix((rows.data, rows.indices, rows.indptr), shape=(len(rows.indptr) - 1, columns)).toarray()
    )


def test_equals_scikit_learn() -> None:
    oracle = TfidfVectorizer(tokenizer=tokens, token_pattern=None, lowercase=False, sublinear_tf=True, min_df=2)
    oracle.fit(TEXTS)
    transform = fit_text_encoder(TEXTS).transform

    assert transform.vocabulary == oracle.vocabulary_
    for texts in (TEXTS, NEW_TEXTS):
        np.testing.assert_allclose(
            dense(transform.transform(texts), len(transform.idf)), oracle.transform(texts).toarray(), atol=1e-6
        )


def test_gives_trained_texts_the_rows_that_training_gave_them() -> None:
    labels = np.array([0, 0, 1, 1, -1, 2, 2] * 10, dtype=np.int32)
    encoder = fit_text_encoder(TEXTS * 10, labels=labels)

    served = dense(encoder.transform.transform(TEXTS * 10), len(encoder.transform.idf))

    assert not np.allclose(encoder.transform.idf, fit_text_encoder(TEXTS * 10).transform.idf)
    np.testing.assert_allclose(served, encoder.matrix.toarray(), atol=1e-6)


def test_unknown_words_give_an_empty_row() -> None:
    rows = fit_text_encoder(TEXTS).transform.transform(["unheard of", "red"])

    assert rows.indptr.tolist() == [0, 0, 1]
    assert rows.data.tolist() == [1.0]


def test_no_texts_give_no_rows() -> None:
    rows = fit_text_encoder(TEXTS).transform.transform([])

    assert rows.indptr.tolist() == [0]
    assert [array.dtype for array in rows] == [np.float32, np.int32, np.int64]


def test_comes_back_from_a_folder(tmp_path: Path) -> None:
    transform = fit_text_encoder(TEXTS).transform

    transform.save(tmp_path)
    again = TextTransform.load(tmp_path)

    assert again.vocabulary == transform.vocabulary
    np.testing.assert_array_equal(again.idf, transform.idf)


def test_refuses_files_that_do_not_fit(tmp_path: Path) -> None:
    fit_text_encoder(TEXTS).save(tmp_path)
    np.save(tmp_path / "text_idf.npy", np.ones(1, dtype=np.float32))

    with pytest.raises(VocabularyMismatch, match="cannot use 1 weights"):
        TextTransform.load(tmp_path)
