"""Exact nearest neighbours of every item, computed by blocks of rows so that no n × n matrix ever stands in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.encoders.fusion import Modality, count_items

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NO_NEIGHBOUR = -1
# Scores are compared in whole millionths: what lies below is the noise of a float's last bits.
STEPS = 1_000_000
BLOCK_BYTES = 16_000_000


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest items of each item, best first.

    ``ids`` (n, K) int32 are rows, padded with -1; ``scores`` (n, K) float32 are the
    weighted sums of cosines, padded with 0; ``parts`` holds per modality its share
    of each score, (n, K) float32. Only scores above 0 make a neighbour.
    """

    ids: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float32]
    parts: Mapping[str, npt.NDArray[np.float32]]


def nearest_neighbours(
    *modalities: Modality,
    k: int,
    block_bytes: int = BLOCK_BYTES,
    progress: Callable[[int, int], None] | None = None,
) -> Neighbours:
    """The ``k`` items with the highest weighted sum of cosines, for every item.

    An item is never its own neighbour. Equal scores are ordered by row, so that the
    same vectors give the same answer, byte for byte.

    Args:
        modalities: views of the same n items, with unit rows (rows of zeros where an item lacks one).
        k: neighbours kept, at least 1; K is k, however few items there are.
        block_bytes: memory for one block of scores; about six times as much is used in all.
        progress: called with the rows done and n after every block.

    Raises:
        ModalityMismatch: the modalities describe different numbers of items, or none was given.
        ValueError: ``k`` is below 1.
    """
    if k < 1:
        raise ValueError(f"At least one neighbour must be asked for, not {k}.")
    items = count_items(modalities)
    found = Neighbours(
        ids=np.full((items, k), NO_NEIGHBOUR, dtype=np.int32),
        scores=np.zeros((items, k), dtype=np.float32),
        parts={modality.name: np.zeros((items, k), dtype=np.float32) for modality in modalities},
    )
    sides = [_columns(modality) for modality in modalities]
    step = max(1, block_bytes // (4 * max(items, 1)))
    for start in range(0, items, step):
        stop = min(start + step, items)
        cosines = [
            _weighted_cosines(modality, side, start, stop) for modality, side in zip(modalities, sides, strict=True)
        ]
        _keep_best(found, cosines, tuple(found.parts), start)
        if progress is not None:
            progress(stop, items)
    return found


def _columns(modality: Modality) -> npt.NDArray[np.float32] | csr_matrix:
    """The vectors as columns, in the layout that multiplies fastest."""
    if isinstance(modality.vectors, np.ndarray):
        return np.ascontiguousarray(modality.vectors, dtype=np.float32).T
    return modality.vectors.T.tocsr()


def _weighted_cosines(
    modality: Modality, columns: npt.NDArray[np.float32] | csr_matrix, start: int, stop: int
) -> npt.NDArray[np.float32]:
    """Weight times cosine of the rows ``start … stop`` with every item, (stop - start, n)."""
    product = modality.vectors[start:stop] @ columns
    cosines: npt.NDArray[np.float32] = product if isinstance(product, np.ndarray) else product.toarray()
    cosines *= np.float32(modality.weight)
    return cosines


def best_of_block(
    scores: npt.NDArray[np.float32], *, k: int, start: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """The ``k`` best columns of each row, best first, equal scores by column; at most n of them.

    Args:
        scores: (b, n) of the items ``start`` … ``start + b`` with all n; an item is never its own neighbour.
        k: How many.
        start: The first row's item.

    Returns:
        The columns, and which of them score above 0.
    """
    rows, items = scores.shape
    kept = min(k, items)
    # Score and row in one whole number, so that every key is different and the order is complete.
    keys = np.rint(scores * np.float32(STEPS)).astype(np.int64)
    keys *= items
    keys += np.arange(items - 1, -1, -1)
    keys[np.arange(rows), np.arange(start, start + rows)] = -1
    best = np.argpartition(keys, items - kept, axis=1)[:, items - kept :]
    order = np.argsort(-np.take_along_axis(keys, best, axis=1), axis=1)
    best = np.take_along_axis(best, order, axis=1)
    # A key of at least n holds a score of at least one millionth.
    return best, np.take_along_axis(keys, best, axis=1) >= items


def _keep_best(found: Neighbours, cosines: list[npt.NDArray[np.float32]], names: tuple[str, ...], start: int) -> None:
    """Write the best of one block, whose first row is the item ``start``, into ``found``."""
    totals: npt.NDArray[np.float32] = sum(cosines[1:], start=cosines[0])
    best, usable = best_of_block(totals, k=found.ids.shape[1], start=start)
    block, kept = slice(start, start + len(totals)), best.shape[1]
    found.ids[block, :kept] = np.where(usable, best, NO_NEIGHBOUR)
    found.scores[block, :kept] = np.where(usable, np.take_along_axis(totals, best, axis=1), 0)
    for name, part in zip(names, cosines, strict=True):
        found.parts[name][block, :kept] = np.where(usable, np.take_along_axis(part, best, axis=1), 0)
