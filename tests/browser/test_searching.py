"""Searching as shoppers do it: with slips, by keyboard, in Chinese, and without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import SHIFT, violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACTIVE = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant') ?? '')?.innerText ?? ''"


def field(page: Page) -> Locator:
    return page.locator("#search-words")


def options(page: Page) -> Locator:
    return page.locator("#search-suggestions").get_by_role("option")


def type_and_wait(page: Page, words: str) -> None:
    field(page).press_sequentially(words)
    options(page).first.wait_for()


def test_a_slip_is_forgiven(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    field(page).fill("poptrop vase")
    field(page).press("Enter")
    page.get_by_role("heading", name="“poptorp vase”").wait_for()
    expect(page.locator(".grid .card mark")).to_have_count(4)  # both words of both vases
    page.get_by_role("link", name="Search instead for poptrop vase").click()
    page.get_by_role("heading", name="Nothing for “poptrop vase”").wait_for()
    assert page.locator("[data-panel] .card").count() > 0


def test_suggestions_by_keyboard(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    field(page).focus()
    type_and_wait(page, "lunvik mu")
    page.locator("#search-suggestions-status", has_text="2 suggestions").wait_for(state="attached")
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    assert page.evaluate(ACTIVE) == ""

    page.keyboard.press("ArrowDown")
    first = page.evaluate(ACTIVE)
    assert first.startswith("Lunvik Mug")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(ACTIVE) == ""
    page.keyboard.press("ArrowUp")
    assert page.evaluate(ACTIVE) == "Everything for “lunvik mu”"
    assert violations(page) == []

    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    assert (field(page).input_value(), field(page).get_attribute("aria-expanded")) == ("lunvik mu", "false")
    expect(page.locator("#search-words")).to_be_focused()
    page.keyboard.press("ArrowDown")
    options(page).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/items/thing-*/**")
    assert parse_qs(urlsplit(page.url).query) == {"from": ["search"], "at": ["0"]}


def test_enter_without_a_choice_searches_for_what_was_typed(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    type_and_wait(page, "vase")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="“vase”").wait_for()
    expect(page.get_by_text("12 things", exact=True)).to_be_visible()
    expect(options(page)).to_have_count(0)


def test_leaving_the_field_closes_the_list(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    type_and_wait(page, "vase")
    page.keyboard.press("Tab")
    expect(options(page)).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('[role=search]') !== null")


def test_a_stale_answer_is_dropped(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        words = parse_qs(urlsplit(route.request.url).query)["q"][0]
        if words == "mug":
            held.append(route)
        else:
            route.continue_()

    page.route("**/search/suggest/**", hold)
    with page.expect_request("**/search/suggest/?q=mug"):
        field(page).press_sequentially("mug")
    field(page).fill("vase")
    options(page).first.wait_for()
    shown = options(page).all_inner_texts()
    assert "Vase" in shown[0]
    (late,) = held
    late.fulfill(status=200, content_type="text/html", body='<a role="option" id="late">Late</a>')
    page.wait_for_timeout(200)
    assert options(page).all_inner_texts() == shown


def test_a_failed_answer_is_quiet(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.route("**/search/suggest/**", lambda route: route.fulfill(status=204))
    with page.expect_response("**/search/suggest/?q=mug"):
        field(page).press_sequentially("mug")
    expect(options(page)).to_have_count(0)
    expect(page.locator("#messages")).to_have_text("", use_inner_text=True)
    field(page).press("Enter")
    page.get_by_role("heading", name="“mug”").wait_for()


def test_chinese(small_shop: Any, open_page: Callable[..., Page]) -> None:
    small_shop[4].translations = {"zh-hans": {"title": "伦维克天蓝色马克杯", "description": "手工拉坯。"}}
    small_shop[4].save()
    page = open_page("/", locale="zh-CN")
    field(page).fill("蓝色")
    options(page).first.wait_for()
    expect(options(page).first.locator("mark")).to_have_text("蓝色", use_inner_text=True)
    field(page).press("Enter")
    page.wait_for_url("**/search/**")
    assert page.locator(".grid .card-name").all_inner_texts() == ["伦维克天蓝色马克杯"]


def test_without_javascript(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/", java_script_enabled=False)
    expect(page.get_by_role("combobox")).to_have_count(0)
    field(page).fill("poptorp mug")
    field(page).press("Enter")
    page.get_by_role("heading", name="“poptorp mug”").wait_for()
    expect(page.locator(".grid .card")).to_have_count(2)
    page.locator(".grid .card-name a").first.click()
    page.wait_for_url("**/items/thing-*/**")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(small_shop: Any, open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page("/search/?q=poptrop+vase", color_scheme=scheme, viewport=PHONE)
    found = violations(page)
    for path in ("/search/", "/search/?q=xyzzyx", "/search/?q=vase+xyzzyx", "/search/?q=holds"):
        page.goto(path)
        found += violations(page)
    page.goto("/")
    type_and_wait(page, "vas")
    page.keyboard.press("ArrowDown")
    found += violations(page)
    assert found == []


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
def test_suggestions_fit_and_move_nothing(small_shop: Any, open_page: Callable[..., Page], width: int) -> None:
    page = open_page("/", viewport={"width": width, "height": 800})
    type_and_wait(page, "vas")
    sizes = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert sizes[0] <= sizes[1]
    heights = options(page).evaluate_all("options => options.map((option) => option.offsetHeight)")
    assert min(heights) >= 44
    assert page.evaluate(SHIFT) < 0.01
