"""Vectors of pictures that were seen before, kept on disk, so that a retrain looks at new pictures only.

One file per network holds a table of checksums and vectors. It is a cache: a
broken or foreign one is taken for empty, and it may be deleted at any time.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

CHECKSUM_BYTES = 32


class VectorCache:
    """The vectors that the network ``key`` gave, by the checksum of each picture's file.

    Args:
        folder: Where caches are kept; made when needed.
        key: Names network, weights and size.
        dims: Length of a vector.
    """

    def __init__(self, folder: Path, *, key: str, dims: int) -> None:
        self.file = folder / f"{key}.npy"
        self._row = np.dtype([("checksum", "u1", (CHECKSUM_BYTES,)), ("vector", "<f4", (dims,))])
        table = self._read()
        self._vectors = table["vector"]
        self._place = {row.tobytes(): number for number, row in enumerate(table["checksum"])}

    def __len__(self) -> int:
        return len(self._place)

    def find(self, checksum: bytes) -> npt.NDArray[np.float32] | None:
        """The vector of a picture, or ``None``."""
        place = self._place.get(checksum)
        if place is None:
            return None
        vector: npt.NDArray[np.float32] = self._vectors[place]
        return vector

    def replace(self, checksums: list[bytes], vectors: npt.NDArray[np.float32]) -> None:
        """Keep exactly these, each checksum once; whole or not at all."""
        first = {checksum: number for number, checksum in reversed(list(enumerate(checksums)))}
        table = np.zeros(len(first), dtype=self._row)
        for place, (checksum, number) in enumerate(sorted(first.items())):
            table["checksum"][place] = np.frombuffer(checksum, dtype=np.uint8)
            table["vector"][place] = vectors[number]
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_name(f".{self.file.stem}.{os.getpid()}.npy")
        try:
            np.save(draft, table, allow_pickle=False)
            draft.replace(self.file)
        finally:
            draft.unlink(missing_ok=True)

    def _read(self) -> npt.NDArray[np.void]:
        """The table on disk; an empty one where there is none that fits."""
        empty: npt.NDArray[np.void] = np.zeros(0, dtype=self._row)
        try:
            table: npt.NDArray[np.void] = np.load(self.file, allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return empty
        return table if table.dtype == self._row and table.ndim == 1 else empty
