"""Writes the plans of an import into the shop, in one short transaction.

All values are worked out before it begins; inside, the database only runs
prepared statements, so the shop's own writes wait as little as can be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from shop.accounts.models import Shopper
from shop.catalogue.models import Item, ItemImage
from shop.catalogue.picture_journal import picture_files_release
from shop.catalogue.pictures import file_names
from shop.importing.pacing import Pace
from shop.importing.rows import execute_many, insert_statement, plain_fields, prepared, quoted, update_statement
from shop.importing.variants import write_heads
from shop.search.index import index_in_bulk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shop.catalogue.picture_files import PictureFacts
    from shop.importing.item_plan import ItemChange, ItemPlan
    from shop.importing.user_plan import UserPlan

# Shoppers that are only met in actions show nowhere before them; beyond this
# many they are written ahead in short transactions instead of in the one.
SHOPPERS_IN_ONE_TRANSACTION = 10_000


@dataclass(slots=True)
class ItemStatements:
    """The rows of an items plan, ready for the database but for keys that don't exist yet."""

    plan: ItemPlan
    new: list[tuple[ItemChange, list[Any]]]
    changed: list[tuple[ItemChange, list[Any]]]
    pictures: list[tuple[ItemChange, list[list[Any]]]]


def write_plans(items: ItemPlan | None, users: UserPlan, met_in_actions: Sequence[Shopper]) -> None:
    """Write items, categories, pictures and shoppers: all of them or none."""
    shopper_rows = [prepared(shopper, plain_fields(Shopper)) for shopper in met_in_actions]
    if len(shopper_rows) > SHOPPERS_IN_ONE_TRANSACTION:
        _write_shoppers_ahead(shopper_rows)
        shopper_rows = []
    shopper_rows += [prepared(shopper, plain_fields(Shopper)) for shopper in users.new]
    changed_shoppers = [[*prepared(shopper, users.columns, adding=False), shopper.pk] for shopper in users.changed]
    statements = _prepare_items(items) if items else None
    with index_in_bulk():
        if statements:
            _write_items(statements)
        execute_many(insert_statement(Shopper), shopper_rows)
        if changed_shoppers:
            execute_many(update_statement(Shopper, users.columns), changed_shoppers)


def _write_shoppers_ahead(rows: list[list[Any]]) -> None:
    """Write many shoppers in short transactions."""
    pace = Pace()
    start = 0
    while start < len(rows):
        some = rows[start : start + pace.rows]

        def piece(some: list[list[Any]] = some) -> int:
            execute_many(insert_statement(Shopper), some)
            return len(some)

        start += pace.write(piece)


def _prepare_items(plan: ItemPlan) -> ItemStatements:
    """All values, worked out while nobody waits."""
    fields = plain_fields(Item)
    return ItemStatements(
        plan=plan,
        new=[(change, prepared(change.item, fields)) for change in plan.changes if change.adding],
        changed=[
            (change, prepared(change.item, plan.columns, adding=False))
            for change in plan.changes
            if change.fields_change and not change.adding
        ],
        pictures=[
            (change, [_picture_row(position, facts) for position, facts in change.pictures.added])
            for change in plan.changes
            if change.pictures
        ],
    )


def _picture_row(position: int, facts: PictureFacts) -> list[Any]:
    """The values of a picture's row but for its item."""
    image = ItemImage(
        item_id=0,
        position=position,
        file=facts.file_name,
        width=facts.width,
        height=facts.height,
        checksum=facts.checksum,
        renditions=list(facts.renditions),
    )
    return prepared(image, plain_fields(ItemImage))


def _write_items(statements: ItemStatements) -> None:
    """Categories, items, pictures, covers; in a transaction."""
    plan = statements.plan
    plan.tree.save_new()
    category_place = [field.name for field in plain_fields(Item)].index("category")
    for change, row in statements.new:
        row[category_place] = change.category.pk if change.category else None
    execute_many(insert_statement(Item), [row for _change, row in statements.new])
    _find_keys([change for change, _row in statements.new])
    if statements.changed:
        names = [field.name for field in plan.columns]
        if "category" in names:
            for change, row in statements.changed:
                if change.row.category is not None:
                    row[names.index("category")] = change.category.pk if change.category else None
        if "variant_of" in names:  # free first, so that variants can change their names among them
            for _change, row in statements.changed:
                row[names.index("variant_of")] = None
        execute_many(
            update_statement(Item, plan.columns), [[*row, change.item.pk] for change, row in statements.changed]
        )
    write_heads(plan)
    _write_pictures(statements.pictures)


def _find_keys(changes: Sequence[ItemChange]) -> None:
    """Give new items the keys the database chose for them."""
    wanted = {change.row.item_id: change.item for change in changes}
    if wanted:
        for key, item_id in Item.objects.order_by("-pk").values_list("pk", "item_id")[: len(wanted)].iterator():
            if item_id in wanted:
                wanted.pop(item_id).pk = key
    for item in wanted.values():  # somebody else added items at the same moment
        item.pk = Item.objects.values_list("pk", flat=True).get(item_id=item.item_id)


def _write_pictures(pictures: Sequence[tuple[ItemChange, list[list[Any]]]]) -> None:
    """Pictures and covers; files that lose their last row go when the transaction is certain."""
    item_place = [field.name for field in plain_fields(ItemImage)].index("item")
    rows = []
    removed: list[ItemImage] = []
    moved: list[tuple[int, int]] = []
    for change, added in pictures:
        for row in added:
            row[item_place] = change.item.pk
        rows += added
        if change.pictures:
            removed += change.pictures.removed
            moved += [(position, image.pk) for position, image in change.pictures.moved]
    table = quoted(ItemImage)
    execute_many(insert_statement(ItemImage), rows)
    execute_many(f"UPDATE {table} SET position = %s WHERE id = %s", moved)  # noqa: S608  # our own table
    execute_many(
        f"UPDATE {Item._meta.db_table} SET cover_id = NULL WHERE cover_id = %s",  # noqa: S608, SLF001  # our own table
        [(image.pk,) for image in removed],
    )
    execute_many(f"DELETE FROM {table} WHERE id = %s", [(image.pk,) for image in removed])  # noqa: S608  # our own table
    _write_covers([change.item.pk for change, _rows in pictures])
    names = {name for image in removed for name in file_names(image)}
    if names:
        transaction.on_commit(lambda: picture_files_release(names))


def _write_covers(item_keys: Sequence[int]) -> None:
    """Make the first picture the cover, and mark the items as changed."""
    items, images = quoted(Item), quoted(ItemImage)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    execute_many(
        f"UPDATE {items} SET updated_at = %s, cover_id = "  # noqa: S608  # our own tables
        f"(SELECT id FROM {images} WHERE item_id = %s ORDER BY position, id LIMIT 1) WHERE id = %s",
        [(now, key, key) for key in item_keys],
    )
