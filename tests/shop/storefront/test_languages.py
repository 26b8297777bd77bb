"""The language of the pages: wished for by the browser, chosen by the visitor, remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from shop.storefront.languages import UnknownLanguage, language_choose
from tests.factories import UserFactory
from tests.pages import Page

if TYPE_CHECKING:
    from typing import Any

    from django.test import Client

pytestmark = pytest.mark.django_db

COOKIE = settings.LANGUAGE_COOKIE_NAME


def language_of(client: Client, path: str = "/", **headers: str) -> str:
    response = client.get(path, headers=headers)
    return response.content.decode().partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.5", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("fr,de;q=0.9", "en"),
        ("fr,zh;q=0.4", "zh-hans"),
    ],
)
def test_the_first_visit_follows_the_browser(client: Client, wish: str, language: str) -> None:
    assert language_of(client, **{"Accept-Language": wish}) == language


def test_a_choice_is_remembered_and_stronger_than_the_browser(client: Client) -> None:
    response = client.post("/language/", {"language": "zh-hans", "next": "/cart/?a=1"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/cart/?a=1"
    cookie = response.cookies[COOKIE]
    assert (cookie.value, cookie["samesite"], cookie["max-age"] > 300 * 86400) == ("zh-hans", "Lax", True)
    assert language_of(client, **{"Accept-Language": "en"}) == "zh-hans"


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "foo", "?x", "#a", ""]
)
def test_nobody_is_sent_to_another_site(client: Client, target: str) -> None:
    response = client.post("/language/", {"language": "zh-hans", "next": target})
    assert response.headers["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client, visit: Any) -> None:
    response = client.post("/language/", {"language": "tlh", "next": "/cart/"})
    assert response.headers["Location"] == "/cart/"
    assert COOKIE not in response.cookies
    with pytest.raises(UnknownLanguage):
        language_choose(visit("/"), "tlh")


def test_a_link_cannot_choose(client: Client) -> None:
    assert client.get("/language/?language=zh-hans").status_code == 405


def test_the_account_remembers(client: Client) -> None:
    user = UserFactory.create()
    client.force_login(user)
    client.post("/language/", {"language": "zh-hans"})
    user.refresh_from_db()
    assert user.language == "zh-hans"


def test_signing_in_elsewhere_brings_the_language(client: Client) -> None:
    user = UserFactory.create(password="a-quiet-password", language="zh-hans")
    form = {"username": user.email, "password": "a-quiet-password"}
    assert language_of(client) == "en"
    client.post("/account/sign-in/", form)
    assert language_of(client) == "zh-hans"


def test_a_choice_of_this_browser_stays_at_signing_in(client: Client) -> None:
    user = UserFactory.create(password="a-quiet-password", language="zh-hans")
    client.post("/language/", {"language": "en"})
    client.post("/account/sign-in/", {"username": user.email, "password": "a-quiet-password"})
    assert language_of(client) == "en"


def test_pages_say_what_they_vary_by(client: Client) -> None:
    response = client.get("/")
    assert {"Accept-Language", "Cookie"} <= {word.strip() for word in response.headers["Vary"].split(",")}
    assert response.headers["Content-Language"] == "en"


def test_every_page_offers_the_other_languages(client: Client) -> None:
    text = Page(client.get("/about/")).text
    assert "简体中文" in text
    client.post("/language/", {"language": "zh-hans"})
    assert "English" in Page(client.get("/about/")).text
