"""Checks what an items file says of variants: that heads exist, that there is one level, that choices have names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from shop.catalogue.choices import frames_refresh
from shop.catalogue.models import Item
from shop.importing.item_plan import IDS_PER_QUERY, in_groups
from shop.importing.rows import execute_many, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shop.importing.errors import BadRows
    from shop.importing.item_plan import ItemChange, ItemPlan


@dataclass(slots=True)
class _Shop:
    """What the shop knows now of the items that the file, or its variants, speak of.

    Attributes:
        keys: Database keys of heads by public id.
        heads: The head of each of those that is a variant itself, by public ids.
        names: The name of each as a choice, by public id; heads and variants.
        variants: (public id, public id of its head) of every variant of those heads.
    """

    keys: dict[str, int] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    variants: list[tuple[str, str]] = field(default_factory=list)


def check_variants(plan: ItemPlan, *, file: str, bad_rows: BadRows) -> None:
    """Work out the head of each variant; rows that cannot be variants as they say are noted and leave the plan.

    A row that leaves may have been the head of others, so the rest is looked
    at again until all of it can stay.
    """
    if not any(_speaks(change) for change in plan.changes):
        return
    shop = _read_shop(plan)
    for change in plan.changes:
        change.head = shop.heads.get(change.row.item_id, "") if change.row.head is None else change.row.head
        change.fields_change |= change.head != shop.heads.get(change.row.item_id, "")
    while _drop_bad(plan, shop, file=file, bad_rows=bad_rows):
        pass
    inside = plan.item_ids
    plan.head_keys = {head: key for head, key in shop.keys.items() if head not in inside}


def write_heads(plan: ItemPlan) -> None:
    """Join variants to their heads once all rows have keys, and let the prices of frames follow; in a transaction."""
    keys = plan.head_keys | {change.row.item_id: change.item.pk for change in plan.changes}
    written = [change for change in plan.changes if change.adding or change.fields_change]
    joined = [(keys[change.head], change.item.pk) for change in written if change.head]
    execute_many(f"UPDATE {quoted(Item)} SET variant_of_id = %s WHERE id = %s", joined)  # noqa: S608  # our own table
    heads = {head for head, _key in joined} | {change.item.variant_of_id for change in written}
    for some in in_groups(sorted(key for key in heads if key is not None), IDS_PER_QUERY):
        frames_refresh(some)


def _speaks(change: ItemChange) -> bool:
    return change.row.head is not None or "variant_name" in change.row.fields


def _read_shop(plan: ItemPlan) -> _Shop:
    """Ask the shop for the heads the file names, those its items have now, and all of their variants."""
    shop = _Shop()
    named = {change.row.head for change in plan.changes if change.row.head} | plan.item_ids
    _read_items(shop, named)
    _read_items(shop, set(shop.heads.values()) - shop.keys.keys())
    for some in in_groups(sorted(shop.keys.values()), IDS_PER_QUERY):
        variants = Item.objects.filter(variant_of__in=some)
        for item_id, head, name in variants.values_list("item_id", "variant_of__item_id", "variant_name"):
            shop.variants.append((item_id, head))
            shop.names[item_id] = name
    return shop


def _read_items(shop: _Shop, item_ids: Iterable[str]) -> None:
    """Take in what the shop knows of these items."""
    for some in in_groups(sorted(item_ids), IDS_PER_QUERY):
        rows = Item.objects.filter(item_id__in=some).values_list("pk", "item_id", "variant_of__item_id", "variant_name")
        for key, item_id, head, name in rows:
            shop.keys[item_id] = key
            shop.names[item_id] = name
            if head is not None:
                shop.heads[item_id] = head


def _drop_bad(plan: ItemPlan, shop: _Shop, *, file: str, bad_rows: BadRows) -> bool:
    """Note and drop what is wrong as things stand; whether there was anything."""
    heads = {change.row.item_id: change.head or "" for change in plan.changes}
    outside = [(item_id, head) for item_id, head in shop.variants if item_id not in heads]
    in_use = {head for head in heads.values() if head} | {head for _item_id, head in outside}
    taken = {(head, shop.names[item_id]) for item_id, head in outside}
    names = shop.names | {change.row.item_id: change.item.variant_name for change in plan.changes}
    taken |= {(head, names[head]) for head in in_use if names.get(head)}
    good = []
    for change in plan.changes:
        wrong = _wrong(
            change, heads=shop.heads | heads, known=shop.keys.keys() | heads.keys(), in_use=in_use, taken=taken
        )
        if wrong is None:
            good.append(change)
            taken.add((change.head or "", change.item.variant_name))
            continue
        column, value, problem = wrong
        bad_rows.add(file=file, line=change.row.line, column=column, value=value, problem=problem)
    dropped = len(good) < len(plan.changes)
    plan.changes = good
    return dropped


def _wrong(
    change: ItemChange,
    *,
    heads: dict[str, str],
    known: Iterable[str],
    in_use: set[str],
    taken: set[tuple[str, str]],
) -> tuple[str, str, str] | None:
    """Column, value and what is wrong with a row's variant; ``None`` where nothing is."""
    own, head, name = change.row.item_id, change.head, change.item.variant_name
    if not head:
        return None
    checks = (
        (head == own, "variant_of", "an item cannot be a variant of itself; name the item it belongs to"),
        (head not in known, "variant_of", "there is no such item, neither in the shop nor in a good row of this file"),
        (
            bool(heads.get(head)),
            "variant_of",
            f"that item is a variant itself; there is one level, so name {heads.get(head)}",
        ),
        (
            own in in_use,
            "variant_of",
            "this item has variants of its own, so it cannot become one; there is one level",
        ),
        (not name, "variant", "a variant needs a name that tells it from the others, such as its size"),
        ((head, name) in taken, "variant", f"{head} has a choice of this name already"),
    )
    found = next(((column, problem) for wrong, column, problem in checks if wrong), None)
    if found is None:
        return None
    column, problem = found
    return column, head if column == "variant_of" else name, problem
