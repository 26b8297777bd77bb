"""What all learners have in common: fit on a log, recommend to users, find items that go together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt

from recommender.learners.log import ActionLog, Floats, Mask, Rows
from recommender.neighbours import NO_NEIGHBOUR


class NotFitted(RuntimeError):
    """A learner was asked before it learned."""


class CannotLearn(RuntimeError):
    """The log, or what is known besides it, is too little for a method; the message says what is missing.

    ``evaluate`` then lists the method as left out instead of failing.
    """


@dataclass(frozen=True, slots=True)
class Ranked:
    """Lists of items, best first, equal scores by row; padded with row −1 and score 0.

    Attributes:
        ids: int32 (r, k), item rows.
        scores: float32 (r, k), falling along each row.
    """

    ids: npt.NDArray[np.int32]
    scores: npt.NDArray[np.float32]


class Learner(ABC):
    """Turns a log into scores.

    A learner says in ``fit`` what it keeps, and in ``user_scores`` and
    ``item_scores`` which candidates it knows for one user or item; ranking,
    excluding and padding are the same for all and live here.

    Attributes:
        name: Public, fixed.
        curve: What ``fit`` saw after every epoch, such as ``{"loss": 0.4, "validation_loss": 0.5}``; empty where
            nothing is trained by epochs. The report draws it.
        in_session: Lists are for the moment of each user's last action instead of the end of the log, where a
            learner makes a difference of it.
    """

    name: ClassVar[str]
    curve: Sequence[Mapping[str, float]] = ()
    in_session: bool = False

    @abstractmethod
    def fit(self, log: ActionLog) -> Self:
        """Learn from a log; gives itself."""

    @abstractmethod
    def user_scores(self, user: int) -> tuple[Rows, Floats]:
        """Candidates for one user: rows int32 (m,), each once, and scores float64 (m,)."""

    @abstractmethod
    def item_scores(self, item: int) -> tuple[Rows, Floats]:
        """Candidates that go with one item: rows int32 (m,), each once, and scores float64 (m,)."""

    def recommend(
        self, users: npt.ArrayLike, *, k: int, exclude: Sequence[Rows] | None = None, allow: Mask | None = None
    ) -> Ranked:
        """The best k items for each user; only positive scores count.

        Args:
            users: int32 (u,), user rows.
            k: Length of the lists.
            exclude: For each of the users, rows that must not appear.
            allow: bool (n,), items that may be recommended; all where absent.

        Returns:
            Lists of shape (u, k).

        Raises:
            NotFitted: ``fit`` wasn't called.
        """
        rows = np.asarray(users, dtype=np.int32)
        found = _blank(len(rows), k)
        for place, user in enumerate(rows.tolist()):
            banned = exclude[place] if exclude is not None else None
            _fill(found, place, best(*self.user_scores(user), k=k, exclude=banned, allow=allow))
        return found

    def similar_items(self, items: npt.ArrayLike, *, k: int, allow: Mask | None = None) -> Ranked:
        """The best k items to go with each item, never the item itself.

        Args:
            items: int32 (i,), item rows.
            k: Length of the lists.
            allow: bool (n,), items that may be recommended; all where absent.

        Returns:
            Lists of shape (i, k).

        Raises:
            NotFitted: ``fit`` wasn't called.
        """
        rows = np.asarray(items, dtype=np.int32)
        found = _blank(len(rows), k)
        for place, item in enumerate(rows.tolist()):
            itself = np.array([item], dtype=np.int32)
            _fill(found, place, best(*self.item_scores(item), k=k, exclude=itself, allow=allow))
        return found


def best(
    rows: Rows, scores: Floats, *, k: int, exclude: Rows | None = None, allow: Mask | None = None
) -> tuple[Rows, Floats]:
    """The k candidates with the highest positive scores, best first, equal scores by row."""
    wanted = scores > 0
    if exclude is not None and exclude.size:
        wanted &= ~np.isin(rows, exclude)
    if allow is not None:
        wanted &= allow[rows]
    rows, scores = rows[wanted], scores[wanted]
    if len(rows) > k:
        threshold = np.partition(scores, len(scores) - k)[len(scores) - k]
        likely = scores >= threshold
        rows, scores = rows[likely], scores[likely]
    order = np.lexsort((rows, -scores))[:k]
    return rows[order], scores[order]


def _blank(count: int, k: int) -> Ranked:
    return Ranked(ids=np.full((count, k), NO_NEIGHBOUR, dtype=np.int32), scores=np.zeros((count, k), dtype=np.float32))


def _fill(found: Ranked, place: int, ranked: tuple[Rows, Floats]) -> None:
    rows, scores = ranked
    found.ids[place, : len(rows)] = rows
    found.scores[place, : len(rows)] = scores
