"""The cart at a glance, as nearly every page wants it: how much is in it, and what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db.models.functions import Coalesce

from shop.accounts.visitors import visitor_of
from shop.cart.models import CartLine

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class CartGlance:
    """What is in a cart.

    Attributes:
        pieces: How many in all.
        item_ids: Public ids of the items, those of heads for variants.
    """

    pieces: int = 0
    item_ids: frozenset[str] = frozenset()


def cart_glance(request: HttpRequest) -> CartGlance:
    """The visitor's cart; one query a request, however many ask, and none without a shopper.

    Ask after what the request changes, not before.
    """
    holder = cast("Any", request)
    if not hasattr(holder, "cart_glance"):
        shopper = visitor_of(request).shopper
        lines = CartLine.objects.filter(shopper=shopper) if shopper else CartLine.objects.none()
        head_id = Coalesce("item__variant_of__item_id", "item__item_id")
        rows = list(lines.order_by().annotate(head_id=head_id).values_list("head_id", "quantity"))
        holder.cart_glance = CartGlance(
            pieces=sum(quantity for _head, quantity in rows), item_ids=frozenset(head for head, _quantity in rows)
        )
    return cast("CartGlance", holder.cart_glance)
