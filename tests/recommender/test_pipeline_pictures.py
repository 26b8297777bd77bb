"""The learning journey with the real picture network, on a few pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from recommender import bundle as bundles
from recommender.bundle import open_bundle
from recommender.encoders.image_serving import ImageEncoder
from recommender.pipeline import RetrainOptions, retrain
from tests.recommender.tiny_shop import fill_items, fill_pictures

pytestmark = pytest.mark.django_db


@pytest.mark.slow
@pytest.mark.parametrize("tags", [3, 0])
def test_the_served_network_sees_what_the_trained_one_saw_and_both_runs_agree(tags: int, settings: Any) -> None:
    items = fill_items(24, tags=tags)
    media = Path(settings.MEDIA_ROOT)
    fill_pictures(items, media)
    first, second = (open_bundle(bundles.bundle_path(retrain(RetrainOptions(seed=2)).version)) for _run in range(2))
    for name in ("similar_ids.npy", "similar_scores.npy", "looks_like_ids.npy", "looks_like_scores.npy"):
        assert (first.path / name).read_bytes() == (second.path / name).read_bytes(), name
    vectors = first.array("image_vectors")
    assert vectors is not None
    encoder = ImageEncoder.open(first.path)
    for number in (0, 1, 2):
        with Image.open(media / "items" / f"i{number}.png") as picture:
            seen = encoder.encode(picture)
            # The tag that the owner gave has its say in what is stored.
            certain = slice(128, encoder.description.network_dims)
            seen[certain] = vectors[number, certain]
            assert seen == pytest.approx(vectors[number], abs=1e-3)
    looks = first.array("looks_like_ids")
    assert looks is not None
    # The nearest look has the same colour: every fourth item.
    same_colour = (looks[:, 0] % 4) == (np.arange(24) % 4)
    assert same_colour.mean() > 0.9
