"""What learning gets to see of the shop."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from recommender.snapshot import take_snapshot
from shop.actions.models import Action, ImportBatch, Kind
from shop.catalogue.models import Category, ItemImage
from tests.factories import ActionFactory, ItemFactory, ShopperFactory, UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)


def test_an_empty_shop_gives_empty_tables() -> None:
    snapshot = take_snapshot()
    assert len(snapshot.items.ids) == 0
    assert len(snapshot.users.ids) == 0
    assert len(snapshot.log) == 0
    assert snapshot.pictures.paths == ()
    assert snapshot.watermark.to_json() == {"action_key": 0, "actions": 0, "end": None}


def test_items_come_with_all_their_words() -> None:
    shoes = Category.objects.create(name="Shoes & boots", parent=Category.objects.create(name="Apparel"))
    ItemFactory.create(
        item_id="007",
        title="Runner",
        description="Light.",
        brand="Nimbus",
        colour="Red",
        category=shoes,
        tag=" sneaker ",
        attributes={"sole": "rubber"},
        translations={"zh-hans": {"title": "跑鞋"}},
    )
    ItemFactory.create(item_id="7", title="", description="Only words", published=False)
    items = take_snapshot().items
    assert items.ids.ids == ("007", "7")
    assert items.texts == ("Runner\nLight.\nNimbus\nRed\napparel Shoes & boots\nrubber\n跑鞋", "Only words")
    assert items.tags == ("sneaker", "")
    assert items.categories == ("apparel/shoes-boots", "")
    assert items.published.tolist() == [True, False]
    assert items.created[0] == pytest.approx(time.time(), abs=60)


def test_items_come_with_all_their_tags_the_one_that_trains_first() -> None:
    ItemFactory.create(tag=" Drama ", tags=[" Drama ", "Comedy", "", " Drama", "Crime "])
    ItemFactory.create(tag="", tags=[])
    ItemFactory.create(tag="Crime", tags=["Comedy", "Crime"])
    items = take_snapshot().items
    assert items.all_tags == (("Drama", "Comedy", "Crime"), (), ("Crime", "Comedy"))
    assert items.tags == ("Drama", "", "Crime")


def test_actions_come_in_order_with_their_times_and_values() -> None:
    item, shopper = ItemFactory.create(), ShopperFactory.create()
    ActionFactory.create(item=item, shopper=shopper, kind=Kind.PURCHASE, time=NOON, value=4.5)
    ActionFactory.create(item=item, shopper=shopper, kind=Kind.CLICK, time=None, simulated=True)
    log = take_snapshot().log
    assert log.users.tolist() == [0, 0]
    assert log.kinds.tolist() == [3, 0]
    assert log.times[0] == NOON.timestamp()
    assert np.isnan(log.times[1])
    assert log.values[0] == 4.5
    assert np.isnan(log.values[1])
    assert log.simulated.tolist() == [False, True]
    assert log.end == NOON.timestamp()


def test_what_was_taken_back_or_never_finished_does_not_count() -> None:
    ActionFactory.create(undone_at=timezone.now())
    ActionFactory.create(batch=ImportBatch.objects.create(checksum="a", file_name="half.csv"))
    kept = ActionFactory.create(batch=ImportBatch.objects.create(checksum="b", file_name="whole.csv", published=True))
    snapshot = take_snapshot()
    assert len(snapshot.log) == 1
    assert snapshot.items.ids.id(int(snapshot.log.items[0])) == kept.item.item_id
    assert snapshot.watermark.actions == 1
    assert Action.with_unpublished.count() == 3


def test_what_a_visitor_did_before_signing_in_is_the_accounts() -> None:
    account = ShopperFactory.create(user_id="ada", account=UserFactory.create())
    guest = ShopperFactory.create(merged_into=account)
    ActionFactory.create(shopper=guest)
    ActionFactory.create(shopper=account)
    snapshot = take_snapshot()
    assert snapshot.users.ids.ids == ("ada",)
    assert snapshot.log.users.tolist() == [0, 0]


def test_a_clock_that_runs_ahead_is_brought_back() -> None:
    ActionFactory.create(time=timezone.now() + timedelta(days=4000))
    snapshot = take_snapshot()
    assert snapshot.log.end <= snapshot.taken_at


def test_demographics_are_optional() -> None:
    ShopperFactory.create(gender="F", age=30, occupation="baker")
    ShopperFactory.create()
    users = take_snapshot().users
    assert users.genders == ("F", "")
    assert users.occupations == ("baker", "")
    assert users.ages[0] == 30
    assert np.isnan(users.ages[1])


def test_pictures_belong_to_rows_in_their_order(settings: Any) -> None:
    ItemFactory.create()
    second = ItemFactory.create()
    for position, name in ((1, "back.jpg"), (0, "front.jpg")):
        ItemImage.objects.bulk_create(
            [ItemImage(item=second, position=position, file=name, width=9, height=9, checksum=name, renditions=[])]
        )
    pictures = take_snapshot().pictures
    assert [path.name for path in pictures.paths] == ["front.jpg", "back.jpg"]
    assert pictures.items.tolist() == [1, 1]
    assert pictures.paths[0].parent == settings.MEDIA_ROOT


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: Callable[..., Any]) -> None:
    ActionFactory.create_batch(2)
    with django_assert_num_queries(8):
        take_snapshot()
    ActionFactory.create_batch(18)
    with django_assert_num_queries(8):
        take_snapshot()


def test_variants_are_no_items_and_what_was_done_to_them_counts_for_their_head() -> None:
    head = ItemFactory.create(item_id="tee")
    small = ItemFactory.create(item_id="tee-s", variant_of=head, variant_name="S")
    other = ItemFactory.create(item_id="mug")
    ItemImage.objects.create(item=small, file="items/s.png", width=1, height=1, checksum="0" * 64)
    for item in (small, other, head, small):
        ActionFactory.create(item=item)
    snapshot = take_snapshot()
    assert snapshot.items.ids.ids == ("tee", "mug")
    assert [snapshot.items.ids.id(row) for row in snapshot.log.items.tolist()] == ["tee", "mug", "tee", "tee"]
    assert snapshot.pictures.paths == ()
