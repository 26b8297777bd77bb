"""The whole way to an order in Chinese, and the choice of a language that stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from config.languages import WINGS, translations
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Every text a visitor can read or hear, without what no one translates: code, and what was typed.
TEXTS = """
() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (!parentElement.closest("script, style, code, [lang=en]")) { found.add(data.replace(/\\s+/g, " ").trim()); }
  }
  for (const element of document.querySelectorAll("[aria-label], [placeholder], [alt], [title]")) {
    for (const name of ["aria-label", "placeholder", "alt", "title"]) {
      if (!element.closest("[lang=en]")) { found.add((element.getAttribute(name) ?? "").trim()); }
    }
  }
  return [...found].filter(Boolean);
}
"""
# The names of the small shop's categories are also words of the shop's own pages elsewhere.
NAMES = {"Vitrine", "Kitchen", "Mugs", "Vases", "JSON", "Cookie"}
ADDRESS = {
    "email": "ada@example.com",
    "name": "Ada Person",
    "street": "1 Quiet Lane",
    "postcode": "12345",
    "city": "Townsville",
    "country": "Germany",
}


@pytest.fixture(scope="module")
def english() -> set[str]:
    """Every sentence that has another form in Chinese."""
    found: set[str] = set()
    for wing in WINGS:
        for message in translations(wing, "zh_Hans"):
            forms = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
            if message.string != message.id:
                found.update(" ".join(form.split()) for form in forms if form and "%" not in form)
    return found - NAMES


def left_over(page: Page, english: set[str]) -> list[str]:
    """English sentences on a page that should have none."""
    assert page.evaluate("document.documentElement.lang") == "zh-hans"
    return [f"{page.url}: {text}" for text in page.evaluate(TEXTS) if text in english]


def test_an_order_in_chinese(small_shop: list[Any], open_page: Callable[..., Page], english: set[str]) -> None:
    page = open_page("/", locale="zh-CN")
    found = left_over(page, english)
    for path in ("/categories/kitchen/", "/search/?q=vase", "/search/?q=zeppelin", "/favourites/", "/account/sign-up/"):
        page.goto(path)
        found += left_over(page, english)
    page.goto("/items/thing-3/")
    found += left_over(page, english)
    page.get_by_role("button", name="加入购物车").click()
    page.locator("#messages .message").wait_for()
    found += left_over(page, english)
    page.goto("/cart/")
    found += left_over(page, english)
    page.goto("/checkout/")
    found += left_over(page, english)
    for name, value in ADDRESS.items():
        page.locator(f'[name="{name}"]').first.fill(value)
    page.get_by_role("button", name="下单并付款").click()
    page.wait_for_url("**/orders/**")
    found += left_over(page, english)
    assert "€" in page.locator("main").inner_text()
    assert found == []


def test_english_left_over_would_be_seen(
    small_shop: list[Any], open_page: Callable[..., Page], english: set[str]
) -> None:
    page = open_page("/about/", locale="zh-CN")
    page.evaluate("document.querySelector('main').append('Sign in')")
    assert left_over(page, english) == [f"{page.url}: Sign in"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_the_choice_stays_and_so_does_the_page(
    small_shop: list[Any], open_page: Callable[..., Page], *, scripts: bool
) -> None:
    page = open_page("/categories/kitchen/?sort=price", java_script_enabled=scripts)
    page.locator(".bar").get_by_role("button", name="简体中文").click()
    page.locator("html[lang=zh-hans]").wait_for()
    expect(page).to_have_url(re.compile(r"/categories/kitchen/\?sort=price$"))
    page.goto("/cart/")
    page.get_by_role("heading", name="购物车").first.wait_for()
    page.locator(".foot").get_by_role("button", name="English").click()
    page.locator("html[lang=en]").wait_for()


def test_a_telephone_chooses_in_the_drawer_by_keyboard(small_shop: list[Any], open_page: Callable[..., Page]) -> None:
    page = open_page("/about/", viewport=PHONE)
    page.locator(".bar .menu > summary").focus()
    page.keyboard.press("Enter")
    choice = page.locator(".bar .menu-foot").get_by_role("button", name="简体中文")
    choice.focus()
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="这家店如何运作").wait_for()
    assert violations(page) == []
