"""Finds items by a picture: a bundle's picture model and picture vectors. LiteRT and NumPy, fit for a web worker."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.bundle_files import BundleBroken, BundleError, OpenBundle
from recommender.ranking import Candidates

if TYPE_CHECKING:
    from PIL.Image import Image

    from recommender.encoders.image_serving import ImageEncoder
    from recommender.newcomers.overlay import Overlay

PICTURE_MODEL = "image_encoder.tflite"


class NoPictureEncoder(BundleError):
    """The bundle has no picture model, so a picture cannot be looked up."""


class PictureLookup:
    """The pictures of one bundle; safe to use from several threads."""

    def __init__(self, bundle: OpenBundle) -> None:
        """Nothing is opened yet."""
        self._bundle = bundle
        self._encoder: ImageEncoder | None = None
        self._lock = threading.Lock()

    @property
    def has_model(self) -> bool:
        """Whether the bundle can look at a picture."""
        return self._bundle.has(PICTURE_MODEL)

    @property
    def is_whole(self) -> bool:
        """Whether it also knows pictures of items to compare with."""
        return self.has_model and self._bundle.array("image_vectors") is not None

    @property
    def size(self) -> int:
        """Pixels across that the picture model sees; 0 where there is none."""
        return self.encoder().description.size if self.has_model else 0

    def encode(self, pictures: Sequence[Image]) -> npt.NDArray[np.float32]:
        """(p, d) unit rows, comparable with the bundle's ``image_vectors``.

        Raises:
            NoPictureEncoder: the bundle cannot look at pictures.
        """
        return self.encoder().encode_many(pictures)

    def alike(self, picture: Image, *, items: int, overlay: Overlay | None) -> Candidates:
        """All items by their best picture's likeness to ``picture`` and its middle; part ``image``.

        Args:
            picture: Any.
            items: How many rows there are, newcomers included.
            overlay: The newcomers, if any.

        Raises:
            NoPictureEncoder: the bundle cannot look at pictures, or knows none.
        """
        vectors, owners = self._bundle.array("image_vectors"), self._bundle.array("image_rows")
        if vectors is None or owners is None:
            raise NoPictureEncoder(f"model version {self._bundle.version or 'none'} knows no pictures")
        looked_for = self.encoder().encode_query(picture)
        best = np.full(items, -1.0)
        np.maximum.at(best, np.asarray(owners), np.asarray(vectors @ looked_for, dtype=np.float64))
        if overlay is not None:
            best[overlay.replaced] = -1.0
            np.maximum.at(best, overlay.picture_rows, overlay.pictures @ looked_for)
        rows = np.argsort(-best, kind="stable")
        return Candidates(source="looks", rows=rows, scores=best[rows], parts={"image": best[rows]})

    def encoder(self) -> ImageEncoder:
        """The picture model, opened once.

        Raises:
            NoPictureEncoder: there is none.
            BundleBroken: its files cannot be used.
        """
        from recommender.encoders.image_serving import ImageEncoder, ImageEncoderBroken  # loads LiteRT

        version = self._bundle.version
        if not self.has_model:
            raise NoPictureEncoder(f"model version {version or 'none'} has no picture model")
        with self._lock:
            if self._encoder is None:
                try:
                    self._encoder = ImageEncoder.open(self._bundle.path)
                except (ImageEncoderBroken, OSError) as error:
                    raise BundleBroken(f"{version}: the picture model cannot be opened: {error}") from error
            return self._encoder
