"""The index is right after every way of writing, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from shop.catalogue.models import Category, Item
from shop.search.engines import engine_for
from shop.search.index import index_in_bulk, index_rebuild, keep_after_migrate, release_for_migrate
from shop.search.words import parse
from tests.factories import CategoryFactory, ItemFactory

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[str]:
    """Ids of the items that hold the words, whether listed or not: what the index itself knows."""
    items: Iterable[Item] = engine_for().matching(Item.objects.all(), parse(typed))
    return sorted(item.item_id for item in items)


def test_a_saved_item_is_found() -> None:
    ItemFactory.create(item_id="1", title="Poptorp", tag="mug", brand="Osk", colour="clay", description="Thrown.")
    for word in ("poptorp", "mug", "osk", "clay", "thrown", "1"):
        assert found(word) == ["1"], word


def test_facts_and_translations_are_found() -> None:
    words = {"zh-hans": {"title": "蓝色杯子", "description": "手工制作"}}
    ItemFactory.create(item_id="1", attributes={"material": "stoneware"}, translations=words, tags=["cup", "beaker"])
    for word in ("stoneware", "蓝色", "杯子", "手工", "beaker"):
        assert found(word) == ["1"], word
    assert found("material") == []


def test_an_item_of_a_category_is_found_by_its_name_and_those_above() -> None:
    table = CategoryFactory.create(name="Table", translations={"zh-hans": {"name": "餐桌"}})
    mugs = CategoryFactory.create(name="Beakers", parent=table, translations={"zh-hans": {"name": "马克杯"}})
    ItemFactory.create(item_id="1", title="Poptorp", category=mugs)
    for word in ("beakers", "table", "餐桌", "马克杯"):
        assert found(word) == ["1"], word


def test_changed_words_are_found_and_old_ones_are_not() -> None:
    item = ItemFactory.create(item_id="1", title="Poptorp")
    item.title = "Lunvik"
    item.save()
    assert (found("poptorp"), found("lunvik")) == ([], ["1"])


def test_bulk_writes_past_save_are_found() -> None:
    Item.objects.bulk_create([Item(item_id=str(number), title="Poptorp") for number in range(3)])
    assert found("poptorp") == ["0", "1", "2"]
    Item.objects.filter(item_id="0").update(title="Lunvik")
    assert (found("poptorp"), found("lunvik")) == (["1", "2"], ["0"])
    item = Item.objects.get(item_id="1")
    item.description = "Sorrel"
    Item.objects.bulk_update([item], ["description"])
    assert found("sorrel") == ["1"]


def test_sql_that_knows_nothing_of_the_shop_is_followed_too() -> None:
    ItemFactory.create(item_id="1", title="Poptorp")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_item SET title = 'Lunvik'")
    assert (found("poptorp"), found("lunvik")) == ([], ["1"])


def test_what_is_taken_down_is_not_found_nor_its_words_known() -> None:
    item = ItemFactory.create(item_id="1", title="Poptorp")
    Item.objects.filter(pk=item.pk).update(published=False)
    assert found("poptorp") == []
    assert engine_for().known_words(["p"], lengths=(3, 9)) == []
    Item.objects.filter(pk=item.pk).update(published=True)
    assert found("poptorp") == ["1"]


def test_a_deleted_item_is_gone() -> None:
    ItemFactory.create(item_id="1", title="Poptorp")
    Item.objects.all().delete()
    table = "search_index" if connection.vendor == "sqlite" else "search_document"
    assert engine_for().values(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608  # one of two constants


def test_a_renamed_category_is_found_by_its_new_name() -> None:
    top = CategoryFactory.create(name="Table")
    child = CategoryFactory.create(name="Cups", parent=top)
    ItemFactory.create(item_id="1", title="Poptorp", category=child)
    child.name = "Beakers"
    child.save()
    assert found("beakers") == ["1"]
    Category.objects.filter(pk=top.pk).update(translations={"zh-hans": {"name": "餐桌"}})
    assert found("餐桌") == ["1"]


def test_the_words_of_variants_count_for_their_head() -> None:
    head = ItemFactory.create(item_id="head", title="Poptorp")
    large = ItemFactory.create(
        item_id="large", title="Poptorp large", variant_of=head, variant_name="Enormous", colour="moss"
    )
    assert (found("enormous"), found("moss"), found("poptorp")) == (["head"], ["head"], ["head"])
    Item.objects.filter(pk=large.pk).update(variant_name="Vast")
    assert (found("enormous"), found("vast")) == ([], ["head"])
    Item.objects.filter(pk=large.pk).update(published=False)
    assert found("vast") == []
    Item.objects.filter(pk=large.pk).update(published=True, variant_of=None)
    assert (found("moss"), found("poptorp")) == (["large"], ["head", "large"])
    Item.objects.filter(pk=large.pk).update(variant_of=head, variant_name="Vast")
    assert found("moss") == ["head"]
    large.delete()
    assert found("moss") == []


def test_prices_and_stock_leave_the_index_alone() -> None:
    ItemFactory.create(item_id="1", title="Poptorp", stock=5)
    engine = engine_for()
    engine.release()  # a write that would wake the index can't be told from one that doesn't, but by its triggers
    engine.keep()
    with transaction.atomic():
        engine.run(
            "DELETE FROM search_index" if connection.vendor == "sqlite" else "DELETE FROM search_document",
        )
        Item.objects.update(stock=4, price=3)
        assert found("poptorp") == []
        transaction.set_rollback(True)


def test_many_items_can_be_indexed_at_once() -> None:
    kept = ItemFactory.create(item_id="kept", title="Poptorp")
    with index_in_bulk():
        Item.objects.bulk_create([Item(item_id=str(number), title="Lunvik") for number in range(3)])
        Item.objects.filter(pk=kept.pk).update(title="Sorrel")
        with index_in_bulk():
            ItemFactory.create(item_id="inner", title="Lunvik")
    assert found("lunvik") == ["0", "1", "2", "inner"]
    assert (found("poptorp"), found("sorrel")) == ([], ["kept"])
    ItemFactory.create(item_id="later", title="Lunvik")
    assert "later" in found("lunvik")


def test_a_bulk_write_that_fails_leaves_everything_as_it_was() -> None:
    ItemFactory.create(item_id="1", title="Poptorp")

    def write_and_fail() -> None:
        with index_in_bulk():
            Item.objects.update(title="Lunvik")
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert (found("poptorp"), found("lunvik")) == (["1"], [])
    ItemFactory.create(item_id="2", title="Poptorp")
    assert found("poptorp") == ["1", "2"]


def test_without_its_triggers_the_index_would_go_stale() -> None:
    """The negative control: and the next migrate notices and makes it good."""
    ItemFactory.create(item_id="1", title="Poptorp")
    release_for_migrate("default", plan=[object()])
    Item.objects.update(title="Lunvik")
    assert found("lunvik") == []
    keep_after_migrate("default")
    assert (found("poptorp"), found("lunvik")) == ([], ["1"])


def test_a_migrate_without_migrations_touches_nothing() -> None:
    release_for_migrate("default", plan=[])
    assert engine_for().is_kept()


def test_a_rebuild_finds_what_was_lost(capsys: pytest.CaptureFixture[str]) -> None:
    ItemFactory.create(item_id="1", title="Poptorp")
    ItemFactory.create(item_id="2", title="Lunvik", published=False)
    release_for_migrate("default", plan=[object()])
    Item.objects.filter(item_id="1").update(title="Sorrel")
    assert index_rebuild() == 1
    assert (found("poptorp"), found("sorrel")) == ([], ["1"])
    Item.objects.update(title="Hale")
    assert found("hale") == ["1"]
    call_command("rebuild_search")
    assert capsys.readouterr().out == "1 items can be found.\n"
