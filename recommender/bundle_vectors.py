"""Reads the vectors that a bundle holds, by method. NumPy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recommender.bundle_files import BundleBroken, BundleError, OpenBundle
from recommender.vector_lists import Vectors

# Methods of ``retrain --only`` that end in one vector per user and item.
VECTOR_METHODS = ("two_tower", "two_tower_recipe", "text_cnn", "text_cnn_recipe", "matrix_factorisation")
# The mean of each item's picture vectors, out of the content part of any bundle that has pictures.
IMAGE = "image"
NAMES = (*VECTOR_METHODS, IMAGE)


class NoVectors(BundleError):
    """The bundle holds no vectors of that method; the message says how to get them."""


@dataclass(frozen=True, kw_only=True)
class StoredVectors:
    """Vectors with the ids of their rows; without vectors of users there are no user ids."""

    vectors: Vectors
    item_ids: tuple[str, ...]
    user_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        users = 0 if self.vectors.users is None else len(self.vectors.users)
        if users != len(self.user_ids) or len(self.vectors.items) != len(self.item_ids):
            raise BundleBroken("vectors and their ids differ in number")


def has_vectors(bundle: OpenBundle, method: str) -> bool:
    """Whether the bundle holds vectors of a method of ``VECTOR_METHODS``."""
    return bundle.has(f"vectors_{method}_items.npy")


def read_vectors(bundle: OpenBundle, method: str) -> StoredVectors:
    """The vectors of a method in ``NAMES``, memory-mapped.

    Raises:
        NoVectors: the bundle has none.
        BundleBroken: vectors and ids differ in number.
    """
    if method == IMAGE:
        return StoredVectors(vectors=Vectors(items=_mean_pictures(bundle)), item_ids=bundle.item_ids)
    items = bundle.array(f"vectors_{method}_items")
    if items is None:
        raise NoVectors(
            f"model version {bundle.version} holds no vectors of {method}; run: manage.py retrain --only {method}"
        )
    vectors = Vectors(
        items=items, users=bundle.array(f"vectors_{method}_users"), active=bundle.array(f"vectors_{method}_active")
    )
    user_ids = tuple(bundle.json(f"vectors_{method}_user_ids") or ())
    return StoredVectors(vectors=vectors, item_ids=bundle.item_ids, user_ids=user_ids)


def _mean_pictures(bundle: OpenBundle) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """float32 (n, d): the mean of each item's picture vectors, zeros without pictures."""
    vectors, rows = bundle.array("image_vectors"), bundle.array("image_rows")
    if vectors is None or rows is None or not len(rows):
        raise NoVectors(
            f"model version {bundle.version} holds no picture vectors; "
            "give items pictures and run: manage.py retrain --only content"
        )
    sums = np.zeros((len(bundle.item_ids), vectors.shape[1]))
    np.add.at(sums, rows, vectors)
    counts = np.bincount(rows, minlength=len(bundle.item_ids))
    return (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)
