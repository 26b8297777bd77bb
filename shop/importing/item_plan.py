"""Works out what an items file changes, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Field

from shop.catalogue.models import Category, Item, ItemImage
from shop.catalogue.picture_files import PictureFacts
from shop.importing.category_tree import CategoryTree
from shop.importing.rows import plain_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from shop.importing.errors import BadRows
    from shop.importing.item_rows import ItemRow

Thing = TypeVar("Thing")

IDS_PER_QUERY = 900
# What follows from other fields, and so is written with them.
DERIVED = ("slug", "tags", "translated_text", "facets", "updated_at")


@dataclass(slots=True)
class ItemChange:
    """What happens to one item: it is new, or some of its fields change, or only its pictures.

    ``head`` is the public id of the item that it is a variant of once all is
    written, where the file speaks of variants; see ``variants.check_variants``.
    """

    item: Item
    row: ItemRow
    category: Category | None
    adding: bool
    fields_change: bool
    head: str | None = None
    pictures: PictureChange | None = None


@dataclass(slots=True)
class PictureChange:
    """What happens to an item's gallery."""

    added: list[tuple[int, PictureFacts]] = field(default_factory=list)
    moved: list[tuple[int, ItemImage]] = field(default_factory=list)
    removed: list[ItemImage] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.moved or self.removed)


@dataclass(slots=True)
class ItemPlan:
    """Everything an items file changes.

    ``columns`` are the model's fields that changed items get written; what the
    file has no column for (such as stock that sells meanwhile) is not touched.
    ``head_keys`` are the database keys of heads that the file has no row of.
    """

    tree: CategoryTree
    columns: list[Field[Any, Any]]
    changes: list[ItemChange]
    head_keys: dict[str, int] = field(default_factory=dict)

    @property
    def item_ids(self) -> set[str]:
        """The items of the file."""
        return {change.row.item_id for change in self.changes}

    def picture_names(self) -> list[str]:
        """Every picture the file names, each once."""
        return list(dict.fromkeys(name for change in self.changes for name in change.row.picture_names))


def plan_items(rows: Iterable[ItemRow], *, file: str, bad_rows: BadRows) -> ItemPlan:
    """Compare the rows with the shop; rows that would leave an item without any text are bad."""
    tree = CategoryTree()
    changes: list[ItemChange] = []
    written: set[str] = set()
    for some in in_groups(rows, IDS_PER_QUERY):
        existing = Item.objects.knowing_variants().in_bulk([row.item_id for row in some], field_name="item_id")
        for row in some:
            change = _change(row, existing.get(row.item_id), tree)
            if not change.item.title and not change.item.description:
                problem = "both title and description are empty; an item must say something"
                bad_rows.add(file=file, line=row.line, column="item_id", value=row.item_id, problem=problem)
                continue
            changes.append(change)
            written.update(_written_fields(row))
    columns = [column for column in plain_fields(Item) if column.name in written or column.name in DERIVED]
    return ItemPlan(tree=tree, columns=columns, changes=changes)


def plan_pictures(plan: ItemPlan, facts_by_name: Mapping[str, PictureFacts]) -> None:
    """Compare the galleries with the shop's; pictures it has already stay as they are.

    Items whose row names no picture keep theirs.
    """
    galleries: dict[int, list[ItemImage]] = {}
    kept = [change.item.pk for change in plan.changes if change.row.picture_names and not change.adding]
    for some in in_groups(kept, IDS_PER_QUERY):
        for image in ItemImage.objects.filter(item__in=some).order_by("position", "id"):
            galleries.setdefault(image.item_id, []).append(image)
    for change in plan.changes:
        if change.row.picture_names:
            wanted = {facts.checksum: facts for facts in (facts_by_name[name] for name in change.row.picture_names)}
            change.pictures = _picture_change(wanted, galleries.get(change.item.pk, []))


def in_groups(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """The things, so many at a time."""
    group: list[Thing] = []
    for thing in things:
        group.append(thing)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _change(row: ItemRow, item: Item | None, tree: CategoryTree) -> ItemChange:
    """Apply the row to its item, or to a new one."""
    adding = item is None
    item = item or Item(item_id=row.item_id)
    before = _state(item)
    for name, value in row.fields.items():
        if name != "price" or not item.is_frame:  # the price of a frame follows its variants
            setattr(item, name, value)
    item.attributes = _merged(item.attributes, row.attributes)
    for (language, name), value in row.translations.items():
        texts = _merged(item.translations.get(language, {}), {name: value})
        item.translations = {**item.translations, language: texts}
        if not texts:
            del item.translations[language]
    item.derive()
    category = tree.find(row.category) if row.category is not None else None
    category_changes = row.category is not None and item.category_id != (category.pk if category else None)
    category_changes = category_changes or (category is not None and category.pk is None)
    return ItemChange(
        item=item,
        row=row,
        category=category,
        adding=adding,
        fields_change=adding or category_changes or before != _state(item),
    )


def _state(item: Item) -> dict[str, Any]:
    """What an import may change, for comparing."""
    return {
        field.attname: getattr(item, field.attname)
        for field in plain_fields(Item)
        if field.name not in {"created_at", "updated_at", "cover"}
    }


def _merged(texts: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """The texts with the changes; an empty text takes its name away."""
    return {name: text for name, text in {**texts, **changes}.items() if text != ""}


def _written_fields(row: ItemRow) -> Iterator[str]:
    """The model's fields that the row speaks of."""
    yield from row.fields
    if row.head is not None or "variant_name" in row.fields:
        yield "variant_of"
    if row.category is not None:
        yield "category"
    if row.attributes:
        yield "attributes"
    if row.translations:
        yield "translations"


def _picture_change(wanted: Mapping[str, PictureFacts], gallery: Sequence[ItemImage]) -> PictureChange:
    """How a gallery becomes the wanted one; equal content is the same picture."""
    change = PictureChange()
    have: dict[str, ItemImage] = {}
    for image in gallery:
        if image.checksum in wanted and image.checksum not in have:
            have[image.checksum] = image
        else:
            change.removed.append(image)
    for position, (checksum, facts) in enumerate(wanted.items()):
        image_there = have.get(checksum)
        if image_there is None:
            change.added.append((position, facts))
        elif image_there.position != position:
            change.moved.append((position, image_there))
    return change
