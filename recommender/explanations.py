"""What a card tells when it is asked "Why this?": the parts of its score, and the shopper's own things behind it.

Nothing here is guessed. Shares are those of the score's own parts, and are given
only where a score was measured. A thing is named as the cause where the score
was split by cause; where a ranker weighed a whole history at once, that is said
instead, with the latest of what it was given.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommender.reasons import describe_return

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recommender.types import History, Reason, Recommendation
    from shop.catalogue.models import Item

MOST_CAUSES = 3
WHOLE = 100

PART_NAMES: dict[str, str | Promise] = {
    "image": gettext_lazy("Picture"),
    "text": gettext_lazy("Words"),
    "behaviour": gettext_lazy("Behaviour"),
}

# Chance and the calendar measure nothing: what they chose has a place in a list, and no score to split.
UNMEASURED = frozenset({"newest", "exploration", "recently_viewed"})
FROM_HISTORY = frozenset({"history", "pick_up"})
FROM_ITEMS = frozenset({"content", "looks", "also_liked", "liked_next", "bought_together"})


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a score.

    Attributes:
        name: ``image``, ``text`` or ``behaviour``.
        label: As a shopper reads it.
        percent: Of the score; the shares of one score add up to 100.
        start: Where it begins in the bar, in percent.
    """

    name: str
    label: str
    percent: int
    start: int


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing behind a recommendation, and what the shopper did to it; no words where it is what the page is about."""

    item: Item
    words: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that can be said of why an item is shown.

    Attributes:
        shares: The score's parts, largest first; none where nothing was measured.
        title: What ``causes`` are; empty where there are none.
        causes: The things behind it, strongest or latest first.
    """

    shares: tuple[Share, ...] = ()
    title: str = ""
    causes: tuple[Cause, ...] = ()


def shares_of(reason: Reason) -> tuple[Share, ...]:
    """The parts of a score in whole percent, largest first; rounded so that they add up to 100."""
    parts = {name: reason.parts[name] for name in PART_NAMES if reason.parts.get(name, 0.0) > 0}
    if reason.source in UNMEASURED or not parts:
        return ()
    names = sorted(parts, key=lambda name: -parts[name])
    exact = [WHOLE * parts[name] / sum(parts.values()) for name in names]
    percents = [int(value) for value in exact]
    # What rounding down took away goes to those it took the most from.
    by_loss = sorted(range(len(names)), key=lambda place: percents[place] - exact[place])
    for place in by_loss[: WHOLE - sum(percents)]:
        percents[place] += 1
    starts = [0, *accumulate(percents)]
    return tuple(
        Share(name=name, label=str(PART_NAMES[name]), percent=percent, start=start)
        for name, percent, start in zip(names, percents, starts, strict=False)
        if percent
    )


def latest_items(history: History) -> tuple[str, ...]:
    """The items of a history, the one touched last first."""
    return tuple(dict.fromkeys(entry.item_id for entry in reversed(history)))


def explain(
    recommendation: Recommendation,
    *,
    cards: Mapping[str, Item],
    kinds: Mapping[str, int],
    latest: Sequence[str],
    subjects: Sequence[str],
) -> Explanation:
    """Everything that can be said of why an item is recommended.

    Args:
        recommendation: What the session said.
        cards: The items that may be shown, by public id; what is missing there is not named.
        kinds: The weightiest thing the visitor did to each item of theirs.
        latest: The visitor's items, the one touched last first.
        subjects: What the page is about.
    """
    reason = recommendation.reason
    title, ids = "", list[str]()
    if reason.source in FROM_ITEMS:
        title, ids = _("Starting from"), list(subjects)
    elif reason.source in FROM_HISTORY and recommendation.item_id in kinds:
        title, ids = _("What you did"), [recommendation.item_id]
    elif reason.source in FROM_HISTORY and reason.causes:
        title, ids = _("What you did that speaks for it"), [each for each in reason.causes if each in kinds]
    elif reason.source in FROM_HISTORY:
        title, ids = _("Weighed together, all you did here; lately"), list(latest)
    causes = tuple(
        Cause(item=cards[each], words=describe_return(kinds[each]) if reason.source in FROM_HISTORY else "")
        for each in ids
        if each in cards
    )[:MOST_CAUSES]
    return Explanation(shares=shares_of(reason), title=title if causes else "", causes=causes)
