"""The product page in a browser: choices, pictures that open, what is bought with it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from recommender import session
from shop.cart.models import CartLine
from shop.catalogue.models import Item
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import SHIFT, SMALL_TARGETS, violations
from tests.factories import ItemFactory
from tests.recommender.tiny_bundle import TinyBundle

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THING = "/items/thing-1/"


@pytest.fixture
def sized(small_shop: list[Any]) -> Item:
    """An item in three sizes: none left of the first, four of the second, the third dearer."""
    head: Item = small_shop[1]
    for size, stock, price in (("Small", 0, 11), ("Medium", 4, 11), ("Large", 9, 14)):
        ItemFactory.create(
            item_id=f"thing-1-{size.lower()}",
            title=head.title,
            variant_of=head,
            variant_name=size,
            stock=stock,
            price=Decimal(price),
        )
    return head


def bought() -> list[tuple[str, int]]:
    return list(CartLine.objects.order_by("pk").values_list("item__item_id", "quantity"))


def choose(page: Page, name: str) -> None:
    page.locator(".variants").get_by_role("link", name=name).click()
    page.locator("#variants-label", has_text=f"Your choice: {name}").wait_for()


@pytest.mark.usefixtures("sized")
def test_a_size_is_chosen_and_bought_and_the_focus_stays(open_page: Callable[..., Page]) -> None:
    page = open_page(THING)
    facts = page.locator(".facts")
    expect(facts.locator(".price")).to_have_text("From €11.00", use_inner_text=True)
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_text(re.compile("^Please choose which Poptorp Vase 1")).wait_for()
    assert bought() == []

    medium = facts.get_by_role("link", name="Medium")
    medium.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Your choice: Medium").wait_for()
    chosen = facts.get_by_role("link", name="Medium")
    expect(chosen).to_have_attribute("aria-current", "true")
    expect(chosen).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?variant=thing-1-medium$"))
    said = " ".join(page.locator("#choice-said").inner_text().split())
    assert said == "Medium, €11.00. In stock, 4 left. Delivered in 2 to 4 days."
    expect(page.locator("#choice-said")).to_have_attribute("role", "status")

    choose(page, "Large")
    expect(facts.locator(".price")).to_have_text("€14.00", use_inner_text=True)
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_text("is in your cart").wait_for()
    assert bought() == [("thing-1-large", 1)]
    assert page.evaluate(SHIFT) < 0.01


@pytest.mark.usefixtures("sized")
def test_a_size_that_is_gone_says_so_and_cannot_be_bought(open_page: Callable[..., Page]) -> None:
    page = open_page(THING)
    choose(page, "Small")
    expect(page.locator(".stock")).to_have_text("Sold out.", use_inner_text=True)
    expect(page.get_by_role("button", name="Sold out")).to_be_disabled()
    expect(page.get_by_text("is sold out. These come close.")).to_have_count(0)
    page.reload()  # the address holds the choice
    expect(page.locator(".variant[aria-current]")).to_have_text(re.compile("^Small"), use_inner_text=True)


@pytest.mark.usefixtures("sized")
def test_without_javascript_a_size_is_chosen_and_bought(open_page: Callable[..., Page]) -> None:
    page = open_page(THING, java_script_enabled=False)
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_text("Please choose which Poptorp Vase 1 you would like.")).to_be_visible()
    page.locator(".variants").get_by_role("link", name="Medium").click()
    page.get_by_label("Quantity").fill("2")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_text("is in your cart")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?variant=thing-1-medium$"))
    assert bought() == [("thing-1-medium", 2)]


@pytest.mark.usefixtures("small_shop")
def test_pictures_open_by_keyboard_and_give_the_focus_back(open_page: Callable[..., Page]) -> None:
    page = open_page(THING)
    first, second = page.locator("[data-zoom]").all()
    first.focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="Pictures of Poptorp Vase 1")
    expect(viewer.get_by_text("Picture 1 of 2")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_text("Picture 2 of 2")).to_be_visible()
    assert (viewer.locator("img").get_attribute("src") or "").endswith(second.get_attribute("href") or "?")
    page.keyboard.press("+")
    closer = viewer.get_by_role("button", name="Closer")
    expect(closer).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowRight")  # moves about in the picture, not to the next
    expect(viewer.get_by_text("Picture 2 of 2")).to_be_visible()
    page.keyboard.press("-")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(viewer.get_by_text("Picture 2 of 2")).to_be_visible()
    page.keyboard.press("Tab")  # stays inside the dialog
    assert page.evaluate("document.activeElement.closest('.viewer') !== null")
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
    expect(second).to_be_focused()
    page.locator('.thumbs a[aria-current="true"][href="#picture-2"]').wait_for()


@pytest.mark.usefixtures("small_shop")
def test_pictures_open_by_mouse_and_the_gallery_follows_its_thumbnails(open_page: Callable[..., Page]) -> None:
    page = open_page(THING)
    before = page.url
    page.locator(".thumbs a").nth(1).click()
    page.locator('.thumbs a[aria-current="true"][href="#picture-2"]').wait_for()
    expect(page).to_have_url(before)
    page.locator("[data-zoom]").nth(1).click()
    viewer = page.get_by_role("dialog")
    viewer.get_by_role("button", name="Next picture").click()
    expect(viewer.get_by_text("Picture 1 of 2")).to_be_visible()
    viewer.locator("img").click()
    expect(viewer.get_by_role("button", name="Closer")).to_have_attribute("aria-pressed", "true")
    viewer.get_by_role("button", name="Close", exact=True).click()
    expect(viewer).to_be_hidden()


@pytest.mark.usefixtures("small_shop")
def test_without_javascript_pictures_are_links(open_page: Callable[..., Page]) -> None:
    page = open_page(THING, java_script_enabled=False)
    expect(page.locator(".viewer")).to_be_hidden()
    page.locator(".thumbs a").nth(1).click()
    expect(page).to_have_url(re.compile(r"\#picture-2$"))
    response = page.request.get(page.locator("[data-zoom]").first.get_attribute("href") or "")
    assert (response.status, response.headers["content-type"]) == (200, "image/webp")


def test_choosing_a_size_with_pictures_of_its_own_leaves_a_gallery_that_works(
    sized: Item, open_page: Callable[..., Page]
) -> None:
    from tests.pages import save_picture

    for colour in ("#003300", "#006600", "#009900"):
        save_picture(sized.variants.get(variant_name="Large"), colour=colour)
    page = open_page(THING)
    expect(page.locator("[data-zoom]")).to_have_count(2)
    choose(page, "Large")
    expect(page.locator("[data-zoom]")).to_have_count(3)
    page.locator("[data-zoom]").first.click()
    expect(page.get_by_role("dialog").get_by_text("Picture 1 of 3")).to_be_visible()


def test_if_it_is_sold_out_what_comes_close_stands_on_top(sized: Item, open_page: Callable[..., Page]) -> None:
    page = open_page(THING)
    assert top(page, '[data-panel="similar"]') > top(page, ".product")
    sized.variants.update(stock=0)
    page.reload()
    expect(page.get_by_text("is sold out. These come close.")).to_be_visible()
    assert top(page, '[data-panel="similar"]') < top(page, ".product")
    expect(page.get_by_text("All of them are sold out:")).to_be_visible()


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["y"]


@pytest.mark.parametrize("scripts", [True, False])
def test_all_that_is_bought_together_goes_into_the_cart_at_once(
    small_shop: list[Any],
    open_page: Callable[..., Page],
    scripts: bool,  # noqa: FBT001 - a case of the table
) -> None:
    ids = [item.item_id for item in small_shop]
    TinyBundle(
        items=ids,
        similar={item_id: [(other, 0.5) for other in ids if other != item_id][:12] for item_id in ids},
        bought_together={"thing-1": [("thing-2", 0.9), ("thing-4", 0.8)]},
        trending=ids,
        popularity=dict.fromkeys(ids, 1.0),
    ).publish("together")
    session.refresh()
    page = open_page(THING, java_script_enabled=scripts)
    assert top(page, '[data-panel="bought_together"]') < top(page, '[data-panel="similar"]')
    expect(page.get_by_text("Poptorp Vase 1 and 2 more: €37.00")).to_be_visible()
    # One of them goes before the button is pressed: it is told, and keeps nothing else out.
    Item.objects.filter(item_id="thing-4").update(stock=0)
    page.get_by_role("button", name="Add all to cart").click()
    expect(page.get_by_text("Not for sale at the moment: Lunvik Mug 4.").first).to_be_visible()
    assert bought() == [("thing-1", 1), ("thing-2", 1)]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(sized: Item, open_page: Callable[..., Page], colours: str) -> None:
    page = open_page(THING, color_scheme=colours)
    found = violations(page)
    page.locator("[data-zoom]").first.click()
    found += violations(page)
    page.keyboard.press("Escape")
    choose(page, "Medium")
    found += violations(page)
    choose(page, "Small")
    found += violations(page)
    sized.variants.update(stock=0)
    page.goto(THING)
    found += violations(page)
    sized.variants.update(price=None, stock=None)
    page.goto(f"{THING}?variant=thing-1-large")
    found += violations(page)
    assert found == []


@pytest.mark.usefixtures("sized")
@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 640}])
def test_on_a_phone_nothing_overflows_and_everything_can_be_pressed(
    open_page: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page = open_page(f"{THING}?variant=thing-1-medium", viewport=viewport)
    for state in ("page", "viewer"):
        if state == "viewer":
            page.locator("[data-zoom]").first.click()
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], state
        assert page.evaluate(SMALL_TARGETS) == [], state
