"""What a shopper keeps for later: out of the cart, not out of sight.

Each move between the cart and the list of what is kept is one transaction, so
nothing is ever in both or in neither. No move is an action: the shopper said
what they like when they added it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from shop.cart.lines import lines_read
from shop.cart.models import CartLine, KeptLine
from shop.cart.services import CartChange, buyable, highest_quantity

if TYPE_CHECKING:
    from shop.accounts.models import Shopper
    from shop.catalogue.models import Item


@dataclass(frozen=True, slots=True)
class CartSettlement:
    """What was done so that a cart can be ordered.

    Attributes:
        kept: How many lines cannot be bought at all and are kept for later now.
        lowered: How many lines were lowered to what is there.
    """

    kept: int
    lowered: int


def line_keep(*, shopper: Shopper, item: Item) -> bool:
    """Move an item from the cart to what is kept for later; whether it was in the cart."""
    with transaction.atomic():
        line = CartLine.objects.select_for_update().filter(shopper=shopper, item=item).first()
        if line is None:
            return False
        _keep(line)
    return True


def kept_to_cart(*, shopper: Shopper, item: Item) -> CartChange | None:
    """Move a kept item into the cart; where it is there too, the larger quantity stays.

    Returns:
        What the cart holds of it now; ``None`` where it was not kept.

    Raises:
        CannotBeBought: it stays where it is.
    """
    with transaction.atomic():
        kept = KeptLine.objects.select_for_update().filter(shopper=shopper, item=item).first()
        if kept is None:
            return None
        item, price, highest = buyable(item)
        allowed = min(kept.quantity, highest)
        line, created = CartLine.objects.get_or_create(
            shopper=shopper, item=item, defaults={"quantity": allowed, "price_when_added": price}
        )
        if not created and line.quantity < allowed:
            line.quantity = allowed
            line.save(update_fields=["quantity"])
        kept.delete()
    return CartChange(item=item, quantity=line.quantity, limited=line.quantity < kept.quantity)


def kept_remove(*, shopper: Shopper, item: Item) -> bool:
    """Keep an item no longer; whether it was kept."""
    removed, _by_model = KeptLine.objects.filter(shopper=shopper, item=item).delete()
    return bool(removed)


def kept_put_back(*, shopper: Shopper, item: Item, quantity: int) -> None:
    """Undo ``kept_remove``. Nothing happens where the item has got into the cart or the list since.

    Raises:
        CannotBeBought: it has been sold out since.
    """
    with transaction.atomic():
        item, price, highest = buyable(item)
        if not CartLine.objects.filter(shopper=shopper, item=item).exists():
            KeptLine.objects.get_or_create(
                shopper=shopper,
                item=item,
                defaults={"quantity": min(quantity, highest), "price_when_added": price},
            )


def cart_settle(shopper: Shopper) -> CartSettlement:
    """Make the cart one that can be ordered: keep for later what cannot be bought, lower what there is too little of."""
    kept = lowered = 0
    with transaction.atomic():
        for line in lines_read(CartLine.objects.select_for_update(of=("self",)).filter(shopper=shopper)):
            highest = highest_quantity(line.item)
            if highest == 0:
                _keep(line)
                kept += 1
            elif highest < line.quantity:
                line.quantity = highest
                line.save(update_fields=["quantity"])
                lowered += 1
    return CartSettlement(kept=kept, lowered=lowered)


def _keep(line: CartLine) -> None:
    """Move a line over, in the caller's transaction."""
    KeptLine.objects.update_or_create(
        shopper_id=line.shopper_id,
        item_id=line.item_id,
        defaults={"quantity": line.quantity, "price_when_added": line.price_when_added},
    )
    line.delete()
