"""Saving as a guest, signing up, out and in again: what was two becomes one, and it is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from shop.actions.models import Favourite
from shop.cart.models import CartLine
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL, PASSWORD = "ada@example.com", "a long enough phrase"


def save(page: Page, item_id: str) -> None:
    page.goto(f"/items/{item_id}/")
    page.locator(".facts .heart").click()
    page.get_by_text("is in your favourites").first.wait_for()


def add(page: Page, item_id: str, *, quantity: int) -> None:
    page.goto(f"/items/{item_id}/")
    page.get_by_label("Quantity").fill(str(quantity))
    page.get_by_role("button", name="Add to cart", exact=True).click()
    page.get_by_text("is in your cart").first.wait_for()


def sign_up(page: Page) -> None:
    page.goto("/account/sign-up/?next=/favourites/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url("**/favourites/")


def sign_in(page: Page) -> None:
    page.goto("/account/sign-in/?next=/cart/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/cart/")


def sign_out(page: Page) -> None:
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").first.wait_for()


@pytest.mark.parametrize("options", [{}, {"java_script_enabled": False, "viewport": PHONE}])
def test_what_is_done_as_a_guest_joins_what_the_account_has(
    small_shop: Any, open_page: Callable[..., Page], options: dict[str, Any]
) -> None:
    page = open_page("/", **options)
    save(page, "thing-3")
    add(page, "thing-4", quantity=2)
    sign_up(page)
    expect(page.locator("#favourite-count")).to_have_text("1", use_inner_text=True)
    expect(page.get_by_role("link", name="Poptorp Vase 3").first).to_be_visible()
    add(page, "thing-6", quantity=4)

    sign_out(page)
    expect(page.locator("#favourite-count")).to_be_hidden()
    expect(page.locator("#cart-count")).to_be_hidden()
    page.goto("/favourites/")
    expect(page.get_by_text("What you save stands here.")).to_be_visible()

    save(page, "thing-3")
    save(page, "thing-5")
    add(page, "thing-4", quantity=3)
    add(page, "thing-6", quantity=1)
    add(page, "thing-7", quantity=1)
    sign_in(page)
    joined = (
        "Your cart from this device was joined with the one of your account: Lunvik Mug 4 (3) and Lunvik Vase 7 (1)."
    )
    expect(page.locator(".news").get_by_text(joined)).to_be_visible()
    expect(page.get_by_text("From this device, joined when you signed in.")).to_have_count(2)
    expect(page.locator("#cart-count")).to_have_text("8", use_inner_text=True)
    expect(page.locator("#favourite-count")).to_have_text("2", use_inner_text=True)
    if options.get("java_script_enabled", True):  # axe is a script itself
        assert violations(page) == []
    assert {line.item.item_id: line.quantity for line in CartLine.objects.select_related("item")} == {
        "thing-4": 3,
        "thing-6": 4,
        "thing-7": 1,
    }
    assert set(Favourite.objects.values_list("item__item_id", flat=True)) == {"thing-3", "thing-5"}
    page.get_by_role("button", name="I have seen it").click()
    page.get_by_text(re.compile("was joined")).first.wait_for(state="detached")
    page.goto("/cart/")
    expect(page.get_by_text(re.compile("was joined"))).to_have_count(0)
