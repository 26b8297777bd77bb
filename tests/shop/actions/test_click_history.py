"""What a visitor did is known on their next page, from the stream and from their own cookie."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.utils import timezone

from shop.accounts.visitors import VISITOR_COOKIE, sign_key
from shop.actions.clicks import (
    HISTORY_LENGTH,
    RECENT_COOKIE,
    RECENT_LENGTH,
    RECENT_MAX_BYTES,
    RECENT_SALT,
    ActionPoint,
    HistoryPoint,
    buffer,
    click_record,
    history_of,
    recent_clicks,
)
from shop.actions.models import Action, Kind
from shop.actions.services import favourite_add, favourite_remove
from tests.factories import ActionFactory, ItemFactory, ShopperFactory, UserFactory

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def cookies_after(request: Any) -> dict[str, str]:
    """What the browser would send next time."""
    sent = {name: cookie.value for name, cookie in request.answer().cookies.items() if cookie.value}
    return {**request.COOKIES, **sent}


def cookie(entries: Any) -> dict[str, str]:
    return {RECENT_COOKIE: signing.dumps(entries, salt=RECENT_SALT, compress=True)}


def test_the_cookie_tells_the_next_page_before_anything_is_written(visit: Any, db: None) -> None:
    lamp, mug = ItemFactory.create(item_id="灯 / 1"), ItemFactory.create(item_id="m")
    first = visit()
    click_record(first, lamp)
    second = visit(cookies=cookies_after(first))
    click_record(second, mug)
    third = visit(cookies=cookies_after(second))
    assert [point.item_id for point in recent_clicks(third)] == ["灯 / 1", "m"]
    assert [(point.item_id, point.kind) for point in history_of(third)] == [("灯 / 1", 0), ("m", 0)]
    assert not Action.objects.exists()


def test_once_written_a_click_counts_once(visit: Any, db: None) -> None:
    first = visit()
    click_record(first, ItemFactory.create(item_id="lamp"))
    buffer.flush()
    after = visit(cookies=cookies_after(first))
    assert [(point.item_id, point.kind) for point in history_of(after)] == [("lamp", 0)]


def test_the_cookie_keeps_the_last_items_each_once(visit: Any, db: None) -> None:
    start = int(timezone.now().timestamp()) - 100
    entries = [[f"i{number}", start + number] for number in range(RECENT_LENGTH)]
    page = visit(cookies=cookie(entries))
    click_record(page, ItemFactory.create(item_id="i5"))
    click_record(visit(cookies=cookies_after(page)), ItemFactory.create(item_id="new"))
    assert [point.item_id for point in recent_clicks(visit(cookies=cookies_after(page)))] == [
        *(f"i{number}" for number in range(RECENT_LENGTH) if number != 5),
        "i5",
    ]


def test_the_cookie_stays_small_whatever_the_ids(visit: Any, db: None) -> None:
    entries = [[uuid.uuid4().hex * 5 + str(number), 1] for number in range(RECENT_LENGTH)]
    page = visit(cookies=cookie(entries))
    click_record(page, ItemFactory.create(item_id="last"))
    cookies = cookies_after(page)
    assert len(cookies[RECENT_COOKIE]) <= RECENT_MAX_BYTES
    assert recent_clicks(visit(cookies=cookies))[-1].item_id == "last"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "x",
        "a:b:c",
        "\x00",
        "é" * 100,
        "." * 4000,
        # A signature holds the time, and every test process must make up the same ids.
        pytest.param(signing.dumps([["i", 1]], salt="another"), id="signed for another purpose"),
        pytest.param(signing.dumps("x"), id="signed without a purpose"),
    ],
)
def test_a_forged_or_malformed_cookie_says_nothing(visit: Any, value: str) -> None:
    assert recent_clicks(visit(cookies={RECENT_COOKIE: value})) == []


@pytest.mark.parametrize("entries", ["text", 7, None, {"a": 1}, [1], [["i"]], [["i", "x"]], [[1, 1]], [["", 1]], [[]]])
def test_an_odd_but_signed_cookie_says_nothing(visit: Any, entries: Any) -> None:
    assert recent_clicks(visit(cookies=cookie(entries))) == []


def test_an_odd_entry_does_not_hide_the_others(visit: Any) -> None:
    assert recent_clicks(visit(cookies=cookie([["a", 1], "odd", ["b", 2]]))) == [
        HistoryPoint("a", 1),
        HistoryPoint("b", 2),
    ]


def test_history_is_one_query_beside_the_shopper_whatever_its_length(
    visit: Any, db: None, django_assert_num_queries: Any
) -> None:
    shopper = ShopperFactory.create()
    for length in (1, 10):
        ActionFactory.create_batch(length, shopper=shopper)
        page = visit(cookies={VISITOR_COOKIE: sign_key(shopper.visitor_key)})
        with django_assert_num_queries(1):
            assert page.visitor.shopper
        with django_assert_num_queries(1):
            assert history_of(page)


def test_history_of_a_new_visitor_asks_nothing(visit: Any, db: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert history_of(visit()) == []


def test_history_holds_every_kind_oldest_first_and_the_time_before_signing_in(visit: Any, db: None) -> None:
    user = UserFactory.create()
    account = ShopperFactory.create(account=user)
    guest = ShopperFactory.create(merged_into=account)
    ActionFactory.create(shopper=account, item__item_id="c", kind=Kind.PURCHASE, time=NOON + timedelta(hours=2))
    ActionFactory.create(shopper=guest, item__item_id="a", kind=Kind.FAVOURITE, time=NOON)
    ActionFactory.create(shopper=account, item__item_id="b", kind=Kind.CART, time=NOON + timedelta(hours=1))
    ActionFactory.create(shopper=account, item__item_id="z", kind=Kind.CLICK, time=None)
    ActionFactory.create(item__item_id="somebody else's")
    noon = NOON.timestamp()
    assert history_of(visit(user=user)) == [
        ActionPoint("z", 0, None),
        ActionPoint("a", 1, noon),
        ActionPoint("b", 2, noon + 3600),
        ActionPoint("c", 3, noon + 7200),
    ]


def test_history_is_the_last_of_a_long_stream(visit: Any, db: None) -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create(item_id="i")
    # Rows out of order, as an import may write them.
    moments = [NOON + timedelta(minutes=minute) for minute in range(HISTORY_LENGTH + 5)]
    Action.objects.bulk_create(
        Action(shopper=shopper, item=item, kind=Kind.CART, time=moment) for moment in reversed(moments)
    )
    early = [["long ago", int(NOON.timestamp())]]
    page = visit(cookies={VISITOR_COOKIE: sign_key(shopper.visitor_key)} | cookie(early))
    assert [point.time for point in history_of(page)] == [moment.timestamp() for moment in moments[5:]]


def test_a_favourite_taken_back_leaves_the_history(visit: Any, db: None) -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create(item_id="i")
    cookies = {VISITOR_COOKIE: sign_key(shopper.visitor_key)}
    favourite_add(shopper=shopper, item=item)
    assert [point.kind for point in history_of(visit(cookies=cookies))] == [Kind.FAVOURITE]
    favourite_remove(shopper=shopper, item=item)
    assert history_of(visit(cookies=cookies)) == []


def test_history_uses_the_index_by_shopper(db: None) -> None:
    shopper = ShopperFactory.create()
    plan = Action.objects.of(shopper).counted().explain()
    if connection.vendor == "sqlite":
        assert "SCAN actions_action" not in plan
        assert "action_by_shopper" in plan
