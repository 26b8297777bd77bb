"""What search engines and previews in other places are told of each page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from shop.storefront.templatetags import storefront as tags
from tests.factories import CategoryFactory, ItemFactory
from tests.pages import save_picture

if TYPE_CHECKING:
    from typing import Any

    from django.test import Client

pytestmark = pytest.mark.django_db


def head_of(client: Client, path: str) -> str:
    return client.get(path).content.decode().partition("</head>")[0]


def meta(head: str, name: str) -> list[str]:
    return re.findall(rf'<meta (?:property|name)="{name}"\s+content="([^"]*)"', head)


def structured(head: str) -> list[Any]:
    return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', head)]


def test_home_tells_of_the_shop_and_its_search(client: Client, settings: Any) -> None:
    shop, site = structured(head_of(client, "/"))
    assert (shop["@type"], shop["name"], shop["url"]) == ("Organization", "Vitrine", f"{settings.SITE_URL}/")
    assert site["@type"] == "WebSite"
    assert site["publisher"]["@id"] == shop["@id"]
    assert site["potentialAction"]["target"] == f"{settings.SITE_URL}/search/?q={{search_term_string}}"


@pytest.mark.parametrize("path", ["/", "/about/", "/categories/vases/"])
def test_pages_can_be_shared(client: Client, settings: Any, path: str) -> None:
    ItemFactory.create(category=CategoryFactory.create(name="Vases"))
    head = head_of(client, path)
    assert len(meta(head, "og:title")) == 1
    assert meta(head, "og:url") == [f"{settings.SITE_URL}{path}"]
    assert meta(head, "og:locale") == ["en_GB"]
    assert all(address.startswith(settings.SITE_URL) for address in meta(head, "og:image"))
    assert meta(head, "twitter:card") in (["summary"], ["summary_large_image"])


def test_home_is_shared_with_its_thing_of_the_day(client: Client, settings: Any) -> None:
    save_picture(ItemFactory.create(title="The thing"))
    head = head_of(client, "/")
    assert meta(head, "og:image")[0].startswith(f"{settings.SITE_URL}/media/")
    assert meta(head, "og:image:alt") == ["The thing"]


def test_titles_and_descriptions_are_each_page_s_own(client: Client) -> None:
    category = CategoryFactory.create(name="Vases")
    item = ItemFactory.create(title="Olno vase", description="Holds one twig.", category=category)
    heads = [head_of(client, path) for path in ("/", "/about/", "/categories/vases/", item.get_absolute_url())]
    titles = [re.findall(r"<title>(.*?)</title>", head, re.DOTALL)[0].strip() for head in heads]
    assert len(set(titles)) == len(titles)
    descriptions = [meta(head, "description") for head in heads]
    assert all(len(found) == 1 and found[0] for found in descriptions)
    assert len({found[0] for found in descriptions}) == len(heads)


@pytest.mark.parametrize("query", ["?utm_source=letter", "?from=similar&at=2", "?sort=price"])
def test_the_canonical_address_knows_no_tracking_and_no_sorting(client: Client, settings: Any, query: str) -> None:
    ItemFactory.create(category=CategoryFactory.create(name="Vases"))
    head = head_of(client, f"/categories/vases/{query}")
    assert re.findall(r'<link rel="canonical"\s+href="([^"]*)"', head) == [f"{settings.SITE_URL}/categories/vases/"]


def test_text_cannot_end_the_script(client: Client) -> None:
    item = ItemFactory.create(title="</script><script>alert(1)</script>")
    text = client.get(item.get_absolute_url()).content.decode()
    assert "<script>alert(1)" not in text
    assert any(data.get("name") == item.title for data in structured(text))


@pytest.mark.parametrize(("language", "locale"), [("en", "en_GB"), ("zh-hans", "zh_CN"), ("fr", "fr")])
def test_languages_as_previews_name_them(language: str, locale: str) -> None:
    assert tags.social_locale(language) == locale
