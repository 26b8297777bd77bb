"""Filling, changing and reading a cart.

Quantities are bounded by what is in stock and by ``HIGHEST_QUANTITY``: asking
for more puts in what there is and says so, instead of refusing. Adding counts
up in one UPDATE, so two clicks at the same moment both count. What is kept for
later stands in ``shop.cart.keeping``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from shop.accounts.models import Shopper
from shop.actions.models import Kind
from shop.actions.services import action_record
from shop.actions.sources import UNKNOWN_SOURCE, ActionSource
from shop.cart.models import HIGHEST_QUANTITY, CartLine, KeptLine
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

NOT_RECORDED = ActionSource(recorded=False)


class CannotBeBought(Exception):
    """The item is sold out, unpublished or without a price. The message is for the shopper."""

    def __init__(self, item: Item) -> None:
        self.item = item
        super().__init__(_("%(item)s cannot be bought at the moment.") % {"item": item.choice_name})


class VariantNeeded(CannotBeBought):
    """The item is a frame around its variants; one of those has to be chosen. The message is for the shopper."""

    def __init__(self, item: Item) -> None:
        super().__init__(item)
        self.args = (_("Please choose which %(item)s you would like.") % {"item": item.name},)


@dataclass(frozen=True, slots=True)
class CartChange:
    """What became of a wish.

    Attributes:
        item: The item.
        quantity: How many are in the cart now; 0 where the line is gone.
        limited: Fewer than asked for, because there are no more or because of ``HIGHEST_QUANTITY``.
    """

    item: Item
    quantity: int
    limited: bool


@dataclass(frozen=True, slots=True)
class CartAddition:
    """What became of a wish for several items at once.

    Attributes:
        changes: Of what is in the cart now.
        refused: What could not be put in, as the database has it now.
    """

    changes: tuple[CartChange, ...]
    refused: tuple[Item, ...]


def highest_quantity(item: Item) -> int:
    """How many of ``item`` a cart may hold now; 0 where it cannot be bought."""
    if not item.can_be_bought:
        return 0
    return HIGHEST_QUANTITY if item.stock is None else min(item.stock, HIGHEST_QUANTITY)


def cart_add(*, shopper: Shopper, item: Item, quantity: int = 1, source: ActionSource = UNKNOWN_SOURCE) -> CartChange:
    """Put ``quantity`` more of an item into the cart; the action is written in the same transaction.

    It is no longer kept for later then, and its price is known: whoever adds something sees what it costs.

    Raises:
        CannotBeBought: see the class.
        ValueError: ``quantity`` is not positive.
    """
    if quantity < 1:
        raise ValueError(f"quantity must be at least 1, not {quantity}")
    with transaction.atomic():
        item, price, highest = buyable(item)
        # Held, so that what it had before is known: of clicks at once the one too many is told, and recorded nowhere.
        line, created = CartLine.objects.select_for_update().get_or_create(
            shopper=shopper,
            item=item,
            defaults={"quantity": min(quantity, highest), "price_when_added": price},
        )
        before = 0 if created else line.quantity
        if not created:
            quantity_count_up(line=line, quantity=quantity, highest=highest)
            CartLine.objects.filter(pk=line.pk).exclude(price_when_added=price).update(price_when_added=price)
            line.refresh_from_db(fields=["quantity"])
        KeptLine.objects.filter(shopper=shopper, item=item).delete()
        if source.recorded and line.quantity > before:
            action_record(
                shopper=shopper,
                item=item,
                kind=Kind.CART,
                panel=source.panel,
                position=source.position,
                bundle=source.bundle,
            )
    return CartChange(item=item, quantity=line.quantity, limited=line.quantity < before + quantity)


def cart_add_several(*, shopper: Shopper, items: Sequence[Item], source: ActionSource = UNKNOWN_SOURCE) -> CartAddition:
    """Put one of each item into the cart, as far as they can be bought; nothing of one keeps the others out."""
    changes: list[CartChange] = []
    refused: list[Item] = []
    for item in items:
        try:
            changes.append(cart_add(shopper=shopper, item=item, source=source))
        except CannotBeBought as refusal:
            refused.append(refusal.item)
    return CartAddition(changes=tuple(changes), refused=tuple(refused))


def quantity_count_up(*, line: CartLine, quantity: int, highest: int) -> None:
    """Add to a line's quantity, up to ``highest``, in one statement: concurrent calls all count."""
    CartLine.objects.filter(pk=line.pk).update(quantity=Least(F("quantity") + min(quantity, highest), highest))


def cart_set_quantity(*, shopper: Shopper, item: Item, quantity: int) -> CartChange:
    """Change how many of an item are in the cart; 0 takes it out. Nothing happens to an item that isn't in it.

    Raises:
        CannotBeBought: the item can only be taken out.
        ValueError: ``quantity`` is negative.
    """
    if quantity < 0:
        raise ValueError(f"quantity must not be negative, not {quantity}")
    with transaction.atomic():
        if quantity == 0:
            cart_remove(shopper=shopper, item=item)
            return CartChange(item=item, quantity=0, limited=False)
        item, _price, highest = buyable(item)
        allowed = min(quantity, highest)
        changed = CartLine.objects.filter(shopper=shopper, item=item).update(quantity=allowed)
    return CartChange(item=item, quantity=allowed if changed else 0, limited=bool(changed) and allowed < quantity)


def cart_remove(*, shopper: Shopper, item: Item) -> bool:
    """Take an item out of the cart; whether it was in it."""
    removed, _by_model = CartLine.objects.filter(shopper=shopper, item=item).delete()
    return bool(removed)


def cart_see(shopper: Shopper) -> None:
    """The shopper has seen what changed: the prices of now are the known ones, nothing is newly joined."""
    price_now = Item.objects.filter(pk=OuterRef("item")).values("price")
    lines = CartLine.objects.filter(shopper=shopper)
    with transaction.atomic():
        lines.filter(joined=True).update(joined=False)
        lines.filter(item__price__isnull=False).update(price_when_added=Subquery(price_now))


def buyable(item: Item) -> tuple[Item, Decimal, int]:
    """The item as it is in the database now, its price, and how many of it a cart may hold.

    Raises:
        VariantNeeded: it has variants and is none of them.
        CannotBeBought: it is sold out, unpublished or without a price.
    """
    fresh = Item.objects.get(pk=item.pk)
    if not fresh.variant_name and fresh.published and fresh.variants.filter(published=True).exists():
        raise VariantNeeded(fresh)
    highest = highest_quantity(fresh)
    if fresh.price is None or highest == 0:
        raise CannotBeBought(fresh)
    return fresh, fresh.price, highest
