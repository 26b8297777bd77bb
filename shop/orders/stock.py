"""Taking pieces out of stock, and putting them back, so that none is sold twice."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone

from shop.catalogue.models import Item


def stock_take(*, item: Item, quantity: int) -> bool:
    """Take pieces of a published, stock-managed item, all or none, in one guarded UPDATE.

    The condition is evaluated by the database at the moment of writing, so of
    two shoppers who want the last piece one gets it, with or without a
    transaction around the call.

    Returns:
        Whether there were enough.
    """
    return bool(
        Item.objects.published()
        .filter(pk=item.pk, stock__gte=quantity)
        .update(stock=F("stock") - quantity, updated_at=timezone.now())
    )


def stock_return(*, item_key: int, quantity: int) -> None:
    """Put pieces back; nothing to do where the item is not stock-managed any more."""
    Item.objects.filter(pk=item_key, stock__isnull=False).update(stock=F("stock") + quantity, updated_at=timezone.now())
