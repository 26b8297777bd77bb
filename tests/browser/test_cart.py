"""The cart in a browser: counting, keeping, undoing, and what changes while one looks away."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from shop.cart.models import CartLine, KeptLine
from shop.catalogue.models import Item
from tests.browser.conftest import PHONE
from tests.browser.forms import go_to_checkout
from tests.browser.test_accessibility import SHIFT, SMALL_TARGETS, violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VASE, MUG, OTHER = "thing-3", "thing-4", "thing-6"  # Poptorp Vase 3, Lunvik Mug 4, Lunvik Mug 6


@pytest.fixture
def cart(small_shop: Any, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """The cart of somebody who has put three things into it."""

    def open_cart(**options: Any) -> Page:
        page = open_page(f"/items/{VASE}/", **options)
        for item_id in (VASE, MUG, OTHER):
            page.goto(f"/items/{item_id}/")
            page.get_by_role("button", name="Add to cart").click()
            page.get_by_text("is in your cart").first.wait_for()
        page.goto("/cart/")
        return page

    return open_cart


def total_of(page: Page) -> str:
    return page.locator("dd.total").inner_text()


def said(page: Page, words: str) -> None:
    """Wait until a screen reader is told ``words``."""
    page.locator("#told", has_text=words).wait_for(state="attached")


def focused(page: Page) -> str:
    """What has the focus, as its id or else its words."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.innerText.split('\\n')[0].trim()"))


def test_quick_presses_all_count_and_the_focus_stays(cart: Callable[..., Page]) -> None:
    page = cart()
    more = page.get_by_role("button", name="One more of Poptorp Vase 3")
    more.focus()
    for _press in range(3):
        page.keyboard.press("Enter")
    said(page, "Quantity of Poptorp Vase 3: 4.")
    expect(page.get_by_label("Quantity of Poptorp Vase 3")).to_have_value("4")
    assert total_of(page) == "€82.00"
    expect(page.locator("#cart-count")).to_have_text("6", use_inner_text=True)
    expect(more).to_be_focused()
    page.get_by_role("button", name="One less of Poptorp Vase 3").click()
    said(page, "Quantity of Poptorp Vase 3: 3.")
    assert total_of(page) == "€69.00"
    assert {line.quantity for line in CartLine.objects.filter(item__item_id=VASE)} == {3}


def test_a_typed_quantity_is_sent_by_itself_and_no_more_than_there_is(cart: Callable[..., Page]) -> None:
    page = cart()
    field = page.get_by_label("Quantity of Lunvik Mug 4")
    field.fill("9")
    field.press("Enter")
    page.get_by_text("There are no more of Lunvik Mug 4; your cart holds 5.").wait_for()
    expect(field).to_have_value("5")
    expect(field).to_be_focused()
    page.get_by_role("button", name="One more of Lunvik Mug 4").press("Enter")
    page.locator(".message", has_text="no more of Lunvik Mug 4").wait_for()
    assert violations(page) == []


def test_removing_is_undone_where_the_line_stood(cart: Callable[..., Page]) -> None:
    page = cart()
    page.get_by_role("button", name="Remove Lunvik Mug 4").click()
    said(page, "Lunvik Mug 4 is out of your cart.")
    rows = page.locator(".desk > .lines > li")
    expect(rows.nth(1)).to_have_attribute("id", "moved")
    assert focused(page).startswith("Undo")
    expect(page.locator("#cart-count")).to_have_text("2", use_inner_text=True)
    assert violations(page) == []
    page.keyboard.press("Enter")
    said(page, "Lunvik Mug 4 is back.")
    expect(page.locator("#cart-count")).to_have_text("3", use_inner_text=True)
    expect(page.locator(":focus")).to_have_text("Lunvik Mug 4", use_inner_text=True)


def test_the_last_line_leaves_an_empty_cart_and_a_way_back(cart: Callable[..., Page]) -> None:
    page = cart(viewport=PHONE)
    for name in ("Poptorp Vase 3", "Lunvik Mug 4", "Lunvik Mug 6"):
        page.get_by_role("button", name=f"Remove {name}").click()
        page.get_by_text(f"{name} is out of your cart.").first.wait_for()
    expect(page.get_by_role("heading", name="Your cart is empty")).to_be_visible()
    expect(page.locator("#cart-count")).to_be_hidden()
    assert violations(page) == []
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", name="Cart", exact=True).wait_for()
    assert total_of(page) == "€20.90"


def test_keeping_for_later_moves_and_moves_back(cart: Callable[..., Page]) -> None:
    page = cart()
    page.get_by_role("button", name="Keep for later Lunvik Mug 6").click()
    said(page, "Lunvik Mug 6 is kept for later.")
    assert focused(page).startswith("Undo")
    expect(page.get_by_role("region", name="Kept for later").get_by_role("link", name="Lunvik Mug 6")).to_be_visible()
    assert total_of(page) == "€31.90"
    assert violations(page) == []
    page.get_by_role("button", name="Put into the cart Lunvik Mug 6").click()
    said(page, "Lunvik Mug 6 is in your cart.")
    assert (CartLine.objects.count(), KeptLine.objects.count()) == (3, 0)
    page.get_by_role("button", name="Undo").click()
    said(page, "Lunvik Mug 6 is back.")
    assert (CartLine.objects.count(), KeptLine.objects.count()) == (2, 1)


def test_what_changed_is_told_until_it_is_seen(cart: Callable[..., Page]) -> None:
    page = cart()
    Item.objects.filter(item_id=MUG).update(price=Decimal("9.50"))
    page.reload()
    expect(page.get_by_text("Less than when you added it: it was €14.00.")).to_be_visible()
    page.get_by_role("button", name="I have seen it").click()
    page.get_by_text("Less than when you added it").wait_for(state="detached")
    expect(page.locator("#cart-title")).to_be_focused()


def test_another_shopper_buys_the_last_piece(cart: Callable[..., Page], open_page: Callable[..., Page]) -> None:
    page = cart()
    Item.objects.filter(item_id=MUG).update(stock=1)
    page.goto("/checkout/")
    page.get_by_role("heading", name="Checkout").wait_for()
    other = open_page(f"/items/{MUG}/")
    other.get_by_role("button", name="Add to cart").click()
    other.get_by_role("link", name="See cart").click()
    buy(other)
    other.get_by_role("heading", name=re.compile("Thank you")).wait_for()
    assert Item.objects.get(item_id=MUG).stock == 0

    buy_here(page)
    page.wait_for_url("**/cart/")
    expect(page.get_by_text("Lunvik Mug 4", exact=False).first).to_be_visible()
    expect(page.get_by_text("Nothing was charged")).to_be_visible()
    expect(page.get_by_text("Sold out since you added it.")).to_be_visible()
    expect(page.get_by_role("link", name="To the checkout")).to_have_count(0)
    assert violations(page) == []
    similar = page.get_by_role("link", name="See similar things Lunvik Mug 4").get_attribute("href")
    assert str(similar).endswith("#shelf-similar")
    page.get_by_role("button", name="Put these aside and go on").click()
    page.get_by_text("1 thing that cannot be bought now is kept for later.").first.wait_for()
    expect(page.locator("#cart-title")).to_be_focused()
    go_to_checkout(page)
    buy_here(page)
    page.get_by_role("heading", name=re.compile("Thank you")).wait_for()
    page.goto("/cart/")
    expect(
        page.get_by_role("region", name="Kept for later").get_by_text("Sold out since you added it.")
    ).to_be_visible()


def buy(page: Page) -> None:
    """From the cart to the order."""
    go_to_checkout(page)
    buy_here(page)


def buy_here(page: Page) -> None:
    """Fill the checkout and send it."""
    words = {
        "E-mail address": "ada@example.com",
        "Full name": "Ada Person",
        "Street and number": "1 Quiet Lane",
        "Postcode": "12345",
        "City": "Townsville",
    }
    for label, value in words.items():
        page.get_by_label(label, exact=True).fill(value)
    country = page.get_by_label("Country", exact=True)
    if country.evaluate("field => field.tagName") == "SELECT":
        country.select_option(label="Germany")
    else:
        country.fill("Germany")
    page.get_by_role("button", name="Order and pay").click()


def test_the_whole_cart_without_javascript(cart: Callable[..., Page]) -> None:
    page = cart(java_script_enabled=False, viewport=PHONE)
    page.get_by_role("button", name="One more of Poptorp Vase 3").click()
    assert total_of(page) == "€56.00"
    field = page.get_by_label("Quantity of Poptorp Vase 3")
    field.fill("4")
    field.press("Enter")
    assert total_of(page) == "€82.00"
    field.fill("3")
    page.get_by_role("button", name="Update Poptorp Vase 3").click()
    assert total_of(page) == "€69.00"
    page.get_by_role("button", name="Remove Poptorp Vase 3").click()
    expect(page.get_by_text("Poptorp Vase 3 is out of your cart.").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    assert total_of(page) == "€69.00"
    page.get_by_role("button", name="Keep for later Lunvik Mug 4").click()
    expect(page.get_by_text("Lunvik Mug 4 is kept for later.").first).to_be_visible()
    page.get_by_role("button", name="Put into the cart Lunvik Mug 4").click()
    page.get_by_role("button", name="Keep for later Lunvik Mug 4").click()
    page.get_by_role("region", name="Kept for later").get_by_role("button", name="Remove Lunvik Mug 4").click()
    expect(page.get_by_text("Lunvik Mug 4 is no longer kept.").first).to_be_visible()
    go_to_checkout(page)
    expect(page).to_have_url(re.compile(r"/checkout/$"))


def spoil(page: Page) -> None:
    """One line sold out, one too many, one dearer, one kept: every remark the cart can make."""
    page.get_by_role("button", name="One more of Poptorp Vase 3").click()
    said(page, "Quantity of Poptorp Vase 3: 2.")
    Item.objects.filter(item_id=VASE).update(stock=1, price=Decimal(20))
    Item.objects.filter(item_id=MUG).update(stock=0)
    page.get_by_role("button", name="Keep for later Lunvik Mug 6").click()
    said(page, "Lunvik Mug 6 is kept for later.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(cart: Callable[..., Page], scheme: str) -> None:
    page = cart(color_scheme=scheme, viewport=PHONE)
    found = violations(page)
    spoil(page)
    CartLine.objects.filter(item__item_id=VASE).update(joined=True)
    found += violations(page)
    page.goto("/cart/")
    expect(page.get_by_text("was joined with the one of your account")).to_be_visible()
    found += violations(page)
    assert found == []


def test_it_fits_every_width_and_does_not_move(cart: Callable[..., Page]) -> None:
    page = cart(viewport=PHONE)
    page.wait_for_load_state("load")
    assert page.evaluate(SHIFT) < 0.01
    spoil(page)
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL_TARGETS) == [], width


def test_on_a_phone_the_way_on_is_always_in_view(cart: Callable[..., Page]) -> None:
    page = cart(viewport=PHONE)
    link = page.get_by_role("link", name="To the checkout")
    box = link.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= PHONE["height"]
