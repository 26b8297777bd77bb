"""What comes after what: directed transitions between items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from recommender.learners.base import CannotLearn
from recommender.learners.co_occurrence import CoOccurrence
from recommender.learners.item_table import ItemTableLearner, best_of_each, in_order
from recommender.learners.log import FAVOURITE, ActionLog, Floats, Rows
from recommender.learners.sequences import Sequences
from recommender.neighbours import NO_NEIGHBOUR, NeighbourTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scipy.sparse import csr_matrix

RECENT_DECAY = 0.7
# From how many neighbours is borrowed, and how many transitions it takes to count as much as they do.
NEAR = 50
BORROWED = 150.0


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
        options, counts = self.options, self._counts(log)
        leaving = np.asarray(counts.sum(axis=1)).ravel() + options.shrinkage
        arriving = self._arriving(counts)

        def shares() -> Iterator[tuple[int, Rows, Floats]]:
            for item, columns, found in _rows_of(counts):
                yield item, columns, found / leaving[item] / arriving[columns]

        return best_of_each(shares(), items=log.item_count, k=options.neighbours)

    def _counts(self, log: ActionLog) -> csr_matrix:
        """float64 (n, n): weighted transitions from row to column."""
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
        return counts

    def _arriving(self, counts: csr_matrix) -> Floats:
        """float64 (n,): by what the score of a later item is divided for how often it comes at all."""
        comes = np.asarray(counts.sum(axis=0)).ravel() + self.options.prior
        return np.asarray(comes**self.options.popularity, dtype=np.float64)

    def query(self, log: ActionLog, own: np.ndarray) -> tuple[Rows, Floats]:
        """The user's items, each step back counting ``RECENT_DECAY`` of the one after."""
        order = in_order(log, own)
        return log.items[order], RECENT_DECAY ** np.arange(len(order))[::-1].astype(np.float64)


class SmoothedTransitions(Transitions):
    """Transitions in which an item that few have left borrows what came after its neighbours.

    score(i → j) = (count(i → j) + m · b(j)) / (all from i + m) / (all to j + prior)^popularity, where
    b = Σ over the ``NEAR`` items that the same shoppers acted on most, by their cosines made to add up to 1, of
    the shares of what came after those; m = ``BORROWED``. It is smoothing with a Dirichlet prior (Zhai & Lafferty,
    "A study of smoothing methods for language models", TOIS 2004), the prior being the neighbours'.
    """

    name: ClassVar[str] = "smoothed_transitions"

    def __init__(self, options: TransitionOptions | None = None, *, also_liked: NeighbourTable | None = None) -> None:
        super().__init__(options)
        self.also_liked = also_liked

    def learn(self, log: ActionLog) -> NeighbourTable:
        """Count the transitions and mix them with the neighbours'.

        Raises:
            CannotLearn: no user has two actions whose times are known.
        """
        counts = self._counts(log)
        near = CoOccurrence().fit(log).table if self.also_liked is None else self.also_liked
        leaving, arriving = np.asarray(counts.sum(axis=1)).ravel(), self._arriving(counts)
        after = _shares(counts, k=self.options.neighbours)

        def mixed() -> Iterator[tuple[int, Rows, Floats]]:
            for item, followers, found in _rows_of(counts):
                values = BORROWED * _borrowed(near.ids[item, :NEAR], near.scores[item, :NEAR], after)
                values[followers] += found
                columns = np.flatnonzero(values).astype(np.int32)
                yield item, columns, values[columns] / (leaving[item] + BORROWED) / arriving[columns]

        return best_of_each(mixed(), items=log.item_count, k=self.options.neighbours)


def _rows_of(counts: csr_matrix) -> Iterator[tuple[int, Rows, Floats]]:
    """Every item with what came after it and how often."""
    for item in range(counts.shape[0]):
        entries = slice(counts.indptr[item], counts.indptr[item + 1])
        yield item, counts.indices[entries], counts.data[entries]


def _shares(counts: csr_matrix, *, k: int) -> NeighbourTable:
    """The k most frequent items after each, as shares of all that came after it."""
    leaving = np.asarray(counts.sum(axis=1)).ravel()
    told = ((item, columns, found / leaving[item]) for item, columns, found in _rows_of(counts) if len(found))
    return best_of_each(told, items=counts.shape[0], k=k)


def _borrowed(near: Rows, cosines: np.ndarray, after: NeighbourTable) -> Floats:
    """float64 (n,): what came after the items in ``near``, weighed by their cosines."""
    count = len(after.ids)
    real = (near != NO_NEIGHBOUR) & (cosines > 0)
    if not real.any():
        return np.zeros(count)
    shares = after.scores[near[real]] * (cosines[real] / cosines[real].sum())[:, None]
    # One place before the first item takes what is padded with row −1.
    added = np.bincount((after.ids[near[real]] + 1).ravel(), weights=shares.ravel(), minlength=count + 1)
    return np.asarray(added[1:], dtype=np.float64)
