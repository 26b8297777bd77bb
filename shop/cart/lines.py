"""Reading lines of a cart, or of what is kept for later, with items that know what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Exists, OuterRef

from shop.cart.models import CartLine, KeptLine
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from django.db.models import QuerySet

LineT = TypeVar("LineT", CartLine, KeptLine)


def lines_read(lines: QuerySet[LineT]) -> list[LineT]:
    """The lines with their items, in one query.

    The items know whether they got variants since they were put in: a frame
    around its variants cannot be bought itself.
    """
    variants = Item.objects.filter(variant_of=OuterRef("item"), published=True).order_by()
    known = lines.select_related("item").annotate(
        item_has_variants=Exists(variants), item_has_variants_left=Exists(variants.left())
    )
    found: list[LineT] = list(known)
    for line in found:
        # What ItemQuerySet.knowing_variants would have annotated, which a joined row cannot be.
        told = vars(line)
        vars(line.item).update(has_variants=told["item_has_variants"], has_variants_left=told["item_has_variants_left"])
    return found
