"""Money that comes for an order that has ended goes back, once, however often and by whomever its coming is told."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from shop.cart.models import CartLine
from shop.orders import paying
from shop.orders.errors import PaymentNotGivenBack, PaymentTooLate
from shop.orders.models import Order, Payment
from shop.orders.paying import (
    late_money_give_back,
    order_release,
    payment_arrived,
    payment_resume,
)
from shop.orders.payments.base import (
    Paid,
    PaymentTimedOut,
    PaymentUnavailable,
    RefundRefused,
)
from shop.orders.payments.dummy import (
    SECOND_STEP,
    TIME_OUT,
    DummyProvider,
)
from tests.concurrency import run_together
from tests.shop.orders.scenarios import answer_of, cart_with, outcomes, place, stocks

if TYPE_CHECKING:
    from shop.orders.payments.base import Charge

pytestmark = pytest.mark.django_db


def test_an_answer_that_comes_too_late_is_paid_back_once() -> None:
    with pytest.raises(PaymentTimedOut):
        place(cart_with(1), TIME_OUT)
    order = Order.objects.get()
    with pytest.raises(PaymentTooLate):
        payment_arrived(order=order, reference="late")
    payment_arrived(order=order, reference="late")
    assert outcomes()[1:] == [("accepted", Decimal("17.40")), ("refunded", Decimal("17.40"))]
    assert Order.objects.get().status == "expired"
    assert stocks() == [1]


def test_a_late_payment_that_is_not_given_back_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(PaymentTimedOut):
        place(cart_with(1), TIME_OUT)
    with pytest.raises(PaymentTooLate):
        payment_arrived(order=Order.objects.get(), reference="dummy-kept-1")
    assert "not given back" in caplog.text
    assert [outcome for outcome, _amount in outcomes()] == ["timed_out", "accepted"]


def refunds_fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Any:
    """A provider that can't give back for now; call what is returned when it can again."""
    refund = DummyProvider.refund

    def fail(self: Any, **facts: Any) -> str:
        raise error

    monkeypatch.setattr(DummyProvider, "refund", fail)
    return partial(monkeypatch.setattr, DummyProvider, "refund", refund)


@pytest.mark.parametrize("error", [PaymentUnavailable(), PaymentTimedOut(), RefundRefused()])
def test_late_money_that_could_not_go_back_goes_back_when_its_coming_is_told_again(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    with pytest.raises(PaymentTimedOut):
        place(cart_with(1), TIME_OUT)
    order = Order.objects.get()
    works_again = refunds_fail(monkeypatch, error)
    for _time in range(2):
        with pytest.raises(PaymentNotGivenBack, match="could not be given back yet"):
            payment_arrived(order=order, reference="late")
    assert list(Order.objects.owed_back()) == [order]
    works_again()
    with pytest.raises(PaymentTooLate):
        payment_arrived(order=order, reference="late")
    payment_arrived(order=order, reference="late")
    assert [outcome for outcome, _amount in outcomes()] == ["timed_out", "accepted", "refunded"]


def test_late_money_goes_back_when_the_shopper_comes_from_the_bank_again(monkeypatch: pytest.MonkeyPatch) -> None:
    order = place(cart_with(1), SECOND_STEP)
    answer = answer_of(order)
    order_release(order)
    works_again = refunds_fail(monkeypatch, PaymentUnavailable())
    with pytest.raises(PaymentNotGivenBack):
        payment_resume(order=order, answer=answer)
    works_again()
    with pytest.raises(PaymentTooLate):
        payment_resume(order=order, answer=answer)
    payment_resume(order=order, answer=answer)
    assert [outcome for outcome, _amount in outcomes()] == ["accepted", "refunded"]


def test_a_command_gives_back_what_could_not_go_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(PaymentTimedOut):
        place(cart_with(1), TIME_OUT)
    works_again = refunds_fail(monkeypatch, PaymentUnavailable())
    with pytest.raises(PaymentNotGivenBack):
        payment_arrived(order=Order.objects.get(), reference="late")
    for line in ("given back: 0", "restored", "given back: 1", "given back: 0"):
        if line == "restored":
            works_again()
            continue
        call_command("expire_orders")
        assert line in capsys.readouterr().out
    assert outcomes()[-1] == ("refunded", Decimal("17.40"))


def test_money_charged_for_nothing_is_never_called_not_charged(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(self: Any, charge: Charge) -> Paid:
        order_release(Order.objects.get(number=charge.order_number))
        return Paid("late")

    monkeypatch.setattr(DummyProvider, "charge", slow)
    refunds_fail(monkeypatch, PaymentUnavailable())
    with pytest.raises(PaymentNotGivenBack):
        place(cart_with(1))


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_late_money_told_twice_at_once_goes_back_once() -> None:
    with pytest.raises(PaymentTimedOut):
        place(cart_with(1), TIME_OUT)

    def tell() -> None:
        with suppress(PaymentTooLate):
            payment_arrived(order=Order.objects.get(), reference="late")

    run_together(tell, tell)
    assert [outcome for outcome, _amount in outcomes()] == ["timed_out", "accepted", "refunded"]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_who_waited_for_another_to_give_late_money_back_does_not_give_it_back_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PostgreSQL answers who waited for a row with what it saw before the wait, unless it is asked again."""
    with pytest.raises(PaymentTimedOut):
        place(cart_with(1), TIME_OUT)
    order, being_given_back = Order.objects.get(), threading.Event()
    refunds_fail(monkeypatch, PaymentUnavailable())
    with pytest.raises(PaymentNotGivenBack):
        payment_arrived(order=order, reference="late")

    def slow(self: Any, **facts: Any) -> str:
        being_given_back.set()
        time.sleep(0.5)
        return "back"

    def second() -> bool:
        being_given_back.wait(timeout=20)
        return late_money_give_back(order)

    monkeypatch.setattr(DummyProvider, "refund", slow)
    assert run_together(partial(late_money_give_back, order), second) == [True, False]
    assert [outcome for outcome, _amount in outcomes()] == ["timed_out", "accepted", "refunded"]


def test_the_coming_of_the_money_told_twice_counts_once() -> None:
    order = place(cart_with(2))
    payment_arrived(order=order, reference=Payment.objects.get().reference)
    assert outcomes() == [("accepted", Decimal("17.40"))]
    assert Order.objects.get().status == "paid"


def test_money_taken_for_an_order_that_cannot_be_written_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**fields: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(paying, "_record_purchases", fail)
    with pytest.raises(IntegrityError):
        place(cart_with(1))
    assert outcomes() == [("accepted", Decimal("17.40")), ("refunded", Decimal("17.40"))]
    assert stocks() == [1]
    assert Order.objects.get().status == "expired"
    assert CartLine.objects.count() == 1


def test_money_that_comes_after_the_order_was_given_up_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(self: Any, charge: Charge) -> Paid:
        order_release(Order.objects.get(number=charge.order_number))
        return Paid("late")

    monkeypatch.setattr(DummyProvider, "charge", slow)
    with pytest.raises(PaymentTooLate):
        place(cart_with(1))
    assert stocks() == [1], "given back once, not twice"
    assert Order.objects.get().status == "expired"
    assert [outcome for outcome, _amount in outcomes()] == ["accepted", "refunded"]
