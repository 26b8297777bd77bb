"""Panels while they are being filled: which of the proposals stand on which shelf of the page.

No item stands on a page twice while there is something else to show, no shelf
that greets a visitor shows one category alone, and what exploration tries out
comes last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from django.conf import settings

from recommender.panel_kinds import PanelKind
from recommender.ranking import follow
from recommender.rules import PageRules, may_show
from recommender.types import Recommendation
from recommender.variety import category_limit
from shop.catalogue.models import Item

# Below so many cards a shelf may repeat what the page shows elsewhere.
FEWEST_CARDS = 4


@dataclass(slots=True)
class Draft:
    """A panel while it is being filled; of the ``trials`` those that are ``tried`` come after what is ``chosen``."""

    kind: PanelKind
    size: int
    proposals: list[Recommendation]
    trials: list[Recommendation] = field(default_factory=list)
    tried: list[Recommendation] = field(default_factory=list)
    chosen: list[Recommendation] = field(default_factory=list)

    @property
    def own(self) -> list[Recommendation]:
        """What the panel stands for: it comes first, and what comes after the first fallback is none of it."""
        return list(takewhile(lambda one: one.reason.source in self.kind.own, self.proposals))

    @property
    def room(self) -> int:
        """How many cards are chosen for what is known of them."""
        return self.size - len(self.tried)


def choose(drafts: Sequence[Draft], cards: Mapping[str, Item], rules: PageRules) -> None:
    """Fill the drafts: first each with what it stands for, then with its fallbacks, then with repetitions if it must."""
    choice = _Choice(cards, rules)
    for draft in drafts:
        draft.tried = choice.take([], draft, draft.trials, upto=int(draft.size * settings.EXPLORATION))
    # What somebody viewed or touched is a fact about them; the other panels can show something else instead.
    # But on a page about an item the first shelf shows what is like it, viewed or not.
    first = drafts[0] if rules.subjects and drafts else None
    for draft in sorted(drafts, key=lambda draft: (draft is not first, draft.kind.falls_back)):
        choice.take_own(draft)
    for draft in drafts:
        draft.chosen = choice.take(draft.chosen, draft, draft.proposals, upto=draft.room)
    for draft in (draft for draft in drafts if first is not None and not draft.kind.falls_back):
        # What was viewed has a shelf of its own to return by, whatever the first one shows of it.
        draft.chosen = choice.take(draft.chosen, draft, draft.proposals, upto=draft.room, repeat=True)
    for draft in (draft for draft in drafts if draft.kind.falls_back):
        few = min(FEWEST_CARDS, draft.room)
        draft.chosen = choice.take(draft.chosen, draft, draft.proposals, upto=few, repeat=True)
    for draft in drafts:
        in_order = sorted(draft.chosen, key=lambda one: -one.score)
        draft.chosen = follow(in_order, draft.tried, k=draft.size)


class _Choice:
    """Takes from the proposals of a page's drafts what may be shown, and remembers what is taken."""

    def __init__(self, cards: Mapping[str, Item], rules: PageRules) -> None:
        self._cards = cards
        self._rules = rules
        self._taken: set[str] = set()

    def take_own(self, draft: Draft) -> None:
        """What the draft stands for, and no more of one category than it may show.

        Unless there is nothing else: a shelf of one category is better than half a shelf.
        """
        chosen = self.take([], draft, draft.own, upto=draft.room, of_a_category=self._category_limit(draft))
        draft.chosen = self.take(chosen, draft, draft.own, upto=draft.room)

    def take(  # noqa: PLR0913 - one choice with all its conditions
        self,
        chosen: list[Recommendation],
        draft: Draft,
        proposals: Iterable[Recommendation],
        *,
        upto: int,
        repeat: bool = False,
        of_a_category: int | None = None,
    ) -> list[Recommendation]:
        """``chosen`` and what else may be shown, until there are ``upto``; ``repeat`` allows what stands elsewhere."""
        never = self._rules.never(personal=draft.kind.personal)
        chosen = list(chosen)
        have = {one.item_id for one in chosen}
        shown = Counter(self._cards[item_id].category_id for item_id in have)
        for one in proposals:
            if len(chosen) >= upto:
                break
            item = self._cards.get(one.item_id)
            if item is None or one.item_id in have or not may_show(item, never=never):
                continue
            if not repeat and one.item_id in self._taken:
                continue
            if of_a_category is not None and item.category_id and shown[item.category_id] >= of_a_category:
                continue
            chosen.append(one)
            have.add(one.item_id)
            shown[item.category_id] += 1
            self._taken.add(one.item_id)
        return chosen

    def _category_limit(self, draft: Draft) -> int | None:
        """How many cards of one category the draft may show; any number where it is not about variety."""
        if not draft.kind.varied:
            return None
        offered = {self._cards[one.item_id].category_id for one in draft.proposals if one.item_id in self._cards}
        return category_limit(draft.size, share=settings.CATEGORY_CAP, categories=len(offered - {None}))
