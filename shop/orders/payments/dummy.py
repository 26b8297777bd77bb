"""A payment provider that moves no money; the shopper chooses how it ends.

For demonstrations and tests. ``manage.py check --deploy`` refuses it.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

from shop.orders.payments.base import PaymentDeclined, PaymentMethod, PaymentProvider, PaymentUnavailable

if TYPE_CHECKING:
    from decimal import Decimal

ACCEPT = "accept"
DECLINE = "decline"


class DummyProvider(PaymentProvider):
    """Accepts or declines as told."""

    name: ClassVar[str] = "dummy"

    def methods(self) -> tuple[PaymentMethod, ...]:
        """The outcomes one may choose."""
        return (
            PaymentMethod(ACCEPT, _("Test payment that is accepted")),
            PaymentMethod(DECLINE, _("Test payment that is declined")),
        )

    def charge(self, *, order_number: str, amount: Decimal, currency: str, method: str) -> str:  # noqa: ARG002 - moves no money
        """Accept or decline, as ``method`` says."""
        if method == ACCEPT:
            return _reference()
        if method == DECLINE:
            raise PaymentDeclined(_reference())
        raise PaymentUnavailable(method)

    def refund(self, *, reference: str, amount: Decimal, currency: str) -> str:  # noqa: ARG002 - moves no money
        """Always gives back."""
        return _reference()


def _reference() -> str:
    return f"dummy-{secrets.token_hex(8)}"
