"""Sizes of the demonstration's clothes and shoes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shop.catalogue.models import Item
from shop.demo.catalogue import Blueprint, blueprints
from shop.demo.models import DemoItem
from shop.demo.services import demo_clear
from shop.demo.sizes import sizes_write
from tests.factories import ItemFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shirt() -> Blueprint:
    return next(plan for plan in blueprints(items=40, seed=0) if plan.tag == "t-shirt")


def test_only_what_is_worn_has_sizes_and_they_add_up(shirt: Blueprint) -> None:
    plans = blueprints(items=300, seed=0)
    assert {plan.tag for plan in plans if plan.sizes} == {"t-shirt", "sneaker"}
    assert all(sum(plan.sizes.values()) == plan.stock for plan in plans if plan.sizes)
    assert list(shirt.sizes) == ["XS", "S", "M", "L", "XL", "XXL"]
    some_gone = [plan for plan in plans if plan.sizes and plan.stock and 0 in plan.sizes.values()]
    assert some_gone, "a shop where every size is there shows nothing of how it looks when one isn't"


def test_sizes_are_variants_and_follow_a_new_plan(shirt: Blueprint) -> None:
    head = ItemFactory.create(item_id=shirt.item_id, stock=None)
    keys = {shirt.item_id: head.pk}
    sizes_write([shirt], keys)
    assert [variant.item_id for variant in head.variants.order_by("pk")] == [
        f"{shirt.item_id}-{size}" for size in ("xs", "s", "m", "l", "xl", "xxl")
    ]
    before = head.variants.get(variant_name="M").pk
    sizes_write([replace(shirt, sizes={"S": 1, "M": 7})], keys)
    assert dict(head.variants.values_list("variant_name", "stock")) == {"S": 1, "M": 7}
    assert head.variants.get(variant_name="M").pk == before


def test_sizes_go_with_the_demonstration(shirt: Blueprint) -> None:
    head = ItemFactory.create(item_id=shirt.item_id)
    DemoItem.objects.create(item=head, recipe="test")
    sizes_write([shirt], {shirt.item_id: head.pk})
    foreign = ItemFactory.create()
    demo_clear()
    assert list(Item.objects.all()) == [foreign]
