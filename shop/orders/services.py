"""Placing and cancelling orders.

An order is placed in three steps, so that no database transaction waits for a
payment provider: *reserve* writes a pending order and takes its pieces out of
stock; the provider is asked; *settle* makes the order paid, records the
purchases and empties the cart, or *release* puts everything back. Each step is
one transaction, and each change of status is a guarded update, so a repeated
or simultaneous submit of one form makes one order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import shoppers_of
from shop.actions.models import Action, Kind
from shop.actions.services import actions_undo
from shop.actions.sources import UNKNOWN_SOURCE, ActionSource
from shop.cart.models import CartLine
from shop.orders import emails
from shop.orders.models import Order, OrderLine, Payment
from shop.orders.payments import get_provider
from shop.orders.payments.base import PaymentDeclined
from shop.orders.stock import stock_return, stock_take

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from shop.accounts.models import Shopper
    from shop.catalogue.models import Item
    from shop.orders.payments.base import PaymentProvider

# A payment that has not come back by then never will; its pieces go on sale again.
PENDING_LIFETIME = timedelta(minutes=30)


class OrderRefused(Exception):
    """The order cannot be placed as it is; the message is for the shopper."""


class CartEmpty(OrderRefused):
    """There is nothing to order."""


class ItemsUnavailable(OrderRefused):
    """Some items were bought out, unpublished or lost their price since they were put into the cart.

    Attributes:
        items: Those items, as they are now.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)
        names = ", ".join(item.name for item in items)
        super().__init__(_("No longer available as ordered: %(items)s. Nothing was charged.") % {"items": names})


class TotalChanged(OrderRefused):
    """A price changed between looking at the checkout and sending it.

    Attributes:
        total: What it costs now.
    """

    def __init__(self, total: Decimal) -> None:
        self.total = total
        super().__init__(_("The total has changed to %(total)s. Please look at it again.") % {"total": total})


class CannotBeCancelled(Exception):
    """Only a paid order can be cancelled, and only once."""


@dataclass(frozen=True, slots=True)
class DeliveryAddress:
    """Who gets the parcel, and where to write to them."""

    email: str
    name: str
    street: str
    postcode: str
    city: str
    country: str


def orders_of(shopper: Shopper | None) -> QuerySet[Order]:
    """The orders a visitor may see: their own, and those they placed as a guest before signing in."""
    if shopper is None:
        return Order.objects.none()
    return Order.objects.filter(shoppers_of(shopper))


def order_place(  # noqa: PLR0913 - a checkout is this many things
    *,
    shopper: Shopper,
    address: DeliveryAddress,
    method: str,
    token: uuid.UUID,
    expected_total: Decimal | None = None,
    source: ActionSource = UNKNOWN_SOURCE,
) -> Order:
    """Turn the cart into a paid order.

    Args:
        shopper: Whose cart.
        address: Where it goes.
        method: Code of one of the provider's payment methods.
        token: Drawn once per checkout form. A second call with it answers with the first call's order.
        expected_total: What the shopper saw; another total refuses the order.
        source: Whether the purchases may be recorded.

    Returns:
        The paid order; a pending one where the same form is being worked on at this moment.

    Raises:
        CartEmpty, ItemsUnavailable, TotalChanged: nothing happened.
        PaymentDeclined: cart and stock are as they were before.
        PaymentUnavailable: this shop takes no payments, or not in this way; nothing happened.
    """
    provider = get_provider()
    orders_expire_pending()
    placed = _placed_before(shopper, token)
    if placed is not None:
        return placed
    try:
        order = _reserve(shopper=shopper, address=address, token=token, expected_total=expected_total)
    except (IntegrityError, OrderRefused) as error:
        # The same form may have been sent twice, and the other one was first: it took the cart and the pieces.
        placed = _placed_before(shopper, token)
        if placed is not None:
            return placed
        if isinstance(error, OrderRefused):
            raise
        raise OrderRefused(_("This checkout has been used. Please start again from your cart.")) from error
    _pay(order=order, provider=provider, method=method, recorded=source.recorded)
    return order


def _placed_before(shopper: Shopper, token: uuid.UUID) -> Order | None:
    return orders_of(shopper).filter(checkout_token=token).first()


def _pay(*, order: Order, provider: PaymentProvider, method: str, recorded: bool) -> None:
    """Ask for the money of a pending order; whatever goes wrong, it ends paid or released, never between."""
    amount = order.total
    reference = ""
    settled = False
    try:
        reference = provider.charge(order_number=order.number, amount=amount, currency=order.currency, method=method)
        payment = Payment(
            order=order,
            provider=provider.name,
            reference=reference,
            amount=amount,
            outcome=Payment.Outcome.ACCEPTED,
        )
        _settle(order=order, payment=payment, recorded=recorded)
        settled = True
    except PaymentDeclined as refusal:
        Payment.objects.create(
            order=order,
            provider=provider.name,
            reference=refusal.reference,
            amount=amount,
            outcome=Payment.Outcome.DECLINED,
        )
        raise
    finally:
        if not settled:
            order_release(order)
            if reference:
                provider.refund(reference=reference, amount=amount, currency=order.currency)


def order_release(order: Order) -> bool:
    """Put the pieces of an unpaid order back and close it; whether it was still pending."""
    with transaction.atomic():
        released = Order.objects.filter(pk=order.pk, status=Order.Status.PENDING).update(
            status=Order.Status.DECLINED, checkout_token=None
        )
        if released:
            _return_pieces(order)
    return bool(released)


def orders_expire_pending() -> int:
    """Release orders whose payment never came back, because the process died in between; how many."""
    stale = Order.objects.filter(status=Order.Status.PENDING, created_at__lt=timezone.now() - PENDING_LIFETIME)
    return sum(order_release(order) for order in stale)


def order_cancel(order: Order) -> None:
    """Cancel a paid order: money and pieces go back, its purchases no longer count.

    The refund is asked for inside the transaction, after the guarded update:
    it is never asked for twice, and where it is refused the order stays paid.

    Raises:
        CannotBeCancelled: not paid, or cancelled before.
        RefundRefused: nothing changed.
    """
    with transaction.atomic():
        now = timezone.now()
        cancelled = Order.objects.filter(pk=order.pk, status=Order.Status.PAID).update(
            status=Order.Status.CANCELLED, cancelled_at=now
        )
        if not cancelled:
            raise CannotBeCancelled(order.number)
        order.refresh_from_db()
        _return_pieces(order)
        # The purchases carry the moment of the payment: an earlier order of the same item keeps counting.
        actions_undo(shopper=order.shopper, items=_items_of(order), kind=Kind.PURCHASE, time=order.paid_at)
        _refund(order)
        transaction.on_commit(lambda: emails.order_cancelled(order))


def _reserve(*, shopper: Shopper, address: DeliveryAddress, token: uuid.UUID, expected_total: Decimal | None) -> Order:
    """Write a pending order for the whole cart and take its pieces out of stock, or change nothing."""
    with transaction.atomic():
        # In the order of the items' keys, so that two checkouts never wait for each other in a circle.
        cart = list(CartLine.objects.filter(shopper=shopper).select_related("item").order_by("item_id"))
        if not cart:
            raise CartEmpty(_("Your cart is empty."))
        missing = [line.item for line in cart if not _take(line)]
        if missing:
            raise ItemsUnavailable(missing)
        prices = [line.item.price or Decimal("0.00") for line in cart]
        total = sum((line.quantity * price for line, price in zip(cart, prices, strict=True)), Decimal("0.00"))
        if expected_total is not None and total != expected_total:
            raise TotalChanged(total)
        order = Order.objects.create(
            shopper=shopper,
            checkout_token=token,
            email=address.email,
            name=address.name,
            street=address.street,
            postcode=address.postcode,
            city=address.city,
            country=address.country,
            currency=settings.CURRENCY,
        )
        OrderLine.objects.bulk_create(
            OrderLine(
                order=order,
                item=line.item,
                title=line.item.name[:500],
                price=price,
                quantity=line.quantity,
                from_stock=line.item.stock is not None,
            )
            for line, price in zip(cart, prices, strict=True)
        )
    return order


def _take(line: CartLine) -> bool:
    """Whether the line can be had; its pieces are taken where the item is stock-managed."""
    item = line.item
    if not item.published or item.price is None:
        return False
    return item.stock is None or stock_take(item=item, quantity=line.quantity)


def _settle(*, order: Order, payment: Payment, recorded: bool) -> None:
    """The money is there: the order is paid, its purchases are recorded, its items leave the cart."""
    with transaction.atomic():
        now = timezone.now()
        paid = Order.objects.filter(pk=order.pk, status=Order.Status.PENDING).update(
            status=Order.Status.PAID, paid_at=now
        )
        if not paid:
            raise OrderRefused(_("The payment took too long; it is given back. Your cart is as it was."))
        payment.save()
        order.refresh_from_db()
        items = _items_of(order)
        if recorded:
            _record_purchases(order=order, items=items, time=now)
        CartLine.objects.filter(shopper=order.shopper, item__in=items).delete()
        transaction.on_commit(lambda: emails.order_confirmed(order))


def _record_purchases(*, order: Order, items: Sequence[int], time: datetime) -> None:
    """One purchase per line, from wherever the item was last put into the cart."""
    carted = Action.objects.of(order.shopper).filter(kind=Kind.CART, item__in=items).order_by("id")
    sources = {item: rest for item, *rest in carted.values_list("item", "panel", "position", "bundle")}
    Action.objects.bulk_create(
        Action(
            shopper=order.shopper,
            item_id=item,
            kind=Kind.PURCHASE,
            time=time,
            panel=panel,
            position=position,
            bundle=bundle,
        )
        for item in items
        for panel, position, bundle in [sources.get(item, ("", None, ""))]
    )


def _return_pieces(order: Order) -> None:
    for line in order.lines.filter(from_stock=True, item__isnull=False).order_by("item_id"):
        stock_return(item_key=cast("int", line.item_id), quantity=line.quantity)


def _refund(order: Order) -> None:
    """Give the accepted payment back; nothing to do where there was none."""
    payment = order.payments.filter(outcome=Payment.Outcome.ACCEPTED).first()
    if payment is None:
        return
    reference = get_provider().refund(reference=payment.reference, amount=payment.amount, currency=order.currency)
    Payment.objects.create(
        order=order,
        provider=payment.provider,
        reference=reference,
        amount=payment.amount,
        outcome=Payment.Outcome.REFUNDED,
    )


def _items_of(order: Order) -> list[int]:
    """Keys of the items that still exist, in the order of the lines."""
    return [line.item_id for line in order.lines.all() if line.item_id is not None]
