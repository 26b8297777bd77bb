"""The search page and the fragment of suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db.models import F

from shop.catalogue.hooks import Ordering
from shop.catalogue.models import Item
from shop.search import views
from tests.factories import CategoryFactory, ItemFactory, UserFactory
from tests.pages import Page
from tests.query_budget import assert_queries_constant

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.test import Client

    from shop.catalogue.models import ItemQuerySet

pytestmark = pytest.mark.django_db


def page(client: Client, **query: str) -> Page:
    response = client.get("/search/", query)
    assert response.status_code == 200
    return Page(response)


def cards(client: Client, **query: str) -> list[str]:
    return [item.title for item in client.get("/search/", query).context["listing"].page]


def test_what_was_found_is_shown_marked_and_counted(client: Client) -> None:
    ItemFactory.create(title="Blue mug")
    ItemFactory.create(title="Poptorp", description="Goes with a blue mug. It is plain otherwise.")
    response = client.get("/search/", {"q": "blue mug"})
    text = response.content.decode()
    assert "<mark>Blue</mark> <mark>mug</mark>" in text
    assert 'class="snippet">Goes with a <mark>blue</mark> <mark>mug</mark>.' in text
    assert "<title>“blue mug”, 2 things · Vitrine</title>" in text


def test_links_of_results_tell_where_they_were_found(client: Client) -> None:
    item = ItemFactory.create(title="Blue mug")
    assert f"{item.get_absolute_url()}?from=search&at=0" in page(client, q="mug").links


def test_search_pages_are_not_for_search_engines(client: Client) -> None:
    for words in ("mug", "xyzzyx", ""):
        found = page(client, q=words) if words else Page(client.get("/search/"))
        assert found.meta["robots"] == "noindex, follow"
        assert found.canonical == ""


def test_a_corrected_slip_is_told_and_can_be_undone(client: Client) -> None:
    ItemFactory.create(title="Teapot")
    found = page(client, q="teapto")
    assert "Showing results for teapot." in " ".join(found.text.split())
    assert "/search/?q=teapto&exact=1" in found.links
    exact = page(client, q="teapto", exact="1")
    assert "Nothing for “teapto”" in exact.text


def test_another_spelling_is_offered(client: Client) -> None:
    ItemFactory.create(title="Teapto")
    for _number in range(10):
        ItemFactory.create(title="Teapot")
    found = page(client, q="teapto")
    assert "Did you mean teapot?" in found.text
    assert "/search/?q=teapot" in found.links


def test_items_with_some_of_the_words_are_told_as_such(client: Client) -> None:
    ItemFactory.create(title="Blue mug")
    assert "Nothing here holds all of these words." in page(client, q="blue xyzzyx").text


def test_a_corrected_phrase_that_nothing_holds_shows_some_of_its_words(client: Client) -> None:
    ItemFactory.create(title="Blue vase")
    ItemFactory.create(title="Clay teapot")
    found = page(client, q="blue teapto")
    assert "Nothing here holds all of these words." in found.text
    assert sorted(cards(client, q="blue teapto")) == ["Blue vase", "Clay teapot"]


def test_nothing_found_helps_on(client: Client) -> None:
    mugs = CategoryFactory.create(name="Mugs")
    ItemFactory.create(title="Blue mug", category=mugs)
    found = page(client, q="xyzzyx")
    assert "Nothing for “xyzzyx”" in found.text
    assert mugs.get_absolute_url() in found.links
    assert found.panels


def test_categories_of_that_name_are_offered(client: Client) -> None:
    mugs = CategoryFactory.create(name="Mugs")
    ItemFactory.create(title="Poptorp", category=mugs)
    assert mugs.get_absolute_url() in page(client, q="mug").links


def test_no_words_ask_for_some(client: Client) -> None:
    assert "What are you looking for?" in Page(client.get("/search/")).text
    assert "What are you looking for?" in page(client, q="").text


def test_what_was_typed_is_never_markup(client: Client) -> None:
    ItemFactory.create(title="<script>alert(1)</script> script")
    for words in ('"><script>alert(1)</script>', "script", "<script>"):
        for path in ("/search/", "/search/suggest/"):
            text = client.get(path, {"q": words}).content.decode()
            assert "<script>alert" not in text
            assert 'value=""><' not in text


def test_results_are_sorted_by_how_well_they_fit_unless_another_order_is_chosen(client: Client) -> None:
    ItemFactory.create(title="Mug", price=9)
    ItemFactory.create(title="Poptorp", description="Beside a mug.", price=1)
    assert cards(client, q="mug") == ["Mug", "Poptorp"]
    assert cards(client, q="mug", sort="price") == ["Poptorp", "Mug"]


def test_an_order_of_another_room_goes_with_a_search(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the order "for you" does: it sorts what was found, by whatever it knows, then by how well it fits."""

    def taste(items: ItemQuerySet, request: HttpRequest) -> ItemQuerySet:
        assert request.GET["q"] == "mug"
        return items.order_by(F("brand").desc(), F("relevance").asc(), "id")

    monkeypatch.setattr(views, "catalogue_orderings", lambda: (Ordering("taste", "Taste", taste),))
    ItemFactory.create(title="Mug", brand="a")
    ItemFactory.create(title="Plain", description="Not a mug.", brand="b")
    ItemFactory.create(title="Mug two", brand="b")
    ItemFactory.create(title="Vase", brand="c")
    assert cards(client, q="mug", sort="taste") == ["Mug two", "Plain", "Mug"]


def test_a_fragment_keeps_its_marks(client: Client) -> None:
    ItemFactory.create(title="Blue mug")
    headers = {"HX-Request": "true", "HX-Target": "listing-results"}
    text = client.get("/search/", {"q": "mug"}, headers=headers).content.decode()
    assert "<mark>mug</mark>" in text
    assert "?from=search&amp;at=0" in text
    assert "<html" not in text


@pytest.mark.parametrize("words", ["mug", "xyzzyx", "mgus", "blue mgus", "blue xyzzyx"])
def test_a_search_costs_the_same_in_a_large_shop(client: Client, words: str) -> None:
    mugs = CategoryFactory.create(name="Mugs")
    for number in range(12):
        item = ItemFactory.create(title=f"Blue mug {number}", category=mugs, colour="blue")
    client.force_login(UserFactory.create())
    client.post("/cart/add/", {"item_id": item.item_id})
    client.post("/favourites/toggle/", {"item_id": item.item_id})
    client.get("/search/", {"q": words})  # the overview of categories is kept from now on

    def grow() -> None:
        Item.objects.bulk_create(
            Item(item_id=f"b{number}", title=f"Blue mug {number}", category=mugs, colour=f"c{number % 9}")
            for number in range(120)
        )

    assert_queries_constant(lambda: client.get("/search/", {"q": words}), grow=grow)


def test_suggestions_are_options_of_a_list_box(client: Client) -> None:
    mugs = CategoryFactory.create(name="Mugs")
    item = ItemFactory.create(title="Blue mug", category=mugs)
    response = client.get("/search/suggest/", {"q": "mu"})
    found, text = Page(response), response.content.decode()
    assert found.links == [
        f"{item.get_absolute_url()}?from=search&at=0",
        mugs.get_absolute_url(),
        "/search/?q=mu",
    ]
    assert text.count('role="option"') == text.count('tabindex="-1"') == 3
    assert len(found.ids) == len(set(found.ids)) == 3
    assert 'data-announcement="2 suggestions"' in text
    assert "Blue <mark>mug</mark>" in text


def test_no_suggestions_are_an_empty_list(client: Client) -> None:
    text = client.get("/search/suggest/", {"q": "xyzzyx"}).content.decode()
    assert 'role="option"' not in text


@pytest.mark.parametrize("path", ["/search/", "/search/suggest/"])
def test_only_reading_is_possible(client: Client, path: str) -> None:
    assert client.post(path, {"q": "mug"}).status_code == 405


def test_suggestions_tell_nothing_of_who_asks(client: Client) -> None:
    ItemFactory.create(title="Blue mug")
    response = client.get("/search/suggest/", {"q": "mug"})
    assert not response.cookies
