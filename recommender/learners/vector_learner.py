"""What learners have in common that end in one vector per user and item."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from recommender.learners.base import Learner, NotFitted, Ranked
from recommender.learners.log import ActionLog, Floats, Mask, Rows
from recommender.vector_lists import VectorLists, Vectors, also_liked, for_users, similar_items


class VectorLearner(Learner):
    """Recommends by dot products, finds similar items by cosines; ``learn`` makes the vectors."""

    _vectors: Vectors | None = None

    @abstractmethod
    def learn(self, log: ActionLog) -> Vectors:
        """Vectors of all users and items; the log has at least one action."""

    def fit(self, log: ActionLog) -> VectorLearner:
        """Learn the vectors; from an empty log there is nothing to learn, and nothing is recommended."""
        self._vectors = self.learn(log) if len(log) else _nothing(log)
        return self

    @property
    def vectors(self) -> Vectors:
        """What was learned.

        Raises:
            NotFitted: ``fit`` wasn't called.
        """
        if self._vectors is None:
            raise NotFitted(self.name)
        return self._vectors

    def user_scores(self, user: int) -> tuple[Rows, Floats]:
        """Every item, by the logistic of its dot product with the user."""
        found = self.recommend_lists([user], k=len(self.vectors.items))
        return found.ids[0], found.scores[0]

    def item_scores(self, item: int) -> tuple[Rows, Floats]:
        """Every other item, by cosine."""
        vectors = self.vectors
        found = similar_items(vectors, [item], k=len(vectors.items))
        real = found.ids[0] >= 0
        return found.ids[0][real], found.scores[0][real]

    def recommend(
        self, users: npt.ArrayLike, *, k: int, exclude: Sequence[Rows] | None = None, allow: Mask | None = None
    ) -> Ranked:
        """The items with the highest dot products, many users at once."""
        return _ranked(self.recommend_lists(users, k=k, exclude=exclude, allow=allow))

    def recommend_lists(
        self,
        users: npt.ArrayLike,
        *,
        k: int,
        exclude: Sequence[Rows] | None = None,
        allow: Mask | None = None,
        generator: np.random.Generator | None = None,
    ) -> VectorLists:
        """The same, and with a generator another draw of the best for every visit."""
        vectors = self.vectors
        return for_users(vectors, users, k=k, exclude=exclude, allow=_learned(vectors, allow), generator=generator)

    def similar_items(self, items: npt.ArrayLike, *, k: int, allow: Mask | None = None) -> Ranked:
        """The items with the highest cosines, many at once."""
        return _ranked(similar_items(self.vectors, items, k=k, allow=allow))

    def also_liked(
        self,
        items: npt.ArrayLike,
        *,
        k: int,
        allow: Mask | None = None,
        generator: np.random.Generator | None = None,
    ) -> VectorLists:
        """What the users with the highest affinity to each item rate highest; see ``recommender.vector_lists``."""
        return also_liked(self.vectors, items, k=k, allow=_learned(self.vectors, allow), generator=generator)


def _nothing(log: ActionLog) -> Vectors:
    """Vectors that say nothing of anybody."""
    return Vectors(
        users=np.zeros((log.user_count, 1), dtype=np.float32),
        items=np.zeros((log.item_count, 1), dtype=np.float32),
        active=np.zeros(log.user_count, dtype=np.bool_),
    )


def _learned(vectors: Vectors, allow: Mask | None) -> Mask:
    """Items that may be shown and of which something is known: their vector isn't zero."""
    known: Mask = np.any(vectors.items != 0, axis=1)
    return known if allow is None else known & allow


def _ranked(lists: VectorLists) -> Ranked:
    return Ranked(ids=lists.ids, scores=lists.scores.astype(np.float32))
