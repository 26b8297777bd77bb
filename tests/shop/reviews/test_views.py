"""Reviews on the product page, on their own page, and the form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from shop.accounts.models import Shopper
from shop.catalogue.models import Item
from shop.reviews import services
from shop.reviews.models import Review
from shop.reviews.services import reviews_moderate
from tests.factories import ItemFactory, OrderFactory, OrderLineFactory, ReviewFactory, UserFactory
from tests.pages import Page
from tests.query_budget import assert_queries_constant, queries_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db

GOOD = {"stars": "5", "title": "Fine", "text": "Holds the tea.", "author": "Ada"}
HOSTILE = '</script><img src=x onerror="alert(1)">'


@pytest.fixture
def cup() -> Item:
    item: Item = ItemFactory.create(item_id="cup", title="Cup")
    return item


@pytest.fixture
def shopper(client: Client) -> Shopper:
    """The shopper of the account that is signed in."""
    account = UserFactory.create()
    client.force_login(account)
    found: Shopper = Shopper.objects.create(account=account)
    return found


def published(item: Item, *stars: int, **fields: Any) -> list[Review]:
    made = [ReviewFactory.create(item=item, stars=number, **fields) for number in stars]
    reviews_moderate([review.pk for review in made], Review.Status.PUBLISHED)
    return made


def words(response: Any) -> str:
    return " ".join(Page(response).text.split())


def test_who_is_not_signed_in_is_asked_to_and_comes_back(client: Client, cup: Item) -> None:
    response = client.get("/reviews/write/cup/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/account/sign-in/?next=/reviews/write/cup/"
    assert client.post("/reviews/write/cup/", GOOD).status_code == 302
    assert client.post("/reviews/delete/cup/").status_code == 302
    assert not Review.objects.exists()


@pytest.mark.usefixtures("shopper")
def test_a_review_is_seen_by_its_author_alone_until_it_is_published(client: Client, cup: Item) -> None:
    response = client.post("/reviews/write/cup/", GOOD, follow=True)
    assert response.redirect_chain == [(f"{cup.get_absolute_url()}#reviews", 302)]
    assert "Thank you. We read every review before it is shown." in words(response)
    assert "Your review waits to be read by us." in words(response)
    assert "Holds the tea." in words(response)
    client.logout()
    assert "Holds the tea." not in words(client.get(cup.get_absolute_url()))
    reviews_moderate(Review.objects.values_list("pk", flat=True), Review.Status.PUBLISHED)
    everybody = words(client.get(cup.get_absolute_url()))
    for expected in ("Fine", "Holds the tea.", "Ada", "1 review"):
        assert expected in everybody
    assert "Verified purchase" not in everybody


def test_a_purchase_is_told(client: Client, cup: Item, shopper: Shopper) -> None:
    order = OrderFactory.create(shopper=shopper, status="paid", paid_at=timezone.now())
    OrderLineFactory.create(order=order, item=cup)
    client.post("/reviews/write/cup/", GOOD)
    reviews_moderate(Review.objects.values_list("pk", flat=True), Review.Status.PUBLISHED)
    assert "Verified purchase" in words(client.get("/reviews/of/cup/"))


def test_ones_own_review_is_changed_and_deleted(client: Client, cup: Item, shopper: Shopper) -> None:
    ReviewFactory.create(item=cup, shopper=shopper, text="First words.", status=Review.Status.REJECTED)
    assert "We did not publish your review." in words(client.get(cup.get_absolute_url()))
    form = client.get("/reviews/write/cup/").content.decode()
    assert "First words." in form
    client.post("/reviews/write/cup/", GOOD)
    review = Review.objects.get()
    assert (review.text, review.status) == ("Holds the tea.", "pending")
    assert "Your review is deleted." in words(client.post("/reviews/delete/cup/", follow=True))
    assert not Review.objects.exists()
    assert client.post("/reviews/delete/cup/").status_code == 404


@pytest.mark.usefixtures("shopper", "cup")
@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"stars": ""}, "Please choose from one to five stars."),
        ({"stars": "6"}, "Select a valid choice. 6 is not one of the available choices."),
        ({"text": "  "}, "Please write a few words."),
        ({"text": "x" * 4001}, "at most 4000 characters"),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"author": "x" * 61}, "at most 60 characters"),
    ],
)
def test_what_is_wrong_is_told(client: Client, wrong: dict[str, str], told: str) -> None:
    response = client.post("/reviews/write/cup/", GOOD | wrong)
    assert response.status_code == 422
    assert told in words(response)
    assert not Review.objects.exists()


@pytest.mark.usefixtures("shopper", "cup")
def test_too_many_are_refused_in_words(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "WRITINGS_PER_WINDOW", 0)
    assert "That is a lot of reviews for one hour." in words(client.post("/reviews/write/cup/", GOOD))


def test_hostile_words_stay_words(client: Client, cup: Item) -> None:
    published(cup, 5, title=HOSTILE, text=HOSTILE, author=HOSTILE)
    for address in (cup.get_absolute_url(), "/reviews/of/cup/"):
        response = client.get(address)
        assert "<img src=x" not in response.content.decode()
        page = Page(response)
        assert page.inline == []
        assert HOSTILE in page.text
    product = Page(client.get(cup.get_absolute_url())).data[0]
    assert product["review"][0]["reviewBody"] == HOSTILE


def test_search_engines_are_told_of_published_reviews_alone(client: Client, cup: Item) -> None:
    assert "aggregateRating" not in Page(client.get(cup.get_absolute_url())).data[0]
    ReviewFactory.create(item=cup, text="Waits.")
    (review,) = published(cup, 4, text="Shown.", author="Ada")
    product = Page(client.get(cup.get_absolute_url())).data[0]
    assert product["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "4.00",
        "reviewCount": 1,
        "bestRating": 5,
        "worstRating": 1,
    }
    assert product["review"] == [
        {
            "@type": "Review",
            "author": {"@type": "Person", "name": "Ada"},
            "datePublished": f"{review.created_at:%Y-%m-%d}",
            "reviewRating": {"@type": "Rating", "ratingValue": 4, "bestRating": 5},
            "reviewBody": "Shown.",
        }
    ]


def test_the_page_shows_the_latest_few_and_counts_all(client: Client, cup: Item) -> None:
    published(cup, 5, 5, 5, 4, 4, 1)
    ReviewFactory.create(item=cup, stars=2)
    reviews = client.get(cup.get_absolute_url()).context["request"].product_reviews
    assert [review.stars for review in reviews.shown] == [1, 4, 4, 5]
    assert [(one.stars, one.count, one.share) for one in reviews.counts] == [
        (5, 3, 50),
        (4, 2, 33),
        (3, 0, 0),
        (2, 0, 0),
        (1, 1, 16),
    ]
    assert (reviews.total, reviews.more) == (6, True)
    assert "Read all 6 reviews" in words(client.get(cup.get_absolute_url()))


def test_ones_own_stands_first_and_is_not_counted_while_it_waits(client: Client, cup: Item, shopper: Shopper) -> None:
    own = ReviewFactory.create(item=cup, shopper=shopper, stars=1)
    published(cup, 5, 4)
    reviews = client.get(cup.get_absolute_url()).context["request"].product_reviews
    assert (reviews.own, reviews.total, reviews.more) == (own, 2, False)
    assert [review.stars for review in reviews.shown] == [4, 5]


def test_all_reviews_in_pages_and_by_stars(client: Client, cup: Item) -> None:
    published(cup, *[5] * 21, 2)
    ReviewFactory.create(item=cup)
    first = client.get("/reviews/of/cup/")
    assert len(first.context["page"]) == 20
    second = client.get("/reviews/of/cup/?page=2")
    assert len(second.context["page"]) == 2
    assert Page(second).meta["robots"] == "noindex"
    few = client.get("/reviews/of/cup/?stars=2")
    assert [review.stars for review in few.context["page"]] == [2]
    for wrong in ("page=3", "page=x", "stars=5&page=9"):
        assert client.get(f"/reviews/of/cup/?{wrong}").status_code == 404
    assert len(client.get("/reviews/of/cup/?stars=9").context["page"]) == 20


@pytest.mark.parametrize("item_id", ["a/b", "a b", "write/x", "ü€"])
def test_any_id_works_in_an_address(client: Client, item_id: str) -> None:
    item = ItemFactory.create(item_id=item_id)
    published(item, 5)
    links = [link for link in Page(client.get(item.get_absolute_url())).links if link.startswith("/reviews/")]
    assert links
    for link in links:
        assert client.get(link).status_code in {200, 302}, link


def test_of_what_is_not_shown_nothing_is_said(client: Client, cup: Item) -> None:
    Item.objects.update(published=False)
    assert client.get("/reviews/of/cup/").status_code == 404
    ItemFactory.create(item_id="cup-s", variant_of=cup, variant_name="S")
    assert client.get("/reviews/of/cup-s/").status_code == 404


def test_queries_do_not_grow_with_reviews(client: Client, cup: Item, shopper: Shopper) -> None:
    ReviewFactory.create(item=cup, shopper=shopper)
    published(cup, 5)
    client.post("/favourites/toggle/", {"item_id": "cup"})
    client.post("/cart/add/", {"item_id": "cup"})
    for address in (cup.get_absolute_url(), "/reviews/of/cup/"):
        look = partial(client.get, address)
        look()
        assert_queries_constant(look, grow=lambda: published(cup, *[4] * 12))


def test_where_there_can_be_no_review_none_is_looked_for(client: Client, cup: Item) -> None:
    client.get(cup.get_absolute_url())
    assert not [sql for sql in queries_of(lambda: client.get(cup.get_absolute_url())) if "reviews_review" in sql]
