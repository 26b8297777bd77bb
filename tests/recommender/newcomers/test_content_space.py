"""A new item is compared with the bundle's items exactly as they were with each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recommender.bundle_files import BundleBroken, open_bundle
from recommender.newcomers import content_space
from recommender.newcomers.content_space import Content, ContentSpace
from tests.recommender.newcomers.small_model import DIMS, SmallModel, small_model
from tests.recommender.tiny_bundle import TinyBundle


@pytest.fixture
def model() -> SmallModel:
    return small_model(40)


@pytest.mark.parametrize("block", [4_000_000, 64])
def test_likeness_is_the_weighted_sum_of_the_cosines(
    model: SmallModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(content_space, "BLOCK_NUMBERS", block)
    ids = list(model.texts)
    space = ContentSpace.open(model.write(ids, home=tmp_path))
    words = model.encoder.matrix.toarray()
    for place, item_id in enumerate(ids):
        content = model.newcomer(item_id).content
        means = {other: model.newcomer(other).content.look for other in ids}
        looks = np.array([means[other] @ means[item_id] for other in ids])
        found = space.likeness(content)
        assert found.text == pytest.approx(0.3 * words @ words[place], abs=1e-6)
        assert found.looks == pytest.approx(looks, abs=1e-6)
        assert found.image == pytest.approx(0.7 * looks, abs=1e-6)
        assert found.fused == pytest.approx(found.text + found.image)


def test_other_newcomers_are_compared_the_same_way(model: SmallModel, tmp_path: Path) -> None:
    ids = list(model.texts)
    space = ContentSpace.open(model.write(ids, home=tmp_path))
    content = model.newcomer("i7").content
    to_items = space.likeness(content)
    to_others = space.likeness_to(content, [model.newcomer(item_id).content for item_id in ids])
    assert to_others.fused == pytest.approx(to_items.fused, abs=1e-6)
    assert to_others.looks == pytest.approx(to_items.looks, abs=1e-6)
    assert len(space.likeness_to(content, []).fused) == 0


def test_a_modality_that_is_missing_leaves_the_other_one_in_full(tmp_path: Path) -> None:
    bundle = TinyBundle(items=["a", "b"], pictures=[("a", [1, 0]), ("b", [0.6, 0.8])])
    bundle.write("v1", home=tmp_path)
    space = ContentSpace.open(open_bundle(tmp_path / "v1"))
    assert (space.text_weight, space.image_weight, space.terms, space.dims) == (0, 1, 0, 2)
    picture = np.array([[1, 0]], dtype=np.float32)
    content = Content.of(columns=np.empty(0, np.int32), weights=np.empty(0, np.float32), pictures=picture)
    assert space.likeness(content).fused == pytest.approx([1, 0.6])


def test_a_bundle_without_words_and_pictures_finds_nothing_alike(tmp_path: Path) -> None:
    TinyBundle(items=["a", "b"]).write("v1", home=tmp_path)
    space = ContentSpace.open(open_bundle(tmp_path / "v1"))
    nothing = np.empty((0, 0), dtype=np.float32)
    content = Content.of(columns=np.empty(0, np.int32), weights=np.empty(0, np.float32), pictures=nothing)
    assert space.likeness(content).fused.tolist() == [0, 0]


def test_an_item_without_pictures_has_no_look() -> None:
    content = Content.of(
        columns=np.empty(0, np.int32), weights=np.empty(0, np.float32), pictures=np.empty((0, DIMS), np.float32)
    )
    assert content.look.tolist() == [0] * DIMS


def test_arrays_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    bundle = TinyBundle(items=["a", "b"], pictures=[("a", [1, 0]), ("b", [0.6, 0.8])])
    opened = open_bundle(bundle.write("v1", home=tmp_path))
    opened._arrays["image_rows"] = np.array([0], dtype=np.int32)
    with pytest.raises(BundleBroken, match="1 pictures have vectors of shape"):
        ContentSpace.open(opened)


def test_the_weights_are_those_the_scores_were_made_with_whatever_the_manifest_says(
    model: SmallModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = list(model.texts)
    bundle = model.write(ids, home=tmp_path)
    monkeypatch.setitem(bundle.manifest.configuration["content"], "text_weight", 0.9)
    monkeypatch.setitem(bundle.manifest.configuration["content"], "image_weight", 0.1)
    space = ContentSpace.open(bundle)
    assert (space.text_weight, space.image_weight) == pytest.approx((0.3, 0.7), abs=1e-4)
    bundle._arrays["similar_text"] = None
    space = ContentSpace.open(bundle)
    assert (space.text_weight, space.image_weight) == (0.9, 0.1)
