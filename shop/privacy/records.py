"""What was recorded of a visitor, as their own page and their own file tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.accounts import hooks
from shop.accounts.visitors import visitor_of
from shop.actions.erasing import actions_of
from shop.actions.history import remembered
from shop.actions.models import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest
    from django.utils.functional import Promise

    from shop.accounts.models import Shopper
    from shop.actions.models import Action

KINDS: Mapping[int, Promise] = {
    Kind.CLICK: _("Looked at"),
    Kind.FAVOURITE: _("Saved"),
    Kind.CART: _("Put into the cart"),
    Kind.PURCHASE: _("Bought"),
}
PLACES: Mapping[str, Promise] = {
    "similar": _("found among similar items"),
    "looks_like": _("found among things that look alike"),
    "also_liked": _("found in what others liked"),
    "bought_together": _("found in what is bought together"),
    "for_you": _("found on the shelf for you"),
    "pick_up": _("found where you left off"),
    "trending": _("found among what is trending"),
    "recently_viewed": _("found among what you viewed lately"),
    "photo": _("found by a photo"),
    "category": _("found in a category"),
    "search": _("found by searching"),
    "favourites": _("found in your favourites"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One recorded action in words."""

    action: Action

    @property
    def did(self) -> Promise:
        """What the shopper did."""
        return KINDS[self.action.kind]

    @property
    def place(self) -> Promise | str:
        """Where in the shop; empty where that is not known."""
        return PLACES.get(self.action.panel, "")


@dataclass(frozen=True, slots=True)
class KindChoice:
    """One kind of action to filter by.

    Attributes:
        name: As in addresses; empty for all kinds.
        words: As on the page.
        count: How many are recorded.
        chosen: Whether the page shows these.
    """

    name: str
    words: Promise
    count: int
    chosen: bool


def kind_named(name: str) -> Kind | None:
    """The kind of that name; ``None`` for none or an unknown one."""
    return next((kind for kind in Kind if kind.name.lower() == name), None)


def kind_choices(shopper: Shopper | None, chosen: Kind | None) -> list[KindChoice]:
    """All kinds with their counts, for a row of links; one query."""
    counts: dict[int, int] = dict(
        actions_of(shopper).order_by().values("kind").annotate(count=Count("pk")).values_list("kind", "count")
    )
    choices = [KindChoice("", _("Everything"), sum(counts.values()), chosen is None)]
    choices += [KindChoice(kind.name.lower(), KINDS[kind], counts.get(kind, 0), kind is chosen) for kind in Kind]
    return choices


def export_of(request: HttpRequest) -> dict[str, Any]:
    """Everything that the shop knows of the visitor, and what their browser keeps for it, ready for JSON."""
    visitor = visitor_of(request)
    sections = hooks.export(visitor.shopper) if visitor.shopper is not None else {}
    return {
        "shop": settings.SITE_URL,
        "made_at": timezone.now(),
        "decisions": {
            "recording": visitor.answer or settings.CONSENT,
            "personalised": visitor.is_personalised,
            "global_privacy_control": visitor.sends_privacy_signal,
        },
        "in_this_browser": [{"item": point.item_id, "seconds_since_1970": point.time} for point in remembered(request)],
        **sections,
    }
