"""What methods are told besides the log: in the snapshot's rows, wherever it comes from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.bundle import bundle_path, open_bundle
from recommender.configuration import ContentOptions
from recommender.learners.facts import item_fields
from recommender.pipeline import RetrainOptions, retrain
from recommender.retraining.content import learn_content
from recommender.retraining.facts import make_context
from recommender.snapshot import take_snapshot
from shop.catalogue.models import Item
from tests.recommender.tiny_bundle import TinyBundle
from tests.recommender.tiny_shop import fill_actions, fill_items

pytestmark = pytest.mark.django_db


def test_facts_of_items_and_shoppers() -> None:
    fill_actions(fill_items(4), shoppers=2, each=2)
    context = make_context(take_snapshot(), seed=7)
    assert context.items.titles[1] == "green vase for the table"
    assert context.items.descriptions[1] == "A vase in green, well made."
    assert context.items.tags == ("mug", "vase", "lamp", "mug")
    assert context.items.categories == ("home",) * 4
    assert context.items.images is None
    assert len(context.users.genders) == 2
    assert context.published.all()
    assert context.seed == 7


def test_methods_hear_of_every_tag_and_not_of_the_first_alone() -> None:
    fill_items(3)
    Item.objects.filter(item_id="i1").update(tags=["vase", "gift", "glass"])
    context = make_context(take_snapshot())
    assert context.items.tags == ("mug", "vase", "lamp")
    assert context.items.all_tags == (("mug",), ("vase", "gift", "glass"), ("lamp",))
    # What networks take in: a code for every tag there is and one for none; without all_tags there would be 4.
    assert item_fields(context.items, 3).tags.size == 6
    assert item_fields(replace(context.items, all_tags=()), 3).tags.size == 4


def test_words_are_the_learned_ones_and_the_bundles_in_todays_rows() -> None:
    items = fill_items(8)
    learned = learn_content(take_snapshot(), ContentOptions(), seed=0)
    fresh = make_context(take_snapshot(), content=learned).items.text
    bundle = open_bundle(bundle_path(retrain(RetrainOptions()).version))
    items[0].delete()
    fill = Item(item_id="late", title="red mug for the table")
    fill.derive()
    fill.save()
    moved = make_context(take_snapshot(), bundle=bundle).items.text
    assert fresh is not None
    assert moved is not None
    assert moved.toarray()[:7] == pytest.approx(fresh.toarray()[1:])
    assert not moved.toarray()[7].any()


def test_pictures_of_a_bundle_come_as_one_vector_per_item_in_todays_rows() -> None:
    fill_items(3)
    TinyBundle(items=["i2", "gone", "i0"], pictures=[("i2", (1, 0)), ("i2", (0, 1)), ("gone", (1, 0))]).publish("v1")
    images = make_context(take_snapshot(), bundle=open_bundle(bundle_path("v1"))).items.images
    assert images is not None
    assert images == pytest.approx(np.array([[0, 0], [0, 0], [0.5**0.5, 0.5**0.5]]))


def test_an_empty_shop_and_one_without_shared_words_have_no_vectors() -> None:
    assert make_context(take_snapshot()).items.text is None
    fill_items(3, words=False)
    assert make_context(take_snapshot()).items.text is None
