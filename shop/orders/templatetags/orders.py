"""A visitor's orders, for pages of rooms that don't know orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django import template

from shop.accounts.visitors import visitor_of
from shop.orders.services import orders_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.template.context import Context

    from shop.orders.models import Order

register = template.Library()


@register.simple_tag(takes_context=True)
def own_orders(context: Context) -> QuerySet[Order]:
    """The visitor's orders, the latest first, with their lines; two queries."""
    request = cast("HttpRequest", context["request"])
    return orders_of(visitor_of(request).shopper).prefetch_related("lines")
