"""Learns to see: the shop's own convolutional network, trained on its tags. Training only: imports TensorFlow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

UNTAGGED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOptions:
    """How the picture network is built and trained."""

    size: int = 50
    dims: int = 128
    epochs: int = 16
    batch: int = 128
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """One line of the learning curve."""

    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedImageEncoder:
    """Turns pictures into unit vectors, and knows how well it learned.

    ``accuracy`` is the validation accuracy on the tags of the epoch kept (None
    without tags). ``notes`` say what had to be left out. ``dims`` is the length
    of the vectors.
    """

    options: ImageOptions
    dims: int
    tags: tuple[str, ...]
    accuracy: float | None
    curve: tuple[Epoch, ...]
    notes: tuple[str, ...]

    def embed(self, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(p, size, size, 3) → (p, dims) unit rows, in batches."""
        raise NotImplementedError

    def export(self, folder: Path) -> None:
        """Write image_encoder.tflite, image_encoder.keras and image_encoder.json (see docs/bundle.md)."""
        raise NotImplementedError


def train_image_encoder(
    pictures: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.int32],
    *,
    tags: Sequence[str],
    texts: Sequence[str] | None = None,
    options: ImageOptions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> TrainedImageEncoder:
    """Train on the tagged pictures; always gives an encoder, the best that the data allows.

    Args:
        pictures: (p, size, size, 3) uint8, from ``picture_arrays``.
        labels: (p,) int32 index into ``tags``, or -1 for a picture without a tag.
        tags: the names of the labels.
        texts: the text of each picture's item; its frequent words are a second thing to
            learn from, for untagged pictures too (colours stand in words, not in tags).
        options: how; the defaults where None.
        progress: called with training steps done and their number.
    """
    raise NotImplementedError
