"""What an older bundle learned, in the rows of today's catalogue."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from recommender.bundle import BundleWriter, Manifest, OpenBundle, open_bundle
from recommender.id_map import IdMap
from recommender.retraining.carrying import content_neighbours


def older_bundle(home: Path, *, similar: bool = True) -> OpenBundle:
    with BundleWriter(home, "old") as writer:
        writer.write_json("items", ["a", "b", "gone"])
        if similar:
            writer.write_array("similar_ids", np.array([[1, 2], [2, 0], [0, -1]], dtype=np.int32))
            writer.write_array("similar_scores", np.array([[0.9, 0.5], [0.8, 0.7], [0.6, 0]], dtype=np.float32))
            writer.write_array("similar_text", np.array([[0.3, 0.1], [0.2, 0.25], [0.2, 0]], dtype=np.float32))
        return open_bundle(writer.finish(Manifest(version="old", seed=0, created_at="")))


def test_rows_follow_the_items(tmp_path: Path) -> None:
    table = content_neighbours(older_bundle(tmp_path), IdMap(["new", "b", "a"]))
    assert table is not None
    assert table.ids.tolist() == [[-1, -1], [-1, 2], [1, -1]]
    assert table.scores.tolist() == np.array([[0, 0], [0, 0.7], [0.9, 0]], dtype=np.float32).tolist()
    assert table.text is not None
    assert table.text.tolist() == np.array([[0, 0], [0, 0.25], [0.3, 0]], dtype=np.float32).tolist()


def test_the_same_catalogue_needs_no_copy(tmp_path: Path) -> None:
    table = content_neighbours(older_bundle(tmp_path), IdMap(["a", "b", "gone"]))
    assert table is not None
    assert isinstance(table.ids, np.memmap)


def test_no_content_gives_no_table(tmp_path: Path) -> None:
    assert content_neighbours(older_bundle(tmp_path, similar=False), IdMap(["a"])) is None
