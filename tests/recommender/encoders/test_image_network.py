"""Training the picture network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from recommender.encoders.colour import COLOUR_DIMS, colour_vectors
from recommender.encoders.image_network import ImageOptions, TrainedImageEncoder, plan, train_image_encoder
from tests.recommender.encoders.conftest import OPTIONS
from tests.recommender.encoders.shapes import SIZE, TAGS, shapes

SHORT = ImageOptions(size=SIZE, dims=8, epochs=1, fewest_views=0)


def test_learns_the_tags(trained: TrainedImageEncoder, pictures: npt.NDArray[np.uint8]) -> None:
    assert trained.tags == TAGS
    assert trained.notes == ()
    assert trained.accuracy is not None
    assert trained.accuracy >= 0.8
    vectors = trained.embed(pictures)[:, : OPTIONS.dims]
    cosines = vectors @ vectors.T
    np.fill_diagonal(cosines, -1)
    same = cosines.argmax(axis=1) % len(TAGS) == np.arange(len(pictures)) % len(TAGS)
    assert same.mean() >= 0.8


def test_keeps_the_learning_curve(trained: TrainedImageEncoder) -> None:
    assert [epoch.size for epoch in trained.curve] == [16] * 5 + [SIZE] * 3
    whole = [epoch for epoch in trained.curve if epoch.size == SIZE]
    kept = min(whole, key=lambda epoch: epoch.validation_loss or 0)
    assert trained.accuracy == kept.validation_accuracy
    assert trained.curve[-1].loss < trained.curve[0].loss


def test_vectors_are_the_embedding_and_the_colours_side_by_side(
    trained: TrainedImageEncoder, pictures: npt.NDArray[np.uint8]
) -> None:
    vectors = trained.embed(pictures)

    assert vectors.shape == (30, trained.dims) == (30, 16 + len(TAGS) + COLOUR_DIMS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    share = trained.options.colour_share
    np.testing.assert_allclose(vectors[:, 19:], share**0.5 * colour_vectors(pictures), atol=1e-6)
    np.testing.assert_array_equal(trained.colours(vectors), vectors[:, 19:])
    certainties = np.square(vectors[:, 16:19]) / ((1 - share) * trained.options.tag_share)
    np.testing.assert_allclose(certainties.sum(axis=1), 1, atol=0.02)


def test_a_known_tag_speaks_beside_the_network(trained: TrainedImageEncoder, pictures: npt.NDArray[np.uint8]) -> None:
    known = np.full(30, -1, dtype=np.int32)
    # What the first picture is not.
    known[0] = 2

    seen, told = trained.embed(pictures), trained.embed(pictures, known=known)

    assert told[0, 16 + 2] > seen[0, 16 + 2] + 0.1
    np.testing.assert_allclose(told[1:], seen[1:], atol=1e-6)


def test_same_seed_and_data_give_the_same_bytes(trained: TrainedImageEncoder, pictures: npt.NDArray[np.uint8]) -> None:
    again = train_image_encoder(*shapes(150), tags=TAGS, options=OPTIONS)

    assert again.embed(pictures).tobytes() == trained.embed(pictures).tobytes()
    assert again.curve == trained.curve


def test_describes_itself(trained: TrainedImageEncoder, exported: Path) -> None:
    described = json.loads((exported / "image_encoder.json").read_text(encoding="utf-8"))

    assert described["size"] == SIZE
    assert described["dims"] == trained.dims
    assert described["tags"] == list(TAGS)
    assert described["accuracy"] == trained.accuracy
    assert len(described["curve"]) == len(trained.curve)


def test_the_trainable_model_can_be_opened_again(
    trained: TrainedImageEncoder, exported: Path, pictures: npt.NDArray[np.uint8]
) -> None:
    import keras

    again = keras.models.load_model(exported / "image_encoder.keras", compile=False)

    assert again.get_layer("embedding").output.shape[-1] == OPTIONS.dims
    np.testing.assert_allclose(
        again(pictures.astype(np.float32))["tags"], trained.network(pictures.astype(np.float32))["tags"], atol=1e-5
    )


def test_reports_every_step() -> None:
    reports: list[tuple[int, int]] = []

    train_image_encoder(
        *shapes(60), tags=TAGS, options=SHORT, progress=lambda done, total: reports.append((done, total))
    )

    # Three of sixty check; 57 in steps of 16 make four.
    assert reports == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_learns_from_words_where_there_are_no_tags() -> None:
    pictures, labels = shapes(60)
    encoder = train_image_encoder(
        pictures, np.full(60, -1, dtype=np.int32), tags=(), texts=[TAGS[label] for label in labels], options=SHORT
    )

    assert encoder.accuracy is None
    assert encoder.tags == ()
    assert len(encoder.curve) == 1
    assert encoder.notes == (
        "No tags: the picture network cannot learn from tags.",
        "The picture network learned from the words alone.",
    )


def test_a_single_picture_still_gives_a_vector_and_files(tmp_path: Path) -> None:
    pictures = shapes(1)[0]

    encoder = train_image_encoder(pictures, np.array([-1], dtype=np.int32), tags=(), options=SHORT)

    assert "Too few pictures" in encoder.notes[-1]
    assert encoder.curve == ()
    assert np.isfinite(encoder.embed(pictures)).all()
    encoder.export(tmp_path)
    assert {file.name for file in tmp_path.glob("image_*")} == {
        "image_encoder.json",
        "image_encoder.keras",
        "image_encoder.tflite",
    }


@pytest.mark.parametrize(
    ("pictures", "batch", "epochs"),
    [(1, 1, 60), (150, 16, 60), (700, 32, 57), (6_000, 128, 16), (12_556, 128, 11), (100_000, 128, 1)],
)
def test_small_shops_see_their_pictures_more_often_and_large_ones_less(pictures: int, batch: int, epochs: int) -> None:
    assert plan(pictures, ImageOptions()) == (batch, epochs)
