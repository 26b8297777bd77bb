"""Buying, however the payment ends, in a real browser."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from shop.accounts.addresses import address_save
from shop.catalogue.models import Item
from shop.orders.models import Order
from tests.browser.conftest import PHONE
from tests.browser.forms import ADDRESS, fill_address
from tests.browser.test_accessibility import SHIFT, SMALL_TARGETS, violations
from tests.factories import ItemFactory, ShopperFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THANKS = re.compile("Thank you")


@pytest.fixture(autouse=True)
def cup(live_server: Any, settings: Any) -> Item:
    """A shop with one cup for sale, and play money to pay it with."""
    settings.PAYMENT_PROVIDER = "dummy"
    settings.SHIPPING_PRICES = {"standard": Decimal("4.90"), "express": Decimal("9.90")}
    settings.SHIPPING_FREE_FROM = Decimal(50)
    settings.TAX_RATE = Decimal(19)
    return ItemFactory.create(item_id="cup", title="Cup", price=Decimal(15), stock=5)


@pytest.fixture
def at_checkout(open_page: Callable[..., Page]) -> Callable[..., Page]:
    """The checkout of somebody with a cup in the cart."""

    def go(**options: Any) -> Page:
        page = open_page("/items/cup/", **options)
        page.get_by_role("button", name="Add to cart").click()
        page.get_by_text("Cup is in your cart.").wait_for()
        page.goto("/checkout/")
        return page

    return go


def fill(page: Page, method: str = "accepted") -> None:
    fill_address(page)
    page.get_by_label(re.compile(f"Test payment .*{method}")).check()


def order_and_pay(page: Page) -> None:
    page.get_by_role("button", name="Order and pay").click()


def look(page: Page) -> list[str]:
    """What axe finds, in the light and in the dark, and what is too small to be pressed."""
    found = violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += violations(page, runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return [*found, *page.evaluate(SMALL_TARGETS)]


def test_a_guest_buys_and_the_total_follows_the_delivery(at_checkout: Callable[..., Page]) -> None:
    page = at_checkout()
    expect(page.locator("dd.total")).to_have_text("€19.90", use_inner_text=True)
    page.get_by_label(re.compile("Express delivery")).check()
    page.locator("dd.total", has_text="€24.90").wait_for()
    expect(page.locator("[value=express]")).to_be_focused()
    assert page.evaluate(SHIFT) < 0.01
    fill(page)
    order_and_pay(page)
    page.get_by_role("heading", name=THANKS).wait_for()
    expect(page.get_by_text("€3.98")).to_be_visible()
    assert Order.objects.get().total == Decimal("24.90")


def test_a_declined_payment_keeps_everything_and_another_one_goes_through(at_checkout: Callable[..., Page]) -> None:
    page = at_checkout(viewport=PHONE)
    assert look(page) == []
    fill(page, "declined")
    order_and_pay(page)
    page.get_by_role("alert").get_by_text("The payment was declined").wait_for()
    expect(page.locator("[role=alert]")).to_be_focused()
    assert look(page) == []
    expect(page.get_by_label("Full name")).to_have_value("Ada Person")
    page.get_by_label(re.compile("that is accepted")).check()
    order_and_pay(page)
    page.get_by_role("heading", name=THANKS).wait_for()
    assert list(Order.objects.order_by("id").values_list("status", flat=True)) == ["declined", "paid"]


def test_what_is_missing_is_marked_and_has_the_focus(at_checkout: Callable[..., Page]) -> None:
    page = at_checkout()
    fill(page)
    page.get_by_label("Street and number").fill("")
    page.get_by_label("City").fill("")
    order_and_pay(page)
    page.get_by_text("2 fields are missing or unclear").wait_for()
    expect(page.locator("[name=street]")).to_be_focused()
    expect(page.get_by_label("Street and number")).to_have_attribute("aria-invalid", "true")
    assert look(page) == []


def test_the_bank_asks_and_yes_makes_an_order(at_checkout: Callable[..., Page]) -> None:
    page = at_checkout()
    fill(page, "asks about")
    order_and_pay(page)
    page.get_by_role("heading", name="Your bank asks").wait_for()
    assert look(page) == []
    page.goto(Order.objects.get().get_absolute_url())
    expect(page.get_by_role("heading", name="Waiting for your bank")).to_be_visible()
    assert look(page) == []
    page.get_by_role("link", name="Go on to your bank").click()
    page.get_by_role("button", name="Yes, pay").click()
    page.get_by_role("heading", name=THANKS).wait_for()
    assert look(page) == []


def test_without_an_answer_the_shopper_hears_what_is_safe(at_checkout: Callable[..., Page], cup: Item) -> None:
    page = at_checkout()
    fill(page, "without an answer")
    order_and_pay(page)
    page.get_by_role("alert").get_by_text("you were not charged").wait_for()
    cup.refresh_from_db()
    assert cup.stock == 5


def test_the_last_piece_bought_by_another(at_checkout: Callable[..., Page]) -> None:
    page = at_checkout()
    fill(page)
    Item.objects.update(stock=0)
    order_and_pay(page)
    page.get_by_text("No longer available as ordered: Cup. Nothing was charged.").wait_for()
    expect(page).to_have_url(re.compile(r"/cart/$"))
    assert not Order.objects.exists()


def test_without_javascript(at_checkout: Callable[..., Page]) -> None:
    page = at_checkout(java_script_enabled=False, viewport=PHONE)
    page.get_by_label("Full name").fill("Ada Person")
    page.get_by_label(re.compile("Express delivery")).check()
    page.get_by_role("button", name="Update the total").click()
    expect(page.locator("dd.total")).to_have_text("€24.90", use_inner_text=True)
    expect(page.get_by_label("Full name")).to_have_value("Ada Person")
    order_and_pay(page)
    expect(page.get_by_text("This field is required.")).to_have_count(5)
    fill(page, "asks about")
    order_and_pay(page)
    page.get_by_role("button", name="No, don't pay").click()
    expect(page.get_by_text("The payment was declined and nothing was charged.")).to_be_visible()
    expect(page.get_by_label("City")).to_have_value("Townsville")
    order_and_pay(page)
    expect(page.get_by_role("heading", name=THANKS)).to_be_visible()
    assert Order.objects.get(status="paid").total == Decimal("24.90")


def test_by_keyboard_alone(at_checkout: Callable[..., Page]) -> None:
    page = at_checkout()
    page.get_by_label("E-mail address").focus()
    for words in ADDRESS.values():
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    expect(page.locator("[value=standard]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.locator("dd.total", has_text="€24.90").wait_for()
    expect(page.locator("[value=express]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[value=accept]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=THANKS).wait_for()


def test_a_kept_address_needs_no_typing(
    at_checkout: Callable[..., Page], open_page: Callable[..., Page], live_server: Any
) -> None:
    shopper = ShopperFactory.create(account=UserFactory.create(email="ada@example.com"))
    lines = {"street": "2 Kept Street", "postcode": "1", "city": "Town", "country": "France"}
    address_save(shopper=shopper, name="Ada at home", **lines)  # type: ignore[arg-type]  # mypy takes ** for all arguments
    page = at_checkout()
    page.get_by_role("link", name="Sign in if you have an account").click()
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse")
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/checkout/")
    expect(page.get_by_label("Street and number")).to_be_hidden()
    assert look(page) == []
    page.get_by_label("Another address").check()
    expect(page.get_by_label("Street and number")).to_be_visible()
    page.get_by_label(re.compile("Ada at home")).check()
    order_and_pay(page)
    page.get_by_role("heading", name=THANKS).wait_for()
    assert Order.objects.get().street == "2 Kept Street"
