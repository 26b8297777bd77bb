"""Finding the order that a request is about, and the one a checkout goes on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from shop.accounts.visitors import visitor_of
from shop.orders.links import was_opened
from shop.orders.models import Order, Payment
from shop.orders.services import orders_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from shop.accounts.models import Shopper


def visible_order(request: HttpRequest, number: str) -> Order:
    """The order of that number, for whoever placed it or opened it by the link in a letter.

    Raises:
        Http404: there is none, or it is somebody else's: nobody learns which.
    """
    opened = was_opened(request, number)
    orders = Order.objects.filter(forgotten_at=None) if opened else orders_of(visitor_of(request).shopper)
    return get_object_or_404(orders.with_lines().prefetch_related("returns__lines__line"), number=number)


def waiting_order(shopper: Shopper | None) -> Order | None:
    """The shopper's order that waits for their bank, if any."""
    waiting = orders_of(shopper).filter(status=Order.Status.PENDING, payments__outcome=Payment.Outcome.WAITING)
    return waiting.order_by("-id").first()


def attempt_of(shopper: Shopper | None, number: str) -> Order | None:
    """An order of the shopper's that was not paid, whose form is filled in again."""
    attempts = orders_of(shopper).filter(status__in=[Order.Status.DECLINED, Order.Status.EXPIRED])
    return attempts.filter(number=number).first() if number else None
