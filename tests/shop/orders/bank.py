"""A bank that gives money back as it is told to, and orders whose money it shall give back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.utils import timezone

from shop.orders.fulfilment import order_cancel
from shop.orders.models import Order, Payment, ReturnRequest
from shop.orders.payments.base import PaymentTimedOut, PaymentUnavailable, RefundRefused
from shop.orders.payments.dummy import DummyProvider
from shop.orders.refunds import HOLD
from shop.orders.returns import return_approve, return_ask, return_receive
from tests.shop.orders.scenarios import cart_with, deliver, place

if TYPE_CHECKING:
    from collections.abc import Callable


class Killed(BaseException):
    """The process ends here; nothing handles it."""


class Bank:
    """What the dummy provider is asked, and what it says: one answer after the other, the last one for good."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.keys: list[str] = []
        self.in_transaction: list[bool] = []
        self.standing: list[str] = []
        self.given: dict[str, Decimal] = {}
        self.answers: list[BaseException | None] = []
        self.before: Callable[[], None] = lambda: None
        own = DummyProvider.refund
        bank = self

        def refund(self: DummyProvider, *, reference: str, amount: Decimal, currency: str, key: str) -> str:
            bank.keys.append(key)
            bank.in_transaction.append(connection.in_atomic_block)
            bank.standing.append(Order.objects.get(number=key.partition("-")[0]).status)
            before, bank.before = bank.before, lambda: None
            before()
            answer = bank.answers.pop(0) if bank.answers else None
            if not isinstance(answer, PaymentUnavailable | RefundRefused):
                bank.given[key] = amount  # it came through, whether the shop hears of it or not
            if answer is not None:
                raise answer
            return own(self, reference=reference, amount=amount, currency=currency, key=key)

        monkeypatch.setattr(DummyProvider, "refund", refund)


def received() -> ReturnRequest:
    """A return of one piece of two that is approved and may be received."""
    order = deliver(place(cart_with(5, quantity=2)))
    request = return_ask(order=order, quantities={order.lines.get().pk: 1}, reason="damaged")
    return_approve(request)
    return request


def cancel() -> Order:
    """A paid order, cancelled however the bank likes."""
    order = place(cart_with(5, quantity=2))
    with pytest.raises((PaymentTimedOut, Killed, RuntimeError)):
        order_cancel(order)
    return Order.objects.get()


def give_back() -> ReturnRequest:
    """Things that came back, refunded however the bank likes."""
    request = received()
    with pytest.raises((PaymentTimedOut, Killed, RuntimeError)):
        return_receive(request)
    return ReturnRequest.objects.get()


def refunds() -> list[tuple[str, Decimal]]:
    return list(Payment.objects.exclude(outcome="accepted").values_list("outcome", "amount"))


def time_passes(much: timedelta = HOLD + timedelta(seconds=1)) -> None:
    for due in Payment.objects.due().exclude(asked_at=None):
        Payment.objects.filter(pk=due.pk).update(asked_at=timezone.now() - much)
