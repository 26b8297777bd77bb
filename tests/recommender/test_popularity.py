"""Orders without a history: best sellers, categories taking turns, trending, newest."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recommender.bundle_files import BundleBroken, BundleWriter, Manifest, open_bundle
from recommender.popularity import Popularity
from recommender.ranking import Candidates
from tests.recommender.tiny_bundle import TinyBundle

FIVE = ["a", "b", "c", "d", "e"]


def popularity(bundle: TinyBundle, tmp_path: Path) -> Popularity:
    return Popularity(open_bundle(bundle.write("v1", home=tmp_path)))


def rows(candidates: Candidates | None) -> list[int]:
    assert candidates is not None
    return [int(row) for row in candidates.rows]


def test_best_sellers_are_those_somebody_wanted_equal_ones_by_row(tmp_path: Path) -> None:
    found = popularity(TinyBundle(items=FIVE, popularity={"b": 1, "c": 9, "d": 1}), tmp_path)
    assert rows(found.best_sellers()) == [2, 1, 3]


def test_a_category_has_its_own(tmp_path: Path) -> None:
    bundle = TinyBundle(
        items=FIVE,
        popularity={"a": 1, "b": 2, "c": 3, "d": 4},
        categories={"a": "mugs", "b": "rugs", "c": "mugs", "e": "lamps"},
        shoppers={"c": 8, "a": 2},
    )
    found = popularity(bundle, tmp_path)
    mugs = found.best_of_category(0)
    assert rows(mugs) == [2, 0]
    assert mugs is not None
    assert mugs.support is not None
    assert mugs.support.tolist() == [8, 2]
    assert rows(found.best_of_category(4)) == [], "nobody wanted a lamp yet"
    assert found.best_of_category(3) is None, "d has no category"
    assert rows(found.best_of_each_category()) == [3, 2, 1, 0]


def test_what_is_absent_is_none(tmp_path: Path) -> None:
    found = popularity(TinyBundle(items=FIVE), tmp_path)
    assert found.trending() is None
    assert found.best_sellers() is None
    assert found.best_of_category(0) is None
    assert found.best_of_each_category() is None
    assert rows(found.newest()) == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("name", "size"), [("popularity", 3), ("item_shoppers", 1), ("item_categories", 0), ("trending_scores", 1)]
)
def test_arrays_of_the_wrong_size_are_refused(tmp_path: Path, name: str, size: int) -> None:
    with BundleWriter(tmp_path, "v1") as writer:
        writer.write_json("items", ["a", "b"])
        writer.write_array("trending_ids", np.zeros(2, dtype=np.int32))
        if name != "trending_scores":
            writer.write_array("trending_scores", np.zeros(2, dtype=np.float32))
        writer.write_array(name, np.zeros(size, dtype=np.float32))
        path = writer.finish(Manifest(version="v1", seed=0, created_at=""))
    with pytest.raises(BundleBroken):
        Popularity(open_bundle(path))
