"""What the shop expects of a payment provider.

A provider moves money and knows nothing of carts, stock or orders; the order
services call it and decide what its answer means. How to write one is told in
docs/orders.md.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping
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


class PaymentTimedOut(PaymentError):
    """No answer came in time. Should money arrive after all, it goes back (``payment_arrived``)."""


class PaymentUndecided(PaymentError):
    """The shopper has not finished the second step yet."""


class RefundRefused(PaymentError):
    """The provider would not give the money back."""


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """A way to pay that a shopper may choose; ``code`` goes into the form, ``help`` stands below the label."""

    code: str
    label: str | Promise
    help: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Charge:
    """What is to be charged.

    Attributes:
        order_number: Whose money it is; the same number is never charged twice.
        amount: How much.
        currency: ISO 4217 code.
        method: Code of one of the provider's methods.
        return_address: Where the shopper's browser goes after a second step; it is signed, and may be loaded twice.
    """

    order_number: str
    amount: Decimal
    currency: str
    method: str
    return_address: str


@dataclass(frozen=True, slots=True)
class Paid:
    """The money is there; ``reference`` is the provider's name for the payment."""

    reference: str


@dataclass(frozen=True, slots=True)
class StepNeeded:
    """The shopper has to confirm the payment at ``address`` first, as their bank asks."""

    reference: str
    address: str


class PaymentProvider(ABC):
    """Takes and returns money. No method is called inside a database transaction.

    Attributes:
        name: What ``PAYMENT_PROVIDER`` calls it.
    """

    name: ClassVar[str]

    @abstractmethod
    def methods(self) -> tuple[PaymentMethod, ...]:
        """What a shopper may choose from, the usual one first."""

    @abstractmethod
    def charge(self, charge: Charge) -> Paid | StepNeeded:
        """Take the money of an order, or say where the shopper confirms it.

        It must answer within seconds: wait for the network with a time limit,
        and raise ``PaymentTimedOut`` when that is over.

        Raises:
            PaymentDeclined: nothing was charged.
            PaymentTimedOut: nobody knows; the order is given up.
            PaymentUnavailable: the method is not among ``methods()``, or the provider cannot be reached.
        """

    @abstractmethod
    def resume(self, *, reference: str, answer: Mapping[str, str]) -> Paid:
        """Say how a second step ended.

        Args:
            reference: Of the ``StepNeeded``.
            answer: The query of the address the shopper came back to. Anybody can
                write one: believe what is signed, or ask the provider by ``reference``.

        Raises:
            PaymentDeclined: by the shopper or the bank; nothing was charged.
            PaymentUndecided: it has not ended.
            PaymentTimedOut: no answer came in time; the order goes on waiting.
        """

    @abstractmethod
    def refund(self, *, reference: str, amount: Decimal, currency: str, key: str) -> str:
        """Give ``amount`` of the payment ``reference`` back.

        Args:
            reference: Of the payment.
            amount: How much; a payment may go back in several parts.
            currency: ISO 4217 code.
            key: Names this refund. It is asked for again under the same key where the
                answer was not heard, and must not go back twice: pass it on as the
                idempotency key, and answer as the first time.

        Returns:
            The provider's reference of the refund.

        Raises:
            RefundRefused: nothing was given back.
            PaymentUnavailable: the provider cannot be reached; nothing was given back.
            PaymentTimedOut: nobody knows; it is asked for again. So it is where an ``OSError``,
                which networks raise, gets out.
        """
