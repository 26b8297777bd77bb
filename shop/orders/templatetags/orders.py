"""Orders and their delivery, for pages of rooms that don't know orders."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django import template

from shop.accounts.visitors import visitor_of
from shop.orders.services import orders_of
from shop.orders.shipping import ShippingMethod, shipping_methods

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.template.context import Context

    from shop.orders.models import OrderQuerySet

register = template.Library()


@dataclass(frozen=True, slots=True)
class DeliveryOffer:
    """What the usual delivery of some things costs.

    Attributes:
        method: The usual way; ``method.times`` says how long it takes.
        price: What it costs for them; 0 where it is free.
        missing: How much more of things makes it free; 0 where it is, or never will be.
    """

    method: ShippingMethod
    price: Decimal
    missing: Decimal


@register.simple_tag(takes_context=True)
def own_orders(context: Context) -> OrderQuerySet:
    """The visitor's orders that came about, the latest first, with their lines; two queries."""
    request = cast("HttpRequest", context["request"])
    return orders_of(visitor_of(request).shopper).placed().prefetch_related("lines")


@register.simple_tag
def usual_delivery(items_total: Decimal) -> DeliveryOffer:
    """What the usual delivery costs for things that cost so much together; no query."""
    method = shipping_methods()[0]
    price = method.price_for(items_total)
    missing = method.free_from - items_total if price and method.free_from is not None else Decimal("0.00")
    return DeliveryOffer(method=method, price=price, missing=missing)
