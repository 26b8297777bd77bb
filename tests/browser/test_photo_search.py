"""Search by photo in a real browser: with and without JavaScript, refused and found, by keyboard and screen reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import SHIFT, SMALL_TARGETS, violations
from tests.browser.test_journeys import cards_of
from tests.recommender.photo_model import photo, serve_colours

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import FilePayload, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COLOURS = ("#bd684e", "#dccdb4", "#6e7a52", "#323848", "#8cb2c8", "#70425c")
BLUE: FilePayload = {"name": "mine.jpg", "mimeType": "image/jpeg", "buffer": photo("#8cb2c8", (900, 600))}
TEXT: FilePayload = {"name": "mine.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"}
SMALL: FilePayload = {"name": "small.png", "mimeType": "image/png", "buffer": photo("#8cb2c8", (16, 16), "PNG")}
BLUE_THINGS = {f"thing-{number}" for number in range(4, 24, 6)}


@pytest.fixture
def seeing_shop(small_shop: list[Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The small shop with a model that sees colours."""
    colours = {item.item_id: COLOURS[place % 6] for place, item in enumerate(small_shop)}
    serve_colours(monkeypatch, colours, trending=["thing-2", "thing-3"])
    return small_shop


def test_a_photo_is_found_as_soon_as_it_is_chosen(seeing_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.get_by_role("link", name="Search by photo").click()
    assert cards_of(page, "trending")
    page.get_by_label("Choose a photo, or drop it here").set_input_files(BLUE)
    page.get_by_role("heading", name="What comes closest").wait_for()
    assert set(cards_of(page, "photo")[:4]) == BLUE_THINGS
    assert cards_of(page, "trending") == []
    expect(page.locator(":focus")).to_have_text("What comes closest", use_inner_text=True)
    preview = page.get_by_alt_text("Your photo")
    expect(preview).to_be_visible()
    assert preview.evaluate("image => [image.src.slice(0, 5), image.naturalWidth]") == ["blob:", 900]
    assert violations(page) == []
    page.locator('[data-panel="photo"] .heart').first.click()
    page.get_by_text("is in your favourites").wait_for()
    page.locator('[data-panel="photo"] .card-name a').first.click()
    expect(page).to_have_url(re.compile("from=photo"))


SEND = """
(target, [type, bytes]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], "mine.jpg", { type: "image/jpeg" }));
  const event = type === "paste"
    ? new ClipboardEvent(type, { clipboardData: transfer, bubbles: true, cancelable: true })
    : new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true });
  return !target.dispatchEvent(event);
}
"""


def send(page: Page, target: str, kind: str) -> bool:
    """Paste or drop a photo of something blue, or hold it over; whether the page took it instead of the browser."""
    took: bool = page.locator(target).evaluate(SEND, [kind, list(BLUE["buffer"])])
    return took


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_photo_pasted_or_dropped_into_the_search_of_any_page_is_searched_by(
    seeing_shop: Any, open_page: Callable[..., Page], kind: str
) -> None:
    page = open_page("/items/thing-1/")
    if kind == "drop":
        assert send(page, "#search-words", "dragover")
        expect(page.locator(".search.takes-photo")).to_have_count(1)
    assert send(page, "#search-words", kind)
    page.get_by_role("heading", name="What comes closest").wait_for()
    expect(page).to_have_url(re.compile(r"/search/photo/$"))
    assert set(cards_of(page, "photo")[:4]) == BLUE_THINGS
    expect(page.get_by_alt_text("Your photo")).to_be_visible()
    # It waited for this page alone: another look at it asks for a photo again.
    page.reload()
    assert cards_of(page, "trending")
    expect(page.get_by_alt_text("Your photo")).to_be_hidden()


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_on_its_own_page_a_photo_can_be_pasted_or_dropped_anywhere(
    seeing_shop: Any, open_page: Callable[..., Page], kind: str
) -> None:
    page = open_page("/search/photo/")
    assert send(page, "h1", kind)
    page.get_by_role("heading", name="What comes closest").wait_for()
    assert set(cards_of(page, "photo")[:4]) == BLUE_THINGS
    expect(page.get_by_alt_text("Your photo")).to_be_visible()


def test_words_are_pasted_into_the_search_as_ever(seeing_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    took = page.locator("#search-words").evaluate(
        """(target) => {
          const transfer = new DataTransfer();
          transfer.setData("text/plain", "mug");
          return !target.dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
        }"""
    )
    assert not took
    expect(page).to_have_url(re.compile(r"/$"))


def test_a_telephone_offers_its_camera_and_a_desk_does_not(seeing_shop: Any, open_page: Callable[..., Page]) -> None:
    expect(open_page("/search/photo/").get_by_text("Take a photo")).to_be_hidden()
    page = open_page("/search/photo/", viewport=PHONE, has_touch=True, is_mobile=True)
    expect(page.get_by_text("Take a photo")).to_be_visible()
    page.get_by_label("Take a photo").set_input_files(BLUE)
    page.get_by_role("heading", name="What comes closest").wait_for()
    assert set(cards_of(page, "photo")[:4]) == BLUE_THINGS
    expect(page.get_by_alt_text("Your photo")).to_be_visible()
    assert violations(page) == []


def test_what_is_no_photo_is_told_in_place_and_another_one_does(
    seeing_shop: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page("/search/photo/")
    field = page.get_by_label("Choose a photo, or drop it here")
    field.set_input_files(TEXT)
    page.get_by_role("alert").get_by_text("This photo cannot be used: it is not a picture.").wait_for()
    expect(page.get_by_text("That did not get through")).to_have_count(0)
    expect(page.get_by_alt_text("Your photo")).to_be_hidden()
    assert violations(page) == []
    field.set_input_files(BLUE)
    page.get_by_role("heading", name="What comes closest").wait_for()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_photo_that_is_too_large_is_not_even_sent(
    seeing_shop: Any, open_page: Callable[..., Page], settings: Any
) -> None:
    settings.PICTURE_MAX_BYTES = 500
    page = open_page("/search/photo/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    field = page.get_by_label("Choose a photo, or drop it here")
    field.set_input_files(BLUE)
    assert "too large" in field.evaluate("field => field.validationMessage")
    assert "POST" not in sent
    field.set_input_files(SMALL)
    page.get_by_role("heading", name="What comes closest").wait_for()


def test_it_works_without_javascript(seeing_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/", java_script_enabled=False, viewport=PHONE)
    page.get_by_role("link", name="Search by photo").click()
    page.get_by_label("Choose a photo, or drop it here").set_input_files(BLUE)
    page.get_by_role("button", name="Find what comes closest").click()
    expect(page.get_by_role("heading", name="What comes closest")).to_be_visible()
    assert set(cards_of(page, "photo")[:4]) == BLUE_THINGS
    page.get_by_label("Choose a photo, or drop it here").set_input_files(TEXT)
    page.get_by_role("button", name="Find what comes closest").click()
    expect(page.get_by_role("alert").get_by_text("it is not a picture")).to_be_visible()


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 640}, {"width": 768, "height": 1024}, DESK])
def test_it_fits_every_width(seeing_shop: Any, open_page: Callable[..., Page], viewport: dict[str, int]) -> None:
    page = open_page("/search/photo/", viewport=viewport)
    page.wait_for_load_state("load")
    assert page.evaluate(SHIFT) < 0.01
    for _state in ("asking", "found"):
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1]
        assert page.evaluate(SMALL_TARGETS) == []
        page.locator("#photo").set_input_files(BLUE)
        page.get_by_role("heading", name="What comes closest").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(seeing_shop: Any, open_page: Callable[..., Page], scheme: str) -> None:
    page = open_page("/search/photo/", color_scheme=scheme, viewport=PHONE)
    assert violations(page) == []


def test_a_shop_that_cannot_see_says_so(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/search/photo/")
    expect(page.get_by_text("has not learned to look at photos yet")).to_be_visible()
    expect(page.get_by_role("link", name="Search by photo")).to_have_count(0)
    expect(page.locator("input[type=file]")).to_have_count(0)
    assert violations(page) == []
