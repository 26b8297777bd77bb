"""Learns TF-IDF weights from the catalogue's texts. Training only: imports scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.encoders.term_agreement import term_scales
from recommender.encoders.text_transform import SparseRows, TextTransform
from recommender.encoders.tokens import tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# A term of a single text cannot make two texts alike, it only dilutes the terms that can.
FEWEST_TEXTS = 2
# Bounds memory; the rarest terms go first.
MOST_TERMS = 200_000


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """The texts as a matrix, and what new texts need to join them.

    ``matrix`` is (n, terms) float32 in compressed sparse rows; each row has unit
    length, or is empty where a text shares no term with any other.
    """

    matrix: csr_matrix
    transform: TextTransform

    @property
    def rows(self) -> SparseRows:
        """The matrix as the three arrays that a bundle keeps."""
        return SparseRows(
            self.matrix.data.astype(np.float32, copy=False),
            self.matrix.indices.astype(np.int32, copy=False),
            self.matrix.indptr.astype(np.int64, copy=False),
        )

    @property
    def is_empty(self) -> bool:
        """Whether no text shares a term with another: nothing can be learned from the words then."""
        return bool(self.matrix.nnz == 0)

    def save(self, folder: Path) -> None:
        """Write the vocabulary and its weights into ``folder``."""
        self.transform.save(folder)


def fit_text_encoder(
    texts: Sequence[str],
    *,
    labels: npt.NDArray[np.int32] | None = None,
    colours: npt.NDArray[np.float32] | None = None,
) -> TextEncoder:
    """Weigh the terms of ``texts`` (one per item, empty ones allowed) by TF-IDF.

    Term frequency is 1 + ln(count), so that a word said five times doesn't count
    five times; inverse document frequency is scikit-learn's smoothed one, scaled by
    how much a term tells of tag and colour (see ``term_agreement``) where tags are given.

    Args:
        texts: n texts.
        labels: (n,) tag numbers, -1 for untagged items.
        colours: (n, d) what colours each item has, unit rows or zeros.
    """
    from scipy.sparse import csr_matrix, diags
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    if not _anything_shared(texts):
        nothing = csr_matrix((len(texts), 0), dtype=np.float32)
        return TextEncoder(nothing, TextTransform({}, np.empty(0, dtype=np.float32)))
    vectoriser = TfidfVectorizer(
        tokenizer=tokens,
        token_pattern=None,
        lowercase=False,
        sublinear_tf=True,
        min_df=FEWEST_TEXTS,
        max_features=MOST_TERMS,
        dtype=np.float32,
    )
    plain = vectoriser.fit_transform(texts)
    scales = term_scales(plain, labels=labels, colours=colours)
    matrix = normalize(plain @ diags(scales)).tocsr().astype(np.float32)
    matrix.sort_indices()
    vocabulary = {term: int(column) for term, column in vectoriser.vocabulary_.items()}
    return TextEncoder(matrix, TextTransform(vocabulary, (vectoriser.idf_ * scales).astype(np.float32)))


def _anything_shared(texts: Sequence[str]) -> bool:
    """Whether any term stands in two texts; scikit-learn raises where none does."""
    seen: set[str] = set()
    for text in texts:
        terms = set(tokens(text))
        if not seen.isdisjoint(terms):
            return True
        seen |= terms
    return False
