"""Money goes back once, whatever the provider says, and nobody waits for it with a transaction open."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command

from shop.accounts.forgetting import shopper_forget
from shop.actions.models import Action
from shop.mail.models import Letter
from shop.orders.fulfilment import order_cancel, order_send
from shop.orders.models import Order, Payment, ReturnRequest
from shop.orders.paying import late_money_give_back, payment_arrived
from shop.orders.payments.base import PaymentTimedOut, PaymentUnavailable, RefundRefused
from shop.orders.returns import return_receive
from shop.orders.settling import refunds_settle_due
from shop.orders.workflow import IllegalStep
from tests.concurrency import run_together
from tests.shop.orders.bank import Bank, Killed, cancel, give_back, received, refunds, time_passes
from tests.shop.orders.scenarios import cart_with, place, stocks

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_provider_is_asked(bank: Bank) -> None:
    order_cancel(place(cart_with(5)))
    return_receive(received())
    with pytest.raises(PaymentTimedOut):
        place(cart_with(5), "time-out")
    late = Order.objects.get(status="expired")
    with pytest.raises(Exception, match="took too long"):
        payment_arrived(order=late, reference="late")
    assert bank.in_transaction == [False, False, False]
    assert bank.standing == ["cancelling", "delivered", "expired"], "what was decided is committed by then"
    assert [outcome for outcome, _amount in refunds()] == ["refunded", "refunded", "timed_out", "refunded"]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_others_write_while_the_provider_is_asked(bank: Bank) -> None:
    """The write lock of SQLite is free: another connection takes it and does not wait."""

    def write() -> None:
        Order.objects.filter(status="cancelling").update(tracking="written meanwhile")

    bank.before = lambda: wrote.extend(run_together(write))
    wrote: list[Any] = []
    order_cancel(place(cart_with(5)))
    assert wrote == [None]
    assert Order.objects.get().tracking == "written meanwhile"


@pytest.mark.parametrize("error", [PaymentTimedOut(), ConnectionResetError(), TimeoutError()])
def test_without_an_answer_the_order_is_being_cancelled_and_the_refund_stays_due(
    bank: Bank, error: BaseException
) -> None:
    bank.answers = [error]
    order = cancel()
    assert (order.status, order.cancelled_at, stocks()) == ("cancelling", None, [3])
    assert refunds() == [("due", Decimal("29.90"))]
    assert Action.objects.counted().count() == 1
    assert not Letter.objects.filter(template="order_cancelled").exists()
    for step in (order_send, order_cancel):
        with pytest.raises(IllegalStep):
            step(order)
    assert refunds_settle_due() == 1
    assert refunds_settle_due() == 0
    assert (Order.objects.get().status, stocks()) == ("cancelled", [5])
    assert refunds() == [("refunded", Decimal("29.90"))]
    assert not Action.objects.counted().exists()
    assert Letter.objects.filter(template="order_cancelled").count() == 1
    assert len(bank.keys) == 2
    assert len(set(bank.keys)) == 1, "the provider knows that it is the same refund"


def test_a_return_without_an_answer_waits_as_well(bank: Bank) -> None:
    bank.answers = [PaymentTimedOut()]
    request = give_back()
    assert (request.status, request.amount, request.refunded_at, stocks()) == (
        "refunding",
        Decimal("12.50"),
        None,
        [3],
    )
    with pytest.raises(IllegalStep):
        return_receive(request)
    assert refunds_settle_due() == 1
    request.refresh_from_db()
    assert (request.status, request.amount, stocks()) == ("refunded", Decimal("12.50"), [4])
    assert request.refunded_at is not None
    assert len(set(bank.keys)) == 1
    assert Payment.objects.get(outcome="refunded").request == request


def test_late_money_without_an_answer_is_asked_for_under_the_same_key(bank: Bank) -> None:
    with pytest.raises(PaymentTimedOut):
        place(cart_with(1), "time-out")
    order = Order.objects.get()
    bank.answers = [PaymentTimedOut()]
    with pytest.raises(Exception, match="could not be given back yet"):
        payment_arrived(order=order, reference="late")
    assert refunds_settle_due() == 0, "it has its own way"
    assert late_money_give_back(order)
    assert not late_money_give_back(order)
    assert len(bank.keys) == 2
    assert len(set(bank.keys)) == 1


@pytest.mark.parametrize("start", [cancel, give_back])
def test_a_process_killed_in_between_leaves_a_refund_that_is_carried_out_once(
    bank: Bank, start: Callable[[], Order | ReturnRequest], capsys: pytest.CaptureFixture[str]
) -> None:
    bank.answers = [Killed()]
    row = start()
    for given in (0, 1, 0):
        call_command("expire_orders")
        assert capsys.readouterr().out == f"released: 0\ngiven back: {given}\n"
        time_passes()
    row.refresh_from_db()
    assert row.status in {"cancelled", "refunded"}
    assert len(bank.keys) == 2
    assert len(bank.given) == 1, "under one key, so that it went back once"
    assert [outcome for outcome, _amount in refunds()] == ["refunded"]


def test_killed_before_the_question_it_is_asked_as_well(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_facts: Any, **_more: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("shop.orders.fulfilment.refund_carry_out", die)
        order = cancel()
    assert (order.status, bank.keys) == ("cancelling", [])
    assert refunds_settle_due() == 0, "whoever cancelled may still be asking"
    time_passes()
    assert refunds_settle_due() == 1
    assert Order.objects.get().status == "cancelled"


def test_a_fault_of_the_provider_leaves_the_refund_due(bank: Bank) -> None:
    bank.answers = [RuntimeError("a fault in the provider's class")]
    assert cancel().status == "cancelling"
    time_passes()
    assert refunds_settle_due() == 1
    assert len(set(bank.keys)) == 1


def test_a_no_to_the_second_question_lets_the_order_stand_and_says_so(
    bank: Bank, caplog: pytest.LogCaptureFixture
) -> None:
    bank.answers = [PaymentTimedOut(), RefundRefused()]
    cancel()
    assert refunds_settle_due() == 0
    order = Order.objects.get()
    assert (order.status, stocks(), refunds()) == ("paid", [3], [])
    assert Action.objects.counted().count() == 1
    letter = Letter.objects.get(template="order_stands")
    assert letter.subject == f"Your order {order.number} was not cancelled"
    assert "the order stands and will be sent" in letter.text
    assert "is to go back and did not" in caplog.text
    order_send(order)


def test_a_no_to_the_second_question_leaves_a_return_approved(bank: Bank) -> None:
    bank.answers = [PaymentTimedOut(), RefundRefused()]
    request = give_back()
    assert refunds_settle_due() == 0
    request.refresh_from_db()
    assert (request.status, request.amount, stocks(), refunds()) == ("approved", None, [3], [])
    return_receive(request)
    assert request.status == "refunded"
    assert len(set(bank.keys)) == 2, "another refund, another key"


def test_a_provider_that_is_away_the_first_time_was_asked_for_nothing(bank: Bank) -> None:
    bank.answers = [PaymentUnavailable()]
    with pytest.raises(PaymentUnavailable):
        order_cancel(place(cart_with(5)))
    assert (Order.objects.get().status, stocks(), refunds()) == ("paid", [4], [])


def test_a_provider_that_is_away_the_second_time_may_have_heard_the_first(bank: Bank) -> None:
    bank.answers = [PaymentTimedOut(), PaymentUnavailable()]
    cancel()
    assert refunds_settle_due() == 0
    assert (Order.objects.get().status, refunds()) == ("cancelling", [("due", Decimal("29.90"))])
    assert refunds_settle_due() == 1
    assert len(set(bank.keys)) == 1


def test_one_refund_that_fails_holds_up_no_other(bank: Bank) -> None:
    bank.answers = [PaymentTimedOut(), PaymentTimedOut(), PaymentTimedOut()]
    for _order in range(2):
        with pytest.raises(PaymentTimedOut):
            order_cancel(place(cart_with(5)))
    assert refunds_settle_due() == 1
    assert sorted(Order.objects.values_list("status", flat=True)) == ["cancelled", "cancelling"]


def test_who_is_forgotten_in_between_gets_the_money_and_is_gone_then(bank: Bank) -> None:
    bank.answers = [PaymentTimedOut()]
    order = cancel()
    assert order.shopper is not None
    shopper_forget(order.shopper)
    assert Order.objects.get().name == "Ada", "should the refund be refused, the parcel still has to leave"
    assert refunds_settle_due() == 1
    order.refresh_from_db()
    assert (order.status, order.name, order.email) == ("cancelled", "", "")
