"""What comes after what: directed transitions between items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from recommender.learners.base import CannotLearn, best
from recommender.learners.item_table import ItemTableLearner, in_order
from recommender.learners.log import FAVOURITE, ActionLog, Floats, Rows
from recommender.learners.sequences import Sequences
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

RECENT_DECAY = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionOptions:
    """How transitions are counted.

    Attributes:
        steps: A later action counts up to so many steps after.
        decay: What each step further takes off.
        weaker: What a click counts, before or after, where a favourite or more counts 1.
        popularity: Exponent on how often the later item comes at all; 0 is the plain share, 1 is lift.
        shrinkage: So many transitions from an item it takes to trust its shares half.
        prior: Added to how often an item comes, so that the rare ones don't win by chance.
        neighbours: K.
    """

    steps: int = 8
    decay: float = 0.75
    weaker: float = 0.7
    popularity: float = 0.1
    shrinkage: float = 5.0
    prior: float = 10.0
    neighbours: int = 200


class Transitions(ItemTableLearner):
    """Item j after item i: a first-order Markov chain that looks a few steps ahead.

    score(i → j) = Σ over steps s of decay^(s−1) · weights of both actions · count(j s steps after i)
    / (all from i + shrinkage) / (all to j + prior)^popularity. Only actions
    whose time is known take part. (Rendle et al., "Factorizing personalized
    Markov chains", WWW 2010, is the same chain in factors; here counts stay
    counts, so memory grows with the log and not with the square of items.)
    """

    name: ClassVar[str] = "transitions"

    def __init__(self, options: TransitionOptions | None = None) -> None:
        super().__init__()
        self.options = options or TransitionOptions()

    def learn(self, log: ActionLog) -> NeighbourTable:
        """Count the transitions.

        Raises:
            CannotLearn: no user has two actions whose times are known.
        """
        from scipy.sparse import csr_matrix

        options, sequences = self.options, Sequences.of(log)
        shape = (log.item_count, log.item_count)
        counts = csr_matrix(shape, dtype=np.float64)
        weight = np.where(sequences.kinds >= FAVOURITE, 1.0, options.weaker)
        for step in range(1, options.steps + 1):
            earlier = sequences.followed(step)
            later = earlier + step
            weights = options.decay ** (step - 1) * weight[earlier] * weight[later]
            counts = counts + csr_matrix((weights, (sequences.items[earlier], sequences.items[later])), shape=shape)
        if not counts.nnz:
            raise CannotLearn("nobody has two actions whose times are known, so nothing is known to follow anything.")
        leaving = np.asarray(counts.sum(axis=1)).ravel() + options.shrinkage
        arriving = (np.asarray(counts.sum(axis=0)).ravel() + options.prior) ** options.popularity
        ids = np.full((log.item_count, options.neighbours), NO_NEIGHBOUR, dtype=np.int32)
        scores = np.zeros(ids.shape, dtype=np.float32)
        for item in range(log.item_count):
            entries = slice(counts.indptr[item], counts.indptr[item + 1])
            columns = counts.indices[entries]
            values = (counts.data[entries] / leaving[item] / arriving[columns]).astype(np.float32)
            itself = np.array([item], dtype=np.int32)
            rows, kept = best(columns, values.astype(np.float64), k=options.neighbours, exclude=itself)
            ids[item, : len(rows)] = rows
            scores[item, : len(rows)] = kept
        return NeighbourTable(ids=ids, scores=scores)

    def query(self, log: ActionLog, own: np.ndarray) -> tuple[Rows, Floats]:
        """The user's items, each step back counting ``RECENT_DECAY`` of the one after."""
        order = in_order(log, own)
        return log.items[order], RECENT_DECAY ** np.arange(len(order))[::-1].astype(np.float64)
