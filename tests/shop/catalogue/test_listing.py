"""Lists that are narrowed down: what is counted, what matches, where the links lead."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache

from shop.catalogue import hooks
from shop.catalogue.models import Category, Item
from tests.factories import CategoryFactory, ItemFactory, UserFactory
from tests.pages import Page
from tests.query_budget import PAGE_BUDGET, assert_queries_constant, queries_of

if TYPE_CHECKING:
    from django.test import Client

    from shop.catalogue.listing import Listing

pytestmark = pytest.mark.django_db

# One item a line: title, colour, brand, material, price, stock.
SHELF = """
    A  clay  Nord  oak    10.00  5
    B  clay  Nord  steel  20.00  0
    C  moss  Nord  oak    30.00  5
    D  moss  Sund  oak    40.00  5
    E  ink   Sund  steel  -      -
"""


@pytest.fixture
def room() -> Category:
    """A category with the five things of the shelf."""
    room: Category = CategoryFactory.create(name="Room")
    for line in SHELF.strip().splitlines():
        title, colour, brand, material, price, stock = line.split()
        ItemFactory.create(
            item_id=title,
            title=title,
            category=room,
            colour=colour,
            brand=brand,
            attributes={"Material": material},
            price=None if price == "-" else Decimal(price),
            stock=None if stock == "-" else int(stock),
        )
    return room


def listing(client: Client, query: str = "", path: str = "/categories/room/") -> Listing:
    response = client.get(f"{path}?{query}")
    assert response.status_code == 200
    found: Listing = response.context["listing"]
    return found


def shown(client: Client, query: str = "") -> str:
    return "".join(sorted(item.title for item in listing(client, query).page))


def counts(found: Listing, name: str) -> dict[str, int]:
    facet = next((facet for facet in found.facets if facet.name == name), None)
    return {value.value: value.count for value in (*facet.values, *facet.more)} if facet else {}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "ABCDE"),
        ("colour=clay", "AB"),
        ("colour=CLAY", "AB"),
        ("colour=clay&colour=moss", "ABCD"),
        ("colour=clay&colour=moss&brand=Nord", "ABC"),
        ("colour=moss&brand=Sund&attr.Material=oak", "D"),
        ("colour=clay&brand=Sund", ""),
        ("price_from=20&price_to=30", "BC"),
        ("price_from=30", "CD"),
        ("price_to=10.00", "A"),
        ("in_stock=1", "ACDE"),
        ("in_stock=1&colour=clay", "A"),
        ("colour=unheard-of", ""),
        ("attr.Unheard=of", ""),
        ("unheard=of", "ABCDE"),
        ("in_stock=perhaps", "ABCDE"),
        ("price_from=abc", "ABCDE"),
    ],
)
def test_values_of_a_facet_widen_and_facets_narrow(client: Client, room: Category, query: str, expected: str) -> None:
    assert shown(client, query) == expected


def test_the_count_beside_a_value_is_what_choosing_it_gives(client: Client, room: Category) -> None:
    values = [("colour", "clay"), ("colour", "moss"), ("brand", "Nord"), ("brand", "Sund"), ("attr.Material", "oak")]
    for size in range(3):
        for chosen in combinations(values, size):
            found = listing(client, "&".join(f"{name}={value}" for name, value in chosen))
            for name in ("colour", "brand", "attr.Material"):
                others = "&".join(f"{facet}={value}" for facet, value in chosen if facet != name)
                for value, count in counts(found, name).items():
                    assert count == listing(client, f"{others}&{name}={value}").total, (chosen, name, value)


def test_counts_by_hand(client: Client, room: Category) -> None:
    found = listing(client, "colour=clay&in_stock=1")
    assert counts(found, "colour") == {"clay": 1, "moss": 2, "ink": 1}
    assert counts(found, "brand") == {"Nord": 1, "Sund": 0}
    assert found.stock is not None
    assert (found.stock.count, found.stock.chosen) == (1, True)
    assert found.price is not None
    assert (found.price.lowest, found.price.highest) == (Decimal(10), Decimal(10))
    assert (found.total, found.total_before) == (1, 5)


def test_price_bounds_are_those_of_what_else_matches(client: Client, room: Category) -> None:
    price = listing(client, "brand=Nord&price_to=15").price
    assert price is not None
    assert (price.lowest, price.highest) == (Decimal(10), Decimal(30))
    assert (price.wanted_from, price.wanted_to) == (None, Decimal(15))


def test_values_keep_their_places_whatever_is_chosen(client: Client, room: Category) -> None:
    def places(query: str) -> list[str]:
        return list(counts(listing(client, query), "colour"))

    assert places("") == places("colour=ink") == places("in_stock=1")


def test_of_a_long_facet_what_leads_nowhere_is_left_out(client: Client) -> None:
    room = CategoryFactory.create(name="Room")
    for number in range(20):
        ItemFactory.create(category=room, brand=f"Brand {number % 10}", colour=("clay", "moss")[number % 2])
    assert len(counts(listing(client), "brand")) == 10
    assert set(counts(listing(client, "colour=moss"), "brand")) == {f"Brand {number}" for number in (1, 3, 5, 7, 9)}
    assert counts(listing(client, "brand=Brand+1"), "colour") == {"clay": 0, "moss": 2}


def test_sizes_and_numbers_stand_in_their_own_order(client: Client) -> None:
    room = CategoryFactory.create(name="Room")
    for size, width in (("M", "100 cm"), ("XS", "20 cm"), ("L", "9 cm"), ("M", "9 cm")):
        ItemFactory.create(category=room, attributes={"Size": size, "Width": width})
    found = listing(client)
    assert list(counts(found, "attr.Size")) == ["XS", "M", "L"]
    assert list(counts(found, "attr.Width")) == ["9 cm", "20 cm", "100 cm"]


def test_an_attribute_that_is_different_for_everything_is_no_filter(client: Client) -> None:
    room = CategoryFactory.create(name="Room")
    for number in range(30):
        ItemFactory.create(category=room, attributes={"Serial": f"no {number}", "Make": "ab"[number % 2]})
    names = [facet.name for facet in listing(client).facets]
    assert names == ["attr.Make"]


def test_a_facet_with_one_value_for_all_is_no_choice(client: Client) -> None:
    room = CategoryFactory.create(name="Room")
    for _number in range(3):
        ItemFactory.create(category=room, brand="Nord", price=Decimal(5))
    found = listing(client)
    assert not found.can_be_narrowed
    assert 'id="filters"' not in client.get("/categories/room/").content.decode()


def test_what_a_variant_has_its_head_has_once(client: Client) -> None:
    room = CategoryFactory.create(name="Room")
    frame = ItemFactory.create(title="Shirt", category=room, brand="Nord", colour="clay", stock=5)
    for size, colour, stock in (("S", "clay", 0), ("M", "moss", 2)):
        ItemFactory.create(
            title="Shirt",
            category=room,
            brand="Nord",
            colour=colour,
            attributes={"Size": size},
            stock=stock,
            variant_of=frame,
            variant_name=size,
        )
    ItemFactory.create(title="Other", category=room, brand="Sund", colour="ink", stock=0)
    found = listing(client)
    assert found.total == 2
    assert counts(found, "colour") == {"clay": 1, "moss": 1, "ink": 1}
    assert counts(found, "attr.Size") == {"S": 1, "M": 1}
    assert counts(found, "brand") == {"Nord": 1, "Sund": 1}
    assert shown(client, "attr.Size=M&in_stock=1") == "Shirt"
    Item.objects.filter(variant_of=frame).update(stock=0)
    # Its own stock is not for sale: without a name of its own it is only the frame around its variants.
    assert shown(client, "in_stock=1") == ""
    Item.objects.filter(pk=frame.pk).update(variant_name="Plain")
    assert shown(client, "in_stock=1") == "Shirt"


def test_what_is_chosen_can_be_taken_away(client: Client, room: Category) -> None:
    found = listing(client, "colour=clay&colour=moss&price_to=35&sort=price&page=1&q=kept")
    assert [(chip.label, chip.text, chip.address) for chip in found.chosen] == [
        ("", "", "/categories/room/?colour=clay&colour=moss&sort=price&q=kept"),
        ("Colour", "Clay", "/categories/room/?colour=moss&price_to=35&sort=price&q=kept"),
        ("Colour", "Moss", "/categories/room/?colour=clay&price_to=35&sort=price&q=kept"),
    ]
    assert found.clear_address == "/categories/room/?sort=price&q=kept"
    assert found.kept == (("sort", "price"), ("q", "kept"))


def test_an_empty_list_names_the_filters_in_the_way_the_most_rewarding_first(client: Client, room: Category) -> None:
    found = listing(client, "colour=clay&brand=Sund&price_from=30")
    assert found.total == 0
    assert [(escape.label, escape.count) for escape in found.escapes] == [("Colour", 1)]
    found = listing(client, "colour=clay&brand=Sund")
    assert [(escape.facet, escape.count, escape.address) for escape in found.escapes] == [
        ("colour", 2, "/categories/room/?brand=Sund"),
        ("brand", 2, "/categories/room/?colour=clay"),
    ]
    text = " ".join(Page(client.get("/categories/room/?colour=clay&brand=Sund")).text.split())
    assert "Nothing matches all of these." in text
    assert "Without the filter “Colour” there are 2 things" in text
    assert "Show all 5 things" in text


def test_a_category_counts_what_matches_below_and_takes_the_choice_along(client: Client, room: Category) -> None:
    below = CategoryFactory.create(name="Corner", parent=room)
    ItemFactory.create(category=CategoryFactory.create(name="Nook", parent=below), colour="clay")
    ItemFactory.create(category=below, colour="ink")
    cache.clear()
    found = listing(client, "colour=clay")
    assert [(place.title, count, address) for place, count, address in found.places] == [
        ("Corner", 1, "/categories/room/corner/?colour=clay")
    ]
    assert "category" not in [facet.name for facet in found.facets]


@pytest.mark.parametrize("query", ["colour=&price_from=&price_to=", "colour=clay&brand=", "attr.Material="])
def test_a_form_without_script_leads_to_an_address_worth_sharing(client: Client, room: Category, query: str) -> None:
    response = client.get(f"/categories/room/?{query}")
    assert response.status_code == 302
    assert response.headers["Location"] == "/categories/room/" + ("?colour=clay" if "clay" in query else "")


def fragment(client: Client, query: str, **headers: str) -> Any:
    asked = {"HX-Request": "true", "HX-Target": "listing-results"} | headers
    return client.get(f"/categories/room/?{query}", headers=asked)


def test_htmx_is_answered_with_what_changes_and_told_the_tidy_address(client: Client, room: Category) -> None:
    response = fragment(client, "colour=clay&price_from=&page=1&sort=newest")
    body = response.content.decode()
    assert response.headers["HX-Push-Url"] == "/categories/room/?colour=clay"
    assert "<html" not in body
    for part in ("#listing-bar", "#listing-places", "#listing-status", "#filters-body", "#filters-count"):
        assert f'hx-swap-oob="innerHTML:{part}"' in body
    assert "2 things, page 1 of 1." in body


def test_back_gets_the_whole_page_and_no_cache_mistakes_one_for_the_other(client: Client, room: Category) -> None:
    response = fragment(client, "colour=clay", **{"HX-History-Restore-Request": "true"})
    assert "<html" in response.content.decode()
    assert {"HX-Request", "HX-History-Restore-Request"} <= set(response.headers["Vary"].split(", "))
    assert "<html" in fragment(client, "", **{"HX-Target": "something-else"}).content.decode()


def test_filtered_pages_are_not_for_search_engines_and_name_the_plain_one(
    client: Client, room: Category, settings: Any
) -> None:
    page = Page(client.get("/categories/room/?colour=clay"))
    assert page.meta["robots"] == "noindex, follow"
    assert page.canonical == f"{settings.SITE_URL}/categories/room/"
    assert "robots" not in Page(client.get("/categories/room/")).meta


def test_no_id_stands_on_a_page_twice(client: Client, room: Category) -> None:
    page = Page(client.get("/categories/room/?colour=clay&brand=Nord&in_stock=1&price_from=1&attr.Material=oak"))
    assert len(page.ids) == len(set(page.ids))
    assert page.inline == []


def test_an_ordering_that_forgets_ties_shows_nothing_twice(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_orderings", {})
    hooks.register_ordering("flat", "Flat", lambda items, _request: items.order_by("brand"))
    room = CategoryFactory.create(name="Room")
    made = [ItemFactory.create(category=room).item_id for _number in range(50)]
    seen = [item.item_id for number in (1, 2, 3) for item in listing(client, f"sort=flat&page={number}").page]
    assert seen == made


def test_an_ordering_that_is_not_offered_is_not_taken(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_orderings", {})
    hooks.register_ordering("secret", "Secret", lambda items, _r: items.order_by("title"), offered=lambda _r: False)
    ItemFactory.create(category=CategoryFactory.create(name="Room"))
    found = listing(client, "sort=secret")
    assert found.ordering.name == "newest"
    assert "secret" not in [ordering.name for ordering, _address in found.orderings]


def test_the_filters_stay_on_the_next_page(client: Client) -> None:
    room = CategoryFactory.create(name="Room")
    for number in range(60):
        ItemFactory.create(category=room, colour=("clay", "moss")[number % 2])
    found = listing(client, "colour=clay&sort=price")
    assert [link.address for link in found.pages] == ["", "/categories/room/?colour=clay&sort=price&page=2"]
    assert found.following is not None
    assert found.following.number == 2
    assert client.get("/categories/room/?colour=clay&page=3").status_code == 404


def fill(room: Category, *, first: int, count: int) -> None:
    items = []
    for number in range(first, first + count):
        item = Item(
            item_id=f"n{number}",
            title=f"Thing {number}",
            description="Plain.",
            category=room,
            price=Decimal(number % 500),
            stock=number % 7,
            colour=("clay", "moss", "ink")[number % 3],
            brand=f"Brand {number % 40}",
            attributes={"Material": f"m{number % 20}"},
        )
        item.derive()
        items.append(item)
    Item.objects.bulk_create(items, batch_size=1000)


@pytest.mark.slow
def test_pages_cost_as_many_queries_among_60_000_items_as_among_600(client: Client) -> None:
    room = CategoryFactory.create(name="Room")
    fill(room, first=0, count=600)
    client.force_login(UserFactory.create())
    client.post("/favourites/toggle/", {"item_id": "n1"})
    client.post("/cart/add/", {"item_id": "n1"})
    queries = ("", "?colour=clay&brand=Brand+3&in_stock=1&sort=price", "?sort=popular&attr.Material=m3")

    def look() -> None:
        for query in queries:
            client.get(f"/categories/room/{query}")

    def grow() -> None:
        fill(room, first=600, count=59_400)
        client.get("/categories/room/")

    client.get("/categories/room/")
    for query in queries:
        address = f"/categories/room/{query}"
        assert len(queries_of(lambda address=address: client.get(address))) <= PAGE_BUDGET  # type: ignore[misc]  # bound at once
    assert_queries_constant(look, grow=grow, budget=len(queries) * PAGE_BUDGET)


def test_a_list_is_read_without_opening_the_items(room: Category) -> None:
    """The index holds all that is counted; the plan says so."""
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("other databases explain in other words")
    from shop.catalogue.tally import read_candidates

    items = Item.objects.listed().in_category("room").order_by("-created_at", "-pk")
    scan = next(sql for sql in queries_of(lambda: read_candidates(items)) if "facets" in sql)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {scan}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "USING COVERING INDEX item_listing (category_id=?)" in plan
