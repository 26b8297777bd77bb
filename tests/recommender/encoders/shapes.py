"""Simple pictures that a tiny network can learn in a second: discs, bars and frames."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SIZE = 24
TAGS = ("disc", "bar", "frame")


def shapes(count: int, *, seed: int = 0) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """``count`` pictures (count, 24, 24, 3) of things in random dark colours, and which of ``TAGS`` each is."""
    random = np.random.default_rng(seed)
    labels = (np.arange(count) % len(TAGS)).astype(np.int32)
    pictures = np.full((count, SIZE, SIZE, 3), 255, dtype=np.uint8)
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] - (SIZE - 1) / 2
    for picture, label in zip(pictures, labels, strict=True):
        radius = random.uniform(6, 10)
        inside = {
            0: rows**2 + columns**2 <= radius**2,
            1: (abs(rows) <= radius) & (abs(columns) <= 2),
            2: (np.maximum(abs(rows), abs(columns)) <= radius) & (np.maximum(abs(rows), abs(columns)) > radius - 2),
        }[int(label)]
        picture[inside] = random.integers(0, 160, 3)
    return pictures, labels
