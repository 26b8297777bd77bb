"""A letter for each step, in the language of the order, sent after the fact."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import override

from shop.orders.fulfilment import order_cancel, order_deliver, order_send
from shop.orders.models import Order
from shop.orders.paying import PENDING_LIFETIME, orders_expire_pending
from shop.orders.payments.base import PaymentDeclined, PaymentTimedOut
from shop.orders.payments.dummy import ACCEPT, DECLINE, SECOND_STEP, TIME_OUT
from shop.orders.returns import return_approve, return_ask, return_receive, return_reject
from tests.factories import CartLineFactory, ItemFactory
from tests.shop.orders.scenarios import deliver, html_of, letter
from tests.shop.orders.scenarios import place as place_cart

if TYPE_CHECKING:
    from shop.orders.models import ReturnRequest

pytestmark = pytest.mark.django_db


def place(method: str = ACCEPT) -> Order:
    line = CartLineFactory.create(item=ItemFactory.create(title="Cup & <saucer>"), quantity=2)
    return place_cart(line.shopper, method)


def ask_back(order: Order) -> ReturnRequest:
    return return_ask(order=order, quantities={order.lines.get().pk: 1}, reason="damaged")


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks: Any) -> Any:
    """Runs what waits for the end of the transaction, as the end would."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_the_confirmation_says_what_where_and_how_much(after_commit: Any) -> None:
    with after_commit():
        order = place()
        assert mail.outbox == [], "not before it is true"
    sent = letter()
    assert sent.to == ["ada@example.com"]
    assert sent.subject == f"Your order {order.number}"
    for text in (
        "2 × Cup & <saucer>  €25.00",
        "Standard delivery: €4.90",
        "Total: €29.90",
        "including 19% tax: €4.77",
        "1 Quiet Lane",
        f"https://shop.example/orders/{order.number}/?key=",
    ):
        assert text in sent.body
    assert "Cup &amp; &lt;saucer&gt;" in html_of(sent)
    assert f'href="https://shop.example/orders/{order.number}/?key=' in html_of(sent)
    assert "\n\n\n" not in sent.body


@pytest.mark.parametrize(
    ("method", "error", "subject", "safe"),
    [
        (DECLINE, PaymentDeclined, "The payment for your order {} was declined", "Nothing was charged."),
        (TIME_OUT, PaymentTimedOut, "Your order {} was not paid", "You were not charged."),
    ],
)
def test_a_payment_that_fails_says_what_is_safe(
    after_commit: Any, method: str, error: type[Exception], subject: str, safe: str
) -> None:
    with after_commit(), pytest.raises(error):
        place(method)
    sent = letter()
    assert sent.subject == subject.format(Order.objects.get().number)
    assert safe in sent.body
    assert "https://shop.example/checkout/" in sent.body


def test_an_order_that_was_never_confirmed_says_so(after_commit: Any) -> None:
    with after_commit():
        place(SECOND_STEP)
        Order.objects.update(created_at=timezone.now() - PENDING_LIFETIME - timedelta(seconds=1))
        orders_expire_pending()
    assert letter().subject == f"Your order {Order.objects.get().number} was not paid"


def test_sending_tells_how_to_follow_the_parcel(after_commit: Any) -> None:
    order = place()
    with after_commit():
        order_send(order, tracking="https://parcels.example/1Z999")
    sent = letter()
    assert sent.subject == f"Your order {order.number} is on its way"
    assert "You can follow it: https://parcels.example/1Z999" in sent.body
    assert '<a href="https://parcels.example/1Z999"' in html_of(sent)


def test_without_tracking_nothing_is_said_of_it(after_commit: Any) -> None:
    order = place()
    with after_commit():
        order_send(order)
    assert "follow" not in letter().body


def test_arriving_tells_until_when_things_may_go_back(after_commit: Any) -> None:
    order = place()
    order_send(order)
    with after_commit():
        order_deliver(order)
    sent = letter()
    assert sent.subject == f"Your order {order.number} has arrived"
    assert "you can send it back within 30 days" in sent.body


def test_cancelling_says_so(after_commit: Any) -> None:
    order = place()
    with after_commit():
        order_cancel(order)
    sent = letter()
    assert sent.subject == f"Your order {order.number} is cancelled"
    assert "the payment is given back" in sent.body


def test_asking_to_send_back_is_answered(after_commit: Any) -> None:
    order = deliver(place())
    with after_commit():
        ask_back(order)
    sent = letter()
    assert "1 × Cup & <saucer>" in sent.body
    assert "Please wait for our answer" in sent.body


@pytest.mark.parametrize(
    ("decide", "subject"),
    [
        (return_approve, "You can send the things of your order {} back"),
        (return_reject, "We cannot take back the things of your order {}"),
    ],
)
def test_a_decision_comes_with_what_staff_wrote(after_commit: Any, decide: Any, subject: str) -> None:
    request = ask_back(deliver(place()))
    with after_commit():
        decide(request, answer="To 5 Dock Road\n<please>")
    sent = letter()
    assert sent.subject == subject.format(request.order.number)
    assert "To 5 Dock Road\n<please>" in sent.body
    assert "To 5 Dock Road<br>&lt;please&gt;" in html_of(sent)


def test_the_refund_says_how_much(after_commit: Any) -> None:
    request = ask_back(deliver(place()))
    return_approve(request)
    with after_commit():
        return_receive(request)
    assert "We give €12.50 back" in letter().body


def test_letters_come_in_the_language_of_the_order(after_commit: Any) -> None:
    with override("zh-hans"):
        order = place()
    mail.outbox.clear()
    with after_commit():
        order_send(order)
    assert '<html lang="zh-hans">' in html_of(letter())


def test_a_mail_server_that_is_down_costs_no_order(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, after_commit: Any
) -> None:
    def refuse(self: Any) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    with after_commit():
        order = place()
    assert order.status == "paid"
    assert "could not be sent" in caplog.text
