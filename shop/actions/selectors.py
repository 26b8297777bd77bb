"""What a visitor has saved, read once a request however many places show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from shop.accounts.visitors import visitor_of
from shop.actions.models import Favourite
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from django.http import HttpRequest

    from shop.catalogue.models import ItemQuerySet


def favourite_keys(request: HttpRequest) -> frozenset[int]:
    """Primary keys of the published items the visitor saved; one query a request, none without a shopper.

    Ask after what the request changes, not before.
    """
    holder = cast("Any", request)
    if not hasattr(holder, "favourite_keys"):
        shopper = visitor_of(request).shopper
        saved = Favourite.objects.filter(shopper=shopper, item__published=True) if shopper else Favourite.objects.none()
        holder.favourite_keys = frozenset(saved.order_by().values_list("item_id", flat=True))
    return cast("frozenset[int]", holder.favourite_keys)


class SavedItems:
    """The items a visitor saved, the latest first, as a paginator takes them: one query for a page, none to count.

    Each item is ready for its card and knows ``price_when_saved`` and ``price_fell``.
    """

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def count(self) -> int:
        """How many there are; the hearts of the page need to know anyway."""
        return len(favourite_keys(self._request))

    def __getitem__(self, part: slice) -> ItemQuerySet:
        return self._items()[part]

    def _items(self) -> ItemQuerySet:
        shopper = visitor_of(self._request).shopper
        if shopper is None:
            return Item.objects.none()
        fell = ExpressionWrapper(Q(price__lt=F("favourites__price_when_saved")), output_field=BooleanField())
        return (
            Item.objects.published()
            .for_cards()
            .filter(favourites__shopper=shopper)
            .annotate(price_when_saved=F("favourites__price_when_saved"), price_fell=fell)
            .order_by("-favourites__id")
        )
