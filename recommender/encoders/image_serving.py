"""Turns single pictures into vectors in a web worker: LiteRT, NumPy and Pillow, never TensorFlow."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from PIL import Image


class ImageEncoder:
    """The picture encoder of a bundle; safe to use from several threads."""

    dims: int
    tags: tuple[str, ...]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what training exported into ``folder``.

        Raises:
            OSError: a file is missing.
            ImageEncoderBroken: a file holds something else.
        """
        raise NotImplementedError

    def encode(self, picture: Image.Image) -> npt.NDArray[np.float32]:
        """(dims,) unit vector of one picture."""
        raise NotImplementedError

    def encode_many(self, pictures: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
        """(p, dims) unit rows."""
        raise NotImplementedError
