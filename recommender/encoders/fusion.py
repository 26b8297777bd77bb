"""Late fusion: how alike two items are, as a weighted sum of cosines that stays separable.

Each modality (words, pictures) is a matrix of unit rows. Scaled by the root
of its weight and set side by side, the inner product of two rows is exactly
``Σ weight · cosine``, so every score splits into the parts that explain it.
An item that lacks a modality has a row of zeros there, and its cosine is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

TEXT = "text"
IMAGE = "image"
# The recipe's weights, kept as the default.
DEFAULT_WEIGHTS: Mapping[str, float] = {TEXT: 0.3, IMAGE: 0.7}
# In a bundle with both words and pictures: what each counts in *similar*.
WEIGHTS_FILE = "content_weights.json"


class ModalityMismatch(ValueError):
    """Modalities that shall be fused don't describe the same items, or a weight is not a share."""


@dataclass(frozen=True, slots=True)
class Modality:
    """One view of all items: ``vectors`` (n, d) of unit or zero rows, dense float32 or sparse rows, and its weight."""

    name: str
    vectors: npt.NDArray[np.float32] | csr_matrix
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.weight >= 0:
            raise ModalityMismatch(f"The weight of {self.name} is {self.weight}, it must not be negative.")

    @property
    def is_sparse(self) -> bool:
        """Whether the vectors are in compressed sparse rows."""
        return not isinstance(self.vectors, np.ndarray)


def count_items(modalities: tuple[Modality, ...]) -> int:
    """The number of items that all modalities describe.

    Raises:
        ModalityMismatch: there is none, two share a name, or their numbers of rows differ.
    """
    counts = {modality.vectors.shape[0] for modality in modalities}
    if len(counts) != 1:
        raise ModalityMismatch(f"Modalities describe different numbers of items: {sorted(counts)}.")
    if len({modality.name for modality in modalities}) != len(modalities):
        raise ModalityMismatch("Two modalities have the same name.")
    return int(counts.pop())


def unit_rows(vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """``vectors`` (n, d) with every row scaled to length 1; rows of zeros, and rows that aren't finite, become zeros."""
    lengths = np.sqrt(np.sum(np.square(vectors, dtype=np.float64), axis=1, keepdims=True))
    usable = np.isfinite(lengths) & (lengths > 0)
    scaled = np.zeros(vectors.shape, dtype=np.float32)
    np.divide(vectors, lengths, out=scaled, where=usable, casting="same_kind")
    return scaled


def side_by_side(blocks: tuple[tuple[npt.NDArray[np.float32], float], ...]) -> npt.NDArray[np.float32]:
    """Dense unit blocks (n, d_i) with their weights → (n, Σ d_i), whose inner products are the weighted sums of cosines."""
    return np.concatenate([np.float32(weight**0.5) * vectors for vectors, weight in blocks], axis=1, dtype=np.float32)


def item_vectors(
    vectors: npt.NDArray[np.float32], rows: npt.NDArray[np.int32], *, items: int
) -> npt.NDArray[np.float32]:
    """One unit vector per item from several pictures: the direction of their mean.

    Args:
        vectors: (p, d), a unit row per picture.
        rows: (p,), the item row that each picture belongs to.
        items: the number of items n.

    Returns:
        (n, d); zeros for items without a picture.
    """
    sums = np.zeros((items, vectors.shape[1]), dtype=np.float64)
    np.add.at(sums, rows, vectors)
    return unit_rows(sums.astype(np.float32))
