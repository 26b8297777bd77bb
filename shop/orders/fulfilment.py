"""What becomes of a paid order: sent, delivered, cancelled, or ordered again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from shop.actions.models import Kind
from shop.actions.services import actions_undo
from shop.actions.sources import UNKNOWN_SOURCE, ActionSource
from shop.cart.services import CannotBeBought, cart_add
from shop.orders import emails, hooks
from shop.orders.models import Order
from shop.orders.paying import return_pieces
from shop.orders.privacy import order_blank
from shop.orders.refunds import refund_carry_out, refund_note
from shop.orders.workflow import order_step, order_step_back

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shop.accounts.models import Shopper
    from shop.cart.services import CartChange
    from shop.orders.models import OrderLine, Payment


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

    From the guarded update on the order is *being cancelled*, and can be
    neither sent nor cancelled again; the refund is written down as due with it.
    The provider is asked after that transaction. Once it has given the money
    back the order is cancelled; where it refuses, the order stands as before.

    Raises:
        IllegalStep: not paid, sent already, or cancelled before.
        RefundRefused, PaymentUnavailable: nothing changed.
        PaymentTimedOut: the order is being cancelled; the refund stays due (``refunds_settle_due``).
    """
    with transaction.atomic():
        order_step(order, Order.Status.CANCELLING)
        due = refund_note(order, order.total)
        if due is None:
            _cancelled(order)
            return
    refund_carry_out(due, given=partial(_cancelled, order), kept=partial(order_step_back, order))


def cancellation_resume(due: Payment) -> None:
    """Ask again for the refund of an order that is being cancelled; the caller holds it.

    Who wanted it cancelled is not looking any more: where it stands after all, a letter says so.

    Raises:
        RefundRefused: the order stands.
        PaymentUnavailable, PaymentTimedOut: the refund stays due.
    """
    order = due.order
    refund_carry_out(due, given=partial(_cancelled, order), kept=partial(_stands, order))


def _cancelled(order: Order) -> None:
    """The money is back, or there was none: so are the pieces, and the purchases no longer count."""
    order_step(order, Order.Status.CANCELLED, cancelled_at=timezone.now())
    return_pieces(order)
    purchases_undo(order, order.lines.select_related("item"))
    hooks.undone(order)
    emails.order_cancelled(order)
    if order.forgotten_at is not None:
        order_blank(order)


def _stands(order: Order) -> None:
    order_step_back(order)
    emails.order_stands(order)


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
