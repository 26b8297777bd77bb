"""Networks that guess ratings as the dot product of a user tower and an item tower."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.learners.base import NotFitted
from recommender.learners.context import Context
from recommender.learners.facts import ItemFields, item_fields, user_fields
from recommender.learners.log import ActionLog, Floats, Rows
from recommender.learners.networks import (
    Matrix,
    Progress,
    TowerInput,
    descend,
    outputs_of,
    run_epochs,
    seen_rows,
)
from recommender.learners.rated_pairs import RatedPairs, rated_pairs
from recommender.learners.vector_learner import VectorLearner
from recommender.tensorflow_start import prepare_tensorflow
from recommender.vector_lists import Vectors

BLOCK_PAIRS = 1 << 18


@dataclass(frozen=True, kw_only=True)
class RatingPlan:
    """How a rating network is trained.

    Attributes:
        batch: Ratings per step.
        epochs: How often everything is seen.
        most_pairs: An epoch sees at most so many pairs, drawn anew each time.
        share: An epoch's share of all pairs.
        fixed_sample: The share is drawn once instead of for every epoch.
    """

    batch: int
    epochs: int
    most_pairs: int = 2_000_000
    share: float = 1.0
    fixed_sample: bool = False


@dataclass(frozen=True)
class Towers:
    """A network in its parts.

    Attributes:
        user, item: Keras models from (codes, features) to (rows, d).
        head: Turns dot products (b,) into targets (b,), both as ``goal`` scales them.
        optimiser: A Keras optimiser.
    """

    user: Any
    item: Any
    head: Any
    optimiser: Any


class RatingNetwork(VectorLearner):
    """Trains two towers with mean squared error; subclasses say what the towers are."""

    plan: RatingPlan

    def __init__(self, context: Context | None = None, *, progress: Progress | None = None) -> None:
        self.context = context
        self._progress = progress
        self._pairs: RatedPairs | None = None
        self._head: Callable[[Floats], Floats] | None = None

    @abstractmethod
    def build(self, users: TowerInput, items: TowerInput) -> Towers:
        """The network for these inputs; TensorFlow is prepared already."""

    @abstractmethod
    def item_input(self, known: npt.NDArray[np.bool_]) -> TowerInput:
        """What the item tower takes in; ``known`` items occur in the log."""

    def scale(self, pairs: RatedPairs) -> tuple[float, float]:
        """What is taken from a value, and what the rest is divided by, to make the goal of training."""
        return pairs.mean, pairs.spread

    def learn(self, log: ActionLog) -> Vectors:
        """Train the towers and ask them for everybody and everything."""
        seed = self.context.seed if self.context is not None else 0
        prepare_tensorflow(seed)
        pairs = self._pairs = rated_pairs(log)
        active = seen_rows(log.users, log.user_count)
        fields = user_fields(None if self.context is None else self.context.users, log.user_count)
        users = TowerInput.of(known=active, fields=fields.all)
        items = self.item_input(seen_rows(log.items, log.item_count))
        towers = self.build(users, items)
        self.curve = self._train(towers, users, items, pairs, np.random.default_rng(seed))
        self._head = _as_numpy(towers.head)
        return Vectors(
            users=outputs_of(towers.user, users.codes, users.features),
            items=outputs_of(towers.item, items.codes, items.features),
            active=active,
        )

    def predict(self, users: Rows, items: Rows) -> Floats:
        """float64 (p,): the value of each pair, within the bounds of the values learned from.

        Raises:
            NotFitted: ``fit`` wasn't called.
        """
        vectors = self.vectors
        if self._pairs is None or self._head is None or vectors.users is None:
            raise NotFitted(self.name)
        taken, divided = self.scale(self._pairs)
        guesses = np.empty(len(users))
        for start in range(0, len(users), BLOCK_PAIRS):
            block = slice(start, start + BLOCK_PAIRS)
            dots = np.einsum("pd,pd->p", vectors.users[users[block]], vectors.items[items[block]])
            guesses[block] = self._head(dots.astype(np.float64))
        return np.clip(taken + divided * guesses, *self._pairs.bounds)

    def _train(
        self,
        towers: Towers,
        users: TowerInput,
        items: TowerInput,
        pairs: RatedPairs,
        generator: np.random.Generator,
    ) -> list[dict[str, float]]:
        """Run the plan; gives the learning curve."""
        taken, divided = self.scale(pairs)
        goals = ((pairs.values - taken) / divided).astype(np.float32)
        plan = self.plan
        wanted = max(1, min(plan.most_pairs, round(len(pairs) * plan.share)))
        sample = generator.choice(len(pairs), wanted, replace=False) if plan.fixed_sample else None

        def examples(chance: np.random.Generator) -> tuple[npt.NDArray[Any], ...]:
            drawn = chance.permutation(len(pairs))[:wanted] if sample is None else chance.permutation(sample)
            return pairs.users[drawn], pairs.items[drawn], goals[drawn]

        return run_epochs(
            _squared_error_step(towers, users, items),
            examples,
            batch=plan.batch,
            epochs=plan.epochs,
            generator=generator,
            progress=self._progress,
        )


def _squared_error_step(towers: Towers, users: TowerInput, items: TowerInput) -> Callable[..., Any]:
    """One step of training: every user and item of a batch goes through its tower once, however often it occurs."""
    import tensorflow as tf

    tables = [tf.constant(table) for table in (users.codes, users.features, items.codes, items.features)]
    weights = [*towers.user.trainable_variables, *towers.item.trainable_variables, *towers.head.trainable_variables]
    towers.optimiser.build(weights)

    def vectors(tower: Any, codes: Any, features: Any, rows: Any) -> Any:
        distinct, places = tf.unique(rows)
        found = tower([tf.gather(codes, distinct), tf.gather(features, distinct)], training=True)
        return tf.gather(found, places)

    def step(user_rows: Any, item_rows: Any, goals: Any) -> Any:
        with tf.GradientTape() as tape:
            people = vectors(towers.user, tables[0], tables[1], user_rows)
            things = vectors(towers.item, tables[2], tables[3], item_rows)
            dots = tf.reduce_sum(people * things, axis=1)
            error = tf.reduce_mean(tf.square(towers.head(dots[:, None])[:, 0] - goals))
            loss = error + tf.add_n([tf.constant(0.0), *towers.user.losses, *towers.item.losses])
        descend(towers.optimiser, tape.gradient(loss, weights), weights)
        return error

    return step


def _as_numpy(head: Any) -> Callable[[Floats], Floats]:
    """The head for arrays outside of TensorFlow."""

    def applied(dots: Floats) -> Floats:
        values: Matrix = np.asarray(head(dots.astype(np.float32)[:, None]))[:, 0]
        return values.astype(np.float64)

    return applied


def all_item_fields(context: Context | None, count: int) -> ItemFields:
    """The facts of items, all unknown without a context."""
    return item_fields(None if context is None else context.items, count)
