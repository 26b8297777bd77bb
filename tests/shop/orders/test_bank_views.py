"""The way to the bank and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client as Browser

from shop.accounts.models import Shopper
from shop.catalogue.models import Item
from shop.orders.links import order_link, payment_return_link
from shop.orders.models import Order
from shop.orders.paying import PENDING_LIFETIME, order_release
from shop.orders.payments.base import PaymentUnavailable
from shop.orders.payments.dummy import ANSWER, CONFIRMED, DummyProvider, sign_answer
from shop.orders.privacy import orders_forget
from tests.pages import Page
from tests.shop.orders.test_views import ADDRESS, fill_cart, hidden_fields

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def go_to_the_bank(client: Client) -> str:
    """Order with a payment that the bank asks about; the address of its page."""
    fill_cart(client, stock=5)
    response = client.post("/checkout/", ADDRESS | hidden_fields(client) | {"method": "second-step"})
    assert response.headers["Location"].startswith("/test-bank/")
    return str(response.headers["Location"])


def test_the_bank_asks_and_yes_makes_an_order(client: Client) -> None:
    bank = go_to_the_bank(client)
    assert "€11.90" in Page(client.get(bank)).text
    response = client.post(bank, {"word": "confirmed"}, follow=True)
    assert "Thank you." in Page(response).text
    assert Order.objects.get().status == Order.Status.PAID


def test_the_bank_asks_and_no_leads_back_to_a_filled_form(client: Client) -> None:
    response = client.post(go_to_the_bank(client), {"word": "denied"}, follow=True)
    assert "The payment was declined and nothing was charged." in Page(response).text
    assert response.context["form"]["street"].value() == "1 Quiet Lane"
    assert Item.objects.get().stock == 5


def test_another_browser_may_come_back_from_the_bank(client: Client) -> None:
    bank = go_to_the_bank(client)
    response = Browser().post(bank, {"word": "confirmed"}, follow=True)
    assert "Thank you." in Page(response).text


def test_who_comes_back_from_the_bank_sees_the_order_and_no_more(client: Client) -> None:
    go_to_the_bank(client)
    order = Order.objects.get()
    holder = Browser()
    page = Page(holder.get(payment_return_link(order, site="http://testserver"), follow=True))
    assert "Waiting for your bank" in page.text
    assert "Give the order up" not in page.text
    for step in ("give-up", "cancel", "return"):
        assert holder.post(f"{order.get_absolute_url()}{step}/").status_code == 404
    reference = order.payments.get().reference
    client.get(f"{payment_return_link(order, site='')}&{ANSWER}={sign_answer(reference, CONFIRMED)}")
    assert "Cancel this order" not in Page(holder.get(order.get_absolute_url())).text
    assert "Cancel this order" in Page(client.get(order.get_absolute_url())).text


def test_the_way_back_opens_nothing_when_the_bank_is_long_done(client: Client) -> None:
    go_to_the_bank(client)
    order = Order.objects.get()
    Order.objects.update(created_at=order.created_at - PENDING_LIFETIME)
    back = payment_return_link(order, site="http://testserver")
    holder = Browser()
    assert holder.get(back).headers["Location"] == "/"
    assert holder.get(order.get_absolute_url()).status_code == 404
    assert client.get(back).headers["Location"] == order.get_absolute_url()


def test_money_of_somebody_forgotten_at_the_bank_goes_back(client: Client) -> None:
    bank = go_to_the_bank(client)
    orders_forget(Shopper.objects.get())
    response = client.post(bank, {"word": "confirmed"}, follow=True)
    assert "The payment took too long; it is given back." in Page(response).text
    assert [status for _address, status in response.redirect_chain] == [302, 302]
    assert list(Order.objects.get().payments.values_list("outcome", flat=True)) == ["accepted", "refunded"]
    assert client.get(Order.objects.get().get_absolute_url()).status_code == 404


def test_money_that_came_and_could_not_go_back_is_not_called_not_charged(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any, **facts: Any) -> str:
        raise PaymentUnavailable

    bank = go_to_the_bank(client)
    order_release(Order.objects.get())
    monkeypatch.setattr(DummyProvider, "refund", fail)
    text = Page(client.post(bank, {"word": "confirmed"}, follow=True)).text
    assert text.count("could not be given back yet") == 2, "told once, and standing on the page of the order"
    assert "charged" not in text


def test_the_way_back_is_signed(client: Client) -> None:
    go_to_the_bank(client)
    number = Order.objects.get().number
    for query in ("", "?key=", f"?key={order_link(Order.objects.get()).split('key=')[1]}"):
        assert client.get(f"/orders/{number}/payment/{query}").status_code == 404
    assert Order.objects.get().status == Order.Status.PENDING


def test_looking_ahead_of_the_shopper_pays_nothing(client: Client) -> None:
    """Programmes that check links ask for the head of a page only."""
    go_to_the_bank(client)
    order = Order.objects.get()
    reference = order.payments.get().reference
    back = f"{payment_return_link(order, site='')}&{ANSWER}={sign_answer(reference, CONFIRMED)}"
    assert client.head(back).status_code == 405
    assert Order.objects.get().status == Order.Status.PENDING
    assert client.get(back).headers["Location"] == order.get_absolute_url()
    assert Order.objects.get().status == Order.Status.PAID


def test_coming_back_without_an_answer_keeps_waiting(client: Client) -> None:
    go_to_the_bank(client)
    back = payment_return_link(Order.objects.get(), site="http://testserver")
    text = Page(client.get(back, follow=True)).text
    assert "has not told us yet" in text
    assert "Waiting for your bank" in text
    assert "Go on to your bank" in text


def test_who_comes_back_after_half_an_hour_is_told(client: Client) -> None:
    bank = go_to_the_bank(client)
    order_release(Order.objects.get())
    text = Page(client.post(bank, {"word": "confirmed"}, follow=True)).text
    assert "The payment took too long; it is given back." in text
    assert "This order was not paid" in text


@pytest.mark.parametrize("question", ["nonsense", "a:b:c"])
def test_the_bank_asks_nothing_that_was_not_signed_here(client: Client, question: str) -> None:
    assert client.get(f"/test-bank/{question}/").status_code == 404


def test_there_is_no_such_bank_where_play_money_is_not_taken(client: Client, settings: Any) -> None:
    bank = go_to_the_bank(client)
    settings.PAYMENT_PROVIDER = "none"
    assert client.get(bank).status_code == 404
    assert client.post(bank, {"word": "confirmed"}).status_code == 404


def test_the_checkout_remembers_an_order_that_waits(client: Client) -> None:
    go_to_the_bank(client)
    number = Order.objects.get().number
    assert f"Your order {number} still waits for your bank" in Page(client.get("/checkout/")).text
    Item.objects.update(stock=0)
    assert client.get("/checkout/").headers["Location"] == f"/orders/{number}/"


def test_an_order_that_waits_can_be_given_up(client: Client) -> None:
    go_to_the_bank(client)
    order = Order.objects.get()
    text = Page(client.post(f"{order.get_absolute_url()}give-up/", follow=True)).text
    assert "The order is given up and nothing was charged." in text
    assert Item.objects.get().stock == 5
    text = Page(client.post(f"{order.get_absolute_url()}give-up/", follow=True)).text
    assert "This order waits for no payment any more." in text
