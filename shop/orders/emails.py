"""The letters about an order, one for each step, in the language it was placed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from shop.mail.services import mail_send
from shop.orders.links import order_link

if TYPE_CHECKING:
    from shop.orders.models import Order, ReturnRequest


def order_confirmed(order: Order) -> None:
    """Say what was ordered, what it cost and where it goes."""
    _send(order, "order_confirmed")


def order_sent(order: Order) -> None:
    """Say that the parcel left, and how to follow it."""
    _send(order, "order_sent")


def order_delivered(order: Order) -> None:
    """Say that the parcel should be there, and until when things may be sent back."""
    _send(order, "order_delivered", return_days=settings.RETURN_DAYS)


def order_cancelled(order: Order) -> None:
    """Say that the order is cancelled and the money on its way back."""
    _send(order, "order_cancelled")


def order_stands(order: Order) -> None:
    """Say that the order could not be cancelled after all, because its money did not go back."""
    _send(order, "order_stands")


def payment_declined(order: Order) -> None:
    """Say that the payment was declined, that nothing was charged, and how to try again."""
    _send(order, "payment_declined", checkout=_checkout_link())


def payment_timed_out(order: Order) -> None:
    """Say that no payment came in time, that nothing was charged, and how to try again."""
    _send(order, "payment_timed_out", checkout=_checkout_link())


def return_requested(request: ReturnRequest) -> None:
    """Say that the wish arrived and what comes next."""
    _send_about(request, "return_requested")


def return_approved(request: ReturnRequest) -> None:
    """Say how to send the things."""
    _send_about(request, "return_approved")


def return_rejected(request: ReturnRequest) -> None:
    """Say why not."""
    _send_about(request, "return_rejected")


def return_refunded(request: ReturnRequest) -> None:
    """Say that the things arrived and how much goes back."""
    _send_about(request, "return_refunded")


def _send_about(request: ReturnRequest, template: str) -> None:
    _send(request.order, template, request=request)


def _send(order: Order, template: str, **more: Any) -> None:
    context = {"order": order, "address": order_link(order), **more}
    mail_send(to=order.email, template=template, context=context, language=order.language, about=letters_about(order))


def letters_about(order: Order) -> str:
    """By what the letters about an order are found while they wait."""
    return f"order {order.pk}"


def _checkout_link() -> str:
    return f"{settings.SITE_URL}{reverse('orders:checkout')}"
