"""Says in one short sentence why an item is recommended, and never more than is known.

Every sentence follows from the reason's own figures: a count is only given
where it was counted, a cause is only named where the score was split by cause,
and "looks alike" is only claimed where the picture carried the score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

if TYPE_CHECKING:
    from recommender.types import History, Reason, Recommendation

CLICK, FAVOURITE, CART, PURCHASE = range(4)

# A modality that carries at least this share of the score is worth naming.
NOTABLE_SHARE = 0.25


def describe(reason: Reason, *, cause: str = "", cause_kind: int | None = None) -> str:
    """One true, short sentence in the active language.

    Args:
        reason: What is known.
        cause: The name of the shopper's own item that weighs most, where a page knows it.
        cause_kind: What the shopper did to it: 0 click, 1 favourite, 2 cart, 3 purchase.
    """
    if reason.source == "history":
        return _history(cause, cause_kind)
    return _WRITERS.get(reason.source, _plain)(reason)


def describe_for(recommendation: Recommendation, *, names: Mapping[str, str], kinds: Mapping[str, int]) -> str:
    """The sentence for somebody whose history is known.

    Args:
        recommendation: What is recommended.
        names: The names of items by public id; a cause without one is not named.
        kinds: The weightiest thing this shopper did to each item of theirs.
    """
    reason = recommendation.reason
    if reason.source in {"history", "pick_up"} and recommendation.item_id in kinds:
        return describe_return(kinds[recommendation.item_id])
    cause = next((cause for cause in reason.causes if cause in names and cause in kinds), None)
    if cause is None:
        return describe(reason)
    return describe(reason, cause=names[cause], cause_kind=kinds[cause])


def weightiest_kinds(history: History) -> dict[str, int]:
    """What weighs most of all that was done to each item."""
    kinds: dict[str, int] = {}
    for entry in history:
        kinds[entry.item_id] = max(entry.kind, kinds.get(entry.item_id, CLICK))
    return kinds


def _history(cause: str, kind: int | None) -> str:
    """What the shopper did that speaks for this item."""
    if not cause:
        return _("Picked for you from what you looked at and chose")
    if kind == PURCHASE:
        return _("Because you bought %(item)s") % {"item": cause}
    if kind == CART:
        return _("Because you put %(item)s in your cart") % {"item": cause}
    if kind == FAVOURITE:
        return _("Because you saved %(item)s") % {"item": cause}
    return _("Because you looked at %(item)s") % {"item": cause}


def describe_return(kind: int) -> str:
    """Why an item stands in a list that the shopper has already touched."""
    if kind == PURCHASE:
        return _("You bought this before")
    if kind == CART:
        return _("You had this in your cart")
    if kind == FAVOURITE:
        return _("You saved this")
    return _("You looked at this")


def _content(reason: Reason) -> str:
    """Looks alike, is described alike, or both, by the shares of the score."""
    text, image = reason.parts.get("text", 0.0), reason.parts.get("image", 0.0)
    whole = text + image
    if whole <= 0:
        return _("A similar item")
    if text / whole >= NOTABLE_SHARE and image / whole >= NOTABLE_SHARE:
        return _("Looks alike and is described alike")
    return _("Looks alike") if image > text else _("Described alike")


def _looks(_reason: Reason) -> str:
    return _("Looks alike")


def _also_liked(reason: Reason) -> str:
    """With the counts, where they were counted."""
    if reason.support and reason.population >= reason.support:
        return _("Drew %(support)s of the %(population)s shoppers this one drew") % {
            "support": _figures(reason.support),
            "population": _figures(reason.population),
        }
    return _("Drew the same shoppers")


def _liked_next(reason: Reason) -> str:  # noqa: ARG001 - the same for all
    return _("Shoppers went on to this one")


def _bought_together(reason: Reason) -> str:
    if reason.support:
        return ngettext(
            "Bought together in %(number)s order", "Bought together in %(number)s orders", reason.support
        ) % {"number": _figures(reason.support)}
    return _("Bought together with this")


def _trending(reason: Reason) -> str:
    if reason.support:
        return ngettext(
            "Trending, drew %(number)s shopper so far", "Trending, drew %(number)s shoppers so far", reason.support
        ) % {"number": _figures(reason.support)}
    return _("Trending in the shop")


def _best_seller(reason: Reason) -> str:
    """With how many, where counted: being first among few is still a fact."""
    if reason.support:
        return ngettext("Drew %(number)s shopper so far", "Drew %(number)s shoppers so far", reason.support) % {
            "number": _figures(reason.support)
        }
    return _("Among the most looked at and chosen")


def _newest(_reason: Reason) -> str:
    return _("New in the shop")


def _exploration(_reason: Reason) -> str:
    """It says that chance chose it: nothing speaks for the item yet."""
    return _("Few have seen this yet; shown to find out who likes it")


def _recently_viewed(_reason: Reason) -> str:
    return _("You looked at this")


def _pick_up(_reason: Reason) -> str:
    return _("You looked at this or saved it")


def _plain(_reason: Reason) -> str:
    return _("Chosen from the shop")


def _figures(count: int) -> str:
    """A count as the language writes it: 3,428."""
    return str(number_format(count, force_grouping=True))


_WRITERS: dict[str, Callable[[Reason], str]] = {
    "content": _content,
    "looks": _looks,
    "also_liked": _also_liked,
    "liked_next": _liked_next,
    "bought_together": _bought_together,
    "trending": _trending,
    "best_sellers": _best_seller,
    "newest": _newest,
    "exploration": _exploration,
    "recently_viewed": _recently_viewed,
    "pick_up": _pick_up,
}
