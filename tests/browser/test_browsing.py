"""Narrowing a list down, sorting it, paging through it, and coming back: with JavaScript, without, by keyboard."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import SHIFT, SMALL_TARGETS, violations
from tests.factories import CategoryFactory, ItemFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COLOURS = ("clay", "moss", "ink", "oat")
SMALLEST = {"width": 320, "height": 640}


@pytest.fixture
def cupboard(live_server: Any) -> None:
    """Sixty cups in two rooms: four colours, three makers, eleven materials, every tenth sold out."""
    cupboard = CategoryFactory.create(name="Cupboard")
    rooms = [CategoryFactory.create(name=name, parent=cupboard) for name in ("Cups", "Bowls")]
    for number in range(60):
        ItemFactory.create(
            title=f"Cup {number}",
            category=rooms[number % 2],
            price=Decimal(10 + number),
            stock=0 if number % 10 == 0 else 3,
            colour=COLOURS[number % 4],
            brand=("Nord", "Sund", "Halm")[number % 3],
            attributes={"Material": f"Clay no {number % 11}"},
        )


def names(page: Page) -> list[str]:
    return page.locator("#listing-results .card-name").all_inner_texts()


def settled(page: Page, things: str) -> None:
    page.locator("#listing-bar p", has_text=re.compile(f"^{things} things?$")).wait_for()
    page.locator(".htmx-request, .htmx-settling, [aria-busy=true]").first.wait_for(state="detached")


def place(page: Page) -> str:
    return page.url.split("/categories/cupboard/")[1]


def test_filter_sort_page_look_and_come_back(cupboard: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/categories/cupboard/")
    page.evaluate("window.stays = true")
    page.get_by_label("Clay", exact=False).first.check()
    settled(page, "15")
    page.get_by_label("Moss").check()
    settled(page, "30")
    assert place(page) == "?colour=clay&colour=moss"
    expect(page.get_by_label("Moss")).to_be_focused()
    expect(page.locator("#listing-status")).to_have_text("30 things, page 1 of 2.", use_inner_text=True)

    page.locator("summary", has_text="Sort").click()
    page.get_by_role("link", name="Price, high to low").click()
    page.wait_for_url(re.compile("sort=-price"))
    settled(page, "30")
    assert names(page)[:2] == ["Cup 57", "Cup 56"]
    expect(page.locator("#sort")).to_be_focused()

    page.get_by_role("link", name="Next page").click()
    page.wait_for_url(re.compile("page=2"))
    settled(page, "30")
    second = names(page)
    assert len(second) == 6
    expect(page.locator("#listing-heading")).to_be_focused()
    assert page.evaluate("window.stays")
    place_before = page.url

    page.locator(".card-name a").last.scroll_into_view_if_needed()
    page.locator(".card-name a").last.click()
    page.wait_for_url(re.compile("/items/"))
    page.go_back()
    expect(page).to_have_url(place_before)
    assert names(page) == second
    expect(page.get_by_label("Moss")).to_be_checked()

    page.go_back()
    page.wait_for_url(re.compile(r"sort=-price$"))
    page.locator(".card-name", has_text="Cup 57").wait_for()
    page.go_back()
    page.wait_for_url(re.compile("moss$"))
    page.go_back()
    page.wait_for_url(re.compile(r"\?colour=clay$"))
    page.locator("#listing-bar p", has_text="15 things").wait_for()
    expect(page.locator("input:checked")).to_have_count(1)
    expect(page.get_by_role("banner")).to_have_count(1)
    page.go_back()
    page.locator("#listing-bar p", has_text="60 things").wait_for()
    expect(page.locator("input:checked")).to_have_count(0)
    page.go_forward()
    page.locator("#listing-bar p", has_text="15 things").wait_for()
    expect(page.locator(".chip.chosen")).to_have_count(1)
    # What came back is alive.
    page.get_by_label("Moss").check()
    settled(page, "30")


def test_back_returns_to_where_one_was(cupboard: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/categories/cupboard/")
    page.get_by_label("In stock").check()
    settled(page, "54")
    page.locator(".card").nth(15).scroll_into_view_if_needed()
    page.get_by_label("Halm").evaluate("element => element.click()")
    settled(page, "18")
    page.evaluate("scrollTo(0, 900)")
    page.wait_for_timeout(200)
    page.locator("#clear-all").evaluate("element => element.click()")
    settled(page, "60")
    page.go_back()
    page.locator("#listing-bar p", has_text="18 things").wait_for()
    assert abs(page.evaluate("scrollY") - 900) < 5


def test_back_twice_before_the_first_is_answered(cupboard: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/categories/cupboard/")
    page.get_by_label("Ink").check()
    settled(page, "15")
    page.get_by_label("Moss").check()
    settled(page, "30")
    late: list[Route] = []

    def hold(route: Route) -> None:
        late.append(route)

    page.route("**/categories/cupboard/?colour=ink", hold)
    page.go_back()
    page.wait_for_url(re.compile("colour=ink$"))
    page.go_back()
    page.locator("#listing-bar p", has_text="60 things").wait_for()
    for route in late:
        route.continue_()
    page.wait_for_timeout(500)
    expect(page.locator("#listing-bar p")).to_have_text("60 things", use_inner_text=True)


def test_prices_chips_and_an_empty_list(cupboard: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/categories/cupboard/?brand=Nord")
    page.get_by_label("From").fill("65")
    page.get_by_label("To", exact=True).fill("66,5")
    page.get_by_label("To", exact=True).press("Enter")
    page.get_by_text("Nothing matches all of these.").first.wait_for()
    assert place(page) == "?price_from=65&price_to=66%2C5&brand=Nord"
    found = violations(page)
    page.get_by_role("link", name="At any price there are 20 things").click()
    settled(page, "20")
    assert place(page) == "?brand=Nord"
    page.get_by_role("link", name="Take away: Brand: Nord").click()
    settled(page, "60")
    assert place(page) == ""
    expect(page.locator("#listing-heading")).to_be_focused()
    assert found == []


def test_open_groups_stay_open(cupboard: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/categories/cupboard/")
    brand = page.locator("details.facet", has_text="Brand")
    brand.locator("> summary").click()
    page.locator(".facet-more > summary").click()
    page.get_by_label("Clay no 9").check()
    settled(page, "5")
    expect(page.get_by_label("Nord")).to_be_hidden()
    expect(page.get_by_label("Clay no 10")).to_be_visible()
    expect(page.get_by_label("Clay no 9")).to_be_focused()


def test_only_the_last_answer_counts(cupboard: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/categories/cupboard/")
    page.route("**/*colour=clay", lambda _route: None)  # an answer that takes for ever
    page.get_by_label("Clay", exact=False).first.check()
    page.get_by_label("Clay", exact=False).first.uncheck()
    settled(page, "60")
    page.get_by_label("Ink").check()
    settled(page, "15")
    assert place(page) == "?colour=ink"


def test_the_drawer_on_a_phone(cupboard: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/categories/cupboard/", viewport=PHONE)
    expect(page.get_by_label("Moss")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    page.get_by_label("Moss").check()
    settled(page, "15")
    expect(page.get_by_label("Moss")).to_be_visible()
    found = violations(page)
    targets = page.evaluate(SMALL_TARGETS)
    page.get_by_role("button", name="Show 15 things").click()
    expect(page.get_by_label("Moss")).to_be_hidden()
    expect(page.get_by_role("button", name="Filters 1 chosen")).to_be_visible()
    page.get_by_role("button", name="Filters").click()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Moss")).to_be_hidden()
    expect(page.locator("#filters-open")).to_be_focused()
    assert found == []
    assert targets == []


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}])
def test_without_javascript(cupboard: None, open_page: Callable[..., Page], viewport: dict[str, int]) -> None:
    page = open_page("/categories/cupboard/?sort=price", java_script_enabled=False, viewport=viewport)
    if viewport is PHONE:
        page.get_by_role("button", name="Filters").click()
    page.get_by_label("Clay", exact=False).first.check()
    page.get_by_label("Oat").check()
    page.get_by_label("In stock").check()
    page.get_by_label("From").fill("20")
    page.locator("#filters-done").click()
    assert place(page) == "?sort=price&in_stock=1&price_from=20&colour=clay&colour=oat"
    assert names(page)[:3] == ["Cup 11", "Cup 12", "Cup 15"]
    page.locator("summary", has_text="Sort").click()
    page.get_by_role("link", name="Newest").click()
    assert names(page)[0] == "Cup 59"
    page.get_by_role("link", name="Take away: From €20.00").click()
    page.get_by_role("link", name="Next page").click()
    assert place(page) == "?in_stock=1&colour=clay&colour=oat&page=2"
    page.go_back()
    assert len(names(page)) == 24
    page.get_by_role("link", name="Clear all").first.click()
    assert place(page) == ""


def test_by_keyboard(cupboard: None, open_page: Callable[..., Page]) -> None:
    page = open_page("/categories/cupboard/")
    page.get_by_label("In stock").focus()
    page.keyboard.press("Space")
    settled(page, "54")
    expect(page.locator("#only-in-stock")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText.trim()") == "Price"
    for _step in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#price-apply")).to_be_focused()
    for _step in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    settled(page, "12")
    page.locator("#sort").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("sort=price"))
    settled(page, "12")
    expect(page.locator("#sort")).to_be_focused()
    page.locator("#chip-stock").focus()
    page.keyboard.press("Enter")
    page.locator("#chip-stock").wait_for(state="detached")
    settled(page, "15")
    expect(page.locator("#listing-heading")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(cupboard: None, open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page("/categories/cupboard/", color_scheme=scheme)
    found = violations(page)
    page.get_by_label("Moss").check()
    settled(page, "15")
    page.locator("summary", has_text="Sort").click()
    found += violations(page)
    page.goto("/categories/cupboard/?colour=moss&brand=unheard-of&price_from=abc")
    found += violations(page)
    assert found == []


@pytest.mark.parametrize("viewport", [SMALLEST, PHONE, {"width": 768, "height": 1024}, {"width": 1440, "height": 900}])
def test_nothing_overflows_moves_or_is_too_small(
    cupboard: None, open_page: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page = open_page("/categories/cupboard/?colour=moss&colour=oat&brand=Nord", viewport=viewport)
    assert page.evaluate(SHIFT) < 0.01
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(SMALL_TARGETS) == []


@pytest.mark.parametrize("viewport", [PHONE, SMALLEST])
def test_the_orders_open_inside_the_page(
    cupboard: None, open_page: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page = open_page("/categories/cupboard/?sort=price", viewport=viewport)
    page.locator("#sort").click()
    sheet = page.locator(".list-bar .menu-sheet").bounding_box()
    assert sheet is not None
    assert sheet["x"] >= 0
    assert sheet["x"] + sheet["width"] <= viewport["width"]
