"""Pictures of a retrain, with a network that counts how often it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
from PIL import Image

from recommender.retraining.pictures import numbered, pooled_vectors

if TYPE_CHECKING:
    from recommender.encoders.backbones import Backbone


@dataclass
class CountingBackbone:
    """Says of a picture its mean colour, and keeps how many pictures it saw."""

    key: str = "counting-none-8"
    dims: int = 3
    size: int = 8
    seen: list[int] = field(default_factory=list)

    def look(self, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(p, 8, 8, 3) → (p, 3)."""
        self.seen.append(len(pictures))
        return np.asarray(pictures.mean(axis=(1, 2)), dtype=np.float32)


def painted(folder: Path, colours: list[tuple[int, int, int]]) -> list[Path]:
    """One plain picture for each colour."""
    paths = []
    for colour in colours:
        paths.append(folder / "{}-{}-{}.png".format(*colour))
        Image.new("RGB", (8, 8), colour).save(paths[-1])
    return paths


def test_a_second_retrain_looks_at_new_pictures_only(tmp_path: Path) -> None:
    paths = painted(tmp_path, [(10, 20, 30), (200, 0, 0), (0, 90, 0)])
    first, second = CountingBackbone(), CountingBackbone()

    before = pooled_vectors(cast("Backbone", first), paths[:2], cache=tmp_path / "cache")
    after = pooled_vectors(cast("Backbone", second), paths, cache=tmp_path / "cache")

    assert (first.seen, second.seen) == ([2], [1])
    np.testing.assert_array_equal(after[:2], before)
    assert after.tolist() == [[10, 20, 30], [200, 0, 0], [0, 90, 0]]


def test_a_picture_that_changed_is_looked_at_again_and_without_a_cache_all_are(tmp_path: Path) -> None:
    paths = painted(tmp_path, [(10, 20, 30), (200, 0, 0)])
    pooled_vectors(cast("Backbone", CountingBackbone()), paths, cache=tmp_path / "cache")
    Image.new("RGB", (8, 8), (1, 2, 3)).save(paths[0])
    again, bare = CountingBackbone(), CountingBackbone()

    changed = pooled_vectors(cast("Backbone", again), paths, cache=tmp_path / "cache")
    pooled_vectors(cast("Backbone", bare), paths, cache=None)

    assert (again.seen, bare.seen) == ([1], [2])
    assert changed.tolist() == [[1, 2, 3], [200, 0, 0]]


def test_tags_are_numbered_in_order_or_as_told() -> None:
    assert numbered(["b", "", "a", "b"])[0] == ("a", "b")
    assert numbered(["b", "", "a", "b"])[1].tolist() == [1, -1, 0, 1]
    assert numbered(["b", "x"], tags=("b",))[1].tolist() == [0, -1]
