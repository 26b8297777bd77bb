"""Placing orders.

An order is placed in three steps, so that no database transaction waits for a
payment provider: *reserve* writes a pending order and takes its pieces out of
stock; the provider is asked; the answer settles or releases the order
(``shop.orders.paying``). A checkout form carries a token, so a repeated or
simultaneous submit of one form makes one order.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import get_language

from shop.actions.sources import UNKNOWN_SOURCE, ActionSource
from shop.cart.lines import lines_read
from shop.cart.models import CartLine
from shop.orders.errors import CartEmpty, CheckoutUsed, ItemsUnavailable, OrderRefused, TotalChanged
from shop.orders.models import Order, OrderLine
from shop.orders.paying import order_pay, orders_expire_pending
from shop.orders.payments import get_provider
from shop.orders.pricing import totals_of
from shop.orders.shipping import STANDARD, shipping_method
from shop.orders.stock import stock_take

if TYPE_CHECKING:
    import uuid

    from shop.accounts.models import Shopper
    from shop.orders.models import OrderQuerySet
    from shop.orders.pricing import Totals

TITLE_LENGTH = 500


@dataclass(frozen=True, slots=True)
class DeliveryAddress:
    """Who gets the parcel, and where to write to them."""

    email: str
    name: str
    street: str
    postcode: str
    city: str
    country: str


@dataclass(frozen=True, slots=True)
class CheckoutWish:
    """What a checkout form says.

    Attributes:
        address: Where it goes.
        method: Code of one of the provider's payment methods.
        token: Drawn once per form. A second order with it answers with the first one.
        shipping: Code of one of the ways of delivery.
        expected_total: What the shopper saw; another total refuses the order.
    """

    address: DeliveryAddress
    method: str
    token: uuid.UUID
    shipping: str = STANDARD
    expected_total: Decimal | None = None


def orders_of(shopper: Shopper | None) -> OrderQuerySet:
    """The orders a visitor may see: their own, and those they placed as a guest before signing in."""
    return Order.objects.none() if shopper is None else Order.objects.of(shopper)


def order_of_form(shopper: Shopper, token: uuid.UUID | None) -> Order | None:
    """The order that was placed with a checkout form, if any."""
    return None if token is None else orders_of(shopper).filter(checkout_token=token).first()


def order_place(
    *, shopper: Shopper, wish: CheckoutWish, source: ActionSource = UNKNOWN_SOURCE, site: str = ""
) -> Order:
    """Turn the cart into a paid order, or one that waits for the shopper's bank.

    Args:
        shopper: Whose cart.
        wish: What the form says.
        source: Whether the purchases may be recorded.
        site: The shop's address as the browser sees it, for the way back from a bank; ``SITE_URL`` where empty.

    Returns:
        The paid order; a pending one where its ``waiting_payment`` needs the
        shopper, or where the same form is being worked on at this moment.

    Raises:
        CartEmpty, ItemsUnavailable, TotalChanged, CheckoutUsed: nothing happened.
        PaymentDeclined, PaymentTimedOut: cart and stock are as they were before.
        PaymentTooLate: as well; the money goes back.
        PaymentUnavailable: this shop takes no payments, or not in this way; nothing happened.
        UnknownShipping: the shop does not send things that way; nothing happened.
    """
    provider = get_provider()
    orders_expire_pending()
    placed = order_of_form(shopper, wish.token)
    if placed is not None:
        return placed
    try:
        order = _reserve(shopper=shopper, wish=wish, recorded=source.recorded)
    except (IntegrityError, OrderRefused) as error:
        # The same form may have been sent twice, and the other one was first: it took the cart and the pieces.
        placed = order_of_form(shopper, wish.token)
        if placed is not None:
            return placed
        if isinstance(error, OrderRefused):
            raise
        raise CheckoutUsed from error
    order_pay(order=order, provider=provider, method=wish.method, site=site or settings.SITE_URL)
    return order


def _reserve(*, shopper: Shopper, wish: CheckoutWish, recorded: bool) -> Order:
    """Write a pending order for the whole cart and take its pieces out of stock, or change nothing."""
    method = shipping_method(wish.shipping)
    with transaction.atomic():
        # In the order of the items' keys, so that two checkouts never wait for each other in a circle.
        cart = lines_read(CartLine.objects.filter(shopper=shopper).order_by("item_id"))
        if not cart:
            raise CartEmpty
        missing = [line.item for line in cart if not _take(line)]
        if missing:
            raise ItemsUnavailable(missing)
        lines = [_line_of(line) for line in cart]
        totals = totals_of(sum((line.total for line in lines), Decimal("0.00")), method)
        if wish.expected_total is not None and totals.total != wish.expected_total:
            raise TotalChanged(totals.total)
        order = _order_of(wish, totals)
        order.shopper = shopper
        order.recorded = recorded
        order.save()
        for line in lines:
            line.order = order
        OrderLine.objects.bulk_create(lines)
    return order


def _order_of(wish: CheckoutWish, totals: Totals) -> Order:
    address = wish.address
    return Order(
        checkout_token=wish.token,
        email=address.email,
        name=address.name,
        street=address.street,
        postcode=address.postcode,
        city=address.city,
        country=address.country,
        language=get_language() or settings.LANGUAGE_CODE,
        currency=settings.CURRENCY,
        shipping_method=wish.shipping,
        shipping_price=totals.shipping,
        tax_rate=totals.tax_rate,
        tax_amount=totals.tax,
    )


def _line_of(line: CartLine) -> OrderLine:
    item = line.item
    return OrderLine(
        item=item,
        title=item.choice_name[:TITLE_LENGTH],
        price=item.price or Decimal("0.00"),
        quantity=line.quantity,
        from_stock=item.stock is not None,
    )


def _take(line: CartLine) -> bool:
    """Whether the line can be had; its pieces are taken where the item is stock-managed."""
    item = line.item
    if not item.published or item.price is None or item.is_frame:
        return False
    return item.stock is None or stock_take(item=item, quantity=line.quantity)
