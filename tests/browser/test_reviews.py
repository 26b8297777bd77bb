"""Reviews in a browser: written, looked at by the shop, read by everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from shop.accounts.models import Shopper
from shop.reviews.models import Review
from shop.reviews.services import reviews_moderate
from tests.browser.conftest import PHONE
from tests.browser.test_accessibility import SMALL_TARGETS, violations
from tests.factories import OrderFactory, OrderLineFactory, ReviewFactory, UserFactory

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from shop.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THING = "/items/thing-1/"


@pytest.fixture
def account(small_shop: list[Any]) -> User:
    """Somebody who bought the thing."""
    user: User = UserFactory.create(email="ada@example.com")
    order = OrderFactory.create(shopper=Shopper.objects.create(account=user), status="paid", paid_at=timezone.now())
    OrderLineFactory.create(order=order, item=small_shop[1])
    return user


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse")
    page.locator("main").get_by_role("button", name="Sign in").click()


def publish_all() -> None:
    reviews_moderate(Review.objects.values_list("pk", flat=True), Review.Status.PUBLISHED)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("scripts", [True, False])
def test_a_review_is_written_looked_at_and_read(
    open_page: Callable[..., Page],
    scripts: bool,  # noqa: FBT001 - a case of the table
) -> None:
    page = open_page(THING, java_script_enabled=scripts)
    expect(page.get_by_text("Nobody has written about it yet.")).to_be_visible()
    page.get_by_role("link", name="Write a review").click()
    sign_in(page)
    page.get_by_role("heading", name="Your review", level=1).wait_for()

    page.get_by_role("button", name="Send your review").click()
    page.get_by_text("Please choose from one to five stars.").wait_for()
    page.get_by_label("4 stars: good").check()
    page.get_by_label("Your review").fill("Keeps the tea warm.")
    page.get_by_label("Name to show with it").fill("Ada")
    page.get_by_role("button", name="Send your review").click()
    page.get_by_text("Thank you. We read every review before it is shown.").wait_for()
    expect(page.get_by_text("Until then only you see it.")).to_be_visible()

    visitor = open_page(THING)
    expect(visitor.get_by_text("Keeps the tea warm.")).to_have_count(0)
    publish_all()
    visitor.reload()
    shown = visitor.locator(".review")
    expect(shown.get_by_text("Keeps the tea warm.")).to_be_visible()
    expect(shown.get_by_text("Verified purchase")).to_be_visible()
    expect(shown.get_by_role("img", name="4 of 5 stars")).to_be_visible()
    expect(visitor.locator(".facts").get_by_role("img", name="4.0 of 5 stars")).to_be_visible()

    page.goto(THING)
    page.get_by_role("link", name="Change your review").click()
    page.get_by_role("button", name="Delete your review").click()
    page.get_by_text("Your review is deleted.").wait_for()
    assert not Review.objects.exists()


def test_all_reviews_are_read_by_stars_and_page(small_shop: list[Any], open_page: Callable[..., Page]) -> None:
    ReviewFactory.create_batch(22, item=small_shop[1], stars=5)
    ReviewFactory.create(item=small_shop[1], stars=2, text="Too heavy for me.")
    publish_all()
    page = open_page(THING)
    page.get_by_role("link", name="Read all 23 reviews").click()
    page.get_by_role("link", name="Next page").click()
    expect(page.locator(".review")).to_have_count(3)
    page.get_by_role("link", name="2 stars").click()
    expect(page.locator(".review")).to_have_count(1)
    expect(page.get_by_text("Too heavy for me.")).to_be_visible()
    page.get_by_role("link", name="Show all reviews").click()
    expect(page.locator(".review")).to_have_count(20)


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_overflows(
    small_shop: list[Any], open_page: Callable[..., Page], colours: str
) -> None:
    page = open_page("/account/sign-in/", color_scheme=colours, viewport=PHONE)
    sign_in(page)
    page.wait_for_url("**/")
    found: list[str] = []

    def look(path: str) -> None:
        page.goto(path)
        found.extend(violations(page))
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], path
        assert page.evaluate(SMALL_TARGETS) == [], path

    look("/reviews/write/thing-1/")
    page.get_by_role("button", name="Send your review").click()
    page.get_by_role("alert").wait_for()
    found += violations(page)
    look("/reviews/of/thing-1/")
    shopper = Shopper.objects.get(account__email="ada@example.com")
    own = ReviewFactory.create(item=small_shop[1], shopper=shopper, text="word" * 200)
    look(THING)
    look("/reviews/write/thing-1/")
    for status in (Review.Status.REJECTED, Review.Status.PUBLISHED):
        reviews_moderate([own.pk], status)
        look(THING)
    ReviewFactory.create_batch(21, item=small_shop[1], title="A title", author="Somebody")
    publish_all()
    for path in ("/reviews/of/thing-1/", "/reviews/of/thing-1/?stars=4&page=2", THING):
        look(path)
    assert found == []
