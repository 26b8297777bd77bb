"""The demonstration opens whole, opens once, and leaves without a trace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import translation

from shop.accounts.models import Shopper
from shop.actions.models import Action, Favourite
from shop.catalogue.models import Category, Item, ItemImage
from shop.demo import gallery, services
from shop.demo.models import DemoCategory, DemoItem
from shop.demo.services import ItemIdTaken, demo_clear, demo_open
from tests.factories import (
    ActionFactory,
    CartLineFactory,
    CategoryFactory,
    FavouriteFactory,
    ItemFactory,
    OrderLineFactory,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shop.demo.easel import Sitting
    from shop.demo.gallery import Painted

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("small_pictures")]


def files(settings: Any) -> set[str]:
    root = Path(settings.MEDIA_ROOT)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_opens_with_items_pictures_categories_and_both_languages(settings: Any) -> None:
    opening = demo_open(items=4, seed=0)
    assert (opening.items, opening.painted, opening.removed) == (4, 8, 0)
    item = Item.objects.get(item_id="mug-001")
    assert item.cover is not None
    assert item.images.count() == 2
    assert item.category is not None
    assert item.category.path == "table/mugs"
    assert item.tags == ["mug"]
    assert item.get_absolute_url().startswith("/items/mug-001/")
    assert Category.objects.get(path="table").translations == {"zh-hans": {"name": "餐桌"}}
    with translation.override("zh-hans"):
        assert "杯" in item.name
        assert "。" in item.words
    assert item.translated_text
    image = item.images.first()
    assert image is not None
    assert image.alt_text == item.title
    assert (Path(settings.MEDIA_ROOT) / str(image.file.name)).exists()


def test_a_second_opening_changes_nothing_and_paints_nothing(settings: Any) -> None:
    demo_open(items=4, seed=0)
    before = list(Item.objects.values("pk", "item_id", "title", "cover_id")), files(settings)
    opening = demo_open(items=4, seed=0)
    assert opening.painted == 0
    assert (list(Item.objects.values("pk", "item_id", "title", "cover_id")), files(settings)) == before


def test_another_seed_replaces_in_place_and_fewer_items_remove_the_rest(settings: Any) -> None:
    demo_open(items=5, seed=0)
    key = Item.objects.get(item_id="mug-001").pk
    old_files = files(settings)
    opening = demo_open(items=2, seed=3)
    assert opening.removed == 3
    assert Item.objects.get(item_id="mug-001").pk == key
    assert Item.objects.count() == 2
    assert ItemImage.objects.count() == 4
    assert not files(settings) & old_files
    assert not Category.objects.filter(path="home/vases").exists()


def test_clearing_takes_all_of_the_demonstration_and_nothing_else(settings: Any) -> None:
    foreign_category = CategoryFactory.create(name="Table")
    foreign = ItemFactory.create(item_id="own-1", category=foreign_category)
    own_file = Path(settings.MEDIA_ROOT) / "items" / "own.jpg"
    own_file.parent.mkdir(parents=True)
    own_file.write_bytes(b"own")
    own_action = ActionFactory.create(item=foreign)
    demo_open(items=3, seed=0)
    mug = Item.objects.get(item_id="mug-001")
    ActionFactory.create(item=mug)
    FavouriteFactory.create(item=mug)
    CartLineFactory.create(item=mug, price_when_added=1)
    line = OrderLineFactory.create(item=mug, title="A mug")
    shoppers = Shopper.objects.count()

    assert demo_clear() == 3

    assert list(Item.objects.all()) == [foreign]
    assert list(Category.objects.all()) == [foreign_category]
    assert list(Action.objects.all()) == [own_action]
    assert not Favourite.objects.exists()
    assert not DemoItem.objects.exists()
    assert not DemoCategory.objects.exists()
    assert Shopper.objects.count() == shoppers
    assert files(settings) == {"items/own.jpg"}
    line.refresh_from_db()
    assert (line.item, line.title) == (None, "A mug")


def test_a_category_with_other_items_stays() -> None:
    demo_open(items=1, seed=0)
    mugs = Category.objects.get(path="table/mugs")
    ItemFactory.create(item_id="own-1", category=mugs)
    demo_clear()
    assert set(Category.objects.values_list("path", flat=True)) == {"table", "table/mugs"}


def test_an_item_of_the_shop_with_the_same_id_is_never_touched(settings: Any) -> None:
    ItemFactory.create(item_id="mug-001", title="My own mug")
    with pytest.raises(ItemIdTaken, match="mug-001"):
        demo_open(items=2, seed=0)
    assert Item.objects.get().title == "My own mug"
    assert files(settings) == set()


class Stopped(Exception):
    """Stands for Ctrl-C, a full disk, a lost worker."""


def test_stopping_while_painting_leaves_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = gallery.paint_all
    written: list[set[str]] = []

    def interrupted(sittings: Sequence[Sitting], *, workers: int | None = None) -> Iterator[Painted]:
        for number, painted in enumerate(whole(sittings)):
            if number == 3:
                written.append(files(settings))
                raise Stopped
            yield painted

    monkeypatch.setattr(gallery, "paint_all", interrupted)
    with pytest.raises(Stopped):
        demo_open(items=4, seed=0)
    assert len(written[0]) > 3, "the guard had something to remove"
    assert files(settings) == set()
    assert not Item.objects.exists()


def test_stopping_while_writing_rows_leaves_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise Stopped

    monkeypatch.setattr(services, "_pictures_write", broken)
    with pytest.raises(Stopped):
        demo_open(items=2, seed=0)
    assert not Item.objects.exists()
    assert not Category.objects.exists()
    assert files(settings) == set()


def test_files_of_a_run_that_was_killed_go_with_the_next(settings: Any) -> None:
    stray = f"items/ab/{'ab' * 32}.jpg"
    place = Path(settings.MEDIA_ROOT) / stray
    place.parent.mkdir(parents=True)
    place.write_bytes(b"left behind")
    gallery.note([stray])
    demo_open(items=1, seed=0)
    assert not place.exists()
    assert not (Path(settings.MEDIA_ROOT) / "items" / ".demo-journal").exists()
