"""Sizes of things that are worn: variants of the item that was painted, without pictures of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from shop.catalogue.models import Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shop.demo.catalogue import Blueprint

PER_QUERY = 500
WRITTEN_FIELDS = [
    "slug",
    "title",
    "variant_of",
    "variant_name",
    "price",
    "stock",
    "translations",
    "translated_text",
    "facets",
    "updated_at",
]


def size_ids(plan: Blueprint) -> dict[str, str]:
    """The public id of each size."""
    return {size: f"{plan.item_id}-{size.lower()}" for size in plan.sizes}


def sizes_write(plans: Sequence[Blueprint], keys: Mapping[str, int]) -> None:
    """Write the sizes of these plans, and take away those that there are no longer.

    Args:
        plans: What was painted.
        keys: The database key of each item, by public id.
    """
    rows = [
        Item(
            item_id=size_ids(plan)[size],
            title=plan.title,
            variant_of_id=keys[plan.item_id],
            variant_name=size,
            price=plan.price,
            stock=stock,
            translations={"zh-hans": {"title": plan.chinese_title}},
            updated_at=timezone.now(),
        )
        for plan in plans
        for size, stock in plan.sizes.items()
    ]
    for row in rows:
        row.derive()
    heads = list(keys.values())
    for start in range(0, len(heads), PER_QUERY):
        gone = Item.objects.filter(variant_of__in=heads[start : start + PER_QUERY])
        gone.exclude(item_id__in=[row.item_id for row in rows]).delete()
    Item.objects.bulk_create(
        rows, batch_size=PER_QUERY, update_conflicts=True, unique_fields=["item_id"], update_fields=WRITTEN_FIELDS
    )
