"""What shoppers do with what they ordered, in a real browser."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from shop.actions.models import Action, Kind
from shop.catalogue.models import Item
from shop.orders.fulfilment import order_deliver, order_send
from shop.orders.links import order_link
from shop.orders.models import Order, ReturnRequest
from shop.orders.returns import return_approve, return_receive
from tests.browser.conftest import PHONE
from tests.browser.test_checkout import fill, look, order_and_pay
from tests.factories import ItemFactory, OrderFactory, OrderLineFactory, ShopperFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def cup(live_server: Any, settings: Any) -> Item:
    """A shop with one cup for sale, and play money to pay it with."""
    settings.PAYMENT_PROVIDER = "dummy"
    return ItemFactory.create(item_id="cup", title="Cup", price=Decimal(15), stock=5)


@pytest.fixture
def ordered(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """The page of an order that was just placed."""

    def go(method: str = "accepted", **options: Any) -> Page:
        page = open_page("/items/cup/", **options)
        page.get_by_label("Quantity").first.fill("2")
        page.get_by_role("button", name="Add to cart").click()
        page.get_by_text("Cup is in your cart.").wait_for()
        page.goto("/checkout/")
        fill(page, method)
        order_and_pay(page)
        page.get_by_role("heading", name=re.compile("Thank you")).wait_for()
        return page

    return go


def cancel(page: Page) -> None:
    page.locator("summary", has_text="Cancel this order").click()
    page.get_by_role("button", name="Yes, cancel it").click()


def test_an_order_is_cancelled_after_a_second_thought(ordered: Callable[..., Page], cup: Item) -> None:
    page = ordered(viewport=PHONE)
    page.locator("summary", has_text="Cancel this order").focus()
    page.keyboard.press("Enter")
    assert look(page) == []
    page.get_by_role("button", name="Yes, cancel it").click()
    page.get_by_role("heading", name="This order is cancelled").wait_for()
    assert look(page) == []
    cup.refresh_from_db()
    assert cup.stock == 5
    assert not Action.objects.counted().filter(kind=Kind.PURCHASE).exists()


def test_a_refund_that_is_refused_leaves_the_order(ordered: Callable[..., Page]) -> None:
    page = ordered("not given back")
    cancel(page)
    page.get_by_text("The refund did not go through, so the order stands.").wait_for()
    assert Order.objects.get().status == "paid"


def test_one_of_two_goes_back(ordered: Callable[..., Page], cup: Item) -> None:
    page = ordered(java_script_enabled=False)
    order = Order.objects.get()
    order_send(order, tracking="1Z999")
    page.reload()
    expect(page.get_by_text("1Z999")).to_be_visible()
    order_deliver(order)
    page.reload()
    page.get_by_role("link", name="Send something back").click()
    page.get_by_role("button", name="Ask to send it back").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label(re.compile("How many go back")).select_option("1")
    page.get_by_label("Why do you send it back?").select_option(label="It came damaged or doesn't work")
    page.get_by_role("button", name="Ask to send it back").click()
    expect(page.get_by_text("We have your wish to send things back")).to_be_visible()
    request = ReturnRequest.objects.get()
    return_approve(request, answer="To 5 Dock Road.")
    return_receive(request)
    page.reload()
    expect(page.get_by_text("€15.00 given back")).to_be_visible()
    cup.refresh_from_db()
    assert cup.stock == 4


def test_an_order_is_had_again_and_the_link_in_the_letter_opens_it_elsewhere(
    ordered: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    page = ordered()
    page.get_by_role("button", name="Order again").click()
    page.get_by_text("1 thing of the order is in your cart").wait_for()
    expect(page.locator("#cart-count")).to_have_text("2", use_inner_text=True)
    link = order_link(Order.objects.get())
    elsewhere = open_page("/orders/" + link.split("/orders/")[1])
    expect(elsewhere.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()
    assert "key=" not in elsewhere.url


def test_a_letter_with_a_long_link_fits_a_telephone(open_page: Callable[..., Page], cup: Item) -> None:
    order = OrderFactory.create(tracking=f"https://parcels.example.com/{'1Z999' * 20}")
    OrderLineFactory.create(order=order, item=cup)
    page = open_page("about:blank", viewport=PHONE)  # a mail program knows nothing of the shop's policy
    page.set_content(render_to_string("email/order_sent.html", {"order": order, "address": "https://example.com"}))
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_axe_finds_nothing_however_an_order_stands(open_page: Callable[..., Page], cup: Item) -> None:
    shopper = ShopperFactory.create(account=UserFactory.create(email="ada@example.com"))
    order = OrderFactory.create(
        shopper=shopper, shipping_method="standard", shipping_price=Decimal("4.90"), tax_rate=19, tax_amount=Decimal(3)
    )
    line = OrderLineFactory.create(order=order, item=cup, quantity=3)
    for status in ("requested", "approved", "rejected"):
        request = ReturnRequest.objects.create(order=order, status=status, reason="damaged", answer="Sorry.")
        request.lines.create(line=line, quantity=1)
    page = open_page("/account/sign-in/?next=/account/orders/")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse")
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account/orders/")
    found = look(page)
    times = dict.fromkeys(("paid_at", "sent_at", "delivered_at", "cancelled_at"), order.created_at)
    for status in ("sent", "delivered", "declined", "expired", "pending"):
        Order.objects.update(status=status, **times)
        page.goto(order.get_absolute_url())
        found += look(page)
    Order.objects.update(status="delivered")
    page.goto(f"{order.get_absolute_url()}return/")
    page.get_by_role("button", name="Ask to send it back").click()
    page.get_by_text("This field is required.").wait_for()
    expect(page.locator("[role=alert]")).to_be_focused()
    found += look(page)
    Order.objects.all().delete()
    page.goto("/account/orders/")
    found += look(page)
    assert found == []
