"""Accounts in a real browser: making one, confirming the address, a forgotten password, profile and addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from playwright.sync_api import expect

from shop.accounts.addresses import address_save
from shop.accounts.models import Address, Shopper, User
from shop.accounts.services import account_create
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import SMALL_TARGETS, violations

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long enough phrase"
ACCOUNT_PAGES = (
    "/account/",
    "/account/addresses/",
    "/account/addresses/new/",
    "/account/profile/",
    "/account/access/",
    "/account/email/",
    "/account/password/",
)
GUEST_PAGES = ("/account/password/reset/", "/account/password/reset/sent/", "/account/email/confirm/nonsense/")


def way_in(letter: Any) -> str:
    """Where the link of a letter leads, without the address of the shop."""
    found = re.search(r"http://[^/\s]+(/account/\S+)", letter.body)
    assert found is not None
    return found[1]


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.locator(".tools").get_by_role("link", name="Account").wait_for()


@pytest.fixture
def signed_in(live_server: Any, open_page: Callable[..., Page]) -> Callable[..., Page]:
    """A page of somebody with an account."""

    def come(**options: Any) -> Page:
        if not User.objects.exists():
            account_create(email="ada@example.com", password=PASSWORD)
        page = open_page("/account/sign-in/", **options)
        sign_in(page, "ada@example.com", PASSWORD)
        return page

    return come


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_signing_up_and_confirming_the_address(
    live_server: Any, open_page: Callable[..., Page], *, scripts: bool
) -> None:
    page = open_page("/account/sign-up/", java_script_enabled=scripts)
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    page.get_by_text("A letter to ada@example.com asks you to confirm it.").wait_for()
    page.goto("/account/")
    expect(page.get_by_role("heading", name="Please confirm your address")).to_be_visible()
    page.get_by_role("button", name="Send the link again").click()
    page.get_by_text("A new link is on its way").wait_for()
    assert [letter.subject for letter in mail.outbox] == ["Please confirm your address"] * 2
    page.goto(way_in(mail.outbox[1]))
    page.get_by_role("button", name="Yes, this is my address").click()
    page.get_by_text("Your address ada@example.com is confirmed.").wait_for()
    expect(page.get_by_role("heading", name="Please confirm your address")).to_have_count(0)


def test_a_forgotten_password(live_server: Any, open_page: Callable[..., Page]) -> None:
    account_create(email="ada@example.com", password="what was it again")
    page = open_page("/account/sign-in/")
    page.get_by_role("link", name="Forgot your password?").click()
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Please look into your mail").wait_for()
    page.goto(way_in(mail.outbox[0]))
    page.get_by_label("New password").fill("123")
    page.get_by_role("button", name="Use this password").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Use this password").click()
    page.get_by_text("Your password is changed.").wait_for()
    sign_in(page, "ada@example.com", PASSWORD)
    page.goto(way_in(mail.outbox[0]))
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_profile_and_addresses_by_keyboard(signed_in: Callable[..., Page]) -> None:
    page = signed_in()
    page.goto("/account/addresses/")
    page.get_by_role("link", name="Add an address").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Full name").focus()
    for words in ("Ada Person", "1 Quiet Lane", "12345", "Townsville", "Germany"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("The address is kept for your next order.").wait_for()
    address = Address.objects.get()
    assert (address.street, address.country, address.is_default) == ("1 Quiet Lane", "Germany", True)
    page.get_by_role("button", name="Remove Ada Person").focus()
    page.keyboard.press("Enter")
    page.get_by_text("No address is kept yet.").wait_for()

    page.goto("/account/profile/")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Gender").select_option("rather not say")
    page.get_by_label("Occupation").fill("programmer")
    page.get_by_label("Occupation").press("Enter")
    page.get_by_text("Your profile is saved.").wait_for()
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Good to see you, Ada", use_inner_text=True)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(signed_in: Callable[..., Page], scheme: str) -> None:
    page = signed_in(color_scheme=scheme, viewport=PHONE)
    for street in ("1 Quiet Lane", "2 Loud Road"):
        address_save(
            shopper=Shopper.objects.get(), name="Ada", street=street, postcode="1", city="Hale", country="Peru"
        )
    found: list[str] = []
    rules: dict[str, Any] = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    for path in ACCOUNT_PAGES:
        page.goto(path)
        found += violations(page, **rules)
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], f"{path} is {width[0]} px wide"
        assert page.evaluate(SMALL_TARGETS) == [], path
    for path in ("/account/profile/", "/account/addresses/new/", "/account/email/", "/account/password/"):
        page.goto(path)
        if path == "/account/profile/":
            page.get_by_label("Age", exact=True).fill("999")
        page.locator(".account-page").get_by_role("button").last.click()
        page.get_by_role("alert").wait_for()
        expect(page.get_by_role("alert")).to_be_focused()
        found += violations(page, **rules)
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_for_guests(live_server: Any, open_page: Callable[..., Page], scheme: str) -> None:
    user = account_create(email="ada@example.com", password=PASSWORD)
    assert user.email_verified_at is None
    page = open_page("/account/password/reset/", color_scheme=scheme, viewport={"width": 320, "height": 640})
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.locator("main").get_by_role("button").click()
    page.get_by_role("heading", name="Please look into your mail").wait_for()
    found: list[str] = []
    rules: dict[str, Any] = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    for path in (*GUEST_PAGES, way_in(mail.outbox[0])):
        page.goto(path)
        found += violations(page, **rules)
        assert page.evaluate(SMALL_TARGETS) == [], path
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], f"{path} is {width[0]} px wide"
    assert found == []
