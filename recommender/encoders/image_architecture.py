"""The picture network itself, and how its pictures vary while it learns. Training only: imports Keras."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping

    import keras

EMBEDDING = "embedding"
TAG_HEAD = "tags"
WORD_HEAD = "words"
ITEM_HEAD = "items"
# Filters of the first layer; later ones have 2, 4 and 8 times as many.
_WIDTH = 32
# What log odds are multiplied with before the certainties of two pictures are compared: a second guess counts less.
# Measured on 12,556 products.
SHARPNESS = 1.5
# Follows the batches quickly: small shops have few of them.
_MOMENTUM = 0.9
_DROPOUT = 0.2

# Pictures without a plain backdrop: the smallest part that is looked at, how much wider or higher it may be (as a
# power of e), and how far colours, contrast and light may go.
_SMALLEST_PART = 0.6
_STRETCH = 0.15
_LIGHT = 0.2
_TINT = 0.05

# Furthest shift as a share of the side, and how much darker or lighter a picture may become.
_SHIFT = 0.08
_EXPOSURE = (0.85, 1.15)


def build_network(*, dims: int, heads: Mapping[str, int]) -> keras.Model:
    """A small residual network (He et al. 2015), the embedding, and one linear layer per thing to learn.

    A patch of four pixels every two, then three scales, the two lower ones with a
    residual pair of convolutions. The input is any number of square RGB pictures of any
    size, 0 … 255; pooling over the whole picture at the end makes the size free, so that
    most of the training can be done on smaller ones.

    Args:
        dims: Length of the embedding, which is the layer of that name and never negative.
        heads: Outputs (unscaled log odds) and their lengths, by name.
    """
    import keras
    from keras import layers

    pictures = keras.Input((None, None, 3), name="pictures")
    flow = layers.Rescaling(1 / 127.5, offset=-1)(pictures)
    flow = _convolved(flow, _WIDTH, window=4, stride=2)
    flow = layers.MaxPooling2D()(_convolved(flow, 2 * _WIDTH))
    flow = _residual(flow, 2 * _WIDTH)
    flow = _residual(_convolved(flow, 4 * _WIDTH, pool=True), 4 * _WIDTH)
    flow = _convolved(flow, 8 * _WIDTH)
    flow = layers.GlobalAveragePooling2D()(flow)
    flow = layers.BatchNormalization(momentum=_MOMENTUM)(layers.Dense(dims)(flow))
    embedding = layers.ReLU(name=EMBEDDING)(flow)
    learned = layers.Dropout(_DROPOUT)(embedding)
    outputs = {name: layers.Dense(length, name=name)(learned) for name, length in heads.items()}
    return keras.Model(pictures, outputs or embedding, name="picture_network")


def _convolved(flow: Any, filters: int, *, window: int = 3, stride: int = 1, pool: bool = False) -> Any:
    """Convolution, normalisation, rectifier; halved in between if ``pool``."""
    from keras import layers

    flow = layers.Conv2D(
        filters, window, strides=stride, padding="same", use_bias=False, kernel_initializer="he_normal"
    )(flow)
    if pool:
        # Pooling before normalising: the same result in less time, for the scale is positive at the start.
        flow = layers.MaxPooling2D()(flow)
    return layers.ReLU()(layers.BatchNormalization(momentum=_MOMENTUM)(flow))


def _residual(flow: Any, filters: int) -> Any:
    """Two convolutions beside the way straight through."""
    from keras import layers

    return layers.Add()([flow, _convolved(_convolved(flow, filters), filters)])


def joined(embedding: Any, odds: Any = None, *, tag_share: float = 0.0) -> Any:
    """The network part of a picture's vector: the embedding, and beside it how certain each tag is; unit rows.

    The roots of the certainties are a unit row too, and the inner product of two such
    rows (Bhattacharyya's coefficient) is 1 where two pictures are told alike, 0 where
    no tag fits both. So the cosine is ``(1 - tag_share) · embeddings + tag_share · tags``.

    Args:
        embedding: (b, d) symbolic.
        odds: (b, tags) symbolic log odds, or None without tags.
        tag_share: What the tags count.
    """
    from keras import layers, ops

    shape = layers.UnitNormalization()(embedding)
    if odds is None:
        return shape
    told = ops.sqrt(ops.softmax(SHARPNESS * odds))
    parts = [layers.Rescaling((1 - tag_share) ** 0.5)(shape), layers.Rescaling(tag_share**0.5)(told)]
    return layers.UnitNormalization()(layers.Concatenate()(parts))


def served_network(network: keras.Model, *, tag_share: float, size: int | None = None) -> keras.Model:
    """What turns pictures into the network part of their vectors; shares the weights of ``network``.

    Each picture is also looked at in the mirror, and the mean direction counts.

    Args:
        network: From ``build_network``.
        tag_share: What the tags count where it learned tags.
        size: Pixels across of the one picture it takes; any number of pictures of any size where None.
    """
    import keras
    from keras import layers, ops

    pictures = (
        keras.Input((None, None, 3), name="pictures")
        if size is None
        else keras.Input(batch_shape=(1, size, size, 3), name="picture")
    )
    names = [layer.name for layer in network.layers]
    wanted = [EMBEDDING, TAG_HEAD] if TAG_HEAD in names else [EMBEDDING]
    ends = keras.Model(network.inputs, [network.get_layer(name).output for name in wanted], name="ends")
    views = [joined(*ends(view), tag_share=tag_share) for view in (pictures, ops.flip(pictures, axis=2))]
    served = keras.Model(pictures, layers.UnitNormalization()(layers.Average()(views)), name="served_network")
    served.compile(jit_compile=False)
    return served


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


def zoom(pictures: npt.NDArray[np.uint8], size: int, random: np.random.Generator) -> npt.NDArray[np.float32]:
    """A part of each picture, stretched a little, mirrored or not, in another light; (b, size, size, 3).

    For photos taken anywhere: what is beside the thing, how near it is and how it is lit
    must not matter. Bringing in white, as ``vary`` does, would make up a rim they don't have.
    """
    from PIL import Image

    count, side = len(pictures), pictures.shape[1]
    shares = side * np.sqrt(random.uniform(_SMALLEST_PART, 1, count))
    stretches = np.exp(random.uniform(-_STRETCH, _STRETCH, count))
    extents = np.minimum(np.stack([shares * stretches, shares / stretches], axis=1), side)
    corners = random.uniform(0, 1, (count, 2)) * (side - extents)
    parts = np.empty((count, size, size, 3), dtype=np.float32)
    for number, picture in enumerate(pictures):
        box = (*corners[number].tolist(), *(corners[number] + extents[number]).tolist())
        part = Image.fromarray(picture).resize((size, size), Image.Resampling.BILINEAR, box=box)
        parts[number] = np.asarray(part)
    mirrored = random.integers(0, 2, count).astype(np.bool_)
    parts[mirrored] = parts[mirrored, :, ::-1]
    parts *= random.uniform(1 - _LIGHT, 1 + _LIGHT, (count, 1, 1, 1)).astype(np.float32)
    parts *= random.uniform(1 - _TINT, 1 + _TINT, (count, 1, 1, 3)).astype(np.float32)
    middles = parts.mean(axis=(1, 2, 3), keepdims=True)
    parts = middles + (parts - middles) * random.uniform(1 - _LIGHT, 1 + _LIGHT, (count, 1, 1, 1)).astype(np.float32)
    varied: npt.NDArray[np.float32] = np.clip(parts, 0, 255)
    return varied


def smaller(pictures: npt.NDArray[np.uint8], size: int) -> npt.NDArray[np.uint8]:
    """(p, s, s, 3) → (p, size, size, 3), by averaging."""
    from PIL import Image

    side = (size, size)
    shrunk = np.empty((len(pictures), size, size, 3), dtype=np.uint8)
    for number, picture in enumerate(pictures):
        shrunk[number] = np.asarray(Image.fromarray(picture).resize(side, Image.Resampling.BOX))
    return shrunk
