"""The picture network itself, and how its pictures vary while it learns. Training only: imports Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

    import keras

EMBEDDING = "embedding"
TAG_HEAD = "tags"
WORD_HEAD = "words"
_FILTERS = (32, 64, 128)
_LAST_FILTERS = 256
# Follows the batches quickly: small shops have few of them.
_MOMENTUM = 0.9
_DROPOUT = 0.2

# Furthest shift as a share of the side, and how much darker or lighter a picture may become.
_SHIFT = 0.08
_EXPOSURE = (0.85, 1.15)


def build_network(*, dims: int, heads: Mapping[str, int]) -> keras.Model:
    """Four convolutional blocks, the embedding, and one linear layer per thing to learn.

    The input is any number of square RGB pictures of any size, 0 … 255; pooling over
    the whole picture at the end makes the size free, so that most of the training can
    be done on smaller ones.

    Args:
        dims: Length of the embedding, which is the layer of that name and never negative.
        heads: Outputs (unscaled log odds) and their lengths, by name.
    """
    import keras
    from keras import layers

    pictures = keras.Input((None, None, 3), name="pictures")
    flow = layers.Rescaling(1 / 127.5, offset=-1)(pictures)
    for filters in _FILTERS:
        # Pooling before normalising: the same result in less time, for the scale is positive at the start.
        flow = layers.Conv2D(filters, 3, padding="same", use_bias=False)(flow)
        flow = layers.MaxPooling2D()(flow)
        flow = layers.ReLU()(layers.BatchNormalization(momentum=_MOMENTUM)(flow))
    flow = layers.Conv2D(_LAST_FILTERS, 3, padding="same", use_bias=False)(flow)
    flow = layers.ReLU()(layers.BatchNormalization(momentum=_MOMENTUM)(flow))
    flow = layers.GlobalAveragePooling2D()(flow)
    flow = layers.BatchNormalization(momentum=_MOMENTUM)(layers.Dense(dims)(flow))
    embedding = layers.ReLU(name=EMBEDDING)(flow)
    learned = layers.Dropout(_DROPOUT)(embedding)
    outputs = {name: layers.Dense(length, name=name)(learned) for name, length in heads.items()}
    return keras.Model(pictures, outputs or embedding, name="picture_network")


def part_of(network: keras.Model, layer: str) -> keras.Model:
    """The part of ``network`` that ends at ``layer``; shares its weights."""
    import keras

    part = keras.Model(network.inputs, network.get_layer(layer).output, name=f"up_to_{layer}")
    part.compile(jit_compile=False)
    return part


def vary(pictures: npt.NDArray[np.uint8], random: np.random.Generator) -> npt.NDArray[np.float32]:
    """The same pictures, each mirrored or not, moved a little, and a little darker or lighter; (b, size, size, 3).

    Moving brings in white from the rim, and exposure is scaled towards white, so that a
    white backdrop stays white.
    """
    size = pictures.shape[1]
    ink = 255 - pictures.astype(np.float32)
    mirrored = random.integers(0, 2, len(ink)).astype(np.bool_)
    ink[mirrored] = ink[mirrored, :, ::-1]
    furthest = max(1, round(_SHIFT * size))
    roomy = np.pad(ink, ((0, 0), (furthest, furthest), (furthest, furthest), (0, 0)))
    for number, (down, right) in enumerate(random.integers(0, 2 * furthest + 1, (len(ink), 2)).tolist()):
        ink[number] = roomy[number, down : down + size, right : right + size]
    ink *= random.uniform(*_EXPOSURE, (len(ink), 1, 1, 1)).astype(np.float32)
    return np.clip(255 - ink, 0, 255)


def smaller(pictures: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.uint8]:
    """(p, s, s, 3) → (p, size, size, 3), by averaging."""
    from PIL import Image

    side = (size, size)
    shrunk = np.empty((len(pictures), size, size, 3), dtype=np.uint8)
    for number, picture in enumerate(pictures):
        shrunk[number] = np.asarray(Image.fromarray(picture).resize(side, Image.Resampling.BOX))
    return shrunk
