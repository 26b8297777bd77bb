"""The page of favourites in a browser: what one can do with a saved thing, and undo."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from shop.actions.models import Favourite
from shop.catalogue.models import Item
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import SHIFT, SMALL_TARGETS, violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def favourites(small_shop: Any, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """The favourites of somebody who saved three things; one got cheaper, one is sold out."""

    def open_favourites(**options: Any) -> Page:
        page = open_page("/categories/kitchen/vases/?sort=price", **options)
        for name in ("Poptorp Vase 1", "Poptorp Vase 3", "Lunvik Vase 5"):
            page.get_by_role("button", name=f"Save {name}", exact=True).click()
            page.get_by_text(f"{name} is in your favourites").first.wait_for()
        Item.objects.filter(item_id="thing-3").update(price=Decimal(9))
        Item.objects.filter(item_id="thing-5").update(stock=0)
        page.goto("/favourites/")
        return page

    return open_favourites


def test_a_saved_thing_goes_into_the_cart_from_here(favourites: Callable[..., Page]) -> None:
    page = favourites()
    names = page.locator(".saved .card-name").all_inner_texts()
    assert names == ["Lunvik Vase 5", "Poptorp Vase 3", "Poptorp Vase 1"]
    expect(page.get_by_text("Less than when you saved it: it was €13.00.")).to_be_visible()
    expect(page.get_by_role("link", name="See similar things Lunvik Vase 5")).to_be_visible()
    page.get_by_role("button", name="Add to cart Poptorp Vase 3").click()
    page.get_by_text("Poptorp Vase 3 is in your cart.").wait_for()
    expect(page.locator("#cart-count")).to_have_text("1", use_inner_text=True)


def test_an_empty_heart_can_be_filled_again_by_keyboard(favourites: Callable[..., Page]) -> None:
    page = favourites()
    heart = page.locator(".saved").nth(1).locator(".heart")
    heart.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Poptorp Vase 3 is no longer in your favourites.").wait_for()
    assert Favourite.objects.count() == 2
    expect(page.locator("#favourite-count")).to_have_text("2", use_inner_text=True)
    put_back = page.get_by_role("button", name="Put back Poptorp Vase 3")
    expect(put_back).to_be_visible()
    expect(page.get_by_role("button", name="Add to cart Poptorp Vase 3")).to_be_hidden()
    expect(heart).to_be_focused()
    assert violations(page) == []
    page.get_by_role("button", name="Undo").press("Enter")
    page.get_by_text("Poptorp Vase 3 is in your favourites.").wait_for()
    assert page.locator(":focus").inner_text() == "See them", "the focus stays in the message"
    expect(put_back).to_be_hidden()
    assert Favourite.objects.count() == 3


def test_without_javascript_it_can_be_put_back_too(favourites: Callable[..., Page]) -> None:
    page = favourites(java_script_enabled=False, viewport=PHONE)
    page.locator(".saved .heart").nth(1).click()
    expect(page.get_by_text("Poptorp Vase 3 is no longer in your favourites.")).to_be_visible()
    expect(page.locator(".saved")).to_have_count(2)
    page.get_by_role("button", name="Put back Poptorp Vase 3").click()
    expect(page.locator(".saved")).to_have_count(3)
    page.get_by_role("button", name="Add to cart Poptorp Vase 1").click()
    expect(page.get_by_text("Poptorp Vase 1 is in your cart.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/favourites/(\?|$)"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_it_fits(favourites: Callable[..., Page], scheme: str) -> None:
    page = favourites(color_scheme=scheme, viewport=PHONE)
    page.wait_for_load_state("load")
    assert page.evaluate(SHIFT) < 0.01
    assert violations(page) == []
    for width in (320, 390, 768, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(SMALL_TARGETS) == [], width
