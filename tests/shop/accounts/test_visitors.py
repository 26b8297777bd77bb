"""Who is recognised, and who may be recorded."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import Shopper, User
from shop.accounts.visitors import VISITOR_COOKIE, read_key, sign_key
from tests.factories import ShopperFactory, UserFactory

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def cookie_of(shopper: Shopper) -> dict[str, str]:
    return {VISITOR_COOKIE: sign_key(shopper.visitor_key)}


def test_the_key_of_the_cookie_is_recognised() -> None:
    key = uuid.uuid4()
    assert read_key({VISITOR_COOKIE: sign_key(key)}) == key


@pytest.mark.parametrize("cookie", ["", "x", "abc:def", f"{uuid.UUID(int=7).hex}:forged", "\x00", "a" * 5000])
def test_forged_and_malformed_cookies_are_no_key(cookie: str) -> None:
    assert read_key({VISITOR_COOKIE: cookie}) is None


def test_looking_around_sends_no_cookie_and_writes_nothing(
    visit: Any, db: None, django_assert_num_queries: Any
) -> None:
    request = visit()
    with django_assert_num_queries(0):
        assert request.visitor.shopper is None
        assert request.visitor.is_new
    assert VISITOR_COOKIE not in request.answer().cookies
    assert not Shopper.objects.exists()


def test_the_cookie_is_sent_when_the_key_is_in_use(visit: Any, db: None) -> None:
    request = visit()
    shopper = request.visitor.require_shopper()
    cookie = request.answer().cookies[VISITOR_COOKIE]
    assert read_key({VISITOR_COOKIE: cookie.value}) == shopper.visitor_key
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 3600
    assert not cookie["secure"]


def test_the_cookie_is_secure_under_https(visit: Any, db: None, settings: Any) -> None:
    settings.HTTPS = True
    request = visit()
    request.visitor.require_shopper()
    assert request.answer().cookies[VISITOR_COOKIE]["secure"]


def test_a_known_visitor_is_found_with_one_query_and_gets_no_new_cookie(
    visit: Any, db: None, django_assert_num_queries: Any
) -> None:
    shopper = ShopperFactory.create()
    request = visit(cookies=cookie_of(shopper))
    with django_assert_num_queries(1):
        assert request.visitor.shopper == shopper
        assert request.visitor.shopper == shopper
        assert request.visitor.require_shopper() == shopper
    assert VISITOR_COOKIE not in request.answer().cookies


def test_an_account_is_found_with_one_query_whatever_the_cookie_says(
    visit: Any, db: None, django_assert_num_queries: Any
) -> None:
    user = UserFactory.create()
    shopper = ShopperFactory.create(account=user)
    request = visit(user=User.objects.get(pk=user.pk), cookies=cookie_of(ShopperFactory.create()))
    with django_assert_num_queries(1):
        assert request.visitor.shopper == shopper
        assert request.visitor.shopper == shopper


def test_an_account_without_a_shopper_gets_one_when_needed(visit: Any, db: None) -> None:
    user = UserFactory.create()
    request = visit(user=user)
    assert request.visitor.shopper is None
    assert request.visitor.require_shopper().account == user


def test_the_key_of_a_guest_who_signed_in_speaks_for_nobody(visit: Any, db: None) -> None:
    account = ShopperFactory.create(account=UserFactory.create())
    guest = ShopperFactory.create(merged_into=account)
    request = visit(cookies=cookie_of(guest))
    assert request.visitor.shopper is None
    fresh = request.visitor.require_shopper()
    assert fresh not in {guest, account}
    assert read_key({VISITOR_COOKIE: request.answer().cookies[VISITOR_COOKIE].value}) == fresh.visitor_key


def test_the_key_of_an_accounts_shopper_does_not_sign_in(visit: Any, db: None) -> None:
    account = ShopperFactory.create(account=UserFactory.create())
    assert visit(cookies=cookie_of(account)).visitor.shopper is None


@pytest.mark.parametrize(
    ("method", "headers", "counts"),
    [
        ("GET", {"User-Agent": FIREFOX}, True),
        ("POST", {"User-Agent": FIREFOX}, True),
        ("GET", {}, True),
        ("HEAD", {"User-Agent": FIREFOX}, False),
        ("GET", {"User-Agent": FIREFOX, "Sec-GPC": "1"}, False),
        ("GET", {"User-Agent": FIREFOX, "Sec-GPC": "0"}, True),
        ("GET", {"User-Agent": FIREFOX, "Purpose": "prefetch"}, False),
        ("GET", {"User-Agent": FIREFOX, "Sec-Purpose": "prefetch;prerender"}, False),
        ("GET", {"User-Agent": FIREFOX, "X-Moz": "prefetch"}, False),
        ("GET", {"User-Agent": FIREFOX, "Purpose": "navigate"}, True),
    ],
)
def test_who_may_be_recorded(visit: Any, method: str, headers: dict[str, str], *, counts: bool) -> None:
    assert visit(method=method, headers=headers).visitor.may_be_recorded is counts


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
        "WhatsApp/2.23.20.0",
        "Scrapy/2.11 (+https://scrapy.org)",
        "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
        "Applebot/0.1",
        "Pingdom.com_bot_version_1.4",
        "Mozilla/5.0 (compatible; archive.org_bot +http://archive.org/details/archive.org_bot)",
    ],
)
def test_robots_are_not_recorded(visit: Any, agent: str) -> None:
    assert not visit(headers={"User-Agent": agent}).visitor.may_be_recorded


@pytest.mark.parametrize(
    "agent",
    [
        FIREFOX,
        "Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
    ],
)
def test_browsers_are_recorded(visit: Any, agent: str) -> None:
    assert visit(headers={"User-Agent": agent}).visitor.may_be_recorded


def test_staff_are_not_recorded(visit: Any, db: None) -> None:
    assert not visit(user=UserFactory.create(is_staff=True)).visitor.may_be_recorded
    assert visit(user=UserFactory.create()).visitor.may_be_recorded


def test_the_middleware_is_installed(client: Client, db: None) -> None:
    request = client.get("/nowhere/").wsgi_request
    assert request.visitor.is_new  # type: ignore[attr-defined]
