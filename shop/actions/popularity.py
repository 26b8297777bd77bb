"""How popular each item is: a number that lists can be sorted by, counted from the stream of actions.

Counting a million actions takes a second, so no page does it: the process that
writes clicks counts again now and then, an import and a simulation when they
are done. The number follows from the stream alone; what is undone or erased is
gone with the next count.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction
from django.db.models import Case, Max, Q, Sum, Value, When

from shop.actions.models import Action, Kind
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from django.http import HttpRequest

    from shop.catalogue.models import ItemQuerySet

WEIGHTS = {Kind.CLICK: 1, Kind.FAVOURITE: 3, Kind.CART: 5, Kind.PURCHASE: 10}
DAYS = 90
"""Older actions than so many days before the last one no longer count; those without a time always do."""
SECONDS_BETWEEN = 600
CACHE_KEY = "actions.popularity"
ROWS_AT_ONCE = 500


def popularity_refresh() -> int:
    """Count again and write what has changed, a few rows at a time so that no other write waits long.

    Returns:
        How many items changed.
    """
    counted = _counted()
    written = dict(Item.objects.filter(popularity__gt=0).values_list("pk", "popularity"))
    changed = [Item(pk=key, popularity=counted.get(key, 0)) for key in sorted(counted.keys() | written.keys())]
    changed = [item for item in changed if item.popularity != written.get(item.pk, 0)]
    for start in range(0, len(changed), ROWS_AT_ONCE):
        _write(changed[start : start + ROWS_AT_ONCE])
    return len(changed)


def popularity_refresh_when_due() -> bool:
    """Count again unless somebody who shares the cache did so in the last ten minutes; tells whether it did."""
    if not cache.add(CACHE_KEY, time.time(), SECONDS_BETWEEN):
        return False
    popularity_refresh()
    return True


def most_popular(items: ItemQuerySet, request: HttpRequest) -> ItemQuerySet:  # noqa: ARG001 - orderings may look at it
    """The ordering *most popular*; of equally popular items the newest first."""
    return items.order_by("-popularity", "-created_at", "-pk")


def _write(items: list[Item]) -> None:
    """Write a few rows, held in the order of their keys as in a checkout: neither waits for the other in a circle."""
    with transaction.atomic():
        held = Item.objects.select_for_update(no_key=True).filter(pk__in=[item.pk for item in items]).order_by("pk")
        list(held.values_list("pk", flat=True))
        Item.objects.bulk_update(items, ["popularity"])


def _counted() -> dict[int, int]:
    """The weight of all that was done to each item lately, by the item's key; lately is seen from the last action."""
    actions = Action.objects.counted().order_by()
    last = actions.aggregate(last=Max("time"))["last"]
    if last is not None:
        actions = actions.filter(Q(time=None) | Q(time__gte=last - timedelta(days=DAYS)))
    weight = Case(*(When(kind=kind, then=Value(weight)) for kind, weight in WEIGHTS.items()), default=Value(0))
    return {
        key: int(popularity)
        for key, popularity in actions.values_list("item").annotate(popularity=Sum(weight)).iterator()
    }
