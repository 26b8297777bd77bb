"""Which provider a shop uses, and that one of the owner's own fits in."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from shop.orders.fulfilment import order_cancel
from shop.orders.models import Order, Payment
from shop.orders.payments import get_provider
from shop.orders.payments.base import Paid, PaymentMethod, PaymentProvider, PaymentUnavailable
from shop.orders.payments.dummy import DummyProvider
from tests.shop.orders.scenarios import cart_with, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shop.orders.payments.base import Charge


class Till(PaymentProvider):
    """The owner's own: takes everything."""

    name: ClassVar[str] = "till"

    def methods(self) -> tuple[PaymentMethod, ...]:
        return (PaymentMethod("cash", "Cash"),)

    def charge(self, charge: Charge) -> Paid:
        return Paid(f"{charge.order_number} {charge.amount} {charge.currency} {charge.return_address}")

    def resume(self, *, reference: str, answer: Mapping[str, str]) -> Paid:
        return Paid(reference)

    def refund(self, *, reference: str, amount: Decimal, currency: str, key: str) -> str:
        return f"{amount} {currency} {key}"


def test_the_dummy_is_used_where_it_is_named_and_nowhere_else(settings: Any) -> None:
    assert isinstance(get_provider(), DummyProvider)
    settings.PAYMENT_PROVIDER = "none"
    with pytest.raises(PaymentUnavailable):
        get_provider()


@pytest.mark.django_db
def test_a_provider_of_the_owners_own_is_found_by_its_path(settings: Any) -> None:
    settings.PAYMENT_PROVIDER = f"{__name__}.Till"
    order = place(cart_with(5), "cash")
    [payment] = Payment.objects.all()
    assert payment.provider == "till"
    assert payment.reference.startswith(f"{order.number} 17.40 EUR https://shop.example/orders/{order.number}/payment/")
    order_cancel(order)
    assert Order.objects.get().status == "cancelled"
    given_back = Payment.objects.get(outcome="refunded")
    assert given_back.reference == f"17.40 EUR {order.number}-{given_back.pk}"
