"""The home page, errors, and what machines ask of the shop."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import path as url_path

from config import urls
from config.middleware import CONTENT_SECURITY_POLICY
from shop.storefront import health
from tests.factories import CategoryFactory, ItemFactory, UserFactory
from tests.pages import Page, save_picture
from tests.query_budget import assert_within_budget

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.test import Client

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def locations(response: Any) -> list[str]:
    return [element.text or "" for element in ET.fromstring(response.content).iter(f"{SITEMAP}loc")]  # noqa: S314 - ours


def test_an_empty_shop_has_a_home_page(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "The window is being dressed" in Page(response).text


def test_the_window_shows_one_thing_that_can_be_bought_and_seen(client: Client) -> None:
    ItemFactory.create(title="Without a picture")
    changes: dict[str, dict[str, Any]] = {
        "Sold out": {"stock": 0},
        "Hidden": {"published": False},
        "On request": {"price": None},
        "The thing": {},
    }
    for title, change in changes.items():
        save_picture(ItemFactory.create(title=title, **change))
    save_picture(ItemFactory.create(title="Small picture"), size=(60, 80))
    assert client.get("/").context["featured"].title == "The thing"


def test_a_shop_without_prices_has_a_window_too(client: Client) -> None:
    save_picture(ItemFactory.create(title="The thing", price=None), size=(60, 80))
    response = client.get("/")
    assert response.context["featured"].title == "The thing"
    assert "Price on request" in Page(response).text


def test_a_shop_without_pictures_shows_a_drawn_card_in_its_window(client: Client) -> None:
    ItemFactory.create(title="Sold out", stock=0)
    ItemFactory.create(title="Toy Story (1995)", price=None)
    ItemFactory.create(title="Hidden", published=False)
    response = client.get("/")
    assert response.context["featured"].title == "Toy Story (1995)"
    assert "hero-name" in Page(response).ids
    assert '<div class="hero-picture"><span class="title-card ' in response.content.decode()


def test_categories_stand_as_pictures_with_what_is_in_them(client: Client) -> None:
    living = CategoryFactory.create(name="Living")
    vases = CategoryFactory.create(name="Vases", parent=living)
    CategoryFactory.create(name="Nothing in it")
    ItemFactory.create(category=living)
    ItemFactory.create(category=vases)
    ItemFactory.create(category=vases, published=False)
    cover = save_picture(ItemFactory.create(category=vases))
    response = client.get("/")
    assert [(place.path, place.items) for place in response.context["overview"].roots] == [("living", 3)]
    assert response.context["overview"].roots[0].cover == cover
    assert [place.path for place in response.context["overview"].rooms] == ["living/vases"]
    assert "Nothing in it" not in Page(response).text


def test_shelves_stand_in_the_first_html(client: Client) -> None:
    for _number in range(6):
        ItemFactory.create()
    panels = Page(client.get("/")).panels
    assert panels
    assert all(len(reason) >= 5 for cards in panels.values() for reason in cards.values())


def test_home_keeps_within_the_budget_with_a_cold_cache(client: Client) -> None:
    client.force_login(UserFactory.create())
    for _number in range(6):
        save_picture(ItemFactory.create(category=CategoryFactory.create()))
    cache.clear()
    assert_within_budget(lambda: client.get("/"), budget=14)


@pytest.mark.parametrize("path", ["/", "/cart/", "/favourites/", "/account/sign-in/", "/account/sign-up/", "/nowhere/"])
def test_no_page_needs_inline_code(client: Client, path: str) -> None:
    save_picture(ItemFactory.create(category=CategoryFactory.create()))
    response = client.get(path)
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    page = Page(response)
    assert page.inline == []
    assert len(page.ids) == len(set(page.ids))


def test_an_inline_script_would_be_seen(rf: Any) -> None:
    from django.http import HttpResponse

    assert Page(HttpResponse("<p onclick=x style=y><script>a()</script><style></style>")).inline == [
        "onclick",
        "style",
        "a()",
        "style",
    ]


def test_a_missing_page_helps(client: Client) -> None:
    for _number in range(4):
        ItemFactory.create()
    response = client.get("/nowhere/")
    assert response.status_code == 404
    page = Page(response)
    assert "There is nothing at this address" in page.text
    assert page.panels["trending"]


def test_a_broken_page_says_what_is_safe(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    monkeypatch.setattr(urls, "urlpatterns", [url_path("broken/", broken)])
    from django.urls import clear_url_caches

    clear_url_caches()
    client.raise_request_exception = False
    try:
        response = client.get("/broken/")
    finally:
        monkeypatch.undo()
        clear_url_caches()
    assert response.status_code == 500
    assert "Your cart, favourites and orders are safe" in Page(response).text


def test_a_form_without_its_token_is_told_so() -> None:
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/cart/add/", {"item_id": "1"})
    assert response.status_code == 403
    assert "Please send it once more" in Page(response).text


def test_alive_asks_nobody(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").content == b"ok\n"


def test_ready_asks_everyone(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_checks", {})
    answers = {"bundle": ""}
    health.register_check("bundle", lambda: answers["bundle"])
    assert client.get("/readyz").json() == {"database": "ok", "bundle": "ok"}
    answers["bundle"] = "no bundle at /secret/place"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "bundle": "failed"}


def test_ready_notices_a_database_that_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def no_cursor() -> None:
        raise OperationalError("no route to host")

    monkeypatch.setattr(health, "_checks", {})
    monkeypatch.setattr(connection, "cursor", no_cursor)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "failed"}


def test_robots_may_read_what_is_the_same_for_everyone(client: Client, settings: Any) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in lines
    assert "Disallow: /cart/" in lines
    assert "Disallow: /" not in lines


def test_the_sitemap_names_items_and_categories(client: Client) -> None:
    kitchen = CategoryFactory.create(name="Kitchen")
    item = ItemFactory.create(item_id="a/b", title="Cup & saucer", category=kitchen)
    ItemFactory.create(title="Hidden", published=False)
    sections = locations(client.get("/sitemap.xml"))
    assert [address.rsplit("/", 1)[1] for address in sections] == [
        "sitemap-home.xml",
        "sitemap-categories.xml",
        "sitemap-items.xml",
    ]
    assert locations(client.get("/sitemap-home.xml")) == ["http://testserver/", "http://testserver/about/"]
    assert locations(client.get("/sitemap-items.xml")) == [f"http://testserver{item.get_absolute_url()}"]
    assert locations(client.get("/sitemap-categories.xml")) == ["http://testserver/categories/kitchen/"]


def test_the_sitemap_of_many_items_is_paged(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from shop.storefront import sitemaps

    monkeypatch.setattr(sitemaps.ItemSitemap, "limit", 2)
    for _number in range(5):
        ItemFactory.create()
    assert [address for address in locations(client.get("/sitemap.xml")) if "items" in address] == [
        "http://testserver/sitemap-items.xml",
        "http://testserver/sitemap-items.xml?p=2",
        "http://testserver/sitemap-items.xml?p=3",
    ]
    assert len(locations(client.get("/sitemap-items.xml?p=3"))) == 1


def test_pictures_are_served_for_ever_and_run_nothing(client: Client) -> None:
    image = save_picture(ItemFactory.create(price=Decimal(1)))
    response: Any = client.get(image.file.url)
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert b"".join(response.streaming_content)[:4] == b"\x89PNG"
    response.close()


@pytest.mark.parametrize(
    "path", ["../secret", "..%2Fsecret", "items/../../secret", "%2e%2e/secret", "//etc/passwd", "", ".journal"]
)
def test_nothing_outside_the_media_folder_is_served(client: Client, settings: Any, path: str) -> None:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir()
    (root.parent / "secret").write_text("secret")
    (root / ".journal").write_text("secret")
    assert client.get(f"/media/{path}").status_code == 404
