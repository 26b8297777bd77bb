"""The whole way with the real picture network: a retrain, then a new item, seen by LiteRT in the web worker's way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender import session
from recommender.pipeline import RetrainOptions, retrain
from recommender.snapshot import content_marks, read_items, read_pictures
from shop.catalogue.models import Item, ItemImage
from tests.recommender.tiny_shop import fill_items, fill_pictures

pytestmark = pytest.mark.django_db


def test_a_retrain_leaves_nothing_new_and_a_change_of_words_is_noticed() -> None:
    fill_items(24, tags=0)
    result = retrain(RetrainOptions(seed=1))
    session.refresh()
    session.look_for_newcomers()
    opened = session.get_session()
    assert opened.version == result.version
    assert opened._overlay is None  # training and following see the same words
    item = Item.objects.get(item_id="i5")
    item.description = "Something else entirely: a lamp."
    item.save()
    session.look_for_newcomers()
    overlay = session.get_session()._overlay
    assert overlay is not None
    assert overlay.replaced.tolist() == [5]


def test_marks_follow_words_and_pictures(settings: Any) -> None:
    items = fill_items(4)
    fill_pictures(items, Path(settings.MEDIA_ROOT))

    def marks() -> list[int]:
        table = read_items()
        found: list[int] = content_marks(table, read_pictures(table, picture_size=50)).tolist()
        return found

    before = marks()
    assert len(set(before)) == 4
    assert marks() == before
    Item.objects.filter(item_id="i1").update(stock=3, price=5)
    assert marks() == before
    Item.objects.filter(item_id="i1").update(brand="Poptorp")
    ItemImage.objects.filter(item__item_id="i2").update(checksum="another")
    assert [one == other for one, other in zip(marks(), before, strict=True)] == [True, False, False, True]


@pytest.mark.slow
def test_a_new_item_with_the_picture_and_the_words_of_another_is_its_twin(settings: Any) -> None:
    items = fill_items(24, tags=0)
    media = Path(settings.MEDIA_ROOT)
    fill_pictures(items, media)
    retrain(RetrainOptions(seed=2))
    session.refresh()
    session.look_for_newcomers()
    assert session.get_session()._overlay is None
    twin = Item(item_id="twin", title=items[3].title, description=items[3].description, category=items[3].category)
    twin.save()
    picture = items[3].images.get()
    ItemImage.objects.create(
        item=twin, file=str(picture.file), width=64, height=64, checksum="3", renditions=[], position=0
    )
    session.look_for_newcomers()
    opened = session.get_session()
    plain = opened.similar("i3", 30)
    # Every twelfth item is made alike, so i15 is a twin as well.
    assert {one.item_id for one in plain[:2]} == {"twin", "i15"}
    assert [one.score for one in plain[:2]] == pytest.approx([1.0, 1.0], abs=1e-3)
    assert {one.item_id for one in opened.looks_like("i3", 2)} == {"twin", "i15"}
    mine = {one.item_id: one.score for one in opened.similar("twin", 24) if one.reason.source == "content"}
    theirs = {one.item_id: one.score for one in plain if one.reason.source == "content"}
    shared = sorted(set(mine) & set(theirs))
    assert len(shared) > 10
    assert [mine[name] for name in shared] == pytest.approx([theirs[name] for name in shared], abs=2e-3)
    assert np.isfinite(list(mine.values())).all()
