"""The stream is only added to; favourites come and go with it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial

import pytest
from django.db import transaction

from shop.actions.models import Action, Favourite, ImportBatch, Kind
from shop.actions.services import action_record, actions_undo, favourite_add, favourite_remove
from shop.actions.sources import ActionSource
from tests.concurrency import run_together
from tests.factories import ActionFactory, ItemFactory, ShopperFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_an_action_says_where_it_came_from() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create()
    action = action_record(
        shopper=shopper, item=item, kind=Kind.CART, panel="similar", position=3, bundle="b1", value=4.5
    )
    action.refresh_from_db()
    assert (action.kind, action.panel, action.position, action.bundle, action.value) == (2, "similar", 3, "b1", 4.5)
    assert action.time is not None


def test_an_action_belongs_to_the_callers_transaction() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create()
    with transaction.atomic():
        action_record(shopper=shopper, item=item, kind=Kind.CLICK)
        transaction.set_rollback(True)
    assert not Action.objects.exists()


def test_saving_twice_saves_and_records_once() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create()
    source = ActionSource(panel="for_you", position=0, bundle="b1")
    assert favourite_add(shopper=shopper, item=item, source=source)
    assert not favourite_add(shopper=shopper, item=item, source=source)
    assert Favourite.objects.count() == 1
    assert list(Action.objects.values_list("kind", "panel", "position", "bundle")) == [(1, "for_you", 0, "b1")]


def test_a_favourite_of_somebody_who_may_not_be_recorded_is_only_saved() -> None:
    assert favourite_add(
        shopper=ShopperFactory.create(), item=ItemFactory.create(), source=ActionSource(recorded=False)
    )
    assert Favourite.objects.count() == 1
    assert not Action.objects.exists()


def test_taking_a_favourite_back_marks_its_actions_and_nothing_else() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create()
    favourite_add(shopper=shopper, item=item)
    click = ActionFactory.create(shopper=shopper, item=item)
    other_item = ActionFactory.create(shopper=shopper, kind=Kind.FAVOURITE)
    other_shopper = ActionFactory.create(item=item, kind=Kind.FAVOURITE)
    assert favourite_remove(shopper=shopper, item=item)
    assert not Favourite.objects.exists()
    assert set(Action.objects.counted()) == {click, other_item, other_shopper}
    assert Action.objects.count() == 4, "the stream still tells what happened"


def test_taking_back_what_was_never_saved_changes_nothing() -> None:
    action = ActionFactory.create(kind=Kind.FAVOURITE)
    assert not favourite_remove(shopper=action.shopper, item=action.item)
    assert list(Action.objects.counted()) == [action]


def test_saving_again_after_taking_back_counts_again() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create()
    favourite_add(shopper=shopper, item=item)
    favourite_remove(shopper=shopper, item=item)
    favourite_add(shopper=shopper, item=item)
    assert Action.objects.counted().count() == 1
    assert Action.objects.count() == 2


def test_a_favourite_from_before_signing_in_is_undone_too() -> None:
    account = ShopperFactory.create(account=UserFactory.create())
    guest = ShopperFactory.create(merged_into=account)
    item = ItemFactory.create()
    Favourite.objects.create(shopper=account, item=item)
    ActionFactory.create(shopper=guest, item=item, kind=Kind.FAVOURITE)
    favourite_remove(shopper=account, item=item)
    assert not Action.objects.counted().exists()


def test_undo_by_moment_leaves_other_moments() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create()
    monday, tuesday = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 17, tzinfo=UTC)
    first = action_record(shopper=shopper, item=item, kind=Kind.PURCHASE, time=monday)
    action_record(shopper=shopper, item=item, kind=Kind.PURCHASE, time=tuesday)
    assert actions_undo(shopper=shopper, items=[item.pk], kind=Kind.PURCHASE, time=tuesday) == 1
    assert list(Action.objects.counted()) == [first]


def test_undone_once_is_undone_for_good() -> None:
    action = ActionFactory.create(kind=Kind.FAVOURITE)
    undo = partial(actions_undo, shopper=action.shopper, items=[action.item], kind=Kind.FAVOURITE)
    assert (undo(), undo()) == (1, 0)


def test_rows_of_an_unfinished_import_are_not_there_yet() -> None:
    batch = ImportBatch.objects.create(checksum="0" * 64, file_name="actions.csv")
    action = ActionFactory.create(batch=batch)
    assert not Action.objects.of(action.shopper).exists()
    ImportBatch.objects.update(published=True)
    assert Action.objects.of(action.shopper).exists()


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_record_one_action() -> None:
    shopper, item = ShopperFactory.create(), ItemFactory.create()
    results = run_together(*[partial(favourite_add, shopper=shopper, item=item)] * 2)
    assert sorted(results) == [False, True]
    assert Action.objects.count() == 1


def test_what_is_done_to_a_variant_is_told_and_taken_back_of_its_head() -> None:
    head = ItemFactory.create()
    variant = ItemFactory.create(variant_of=head, variant_name="S")
    shopper = ShopperFactory.create()
    action = action_record(shopper=shopper, item=variant, kind=Kind.CART)
    assert action.item_id == head.pk
    assert actions_undo(shopper=shopper, items=[variant], kind=Kind.CART) == 1


def test_of_a_variant_the_head_is_saved_at_its_price() -> None:
    shopper, head = ShopperFactory.create(), ItemFactory.create(price=Decimal(7))
    large = ItemFactory.create(variant_of=head, variant_name="Large", price=Decimal(9))
    assert favourite_add(shopper=shopper, item=large)
    assert not favourite_add(shopper=shopper, item=head)
    favourite = Favourite.objects.get()
    assert (favourite.item, favourite.price_when_saved) == (head, Decimal(7))
    assert set(Action.objects.values_list("item", flat=True)) == {head.pk}
    assert favourite_remove(shopper=shopper, item=large)
    assert not Action.objects.counted().exists()
