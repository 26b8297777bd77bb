"""The feed tells every change once, also one that is committed late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recommender.newcomers import feed
from recommender.newcomers.feed import ChangeFeed, read_items, still_there
from recommender.snapshot import content_marks, read_pictures
from recommender.snapshot import read_items as read_all
from shop.catalogue.models import Item
from tests.factories import CategoryFactory, ItemFactory
from tests.recommender.tiny_shop import fill_items, fill_pictures

pytestmark = pytest.mark.django_db

NOW = datetime.now(tz=UTC)


@pytest.fixture(autouse=True)
def _as_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items are touched relative to when they are made, not to when this file was read."""
    monkeypatch.setattr(f"{__name__}.NOW", datetime.now(tz=UTC))


def touch(item: Item, moment: datetime) -> None:
    Item.objects.filter(pk=item.pk).update(updated_at=moment)


def test_a_change_is_told_once() -> None:
    old, item = ItemFactory.create(), ItemFactory.create()
    touch(old, NOW - timedelta(days=2))
    following = ChangeFeed(NOW)
    assert following.changed() == [item.pk]
    assert following.changed() == []
    touch(old, NOW + timedelta(seconds=1))
    assert following.changed() == [old.pk]
    assert following.changed() == []


def test_what_is_committed_a_little_late_is_not_missed() -> None:
    first, late = ItemFactory.create(), ItemFactory.create()
    touch(late, NOW - timedelta(days=2))
    touch(first, NOW + timedelta(seconds=10))
    following = ChangeFeed(NOW)
    following.changed()
    touch(late, NOW + timedelta(seconds=8))  # it began before the first and ended after it
    assert following.changed() == [late.pk]


def test_what_is_committed_very_late_is_found_by_looking_far_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "FAR_EVERY", 3)
    first, late = ItemFactory.create(), ItemFactory.create()
    touch(late, NOW - timedelta(days=2))
    touch(first, NOW + timedelta(minutes=20))
    following = ChangeFeed(NOW)
    following.changed()
    touch(late, NOW + timedelta(minutes=1))
    assert following.changed() == []
    assert following.changed() == []
    assert following.changed() == [late.pk]


def test_a_new_item_is_found_by_its_key_however_late() -> None:
    touch(ItemFactory.create(), NOW + timedelta(minutes=20))
    following = ChangeFeed(NOW)
    following.changed()
    new = ItemFactory.create()
    touch(new, NOW - timedelta(days=1))
    assert following.changed() == [new.pk]
    assert following.changed() == []


def test_an_empty_shop_has_no_changes() -> None:
    following = ChangeFeed(NOW)
    assert following.changed() == []
    assert following.changed() == []


def test_items_are_read_with_the_words_and_marks_of_training(settings: Any) -> None:
    items = fill_items(5)
    fill_pictures(items[:3], Path(settings.MEDIA_ROOT))
    parent = CategoryFactory.create(name="Tall things")
    items[4].category = CategoryFactory.create(name="Lamps & more", parent=parent)
    items[4].save()
    table = read_all()
    pictures = read_pictures(table, picture_size=50)
    found = read_items([item.pk for item in items], picture_size=50)
    assert [one.item_id for one in found] == list(table.ids)
    assert [one.words for one in found] == list(table.texts)
    assert [one.category for one in found] == list(table.categories)
    assert [one.created for one in found] == table.created.tolist()
    assert [one.mark for one in found] == content_marks(table, pictures).tolist()
    assert [path for one in found for path in one.pictures] == list(pictures.paths)


def test_reading_many_items_costs_three_queries(django_assert_num_queries: Any) -> None:
    keys = [item.pk for item in fill_items(40)]
    with django_assert_num_queries(3):
        assert len(read_items([*keys, 10**9], picture_size=50)) == 40


def test_which_are_still_there() -> None:
    item = ItemFactory.create()
    assert still_there([item.pk, item.pk + 1]) == {item.pk}


def test_a_variant_is_not_to_be_recommended() -> None:
    head = ItemFactory.create()
    variant = ItemFactory.create(variant_of=head, variant_name="S")
    found = {item.key: item.published for item in read_items([head.pk, variant.pk], picture_size=50)}
    assert found == {head.pk: True, variant.pk: False}
