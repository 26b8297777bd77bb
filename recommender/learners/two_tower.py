"""Two towers that learn to tell what comes next from everything else (DSSM, Huang et al. 2013; Yi et al. 2019).

One example is an action and what its user did before. The user tower takes the
user's number and facts and the weighted mean of the embeddings of the last
items before the action, weighted by how long ago (in actions) and of what kind
they were, both learned. The item tower takes the item's number, category, tag,
words and pictures; one in ten numbers is left out in training, so that an item
nobody has touched gets its place from what it is. Both vectors have unit
length. The loss is the cross-entropy of each example's item among the items of
its batch, at a learned temperature; since popular items stand in more batches,
the logarithm of how often an item is drawn is taken from its logit.

Where no times are known the past is whatever else the user did, in an order
that is drawn anew for every epoch. Needs no values and no facts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from recommender.learners.context import Context
from recommender.learners.facts import item_features, item_fields, user_fields
from recommender.learners.log import ActionLog, Floats, Rows
from recommender.learners.networks import (
    Progress,
    TowerInput,
    descend,
    outputs_of,
    run_epochs,
    seen_rows,
)
from recommender.learners.popularity import KIND_WEIGHTS
from recommender.learners.vector_learner import VectorLearner
from recommender.tensorflow_start import prepare_tensorflow
from recommender.vector_lists import Vectors

FACT_DIMS = 8
CONTENT_DIMS = 128
HIDDEN = 128
KINDS = 4
NOTHING = -1


@dataclass(frozen=True, kw_only=True)
class TwoTowerOptions:
    """How the towers are built and trained.

    Attributes:
        dims: Length of the vectors.
        past: So many earlier actions make a user's history.
        epochs: At most so many times the examples are drawn.
        most_examples: All epochs together see at most so many, so that a large log doesn't take for ever.
        batch: Examples per step, and so the items each is told from.
        learning_rate: The highest; it falls along a cosine.
        forgotten: Share of numbers left out in training.
    """

    dims: int = 64
    past: int = 20
    epochs: int = 3
    most_examples: int = 1_500_000
    batch: int = 1024
    learning_rate: float = 4e-3
    forgotten: float = 0.1


class TwoTower(VectorLearner):
    """In-batch softmax over two towers."""

    name: ClassVar[str] = "two_tower"

    def __init__(
        self,
        context: Context | None = None,
        options: TwoTowerOptions | None = None,
        *,
        progress: Progress | None = None,
    ) -> None:
        self.context = context
        self.options = options or TwoTowerOptions()
        self._progress = progress

    def learn(self, log: ActionLog) -> Vectors:
        """Train the towers and ask them for everybody, as of the end of the log, and everything."""
        seed = self.context.seed if self.context is not None else 0
        prepare_tensorflow(seed)
        generator = np.random.default_rng(seed)
        active = seen_rows(log.users, log.user_count)
        fields = user_fields(None if self.context is None else self.context.users, log.user_count)
        facts = item_fields(None if self.context is None else self.context.items, log.item_count)
        users = TowerInput.of(known=active, fields=fields.all)
        items = TowerInput.of(
            known=seen_rows(log.items, log.item_count),
            fields=facts.all,
            features=item_features(self.context, log.item_count),
        )
        sequences = _Sequences.of(log, past=self.options.past)
        network = _Network(users, items, self.options, steps=self._steps(len(log)))
        self.curve = run_epochs(
            network.step(_drawn_share(log)),
            lambda chance: sequences.examples(self._per_epoch(len(log)), chance),
            batch=self.options.batch,
            epochs=self.options.epochs,
            generator=generator,
            progress=self._progress,
        )
        rows = np.arange(log.user_count, dtype=np.int32)
        past_items, past_kinds = sequences.last(generator)
        return Vectors(
            users=outputs_of(network.users, rows, past_items, past_kinds),
            items=outputs_of(network.items, np.arange(log.item_count, dtype=np.int32)),
            active=active,
        )

    def _per_epoch(self, actions: int) -> int:
        return max(1, min(actions, self.options.most_examples // self.options.epochs))

    def _steps(self, actions: int) -> int:
        return max(1, self.options.epochs * (self._per_epoch(actions) // self.options.batch))


@dataclass(frozen=True)
class _Sequences:
    """Every user's actions in their order, side by side.

    Attributes:
        users, items, kinds: (a,), ordered by user, then time.
        starts: int64 (u + 1,): where each user's actions begin.
        timed: bool (a,), the action's time is known.
        past: How far back a history goes.
        user_count: u.
    """

    users: Rows
    items: Rows
    kinds: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    timed: npt.NDArray[np.bool_]
    past: int

    @classmethod
    def of(cls, log: ActionLog, *, past: int) -> _Sequences:
        # Where no time is known an action stands before those with one; equal times keep the order of the log.
        order = np.lexsort((np.nan_to_num(log.times, nan=-np.inf), log.users))
        counts = np.bincount(log.users, minlength=log.user_count)
        return cls(
            users=log.users[order],
            items=log.items[order],
            kinds=log.kinds[order].astype(np.int32),
            starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            timed=~np.isnan(log.times[order]),
            past=past,
        )

    def shuffled(self, generator: np.random.Generator) -> _Sequences:
        """The same with actions of unknown time in another order among themselves."""
        if self.timed.all():
            return self
        places = np.arange(len(self.users), dtype=np.float64)
        order = np.lexsort((np.where(self.timed, places, generator.random(len(places))), self.timed, self.users))
        return _Sequences(
            self.users[order], self.items[order], self.kinds[order], self.starts, self.timed[order], self.past
        )

    def examples(self, count: int, generator: np.random.Generator) -> tuple[npt.NDArray[Any], ...]:
        """Users, items, past items and past kinds of ``count`` actions, drawn by the weights of their kinds."""
        ordered = self.shuffled(generator)
        chances = np.asarray(KIND_WEIGHTS)[ordered.kinds]
        bounds = np.cumsum(chances)
        drawn = np.searchsorted(bounds, generator.random(count) * bounds[-1], side="right")
        drawn = np.minimum(drawn, len(bounds) - 1)
        items, kinds = ordered.before(drawn)
        return ordered.users[drawn], ordered.items[drawn], items, kinds

    def before(self, places: npt.NDArray[np.intp]) -> tuple[Rows, npt.NDArray[np.int32]]:
        """Items (p, past), -1 where there is none, and kinds of what each action's user did before it, latest first.

        The item of the action itself is left out, or the towers would learn to repeat. Actions of unknown time
        have no before: there the past goes around to the user's last ones.
        """
        steps = np.arange(1, self.past + 1)
        first = self.starts[self.users[places]][:, None]
        last = self.starts[self.users[places] + 1][:, None]
        earlier = places[:, None] - steps
        around = np.where((earlier < first) & ~self.timed[places][:, None], earlier + (last - first), earlier)
        there = (around >= first) & (around != places[:, None]) & (steps < (last - first))
        around = np.where(there, around, 0)
        items, kinds = self.items[around], self.kinds[around]
        there &= items != self.items[places][:, None]
        return np.where(there, items, NOTHING).astype(np.int32), np.where(there, kinds, 0).astype(np.int32)

    def last(self, generator: np.random.Generator) -> tuple[Rows, npt.NDArray[np.int32]]:
        """Items (u, past) and kinds of every user's last actions, latest first; of unknown times the strongest."""
        ordered = self.shuffled(generator)
        strength = np.where(ordered.timed, np.arange(len(ordered.users)), ordered.kinds)
        order = np.lexsort((strength, ordered.timed, ordered.users))
        around = self.starts[1:][:, None] - np.arange(1, self.past + 1)
        there = around >= self.starts[:-1][:, None]
        around = np.where(there, around, 0)
        items, kinds = ordered.items[order][around], ordered.kinds[order][around]
        return np.where(there, items, NOTHING).astype(np.int32), np.where(there, kinds, 0).astype(np.int32)


class _Network:
    """The towers, their weights and one step of training."""

    def __init__(self, users: TowerInput, items: TowerInput, options: TwoTowerOptions, *, steps: int) -> None:
        import keras
        import tensorflow as tf

        self.options = options
        self._user_codes = tf.constant(users.codes)
        self._item_codes = tf.constant(items.codes)
        self._features = tf.constant(items.features)
        self.user_tower = _user_tower(users, options)
        self.item_tower = _item_tower(items, options)
        self.past_items = tf.Variable(tf.random.normal((len(items.codes) + 1, options.dims), stddev=0.1, seed=1))
        self.age_weights = tf.Variable(-0.1 * tf.range(options.past, dtype=tf.float32))
        self.kind_weights = tf.Variable(tf.math.log(tf.constant(KIND_WEIGHTS)))
        self.sharpness = tf.Variable(np.log(10.0).astype(np.float32))
        self.weights = [
            *self.user_tower.trainable_variables,
            *self.item_tower.trainable_variables,
            self.past_items,
            self.age_weights,
            self.kind_weights,
            self.sharpness,
        ]
        rate = keras.optimizers.schedules.CosineDecay(options.learning_rate, decay_steps=steps)
        self.optimiser = keras.optimizers.Adam(rate)

    def users(self, inputs: list[Any], *, training: bool = False) -> Any:
        """Unit vectors (b, d) for rows (b,) with their past items and kinds, both (b, past)."""
        import tensorflow as tf

        rows, items, kinds = inputs
        there = items != NOTHING
        strength = self.age_weights + tf.gather(self.kind_weights, kinds)
        shares = tf.where(there, tf.exp(strength), 0.0)
        shares /= tf.reduce_sum(shares, axis=1, keepdims=True) + 1e-6
        past = tf.einsum("bp,bpd->bd", shares, tf.gather(self.past_items, items + 1))
        codes = self._forgetful(tf.gather(self._user_codes, rows), training=training)
        return self.user_tower([codes, past], training=training)

    def items(self, inputs: list[Any], *, training: bool = False) -> Any:
        """Unit vectors (b, d) for item rows (b,)."""
        import tensorflow as tf

        codes = self._forgetful(tf.gather(self._item_codes, inputs[0]), training=training)
        return self.item_tower([codes, tf.gather(self._features, inputs[0])], training=training)

    def _forgetful(self, codes: Any, *, training: bool) -> Any:
        """In training some rows lose their number, so that number 0 learns to stand for the unknown."""
        import tensorflow as tf

        if not training:
            return codes
        kept = tf.cast(tf.random.uniform(tf.shape(codes[:, :1])) >= self.options.forgotten, codes.dtype)
        return tf.concat([codes[:, :1] * kept, codes[:, 1:]], axis=1)

    def step(self, drawn_share: Floats) -> Callable[..., Any]:
        """One step; ``drawn_share`` (n,) says how often each item is drawn, as a share."""
        import tensorflow as tf

        corrections = tf.constant(np.log(np.maximum(drawn_share, 1e-12)), dtype=tf.float32)
        self.optimiser.build(self.weights)

        def step(user_rows: Any, item_rows: Any, past_items: Any, past_kinds: Any) -> Any:
            with tf.GradientTape() as tape:
                people = self.users([user_rows, past_items, past_kinds], training=True)
                things = self.items([item_rows], training=True)
                logits = tf.matmul(people, things, transpose_b=True) * tf.exp(self.sharpness)
                logits -= tf.gather(corrections, item_rows)
                # The same item elsewhere in the batch is no wrong answer.
                again = (item_rows[:, None] == item_rows) & ~tf.eye(tf.shape(item_rows)[0], dtype=tf.bool)
                logits = tf.where(again, -1e9, logits)
                places = tf.range(tf.shape(item_rows)[0])
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(places, logits))
            descend(self.optimiser, tape.gradient(loss, self.weights), self.weights)
            return loss

        return step


def _user_tower(users: TowerInput, options: TwoTowerOptions) -> Any:
    """(codes, past) to unit vectors: what the past says, changed by who it is."""
    import keras

    layers = keras.layers
    codes = keras.Input((users.codes.shape[1],), dtype="int32")
    past = keras.Input((options.dims,), dtype="float32")
    parts = [past, *(layers.Embedding(size, FACT_DIMS)(codes[:, place]) for place, size in enumerate(users.sizes))]
    hidden = layers.Dense(HIDDEN, activation="relu")(layers.Concatenate()(parts))
    vector = past + layers.Dense(options.dims)(hidden)
    return keras.Model([codes, past], layers.UnitNormalization()(vector))


def _item_tower(items: TowerInput, options: TwoTowerOptions) -> Any:
    """(codes, features) to unit vectors: its own embedding plus what category, tag, words and pictures say."""
    import keras

    layers = keras.layers
    codes = keras.Input((items.codes.shape[1],), dtype="int32")
    features = keras.Input((items.features.shape[1],), dtype="float32")
    parts = [layers.Embedding(size, FACT_DIMS)(codes[:, place]) for place, size in enumerate(items.sizes) if place]
    if items.features.shape[1]:
        parts.append(features)
    own = layers.Embedding(items.sizes[0], options.dims)(codes[:, 0])
    told = layers.Dense(CONTENT_DIMS, activation="relu")(layers.Concatenate()(parts))
    vector = own + layers.Dense(options.dims)(told)
    return keras.Model([codes, features], layers.UnitNormalization()(vector))


def _drawn_share(log: ActionLog) -> Floats:
    """float64 (n,): how likely a drawn action is of each item."""
    sums = np.bincount(log.items, weights=np.asarray(KIND_WEIGHTS)[log.kinds], minlength=log.item_count)
    share: Floats = sums / sums.sum()
    return share
