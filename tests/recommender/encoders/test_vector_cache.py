"""Vectors of pictures that were seen before."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from recommender.encoders.vector_cache import VectorCache


def checksum(number: int) -> bytes:
    """Of picture ``number``."""
    return hashlib.sha256(bytes([number])).digest()


def test_gives_back_what_was_kept_and_forgets_what_was_not(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "new", key="net-abc-32", dims=2)
    assert cache.find(checksum(1)) is None
    cache.replace([checksum(1), checksum(2), checksum(1)], np.array([[1, 2], [3, 4], [9, 9]], dtype=np.float32))

    again = VectorCache(tmp_path / "new", key="net-abc-32", dims=2)

    assert len(again) == 2
    assert again.find(checksum(1)).tolist() == [1, 2]  # type: ignore[union-attr]
    again.replace([checksum(2)], np.array([[3, 4]], dtype=np.float32))
    assert VectorCache(tmp_path / "new", key="net-abc-32", dims=2).find(checksum(1)) is None
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["net-abc-32.npy"]


def test_another_network_or_length_knows_nothing_of_it(tmp_path: Path) -> None:
    VectorCache(tmp_path, key="net", dims=2).replace([checksum(1)], np.ones((1, 2), dtype=np.float32))

    assert len(VectorCache(tmp_path, key="other", dims=2)) == 0
    assert len(VectorCache(tmp_path, key="net", dims=3)) == 0


def test_a_broken_file_is_taken_for_empty(tmp_path: Path) -> None:
    (tmp_path / "net.npy").write_bytes(b"no array")

    assert len(VectorCache(tmp_path, key="net", dims=2)) == 0
