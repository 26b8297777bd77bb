"""A linear item-item model: which wanted items speak for which, with what they have in common counted once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from recommender.learners.base import CannotLearn
from recommender.learners.co_occurrence import CoOccurrence, CoOccurrenceOptions
from recommender.learners.dense import MOST_ITEMS, inverse, one_thread, strongest, too_many
from recommender.learners.item_table import ItemTableLearner
from recommender.learners.log import FAVOURITE, ActionLog, Floats, Rows, pair_weights
from recommender.neighbours import NeighbourTable

# However long a shopper has stayed away, so much of a voice is left.
LEAST_VOICE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class EaseOptions:
    """How the linear model is learned.

    Attributes:
        ridge: What is added to the diagonal; the more, the more popular the lists.
        neighbours: K, kept per item.
        most_items: Above so many items co-occurrence stands in.
        fading: A shopper after whose last action came this share of the whole log speaks with 1/e of a voice; all
            speak alike where absent.
    """

    ridge: float = 1000.0
    neighbours: int = 400
    most_items: int = MOST_ITEMS
    fading: float | None = None


class Ease(ItemTableLearner):
    """EASE (Steck, "Embarrassingly shallow autoencoders for sparse data", WWW 2019), kept to K weights per item.

    With X (u, n) holding 1 where a user wanted an item (a favourite or more;
    everything where nobody wanted anything), P = (XᵀX + ridge · I)⁻¹ and
    B = I − P / diag(P); a user's scores are the sum of the rows of B over what
    the user wanted. It takes two n × n squares while it learns; above
    ``most_items`` the cosine of co-occurrence takes its place.
    """

    name: ClassVar[str] = "ease"

    def __init__(self, options: EaseOptions | None = None) -> None:
        super().__init__()
        self.options = options or EaseOptions()

    def learn(self, log: ActionLog) -> NeighbourTable:
        """Solve the regression, or hand over."""
        options = self.options
        self.note = too_many(log.item_count, most=options.most_items, handed_to="cosines of co-occurrence")
        if self.note:
            others = CoOccurrenceOptions(neighbours=options.neighbours)
            return CoOccurrence(others).fit(wanted(log)).table
        from scipy.sparse import csr_matrix

        users, items, _ = pair_weights(wanted(log), (1.0, 1.0, 1.0, 1.0))
        told = np.ones(len(users))
        if options.fading is not None:
            told = voices(log, options.fading)[users]
            told /= told.mean() if len(told) else 1.0
        # The Gram matrix takes every voice twice, once from either item.
        loud = np.sqrt(told).astype(np.float32)
        held = csr_matrix((loud, (users, items)), shape=(log.user_count, log.item_count))
        with one_thread():
            weights = inverse((held.T @ held).toarray(), options.ridge)
        weights /= -np.diag(weights).copy()
        return strongest(weights, k=options.neighbours)

    def query(self, log: ActionLog, own: np.ndarray) -> tuple[Rows, Floats]:
        """What the user wanted, each item once."""
        kinds = log.kinds[own]
        chosen = own[kinds >= FAVOURITE] if (kinds >= FAVOURITE).any() else own
        items = np.unique(log.items[chosen])
        return items, np.ones(len(items))


class EaseLately(Ease):
    """The same model, in which shoppers of late speak louder: for those who come back when tastes have moved on.

    A shopper's voice is exp(−a / 0.1) + 0.1, where a is the share of the log's
    actions that came after the shopper's last one, brought to 1 on average over
    what is learned from. Its ridge is greater, so it holds closer to what is
    wanted by many. Only for logs whose times are known, of as many items as a
    square can be held of.
    """

    name: ClassVar[str] = "ease_lately"

    def __init__(self, options: EaseOptions | None = None) -> None:
        super().__init__(options or EaseOptions(ridge=4000.0, fading=0.1))

    def learn(self, log: ActionLog) -> NeighbourTable:
        """Solve the weighted regression.

        Raises:
            CannotLearn: no time is known, or there are too many items.
        """
        if np.isnan(log.times).all():
            raise CannotLearn("no time of any action is known, so nothing is known to be of late.")
        if log.item_count > self.options.most_items:
            raise CannotLearn(too_many(log.item_count, most=self.options.most_items, handed_to="ease"))
        return super().learn(log)


def voices(log: ActionLog, fading: float) -> Floats:
    """float64 (u,): exp(−a / fading) + ``LEAST_VOICE``, a: the share of the timed actions after the user's last one.

    Users whose times are all unknown keep the least.
    """
    known = ~np.isnan(log.times)
    last = np.full(log.user_count, -np.inf)
    np.maximum.at(last, log.users[known], log.times[known])
    after = 1 - np.searchsorted(np.sort(log.times[known]), last, side="right") / max(int(known.sum()), 1)
    return np.where(np.isinf(last), 0.0, np.exp(-after / fading)) + LEAST_VOICE


def wanted(log: ActionLog) -> ActionLog:
    """Favourites, carts and purchases; the whole log where there are none."""
    chosen = log.kinds >= FAVOURITE
    return log.where(chosen) if chosen.any() else log
