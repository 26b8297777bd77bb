"""Pretrained networks: opened, checked, reduced and served."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from recommender.encoders import backbones
from recommender.encoders.backbone_encoder import BackboneEncoder, fit_backbone_encoder
from recommender.encoders.backbones import Backbone, BackboneUnusable, check_choice, open_backbone
from recommender.encoders.colour import colour_vectors
from recommender.encoders.image_serving import ImageEncoder
from recommender.encoders.picture_arrays import picture_array
from tests.recommender.encoders.shapes import TAGS, shapes

ROOT = Path(__file__).resolve().parents[3]
WEIGHTS = Path(os.environ.get("VITRINE_SHARED_DATA", ROOT.parent / "shared")) / "weights"
NARROW = WEIGHTS / "mobilenet_0.25_224_no_top.weights.h5"
CUT = WEIGHTS / "mobilenet_1.00_224_to_conv_pw_12.keras"

needs_weights = pytest.mark.skipif(not NARROW.is_file(), reason=f"no pretrained weights at {WEIGHTS}")


def large(count: int, size: int) -> npt.NDArray[np.uint8]:
    """The shapes, enlarged."""
    from PIL import Image

    return np.stack([picture_array(Image.fromarray(picture), size) for picture in shapes(count)[0]])


def fitted(backbone: Backbone, count: int = 60, dims: int = 8) -> tuple[BackboneEncoder, npt.NDArray[np.float32]]:
    """An encoder that knows the shapes, and their pooled vectors."""
    _, labels = shapes(count)
    pooled = backbone.look(large(count, backbone.size))
    encoder = fit_backbone_encoder(
        backbone,
        pooled,
        labels=labels,
        tags=TAGS,
        groups=np.arange(count, dtype=np.int32),
        dims=dims,
        tag_share=0.4,
        colour_share=0.3,
        colour_size=24,
        seed=0,
    )
    return encoder, pooled


def test_every_network_that_is_offered_is_taken() -> None:
    names = backbones.application_names()
    assert {"ResNet50", "MobileNet", "MobileNetV3Small", "MobileNetV3Large", "EfficientNetV2B0"} <= set(names)
    for name in names:
        check_choice(name, "none")


def test_a_network_that_keras_keeps_apart_from_its_preprocessing_looks_at_pictures() -> None:
    backbone = open_backbone("MobileNetV3Small", "none", size=32)
    assert backbone.look(large(2, 32)).shape == (2, 576)


def test_random_resnet50_gives_the_2048_numbers_of_the_recipe() -> None:
    backbone = open_backbone("ResNet50", "none", size=32)

    vectors = backbone.look(large(3, 32))

    assert backbone.key == "ResNet50-none-0-32"
    assert vectors.shape == (3, 2048)
    assert np.isfinite(vectors).all()
    assert len(np.unique(vectors, axis=0)) == 3


@pytest.mark.parametrize(
    ("name", "weights", "words"),
    [
        ("resnet50", "none", r"^IMAGE_ENCODER=resnet50: .* did you mean ResNet50\?$"),
        ("Sesame", "none", r"^IMAGE_ENCODER=Sesame: .*set it to own or one of: .*MobileNet.*\.$"),
        ("MobileNet", "/nowhere.weights.h5", r"^IMAGE_WEIGHTS=/nowhere.weights.h5: no such file"),
    ],
)
def test_what_cannot_be_opened_is_told_in_one_line(name: str, weights: str, words: str) -> None:
    with pytest.raises(BackboneUnusable, match=words) as caught:
        open_backbone(name, weights)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".keras", ".weights.h5"])
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"broken{suffix}"
    file.write_bytes(b"nothing of the kind")

    with pytest.raises(BackboneUnusable, match=r"IMAGE_WEIGHTS=.*broken.*set it to") as caught:
        open_backbone("MobileNet", str(file), size=32)
    assert "\n" not in str(caught.value)


def test_no_network_for_imagenet_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_arguments: object, **options: object) -> None:
        assert options["weights"] == "imagenet"
        # What Keras raises when a download fails is a bare Exception.
        raise Exception("URL fetch failure on https://example.test: None -- no route")  # noqa: TRY002

    from keras import applications

    known = backbones.application_names()
    unreachable.__module__ = applications.MobileNet.__module__
    monkeypatch.setattr(backbones, "application_names", lambda: known)
    monkeypatch.setattr(applications, "MobileNet", unreachable)
    with pytest.raises(BackboneUnusable, match=r"weights of MobileNet cannot be fetched .* IMAGE_WEIGHTS to a file"):
        open_backbone("MobileNet", "imagenet", size=32)


def test_is_served_as_it_was_fitted(tmp_path: Path) -> None:
    from PIL import Image

    backbone = open_backbone("MobileNet", "none", size=32, seed=3)
    encoder, pooled = fitted(backbone, count=40)
    pictures = shapes(40)[0]
    vectors = encoder.join(pooled, colour_vectors(pictures))
    encoder.export(tmp_path)

    served = ImageEncoder.open(tmp_path)

    assert served.description.colour_size == 24
    assert served.dims == encoder.dims == vectors.shape[1]
    found = served.encode_many([Image.fromarray(picture) for picture in pictures[:3]])
    np.testing.assert_allclose(found, vectors[:3], atol=2e-3)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.colours(vectors), 0.3**0.5 * colour_vectors(pictures), atol=1e-5)


def test_without_tags_only_the_reduced_vectors_and_colours_are_left() -> None:
    backbone = open_backbone("MobileNet", "none", size=32)
    pictures = large(6, 32)
    encoder = fit_backbone_encoder(
        backbone,
        backbone.look(pictures),
        labels=np.full(6, -1, dtype=np.int32),
        tags=(),
        groups=np.arange(6, dtype=np.int32),
        dims=4,
        tag_share=0.4,
        colour_share=0.3,
        colour_size=32,
        seed=0,
    )

    assert encoder.tags == ()
    assert encoder.accuracy is None
    assert encoder.network_dims == 4
    assert "No tags" in encoder.notes[0]


def test_with_no_dims_asked_for_the_bare_vectors_are_compared() -> None:
    backbone = open_backbone("MobileNet", "none", size=32)
    encoder, pooled = fitted(backbone, count=20, dims=0)
    vectors = encoder.join(pooled, colour_vectors(large(20, 24)))
    unit = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
    assert encoder.network_dims == pooled.shape[1] == 1024
    np.testing.assert_allclose(vectors @ vectors.T, unit @ unit.T, atol=1e-5)
    assert encoder.notes == (
        "Pictures are compared by the network's bare vectors, without tags and colours (IMAGE_DIMS=0).",
    )
    other, _ = fitted(backbone, count=20, dims=8)
    reduced = other.join(pooled, colour_vectors(large(20, 24)))
    assert np.abs(reduced @ reduced.T - unit @ unit.T).max() > 0.1


@needs_weights
def test_the_width_is_found_from_the_file_and_the_shapes_are_told_apart() -> None:
    backbone = open_backbone("MobileNet", str(NARROW), size=64)
    encoder, _ = fitted(backbone, dims=16)

    assert backbone.dims == 256
    assert backbone.key.startswith("MobileNet-")
    assert encoder.accuracy is not None
    assert encoder.accuracy > 0.6


@needs_weights
def test_a_whole_model_file_brings_its_own_size() -> None:
    backbone = open_backbone("MobileNet", str(CUT), size=64)

    assert backbone.look(np.zeros((1, backbone.size, backbone.size, 3), dtype=np.uint8)).shape == (1, backbone.dims)


@needs_weights
def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(BackboneUnusable, match=r"doesn't fit IMAGE_ENCODER=MobileNetV2: it holds"):
        open_backbone("MobileNetV2", str(NARROW), size=32)
