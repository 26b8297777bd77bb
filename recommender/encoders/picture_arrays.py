"""Brings pictures of any size to the one small square that encoders see; the same code trains and serves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

WHITE = (255, 255, 255)
READERS = 2


def picture_array(picture: Image.Image, size: int) -> npt.NDArray[np.uint8]:
    """The picture as (size, size, 3) uint8: whole, its proportions kept, padded with white.

    Transparent parts become white, as on the page.
    """
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        flat = Image.new("RGB", layered.size, WHITE)
        flat.paste(layered, mask=layered.getchannel("A"))
    else:
        flat = picture.convert("RGB")
    scale = size / max(flat.size)
    width, height = (max(1, round(side * scale)) for side in flat.size)
    small = flat.resize((width, height), Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)
    square = Image.new("RGB", (size, size), WHITE)
    square.paste(small, ((size - width) // 2, (size - height) // 2))
    return np.asarray(square, dtype=np.uint8)


def load_pictures(
    paths: Sequence[Path], *, size: int, progress: Callable[[int, int], None] | None = None
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
    """Read the pictures behind ``paths``.

    Args:
        paths: picture files; missing and broken ones are allowed.
        size: side of the square.
        progress: called with the pictures done and their number.

    Returns:
        (p, size, size, 3) uint8, and (p,) bool: False where a file could not be read (its picture is white).
    """
    arrays = np.full((len(paths), size, size, 3), 255, dtype=np.uint8)
    readable = np.zeros(len(paths), dtype=np.bool_)

    def read(position: int) -> None:
        try:
            with Image.open(paths[position]) as picture:
                picture.draft("RGB", (2 * size, 2 * size))
                arrays[position] = picture_array(picture, size)
        except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
            return
        readable[position] = True

    with ThreadPoolExecutor(READERS) as pool:
        for done, _ in enumerate(pool.map(read, range(len(paths)), chunksize=1), start=1):
            if progress is not None:
                progress(done, len(paths))
    return arrays, readable
