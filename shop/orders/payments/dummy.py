"""A payment provider that moves no money; the shopper chooses how it ends.

For demonstrations and tests. ``manage.py check --deploy`` refuses it. It keeps
nothing: what it has to know later is signed into its references and addresses.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, ClassVar

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from shop.orders.payments.base import (
    Charge,
    Paid,
    PaymentDeclined,
    PaymentMethod,
    PaymentProvider,
    PaymentTimedOut,
    PaymentUnavailable,
    PaymentUndecided,
    RefundRefused,
    StepNeeded,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

ACCEPT = "accept"
DECLINE = "decline"
SECOND_STEP = "second-step"
TIME_OUT = "time-out"
REFUSE_REFUND = "refuse-refund"

CONFIRMED = "confirmed"
DENIED = "denied"
ANSWER = "answer"

_QUESTION_SALT = "shop.orders.dummy.question"
_ANSWER_SALT = "shop.orders.dummy.answer"
_REFUND_SALT = "shop.orders.dummy.refund"
_KEEPS_THE_MONEY = "dummy-kept-"


class DummyProvider(PaymentProvider):
    """Accepts, declines, asks back, stays silent or keeps the money, as told."""

    name: ClassVar[str] = "dummy"

    def methods(self) -> tuple[PaymentMethod, ...]:
        """The outcomes one may choose."""
        return (
            PaymentMethod(ACCEPT, _("Test payment that is accepted"), _("No money moves.")),
            PaymentMethod(DECLINE, _("Test payment that is declined")),
            PaymentMethod(SECOND_STEP, _("Test payment that the bank asks about"), _("You say yes or no on its page.")),
            PaymentMethod(TIME_OUT, _("Test payment without an answer")),
            PaymentMethod(
                REFUSE_REFUND, _("Test payment that is not given back"), _("Accepted, but cancelling is refused.")
            ),
        )

    def charge(self, charge: Charge) -> Paid | StepNeeded:
        """Answer as the chosen method says."""
        if charge.method == ACCEPT:
            return Paid(_reference())
        if charge.method == REFUSE_REFUND:
            return Paid(_reference(_KEEPS_THE_MONEY))
        if charge.method == SECOND_STEP:
            reference = _reference()
            return StepNeeded(reference, address=_question_address(charge, reference))
        if charge.method == DECLINE:
            raise PaymentDeclined(_reference())
        if charge.method == TIME_OUT:
            raise PaymentTimedOut
        raise PaymentUnavailable(charge.method)

    def resume(self, *, reference: str, answer: Mapping[str, str]) -> Paid:
        """Believe the bank's page, which signs what was pressed there."""
        try:
            said = signing.loads(answer.get(ANSWER, ""), salt=_ANSWER_SALT)
        except signing.BadSignature as error:
            raise PaymentUndecided from error
        if said == [reference, CONFIRMED]:
            return Paid(reference)
        if said == [reference, DENIED]:
            raise PaymentDeclined(reference)
        raise PaymentUndecided

    def refund(self, *, reference: str, amount: Decimal, currency: str, key: str) -> str:  # noqa: ARG002 - moves no money
        """Give back, unless the payment was made to be kept; asked again under one key it answers the same."""
        if reference.startswith(_KEEPS_THE_MONEY):
            raise RefundRefused
        return f"dummy-{salted_hmac(_REFUND_SALT, key).hexdigest()[:16]}"


def read_question(question: str) -> dict[str, str]:
    """What the page of the bank asks about: reference, number, amount, currency and where to go back to.

    Raises:
        BadSignature: it was not made here.
    """
    return dict(signing.loads(question, salt=_QUESTION_SALT))


def sign_answer(reference: str, word: str) -> str:
    """What the page of the bank sends back with the shopper."""
    return signing.dumps([reference, word], salt=_ANSWER_SALT)


def _question_address(charge: Charge, reference: str) -> str:
    question = {
        "reference": reference,
        "number": charge.order_number,
        "amount": str(charge.amount),
        "currency": charge.currency,
        "back": charge.return_address,
    }
    return reverse("orders:bank", kwargs={"question": signing.dumps(question, salt=_QUESTION_SALT)})


def _reference(prefix: str = "dummy-") -> str:
    return f"{prefix}{secrets.token_hex(8)}"
