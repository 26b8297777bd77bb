"""One's data in a real browser: the question, the switches, erasing, taking along, deletion."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from shop.accounts.models import Shopper, User
from shop.accounts.services import account_create
from shop.actions.clicks import buffer
from shop.actions.models import Action, Favourite
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_accessibility import SHIFT, SMALL_TARGETS, violations
from tests.browser.test_accounts import PASSWORD, sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DATA = "/account/data/"
PAGES = ("/account/privacy/", DATA, f"{DATA}?kind=purchase", f"{DATA}erase/", f"{DATA}delete/")


def panels_of(page: Page) -> list[str]:
    return [panel.get_attribute("data-panel") or "" for panel in page.locator("[data-panel]").all()]


def look_at(page: Page, *ids: str) -> None:
    """Look at items, and have the clicks written at once."""
    for item_id in ids:
        page.goto(f"/items/{item_id}/")
    buffer.flush()


def test_in_a_shop_that_asks_nothing_is_recorded_before_the_yes(
    small_shop: Any, open_page: Callable[..., Page], settings: Any
) -> None:
    settings.CONSENT = "ask"
    page = open_page("/items/thing-3/")
    expect(page.get_by_text("May this shop remember")).to_be_visible()
    page.locator(".facts .heart").click()
    page.get_by_text("is in your favourites").wait_for()
    buffer.flush()
    assert not Action.objects.exists()
    assert Favourite.objects.count() == 1
    page.get_by_role("button", name="Yes, you may").click()
    page.get_by_text("You can change your mind at any time under Privacy.").wait_for()
    expect(page).to_have_url(re.compile(r"/items/thing-3/poptorp-vase-3/$"))
    expect(page.get_by_text("May this shop remember")).to_have_count(0)
    look_at(page, "thing-5")
    assert set(Action.objects.values_list("item__item_id", flat=True)) == {"thing-3", "thing-5"}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_no_is_kept_and_can_be_changed(small_shop: Any, open_page: Callable[..., Page], *, scripts: bool) -> None:
    page = open_page("/", java_script_enabled=scripts)
    expect(page.get_by_text("This shop remembers what you look at")).to_be_visible()
    page.get_by_role("button", name="Do not record me").click()
    page.get_by_text("Nothing you do is recorded from now on.").wait_for()
    look_at(page, "thing-3", "thing-5")
    assert not Action.objects.exists()
    assert "recently_viewed" not in panels_of(page)
    page.locator("footer").get_by_role("link", name="Privacy").click()
    expect(page.get_by_text("You said no: nothing you do is recorded.")).to_be_visible()
    page.get_by_role("button", name="Yes, record it").click()
    page.get_by_text("You agreed:").wait_for()
    look_at(page, "thing-3")
    assert Action.objects.count() == 1


def test_the_signal_of_a_browser_is_kept_to(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/items/thing-3/", extra_http_headers={"Sec-GPC": "1"})
    expect(page.locator(".asking")).to_have_count(0)
    page.locator(".facts .heart").click()
    page.get_by_text("is in your favourites").wait_for()
    look_at(page, "thing-5")
    assert not Action.objects.exists()
    assert "recently_viewed" not in panels_of(page)
    page.goto("/account/privacy/")
    expect(page.get_by_role("heading", name="Your browser sends Global Privacy Control")).to_be_visible()
    assert violations(page) == []


def test_erasing_single_actions_keeps_the_place_on_the_page(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    look_at(page, "thing-3", "thing-5", "thing-7")
    page.goto("/items/thing-9/")
    viewed = page.locator('[data-panel="recently_viewed"] [data-item="thing-5"]')
    expect(viewed).to_have_count(1)
    buffer.flush()
    page.goto(DATA)
    button = page.get_by_role("button", name="Erase: Lunvik Vase 5")
    button.focus()
    page.keyboard.press("Enter")
    page.locator(".erased").wait_for()
    assert page.evaluate("document.activeElement.className") == "record erased"
    assert violations(page) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent.trim()") != "Skip to the content"
    assert not Action.objects.filter(item__item_id="thing-5").exists()
    page.goto("/items/thing-9/")
    expect(viewed).to_have_count(0)


def test_everything_by_hand_without_javascript(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/", java_script_enabled=False, viewport=PHONE)
    look_at(page, "thing-3", "thing-5")
    page.goto(DATA)
    page.get_by_role("button", name="Erase: Lunvik Vase 5").click()
    expect(page.get_by_text("That is erased.")).to_be_visible()
    page.get_by_role("link", name="Erase all actions").click()
    expect(page.get_by_text("1 recorded action goes, for good.")).to_be_visible()
    page.get_by_role("button", name="Erase all").click()
    expect(page.get_by_text("The shop has recorded nothing that you did.")).to_be_visible()
    page.get_by_role("link", name="Be forgotten").click()
    page.get_by_role("button", name="Forget me").click()
    expect(page.get_by_text("You are forgotten here.")).to_be_visible()
    assert not Shopper.objects.exists()


def test_personalisation_off_and_shelves_are_everybodys(small_shop: Any, open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    look_at(page, "thing-5", "thing-7", "thing-3")
    page.locator(".facts .heart").click()
    page.get_by_text("is in your favourites").wait_for()
    page.goto("/")
    assert {"pick_up", "recently_viewed"} <= set(panels_of(page))
    page.goto("/account/privacy/")
    page.get_by_role("button", name="Switch it off").click()
    page.get_by_text("Shelves are the same for you as for everybody now.").wait_for()
    page.goto("/")
    own = panels_of(page)
    assert "pick_up" not in own
    assert "recently_viewed" not in own
    page.goto("/account/privacy/")
    page.get_by_role("button", name="Switch it on").click()
    page.get_by_text("Shelves are arranged for you again.").wait_for()
    page.goto("/")
    assert "pick_up" in panels_of(page)


def test_taking_everything_along_and_deleting_the_account(
    small_shop: Any, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    account_create(email="ada@example.com", password=PASSWORD)
    page = open_page("/")
    look_at(page, "thing-3")
    sign_in(page, "ada@example.com", PASSWORD)
    page.goto("/items/thing-5/")
    page.locator(".facts .heart").click()
    page.get_by_text("is in your favourites").wait_for()
    buffer.flush()
    page.goto(DATA)
    with page.expect_download() as download:
        page.get_by_role("link", name="Take everything along (JSON)").click()
    file = tmp_path / "data.json"
    download.value.save_as(file)
    told = json.loads(file.read_text(encoding="utf-8"))
    assert download.value.suggested_filename.startswith("vitrine-")
    assert {(one["item"], one["action"]) for one in told["actions"]} == {
        ("thing-3", "click"), ("thing-5", "click"), ("thing-5", "favourite"),
    }  # fmt: skip
    assert told["account"][0]["email"] == "ada@example.com"

    page.get_by_role("link", name="Delete the account").click()
    page.get_by_label("Your password").fill("not this one")
    page.get_by_role("button", name="Delete the account").click()
    page.get_by_text("This is not the password of your account.").wait_for()
    assert violations(page) == []
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Delete the account").click()
    page.get_by_text("You are forgotten here.").wait_for()
    expect(page.locator("#favourite-count")).to_be_hidden()
    expect(page.locator(".tools").get_by_role("link", name="Sign in")).to_be_visible()
    assert not User.objects.exists()
    assert not Shopper.objects.exists()
    assert not Action.objects.exists()
    page.goto("/")
    assert "pick_up" not in panels_of(page)
    assert "recently_viewed" not in panels_of(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(small_shop: Any, open_page: Callable[..., Page], settings: Any, scheme: str) -> None:
    page = open_page("/", color_scheme=scheme)
    rules: dict[str, Any] = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    found = violations(page, **rules)  # with the notice
    settings.CONSENT = "ask"
    page.goto(DATA)  # empty, with the question
    found += violations(page, **rules)
    settings.CONSENT = "assumed"
    look_at(page, "thing-3", "thing-5")
    for path in PAGES:
        page.goto(path)
        found += violations(page, **rules)
    assert found == []


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 640}, DESK])
def test_nothing_overflows_moves_or_is_too_small(
    small_shop: Any, open_page: Callable[..., Page], viewport: dict[str, int]
) -> None:
    page = open_page("/", viewport=viewport)
    look_at(page, "thing-3")
    for path in ("/", *PAGES):
        page.goto(path)
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], f"{path} is {width[0]} px wide"
        assert page.evaluate(SMALL_TARGETS) == [], path
        assert page.evaluate(SHIFT) < 0.01, path
