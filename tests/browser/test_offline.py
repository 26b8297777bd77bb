"""Pages somebody looked at can be read without a connection; nothing private is kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Error

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = """
async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const kept = await (await caches.open(name)).keys();
    found.push(...kept.map((request) => new URL(request.url).pathname));
  }
  return found;
}
"""


PATIENCE_SECONDS = 8


def wait_until(page: Page, script: str, *, holds: Callable[[Any], bool] = bool) -> None:
    """Ask the page until the answer is right; Playwright's own waiting needs the eval that the policy forbids."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds(page.evaluate(script)):
        assert time.monotonic() < deadline, script
        page.wait_for_timeout(100)


def has_product(kept: list[str]) -> bool:
    return any(path.startswith("/items/") for path in kept)


@pytest.fixture
def visited(small_shop: list[Any], open_page: Callable[..., Page]) -> Page:
    """A browser whose worker is awake, and which has looked at a product and its cart."""
    page = open_page("/", service_workers="allow")
    wait_until(page, "navigator.serviceWorker.controller !== null")
    for path in ("/items/thing-1/", "/cart/"):
        page.goto(path)
    wait_until(page, KEPT, holds=has_product)
    return page


def offline(page: Page) -> None:
    """Take the connection away, once the page has all it asked for."""
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)


def test_a_product_can_be_read_without_a_connection_and_nothing_private_is_kept(visited: Page) -> None:
    visited.wait_for_load_state("networkidle")  # the kept pages are counted when all are there
    pages = [path for path in visited.evaluate(KEPT) if not path.startswith(("/static/", "/media/"))]
    assert {path for path in pages if not path.startswith("/items/")} == {"/offline/"}
    offline(visited)
    visited.goto("/cart/")
    visited.get_by_role("heading", name="No connection to the shop").wait_for()
    visited.get_by_role("link", name="Poptorp Vase 1").click()
    visited.get_by_role("heading", level=1, name="Poptorp Vase 1").wait_for()
    assert "/items/thing-1/" in visited.url
    assert visited.evaluate("document.fonts.check('1rem \\'Source Sans 3\\'')")


def test_whoever_signs_in_finds_no_page_of_somebody_else(visited: Page) -> None:
    visited.goto("/account/sign-in/")
    visited.locator("main input[type=password]").fill("not-the-password")
    visited.locator("main input[type=email]").first.fill("somebody@example.com")
    visited.locator("main form button[type=submit]").first.click()
    visited.get_by_role("alert").wait_for()
    wait_until(visited, KEPT, holds=lambda kept: not has_product(kept))


def test_without_the_worker_there_is_no_page(small_shop: list[Any], open_page: Callable[..., Page]) -> None:
    page = open_page("/items/thing-1/")
    offline(page)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto("/items/thing-1/")


def test_the_page_without_a_connection_speaks_the_chosen_language(visited: Page) -> None:
    visited.goto("/about/")
    visited.locator(".foot").get_by_role("button", name="简体中文").click()
    visited.get_by_role("heading", name="这家店如何运作").wait_for()
    wait_until(visited, "sessionStorage.getItem('language') === 'zh-hans'")
    offline(visited)
    visited.goto("/cart/")
    visited.get_by_role("heading", name="连接不到本店").wait_for()
