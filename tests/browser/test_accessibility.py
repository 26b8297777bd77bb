"""What axe finds on each page, and what it cannot see: overflow, targets, moving layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/",
    "/categories/kitchen/",
    "/items/thing-1/",
    "/items/thing-23/",
    "/search/?q=vase",
    "/search/?q=nothing-like-it",
    "/favourites/",
    "/cart/",
    "/checkout/",
    "/account/sign-in/",
    "/account/sign-up/",
)

SMALL_TARGETS = """
() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden])")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".unseen, .skip, p, .line-words"))
  .map((e) => [e, ["radio", "checkbox"].includes(e.type) ? e.closest("label") ?? e : e])
  .filter(([e, box]) => {
    const stretched = getComputedStyle(e, "::after").position === "absolute";
    const { width, height } = box.getBoundingClientRect();
    return !stretched && !e.matches(".skip") && (height < 43.5 && width > 0);
  })
  .map(([e]) => e.outerHTML.slice(0, 120))
"""

SHIFT = """
() => new Promise((resolve) => {
  let total = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) { total += entry.hadRecentInput ? 0 : entry.value; }
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(total), 300);
})
"""


@pytest.fixture
def shopping(small_shop: Any, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """A page of somebody with a favourite and something in the cart."""
    small_shop[23].stock = 0
    small_shop[23].save()

    def shop(**options: Any) -> Page:
        page = open_page("/items/thing-3/", **options)
        page.locator(".facts .heart").click()
        page.get_by_text("is in your favourites").wait_for()
        page.get_by_role("button", name="Add to cart").click()
        page.get_by_text("is in your cart").wait_for()
        return page

    return shop


def violations(page: Page, **options: Any) -> list[str]:
    """What axe finds, as rule and elements."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: make setup").Axe()
    # Not preloaded: axe would look for the style sheets of an @import beside the page instead of beside their sheet.
    settings = {"resultTypes": ["violations"], "preload": False} | options
    found = axe.run(page, options=settings).response["violations"]
    return [f"{page.url} {rule['id']}: {[node['html'][:160] for node in rule['nodes']]}" for rule in found]


def test_axe_finds_nothing(shopping: Callable[..., Page]) -> None:
    page = shopping()
    found: list[str] = []
    for path in PAGES:
        page.goto(path)
        found += violations(page)
    assert found == []


def test_axe_finds_enough_contrast_in_the_dark(shopping: Callable[..., Page]) -> None:
    page = shopping(color_scheme="dark")
    found: list[str] = []
    for path in PAGES:
        page.goto(path)
        found += violations(page, runOnly=["color-contrast"])
    assert found == []


def test_axe_finds_nothing_in_states(shopping: Callable[..., Page]) -> None:
    page = shopping(viewport=PHONE)
    found = violations(page)  # with a message shown
    page.locator(".bar summary").click()
    found += violations(page)
    page.goto("/checkout/")
    page.get_by_role("button", name="Order and pay").click()
    page.get_by_role("alert").wait_for()
    found += violations(page)
    assert found == []


def test_axe_would_find_something(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.evaluate("document.querySelector('main').append(new Image())")
    assert any("image-alt" in violation for violation in violations(page))


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 640}, {"width": 768, "height": 1024}, DESK])
def test_nothing_overflows_and_everything_can_be_pressed(
    shopping: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page = shopping(viewport=viewport)
    for path in PAGES:
        page.goto(path)
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], f"{path} is {width[0]} px wide"
        assert page.evaluate(SMALL_TARGETS) == [], path


def test_nothing_moves_while_a_page_loads(shopping: Callable[..., Page]) -> None:
    page = shopping(viewport=PHONE)
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("load")
        assert page.evaluate(SHIFT) < 0.01, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "500.html"])
def test_axe_finds_nothing_on_pages_of_what_went_wrong(
    small_shop: Any, open_page: Callable[..., Page], template: str, scheme: str
) -> None:
    page = open_page("/", color_scheme=scheme, viewport=PHONE)
    page.set_content(render_to_string(template))
    page.wait_for_load_state("load")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == []
