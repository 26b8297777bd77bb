"""The picture encoder's files in a bundle, and what their description says. Standard library only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

LITE_FILE = "image_encoder.tflite"
NETWORK_FILE = "image_encoder.keras"
DESCRIPTION_FILE = "image_encoder.json"
PREPROCESSING = "sRGB 0 … 255, whole picture, proportions kept, padded with white"


class ImageEncoderBroken(ValueError):
    """The picture encoder's files don't hold what they should."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageDescription:
    """What is needed to use the served model.

    Attributes:
        size: Pixels across.
        dims: Length of a picture's vector: the network's part, then the colours.
        network_dims: Length of the network's part, the embedding and the tags' certainties.
        colour_share: What colour counts in the cosine of two vectors.
        tags: What it was trained to tell apart.
        accuracy: Its validation accuracy, None without tags.
        colour_size: Pixels across that colours are counted at; ``size`` where 0.
    """

    size: int
    dims: int
    network_dims: int
    colour_share: float
    tags: tuple[str, ...]
    accuracy: float | None
    colour_size: int = 0

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The description in ``folder``.

        Raises:
            OSError: it is not there.
            ImageEncoderBroken: it is not a description.
        """
        try:
            values = json.loads((folder / DESCRIPTION_FILE).read_text(encoding="utf-8"))
            accuracy = values["accuracy"]
            return cls(
                size=int(values["size"]),
                dims=int(values["dims"]),
                network_dims=int(values["network_dims"]),
                colour_share=float(values["colour_share"]),
                tags=tuple(map(str, values["tags"])),
                accuracy=None if accuracy is None else float(accuracy),
                colour_size=int(values.get("colour_size", 0)),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ImageEncoderBroken(f"{DESCRIPTION_FILE} is not a picture encoder's description: {error}") from error

    def to_json(self) -> dict[str, Any]:
        """Plain values for the file."""
        return {
            "preprocessing": PREPROCESSING,
            "size": self.size,
            "dims": self.dims,
            "network_dims": self.network_dims,
            "colour_share": self.colour_share,
            "tags": list(self.tags),
            "accuracy": self.accuracy,
            "colour_size": self.colour_size or self.size,
        }
