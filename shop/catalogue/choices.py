"""What a product page is about: a head, the choices it is sold in, and the one that is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.db.models import Min, Q
from django.utils import timezone

from shop.catalogue.models import Item, ItemImage

if TYPE_CHECKING:
    from collections.abc import Iterable

VARIANT_PARAMETER = "variant"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the sizes or colours an item is sold in.

    Attributes:
        item: The row that is bought.
        chosen: Whether the page shows it.
        costs_more: Whether its price differs from that of the one that is shown.
    """

    item: Item
    chosen: bool
    costs_more: bool

    @property
    def sold_out(self) -> bool:
        """None of this one is left."""
        return self.item.stock == 0


@dataclass(frozen=True, slots=True)
class Product:
    """Everything that is sold on one page.

    Attributes:
        head: What the page is called, shares and canonical address included.
        rows: The rows that can be chosen, in the order they were made; the head
            alone where it has no variants.
        chosen: The row that the page shows: its price, stock and pictures. The
            head where it is a frame and nothing was chosen yet: nobody should
            buy a size because it happened to be the first.
    """

    head: Item
    rows: tuple[Item, ...]
    chosen: Item

    @property
    def decided(self) -> bool:
        """It is clear which row would be bought."""
        return self.chosen in self.rows

    @property
    def can_be_bought(self) -> bool:
        """What is shown can be bought; before anything is chosen, something can."""
        return self.chosen.can_be_bought if self.decided else any(row.can_be_bought for row in self.rows)

    @property
    def is_price_from(self) -> bool:
        """The price is that of the cheapest choice, and not of all of them."""
        return not self.decided and any(row.price != self.chosen.price for row in self.offers)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What can be chosen between; nothing where there is only one thing."""
        if self.rows == (self.head,) and not self.head.variant_name:
            return ()
        return tuple(
            Choice(row, chosen=row.pk == self.chosen.pk, costs_more=row.price != self.chosen.price) for row in self.rows
        )

    @property
    def sold_out(self) -> bool:
        """Nothing of it is left, in no size."""
        return all(row.stock == 0 for row in self.rows)

    @property
    def offers(self) -> tuple[Item, ...]:
        """The rows that have a price."""
        return tuple(row for row in self.rows if row.price is not None)


def choice_query(row: Item) -> str:
    """What the head's address is followed by to choose ``row``."""
    return f"?{VARIANT_PARAMETER}={quote(row.item_id, safe='')}"


def product_read(item_id: str, *, wanted: str = "") -> Product | None:
    """The product with this id, in one query; ``None`` where there is none or it is not shown.

    Args:
        item_id: The head's public id.
        wanted: The public id of the choice to show; one that is none counts as absent.
    """
    # A subquery and not a join, so that both sides of the OR find their index.
    ours = Q(item_id=item_id) | Q(variant_of__in=Item.objects.filter(item_id=item_id).values("pk"))
    found = list(Item.objects.published().filter(ours).select_related("category").order_by("pk"))
    head = next((row for row in found if row.variant_of_id is None), None)
    if head is None:
        return None
    variants = [row for row in found if row.variant_of_id is not None]
    for variant in variants:
        variant.variant_of = head
    rows = (head, *variants) if head.variant_name or not variants else tuple(variants)
    chosen = next((row for row in rows if row.item_id == wanted), rows[0] if len(rows) == 1 else head)
    return Product(head=head, rows=rows, chosen=chosen)


def pictures_read(product: Product) -> list[ItemImage]:
    """The pictures to show: those of the chosen row, else the head's, else of whichever choice has some; one query."""
    keys = [product.chosen.pk, product.head.pk, *(row.pk for row in product.rows)]
    order = {key: place for place, key in reversed(list(enumerate(keys)))}
    found = list(ItemImage.objects.filter(item__in=order).order_by("position", "id"))
    whose = min((image.item_id for image in found), key=order.__getitem__, default=None)
    return [image for image in found if image.item_id == whose]


def frames_refresh(head_keys: Iterable[int]) -> int:
    """Give heads that are only frames the lowest price of their variants, for lists show and sort by it.

    To be called, in the same transaction, by whoever changes prices of variants.

    Args:
        head_keys: Database keys of heads; other items among them are left alone.

    Returns:
        How many prices changed.
    """
    keys = list(head_keys)
    variants = Item.objects.filter(variant_of__in=keys, variant_of__variant_name="", published=True).order_by()
    lowest = dict(variants.values_list("variant_of").annotate(lowest=Min("price")))
    frames = [frame for frame in Item.objects.filter(pk__in=list(lowest)) if frame.price != lowest[frame.pk]]
    for frame in frames:
        frame.price, frame.updated_at = lowest[frame.pk], timezone.now()
    Item.objects.bulk_update(frames, ["price", "updated_at"], batch_size=200)
    return len(frames)
