"""The ranker through a bundle and back, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from recommender.bundle_files import BundleBroken, BundleWriter, Manifest, OpenBundle, open_bundle
from recommender.neighbours import NeighbourTable
from recommender.ranker import Ranker
from recommender.ranker_files import ranker_arrays, read_ranker
from recommender.ranking_features import ALL_SIGNALS, FEATURES, PAUSE, VISIT_FEATURES, ShopperHistory
from tests.recommender.small_ranker import ranker, table, trees_of_chance

Arrays = dict[str, npt.NDArray[Any]]
ITEMS = 12


def some_table(seed: int) -> NeighbourTable:
    generator = np.random.default_rng(seed)
    return table({row: {int(generator.integers(ITEMS)): 0.5, row - 1: 0.3} for row in range(1, ITEMS)}, items=ITEMS)


TABLES = {name: some_table(seed) for seed, name in enumerate(sorted({signal.table for signal in ALL_SIGNALS}))}
SHARED = {name: TABLES[name] for name in ("also_liked", "similar")}


def made() -> Ranker:
    coming_back = trees_of_chance(4, features=len(FEATURES))
    return ranker(TABLES, items=ITEMS, trees=trees_of_chance(3), returning_trees=coming_back, popular=(4, 2))


def written(arrays: Arrays, home: Path, *, items: int = ITEMS) -> OpenBundle:
    with BundleWriter(home, "v1") as writer:
        writer.write_json("items", [f"i{row}" for row in range(items)])
        for name, array in arrays.items():
            writer.write_array(name, array)
        return open_bundle(writer.finish(Manifest(version="v1", seed=0, created_at="2026-11-22T00:00:00+00:00")))


def test_what_is_read_gives_the_same_lists(tmp_path: Path) -> None:
    before = made()
    after = read_ranker(written(ranker_arrays(before), tmp_path), shared=SHARED)
    assert after is not None
    for item in range(ITEMS):
        history = ShopperHistory.of([item, (item * 5) % ITEMS], [0, 2], [1.0, 9.0])
        for now in (20.0, 20.0 + PAUSE):
            first, second = (one.rank(history, now=now, k=9) for one in (before, after))
            assert first[0].tolist() == second[0].tolist()
            assert first[1].tobytes() == second[1].tobytes()


def test_a_bundle_from_before_there_were_trees_for_those_who_come_back_is_served(tmp_path: Path) -> None:
    old = {name: array for name, array in ranker_arrays(made()).items() if "returning" not in name}
    found = read_ranker(written(old, tmp_path), shared=SHARED)
    assert found is not None
    assert found.returning_trees is None
    history = ShopperHistory.of([1, 5], [0, 2], [1.0, 9.0])
    rows, scores = found.rank(history, now=9.0 + 2 * PAUSE, k=9)
    assert len(rows) == len(scores) == 9


def test_tables_of_panels_are_not_written_twice() -> None:
    names = set(ranker_arrays(made()))
    assert all(name.startswith("ranker_") for name in names)
    assert "ranker_ease_ids" in names
    assert not any("also_liked" in name or "similar" in name for name in names)


def test_nothing_is_read_where_nothing_was_written_and_absent_tables_are_missing(tmp_path: Path) -> None:
    assert read_ranker(written({}, tmp_path / "a"), shared=SHARED) is None
    arrays = {name: array for name, array in ranker_arrays(made()).items() if not name.startswith("ranker_ease_")}
    found = read_ranker(written(arrays, tmp_path / "b"), shared={"also_liked": TABLES["also_liked"], "similar": None})
    assert found is not None
    assert set(found.tables.tables) == set(TABLES) - {"ease", "ease_lately", "similar"}


def without(name: str) -> Callable[[Arrays], Arrays]:
    return lambda arrays: {key: array for key, array in arrays.items() if key != name}


def changed(name: str, change: Callable[[npt.NDArray[Any]], npt.NDArray[Any]]) -> Callable[[Arrays], Arrays]:
    return lambda arrays: arrays | {name: change(arrays[name])}


def pointing(place: int) -> Callable[[npt.NDArray[Any]], npt.NDArray[Any]]:
    return lambda array: np.where(array == array.max(), np.array(place, dtype=array.dtype), array)


DAMAGES = {
    "a tree array is absent": without("ranker_tree_left"),
    "the facts are absent": without("ranker_facts"),
    "what is popular is absent": without("ranker_popular"),
    "the facts are of other items": changed("ranker_facts", lambda array: array[1:]),
    "the facts are others": changed("ranker_facts", lambda array: array[:, 1:]),
    "a table is of other items": changed("ranker_ease_ids", lambda array: array[1:]),
    "a table has no scores for some": changed("ranker_ease_scores", lambda array: array[:, 1:]),
    "tree arrays do not fit": changed("ranker_tree_value", lambda array: array[:, 1:]),
    "a feature that is not made in a visit": changed("ranker_tree_feature", pointing(len(VISIT_FEATURES))),
    "a feature there is not": changed("ranker_returning_tree_feature", pointing(len(FEATURES))),
    "an array of the trees for those who come back is absent": without("ranker_returning_tree_value"),
    "a node there is not": changed("ranker_tree_left", pointing(99)),
    "a node before the first": changed("ranker_tree_right", pointing(-1)),
    "an item there is not": changed("ranker_popular", pointing(ITEMS)),
    "no baseline": changed("ranker_tree_baseline", lambda array: array[:0]),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_does_not_fit_is_broken(damage: Callable[[Arrays], Arrays], tmp_path: Path) -> None:
    bundle = written(damage(ranker_arrays(made())), tmp_path)
    with pytest.raises(BundleBroken, match="v1"):
        read_ranker(bundle, shared=SHARED)


def test_a_damaged_file_is_broken(tmp_path: Path) -> None:
    bundle = written(ranker_arrays(made()), tmp_path)
    (bundle.path / "ranker_tree_value.npy").write_bytes(b"nonsense")
    with pytest.raises(BundleBroken):
        read_ranker(bundle, shared=SHARED)
