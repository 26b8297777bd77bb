"""What this room tells somebody who wants to see everything that is kept of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shop.accounts.models import shoppers_of
from shop.actions.models import Action, Favourite, Kind

if TYPE_CHECKING:
    from shop.accounts.models import Shopper


def actions_export(shopper: Shopper) -> dict[str, list[dict[str, Any]]]:
    """Every action and every favourite of a shopper, from before signing in too; oldest first, two queries.

    An action that was taken back is told as well, with the moment that happened.
    """
    return {"actions": _actions(shopper), "favourites": _favourites(shopper)}


def _actions(shopper: Shopper) -> list[dict[str, Any]]:
    rows = Action.objects.of(shopper).order_by("id")
    columns = ("time", "kind", "item__item_id", "item__title", "value", "panel", "position", "undone_at")
    return [
        {
            "time": time,
            "action": Kind(kind).name.lower(),
            "item": item_id,
            "title": title,
            "value": value,
            "panel": panel,
            "position": position,
            "undone_at": undone_at,
        }
        for time, kind, item_id, title, value, panel, position, undone_at in rows.values_list(*columns).iterator()
    ]


def _favourites(shopper: Shopper) -> list[dict[str, Any]]:
    rows = Favourite.objects.filter(shoppers_of(shopper)).order_by("id")
    columns = ("item__item_id", "item__title", "created_at", "price_when_saved")
    return [
        {"item": item_id, "title": title, "saved_at": saved_at, "price_when_saved": price}
        for item_id, title, saved_at, price in rows.values_list(*columns).iterator()
    ]
