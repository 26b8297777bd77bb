"""However a payment ends, money, stock, cart and stream agree; and nobody pays for nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from shop.accounts import hooks
from shop.actions.models import Action
from shop.actions.sources import ActionSource
from shop.cart.models import CartLine
from shop.orders import paying
from shop.orders.errors import PaymentTooLate
from shop.orders.models import Order, Payment
from shop.orders.paying import (
    order_release,
    orders_expire_pending,
    payment_resume,
)
from shop.orders.payments.base import (
    PaymentDeclined,
    PaymentTimedOut,
    PaymentUnavailable,
    PaymentUndecided,
)
from shop.orders.payments.dummy import (
    ANSWER,
    CONFIRMED,
    DECLINE,
    DENIED,
    SECOND_STEP,
    TIME_OUT,
    sign_answer,
)
from tests.concurrency import run_together
from tests.factories import OrderFactory, OrderLineFactory, ShopperFactory, UserFactory
from tests.shop.orders.scenarios import answer_of, cart_with, outcomes, place, stocks

pytestmark = pytest.mark.django_db


def test_a_declined_payment_leaves_cart_and_stock_as_they_were() -> None:
    shopper = cart_with(1)
    with pytest.raises(PaymentDeclined):
        place(shopper, DECLINE)
    assert stocks() == [1]
    assert CartLine.objects.count() == 1
    assert not Action.objects.exists()
    assert list(Order.objects.values_list("status", flat=True)) == ["declined"]
    assert outcomes() == [("declined", Decimal("17.40"))]


def test_after_a_declined_payment_the_same_form_may_try_again() -> None:
    shopper, token = cart_with(1), uuid.uuid4()
    with pytest.raises(PaymentDeclined):
        place(shopper, DECLINE, token=token)
    assert place(shopper, token=token).status == "paid"
    assert stocks() == [0]


def test_an_unknown_way_to_pay_changes_nothing() -> None:
    shopper = cart_with(1)
    with pytest.raises(PaymentUnavailable):
        place(shopper, "gold")
    assert stocks() == [1]
    assert CartLine.objects.count() == 1
    assert not Payment.objects.exists()


@pytest.mark.parametrize("method", ["accept", "decline", "second-step", "time-out", "refuse-refund"])
def test_play_money_is_refused_where_it_is_not_set_up(settings: Any, method: str) -> None:
    settings.PAYMENT_PROVIDER = "none"
    with pytest.raises(PaymentUnavailable):
        place(cart_with(1), method)
    assert stocks() == [1]
    assert not Order.objects.exists()


def test_without_an_answer_the_order_is_given_up() -> None:
    with pytest.raises(PaymentTimedOut):
        place(cart_with(1), TIME_OUT)
    assert stocks() == [1]
    assert CartLine.objects.count() == 1
    assert Order.objects.get().status == "expired"
    assert outcomes() == [("timed_out", Decimal("17.40"))]


def test_while_the_bank_asks_the_order_waits_with_its_pieces_reserved() -> None:
    order = place(cart_with(1), SECOND_STEP)
    assert order.status == "pending"
    assert order.waiting_payment is not None
    assert order.waiting_payment.step_address.startswith("/test-bank/")
    assert stocks() == [0]
    assert CartLine.objects.count() == 1
    assert not Action.objects.exists()


def test_a_confirmed_payment_settles_the_order_and_once() -> None:
    order = place(cart_with(1), SECOND_STEP)
    for _time in range(2):
        payment_resume(order=order, answer=answer_of(order))
    order.refresh_from_db()
    assert order.status == "paid"
    assert order.waiting_payment is None
    assert outcomes() == [("accepted", Decimal("17.40"))]
    assert Action.objects.count() == 1
    assert not CartLine.objects.exists()


def test_a_denied_payment_releases_the_order() -> None:
    order = place(cart_with(1), SECOND_STEP)
    with pytest.raises(PaymentDeclined):
        payment_resume(order=order, answer=answer_of(order, DENIED))
    assert Order.objects.get().status == "declined"
    assert [outcome for outcome, _amount in outcomes()] == ["declined"]
    assert stocks() == [1]


@pytest.mark.parametrize("answer", [{}, {ANSWER: "confirmed"}, {ANSWER: sign_answer("another", CONFIRMED)}])
def test_an_answer_that_the_bank_did_not_sign_is_none(answer: dict[str, str]) -> None:
    order = place(cart_with(1), SECOND_STEP)
    with pytest.raises(PaymentUndecided):
        payment_resume(order=order, answer=answer)
    assert Order.objects.get().status == "pending"
    assert stocks() == [0]


def test_a_yes_after_the_order_was_given_up_is_paid_back_once() -> None:
    order = place(cart_with(1), SECOND_STEP)
    assert order_release(order)
    with pytest.raises(PaymentTooLate):
        payment_resume(order=order, answer=answer_of(order))
    payment_resume(order=order, answer=answer_of(order))
    assert [outcome for outcome, _amount in outcomes()] == ["accepted", "refunded"]
    assert stocks() == [1]


def test_the_same_form_sent_again_leads_to_the_same_bank() -> None:
    shopper, token = cart_with(1), uuid.uuid4()
    order = place(shopper, SECOND_STEP, token=token)
    assert place(shopper, SECOND_STEP, token=token) == order
    assert Payment.objects.count() == 1


def test_who_may_not_be_recorded_is_not_when_the_bank_says_yes_either() -> None:
    order = place(cart_with(1), SECOND_STEP, source=ActionSource(recorded=False))
    payment_resume(order=order, answer=answer_of(order))
    assert Order.objects.get().status == "paid"
    assert not Action.objects.exists()


def test_pieces_put_into_the_cart_while_the_bank_asks_stay_there() -> None:
    order = place(cart_with(9, 9, quantity=2), SECOND_STEP)
    first, second = CartLine.objects.order_by("id")
    CartLine.objects.filter(pk=first.pk).update(quantity=5)
    CartLine.objects.filter(pk=second.pk).update(quantity=1)
    payment_resume(order=order, answer=answer_of(order))
    assert list(CartLine.objects.values_list("pk", "quantity")) == [(first.pk, 3)]


def test_who_signs_in_while_the_bank_asks_finds_an_empty_cart() -> None:
    order = place(cart_with(1), SECOND_STEP)
    assert order.shopper is not None
    hooks.merge(guest=order.shopper, account=ShopperFactory.create(account=UserFactory.create()))
    payment_resume(order=order, answer=answer_of(order))
    assert not CartLine.objects.exists()


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_charge_once() -> None:
    order = place(cart_with(1), SECOND_STEP)
    answer = answer_of(order)
    run_together(*(partial(payment_resume, order=Order.objects.get(pk=order.pk), answer=answer) for _tab in range(2)))
    assert [outcome for outcome, _amount in outcomes()] == ["accepted"]
    assert Order.objects.get().status == "paid"
    assert Action.objects.count() == 1


def test_pieces_of_an_order_that_was_never_paid_go_on_sale_again() -> None:
    now = timezone.now()
    fresh, stale = OrderFactory.create_batch(2)
    Order.objects.filter(pk=stale.pk).update(created_at=now - paying.PENDING_LIFETIME - timedelta(seconds=1))
    for order in (fresh, stale):
        OrderLineFactory.create(order=order, item__stock=0, quantity=2, from_stock=True)
    assert orders_expire_pending() == 1
    assert orders_expire_pending() == 0
    assert stocks() == [0, 2]
    stale.refresh_from_db()
    assert stale.status == "expired"


def test_a_command_does_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    OrderFactory.create()
    Order.objects.update(created_at=timezone.now() - paying.PENDING_LIFETIME - timedelta(seconds=1))
    call_command("expire_orders")
    assert capsys.readouterr().out == "released: 1\ngiven back: 0\n"
    assert Order.objects.get().status == "expired"
