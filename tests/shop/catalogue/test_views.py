"""Category, product and search pages."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from shop.actions.clicks import buffer
from shop.actions.models import Action, Kind
from shop.catalogue import hooks
from tests.factories import CategoryFactory, ItemFactory, UserFactory
from tests.pages import Page, save_picture, share_picture
from tests.query_budget import assert_queries_constant

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def titles(response: Any) -> list[str]:
    shown = response.context["listing"].page if "listing" in response.context else response.context["page"]
    return [item.title for item in shown]


def test_a_category_shows_what_is_in_it_and_below_it(client: Client) -> None:
    living = CategoryFactory.create(name="Living")
    vases = CategoryFactory.create(name="Vases", parent=living)
    ItemFactory.create(title="Shelf", category=living)
    ItemFactory.create(title="Vase", category=vases)
    ItemFactory.create(title="Mug", category=CategoryFactory.create(name="Living rooms"))
    response = client.get("/categories/living/")
    assert sorted(titles(response)) == ["Shelf", "Vase"]
    assert "/categories/living/vases/" in Page(response).links


def test_an_unpublished_item_is_nowhere(client: Client) -> None:
    item = ItemFactory.create(category=CategoryFactory.create(name="Living"), published=False)
    assert titles(client.get("/categories/living/")) == []
    assert titles(client.get("/search/", {"q": item.title})) == []
    assert client.get(item.get_absolute_url()).status_code == 404
    assert client.get(f"/items/{item.item_id}/").status_code == 404


def test_an_unknown_category_is_not_found(client: Client) -> None:
    assert client.get("/categories/nowhere/").status_code == 404


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("newest", ["Cup", "Bowl", "Axe"]),
        ("price", ["Cup", "Axe", "Bowl"]),
        ("-price", ["Axe", "Cup", "Bowl"]),
        ("name", ["Axe", "Bowl", "Cup"]),
        ("unheard-of", ["Cup", "Bowl", "Axe"]),
    ],
)
def test_sorting(client: Client, sort: str, expected: list[str]) -> None:
    room = CategoryFactory.create(name="Room")
    ItemFactory.create(title="Axe", price=Decimal("9.00"), category=room)
    ItemFactory.create(title="Bowl", price=None, category=room)
    ItemFactory.create(title="Cup", price=Decimal("3.00"), category=room)
    assert titles(client.get("/categories/room/", {"sort": sort})) == expected


def test_another_room_can_add_an_ordering(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "_orderings", {})
    hooks.register_ordering("backwards", "Backwards", lambda items, _request: items.order_by("-title"))
    room = CategoryFactory.create(name="Room")
    for title in ("A", "B"):
        ItemFactory.create(title=title, category=room)
    response = client.get("/categories/room/?sort=backwards")
    assert titles(response) == ["B", "A"]
    assert "Backwards" in Page(response).text


def test_pages_leave_nothing_out_where_all_prices_are_equal(client: Client) -> None:
    room = CategoryFactory.create(name="Room")
    made = {ItemFactory.create(category=room).item_id for _number in range(50)}
    seen: list[str] = []
    for number in (1, 2, 3):
        response = client.get("/categories/room/", {"sort": "price", "page": number})
        seen += [item.item_id for item in response.context["listing"].page]
    assert len(seen) == 50
    assert set(seen) == made


@pytest.mark.parametrize("page", ["0", "4", "x", "-1", "1e3", "²", "9" * 5000])
def test_a_page_that_is_not_there_is_not_found(client: Client, page: str) -> None:
    room = CategoryFactory.create(name="Room")
    ItemFactory.create(category=room)
    assert client.get("/categories/room/", {"page": page}).status_code == 404


def test_a_page_of_a_category_names_itself_as_canonical(client: Client, settings: Any) -> None:
    room = CategoryFactory.create(name="Room")
    for _number in range(25):
        ItemFactory.create(category=room)
    assert Page(client.get("/categories/room/?page=2&sort=price")).canonical == (
        f"{settings.SITE_URL}/categories/room/?page=2"
    )


def test_a_product_page_says_what_there_is_to_say(client: Client) -> None:
    item = ItemFactory.create(
        title="Poptorp", description="A tall vase. Thrown by hand.", price=Decimal("1234.50"), stock=6
    )
    text = Page(client.get(item.get_absolute_url())).text
    for words in ("Poptorp", "A tall vase.", "Thrown by hand.", "€1,234.50", "In stock, 6 left", "Add to cart"):
        assert words in text


def test_an_item_without_a_price_cannot_be_bought(client: Client) -> None:
    response = client.get(ItemFactory.create(price=None).get_absolute_url())
    assert "Price on request" in Page(response).text
    assert "/cart/add/" not in response.content.decode()


def test_a_sold_out_item_says_so_and_cannot_be_bought(client: Client) -> None:
    for _number in range(20):
        ItemFactory.create()
    response = client.get(ItemFactory.create(title="Poptorp", stock=0).get_absolute_url())
    assert Page(response).panels["similar"]
    assert "Poptorp is sold out." in Page(response).text
    assert "/cart/add/" not in response.content.decode()


@pytest.mark.parametrize("item_id", ["007", "a/b", "a b", "ü€", "100%", "a?b#c", "a/b/c"])
def test_any_id_works_in_an_address(client: Client, item_id: str) -> None:
    item = ItemFactory.create(item_id=item_id, title="Blaue Tasse 蓝色杯子")
    assert client.get(item.get_absolute_url()).status_code == 200
    short = item.get_absolute_url().rsplit("/", 2)[0] + "/"
    assert client.get(short).headers["Location"] == item.get_absolute_url()


def test_a_wrong_slug_leads_to_the_right_one_and_keeps_where_the_visitor_came_from(client: Client) -> None:
    item = ItemFactory.create(item_id="7", title="New name")
    response = client.get("/items/7/old-name/?from=similar&at=2")
    assert response.status_code == 301
    assert response.headers["Location"] == f"{item.get_absolute_url()}?from=similar&at=2"


def test_an_item_without_words_for_a_slug(client: Client) -> None:
    item = ItemFactory.create(item_id="7", title="…")
    assert item.get_absolute_url() == "/items/7/-/"
    assert client.get("/items/7/-/").status_code == 200


def test_structured_data_cannot_end_its_script(client: Client) -> None:
    item = ItemFactory.create(title="</script><script>alert(1)</script>", description="<!-- & ]]>")
    response = client.get(item.get_absolute_url())
    assert "<script>alert" not in response.content.decode()
    page = Page(response)
    assert page.data[0]["name"] == "</script><script>alert(1)</script>"
    assert page.inline == []


def test_structured_data_of_a_product(client: Client, settings: Any) -> None:
    settings.CURRENCY = "USD"
    kitchen = CategoryFactory.create(name="Kitchen")
    item = ItemFactory.create(item_id="7", title="Cup", price=Decimal("3.50"), brand="Nord", category=kitchen)
    product, breadcrumbs = Page(client.get(item.get_absolute_url())).data
    assert product["sku"] == "7"
    assert product["offers"]["price"] == "3.50"
    assert product["offers"]["priceCurrency"] == "USD"
    assert product["offers"]["availability"] == "https://schema.org/InStock"
    assert product["url"] == f"{settings.SITE_URL}/items/7/cup/"
    assert [step["name"] for step in breadcrumbs["itemListElement"]] == ["Kitchen", "Cup"]


def test_a_product_page_names_itself_and_its_picture(client: Client, settings: Any) -> None:
    item = ItemFactory.create(title="Cup")
    save_picture(item)
    page = Page(client.get(f"{item.get_absolute_url()}?from=similar&at=1"))
    assert page.canonical == f"{settings.SITE_URL}{item.get_absolute_url()}"
    assert page.meta["og:title"] == "Cup"
    assert page.meta["og:image"].startswith(f"{settings.SITE_URL}/media/items/")


def test_a_gallery_shows_every_picture(client: Client) -> None:
    item = ItemFactory.create(title="Cup")
    for colour in ("#111111", "#222222", "#333333"):
        save_picture(item, colour=colour)
    page = Page(client.get(item.get_absolute_url()))
    assert {"picture-1", "picture-2", "picture-3"} <= set(page.ids)


def test_looking_at_a_product_is_a_click_with_its_source(client: Client) -> None:
    item = ItemFactory.create()
    client.get(f"{item.get_absolute_url()}?from=similar&at=3")
    buffer.flush()
    action = Action.objects.get()
    assert (action.item, action.kind, action.panel, action.position) == (item, Kind.CLICK, "similar", 3)


@pytest.mark.parametrize("headers", [{"Sec-GPC": "1"}, {"Sec-Purpose": "prefetch"}, {"User-Agent": "Googlebot/2.1"}])
def test_who_is_not_to_be_recorded_is_not(client: Client, headers: dict[str, str]) -> None:
    item = ItemFactory.create()
    assert client.get(item.get_absolute_url(), headers=headers).status_code == 200
    client.head(item.get_absolute_url())
    buffer.flush()
    assert Action.objects.count() == 0


def test_staff_are_not_recorded(client: Client) -> None:
    client.force_login(UserFactory.create(is_staff=True))
    client.get(ItemFactory.create().get_absolute_url())
    buffer.flush()
    assert Action.objects.count() == 0


def test_search_puts_names_that_hold_the_phrase_first(client: Client) -> None:
    ItemFactory.create(title="Blue mug")
    ItemFactory.create(title="Tray", description="Goes with a blue mug.")
    ItemFactory.create(title="Red mug")
    response = client.get("/search/", {"q": "  blue   mug "})
    assert titles(response) == ["Blue mug", "Tray"]
    assert Page(response).meta["robots"] == "noindex, follow"


def test_search_finds_translations(client: Client) -> None:
    ItemFactory.create(title="Cup", translations={"zh-hans": {"title": "蓝色杯子"}})
    assert titles(client.get("/search/", {"q": "蓝色"})) == ["Cup"]


@pytest.mark.parametrize("words", ["", "   ", "zzzz", "%", "x" * 5000, "a " * 500, '"><script>'])
def test_any_search_gets_a_page(client: Client, words: str) -> None:
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    assert Page(response).inline == []


def test_the_page_speaks_the_language_of_the_visitor(client: Client) -> None:
    item = ItemFactory.create(title="Cup", translations={"zh-hans": {"title": "杯子"}}, price=Decimal("3.50"))
    response = client.get(item.get_absolute_url(), headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert "杯子" in Page(response).text
    assert '<html lang="zh-hans">' in response.content.decode()
    translation.activate("en")


def grow_catalogue(category: Any, *, items: int) -> None:
    for number in range(items):
        share_picture(ItemFactory.create(category=category, title=f"Mug {number}"))


@pytest.mark.parametrize("path", ["/", "/categories/kitchen/mugs/", "/search/?q=mug", "/search/?q=zzzz", "item"])
def test_queries_do_not_grow_with_the_catalogue(client: Client, path: str) -> None:
    mugs = CategoryFactory.create(name="Mugs", parent=CategoryFactory.create(name="Kitchen"))
    client.force_login(UserFactory.create())
    item = ItemFactory.create(category=mugs, title="Mug of mugs")
    client.post("/favourites/toggle/", {"item_id": item.item_id})
    client.post("/cart/add/", {"item_id": item.item_id})
    address = item.get_absolute_url() if path == "item" else path
    grow_catalogue(mugs, items=5)
    client.get(address)  # fills the cache, as any page of the last minute would have
    assert_queries_constant(lambda: client.get(address), grow=lambda: grow_catalogue(mugs, items=45))
