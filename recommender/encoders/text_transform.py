"""Turns new texts into TF-IDF rows with NumPy alone, exactly as scikit-learn's vectoriser would.

Web workers serve texts that came after the last training, and must not
import scikit-learn for it. The rows have 1 + ln(count) term frequencies,
weighted by the fitted inverse document frequencies, scaled to unit length.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from recommender.encoders.tokens import tokens

VOCABULARY_FILE = "text_vocabulary.json"
IDF_FILE = "text_idf.npy"


class SparseRows(NamedTuple):
    """Rows in compressed form: row r holds ``data[indptr[r]:indptr[r + 1]]`` in the columns ``indices[…]``."""

    data: npt.NDArray[np.float32]
    indices: npt.NDArray[np.int32]
    indptr: npt.NDArray[np.int64]


class VocabularyMismatch(ValueError):
    """The vocabulary and its weights don't belong together."""


@dataclass(frozen=True, slots=True)
class TextTransform:
    """A fitted vocabulary, ready to weigh new texts.

    ``vocabulary`` maps a term to its column, ``idf`` (terms,) float32 holds the
    inverse document frequency of each column.
    """

    vocabulary: dict[str, int]
    idf: npt.NDArray[np.float32]

    def __post_init__(self) -> None:
        if len(self.vocabulary) != len(self.idf) or not all(
            0 <= column < len(self.idf) for column in self.vocabulary.values()
        ):
            raise VocabularyMismatch(f"{len(self.vocabulary)} terms cannot use {len(self.idf)} weights.")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what ``save`` wrote.

        Raises:
            OSError: a file is missing or cannot be read.
            VocabularyMismatch: the two files don't fit each other.
            ValueError: a file holds something else.
        """
        vocabulary = json.loads((folder / VOCABULARY_FILE).read_text(encoding="utf-8"))
        return cls(vocabulary=vocabulary, idf=np.load(folder / IDF_FILE, allow_pickle=False))

    def save(self, folder: Path) -> None:
        """Write the vocabulary as JSON and its weights as an array into ``folder``."""
        words = json.dumps(self.vocabulary, ensure_ascii=False, indent=0, sort_keys=True)
        (folder / VOCABULARY_FILE).write_text(words, encoding="utf-8")
        np.save(folder / IDF_FILE, self.idf, allow_pickle=False)

    def transform(self, texts: Iterable[str]) -> SparseRows:
        """One unit row per text, columns ascending; a text without a known term gives an empty row."""
        data: list[npt.NDArray[np.float32]] = [np.empty(0, dtype=np.float32)]
        indices: list[npt.NDArray[np.int32]] = [np.empty(0, dtype=np.int32)]
        ends = [0]
        for text in texts:
            weights, columns = self._row(text)
            data.append(weights)
            indices.append(columns)
            ends.append(ends[-1] + len(columns))
        return SparseRows(np.concatenate(data), np.concatenate(indices), np.array(ends, dtype=np.int64))

    def _row(self, text: str) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
        """The weights and the columns of one text."""
        known = (self.vocabulary[token] for token in tokens(text) if token in self.vocabulary)
        counted = sorted(Counter(known).items())
        columns = np.array([column for column, _ in counted], dtype=np.int32)
        counts = np.array([count for _, count in counted], dtype=np.float64)
        weights = (1.0 + np.log(counts)) * self.idf[columns]
        length = float(np.sqrt(np.sum(weights * weights)))
        return (weights / length if length else weights).astype(np.float32), columns
