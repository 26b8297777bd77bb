"""Opens and clears the demonstration shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from shop.catalogue import pictures
from shop.catalogue.models import Category, Item, ItemImage, make_slug
from shop.demo import gallery
from shop.demo.catalogue import Blueprint, blueprints, categories
from shop.demo.easel import Sitting
from shop.demo.models import DemoCategory, DemoItem
from shop.demo.sizes import size_ids, sizes_write
from shop.search.index import index_in_bulk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shop.demo.gallery import Painted

PAINTER_VERSION = 1
"""Raise it when pictures or words change, so that the next ``demo`` paints anew."""

WRITTEN_FIELDS = [
    "slug",
    "title",
    "description",
    "tag",
    "tags",
    "category",
    "price",
    "stock",
    "brand",
    "colour",
    "attributes",
    "translations",
    "translated_text",
    "facets",
    "published",
    "updated_at",
]
PER_QUERY = 500


class ItemIdTaken(Exception):  # the house names errors for what went wrong
    """An item that isn't the demonstration's has an id the demonstration needs."""

    def __init__(self, item_ids: Sequence[str]) -> None:
        self.item_ids = tuple(item_ids)
        some = ", ".join(item_ids[:3]) + (", …" if len(item_ids) > len(item_ids[:3]) else "")
        super().__init__(
            f"The shop already has items of its own with ids that the demonstration uses: {some}. "
            "Give them other ids, or use another shop for the demonstration."
        )


@dataclass(frozen=True)
class Opening:
    """What an opening of the demonstration did."""

    items: int
    painted: int
    removed: int


def demo_open(*, items: int, seed: int, workers: int | None = None) -> Opening:
    """Paint the catalogue and write it; what is there already with the same seed stays as it is.

    Pictures are painted and their files written first; then one transaction
    writes every row, so that a shop has the whole demonstration or nothing of it.

    Args:
        items: How many items.
        seed: Start of all chance.
        workers: Painting processes; as many as there are processors unless given.

    Raises:
        ValueError: There cannot be so many items.
        ItemIdTaken: The shop has items of its own with the same ids.
    """
    plans = blueprints(items=items, seed=seed)
    _refuse_taken_ids(plans)
    known = dict(DemoItem.objects.values_list("item__item_id", "recipe"))
    due = [plan for plan in plans if known.get(plan.item_id) != recipe_of(plan)]
    with gallery.orderly():
        painted = list(gallery.paint_all(_sittings(due), workers=workers)) if due else []
        with index_in_bulk():
            removed = _items_remove(set(known) - {plan.item_id for plan in plans})
            _write(due, painted)
            _empty_categories_remove()
    return Opening(items=len(plans), painted=len(painted), removed=removed)


def demo_clear() -> int:
    """Take away every item, picture and category of the demonstration, and nothing else; gives how many items went.

    What shoppers did to those items goes with them. A category that meanwhile
    holds other items stays.
    """
    with gallery.orderly(), index_in_bulk():
        removed = _items_remove(set(DemoItem.objects.values_list("item__item_id", flat=True)))
        _empty_categories_remove()
    return removed


def recipe_of(plan: Blueprint) -> str:
    """What identifies a painting: the same recipe gives the same pictures and words."""
    design = plan.design
    sizes = f"{len(plan.sizes)} sizes/" if plan.sizes else ""
    return f"{PAINTER_VERSION}/{design.seed[0]}/{design.seed[1]}/{sizes}{plan.title}"[:200]


def _sittings(plans: Iterable[Blueprint]) -> list[Sitting]:
    """Every picture the plans need."""
    return [
        Sitting(plan.item_id, position, plan.design, close_up=position == 1)
        for plan in plans
        for position in range(plan.pictures)
    ]


def _refuse_taken_ids(plans: Sequence[Blueprint]) -> None:
    """Never touch an item that somebody else made."""
    wanted = [item_id for plan in plans for item_id in (plan.item_id, *size_ids(plan).values())]
    taken: list[str] = []
    for start in range(0, len(wanted), PER_QUERY):
        some = Item.objects.filter(item_id__in=wanted[start : start + PER_QUERY], demo=None, variant_of__demo=None)
        taken += some.values_list("item_id", flat=True)
    if taken:
        raise ItemIdTaken(sorted(taken))


def _write(plans: Sequence[Blueprint], painted: Sequence[Painted]) -> None:
    """Write the rows of these plans: items, marks, pictures, covers."""
    if not plans:
        return
    places = _categories_write()
    now = timezone.now()
    rows = [_row(plan, places) for plan in plans]
    for row in rows:
        row.derive()
        row.updated_at = now
    Item.objects.bulk_create(
        rows, batch_size=PER_QUERY, update_conflicts=True, unique_fields=["item_id"], update_fields=WRITTEN_FIELDS
    )
    keys: dict[str, int] = {}
    for start in range(0, len(plans), PER_QUERY):
        some = [plan.item_id for plan in plans[start : start + PER_QUERY]]
        keys.update(Item.objects.filter(item_id__in=some).values_list("item_id", "pk"))
    DemoItem.objects.bulk_create(
        [DemoItem(item_id=keys[plan.item_id], recipe=recipe_of(plan)) for plan in plans],
        batch_size=PER_QUERY,
        update_conflicts=True,
        unique_fields=["item"],
        update_fields=["recipe"],
    )
    sizes_write(plans, keys)
    _pictures_write({plan.item_id: plan for plan in plans}, painted, keys)


def _row(plan: Blueprint, places: dict[tuple[str, ...], Category]) -> Item:
    """The item's row."""
    return Item(
        item_id=plan.item_id,
        title=plan.title,
        description=plan.description,
        tag=plan.tag,
        category=places[plan.category],
        price=plan.price,
        stock=None if plan.sizes else plan.stock,
        brand=plan.brand,
        colour=plan.attributes["Colour"],
        attributes=plan.attributes,
        translations={"zh-hans": {"title": plan.chinese_title, "description": plan.chinese_description}},
    )


def _categories_write() -> dict[tuple[str, ...], Category]:
    """The category tree; a category of the same path that is there already is used, and not marked."""
    places: dict[tuple[str, ...], Category] = {}
    for names, chinese in categories().items():
        parent = places.get(names[:-1])
        slug = make_slug(names[-1])
        category, created = Category.objects.get_or_create(
            path=f"{parent.path}/{slug}" if parent else slug,
            defaults={
                "name": names[-1],
                "slug": slug,
                "parent": parent,
                "translations": {"zh-hans": {"name": chinese}},
            },
        )
        if created:
            DemoCategory.objects.create(category=category)
        places[names] = category
    return places


def _pictures_write(plans: dict[str, Blueprint], painted: Sequence[Painted], keys: dict[str, int]) -> None:
    """The pictures' rows in place of any earlier ones, and the covers."""
    for start in range(0, len(keys), PER_QUERY):
        ItemImage.objects.filter(item_id__in=list(keys.values())[start : start + PER_QUERY]).delete()
    images = []
    for picture in painted:
        plan = plans[picture.sitting.item_id]
        image = ItemImage(
            item_id=keys[plan.item_id], position=picture.sitting.position, alt_text=_alt_text(plan, picture)
        )
        pictures.take_facts(image, picture.facts)
        images.append(image)
    ItemImage.objects.bulk_create(images, batch_size=PER_QUERY)
    item_keys = [image.item_id for image in images if image.position == 0]
    covers = ItemImage.objects.filter(position=0, item__demo__isnull=False).values_list("item_id", "pk")
    wanted = set(item_keys)
    Item.objects.bulk_update(
        [Item(pk=item, cover_id=cover) for item, cover in covers if item in wanted], ["cover"], batch_size=PER_QUERY
    )


def _alt_text(plan: Blueprint, picture: Painted) -> str:
    """What the picture shows, in words."""
    return f"{plan.title}, seen close up" if picture.sitting.close_up else plan.title


def _items_remove(item_ids: set[str]) -> int:
    """Remove these items of the demonstration with everything that hangs on them."""
    wanted = sorted(item_ids)
    for start in range(0, len(wanted), PER_QUERY):
        Item.objects.filter(item_id__in=wanted[start : start + PER_QUERY], demo__isnull=False).delete()
    return len(wanted)


def _empty_categories_remove() -> None:
    """Remove categories the demonstration made and nobody uses, leaves first."""
    for mark in DemoCategory.objects.select_related("category").order_by("-category__path"):
        category = mark.category
        if not category.items.exists() and not category.children.exists():
            category.delete()
