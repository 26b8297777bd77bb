"""Moderating reviews in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from shop.reviews.models import Review
from tests.factories import ReviewFactory, UserFactory

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

LIST = "admin:reviews_review_changelist"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    return client


def counted(review: Review) -> int:
    review.item.refresh_from_db()
    return int(review.item.rating_count)


def test_several_are_published_and_taken_back_at_once(staff: Client) -> None:
    reviews = ReviewFactory.create_batch(2)
    keys = [review.pk for review in reviews]
    answer = staff.post(reverse(LIST), {"action": "publish", "_selected_action": keys}, follow=True)
    assert "2 reviews changed." in answer.content.decode()
    assert [counted(review) for review in reviews] == [1, 1]
    staff.post(reverse(LIST), {"action": "reject", "_selected_action": keys[:1]})
    assert [counted(review) for review in reviews] == [0, 1]


def test_one_is_published_on_its_page_and_its_words_stay_the_shoppers(staff: Client) -> None:
    review = ReviewFactory.create(text="Mine.")
    staff.post(
        reverse("admin:reviews_review_change", args=[review.pk]),
        {"status": "published", "text": "Praise.", "stars": "5"},
    )
    review.refresh_from_db()
    assert (review.status, review.text, review.stars, counted(review)) == ("published", "Mine.", 4, 1)


def test_deleting_takes_the_stars_along(staff: Client) -> None:
    reviews = ReviewFactory.create_batch(2)
    keys = [review.pk for review in reviews]
    staff.post(reverse(LIST), {"action": "publish", "_selected_action": keys})
    staff.post(reverse("admin:reviews_review_delete", args=keys[:1]), {"post": "yes"})
    staff.post(reverse(LIST), {"action": "delete_selected", "_selected_action": keys[1:], "post": "yes"})
    assert not Review.objects.exists()
    assert [counted(review) for review in reviews] == [0, 0]


def test_nobody_writes_one_here_and_long_ones_are_shortened(staff: Client) -> None:
    assert staff.get(reverse("admin:reviews_review_add")).status_code == 403
    ReviewFactory.create(text="x" * 500)
    page = staff.get(reverse(LIST), {"q": "xxx"}).content.decode()
    assert "x" * 120 + "…" in page
    assert "x" * 121 not in page
