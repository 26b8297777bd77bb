"""Letters go out after the fact, and a mail server that is down costs no order."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core import mail

from shop.orders.models import Order
from shop.orders.payments.base import PaymentDeclined
from shop.orders.payments.dummy import ACCEPT, DECLINE
from shop.orders.services import order_cancel, order_place
from tests.factories import CartLineFactory, ItemFactory
from tests.shop.orders.scenarios import ADDRESS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def set_up(settings: Any) -> None:
    settings.PAYMENT_PROVIDER = "dummy"
    settings.SITE_URL = "https://shop.example"


def place(method: str = ACCEPT) -> Order:
    line = CartLineFactory.create(item=ItemFactory.create(title="Cup & <saucer>"), quantity=2)
    return order_place(shopper=line.shopper, address=ADDRESS, method=method, token=uuid.uuid4())


def html_of(letter: Any) -> str:
    return str(letter.alternatives[0][0])


def test_the_confirmation_says_what_where_and_how_much(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        order = place()
        assert mail.outbox == [], "not before it is true"
    [letter] = mail.outbox
    assert letter.to == ["ada@example.com"]
    assert letter.subject == f"Your order {order.number}"
    for text in ("2 x Cup & <saucer>", "25.00 EUR", "1 Quiet Lane", f"https://shop.example/orders/{order.number}/"):
        assert text in letter.body
    assert "Cup &amp; &lt;saucer&gt;" in html_of(letter)
    assert f'href="https://shop.example/orders/{order.number}/"' in html_of(letter)


def test_a_declined_payment_sends_no_letter(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(PaymentDeclined):
        place(DECLINE)
    assert mail.outbox == []


def test_cancelling_says_so(django_capture_on_commit_callbacks: Any) -> None:
    order = place()
    with django_capture_on_commit_callbacks(execute=True):
        order_cancel(order)
    [letter] = mail.outbox
    assert letter.subject == f"Your order {order.number} is cancelled"
    assert "Given back: 25.00 EUR" in letter.body


def test_a_mail_server_that_is_down_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: Any
) -> None:
    def refuse(**fields: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("shop.orders.emails.send_mail", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        order = place()
    assert order.status == "paid"
    assert "could not be sent" in caplog.text
