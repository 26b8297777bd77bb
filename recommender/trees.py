"""Gradient-boosted trees as plain arrays: a library grows them in training, NumPy asks them in a web worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

# Arrays that hold one number for all trees.
SINGLE = ("baseline", "depth")


@dataclass(frozen=True, kw_only=True)
class TreeEnsemble:
    """t binary trees of at most m nodes each; the answer is the sum of one leaf per tree.

    Attributes:
        feature: int16 (t, m), the column a node asks; 0 in a leaf.
        threshold: float32 (t, m): go left if the value is at most this; infinite in a leaf.
        left, right: int16 (t, m), nodes of the same tree; a leaf points at itself.
        missing_left: bool (t, m), where a missing value (nan) goes.
        value: float64 (t, m), of leaves.
        baseline: float64 (1,), what is added to the sum.
        depth: int16 (1,), how many questions lie above the deepest leaf.
    """

    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int16]
    right: npt.NDArray[np.int16]
    missing_left: npt.NDArray[np.bool_]
    value: npt.NDArray[np.float64]
    baseline: npt.NDArray[np.float64]
    depth: npt.NDArray[np.int16]

    def __post_init__(self) -> None:
        for field in fields(self):
            array = getattr(self, field.name)
            if field.name not in SINGLE and array.shape != self.feature.shape:
                raise ValueError(f"{field.name} has shape {array.shape}, feature has {self.feature.shape}")
            if field.name in SINGLE and array.shape != (1,):
                raise ValueError(f"{field.name} has shape {array.shape}, not one number")
        for name in ("left", "right"):
            children = getattr(self, name)
            if children.size and not 0 <= int(children.min()) <= int(children.max()) < children.shape[1]:
                raise ValueError(f"{name} points at nodes that there are not")

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """Trees from arrays named like the attributes, such as the files of a bundle.

        Raises:
            ValueError: one is absent, or they do not fit each other.
        """
        names = [field.name for field in fields(cls)]
        absent = [name for name in names if name not in arrays]
        if absent:
            raise ValueError(f"the trees lack {', '.join(absent)}")
        return cls(**{name: arrays[name] for name in names})

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays by name, for a bundle."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def _flat(self) -> tuple[npt.NDArray[Any], ...]:
        """All trees as one run of nodes: column, threshold, children in pairs, missing, value."""
        base = (np.arange(len(self.feature), dtype=np.int32) * self.feature.shape[1])[:, None]
        children = np.stack([self.left + base, self.right + base], axis=2).astype(np.int32)
        return (
            self.feature.ravel().astype(np.int32),
            np.asarray(self.threshold).ravel(),
            children.ravel(),
            np.asarray(self.missing_left).ravel(),
            np.asarray(self.value).ravel(),
        )

    def log_odds(self, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """float64 (c,): the sum over all trees for each row of ``features`` (c, f), where nan is missing.

        All rows walk down all trees together, one level at a time.
        """
        column, threshold, children, missing_left, value = self._flat
        count, width = features.shape
        cells = np.ascontiguousarray(features).ravel()
        row = (np.arange(count, dtype=np.int32) * width)[None, :]
        start = np.arange(len(self.feature), dtype=np.int32) * self.feature.shape[1]
        node = np.repeat(start[:, None], count, axis=1)
        some_missing = bool(np.isnan(cells).any())
        for _level in range(int(self.depth[0])):
            values = cells.take(column.take(node) + row)
            to_right = ~(values <= threshold.take(node))
            if some_missing:
                to_right &= ~(np.isnan(values) & missing_left.take(node))
            node = children.take(2 * node + to_right)
        return np.asarray(value.take(node).sum(axis=0) + float(self.baseline[0]), dtype=np.float64)


def probabilities(log_odds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """1 / (1 + e^−x), without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * log_odds)), dtype=np.float64)
