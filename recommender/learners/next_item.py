"""A linear model of sequences: the recent past, with what its items have in common counted once, speaks for what is next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from recommender.learners.base import CannotLearn
from recommender.learners.dense import MOST_ITEMS, Square, inverse, one_thread, strongest, too_many
from recommender.learners.item_table import ItemTableLearner, in_order
from recommender.learners.log import ActionLog, Floats, Rows
from recommender.learners.sequences import Sequences, steps_that_count, summed_pairs
from recommender.learners.transitions import TransitionOptions, Transitions
from recommender.neighbours import NeighbourTable


@dataclass(frozen=True, slots=True, kw_only=True)
class NextItemOptions:
    """How the model of sequences is learned.

    Attributes:
        decay: What each step back takes off an item of the past.
        future_decay: What each step ahead takes off an item to be guessed.
        horizon: So many steps ahead are guessed.
        ridge: What is added to the diagonal.
        neighbours: K, kept per item.
        most_items: Above so many items plain transitions stand in.
    """

    decay: float = 0.8
    future_decay: float = 0.5
    horizon: int = 4
    ridge: float = 100.0
    neighbours: int = 200
    most_items: int = MOST_ITEMS


class NextItem(ItemTableLearner):
    """Ridge regression from the decayed past to the next few items.

    After every action, q is the past with weights decay^steps and y the next
    ``horizon`` items with weights future_decay^(steps − 1); the model is
    (Σqqᵀ + ridge · I)⁻¹ Σqyᵀ, the transitions part of Choi et al.,
    "Session-aware linear item-item models for session-based recommendation",
    WWW 2021. Both sums only depend on how many steps two actions lie apart, so
    they are counted pair by pair without writing down q or y. It takes two
    n × n squares while it learns; above ``most_items`` plain transitions take
    its place.
    """

    name: ClassVar[str] = "next_item"

    def __init__(self, options: NextItemOptions | None = None) -> None:
        super().__init__()
        self.options = options or NextItemOptions()

    def learn(self, log: ActionLog) -> NeighbourTable:
        """Solve the regression, or hand over.

        Raises:
            CannotLearn: no user has two actions whose times are known.
        """
        options = self.options
        self.note = too_many(log.item_count, most=options.most_items, handed_to="plain transitions")
        if self.note:
            return Transitions(TransitionOptions(neighbours=options.neighbours)).learn(log)
        sequences = Sequences.of(log)
        if not (sequences.left > 0).any():
            raise CannotLearn("nobody has two actions whose times are known, so nothing is known to follow anything.")
        past = self._past(sequences)
        future = self._future(sequences)
        with one_thread():
            weights = inverse(past, options.ridge) @ future
        return strongest(weights, k=options.neighbours)

    def _past(self, sequences: Sequences) -> Square:
        """Σqqᵀ: a pair that lies ``step`` apart meets in every later q, each a step fainter in both."""
        decay = self.options.decay

        def pairs() -> Iterator[tuple[Rows, Rows, Floats]]:
            for step in steps_that_count(decay):
                earlier, later, left = sequences.apart(step)
                yield earlier, later, decay**step * _meetings(decay, left)

        total = summed_pairs(sequences.item_count, pairs())
        total += total.T
        itself = np.bincount(
            sequences.items, weights=_meetings(decay, sequences.left), minlength=sequences.item_count
        ).astype(np.float32)
        total[np.diag_indices(len(total))] += itself
        return total

    def _future(self, sequences: Sequences) -> Square:
        """Σqyᵀ: a pair that lies ``step`` apart meets wherever the present stood between them."""
        options = self.options

        def pairs() -> Iterator[tuple[Rows, Rows, float]]:
            for step in range(1, options.horizon + sum(1 for _ in steps_that_count(options.decay)) + 1):
                ahead = np.arange(1, min(step, options.horizon) + 1)
                weight = float((options.decay ** (step - ahead) * options.future_decay ** (ahead - 1)).sum())
                earlier, later, _ = sequences.apart(step)
                yield earlier, later, weight

        return summed_pairs(sequences.item_count, pairs())

    def query(self, log: ActionLog, own: np.ndarray) -> tuple[Rows, Floats]:
        """The user's past as it was learned from."""
        order = in_order(log, own)
        return log.items[order], self.options.decay ** np.arange(len(order))[::-1].astype(np.float64)


def _meetings(decay: float, left: np.ndarray) -> Floats:
    """Σ over m = 0 … left of decay^(2m)."""
    return (1 - decay ** (2.0 * (left + 1))) / (1 - decay**2)
