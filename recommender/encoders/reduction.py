"""Principal components: long vectors of a pretrained network become short ones. NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

MEAN_FILE = "image_pca_mean.npy"
COMPONENTS_FILE = "image_pca_components.npy"


@dataclass(frozen=True, slots=True)
class Reduction:
    """``mean`` (d,) and ``components`` (d, r), float32, so that short = (long - mean) @ components."""

    mean: npt.NDArray[np.float32]
    components: npt.NDArray[np.float32]

    @property
    def dims(self) -> int:
        """Length of a reduced vector, r."""
        return int(self.components.shape[1])

    def apply(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """(p, d) → (p, r)."""
        return np.asarray((vectors - self.mean) @ self.components, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write both arrays into ``folder``."""
        np.save(folder / MEAN_FILE, self.mean, allow_pickle=False)
        np.save(folder / COMPONENTS_FILE, self.components, allow_pickle=False)


def keep_all(dims: int) -> Reduction:
    """Vectors of ``dims`` numbers as they are."""
    return Reduction(np.zeros(dims, dtype=np.float32), np.eye(dims, dtype=np.float32))


def fit_reduction(vectors: npt.NDArray[np.float32], *, dims: int) -> Reduction:
    """The ``dims`` directions in which ``vectors`` (p, d) differ most (Pearson 1901).

    Scaled so that reduced vectors have a length of about 1, whatever the unit was: what
    normalises them later must not take small numbers for zeros.
    The result has as many columns as asked for, at most d: where the vectors differ in
    fewer directions (few pictures, constant ones), the last columns are zeros. Each
    component's largest entry is positive, so that the same vectors give the same bytes.
    """
    precise = vectors.astype(np.float64)
    mean = precise.sum(axis=0) / max(1, len(vectors))
    centred = precise - mean
    variances, directions = np.linalg.eigh(centred.T @ centred)
    kept = np.argsort(-variances, kind="stable")[: min(dims, vectors.shape[1])]
    components = directions[:, kept]
    largest = np.abs(components).argmax(axis=0)
    components *= np.sign(components[largest, np.arange(len(kept))])
    # What lies below is the noise of the last bits, not a direction.
    noise = max(float(variances.max(initial=0.0)), 0.0) * 1e-10
    components[:, variances[kept] <= noise] = 0.0
    spread = (max(float(variances.sum()), 0.0) / max(1, len(vectors))) ** 0.5
    if spread > 0:
        components /= spread
    return Reduction(mean.astype(np.float32), components.astype(np.float32))
