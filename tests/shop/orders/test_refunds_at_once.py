"""However many ask for one refund at once, or hear of it, money goes back once."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.mail.models import Letter
from shop.orders import settling
from shop.orders.fulfilment import order_cancel
from shop.orders.models import Order, Payment, ReturnRequest
from shop.orders.payments.base import PaymentTimedOut, PaymentUnavailable, RefundRefused
from shop.orders.refunds import refund_hold
from shop.orders.returns import return_approve, return_ask, return_receive
from shop.orders.settling import refund_ask_again, refunds_settle_due
from shop.orders.workflow import IllegalStep
from tests.concurrency import run_together
from tests.shop.orders.bank import Bank, Killed, cancel, give_back, received, refunds, time_passes
from tests.shop.orders.scenarios import cart_with, place, stocks

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


def test_two_refunds_of_one_order_are_never_under_way_at_once(bank: Bank) -> None:
    bank.answers = [PaymentTimedOut()]
    first = give_back()
    second = return_ask(order=first.order, quantities={first.order.lines.get().pk: 1}, reason="damaged")
    return_approve(second)
    with pytest.raises(IllegalStep, match="another refund"):
        return_receive(second)
    second.refresh_from_db()
    assert second.status == "approved"
    refunds_settle_due()
    return_receive(second)
    assert refunds() == [("refunded", Decimal("12.50")), ("refunded", Decimal("17.40"))]


def test_an_answer_heard_by_two_counts_once(bank: Bank) -> None:
    """The first asks for so long that its hold is over; the second is answered before it."""

    def meanwhile() -> None:
        time_passes()
        assert refunds_settle_due() == 1

    bank.before = meanwhile
    order = place(cart_with(5, quantity=2))
    order_cancel(order)
    assert len(bank.keys) == 2
    assert stocks() == [5]
    assert refunds() == [("refunded", Decimal("29.90"))]
    assert Letter.objects.filter(template="order_cancelled").count() == 1


def test_a_no_that_comes_after_a_yes_changes_nothing(bank: Bank) -> None:
    def meanwhile() -> None:
        time_passes()
        assert refunds_settle_due() == 1
        bank.answers = [RefundRefused()]

    bank.before = meanwhile
    with pytest.raises(RefundRefused):
        order_cancel(place(cart_with(5)))
    assert (Order.objects.get().status, stocks()) == ("cancelled", [5])


@pytest.mark.parametrize("answer", [PaymentUnavailable(), RefundRefused(), PaymentTimedOut()])
def test_who_was_too_slow_takes_nothing_back_from_who_asks_now(bank: Bank, answer: BaseException) -> None:
    def taken_over() -> None:
        time_passes()
        assert refund_hold(Payment.objects.due().get())
        bank.answers = [answer]

    bank.before = taken_over
    with pytest.raises(type(answer)):
        order_cancel(place(cart_with(5)))
    assert Order.objects.get().status == "cancelling"
    held = Payment.objects.due().get()
    assert held.attempts == 2
    assert held.asked_at is not None


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("start", [cancel, give_back])
def test_asked_again_by_several_at_once_one_asks(bank: Bank, start: Callable[[], object]) -> None:
    bank.answers = [PaymentTimedOut()]
    start()
    assert sorted(run_together(*[refunds_settle_due] * 3)) == [0, 0, 1]
    assert len(bank.keys) == 2
    assert [outcome for outcome, _amount in refunds()] == ["refunded"]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_without_the_hold_several_would_ask(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """The race is real; and even then the key and the guarded record let the money go back once."""
    bank.answers = [PaymentTimedOut()]
    cancel()
    monkeypatch.setattr("shop.orders.settling.refund_hold", lambda _due: True)
    dues = [Payment.objects.due().select_related("order").get() for _process in range(3)]
    run_together(*(partial(settling._resume, due) for due in dues))
    assert len(bank.keys) > 2
    assert len(bank.given) == 1
    assert [outcome for outcome, _amount in refunds()] == ["refunded"]
    assert stocks() == [5]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_cancellations_and_two_receptions_at_once_ask_once(bank: Bank) -> None:
    order = place(cart_with(5))
    run_together(*(partial(order_cancel, Order.objects.get(pk=order.pk)) for _click in range(2)))
    request = received()
    run_together(*(partial(return_receive, ReturnRequest.objects.get(pk=request.pk)) for _desk in range(2)))
    assert len(bank.keys) == 2
    assert [outcome for outcome, _amount in refunds()] == ["refunded", "refunded"]


def test_a_refund_that_somebody_holds_cannot_be_held() -> None:
    order = place(cart_with(5))
    due = Payment.objects.create(order=order, provider="dummy", amount=1, outcome="due", asked_at=timezone.now())
    assert not refund_hold(due)
    time_passes()
    assert refund_hold(due)
    assert due.attempts == 1
    assert not refund_hold(due)


def test_staff_may_ask_again_at_once_but_not_while_somebody_does(bank: Bank) -> None:
    bank.answers = [Killed()]
    order = cancel()
    with pytest.raises(IllegalStep):
        refund_ask_again(order)
    time_passes()
    refund_ask_again(order)
    assert Order.objects.get().status == "cancelled"
    with pytest.raises(IllegalStep):
        refund_ask_again(order)


def test_the_database_holds_one_refund_of_an_order_under_way_and_one_for_each_return() -> None:
    request = received()
    facts = {"order": request.order, "provider": "dummy", "amount": 1}
    Payment.objects.create(outcome="due", **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(outcome="due", **facts)
    Payment.objects.create(outcome="refunded", request=request, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(outcome="refunded", request=request, **facts)
