"""What becomes of a paid order: sent, delivered, cancelled, or ordered again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from shop.actions.models import Kind
from shop.actions.services import actions_undo
from shop.actions.sources import UNKNOWN_SOURCE, ActionSource
from shop.cart.services import CannotBeBought, cart_add
from shop.orders import emails, hooks
from shop.orders.models import Order
from shop.orders.paying import refund, return_pieces
from shop.orders.privacy import order_blank
from shop.orders.workflow import order_step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shop.accounts.models import Shopper
    from shop.cart.services import CartChange
    from shop.orders.models import OrderLine


@dataclass(frozen=True, slots=True)
class Reorder:
    """What became of ordering again.

    Attributes:
        added: What is in the cart now.
        missing: Titles of what cannot be bought any more.
    """

    added: tuple[CartChange, ...]
    missing: tuple[str, ...]

    @property
    def limited(self) -> tuple[CartChange, ...]:
        """What is in the cart in smaller numbers than it was ordered."""
        return tuple(change for change in self.added if change.limited)


def order_send(order: Order, *, tracking: str = "") -> None:
    """The parcel left the house.

    Raises:
        IllegalStep: the order is not paid, or was sent or cancelled before.
    """
    with transaction.atomic():
        order_step(order, Order.Status.SENT, sent_at=timezone.now(), tracking=tracking)
        emails.order_sent(order)
        if order.forgotten_at is not None:
            order_blank(order)  # the address was kept for this alone


def order_deliver(order: Order) -> None:
    """The parcel arrived; from now on its things may be sent back for a while.

    Raises:
        IllegalStep: the order was not sent, or is delivered already.
    """
    with transaction.atomic():
        order_step(order, Order.Status.DELIVERED, delivered_at=timezone.now())
        emails.order_delivered(order)


def order_cancel(order: Order) -> None:
    """Cancel a paid order that was not sent yet: money and pieces go back, its purchases no longer count.

    The refund is asked for inside the transaction, after the guarded update:
    it is never asked for twice, and where it is refused the order stays paid.

    Raises:
        IllegalStep: not paid, sent already, or cancelled before.
        RefundRefused, PaymentUnavailable: nothing changed.
    """
    with transaction.atomic():
        order_step(order, Order.Status.CANCELLED, cancelled_at=timezone.now())
        return_pieces(order)
        purchases_undo(order, order.lines.select_related("item"))
        hooks.undone(order)
        refund(order, order.total)
        emails.order_cancelled(order)
        if order.forgotten_at is not None:
            order_blank(order)


def order_again(*, order: Order, shopper: Shopper, source: ActionSource = UNKNOWN_SOURCE) -> Reorder:
    """Put what an order held into the cart, as far as it can be bought today, at the prices of today."""
    added: list[CartChange] = []
    missing: list[str] = []
    for line in order.lines.select_related("item"):
        if line.item is None:
            missing.append(line.title)
            continue
        try:
            added.append(cart_add(shopper=shopper, item=line.item, quantity=line.quantity, source=source))
        except CannotBeBought:
            missing.append(line.title)
    return Reorder(added=tuple(added), missing=tuple(missing))


def purchases_undo(order: Order, lines: Iterable[OrderLine]) -> None:
    """Mark the purchases of these lines as undone; a variant's purchase is its head's.

    The purchases carry the moment of the payment: an earlier order of the same
    item keeps counting.
    """
    if order.shopper is None:
        return
    heads = {line.item.head_key for line in lines if line.item is not None}
    actions_undo(shopper=order.shopper, items=heads, kind=Kind.PURCHASE, time=order.paid_at)
