"""The behaviour part of a retrain: the log becomes neighbours and rankings. Training only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.configuration import Configuration
from recommender.learners.bought_together import BoughtTogether
from recommender.learners.co_occurrence import CoOccurrence
from recommender.learners.log import PURCHASE, ActionLog, Mask, Rows
from recommender.learners.popularity import Popularity, Trending
from recommender.neighbours import NeighbourTable
from recommender.progress_steps import Steps


@dataclass(frozen=True, kw_only=True)
class LearnedBehaviour:
    """What the log gave; each part is absent where there was nothing to learn from, or it wasn't asked for.

    Attributes:
        also_liked: Neighbours with the number of shoppers behind each.
        liked_next: Directed neighbours that answer *also liked* instead, where they were chosen.
        item_shoppers: int32 (n,), shoppers who acted on each item.
        bought_together: Neighbours with the number of baskets behind each.
        trending_ids, trending_scores: int32, float32 (m,), best first.
        popularity: float32 (n,), weighted actions.
        notes: What had to be left out.
    """

    also_liked: NeighbourTable | None = None
    liked_next: NeighbourTable | None = None
    item_shoppers: Rows | None = None
    bought_together: NeighbourTable | None = None
    trending_ids: Rows | None = None
    trending_scores: npt.NDArray[np.float32] | None = None
    popularity: npt.NDArray[np.float32] | None = None
    notes: tuple[str, ...] = ()


def learn_behaviour(
    log: ActionLog, *, published: Mask, configuration: Configuration, methods: frozenset[str]
) -> LearnedBehaviour:
    """Learn everything that the log allows.

    Args:
        log: All counted actions.
        published: bool (n,), only these are recommended.
        configuration: How.
        methods: Which of ``also_liked``, ``bought_together`` and ``trending`` to learn.
    """
    notes = _what_is_missing(log)
    if not len(log):
        return LearnedBehaviour(notes=tuple(notes))
    liked = learn_also_liked(log, published=published, configuration=configuration) if "also_liked" in methods else None
    together = None
    if "bought_together" in methods and (log.kinds == PURCHASE).any():
        together = _learn_bought_together(log, published=published, configuration=configuration)
    trending = None
    if "trending" in methods:
        half_life = configuration.trending_half_life_days
        trending = Trending(half_life_days=half_life).fit(log).similar_items([-1], k=len(published), allow=published)
    shown = 0 if trending is None else int((trending.scores[0] > 0).sum())
    if liked is not None and not liked[0].filled:
        notes.append("No item shares a shopper with another: nothing is known to be liked together.")
    if together is not None and not together.filled:
        notes.append("No basket holds two items: nothing is known to be bought together.")
    return LearnedBehaviour(
        also_liked=None if liked is None or not liked[0].filled else liked[0],
        item_shoppers=None if liked is None else liked[1],
        bought_together=None if together is None or not together.filled else together,
        trending_ids=None if trending is None else trending.ids[0, :shown],
        trending_scores=None if trending is None else trending.scores[0, :shown],
        popularity=Popularity().fit(log).scores.astype(np.float32),
        notes=tuple(notes),
    )


def learn_also_liked(log: ActionLog, *, published: Mask, configuration: Configuration) -> tuple[NeighbourTable, Rows]:
    """Co-occurrence neighbours among published items, and how many shoppers acted on each item."""
    with Steps("Items liked together") as steps:
        learner = CoOccurrence(configuration.also_liked, progress=steps).fit(log)
    return learner.table.only(published), learner.item_shoppers


def _learn_bought_together(log: ActionLog, *, published: Mask, configuration: Configuration) -> NeighbourTable:
    """Basket neighbours among published items."""
    with Steps("Items bought together") as steps:
        learner = BoughtTogether(shrinkage=configuration.basket_shrinkage, progress=steps).fit(log)
    return learner.table.only(published)


def _what_is_missing(log: ActionLog) -> list[str]:
    """What the log lacks, in words."""
    if not len(log):
        return ["No actions: nothing is known to be liked or bought together, nothing is trending."] * bool(
            log.item_count
        )
    notes = []
    if len(np.unique(log.users)) == 1:
        notes.append("All actions are one shopper's.")
    if not (log.kinds == PURCHASE).any():
        notes.append("No purchases: nothing is known to be bought together.")
    unknown = int(np.isnan(log.times).sum())
    if unknown == len(log):
        notes.append("No times are known: trending is plain popularity, and recency is not used.")
    elif unknown:
        notes.append(f"{unknown:,} actions without a time: recency is not used for them.")
    if log.simulated.all():
        notes.append("All actions are simulated.")
    untouched = log.item_count - len(np.unique(log.items))
    if untouched:
        notes.append(
            f"{untouched:,} of {log.item_count:,} items were never touched: words and pictures speak for them."
        )
    return notes
