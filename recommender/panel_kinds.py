"""The panels there are: whom each is about, what it is made of, and what its shelf is called.

A shelf carries the title of what it shows. Each source has a title and a
sentence; a panel that had to fall back takes those of the source that filled
most of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from recommender.types import Recommendation

PAGE_OF_AN_ITEM = 8
PAGE_OF_A_VISITOR = 12


class About(Enum):
    """What a panel needs to know before it can be filled."""

    ITEM = "item"
    ITEMS = "items"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class PanelKind:
    """One kind of panel.

    Attributes:
        name: Its public name.
        about: What it needs.
        own: The sources that it stands for, as in ``Reason.source``; anything else is a fallback.
        size: How many cards a page shows.
        personal: Whether what the visitor bought is left out.
        falls_back: Whether it is filled up from elsewhere; what one has viewed or touched is not.
    """

    name: str
    about: About
    own: frozenset[str]
    size: int
    personal: bool = False
    falls_back: bool = True

    @property
    def varied(self) -> bool:
        """Whether it greets a visitor, and should show that the shop has more than one kind of thing."""
        return self.about is About.VISITOR and self.falls_back


PANEL_KINDS: dict[str, PanelKind] = {
    kind.name: kind
    for kind in (
        PanelKind("similar", About.ITEM, frozenset({"content"}), PAGE_OF_AN_ITEM),
        PanelKind("looks_like", About.ITEM, frozenset({"looks"}), PAGE_OF_AN_ITEM),
        PanelKind("also_liked", About.ITEM, frozenset({"also_liked", "liked_next"}), PAGE_OF_AN_ITEM),
        PanelKind("bought_together", About.ITEMS, frozenset({"bought_together"}), PAGE_OF_AN_ITEM),
        PanelKind("pick_up", About.VISITOR, frozenset({"pick_up"}), PAGE_OF_A_VISITOR, personal=True, falls_back=False),
        PanelKind("for_you", About.VISITOR, frozenset({"history"}), PAGE_OF_A_VISITOR, personal=True),
        PanelKind("trending", About.VISITOR, frozenset({"trending"}), PAGE_OF_A_VISITOR),
        PanelKind(
            "recently_viewed", About.VISITOR, frozenset({"recently_viewed"}), PAGE_OF_A_VISITOR, falls_back=False
        ),
    )
}

_TITLES: dict[str, str | Promise] = {
    "content": gettext_lazy("Similar items"),
    "looks": gettext_lazy("Looks like this"),
    "also_liked": gettext_lazy("Shoppers who liked this also liked"),
    "liked_next": gettext_lazy("Shoppers who liked this also liked"),
    "bought_together": gettext_lazy("Bought together"),
    "pick_up": gettext_lazy("Pick up where you left off"),
    "history": gettext_lazy("For you"),
    "trending": gettext_lazy("Trending"),
    "best_sellers": gettext_lazy("Popular in the shop"),
    "newest": gettext_lazy("New in the shop"),
    "exploration": gettext_lazy("Hardly seen so far"),
    "recently_viewed": gettext_lazy("Recently viewed"),
}

_SENTENCES: dict[str, str | Promise] = {
    "content": gettext_lazy("Close to this one in looks and in words."),
    "looks": gettext_lazy("Judged by the picture alone."),
    "also_liked": gettext_lazy("From what shoppers looked at and chose."),
    "liked_next": gettext_lazy("From what shoppers went on to."),
    "bought_together": gettext_lazy("From what shoppers bought at the same time."),
    "pick_up": gettext_lazy("What you looked at or saved, and have not bought."),
    "history": gettext_lazy("From what you looked at, saved and bought."),
    "trending": gettext_lazy("What drew the most attention lately."),
    "best_sellers": gettext_lazy("What shoppers look at and choose most."),
    "newest": gettext_lazy("The latest arrivals."),
    "exploration": gettext_lazy("Drawn by chance from what few shoppers have seen."),
    "recently_viewed": gettext_lazy("What you looked at last."),
}

_TOPPED_UP: dict[str, Callable[[], str]] = {
    "content": lambda: _("Then similar items."),
    "looks": lambda: _("Then items that look alike."),
    "also_liked": lambda: _("Then what the same shoppers liked."),
    "liked_next": lambda: _("Then what shoppers went on to."),
    "bought_together": lambda: _("Then what was bought together."),
    "history": lambda: _("Then what suits you."),
    "trending": lambda: _("Then what is trending."),
    "best_sellers": lambda: _("Then what is popular."),
    "newest": lambda: _("Then new arrivals."),
    "exploration": lambda: _("Then something few have seen, to find out who likes it."),
}


def name_shelf(kind: PanelKind, shown: Sequence[Recommendation], categories: Sequence[str]) -> tuple[str, str]:
    """The title and the sentence of a shelf, from what stands on it.

    Args:
        kind: The panel that was asked for.
        shown: What it shows, in order; not empty.
        categories: The title of the category of each, empty where it has none.

    Returns:
        Title and sentence. With cards from several sources the title is that
        of the most frequent one, the earlier where equal, and the sentence
        says what follows.
    """
    by_source = Counter(one.reason.source for one in shown)
    main = by_source.most_common(1)[0][0]
    sentence = str(_SENTENCES.get(main, ""))
    population = max(one.reason.population for one in shown)
    if main == "also_liked" and population:
        sentence = ngettext(
            "From what %(number)s shopper looked at and chose.",
            "From what %(number)s shoppers looked at and chose.",
            population,
        ) % {"number": number_format(population, force_grouping=True)}
    if main == "content":
        sentence = _of_content(shown)
    later = [source for source in by_source if source != main]
    sentence = " ".join([sentence, *(_TOPPED_UP[source]() for source in later[:1] if source in _TOPPED_UP)])
    return _title(kind, main, shown, categories), sentence


def _of_content(shown: Sequence[Recommendation]) -> str:
    """In what similar items are close: a shop without pictures has judged no looks."""
    told = {
        part for one in shown if one.reason.source == "content" for part, share in one.reason.parts.items() if share
    }
    if told == {"text"}:
        return _("Close to this one in words.")
    if told == {"image"}:
        return _("Close to this one in looks.")
    return str(_SENTENCES["content"]) if told else _("Close to this one.")


def _title(kind: PanelKind, main: str, shown: Sequence[Recommendation], categories: Sequence[str]) -> str:
    """The title for a shelf that mostly shows ``main``."""
    if main == "best_sellers":
        if kind.name == "for_you":
            return _("Start here")
        where = {title for one, title in zip(shown, categories, strict=True) if one.reason.source == main}
        if len(where) == 1 and "" not in where:
            return _("Popular in %(category)s") % {"category": where.pop()}
    return str(_TITLES.get(main, _("From the shop")))
