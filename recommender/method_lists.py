"""The lists of one method's vectors, by public ids: what ``recommend`` and ``export_recommendations`` show for ``--method``.

These are the lists of the recipes as they are: no fallback, no overlay, no
other source takes part. NumPy only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import numpy as np

from recommender.bundle_vectors import StoredVectors
from recommender.types import Reason, Recommendation
from recommender.vector_lists import VectorLists, also_liked, for_users, similar_items

METHOD_PANELS: Final = ("for_you", "similar", "also_liked")
# The least by which a score falls, relative to the one above it.
FALL = 1e-9


class MethodLists:
    """Answers the three panels of ``METHOD_PANELS`` from stored vectors.

    Args:
        method: Its name; every recommendation's reason carries it as its source.
        stored: Vectors and ids.
        published: The items that may be shown.
        visit: Draws nearly the best instead of the best, another list for every number and the same for the same;
            the best where absent.
    """

    def __init__(
        self, method: str, stored: StoredVectors, *, published: Iterable[str], visit: int | None = None
    ) -> None:
        self.method = method
        self._stored = stored
        self._visit = visit
        self._item_rows = {item_id: row for row, item_id in enumerate(stored.item_ids)}
        self._user_rows = {user_id: row for row, user_id in enumerate(stored.user_ids)}
        allow = np.any(np.asarray(stored.vectors.items) != 0, axis=1)
        shown = np.zeros(len(allow), dtype=np.bool_)
        shown[[self._item_rows[item_id] for item_id in published if item_id in self._item_rows]] = True
        self._allow = allow & shown

    def for_item(self, panel: str, item_id: str, k: int) -> list[Recommendation]:
        """*Similar* or *also liked* for an item; nothing for one that the method doesn't know.

        Raises:
            NoUserVectors: *also liked* of a method that has vectors of items only.
        """
        row = self._item_rows.get(item_id)
        if row is None:
            return []
        ask = similar_items if panel == "similar" else also_liked
        return self._named(
            ask(self._stored.vectors, [row], k=k, allow=self._allow, generator=self._generator(row)),
        )

    def for_user(self, user_id: str, k: int, *, exclude: Collection[str]) -> list[Recommendation]:
        """*For you* for a shopper; nothing for one that the method doesn't know.

        Raises:
            NoUserVectors: the method has vectors of items only.
        """
        row = self._user_rows.get(user_id)
        if row is None and self._stored.vectors.users is not None:
            return []
        banned = np.array([self._item_rows[one] for one in exclude if one in self._item_rows], dtype=np.int32)
        return self._named(
            for_users(
                self._stored.vectors,
                [row or 0],
                k=k,
                exclude=[banned],
                allow=self._allow,
                generator=self._generator(row or 0),
            )
        )

    def _generator(self, row: int) -> np.random.Generator | None:
        """Chance of its own for every list of a visit, so that a list doesn't depend on which others were asked for."""
        return None if self._visit is None else np.random.default_rng((self._visit, row))

    def _named(self, lists: VectorLists) -> list[Recommendation]:
        """Public ids and strictly falling scores."""
        found: list[Recommendation] = []
        for row, score in zip(lists.ids[0].tolist(), lists.scores[0].tolist(), strict=True):
            if row < 0:
                break
            lower = min(score, found[-1].score * (1 - FALL)) if found else score
            reason = Reason(self.method, parts={"behaviour": lower})
            found.append(Recommendation(item_id=self._stored.item_ids[row], score=lower, reason=reason))
        return found
