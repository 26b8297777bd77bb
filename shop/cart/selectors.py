"""The cart as a page shows it: lines, total, and what changed since things were put in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from shop.cart.models import CartLine
from shop.cart.services import highest_quantity

if TYPE_CHECKING:
    from shop.accounts.models import Shopper
    from shop.catalogue.models import Item


class NoteKind(Enum):
    """What a shopper should know about a line."""

    SOLD_OUT = "sold_out"
    NOT_FOR_SALE = "not_for_sale"
    FEWER_LEFT = "fewer_left"
    PRICE_ROSE = "price_rose"
    PRICE_FELL = "price_fell"


@dataclass(frozen=True, slots=True)
class CartNote:
    """One remark on a line, ready to show."""

    kind: NoteKind
    text: str | Promise


@dataclass(frozen=True, slots=True)
class CartEntry:
    """One line of the cart.

    Attributes:
        item: With its cover; ask it for name, picture and address without a query.
        quantity: How many are wanted.
        highest: How many could be wanted; 0 where it cannot be bought now.
        price: Of one piece, now; ``None`` where the price went away.
        total: Price times quantity; 0 where it cannot be bought now.
        notes: Remarks, most important first.
    """

    item: Item
    quantity: int
    highest: int
    price: Decimal | None
    total: Decimal
    notes: tuple[CartNote, ...]

    @property
    def can_be_bought(self) -> bool:
        """Enough is there and it has a price."""
        return self.quantity <= self.highest

    @property
    def sold_out(self) -> bool:
        """None are left, or it is not for sale any more."""
        return self.highest == 0


@dataclass(frozen=True, slots=True)
class CartSummary:
    """A whole cart. ``total`` adds up the lines that are still for sale."""

    lines: tuple[CartEntry, ...]
    total: Decimal
    currency: str

    @property
    def count(self) -> int:
        """How many pieces are in it."""
        return sum(line.quantity for line in self.lines)

    @property
    def can_check_out(self) -> bool:
        """There is something in it, and all of it can be bought."""
        return bool(self.lines) and all(line.can_be_bought for line in self.lines)


def cart_summary(shopper: Shopper | None) -> CartSummary:
    """The cart of a shopper, oldest line first; one query for everything, none without a shopper."""
    lines = (
        []
        if shopper is None
        else CartLine.objects.filter(shopper=shopper).select_related("item", "item__cover", "item__category")
    )
    entries = tuple(_entry(line) for line in lines)
    total = sum((entry.total for entry in entries), Decimal("0.00"))
    return CartSummary(lines=entries, total=total, currency=settings.CURRENCY)


def _entry(line: CartLine) -> CartEntry:
    highest = highest_quantity(line.item)
    price = line.item.price
    total = price * line.quantity if price is not None and highest else Decimal("0.00")
    return CartEntry(
        item=line.item,
        quantity=line.quantity,
        highest=highest,
        price=price,
        total=total,
        notes=tuple(_notes(line, highest=highest)),
    )


def _notes(line: CartLine, *, highest: int) -> list[CartNote]:
    item = line.item
    if item.sold_out:
        return [CartNote(NoteKind.SOLD_OUT, _("Sold out since you added it."))]
    if item.price is None or highest == 0:
        return [CartNote(NoteKind.NOT_FOR_SALE, _("Not for sale at the moment."))]
    notes: list[CartNote] = []
    if highest < line.quantity:
        text = ngettext_lazy("Only %(count)d is left.", "Only %(count)d are left.", highest) % {"count": highest}
        notes.append(CartNote(NoteKind.FEWER_LEFT, text))
    before = {"price": line.price_when_added, "currency": settings.CURRENCY}
    if item.price > line.price_when_added:
        notes.append(
            CartNote(NoteKind.PRICE_ROSE, _("The price was %(price)s %(currency)s when you added it.") % before)
        )
    elif item.price < line.price_when_added:
        notes.append(
            CartNote(NoteKind.PRICE_FELL, _("Less than when you added it: it was %(price)s %(currency)s.") % before)
        )
    return notes
