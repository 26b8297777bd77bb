"""Pictures become vectors without TensorFlow."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from recommender.encoders.image_serving import ImageEncoder, ImageEncoderBroken
from tests.recommender.encoders.shapes import TAGS

if TYPE_CHECKING:
    from recommender.encoders.image_network import TrainedImageEncoder


@pytest.fixture
def encoder(exported: Path) -> ImageEncoder:
    return ImageEncoder.open(exported)


def test_equals_training(encoder: ImageEncoder, trained: TrainedImageEncoder, pictures: npt.NDArray[np.uint8]) -> None:
    served = encoder.encode_arrays(pictures)

    np.testing.assert_allclose(served, trained.embed(pictures), atol=1e-4)
    assert served.dtype == np.float32
    assert encoder.dims == trained.dims
    assert encoder.tags == TAGS


def test_takes_pictures_of_any_size_and_mode(encoder: ImageEncoder, pictures: npt.NDArray[np.uint8]) -> None:
    large = Image.fromarray(pictures[0]).resize((480, 480), Image.Resampling.NEAREST)

    vectors = encoder.encode_many([large, large.convert("CMYK"), Image.new("L", (1, 1))])

    assert vectors.shape == (3, encoder.dims)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(large), encoder.encode_arrays(pictures[:1])[0], atol=1e-5)


def test_a_photo_is_looked_for_by_itself_and_its_middle(encoder: ImageEncoder, pictures: npt.NDArray[np.uint8]) -> None:
    photo = Image.fromarray(pictures[0]).resize((100, 100))

    query = encoder.encode_query(photo)

    whole, middle = encoder.encode_many([photo, photo.crop((10, 10, 90, 90))])
    np.testing.assert_allclose(query, (whole + middle) / 2, atol=1e-6)
    assert encoder.encode_query(Image.new("RGB", (1, 1))).shape == (encoder.dims,)


def test_no_pictures(encoder: ImageEncoder) -> None:
    assert encoder.encode_many([]).shape == (0, encoder.dims)


def test_threads_do_not_mix_their_pictures(encoder: ImageEncoder, pictures: npt.NDArray[np.uint8]) -> None:
    alone = [encoder.encode_arrays(picture[None]) for picture in pictures]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda number: encoder.encode_arrays(pictures[number % 30][None]), range(240)))

    for number, vector in enumerate(together):
        np.testing.assert_array_equal(vector, alone[number % 30])


def test_says_what_is_broken(exported: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(exported, tmp_path / "encoder"))
    described = json.loads((folder / "image_encoder.json").read_text(encoding="utf-8"))
    (folder / "image_encoder.json").write_text(json.dumps(described | {"size": 99}), encoding="utf-8")
    with pytest.raises(ImageEncoderBroken, match="its description says"):
        ImageEncoder.open(folder)
    (folder / "image_encoder.tflite").write_bytes(b"no model")
    with pytest.raises(ImageEncoderBroken, match="not a LiteRT model"):
        ImageEncoder.open(folder)
    (folder / "image_encoder.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ImageEncoderBroken, match="description"):
        ImageEncoder.open(folder)
    with pytest.raises(FileNotFoundError):
        ImageEncoder.open(tmp_path / "nowhere")


def test_imports_nothing_heavy(exported: Path) -> None:
    program = """
import sys
from pathlib import Path
from recommender.encoders import text_transform
from recommender.encoders.image_serving import ImageEncoder
from recommender.index import query
ImageEncoder.open(Path(sys.argv[1]))
print(sorted(sys.modules.keys() & {"tensorflow", "keras", "sklearn", "scipy", "pandas", "django"}))
"""
    finished = subprocess.run(
        [sys.executable, "-c", program, str(exported)], capture_output=True, text=True, check=True, timeout=60
    )

    assert finished.stdout.strip() == "[]"
