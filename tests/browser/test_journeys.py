"""What shoppers do, in a real browser."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from shop.actions.models import Action, Kind
from shop.orders.models import Order
from tests.browser.conftest import PHONE
from tests.browser.forms import fill_address, go_to_checkout

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def cards_of(page: Page, panel: str) -> list[str]:
    found = page.locator(f'[data-panel="{panel}"] [data-item]').all()
    return [card.get_attribute("data-item") or "" for card in found]


def test_a_guest_finds_saves_buys_and_the_window_changes(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    before = cards_of(page, "for_you")
    page.locator("summary", has_text="Categories").click()
    page.get_by_role("navigation", name="Categories").get_by_role("link", name=re.compile("Kitchen")).click()
    page.get_by_role("link", name=re.compile("^Vases")).click()
    page.get_by_role("link", name="Lunvik Vase 5").click()
    assert len(cards_of(page, "similar")) >= 4
    assert len(cards_of(page, "also_liked")) >= 4

    heart = page.locator(".facts").get_by_role("button", name="Save Lunvik Vase 5")
    heart.click()
    page.get_by_text("Lunvik Vase 5 is in your favourites.").wait_for()
    expect(heart).to_have_attribute("aria-pressed", "true")
    expect(heart).to_be_focused()
    expect(page.locator("#favourite-count")).to_have_text("1", use_inner_text=True)

    page.get_by_label("Quantity").fill("2")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_text("Lunvik Vase 5 is in your cart.").wait_for()
    expect(page.locator("#cart-count")).to_have_text("2", use_inner_text=True)
    page.get_by_role("link", name="See cart").click()
    go_to_checkout(page)
    fill_address(page)
    page.get_by_role("button", name="Order and pay").click()
    page.get_by_role("heading", name=re.compile("Thank you")).wait_for()

    order = Order.objects.get()
    assert order.status == Order.Status.PAID
    assert order.items_total == Decimal(30)
    page.goto("/")
    after = cards_of(page, "for_you")
    assert after != before
    vases = {item.item_id for item in small_shop[1::2]}
    assert set(after[:4]) <= vases
    kinds = set(Action.objects.values_list("kind", flat=True))
    assert {Kind.FAVOURITE, Kind.CART, Kind.PURCHASE} <= kinds


def test_everything_without_javascript(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/", java_script_enabled=False, viewport=PHONE)
    page.locator(".bar summary").click()
    page.get_by_role("navigation", name="Categories").get_by_role("link", name=re.compile("Kitchen")).click()
    page.locator("summary", has_text="Sort").click()
    page.get_by_role("link", name="Price, low to high").click()
    expect(page.locator(".card-name").first).to_have_text("Poptorp Mug 0", use_inner_text=True)
    page.locator(".card .heart").first.click()
    expect(page).to_have_url(re.compile(r"/categories/kitchen/\?sort=price$"))
    expect(page.get_by_text("Poptorp Mug 0 is in your favourites.")).to_be_visible()
    expect(page.locator(".card .heart").first).to_have_attribute("aria-pressed", "true")

    page.get_by_role("searchbox").fill("Sorrel vase")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Sorrel Vase 9").click()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_text("Sorrel Vase 9 is in your cart.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Cart")).first.click()
    page.get_by_role("spinbutton").fill("3")
    page.get_by_role("button", name="Update Sorrel Vase 9").click()
    expect(page.locator("dd.total")).to_have_text("€57.00", use_inner_text=True)
    go_to_checkout(page)
    page.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_text("This field is required.")).to_have_count(6)
    fill_address(page)
    page.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()
    page.locator("summary", has_text="Cancel this order").click()
    page.get_by_role("button", name="Yes, cancel it").click()
    expect(page.get_by_role("heading", name="This order is cancelled")).to_be_visible()


def test_a_guest_signs_up_and_everything_comes_along(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/items/thing-3/")
    page.locator(".facts .heart").click()
    page.get_by_text("is in your favourites").wait_for()
    page.get_by_role("link", name="Sign in").first.click()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password").fill("a long enough phrase")
    page.get_by_role("button", name="Make the account").click()
    expect(page.locator("#favourite-count")).to_have_text("1", use_inner_text=True)
    page.get_by_role("link", name="Account").first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#favourite-count")).to_be_hidden()
    expect(page.get_by_text("You are signed out.")).to_be_visible()


def test_a_declined_payment_can_be_paid_another_way(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/items/thing-3/")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("link", name="See cart").click()
    go_to_checkout(page)
    fill_address(page)
    page.get_by_label("Test payment that is declined").check()
    page.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_role("alert").get_by_text("The payment was declined")).to_be_visible()
    expect(page.get_by_label("Full name")).to_have_value("Ada Person")
    page.get_by_label("Test payment that is accepted").check()
    page.get_by_role("button", name="Order and pay").click()
    expect(page.get_by_role("heading", name=re.compile("Thank you"))).to_be_visible()


def test_by_keyboard_alone(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content", use_inner_text=True)
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    summary = page.locator("summary", has_text="Categories")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Categories")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("navigation", name="Categories")).to_be_hidden()
    expect(summary).to_be_focused()
    page.goto("/items/thing-3/")
    page.locator(".facts .heart").focus()
    page.keyboard.press("Space")
    page.get_by_text("is in your favourites").wait_for()
    expect(page.locator(":focus")).to_have_attribute("aria-pressed", "true")


def test_the_gallery_changes_its_picture_and_the_page_stays(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/items/thing-1/")
    thumb = page.get_by_role("link", name="Picture 2 of 2", exact=True)
    thumb.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    thumb.click()
    page.locator('.thumbs a:nth-child(2)[aria-current="true"]').wait_for()
    assert page.evaluate("scrollY") == before
    expect(page).not_to_have_url(re.compile("#"))


def test_a_server_that_cannot_be_reached_is_told(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/items/thing-3/")
    page.route("**/favourites/toggle/", lambda route: route.fulfill(status=200, headers={"HX-Trigger": "nothing"}))
    page.evaluate("document.dispatchEvent(new CustomEvent('htmx:sendError'))")
    expect(page.get_by_text("That did not get through.")).to_be_visible()


def test_what_comes_close_stands_above_what_is_sold_out(small_shop: Any, open_page: Callable[..., Page]) -> None:
    item = small_shop[3]
    heights = {}
    for stock in (5, 0):
        item.stock = stock
        item.save()
        page = open_page("/items/thing-3/")
        boxes = [page.locator(place).bounding_box() for place in ('[data-panel="similar"]', ".product")]
        heights[stock] = [box["y"] for box in boxes if box]
    assert heights[5][0] > heights[5][1]
    assert heights[0][0] < heights[0][1]
