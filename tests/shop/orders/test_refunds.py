"""Money goes back once, whatever the provider says, and nobody waits for it with a transaction open."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from shop.accounts.forgetting import shopper_forget
from shop.actions.models import Action
from shop.mail.models import Letter
from shop.orders import settling
from shop.orders.fulfilment import order_cancel, order_send
from shop.orders.models import Order, Payment, ReturnRequest
from shop.orders.paying import late_money_give_back, payment_arrived
from shop.orders.payments.base import PaymentTimedOut, PaymentUnavailable, RefundRefused
from shop.orders.payments.dummy import DummyProvider
from shop.orders.refunds import HOLD, refund_hold
from shop.orders.returns import return_approve, return_ask, return_receive
from shop.orders.settling import refund_ask_again, refunds_settle_due
from shop.orders.workflow import IllegalStep
from tests.concurrency import run_together
from tests.shop.orders.scenarios import cart_with, deliver, place, stocks

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


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


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    return Bank(monkeypatch)


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


# --- outside any transaction ------------------------------------------------------------


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


# --- no answer ---------------------------------------------------------------------------


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


# --- killed in between --------------------------------------------------------------------


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


# --- twice at once -------------------------------------------------------------------------


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


# --- no, the second time -------------------------------------------------------------------


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


# --- at the desk, forgetting, the database ------------------------------------------------


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


def test_who_is_forgotten_in_between_gets_the_money_and_is_gone_then(bank: Bank) -> None:
    bank.answers = [PaymentTimedOut()]
    order = cancel()
    assert order.shopper is not None
    shopper_forget(order.shopper)
    assert Order.objects.get().name == "Ada", "should the refund be refused, the parcel still has to leave"
    assert refunds_settle_due() == 1
    order.refresh_from_db()
    assert (order.status, order.name, order.email) == ("cancelled", "", "")


def test_the_database_holds_one_refund_of_an_order_under_way_and_one_for_each_return() -> None:
    request = received()
    facts = {"order": request.order, "provider": "dummy", "amount": 1}
    Payment.objects.create(outcome="due", **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(outcome="due", **facts)
    Payment.objects.create(outcome="refunded", request=request, **facts)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(outcome="refunded", request=request, **facts)
