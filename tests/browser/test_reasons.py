"""Why this? and "not for me" in a real browser: by mouse and keyboard, undone, and without JavaScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from recommender.models import Dismissal
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import SHIFT, SMALL_TARGETS, violations
from tests.browser.test_journeys import cards_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BAR = "bar => [...bar.querySelectorAll('rect')].map((part) => part.getBoundingClientRect().width)"


def reason_of(page: Page, panel: str, place: int = 0) -> Locator:
    """The button that opens the reason of one card."""
    return page.locator(f'[data-panel="{panel}"] .card:visible').nth(place).locator(".reason-open")


def opened(page: Page) -> Locator:
    """The reason that is open."""
    return page.locator(".why:popover-open")


@pytest.fixture
def known(small_shop: Any, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """The window, for somebody who saved thing 3."""

    def show(**options: Any) -> Page:
        page = open_page("/items/thing-3/", **options)
        page.locator(".facts .heart").click()
        page.wait_for_load_state()
        if options.get("java_script_enabled", True):
            page.get_by_text("is in your favourites").wait_for()
        page.goto("/")
        return page

    return show


def test_a_reason_opens_beside_its_card_and_adds_up(known: Callable[..., Page]) -> None:
    page = known()
    button = reason_of(page, "for_you")
    button.click()
    why = opened(page)
    expect(why.get_by_text("Because you saved Poptorp Vase 3")).to_be_visible()
    shares = [int(text.rstrip("%")) for text in why.locator(".why-shares .figures").all_inner_texts()]
    assert sum(shares) == 100
    widths = why.locator(".why-bar").evaluate(BAR)
    assert [round(100 * width / sum(widths)) for width in widths] == shares
    assert why.locator(".why-causes a").inner_text().split("\n") == ["Poptorp Vase 3", "You saved this"]
    box, card = why.bounding_box(), button.bounding_box()
    assert box
    assert card
    assert abs(box["x"] - card["x"]) < 320
    page.mouse.click(5, 5)
    expect(opened(page)).to_have_count(0)


def test_by_keyboard_it_opens_reads_out_and_gives_the_focus_back(known: Callable[..., Page]) -> None:
    page = known()
    button = reason_of(page, "for_you")
    assert button.evaluate("button => button.textContent.trim()").endswith("Why this?")
    button.focus()
    page.keyboard.press("Enter")
    why = opened(page)
    expect(why).to_have_attribute("role", "dialog")
    expect(why).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("aria-label", "Close")
    page.keyboard.press("Tab")
    assert "Poptorp Vase 3" in page.locator(":focus").inner_text()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Not for me", use_inner_text=True)
    page.keyboard.press("Escape")
    expect(opened(page)).to_have_count(0)
    expect(button).to_be_focused()


def test_what_is_not_for_me_goes_at_once_and_can_be_had_back(known: Callable[..., Page]) -> None:
    page = known()
    first, second = cards_of(page, "for_you")[:2]
    reason_of(page, "for_you").click()
    opened(page).get_by_role("button", name="Not for me").click()
    place = page.locator(".dismissed")
    place.wait_for()
    shelf = page.locator('[data-panel="for_you"]')
    expect(shelf.locator(f'.card[data-item="{first}"]')).to_be_hidden()
    expect(opened(page)).to_have_count(0)
    expect(page.locator(".card:focus-within")).to_have_attribute("data-item", second)
    expect(page.locator("#said-for_you")).to_have_text(re.compile("is not shown to you again.$"))
    assert page.evaluate(SMALL_TARGETS) == []
    assert violations(page) == []
    place.get_by_role("button", name="Undo").click()
    place.wait_for(state="detached")
    expect(shelf.locator(f'.card[data-item="{first}"]')).to_be_visible()
    expect(page.locator(".card:focus-within")).to_have_attribute("data-item", first)
    assert Dismissal.objects.count() == 0


def test_what_is_not_for_me_stays_away_until_it_is_taken_back(known: Callable[..., Page]) -> None:
    page = known()
    first, second = cards_of(page, "for_you")[:2]
    for _each in range(2):
        reason_of(page, "for_you").click()
        opened(page).get_by_role("button", name="Not for me").click()
        page.locator(".dismissed").nth(_each).wait_for()
    page.reload()
    assert {first, second}.isdisjoint(cards_of(page, "for_you") + cards_of(page, "trending"))
    page.goto("/recommendations/not-for-me/")
    assert violations(page) == []
    page.get_by_role("button", name="Show again").first.click()
    page.get_by_text("may be shown to you again").wait_for()
    page.get_by_role("button", name="Show again").click()
    expect(page.get_by_text("What is not for you stands here")).to_be_visible()
    page.goto("/")
    assert cards_of(page, "for_you")[:2] == [first, second]


def test_the_last_card_of_a_row_gives_the_focus_to_its_own_place(known: Callable[..., Page]) -> None:
    page = known()
    last = len(cards_of(page, "for_you")) - 1
    button = reason_of(page, "for_you", last)
    button.focus()
    page.keyboard.press("Enter")
    opened(page).get_by_role("button", name="Not for me").press("Enter")
    page.locator(".dismissed").wait_for()
    expect(page.locator(":focus")).to_have_text("Undo", use_inner_text=True)
    page.keyboard.press("Enter")
    page.locator(".dismissed").wait_for(state="detached")
    expect(page.locator(".card:focus-within")).to_have_count(1)


def test_without_javascript_a_reason_opens_and_what_is_not_for_me_goes(known: Callable[..., Page]) -> None:
    page = known(java_script_enabled=False, viewport=PHONE)
    first = page.locator('[data-panel="for_you"] .card').first.get_attribute("data-item")
    reason_of(page, "for_you").click()
    page.locator("#why-for_you-0").get_by_role("button", name="Not for me").click()
    expect(page.get_by_role("status").get_by_text("is not shown to you again")).to_be_visible()
    expect(page.locator(f'[data-panel="for_you"] [data-item="{first}"]')).to_have_count(0)
    page.get_by_role("link", name="All that is not for you").click()
    page.get_by_role("button", name="Show again").click()
    expect(page.get_by_text("What is not for you stands here")).to_be_visible()


def test_who_is_not_to_be_known_gets_reasons_but_is_asked_for_none(
    small_shop: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page("/items/thing-3/", extra_http_headers={"Sec-GPC": "1"})
    reason_of(page, "similar").click()
    expect(opened(page).get_by_text("Starting from")).to_be_visible()
    expect(opened(page).get_by_role("button", name="Not for me")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK, {"width": 320, "height": 640}])
def test_axe_finds_nothing_in_an_open_reason(known: Callable[..., Page], scheme: str, viewport: dict[str, int]) -> None:
    page = known(color_scheme=scheme, viewport=viewport)
    page.wait_for_load_state("load")
    assert page.evaluate(SHIFT) < 0.01
    reason_of(page, "for_you").click()
    box = opened(page).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= viewport["width"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= viewport["height"]
    assert page.evaluate(SMALL_TARGETS) == []
    assert violations(page) == []
    opened(page).get_by_role("button", name="Not for me").click()
    page.locator(".dismissed").wait_for()
    for _state in ("something", "nothing"):
        page.goto("/recommendations/not-for-me/")
        assert page.evaluate(SMALL_TARGETS) == []
        assert violations(page) == []
        page.request.post(
            "/recommendations/not-for-me/remove/",
            form={
                "item_id": Dismissal.objects.values_list("item__item_id", flat=True).first() or "thing-1",
                "csrfmiddlewaretoken": page.locator("[name=csrfmiddlewaretoken]").first.input_value(),
            },
            headers={"Referer": page.url},
        )
