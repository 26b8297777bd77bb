"""What the room of orders hands over to whoever asks for their data, and what it erases of whoever goes.

The books have to keep orders: what was sold when, at which price, with which
tax. They need not keep who bought it. Forgetting takes the shopper, the name
and the address off; only a parcel that is paid and not sent yet keeps its
address until it leaves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from shop.mail.services import letters_forget
from shop.orders.emails import letters_about
from shop.orders.models import Order, ReturnRequest
from shop.orders.paying import order_release

if TYPE_CHECKING:
    from shop.accounts.models import Shopper

PERSONAL_FIELDS = ("email", "name", "street", "postcode", "city", "country", "tracking")


def order_blank(order: Order) -> None:
    """Take everything personal off the row of an order; ``order`` itself still knows it, for a last letter."""
    Order.objects.filter(pk=order.pk).update(**dict.fromkeys(PERSONAL_FIELDS, ""))
    ReturnRequest.objects.filter(order=order.pk).update(words="", answer="")


def orders_forget(shopper: Shopper) -> None:
    """Keep the orders of a shopper who asked to be forgotten as orders of nobody; unpaid ones are given up.

    Letters about them that have not left yet are thrown away.
    """
    for order in Order.objects.of(shopper):
        order_release(order)
        letters_forget(letters_about(order))
        # One that is being cancelled stands again where its refund is refused.
        waits_for_parcel = order.status in {Order.Status.PAID, Order.Status.CANCELLING}
        Order.objects.filter(pk=order.pk).update(shopper=None, forgotten_at=timezone.now(), checkout_token=None)
        if not waits_for_parcel:
            order_blank(order)


def orders_export(shopper: Shopper) -> dict[str, list[dict[str, Any]]]:
    """Every order of a shopper with its lines and payments, and what they wished to send back."""
    orders = Order.objects.of(shopper).order_by("id").prefetch_related("lines__item", "payments")
    returns = ReturnRequest.objects.filter(order__in=orders).order_by("id")
    return {
        "orders": [_order_row(order) for order in orders],
        "returns": [
            _return_row(request) for request in returns.select_related("order").prefetch_related("lines__line")
        ],
    }


def _order_row(order: Order) -> dict[str, Any]:
    personal = {name: getattr(order, name) for name in PERSONAL_FIELDS}
    times = {
        name: getattr(order, name) for name in ("created_at", "paid_at", "sent_at", "delivered_at", "cancelled_at")
    }
    return {
        "number": order.number,
        "status": order.status,
        **personal,
        **times,
        "language": order.language,
        "currency": order.currency,
        "shipping_method": order.shipping_method,
        "shipping_price": order.shipping_price,
        "tax_rate": order.tax_rate,
        "tax_amount": order.tax_amount,
        "total": order.total,
        "lines": [
            {
                "item": line.item.item_id if line.item else None,
                "title": line.title,
                "price": line.price,
                "quantity": line.quantity,
            }
            for line in order.lines.all()
        ],
        "payments": [
            {"time": payment.created_at, "amount": payment.amount, "outcome": payment.outcome}
            for payment in order.payments.all()
        ],
    }


def _return_row(request: ReturnRequest) -> dict[str, Any]:
    return {
        "order": request.order.number,
        "status": request.status,
        "reason": request.reason,
        "words": request.words,
        "answer": request.answer,
        "amount": request.amount,
        "created_at": request.created_at,
        "decided_at": request.decided_at,
        "refunded_at": request.refunded_at,
        "lines": [{"title": line.line.title, "quantity": line.quantity} for line in request.lines.all()],
    }
