"""Orders and their delivery, for pages of rooms that don't know orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import template

from shop.accounts.visitors import visitor_of
from shop.orders.services import orders_of
from shop.orders.shipping import ShippingOffer, shipping_offer

if TYPE_CHECKING:
    from decimal import Decimal

    from django.http import HttpRequest
    from django.template.context import Context

    from shop.orders.models import OrderQuerySet

register = template.Library()


@register.simple_tag(takes_context=True)
def own_orders(context: Context) -> OrderQuerySet:
    """The visitor's orders that came about, the latest first, with their lines; two queries."""
    request = cast("HttpRequest", context["request"])
    return orders_of(visitor_of(request).shopper).placed().prefetch_related("lines")


@register.simple_tag
def usual_delivery(items_total: Decimal) -> ShippingOffer:
    """What the usual delivery costs and how long it takes for things that cost so much together; no query."""
    return shipping_offer(items_total)
