"""Why an order or a return does not come about. The messages are for the shopper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from shop.cart.sentences import enumeration

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from shop.catalogue.models import Item


class OrderRefused(Exception):
    """The order cannot be placed as it is."""


class CartEmpty(OrderRefused):
    """There is nothing to order."""

    def __init__(self) -> None:
        super().__init__(_("Your cart is empty."))


class ItemsUnavailable(OrderRefused):
    """Some items were bought out, unpublished or lost their price since they were put into the cart.

    Attributes:
        items: Those items, as they are now.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)
        names = enumeration([item.choice_name for item in items])
        super().__init__(_("No longer available as ordered: %(items)s. Nothing was charged.") % {"items": names})


class TotalChanged(OrderRefused):
    """A price changed between looking at the checkout and sending it.

    Attributes:
        total: What it costs now.
    """

    def __init__(self, total: Decimal) -> None:
        self.total = total
        super().__init__(_("The total has changed since you saw it. Please look at it again: nothing was charged yet."))


class CheckoutUsed(OrderRefused):
    """Somebody else's order was placed with this form."""

    def __init__(self) -> None:
        super().__init__(_("This checkout has been used. Please start again from your cart."))


class PaymentTooLate(OrderRefused):
    """The money came when the order had been given up; it went back."""

    def __init__(self) -> None:
        super().__init__(_("The payment took too long; it is given back. Your cart is as it was."))


class PaymentNotGivenBack(PaymentTooLate):
    """The money came when the order had been given up, and the provider has not taken it back yet."""

    def __init__(self) -> None:
        super().__init__()
        self.args = (
            _(
                "The payment came too late and could not be given back yet. "
                "We go on trying; please write to us if it does not arrive."
            ),
        )


class ReturnRefused(Exception):
    """Things cannot be sent back, or not these, or not any more."""
