"""Finding the order that a request is about, and the one a checkout goes on from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from shop.accounts.visitors import visitor_of
from shop.orders.links import was_opened, was_seen
from shop.orders.models import Order, Payment
from shop.orders.services import orders_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from shop.accounts.models import Shopper


def visible_order(request: HttpRequest, number: str) -> Order:
    """The order of that number, for whoever placed it, opened it by the link in a letter, or came from its bank.

    Raises:
        Http404: there is none, or it is somebody else's: nobody learns which.
    """
    known = was_opened(request, number) or was_seen(request, number)
    return _order_of(request, number, known=known)


def own_order(request: HttpRequest, number: str) -> Order:
    """The order of that number, for whoever may do something with it: placed it, or opened it by a letter's link.

    Raises:
        Http404: as ``visible_order`` does.
    """
    return _order_of(request, number, known=was_opened(request, number))


def may_act(request: HttpRequest, order: Order) -> bool:
    """Whether ``own_order`` would find the order."""
    if was_opened(request, order.number):
        return True
    return orders_of(visitor_of(request).shopper).filter(pk=order.pk).exists()


def _order_of(request: HttpRequest, number: str, *, known: bool) -> Order:
    orders = Order.objects.filter(forgotten_at=None) if known else orders_of(visitor_of(request).shopper)
    return get_object_or_404(orders.with_lines().prefetch_related("returns__lines__line"), number=number)


def waiting_order(shopper: Shopper | None) -> Order | None:
    """The shopper's order that waits for their bank, if any."""
    waiting = orders_of(shopper).filter(status=Order.Status.PENDING, payments__outcome=Payment.Outcome.WAITING)
    return waiting.order_by("-id").first()


def attempt_of(shopper: Shopper | None, number: str) -> Order | None:
    """An order of the shopper's that was not paid, whose form is filled in again."""
    attempts = orders_of(shopper).filter(status__in=[Order.Status.DECLINED, Order.Status.EXPIRED])
    return attempts.filter(number=number).first() if number else None
