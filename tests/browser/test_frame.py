"""The frame of every page: bar, drawer, foot, errors, the line while something is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import SHIFT, SMALL_TARGETS, violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ("/", "/about/", "/offline/")
NARROW = {"width": 320, "height": 640}


def test_axe_finds_nothing_in_the_frame(small_shop: list[Any], open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for path in PAGES:
            page.goto(path)
            found += violations(page)
        page.goto("/about/")
        page.locator(".bar .menu > summary").click()
        page.evaluate("document.documentElement.toggleAttribute('data-waiting', true)")
        found += violations(page)
    assert found == []


def test_a_wrong_address_has_a_search(small_shop: list[Any], open_page: Callable[..., Page]) -> None:
    page = open_page("/about/")
    # The browser reports the 404 itself as an error; here it is what was asked for.
    page.route("**/nowhere/", lambda route: route.fulfill(response=route.fetch(), status=200))
    page.goto("/nowhere/")
    assert violations(page) == []
    page.get_by_role("searchbox", name="Search for it").fill("vase")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=vase")


def test_nothing_overflows_at_320_px_and_everything_can_be_pressed(
    small_shop: list[Any], open_page: Callable[..., Page]
) -> None:
    page = open_page("/", viewport=NARROW)
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate(SMALL_TARGETS) == [], path
        assert page.evaluate(SHIFT) < 0.01, path


@pytest.mark.parametrize("width", [320, 768, 1024, 1440])
def test_the_menu_fits_into_the_window(small_shop: list[Any], open_page: Callable[..., Page], width: int) -> None:
    page = open_page("/about/", viewport={"width": width, "height": 800})
    page.locator(".bar .menu > summary").click()
    box = page.locator(".menu-tree").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 800


def test_pressing_beside_the_drawer_closes_it(small_shop: list[Any], open_page: Callable[..., Page]) -> None:
    page = open_page("/about/", viewport=PHONE)
    menu = page.locator(".bar .menu")
    page.locator(".bar .menu > summary").click()
    assert page.evaluate("getComputedStyle(document.documentElement).overflowY") == "hidden"
    page.mouse.click(10, 600)
    assert menu.get_attribute("open") is None
    page.locator(".bar .menu > summary").click()
    page.locator(".menu-tree").get_by_role("link", name="Vases").focus()
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_slow_answer_shows_a_line(small_shop: list[Any], open_page: Callable[..., Page]) -> None:
    page = open_page("/items/thing-1/")
    held: list[Route] = []
    page.route("**/favourites/toggle/", lambda route: held.append(route))  # noqa: PLW0108 - it marks what it is given
    page.locator(".facts .heart").click()
    page.locator("html[data-waiting]").wait_for(state="attached")
    held[0].continue_()
    page.locator("html:not([data-waiting])").wait_for(state="attached")


def test_a_quick_answer_shows_none(small_shop: list[Any], open_page: Callable[..., Page]) -> None:
    page = open_page("/items/thing-1/")
    page.evaluate(
        "globalThis.seen = 0; new MutationObserver(() => { seen += 1; })"
        ".observe(document.documentElement, { attributes: true, attributeFilter: ['data-waiting'] })"
    )
    page.route("**/favourites/toggle/", lambda route: route.fulfill(status=204))
    page.locator(".facts .heart").click()
    page.wait_for_timeout(500)
    assert page.evaluate("seen") == 0


def test_the_picture_of_a_card_travels_to_its_page(small_shop: list[Any], open_page: Callable[..., Page]) -> None:
    page = open_page("/categories/kitchen/", reduced_motion="no-preference")
    page.evaluate(
        "addEventListener('pageswap', (event) => event.viewTransition && sessionStorage.setItem('travels', "
        "[...document.querySelectorAll('.frame > img')].filter((img) => img.style.viewTransitionName).length))"
    )
    page.locator(".card .frame > img").first.wait_for()
    page.locator(".card:has(.frame > img) .card-name a").first.click()
    page.wait_for_url("**/items/**")
    assert page.evaluate("sessionStorage.getItem('travels')") == "1"
    assert page.evaluate("getComputedStyle(document.querySelector('.gallery-main img')).viewTransitionName") != "none"


def test_the_search_says_what_it_is_for_beside_counts_on_a_tablet(
    small_shop: list[Any], open_page: Callable[..., Page]
) -> None:
    page = open_page("/items/thing-3/", viewport={"width": 768, "height": 1024})
    page.locator(".facts .heart").click()
    page.get_by_role("button", name="Add to cart").click()
    page.locator('#cart-count:text-is("1")').wait_for()
    field = page.locator("#search-words").bounding_box()
    assert field is not None
    assert field["width"] >= 280
