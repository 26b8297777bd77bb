"""Turns single pictures into vectors in a web worker: LiteRT, NumPy and Pillow, never TensorFlow."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from recommender.encoders.colour import COLOUR_DIMS, colour_vectors
from recommender.encoders.fusion import side_by_side, unit_rows
from recommender.encoders.image_files import LITE_FILE, ImageDescription, ImageEncoderBroken
from recommender.encoders.picture_arrays import picture_array

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter
    from PIL import Image

__all__ = ["ImageEncoder", "ImageEncoderBroken"]

# The part of a photo's sides that counts as its middle.
MIDDLE = 0.8


class ImageEncoder:
    """The picture encoder of a bundle; safe to use from several threads.

    Attributes:
        description: Sizes, tags and accuracy.
    """

    def __init__(self, description: ImageDescription, interpreter: Interpreter) -> None:
        self.description = description
        self._interpreter = interpreter
        self._input = interpreter.get_input_details()[0]["index"]
        self._output = interpreter.get_output_details()[0]["index"]
        # An interpreter has one set of buffers.
        self._one_at_a_time = threading.Lock()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open what training exported into ``folder``.

        Raises:
            OSError: a file is missing.
            ImageEncoderBroken: a file holds something else.
        """
        from ai_edge_litert.interpreter import Interpreter  # 40 ms that a worker without pictures saves

        description = ImageDescription.read(folder)
        model = (folder / LITE_FILE).read_bytes()
        try:
            interpreter = Interpreter(model_content=model, num_threads=1)
            interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ImageEncoderBroken(f"{LITE_FILE} is not a LiteRT model: {error}") from error
        taken = tuple(interpreter.get_input_details()[0]["shape"])
        given = tuple(interpreter.get_output_details()[0]["shape"])
        wanted = (1, description.size, description.size, 3), (1, description.network_dims)
        if (taken, given) != wanted or description.dims != description.network_dims + COLOUR_DIMS:
            raise ImageEncoderBroken(f"{LITE_FILE} turns {taken} into {given}, its description says {wanted}.")
        return cls(description, interpreter)

    @property
    def dims(self) -> int:
        """Length of a picture's vector."""
        return self.description.dims

    @property
    def tags(self) -> tuple[str, ...]:
        """What the network was trained to tell apart."""
        return self.description.tags

    def encode(self, picture: Image.Image) -> npt.NDArray[np.float32]:
        """(dims,) unit vector of one picture."""
        vector: npt.NDArray[np.float32] = self.encode_many([picture])[0]
        return vector

    def encode_many(self, pictures: Sequence[Image.Image]) -> npt.NDArray[np.float32]:
        """(p, dims) unit rows."""
        if not pictures:
            return np.empty((0, self.dims), dtype=np.float32)
        size, colour_size = self.description.size, self.description.colour_size or self.description.size
        arrays = np.stack([picture_array(picture, size) for picture in pictures])
        if colour_size == size:
            return self.encode_arrays(arrays)
        return self.encode_arrays(
            arrays, coloured=np.stack([picture_array(picture, colour_size) for picture in pictures])
        )

    def encode_query(self, picture: Image.Image) -> npt.NDArray[np.float32]:
        """(dims,) vector of a photo to find items by: the mean of the whole photo's and its middle's.

        What a customer's photo shows is in its middle, at a distance nobody knows. The
        inner product with an item's vector is the mean of the two cosines.
        """
        left, above = (round(side * (1 - MIDDLE) / 2) for side in picture.size)
        middle = picture.crop((left, above, picture.width - left, picture.height - above))
        query: npt.NDArray[np.float32] = self.encode_many([picture, middle]).mean(axis=0)
        return query

    def encode_arrays(
        self, arrays: npt.NDArray[np.uint8], *, coloured: npt.NDArray[np.uint8] | None = None
    ) -> npt.NDArray[np.float32]:
        """Arrays from ``picture_arrays`` to (p, dims) unit rows.

        Args:
            arrays: (p, size, size, 3).
            coloured: The same pictures at the size that colours are counted at, where that is another.
        """
        shapes = np.empty((len(arrays), self.description.network_dims), dtype=np.float32)
        with self._one_at_a_time:
            for number, array in enumerate(arrays):
                self._interpreter.set_tensor(self._input, array[None].astype(np.float32))
                self._interpreter.invoke()
                shapes[number] = self._interpreter.get_tensor(self._output)[0]
        share = self.description.colour_share
        colours = colour_vectors(arrays if coloured is None else coloured)
        return unit_rows(side_by_side(((unit_rows(shapes), 1 - share), (colours, share))))
