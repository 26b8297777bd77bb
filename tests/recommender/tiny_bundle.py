"""Writes small bundles by hand, so that tests of serving need no training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings

from recommender.bundle import publish
from recommender.bundle_files import BundleWriter, Manifest

Neighbours = Mapping[str, Sequence[tuple[str, float]]]


@dataclass(frozen=True, kw_only=True)
class TinyBundle:
    """What a test says of its bundle; everything left out is absent from the folder.

    Neighbour tables map an item to its (neighbour, score) pairs, best first; ``arrays`` are written as they are.
    """

    items: Sequence[str]
    similar: Neighbours | None = None
    text_share: float = 0.25
    looks_like: Neighbours | None = None
    also_liked: Neighbours | None = None
    support: int = 3
    bought_together: Neighbours | None = None
    trending: Sequence[str] = ()
    popularity: Mapping[str, float] = field(default_factory=dict)
    shoppers: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    newest: Sequence[str] | None = None
    pictures: Sequence[tuple[str, Sequence[float]]] = ()
    configuration: Mapping[str, Any] = field(default_factory=dict)
    arrays: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)

    def write(self, version: str, *, home: Path | None = None) -> Path:
        """Write the folder of ``version`` and give its path."""
        rows = {item_id: row for row, item_id in enumerate(self.items)}
        with BundleWriter(home or Path(settings.RECOMMENDER_HOME), version) as writer:
            writer.write_json("items", list(self.items))
            for name in ("similar", "looks_like", "also_liked", "bought_together"):
                self._write_table(writer, name, getattr(self, name), rows)
            if self.trending:
                trending = np.array([rows[item_id] for item_id in self.trending], dtype=np.int32)
                writer.write_array("trending_ids", trending)
                writer.write_array("trending_scores", np.arange(len(trending), 0, -1, dtype=np.float32))
            if self.popularity:
                writer.write_array("popularity", self._by_row(self.popularity, np.float32))
            if self.shoppers:
                writer.write_array("item_shoppers", self._by_row(self.shoppers, np.int32))
            if self.categories:
                paths = sorted(set(self.categories.values()))
                places = {item_id: paths.index(path) for item_id, path in self.categories.items()}
                writer.write_json("categories", paths)
                writer.write_array(
                    "item_categories", np.array([places.get(item, -1) for item in self.items], dtype=np.int32)
                )
            newest = list(reversed(self.items)) if self.newest is None else list(self.newest)
            writer.write_array("newest_ids", np.array([rows[item_id] for item_id in newest], dtype=np.int32))
            if self.pictures:
                vectors = np.array([vector for _item, vector in self.pictures], dtype=np.float32)
                writer.write_array("image_vectors", vectors)
                writer.write_array(
                    "image_rows", np.array([rows[item] for item, _vector in self.pictures], dtype=np.int32)
                )
            for name, array in self.arrays.items():
                writer.write_array(name, array)
            manifest = Manifest(
                version=version,
                seed=0,
                created_at="2026-11-22T00:00:00+00:00",
                configuration=dict(self.configuration),
                counts={"items": len(self.items), "actions": 0},
            )
            return writer.finish(manifest)

    def publish(self, version: str, *, active: bool = True) -> None:
        """Write the folder and make its row."""
        self.write(version)
        publish(version, decision="made by hand", activate_now=active)

    def _by_row(self, values: Mapping[str, float], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        return np.array([values.get(item_id, 0) for item_id in self.items], dtype=dtype)

    def _write_table(
        self, writer: BundleWriter, name: str, neighbours: Neighbours | None, rows: Mapping[str, int]
    ) -> None:
        if neighbours is None:
            return
        width = max([1, *(len(pairs) for pairs in neighbours.values())])
        ids = np.full((len(self.items), width), -1, dtype=np.int32)
        scores = np.zeros((len(self.items), width), dtype=np.float32)
        for item_id, pairs in neighbours.items():
            for place, (other, score) in enumerate(pairs):
                ids[rows[item_id], place] = rows[other]
                scores[rows[item_id], place] = score
        writer.write_array(f"{name}_ids", ids)
        writer.write_array(f"{name}_scores", scores)
        if name == "similar":
            writer.write_array("similar_text", (scores * self.text_share).astype(np.float32))
        if name in {"also_liked", "bought_together"}:
            writer.write_array(f"{name}_support", np.where(ids >= 0, self.support, 0).astype(np.int32))


def ring(items: Sequence[str], *, neighbours: int = 20) -> dict[str, list[tuple[str, float]]]:
    """Each item's neighbours are the ones after it, around the ring, with falling scores below 1."""
    size = len(items)
    return {
        item: [
            (items[(row + step) % size], 1 - step / (neighbours + 1))
            for step in range(1, min(neighbours, size - 1) + 1)
        ]
        for row, item in enumerate(items)
    }
