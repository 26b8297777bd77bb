"""A picture encoder made of a pretrained backbone: principal components, and what a linear layer tells of the tags.

Nothing of the backbone is trained here. Its long vectors (2048 numbers for
ResNet50) are reduced, and where the shop has tags a logistic regression learns
them from the reduced ones, which costs seconds and teaches the encoder the
shop's own kinds. Training only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.encoders.backbones import Backbone
from recommender.encoders.colour import COLOUR_DIMS
from recommender.encoders.fusion import side_by_side, unit_rows
from recommender.encoders.image_architecture import SHARPNESS, joined
from recommender.encoders.image_export import write_description, write_lite
from recommender.encoders.image_files import ImageDescription
from recommender.encoders.image_targets import learnable_tags, split_for_validation
from recommender.encoders.known_tags import with_known_tags
from recommender.encoders.reduction import Reduction, fit_reduction, keep_all

if TYPE_CHECKING:
    import keras

VALIDATION_SHARE = 0.1
# Inverse strength of the penalty, on unit vectors scaled to deviations of about 1. Measured on 12,556 products.
_PENALTY = 0.1
_ITERATIONS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TagLayer:
    """A linear layer over reduced unit vectors: odds = unit @ ``kernel`` + ``bias``; (r, tags) and (tags,) float32."""

    kernel: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    tags: tuple[str, ...]
    accuracy: float

    def shares(self, unit: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """What each tag's certainty is, (p, tags), rows adding up to 1."""
        odds = unit @ self.kernel + self.bias
        odds *= SHARPNESS
        odds -= odds.max(axis=1, keepdims=True)
        likely = np.exp(odds)
        shares: npt.NDArray[np.float32] = likely / likely.sum(axis=1, keepdims=True)
        return shares


@dataclass(frozen=True, slots=True, kw_only=True)
class BackboneEncoder:
    """Turns a backbone's pooled vectors into picture vectors, and is served like the shop's own network.

    Attributes:
        backbone: The pretrained network.
        reduction: From its vectors to short ones.
        tag_layer: What tells the tags, absent without tags.
        tag_share: What the tags count in the cosine of two network parts.
        colour_share: What colours count in the cosine of two vectors.
        colour_size: Pixels across that colours are counted at.
        notes: What had to be left out.
    """

    backbone: Backbone
    reduction: Reduction
    tag_layer: TagLayer | None
    tag_share: float
    colour_share: float
    colour_size: int
    notes: tuple[str, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        """What it tells apart."""
        return () if self.tag_layer is None else self.tag_layer.tags

    @property
    def accuracy(self) -> float | None:
        """Share of the validation pictures whose tag it tells; None without tags."""
        return None if self.tag_layer is None else self.tag_layer.accuracy

    @property
    def network_dims(self) -> int:
        """Length of a vector without its colours."""
        return self.reduction.dims + len(self.tags)

    @property
    def dims(self) -> int:
        """Length of a picture's vector."""
        return self.network_dims + COLOUR_DIMS

    def join(
        self,
        pooled: npt.NDArray[np.float32],
        colours: npt.NDArray[np.float32],
        *,
        known: npt.NDArray[np.int32] | None = None,
    ) -> npt.NDArray[np.float32]:
        """(p, d) from the backbone and (p, 125) colours → (p, dims) unit rows; ``known`` as in the own encoder."""
        unit = unit_rows(self.reduction.apply(pooled))
        network = unit
        if self.tag_layer is not None:
            told = np.sqrt(self.tag_layer.shares(unit))
            network = unit_rows(side_by_side(((unit, 1 - self.tag_share), (told, self.tag_share))))
            if known is not None:
                network = with_known_tags(network, known, dims=self.reduction.dims, share=self.tag_share)
        return unit_rows(side_by_side(((network, 1 - self.colour_share), (colours, self.colour_share))))

    def colours(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The colour part (p, 125) of what ``join`` gave."""
        return vectors[:, self.network_dims :]

    def export(self, folder: Path) -> None:
        """Write the served model, the principal components and the description into ``folder``."""
        self.reduction.save(folder)
        write_lite(self._served(), folder)
        description = ImageDescription(
            size=self.backbone.size,
            dims=self.dims,
            network_dims=self.network_dims,
            colour_share=self.colour_share,
            tags=self.tags,
            accuracy=self.accuracy,
            colour_size=self.colour_size,
        )
        details = {
            "backbone": self.backbone.name,
            "weights": self.backbone.weights,
            "options": {"tag_share": self.tag_share, "reduced_dims": self.reduction.dims},
        }
        write_description(folder, description, json.loads(json.dumps(details)))

    def _served(self) -> keras.Model:
        """The whole way from one picture to the network part of its vector."""
        import keras
        from keras import layers

        size = self.backbone.size
        picture = keras.Input(batch_shape=(1, size, size, 3), name="picture")
        short = layers.Dense(self.reduction.dims, name="reduce")
        reduced = short(self.backbone.network(picture))
        short.set_weights([self.reduction.components, -self.reduction.mean @ self.reduction.components])
        if self.tag_layer is None:
            return keras.Model(picture, joined(reduced))
        tell = layers.Dense(len(self.tags), name="tags")
        odds = tell(layers.UnitNormalization()(reduced))
        tell.set_weights([self.tag_layer.kernel, self.tag_layer.bias])
        return keras.Model(picture, joined(reduced, odds, tag_share=self.tag_share))


def fit_backbone_encoder(  # noqa: PLR0913 - all but two by keyword
    backbone: Backbone,
    pooled: npt.NDArray[np.float32],
    *,
    labels: npt.NDArray[np.int32],
    tags: Sequence[str],
    groups: npt.NDArray[np.int32],
    dims: int,
    tag_share: float,
    colour_share: float,
    colour_size: int,
    seed: int,
) -> BackboneEncoder:
    """Reduce the backbone's vectors and learn the tags from them, or leave them as they are.

    Args:
        backbone: Where the vectors come from.
        pooled: (p, d) its vectors of all pictures.
        labels: (p,) int32 into ``tags``, -1 for untagged pictures.
        tags: The names.
        groups: (p,) the item of each picture.
        dims: Length of the reduced vectors; 0: the bare vectors alone, no tags and no colours, as in the recipe.
        tag_share: What the tags count in the cosine of two network parts.
        colour_share: What colours count in the cosine of two vectors.
        colour_size: Pixels across that colours are counted at.
        seed: Which pictures check the tags.
    """
    if dims == 0:
        return BackboneEncoder(
            backbone=backbone,
            reduction=keep_all(pooled.shape[1]),
            tag_layer=None,
            tag_share=0.0,
            colour_share=0.0,
            colour_size=colour_size,
            notes=("Pictures are compared by the network's bare vectors, without tags and colours (IMAGE_DIMS=0).",),
        )
    reduction = fit_reduction(pooled, dims=dims)
    kept, names, notes = learnable_tags(labels, tags)
    layer = None
    if names:
        unit = unit_rows(reduction.apply(pooled))
        layer = _fit_tags(unit, kept, names, groups, seed=seed)
    return BackboneEncoder(
        backbone=backbone,
        reduction=reduction,
        tag_layer=layer,
        tag_share=tag_share if layer is not None else 0.0,
        colour_share=colour_share,
        colour_size=colour_size,
        notes=tuple(notes),
    )


def _fit_tags(
    unit: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int32],
    tags: tuple[str, ...],
    groups: npt.NDArray[np.int32],
    *,
    seed: int,
) -> TagLayer:
    """Multinomial logistic regression; a tenth of the items checks it."""
    from sklearn.linear_model import LogisticRegression

    checks = split_for_validation(labels, groups, share=VALIDATION_SHARE, random=np.random.default_rng(seed))
    learned = np.flatnonzero((labels >= 0) & ~checks)
    # Components of unit vectors are small; the penalty is meant for numbers of about 1.
    scale = np.float32(unit.shape[1] ** 0.5)
    model = LogisticRegression(C=_PENALTY, max_iter=_ITERATIONS)
    model.fit(unit[learned].astype(np.float64) * scale, labels[learned])
    kernel, bias = (model.coef_.T * scale).astype(np.float32), model.intercept_.astype(np.float32)
    if kernel.shape[1] == 1:
        # Two tags: scikit-learn keeps the odds of the second against the first only.
        kernel, bias = np.hstack([-kernel / 2, kernel / 2]), np.concatenate([-bias / 2, bias / 2])
    layer = TagLayer(kernel=kernel, bias=bias, tags=tags, accuracy=0.0)
    asked = np.flatnonzero(checks)
    told = layer.shares(unit[asked]).argmax(axis=1)
    accuracy = float((told == labels[asked]).mean()) if len(asked) else 0.0
    return TagLayer(kernel=kernel, bias=bias, tags=tags, accuracy=accuracy)
