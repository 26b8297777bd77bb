"""What the shop expects of a payment provider.

A provider moves money and knows nothing of carts, stock or orders; the order
services call it and decide what its answer means.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from decimal import Decimal

    from django.utils.functional import Promise


class PaymentError(Exception):
    """Something about a payment went differently from hoped."""


class PaymentUnavailable(PaymentError):
    """This shop cannot take payments, or not in this way."""


class PaymentDeclined(PaymentError):
    """The provider said no; nothing was charged. ``reference`` is the provider's name for the attempt."""

    def __init__(self, reference: str) -> None:
        self.reference = reference
        super().__init__(reference)


class RefundRefused(PaymentError):
    """The provider would not give the money back."""


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A way to pay that a shopper may choose; ``code`` goes into the form."""

    code: str
    label: str | Promise


class PaymentProvider(ABC):
    """Takes and returns money.

    Attributes:
        name: What ``PAYMENT_PROVIDER`` calls it.
    """

    name: ClassVar[str]

    @abstractmethod
    def methods(self) -> tuple[PaymentMethod, ...]:
        """What a shopper may choose from, the usual one first."""

    @abstractmethod
    def charge(self, *, order_number: str, amount: Decimal, currency: str, method: str) -> str:
        """Take ``amount`` for an order. Called outside any database transaction.

        Returns:
            The provider's reference of the payment.

        Raises:
            PaymentDeclined: nothing was charged.
            PaymentUnavailable: ``method`` is not among ``methods()``, or the provider cannot be reached.
        """

    @abstractmethod
    def refund(self, *, reference: str, amount: Decimal, currency: str) -> str:
        """Give ``amount`` of the payment ``reference`` back.

        Returns:
            The provider's reference of the refund.

        Raises:
            RefundRefused: nothing was given back.
        """
