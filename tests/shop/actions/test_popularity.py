"""How popular items are, counted from what was done to them."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.utils import timezone

from shop.actions.models import Action, ImportBatch, Kind
from shop.actions.popularity import popularity_refresh, popularity_refresh_when_due
from shop.catalogue.models import Item
from tests.concurrency import run_together
from tests.factories import ActionFactory, CategoryFactory, ItemFactory

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def popularity(item: Item) -> int:
    return Item.objects.get(pk=item.pk).popularity


def test_a_purchase_counts_more_than_a_click() -> None:
    item = ItemFactory.create()
    for kind in (Kind.CLICK, Kind.CLICK, Kind.FAVOURITE, Kind.CART, Kind.PURCHASE):
        ActionFactory.create(item=item, kind=kind)
    assert popularity_refresh() == 1
    assert popularity(item) == 1 + 1 + 3 + 5 + 10
    assert popularity_refresh() == 0


def test_what_is_undone_erased_or_not_published_does_not_count() -> None:
    item = ItemFactory.create()
    kept = ActionFactory.create(item=item)
    ActionFactory.create(item=item, kind=Kind.PURCHASE, undone_at=timezone.now())
    ActionFactory.create(item=item, kind=Kind.CART, batch=ImportBatch.objects.create(checksum="c", file_name="f"))
    popularity_refresh()
    assert popularity(item) == 1
    Action.with_unpublished.filter(pk=kept.pk).delete()
    popularity_refresh()
    assert popularity(item) == 0


def test_only_the_last_days_of_the_log_count_however_old_the_log_is() -> None:
    item = ItemFactory.create()
    end = timezone.now() - timedelta(days=4000)
    ActionFactory.create(item=item, time=end)
    ActionFactory.create(item=item, time=end - timedelta(days=89))
    ActionFactory.create(item=item, time=end - timedelta(days=91), kind=Kind.PURCHASE)
    ActionFactory.create(item=item, time=None, kind=Kind.CART)
    popularity_refresh()
    assert popularity(item) == 1 + 1 + 5


def test_counting_does_not_make_an_item_look_changed() -> None:
    item = ActionFactory.create().item
    before = Item.objects.get(pk=item.pk).updated_at
    popularity_refresh()
    assert Item.objects.get(pk=item.pk).updated_at == before


def test_it_is_counted_now_and_then() -> None:
    ActionFactory.create()
    assert popularity_refresh_when_due()
    assert not popularity_refresh_when_due()


def test_lists_can_be_sorted_by_it(client: Client) -> None:
    room = CategoryFactory.create(name="Room")
    first, second, _third = (ItemFactory.create(title=title, category=room) for title in "ABC")
    ActionFactory.create(item=first)
    ActionFactory.create(item=second, kind=Kind.PURCHASE)
    popularity_refresh()
    page = client.get("/categories/room/?sort=popular").context["listing"].page
    assert [item.title for item in page] == ["B", "A", "C"]


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_counting_and_a_checkout_never_wait_for_each_other_in_a_circle() -> None:
    """Both take the items in the order of their keys, wherever the rows lie in the table."""
    first, second = ItemFactory.create(stock=5), ItemFactory.create(stock=5)
    for item in (first, second):
        ActionFactory.create(item=item, kind=Kind.CLICK)
    Item.objects.filter(pk=first.pk).update(title="Written anew, so it lies behind the second")
    has_first = threading.Event()

    def check_out() -> None:
        with transaction.atomic():
            Item.objects.filter(pk=first.pk).update(stock=4)
            has_first.set()
            time.sleep(0.5)
            Item.objects.filter(pk=second.pk).update(stock=4)

    def count() -> int:
        has_first.wait(timeout=20)
        return popularity_refresh()

    assert run_together(check_out, count) == [None, 2]
    assert list(Item.objects.values_list("stock", "popularity")) == [(4, 1), (4, 1)]
