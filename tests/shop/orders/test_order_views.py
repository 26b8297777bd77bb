"""The pages of orders that were placed, and the forms on them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.test import Client as Browser

from shop.accounts.models import Shopper
from shop.actions.models import Action, Kind
from shop.cart.models import CartLine
from shop.catalogue.models import Item
from shop.orders.links import order_link
from shop.orders.models import Order, ReturnRequest
from shop.orders.payments.base import PaymentTimedOut
from shop.orders.payments.dummy import REFUSE_REFUND, DummyProvider
from shop.orders.privacy import orders_forget
from tests.factories import ItemFactory, OrderFactory, OrderLineFactory, ShopperFactory, UserFactory
from tests.pages import Page, share_picture
from tests.query_budget import assert_queries_constant
from tests.shop.orders.scenarios import deliver
from tests.shop.orders.test_views import ADDRESS, fill_cart, hidden_fields

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def place(client: Client, method: str = "accept") -> Order:
    fill_cart(client, stock=5)
    client.post("/checkout/", ADDRESS | hidden_fields(client) | {"method": method})
    return Order.objects.get()


def key_of(order: Order) -> str:
    return order_link(order).split("?key=")[1]


def test_nobody_else_sees_an_order(client: Client) -> None:
    order = place(client)
    assert client.get(order.get_absolute_url()).status_code == 200
    stranger = Browser()
    assert stranger.get(order.get_absolute_url()).status_code == 404
    assert stranger.post(f"{order.get_absolute_url()}cancel/").status_code == 404
    order.refresh_from_db()
    assert order.status == Order.Status.PAID


def test_an_order_is_cancelled_by_its_shopper_once(client: Client) -> None:
    order = place(client)
    response = client.post(f"{order.get_absolute_url()}cancel/", follow=True)
    assert "This order is cancelled" in Page(response).text
    assert Item.objects.get().stock == 5
    assert not Action.objects.counted().filter(kind=Kind.PURCHASE).exists()
    response = client.post(f"{order.get_absolute_url()}cancel/", follow=True)
    assert "This order cannot be cancelled any more." in Page(response).text


def test_looking_cancels_nothing(client: Client) -> None:
    assert client.get(f"{place(client).get_absolute_url()}cancel/").status_code == 405


def test_an_order_outlives_its_item(client: Client) -> None:
    order = place(client)
    Item.objects.all().delete()
    assert "Cup" in Page(client.get(order.get_absolute_url())).text


# --- the link in a letter -----------------------------------------------------------------


def test_the_link_in_a_letter_opens_the_order_in_any_browser(client: Client) -> None:
    order = place(client)
    browser = Browser()
    response = browser.get(f"{order.get_absolute_url()}?key={key_of(order)}")
    assert response.headers["Location"] == order.get_absolute_url(), "the key does not stay in the address"
    assert "1 Quiet Lane" in Page(browser.get(order.get_absolute_url())).text
    assert "This order is cancelled" in Page(browser.post(f"{order.get_absolute_url()}cancel/", follow=True)).text


def test_the_key_of_one_order_opens_no_other(client: Client) -> None:
    order, other = place(client), OrderFactory.create()
    for key in ("", "x", "é", key_of(other)):
        assert Browser().get(f"{order.get_absolute_url()}?key={key}").status_code == 404


def test_signing_out_closes_what_the_link_opened(client: Client) -> None:
    order = place(client)
    browser = Browser()
    browser.get(f"{order.get_absolute_url()}?key={key_of(order)}")
    browser.post("/account/sign-out/")
    assert browser.get(order.get_absolute_url()).status_code == 404


def test_the_order_of_somebody_forgotten_opens_for_nobody(client: Client) -> None:
    order = place(client)
    browser = Browser()
    browser.get(f"{order.get_absolute_url()}?key={key_of(order)}")
    orders_forget(Shopper.objects.get())
    assert browser.get(order.get_absolute_url()).status_code == 404
    assert client.get(order.get_absolute_url()).status_code == 404


# --- how it stands ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending", "Waiting for the payment"),
        ("paid", "It's on its way soon."),
        ("sent", "It's on its way"),
        ("delivered", "It has arrived"),
        ("cancelling", "This order is being cancelled"),
        ("cancelled", "This order is cancelled"),
        ("declined", "This payment was declined"),
        ("expired", "This order was not paid"),
    ],
)
def test_every_status_has_a_headline(client: Client, status: str, words: str) -> None:
    order = place(client)
    times = dict.fromkeys(("paid_at", "sent_at", "delivered_at", "cancelled_at"), order.created_at)
    Order.objects.update(status=status, **times)
    assert words in Page(client.get(order.get_absolute_url())).text


def test_tracking_is_shown_and_an_address_of_it_can_be_followed(client: Client) -> None:
    order = place(client)
    deliver(order)
    Order.objects.update(tracking="https://parcels.example/1Z999 <b>")
    response = client.get(order.get_absolute_url())
    assert "https://parcels.example/1Z999" in Page(response).links
    assert "<b>" not in response.content.decode()


def test_a_refund_without_an_answer_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(self: DummyProvider, **facts: object) -> str:
        raise PaymentTimedOut

    order = place(client)
    with monkeypatch.context() as patch:
        patch.setattr(DummyProvider, "refund", silent)
        response = client.post(f"{order.get_absolute_url()}cancel/", follow=True)
    page = Page(response).text
    assert "The order is being cancelled. The refund is not confirmed yet; we go on asking for it." in page
    assert "This order is being cancelled" in page
    assert "Cancel this order" not in page
    call_command("expire_orders")
    assert "This order is cancelled" in Page(client.get(order.get_absolute_url())).text


def test_a_refused_refund_is_told(client: Client) -> None:
    order = place(client, REFUSE_REFUND)
    text = Page(client.post(f"{order.get_absolute_url()}cancel/", follow=True)).text
    assert "The refund did not go through, so the order stands." in text
    assert Order.objects.get().status == Order.Status.PAID


# --- again -------------------------------------------------------------------------------------


def test_ordering_again_tells_what_is_missing(client: Client) -> None:
    order = place(client)
    OrderLineFactory.create(order=order, item=None, title="Old hat")
    Item.objects.update(stock=1)
    text = Page(client.post(f"{order.get_absolute_url()}again/", follow=True)).text
    assert "1 thing of the order is in your cart, at the price of today." in text
    assert "Fewer are left than you had ordered of: Cup." in text
    assert "Not to be had any more: Old hat." in text
    assert CartLine.objects.get().quantity == 1


def test_where_nothing_can_be_had_the_order_stays_on_the_screen(client: Client) -> None:
    order = place(client)
    Item.objects.update(published=False)
    response = client.post(f"{order.get_absolute_url()}again/")
    assert response.headers["Location"] == order.get_absolute_url()


# --- sending back ------------------------------------------------------------------------------


def test_things_are_sent_back(client: Client) -> None:
    order = deliver(place(client))
    address = f"{order.get_absolute_url()}return/"
    assert address in Page(client.get(order.get_absolute_url())).links
    line = order.lines.get()
    fields = {f"quantity_{line.pk}": "1", "reason": "damaged", "words": "It rattles."}
    text = Page(client.post(address, fields, follow=True)).text
    assert "We have your wish to send things back" in text
    assert "Asked for" in text
    assert ReturnRequest.objects.get().lines.get().quantity == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": "damaged"}, "Please choose what you want to send back."),
        ({"quantity": "1"}, "This field is required."),
        ({"quantity": "3", "reason": "damaged"}, "Select a valid choice."),
    ],
)
def test_a_wish_that_is_unclear_comes_back(client: Client, fields: dict[str, str], words: str) -> None:
    order = deliver(place(client))
    named = {name if name == "reason" else f"quantity_{order.lines.get().pk}": value for name, value in fields.items()}
    response = client.post(f"{order.get_absolute_url()}return/", named)
    assert response.status_code == 422
    assert words in Page(response).text
    assert not ReturnRequest.objects.exists()


def test_what_has_not_arrived_is_not_sent_back(client: Client) -> None:
    order = place(client)
    text = Page(client.get(f"{order.get_absolute_url()}return/", follow=True)).text
    assert "cannot be sent back, or not any more" in text


def test_a_stranger_sends_nothing_back(client: Client) -> None:
    order = deliver(place(client))
    for page in ("return", "again", "give-up"):
        assert Browser().post(f"{order.get_absolute_url()}{page}/").status_code == 404


# --- all orders --------------------------------------------------------------------------------


def with_history(client: Client, count: int) -> None:
    shopper = Shopper.objects.filter(account__isnull=False).first() or ShopperFactory.create(
        account=UserFactory.create()
    )
    assert shopper.account is not None
    client.force_login(shopper.account)
    for _order in range(count):
        order = OrderFactory.create(shopper=shopper)
        Order.objects.filter(pk=order.pk).update(status="paid", paid_at=order.created_at)
        OrderLineFactory.create(order=order, price=Decimal(3))


def test_the_history_shows_ten_orders_a_page_the_latest_first(client: Client) -> None:
    with_history(client, 11)
    OrderFactory.create()
    numbers = list(Order.objects.filter(status="paid").values_list("number", flat=True))
    first, second = (Page(client.get(f"/account/orders/?page={page}")) for page in (1, 2))
    assert [number for number in numbers if number in first.text] == numbers[:10]
    assert [number for number in numbers if number in second.text] == numbers[10:]
    assert "?page=2" in first.links
    assert "?page=1" in second.links


@pytest.mark.parametrize("page", ["0", "3", "x", "-1", "9" * 20])
def test_there_are_no_other_pages(client: Client, page: str) -> None:
    with_history(client, 11)
    assert client.get(f"/account/orders/?page={page}").status_code == 404


def test_attempts_that_were_not_paid_are_no_history(client: Client) -> None:
    with_history(client, 1)
    Order.objects.update(status="declined")
    assert "What you order stands here" in Page(client.get("/account/orders/")).text


def test_the_history_is_for_accounts(client: Client) -> None:
    assert client.get("/account/orders/").headers["Location"] == "/account/sign-in/?next=/account/orders/"


def test_the_history_takes_the_same_queries_however_long_it_is(client: Client) -> None:
    with_history(client, 2)
    client.get("/account/orders/")
    assert_queries_constant(lambda: client.get("/account/orders/"), grow=lambda: with_history(client, 7))


def test_the_page_of_an_order_takes_the_same_queries_however_much_it_holds(client: Client) -> None:
    order = deliver(place(client))

    def more() -> None:
        for _line in range(5):
            OrderLineFactory.create(order=order, item=ItemFactory.create())

    client.get(order.get_absolute_url())
    assert_queries_constant(lambda: client.get(order.get_absolute_url()), grow=more, budget=14)


def test_variants_without_pictures_are_shown_by_their_heads_in_the_same_queries(client: Client) -> None:
    order = deliver(place(client))

    def more() -> None:
        head = ItemFactory.create()
        share_picture(head)
        item = ItemFactory.create(variant_of=head, variant_name="S")
        OrderLineFactory.create(order=order, item=item)

    def shown() -> list[str]:
        return re.findall(r"shared-\d+\.webp", client.get(order.get_absolute_url()).content.decode())

    more()
    assert shown()
    assert_queries_constant(lambda: client.get(order.get_absolute_url()), grow=more, budget=16)
