"""Networks that others trained on many pictures: Keras Applications by name, or a model file. Training only: Keras.

A backbone is opened without its classifier and averaged over the picture, which
gives ResNet50 the 2048 numbers of the recipe. Its own preprocessing becomes part
of it, so that whoever uses it hands over plain RGB, 0 … 255.
"""

from __future__ import annotations

import hashlib
import inspect
import math
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import keras

# ``IMAGE_ENCODER`` and ``IMAGE_WEIGHTS`` besides names and files.
OWN = "own"
IMAGENET = "imagenet"
RANDOM = "none"

# What most applications were trained on, and those that weren't.
USUAL_SIZE = 224
SIZES = {"InceptionV3": 299, "InceptionResNetV2": 299, "Xception": 299, "NASNetLarge": 331}
# The widths that the narrow applications come in.
WIDTHS = (1.0, 0.75, 0.5, 0.35, 0.25, 1.3, 1.4)
MODEL_SUFFIX = ".keras"
BATCH = 32
CHANNELS = 3
_MAP_AXES = 4
_READ_AT_ONCE = 1 << 20


class BackboneUnusable(ValueError):
    """The chosen network or its weights cannot be used; the message says what to set instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backbone:
    """An opened network.

    Attributes:
        name: The application's name.
        weights: What they are: ``imagenet``, ``none``, or a file's checksum.
        size: Pixels across that it sees.
        network: (b, size, size, 3), 0 … 255 → (b, d), pooled.
    """

    name: str
    weights: str
    size: int
    network: keras.Model

    @property
    def dims(self) -> int:
        """Length of its vector, d."""
        return int(self.network.output_shape[-1])

    @property
    def key(self) -> str:
        """Names what the vectors come from, fit for a folder."""
        return f"{self.name}-{self.weights[:16]}-{self.size}"

    def look(self, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """(p, size, size, 3) → (p, d), in batches of one shape so that it is traced once."""
        vectors = np.zeros((len(pictures), self.dims), dtype=np.float32)
        for start in range(0, len(pictures), BATCH):
            part = pictures[start : start + BATCH]
            filled = np.zeros((BATCH, *pictures.shape[1:]), dtype=np.float32)
            filled[: len(part)] = part
            vectors[start : start + len(part)] = self.network.predict_on_batch(filled)[: len(part)]
        return vectors


def application_names() -> tuple[str, ...]:
    """The names that ``IMAGE_ENCODER`` may have besides ``own``."""
    from keras import applications

    return tuple(sorted(name for name, member in vars(applications).items() if inspect.isfunction(member)))


def picture_size(name: str) -> int:
    """Pixels across that the application ``name`` was made for."""
    return SIZES.get(name, USUAL_SIZE)


def open_backbone(name: str, weights: str, *, size: int = 0, seed: int = 0) -> Backbone:
    """Build the application ``name`` and give it its weights.

    Args:
        name: A Keras Applications name, such as ``ResNet50``.
        weights: ``imagenet`` (downloaded once by Keras), ``none`` (as drawn, for tests), a file
            of weights without the classifier, or a whole model in a ``.keras`` file.
        size: Pixels across; the application's own where 0.
        seed: What random weights are drawn from.

    Raises:
        BackboneUnusable: unknown name, missing or unfitting file, no network.
    """
    import keras

    build, module = _application(name)
    side = size or picture_size(name)
    keras.utils.set_random_seed(seed)
    if weights == RANDOM:
        body, mark = _built(build, name, side), f"{RANDOM}-{seed}"
    elif weights == IMAGENET:
        body, mark = _downloaded(build, name, side), IMAGENET
    else:
        file = _file(weights)
        body = _from_model_file(file) if file.suffix == MODEL_SUFFIX else _from_weights(file, build, name, side)
        mark = checksum(file)
    body, side = _fixed_size(body, side)
    return Backbone(name=name, weights=mark, size=side, network=_pooled(body, module.preprocess_input, side))


def check_choice(name: str, weights: str) -> None:
    """Refuse, before anything long is begun, what cannot be opened for sure.

    Raises:
        BackboneUnusable: unknown name, or a file that isn't there.
    """
    _application(name)
    if weights not in {IMAGENET, RANDOM}:
        _file(weights)


def checksum(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(_READ_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()


def _file(weights: str) -> Path:
    """The file of weights."""
    file = Path(weights).expanduser()
    if not file.is_file():
        raise BackboneUnusable(
            f"IMAGE_WEIGHTS={weights}: no such file; set it to a weights file, {IMAGENET} or {RANDOM}."
        )
    return file


def _application(name: str) -> tuple[Callable[..., keras.Model], Any]:
    """The function that builds the application, and its module with the preprocessing."""
    from keras import applications

    names = application_names()
    if name not in names:
        like = [known for known in names if known.casefold() == name.casefold()]
        cure = f"did you mean {like[0]}?" if like else f"set it to {OWN} or one of: {', '.join(names)}."
        raise BackboneUnusable(f"IMAGE_ENCODER={name}: Keras Applications has no such network; {cure}")
    build = getattr(applications, name)
    # Asked of the function and not looked for among Keras's public modules: not every one of them tells its networks.
    module = import_module(build.__module__)
    if not hasattr(module, "preprocess_input"):
        raise BackboneUnusable(f"IMAGE_ENCODER={name}: this network has no preprocessing of its own; choose another.")
    return build, module


def _built(build: Callable[..., keras.Model], name: str, size: int, **options: Any) -> keras.Model:
    """The application without its classifier, weights as drawn."""
    try:
        return build(include_top=False, weights=None, input_shape=(size, size, CHANNELS), **options)
    except ValueError as error:
        raise BackboneUnusable(f"IMAGE_ENCODER={name} cannot see pictures of {size} pixels: {error}") from error


def _downloaded(build: Callable[..., keras.Model], name: str, size: int) -> keras.Model:
    """The application with Keras's own weights, kept in Keras's folder."""
    try:
        return build(include_top=False, weights=IMAGENET, input_shape=(size, size, CHANNELS))
    except Exception as error:  # Keras raises a bare Exception where a download fails
        if isinstance(error, ValueError) or "fetch failure" in str(error) or isinstance(error, OSError):
            raise BackboneUnusable(
                f"IMAGE_WEIGHTS={IMAGENET}: the weights of {name} cannot be fetched ({_first_line(error)}); "
                f"connect to the internet once, or set IMAGE_WEIGHTS to a file."
            ) from error
        raise


def _from_model_file(file: Path) -> keras.Model:
    """A whole model as ``keras.Model.save`` wrote it."""
    import keras

    try:
        return keras.models.load_model(file, compile=False)
    except (ValueError, OSError, TypeError, KeyError) as error:
        raise BackboneUnusable(
            f"IMAGE_WEIGHTS={file}: Keras cannot open this model ({_first_line(error)}); "
            "set it to a model that keras.Model.save wrote."
        ) from error


def _from_weights(file: Path, build: Callable[..., keras.Model], name: str, size: int) -> keras.Model:
    """The application with the weights of a file; of applications with several widths the one that fits."""
    wanted = _count_weights(file)
    sizes = []
    for options in _widths(build):
        body = _built(build, name, size, **options)
        sizes.append(body.count_params())
        if body.count_params() == wanted:
            try:
                body.load_weights(file)
            except (ValueError, OSError, KeyError) as error:
                raise _unfitting(file, name, _first_line(error)) from error
            return body
    raise _unfitting(file, name, f"it holds {wanted:,} numbers, {name} without its classifier has {max(sizes):,}")


def _unfitting(file: Path, name: str, why: str) -> BackboneUnusable:
    return BackboneUnusable(
        f"IMAGE_WEIGHTS={file} doesn't fit IMAGE_ENCODER={name}: {why}; name the network that the file was saved from."
    )


def _widths(build: Callable[..., keras.Model]) -> Iterator[dict[str, float]]:
    """The options to try; one empty set where the application has one width only."""
    if "alpha" not in inspect.signature(build).parameters:
        yield {}
        return
    for width in WIDTHS:
        yield {"alpha": width}


def _count_weights(file: Path) -> int:
    """How many numbers a file of weights holds.

    Raises:
        BackboneUnusable: it is no such file.
    """
    import h5py  # type: ignore[import-untyped]

    counts: list[int] = []
    try:
        with h5py.File(file, "r") as stored:
            stored.visititems(
                lambda _name, found: counts.append(math.prod(found.shape)) if isinstance(found, h5py.Dataset) else None
            )
    except OSError as error:
        raise BackboneUnusable(
            f"IMAGE_WEIGHTS={file} is not a file of Keras weights; set it to one that ends in .weights.h5."
        ) from error
    return sum(counts)


def _fixed_size(body: keras.Model, size: int) -> tuple[keras.Model, int]:
    """The network and the size it sees: its own where it sees one only."""
    shape = body.input_shape
    if not isinstance(shape, tuple) or len(shape) != _MAP_AXES or shape[-1] != CHANNELS:
        raise BackboneUnusable(f"IMAGE_WEIGHTS: the model takes {shape}, not pictures of {CHANNELS} channels.")
    return body, int(shape[1] or size)


def _pooled(body: keras.Model, preprocess: Callable[..., Any], size: int) -> keras.Model:
    """Preprocessing, network and mean over the picture as one model."""
    import keras

    pictures = keras.Input((size, size, CHANNELS), name="pictures")
    flow = body(preprocess(pictures), training=False)
    if len(flow.shape) == _MAP_AXES:
        flow = keras.layers.GlobalAveragePooling2D()(flow)
    network = keras.Model(pictures, keras.layers.Flatten()(flow), name="backbone")
    network.trainable = False
    network.compile(jit_compile=False)
    return network


def _first_line(error: BaseException) -> str:
    """The first line of an error, for a message of one line."""
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
