"""Orders of a bundle's items that need no history: best sellers, by category too, trending and newest."""

from __future__ import annotations

from copy import copy
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from recommender.bundle_files import BundleBroken, OpenBundle
from recommender.ranking import Candidates, IntArray, by_rank, round_robin

# A first visit is greeted by one best seller of each category, drawn from so many.
GREETING_POOL = 2_000

# So few shoppers say nothing of an item yet.
SELDOM = 3
# So many of them are drawn when something is tried out.
SELDOM_POOL = 500


class Popularity:
    """What can be recommended without knowing the visitor or having neighbours.

    Args:
        bundle: Its arrays ``popularity``, ``item_categories``, ``item_shoppers``,
            ``trending_*`` and ``newest_ids`` are used; any may be absent.
    """

    def __init__(self, bundle: OpenBundle) -> None:
        self._popularity = bundle.array("popularity")
        self._categories = bundle.array("item_categories")
        self._newest = bundle.array("newest_ids")
        self._trending_rows = bundle.array("trending_ids")
        self._trending_scores = bundle.array("trending_scores")
        self.shoppers = bundle.array("item_shoppers")
        items = len(bundle.item_ids)
        for name in ("popularity", "item_categories", "item_shoppers"):
            array = bundle.array(name)
            if array is not None and array.shape != (items,):
                raise BundleBroken(f"{bundle.version}: {name} has shape {array.shape} for {items} items")
        if self._trending_rows is not None and (
            self._trending_scores is None or self._trending_scores.shape != self._trending_rows.shape
        ):
            raise BundleBroken(f"{bundle.version}: trending rows and scores do not match")

    def with_newcomers(self, categories: npt.NDArray[np.int32], newest: npt.NDArray[np.int32]) -> Self:
        """The same with more items after the last: nobody knows them yet, but they have a category and are new.

        Args:
            categories: int32 (m,), of the m added rows.
            newest: The added rows that may be shown, latest first.
        """
        other = copy(self)
        other._add(categories, newest)  # noqa: SLF001 - one of our own kind
        return other

    def trending(self) -> Candidates | None:
        """What drew the most attention lately."""
        if self._trending_rows is None or self._trending_scores is None:
            return None
        return Candidates(
            source="trending",
            rows=self._trending_rows,
            scores=self._trending_scores,
            support=self._support(self._trending_rows),
        )

    def best_sellers(self) -> Candidates | None:
        """What drew the most attention ever."""
        return self._popular(self._best)

    def best_of_category(self, row: int) -> Candidates | None:
        """The best sellers of the category that the item in ``row`` is in."""
        if self._categories is None:
            return None
        category = int(self._categories[row])
        if category < 0:
            return None
        order, sorted_categories = self._best_by_category
        first, last = np.searchsorted(sorted_categories, [category, category + 1])
        return self._popular(order[first:last])

    def best_of_each_category(self) -> Candidates | None:
        """Best sellers, the categories taking turns: a first look at the whole shop."""
        if self._categories is None:
            return None
        pool = self._best[:GREETING_POOL]
        rows = pool[round_robin(np.asarray(self._categories)[pool])]
        return by_rank("best_sellers", rows, support=self._support(rows))

    def newest(self) -> Candidates | None:
        """Newest first."""
        return None if self._newest is None else by_rank("newest", self._newest)

    def _add(self, categories: npt.NDArray[np.int32], newest: npt.NDArray[np.int32]) -> None:
        """Longer arrays; what was worked out of the old ones holds, for nothing new is popular yet."""
        if self._categories is not None:
            self._categories = np.concatenate([self._categories, categories])
        if self._newest is not None:
            self._newest = np.concatenate([newest, self._newest])
        if self.shoppers is not None:
            self.shoppers = np.concatenate([self.shoppers, np.zeros(len(categories), dtype=self.shoppers.dtype)])

    def seldom_seen(self, generator: np.random.Generator) -> Candidates | None:
        """Published items that at most ``SELDOM`` shoppers acted on, in random order."""
        if self._newest is None:
            return None
        rows = np.asarray(self._newest)
        if self.shoppers is not None:
            rows = rows[np.asarray(self.shoppers)[rows] <= SELDOM]
        chosen = generator.choice(rows, size=min(len(rows), SELDOM_POOL), replace=False, shuffle=True)
        return by_rank("exploration", chosen, support=self._support(chosen))

    def _popular(self, rows: IntArray) -> Candidates | None:
        """These rows with their popularity."""
        if self._popularity is None:
            return None
        return Candidates(source="best_sellers", rows=rows, scores=self._popularity[rows], support=self._support(rows))

    def _support(self, rows: IntArray) -> IntArray | None:
        return None if self.shoppers is None else self.shoppers[rows]

    @cached_property
    def _best(self) -> IntArray:
        """Rows with any popularity, best first, equal ones by row."""
        if self._popularity is None:
            return np.empty(0, dtype=np.int64)
        values = np.asarray(self._popularity)
        order = np.argsort(-values, kind="stable")
        return order[: int((values > 0).sum())]

    @cached_property
    def _best_by_category(self) -> tuple[IntArray, IntArray]:
        """The best rows gathered by category, best first within each, and the categories beside them."""
        categories = np.asarray(self._categories)[self._best]
        order = np.argsort(categories, kind="stable")
        return self._best[order], categories[order]
