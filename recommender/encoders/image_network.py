"""Learns to see: the shop's own convolutional network, trained on its tags and words. Training only: TensorFlow."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.encoders.colour import COLOUR_DIMS, colour_vectors, has_plain_rim
from recommender.encoders.fusion import side_by_side, unit_rows
from recommender.encoders.image_architecture import (
    ITEM_HEAD,
    TAG_HEAD,
    WORD_HEAD,
    build_network,
    part_of,
    served_network,
    smaller,
    vary,
    zoom,
)
from recommender.encoders.image_export import write_description, write_lite
from recommender.encoders.image_files import NETWORK_FILE, ImageDescription
from recommender.encoders.image_targets import Targets, make_targets, split_for_validation
from recommender.encoders.known_tags import with_known_tags
from recommender.tensorflow_start import prepare_tensorflow

if TYPE_CHECKING:
    import keras

_EMBED_BATCH = 256
# Share of a training that is spent on smaller pictures, where a step costs a third.
_SMALL_PHASE = 2 / 3
_SMALL_SIDE = 0.64
# Below so many steps an epoch, steps get smaller, down to this many pictures.
_STEPS_PER_EPOCH = 20
_SMALLEST_BATCH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOptions:
    """How the picture network is built and trained.

    Attributes:
        size: Pixels across that it sees.
        dims: Length of the embedding; a picture's vector has the tags' and the colours' dims more.
        epochs: How often it sees every picture at most, in a shop of middle size.
        fewest_views: Small shops get more epochs, until so many pictures were seen.
        most_views: Large shops get fewer.
        most_epochs: Bounds the former.
        batch: Pictures per step in a shop of middle size; small shops take smaller steps.
        learning_rate: The highest; it rises to it and falls back along a cosine.
        weight_decay: How fast weights that nothing needs fade, per step and rate.
        word_weight: What learning the words counts beside learning the tags.
        item_weight: The same of items that have several pictures.
        tag_share: What the tags' certainties count in the likeness of two pictures' network parts.
        colour_share: What colour counts in the likeness of two pictures, the embedding counts the rest.
        validation_share: Of the tagged pictures, what part checks the learning.
        patience: Stops after so many epochs on whole-size pictures without getting better.
        seed: Where all chance comes from.
    """

    size: int = 50
    dims: int = 128
    epochs: int = 16
    fewest_views: int = 40_000
    most_views: int = 140_000
    most_epochs: int = 60
    batch: int = 128
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    word_weight: float = 1.0
    item_weight: float = 1.0
    tag_share: float = 0.5
    colour_share: float = 0.33
    validation_share: float = 0.05
    patience: int = 3
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """One line of the learning curve; the validation figures are None without tags and on smaller pictures."""

    size: int
    loss: float
    validation_loss: float | None = None
    validation_accuracy: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedImageEncoder:
    """Turns pictures into unit vectors, and knows how well it learned.

    A picture's vector is the network's part and the colour vector side by side, so that
    the cosine of two is ``(1 - colour_share) · network parts + colour_share · colours``;
    the network's part is its embedding and how certain each tag is (``joined``).

    Attributes:
        options: How it was trained.
        network: The whole network with what it was trained to tell.
        tags: What it tells apart, in the order of its output.
        accuracy: Share of the validation pictures whose tag it tells, at the epoch kept; None without tags.
        curve: One entry per epoch.
        notes: What had to be left out.
    """

    options: ImageOptions
    network: keras.Model
    tags: tuple[str, ...] = ()
    accuracy: float | None = None
    curve: tuple[Epoch, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def network_dims(self) -> int:
        """Length of a vector without its colours."""
        learned = {layer.name: layer for layer in self.network.layers}
        return self.options.dims + (int(learned[TAG_HEAD].units) if TAG_HEAD in learned else 0)

    @property
    def dims(self) -> int:
        """Length of a picture's vector."""
        return self.network_dims + COLOUR_DIMS

    def embed(
        self, pictures: npt.NDArray[np.uint8], *, known: npt.NDArray[np.int32] | None = None
    ) -> npt.NDArray[np.float32]:
        """(p, size, size, 3) → (p, dims) unit rows, in batches.

        Args:
            pictures: From ``picture_arrays``.
            known: (p,) the tag of each picture as an index into ``tags``, -1 where unknown; a
                known tag speaks for itself beside what the network takes it for.
        """
        share = self.options.colour_share
        network = unit_rows(_outputs(served_network(self.network, tag_share=self.options.tag_share), pictures))
        if known is not None and self.tags:
            network = with_known_tags(network, known, dims=self.options.dims, share=self.options.tag_share)
        return unit_rows(side_by_side(((network, 1 - share), (colour_vectors(pictures), share))))

    def colours(self, vectors: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """The colour part (p, 125) of what ``embed`` gave."""
        return vectors[:, self.network_dims :]

    def export(self, folder: Path) -> None:
        """Write the served model, the trainable one and their description into ``folder``."""
        write_lite(served_network(self.network, tag_share=self.options.tag_share, size=self.options.size), folder)
        with warnings.catch_warnings():
            # Keras 3.15 reads TensorFlow's variables in the way of NumPy 1.
            warnings.filterwarnings("ignore", message="__array__ implementation", category=DeprecationWarning)
            self.network.save(folder / NETWORK_FILE)
        description = ImageDescription(
            size=self.options.size,
            dims=self.dims,
            network_dims=self.network_dims,
            colour_share=self.options.colour_share,
            tags=self.tags,
            accuracy=self.accuracy,
        )
        details = {"options": asdict(self.options), "curve": [asdict(epoch) for epoch in self.curve]}
        write_description(folder, description, details)


def train_image_encoder(  # noqa: PLR0913 - all but two by keyword
    pictures: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.int32],
    *,
    tags: Sequence[str],
    texts: Sequence[str] | None = None,
    groups: npt.NDArray[np.int32] | None = None,
    options: ImageOptions | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> TrainedImageEncoder:
    """Train on the tagged pictures; always gives an encoder, the best that the data allows.

    Without tags the network learns the words of the texts, without either it learns
    to tell silhouettes apart, and with next to no pictures it stays as it was drawn;
    ``notes`` say so. Same pictures, labels, texts and options give the same vectors.

    Args:
        pictures: (p, size, size, 3) uint8, from ``picture_arrays``.
        labels: (p,) int32 index into ``tags``, or -1 for a picture without a tag.
        tags: The names of the labels.
        texts: The text of each picture's item; its frequent words are a second thing
            to learn from, for untagged pictures too (colours stand in words, not in tags).
        groups: (p,) int32, the item of each picture, so that pictures of one item don't
            check what others of it taught; every picture for itself where None.
        options: How; the defaults where None.
        progress: Called with training steps done and their number.
    """
    options = options or ImageOptions()
    prepare_tensorflow(options.seed)
    targets = make_targets(labels, tags, texts, pictures=pictures, seed=options.seed, groups=groups)
    heads = {name: shares.shape[1] for name, shares in _shares_by_head(targets).items()}
    network = build_network(dims=options.dims, heads={name: length for name, length in heads.items() if length})
    if not targets.anything:
        return TrainedImageEncoder(options=options, network=network, notes=targets.notes)
    training = _Training(network, pictures, targets, groups, options)
    curve = training.run(progress)
    return TrainedImageEncoder(
        options=options,
        network=network,
        tags=targets.tags,
        accuracy=training.best_accuracy,
        curve=tuple(curve),
        notes=targets.notes,
    )


class _Training:
    """One run over the epochs; keeps the weights of the best one."""

    def __init__(
        self,
        network: keras.Model,
        pictures: npt.NDArray[np.uint8],
        targets: Targets,
        groups: npt.NDArray[np.int32] | None,
        options: ImageOptions,
    ) -> None:
        self.network = network
        self.options = options
        self.targets = targets
        self.pictures = pictures
        self.random = np.random.default_rng(options.seed)
        # Where items are learned by themselves, other pictures of the same item are what is asked for.
        owners = None if targets.item_shares.shape[1] else groups
        checks = split_for_validation(
            targets.labels, owners, share=options.validation_share if targets.has_tags else 0.0, random=self.random
        )
        self.checks = np.flatnonzero(checks)
        self.learned = np.flatnonzero(~checks & targets.usable)
        self.tag_model = part_of(network, TAG_HEAD) if len(self.checks) else None
        self.best_epoch = 0
        self.best_loss = np.inf
        self.best_accuracy: float | None = None
        self.best_weights: list[npt.NDArray[np.float32]] | None = None
        self.batch, self.epochs = plan(len(self.learned), options)
        self.steps = -(-len(self.learned) // self.batch)
        self.shares = {name: shares for name, shares in _shares_by_head(targets).items() if shares.shape[1]}
        self.loose = ~has_plain_rim(pictures)

    def run(self, progress: Callable[[int, int], None] | None) -> list[Epoch]:
        """Train, smaller pictures first, and leave the best weights in the network."""
        self._compile()
        small_epochs = int(self.epochs * _SMALL_PHASE)
        small = smaller(self.pictures, max(16, round(self.options.size * _SMALL_SIDE)))
        curve: list[Epoch] = []
        for epoch in range(self.epochs):
            whole = epoch >= small_epochs
            curve.append(self._epoch(self.pictures if whole else small, epoch, progress))
            if whole and self._no_better(curve[-1], len(curve)):
                break
        if self.best_weights is not None:
            self.network.set_weights(self.best_weights)
        return curve

    def _compile(self) -> None:
        """AdamW, its rate rising for a tenth of the steps and falling along a cosine, on all heads' cross-entropy."""
        import keras

        total = self.steps * self.epochs
        warming = max(1, total // 10)
        rate = keras.optimizers.schedules.CosineDecay(
            self.options.learning_rate / 20,
            decay_steps=max(1, total - warming),
            warmup_target=self.options.learning_rate,
            warmup_steps=warming,
        )
        weights = {TAG_HEAD: 1.0, WORD_HEAD: self.options.word_weight, ITEM_HEAD: self.options.item_weight}
        self.network.compile(
            optimizer=keras.optimizers.AdamW(rate, weight_decay=self.options.weight_decay),
            loss={name: keras.losses.CategoricalCrossentropy(from_logits=True) for name in self.shares},
            loss_weights={name: weights[name] for name in self.shares},
            jit_compile=False,
        )

    def _epoch(
        self, pictures: npt.NDArray[np.uint8], number: int, progress: Callable[[int, int], None] | None
    ) -> Epoch:
        """See every picture once, varied; then check."""
        self.network.reset_metrics()
        order = np.resize(self.random.permutation(self.learned), self.steps * self.batch)
        loss = 0.0
        for step in range(self.steps):
            chosen = order[step * self.batch : (step + 1) * self.batch]
            wanted = {name: shares[chosen] for name, shares in self.shares.items()}
            figures = self.network.train_on_batch(self._varied(pictures, chosen), wanted, return_dict=True)
            loss = float(figures["loss"])
            if progress is not None:
                progress(number * self.steps + step + 1, self.epochs * self.steps)
        # Smaller pictures are only the way there: how well they are told is nobody's measure.
        validation_loss, accuracy = self._check(pictures) if pictures is self.pictures else (None, None)
        return Epoch(size=pictures.shape[1], loss=loss, validation_loss=validation_loss, validation_accuracy=accuracy)

    def _varied(self, pictures: npt.NDArray[np.uint8], chosen: npt.NDArray[np.intp]) -> npt.NDArray[np.float32]:
        """The chosen of ``pictures`` as they are seen this time."""
        varied = vary(pictures[chosen], self.random)
        loose = np.flatnonzero(self.loose[chosen])
        if len(loose):
            # From the whole-size picture, so that a part of it stays sharp.
            varied[loose] = zoom(self.pictures[chosen[loose]], pictures.shape[1], self.random)
        return varied

    def _check(self, pictures: npt.NDArray[np.uint8]) -> tuple[float | None, float | None]:
        """Loss and accuracy on the tags of the validation pictures."""
        if self.tag_model is None:
            return None, None
        odds = _outputs(self.tag_model, pictures[self.checks]).astype(np.float64)
        odds -= odds.max(axis=1, keepdims=True)
        odds -= np.log(np.exp(odds).sum(axis=1, keepdims=True))
        wanted = self.targets.labels[self.checks]
        loss = -float(odds[np.arange(len(wanted)), wanted].mean())
        return loss, float((odds.argmax(axis=1) == wanted).mean())

    def _no_better(self, epoch: Epoch, done: int) -> bool:
        """Keep the weights of the best epoch; whether patience has run out."""
        if epoch.validation_loss is None:
            return False
        if epoch.validation_loss < self.best_loss:
            self.best_loss, self.best_accuracy, self.best_epoch = epoch.validation_loss, epoch.validation_accuracy, done
            self.best_weights = self.network.get_weights()
        return done - self.best_epoch >= self.options.patience


def _shares_by_head(targets: Targets) -> dict[str, npt.NDArray[np.float32]]:
    """What each head should say, (p, outputs) each; no columns where there is nothing to learn."""
    return {TAG_HEAD: targets.tag_shares, WORD_HEAD: targets.word_shares, ITEM_HEAD: targets.item_shares}


def plan(pictures: int, options: ImageOptions) -> tuple[int, int]:
    """Batch and epochs: small shops take smaller steps and see their pictures more often, large shops less often."""
    views = min(max(options.epochs * pictures, options.fewest_views), options.most_views)
    epochs = min(max(1, round(views / max(1, pictures))), max(options.most_epochs, options.epochs))
    batch = options.batch
    while batch > _SMALLEST_BATCH and batch * _STEPS_PER_EPOCH > pictures:
        batch //= 2
    return min(batch, max(1, pictures)), epochs


def _outputs(model: keras.Model, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """What ``model`` says about each picture, (p, outputs), in batches of one shape so that it is traced once."""
    batch = min(_EMBED_BATCH, max(1, len(pictures)))
    outputs = np.zeros((len(pictures), model.outputs[0].shape[-1]), dtype=np.float32)
    for start in range(0, len(pictures), batch):
        part = pictures[start : start + batch]
        filled = np.zeros((batch, *pictures.shape[1:]), dtype=np.float32)
        filled[: len(part)] = part
        outputs[start : start + len(part)] = model.predict_on_batch(filled)[: len(part)]
    return outputs
