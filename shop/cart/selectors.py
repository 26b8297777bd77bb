"""The cart as a page shows it: lines, total, what is kept for later, and what changed since things were put in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from django.conf import settings

from shop.cart.lines import lines_read
from shop.cart.models import CartLine, KeptLine
from shop.cart.services import highest_quantity

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from shop.accounts.models import Shopper
    from shop.cart.lines import LineT
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
    """One remark on a line; the template has the words.

    Attributes:
        kind: What it is about.
        count: How many are left, of ``FEWER_LEFT``.
        price: The price the shopper knows of, of the two about prices.
    """

    kind: NoteKind
    count: int = 0
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CartEntry:
    """One line of the cart, or of what is kept for later.

    Attributes:
        item: With its cover; ask it for name, picture and address without a query.
        quantity: How many are wanted.
        highest: How many could be wanted; 0 where it cannot be bought now.
        price: Of one piece, now; ``None`` where the price went away.
        total: Price times quantity; 0 where it cannot be bought now.
        notes: Remarks, most important first.
        joined: Came from another device at sign-in, and the shopper has not seen it yet.
    """

    item: Item
    quantity: int
    highest: int
    price: Decimal | None
    total: Decimal
    notes: tuple[CartNote, ...]
    joined: bool = False

    @property
    def can_be_bought(self) -> bool:
        """Enough is there and it has a price."""
        return self.quantity <= self.highest

    @property
    def sold_out(self) -> bool:
        """None are left, or it is not for sale any more."""
        return self.highest == 0

    @property
    def price_changed(self) -> bool:
        """The price is not the one the shopper knows of."""
        return any(note.kind in {NoteKind.PRICE_ROSE, NoteKind.PRICE_FELL} for note in self.notes)


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
    def count_for_sale(self) -> int:
        """How many pieces ``total`` is for."""
        return sum(line.quantity for line in self.lines if not line.sold_out)

    @property
    def can_check_out(self) -> bool:
        """There is something in it, and all of it can be bought."""
        return bool(self.lines) and all(line.can_be_bought for line in self.lines)

    @property
    def heads(self) -> list[Item]:
        """What it is made of, as the shop lists it: of variants the heads, each once."""
        return list({line.item.head_key: line.item.head for line in self.lines}.values())

    @property
    def joined(self) -> list[CartEntry]:
        """Lines that came from another device and have not been seen yet."""
        return [line for line in self.lines if line.joined]

    @property
    def prices_changed(self) -> int:
        """How many lines have another price than the shopper knows of."""
        return sum(line.price_changed for line in self.lines)


def cart_summary(shopper: Shopper | None) -> CartSummary:
    """The cart of a shopper, oldest line first; one query for everything, none without a shopper."""
    lines = [] if shopper is None else _with_items(CartLine.objects.filter(shopper=shopper))
    entries = tuple(_entry(line, joined=line.joined) for line in lines)
    total = sum((entry.total for entry in entries), Decimal("0.00"))
    return CartSummary(lines=entries, total=total, currency=settings.CURRENCY)


def kept_entries(shopper: Shopper | None) -> tuple[CartEntry, ...]:
    """What a shopper keeps for later, the latest first; one query, none without a shopper."""
    if shopper is None:
        return ()
    return tuple(_entry(line) for line in _with_items(KeptLine.objects.filter(shopper=shopper)))


def _with_items(lines: QuerySet[LineT]) -> list[LineT]:
    return lines_read(lines.select_related("item__cover", "item__category", "item__variant_of__cover"))


def _entry(line: CartLine | KeptLine, *, joined: bool = False) -> CartEntry:
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
        joined=joined,
    )


def _notes(line: CartLine | KeptLine, *, highest: int) -> list[CartNote]:
    item, before = line.item, line.price_when_added
    if item.sold_out:
        return [CartNote(NoteKind.SOLD_OUT)]
    if item.price is None or highest == 0:
        return [CartNote(NoteKind.NOT_FOR_SALE)]
    notes: list[CartNote] = []
    if highest < line.quantity:
        notes.append(CartNote(NoteKind.FEWER_LEFT, count=highest))
    if item.price > before:
        notes.append(CartNote(NoteKind.PRICE_ROSE, price=before))
    elif item.price < before:
        notes.append(CartNote(NoteKind.PRICE_FELL, price=before))
    return notes
