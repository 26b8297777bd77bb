"""The pictures of a retrain: read, looked at by the shop's own network or a pretrained one, turned into vectors. Training only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from recommender.configuration import ContentOptions
from recommender.encoders.backbones import OWN, checksum
from recommender.encoders.colour import colour_vectors
from recommender.encoders.picture_arrays import load_pictures
from recommender.encoders.vector_cache import VectorCache
from recommender.learners.log import Rows
from recommender.progress_steps import Steps
from recommender.snapshot import Snapshot

if TYPE_CHECKING:
    from recommender.encoders.backbones import Backbone

# Colours need no more pixels than this, whatever a backbone sees.
COLOUR_SIZE = 50
# So many pictures at the size of a backbone stand in memory at once.
PICTURES_AT_ONCE = 256


class PictureEncoder(Protocol):
    """What the shop's own network and pretrained ones have in common."""

    @property
    def tags(self) -> tuple[str, ...]:
        """What it tells apart."""

    @property
    def accuracy(self) -> float | None:
        """Share of the validation pictures whose tag it tells; None without tags."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be left out."""

    def colours(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The colour part of vectors."""

    def export(self, folder: Path) -> None:
        """Write what a web worker needs into ``folder``."""


@dataclass(frozen=True, kw_only=True)
class EncodedPictures:
    """Encoded pictures.

    Attributes:
        encoder: What encoded them.
        vectors: (p, d) float32 unit rows.
        rows: (p,) int32, the item of each.
    """

    encoder: PictureEncoder
    vectors: npt.NDArray[np.float32]
    rows: Rows

    @property
    def colours(self) -> npt.NDArray[np.float32]:
        """The colour part of the vectors."""
        return self.encoder.colours(self.vectors)


def learn_pictures(
    snapshot: Snapshot, options: ContentOptions, *, seed: int, notes: list[str], cache: Path | None = None
) -> EncodedPictures | None:
    """An encoder and the vectors of all pictures, or nothing where there are no pictures.

    Args:
        snapshot: The shop.
        options: Which encoder, and how.
        seed: Where chance comes from.
        notes: Told what had to be left out.
        cache: Where vectors of pretrained networks are kept between retrains; nowhere if None.

    Raises:
        BackboneUnusable: the pretrained network of the options cannot be opened.
    """
    paths = snapshot.pictures.paths
    if not paths:
        if len(snapshot.items.ids):
            notes.append("No pictures: nothing is found by its looks.")
        return None
    own = options.image_encoder == OWN
    # A pretrained network sees larger pictures, by and by; all at once are read for their colours only.
    size = options.picture_size if own else COLOUR_SIZE
    with Steps("Reading pictures") as steps:
        arrays, readable = load_pictures(paths, size=size, progress=steps)
    if not readable.all():
        unreadable = np.flatnonzero(~readable)
        first = paths[int(unreadable[0])]
        notes.append(f"{len(unreadable):,} pictures could not be read and were left out, the first: {first.name}.")
        arrays = arrays[readable]
    rows = snapshot.pictures.items[readable]
    if not len(rows):
        return None
    if own:
        encoded = _own(snapshot, options, arrays, rows, seed=seed)
    else:
        kept = [path for path, usable in zip(paths, readable.tolist(), strict=True) if usable]
        encoded = _pretrained(snapshot, options, arrays, rows, paths=kept, seed=seed, cache=cache)
    notes.extend(encoded.encoder.notes)
    without = len(snapshot.items.ids) - len(np.unique(rows))
    if without:
        notes.append(f"{without:,} items have no picture.")
    if len(arrays) > 1 and all(np.array_equal(arrays[0], other) for other in arrays[1:]):
        notes.append("All pictures are the same: looks tell no item from another.")
    return encoded


def numbered(named: Sequence[str], *, tags: Sequence[str] | None = None) -> tuple[tuple[str, ...], Rows]:
    """All different tags in order (or ``tags``), and for each of ``named`` the place of its tag, −1 for none of them."""
    names = tuple(sorted({tag for tag in named if tag})) if tags is None else tuple(tags)
    place = {tag: number for number, tag in enumerate(names)}
    return names, np.array([place.get(tag, -1) for tag in named], dtype=np.int32)


def pooled_vectors(
    backbone: Backbone,
    paths: Sequence[Path],
    *,
    cache: Path | None,
    progress: Callable[[int, int], None] | None = None,
) -> npt.NDArray[np.float32]:
    """What ``backbone`` says of the pictures, (p, d); only those are looked at that the cache doesn't know.

    Args:
        backbone: The network.
        paths: Readable pictures.
        cache: The folder of the caches; none is used if None.
        progress: Called with pictures done and their number.
    """
    kept = None if cache is None else VectorCache(cache, key=backbone.key, dims=backbone.dims)
    sums = [bytes.fromhex(checksum(path)) for path in paths]
    found = [None if kept is None else kept.find(each) for each in sums]
    vectors = np.zeros((len(paths), backbone.dims), dtype=np.float32)
    for place, vector in enumerate(found):
        if vector is not None:
            vectors[place] = vector
    new = [place for place, vector in enumerate(found) if vector is None]
    for start in range(0, len(new), PICTURES_AT_ONCE):
        places = new[start : start + PICTURES_AT_ONCE]
        arrays, _ = load_pictures([paths[place] for place in places], size=backbone.size)
        vectors[places] = backbone.look(arrays)
        if progress is not None:
            progress(len(paths) - len(new) + start + len(places), len(paths))
    if kept is not None and (new or len(kept) != len(set(sums))):
        kept.replace(sums, vectors)
    return vectors


def _own(
    snapshot: Snapshot, options: ContentOptions, arrays: npt.NDArray[np.uint8], rows: Rows, *, seed: int
) -> EncodedPictures:
    """The shop's own network, trained on its tags, words and items."""
    # Only here, so that a retrain without pictures never loads TensorFlow.
    from recommender.encoders.image_network import ImageOptions, train_image_encoder

    named = [snapshot.items.tags[row] for row in rows.tolist()]
    tags, labels = numbered(named)
    with Steps("Training the picture network") as steps:
        encoder = train_image_encoder(
            arrays,
            labels,
            tags=tags,
            texts=[snapshot.items.texts[row] for row in rows.tolist()],
            groups=rows,
            options=ImageOptions(size=options.picture_size, colour_share=options.colour_share, seed=seed),
            progress=steps,
        )
    _, known = numbered(named, tags=encoder.tags)
    return EncodedPictures(encoder=encoder, vectors=encoder.embed(arrays, known=known), rows=rows)


def _pretrained(  # noqa: PLR0913 - all but four by keyword
    snapshot: Snapshot,
    options: ContentOptions,
    arrays: npt.NDArray[np.uint8],
    rows: Rows,
    *,
    paths: Sequence[Path],
    seed: int,
    cache: Path | None,
) -> EncodedPictures:
    """A Keras Applications network; only a linear layer over its vectors is learned."""
    from recommender.encoders.backbone_encoder import fit_backbone_encoder
    from recommender.encoders.backbones import open_backbone
    from recommender.encoders.image_network import ImageOptions
    from recommender.tensorflow_start import prepare_tensorflow

    prepare_tensorflow(seed)
    backbone = open_backbone(options.image_encoder, options.image_weights, size=options.picture_size, seed=seed)
    with Steps(f"Looking at pictures with {backbone.name}") as steps:
        pooled = pooled_vectors(backbone, paths, cache=cache, progress=steps)
    named = [snapshot.items.tags[row] for row in rows.tolist()]
    tags, labels = numbered(named)
    encoder = fit_backbone_encoder(
        backbone,
        pooled,
        labels=labels,
        tags=tags,
        groups=rows,
        dims=options.reduced_dims,
        tag_share=ImageOptions().tag_share,
        colour_share=options.colour_share,
        colour_size=COLOUR_SIZE,
        seed=seed,
    )
    _, known = numbered(named, tags=encoder.tags)
    return EncodedPictures(
        encoder=encoder, vectors=encoder.join(pooled, colour_vectors(arrays), known=known), rows=rows
    )
