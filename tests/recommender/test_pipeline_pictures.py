"""The learning journey with a few pictures: with a stand-in for the picture network, and with the real one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from recommender import bundle as bundles
from recommender.bundle import OpenBundle, open_bundle
from recommender.encoders.image_serving import ImageEncoder
from recommender.pipeline import RetrainOptions, RetrainResult, retrain
from tests.recommender.tiny_shop import fill_items, fill_pictures

pytestmark = pytest.mark.django_db


def opened(result: RetrainResult) -> OpenBundle:
    return open_bundle(bundles.bundle_path(result.version))


def ids(bundle: OpenBundle, name: str) -> npt.NDArray[Any]:
    array = bundle.array(name)
    assert array is not None
    return array


class FakeEncoder:
    """Stands in for the picture network: the vector of a picture is its mean colour."""

    notes = ("3 tags.",)
    accuracy = 0.75
    tags: tuple[str, ...] = ()

    def embed(
        self,
        pictures: npt.NDArray[np.uint8],
        *,
        known: npt.NDArray[np.int32] | None = None,
    ) -> npt.NDArray[np.float32]:
        colours = pictures.astype(np.float32).mean(axis=(1, 2)) - 127.0
        units: npt.NDArray[np.float32] = colours / np.linalg.norm(colours, axis=1, keepdims=True)
        return units

    def colours(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        return vectors

    def export(self, folder: Path) -> None:
        (folder / "image_encoder.tflite").write_bytes(b"model")


def test_pictures_join_the_words(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from recommender.encoders import image_network

    asked: dict[str, Any] = {}

    def train(pictures: Any, labels: Any, **options: Any) -> FakeEncoder:
        asked.update(options, pictures=pictures, labels=labels)
        options["progress"](1, 2)
        return FakeEncoder()

    monkeypatch.setattr(image_network, "train_image_encoder", train)
    items = fill_items(12)
    fill_pictures(items, Path(settings.MEDIA_ROOT))
    (Path(settings.MEDIA_ROOT) / "items" / "i11.png").write_bytes(b"not a picture")
    result = retrain(RetrainOptions(seed=4))
    bundle = opened(result)
    assert asked["pictures"].shape == (11, 50, 50, 3)
    assert asked["tags"] == ("lamp", "mug", "vase")
    assert asked["labels"].tolist() == [1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]
    assert asked["groups"].tolist() == list(range(11))
    assert asked["options"].seed == 4
    assert len(asked["texts"]) == 11
    assert ids(bundle, "image_vectors").shape == (11, 3)
    assert ids(bundle, "image_rows").tolist() == list(range(11))
    assert ids(bundle, "looks_like_ids")[0, 0] in {4, 8}
    assert ids(bundle, "looks_like_ids")[11, 0] == -1
    scores, text = ids(bundle, "similar_scores"), ids(bundle, "similar_text")
    assert text[0, 0] < scores[0, 0]
    assert bundle.file("image_encoder.tflite") is not None
    assert bundle.manifest.metrics["image_accuracy"] == 0.75
    notes = "\n".join(result.notes)
    assert "1 pictures could not be read and were left out, the first: i11.png." in notes
    assert "1 items have no picture." in notes
    assert "3 tags." in notes


def test_words_and_pictures_are_fused_by_their_weights(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    from recommender.encoders import image_network

    monkeypatch.setattr(image_network, "train_image_encoder", lambda *_, **__: FakeEncoder())
    items = fill_items(12)
    fill_pictures(items, Path(settings.MEDIA_ROOT))
    bundle = opened(retrain(RetrainOptions()))
    data, indices, indptr = (ids(bundle, f"text_{name}") for name in ("data", "indices", "indptr"))
    words = np.zeros((12, indices.max() + 1))
    for row in range(12):
        words[row, indices[indptr[row] : indptr[row + 1]]] = data[indptr[row] : indptr[row + 1]]
    looks = ids(bundle, "image_vectors")
    neighbour = ids(bundle, "similar_ids")[0, 0]
    assert ids(bundle, "similar_text")[0, 0] == pytest.approx(0.3 * words[0] @ words[neighbour], rel=1e-5)
    image_part = ids(bundle, "similar_scores")[0, 0] - ids(bundle, "similar_text")[0, 0]
    assert image_part == pytest.approx(0.7 * looks[0] @ looks[neighbour], rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("tags", [3, 0])
def test_the_served_network_sees_what_the_trained_one_saw_and_both_runs_agree(tags: int, settings: Any) -> None:
    items = fill_items(24, tags=tags)
    media = Path(settings.MEDIA_ROOT)
    fill_pictures(items, media)
    first, second = (opened(retrain(RetrainOptions(seed=2))) for _run in range(2))
    for name in ("similar_ids.npy", "similar_scores.npy", "looks_like_ids.npy", "looks_like_scores.npy"):
        assert (first.path / name).read_bytes() == (second.path / name).read_bytes(), name
    vectors = ids(first, "image_vectors")
    encoder = ImageEncoder.open(first.path)
    for number in (0, 1, 2):
        with Image.open(media / "items" / f"i{number}.png") as picture:
            seen = encoder.encode(picture)
            # The tag that the owner gave has its say in the certainties that are stored; shape and colours have not.
            for part in (slice(0, 128), slice(encoder.description.network_dims, None)):
                stored = vectors[number, part]
                assert seen[part] / np.linalg.norm(seen[part]) == pytest.approx(
                    stored / np.linalg.norm(stored), abs=1e-3
                )
    looks = ids(first, "looks_like_ids")
    # The nearest look has the same colour: every fourth item.
    same_colour = (looks[:, 0] % 4) == (np.arange(24) % 4)
    assert same_colour.mean() > 0.9
