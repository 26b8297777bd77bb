"""What has just been moved on the page of the cart, so that it can be undone where it stood.

Nothing is stored for it: the answer to a form carries the undo, as a fragment
or as an address to go to. An address that is opened again later shows the undo
only while there is something to undo.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from django.urls import reverse

from shop.cart.models import HIGHEST_QUANTITY
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shop.cart.selectors import CartEntry

Row = TypeVar("Row")
HIGHEST_PLACE = 9999


class Move(Enum):
    """What became of a line."""

    REMOVED = "removed"
    KEPT = "kept"
    CARTED = "carted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Moved:
    """One line that has just left its list.

    Attributes:
        move: What became of it.
        item: What it was a line of.
        quantity: How many it was.
        place: Where in its list it stood, first = 0.
    """

    move: Move
    item: Item
    quantity: int
    place: int = 0

    @property
    def from_cart(self) -> bool:
        """Whether it stood in the cart; else in what is kept for later."""
        return self.move in {Move.REMOVED, Move.KEPT}

    @property
    def can_be_undone(self) -> bool:
        """What cannot be bought does not go back into the cart or onto the list."""
        return self.move in {Move.KEPT, Move.CARTED} or self.item.can_be_bought

    @property
    def undo_address(self) -> str:
        """Where the form of the undo goes."""
        names = {
            Move.REMOVED: "cart:put-back",
            Move.KEPT: "cart:to-cart",
            Move.CARTED: "cart:keep",
            Move.DROPPED: "cart:keep-again",
        }
        return reverse(names[self.move])

    def address(self) -> str:
        """The page of the cart with this undo on it, for browsers without JavaScript."""
        query = urlencode({self.move.value: self.item.item_id, "quantity": self.quantity, "place": self.place})
        return f"{reverse('cart:cart')}?{query}#moved"


def moved_of(values: Mapping[str, str], *, lines: Sequence[CartEntry], kept: Sequence[CartEntry]) -> Moved | None:
    """The move that an address tells of, where it still stands; one query at most."""
    move = next((move for move in Move if values.get(move.value)), None)
    if move is None:
        return None
    item_id = values[move.value]
    in_cart = {entry.item.item_id: entry.item for entry in lines}
    on_list = {entry.item.item_id: entry.item for entry in kept}
    if move is Move.KEPT:
        item = on_list.get(item_id)
    elif move is Move.CARTED:
        item = in_cart.get(item_id)
    elif item_id in in_cart or item_id in on_list:
        item = None
    else:
        item = Item.objects.published().filter(item_id=item_id).first()
    if item is None:
        return None
    quantity = whole_number(values.get("quantity", ""), lowest=1, highest=HIGHEST_QUANTITY)
    place = whole_number(values.get("place", ""), lowest=0, highest=HIGHEST_PLACE)
    return Moved(move=move, item=item, quantity=quantity or 1, place=place or 0)


def whole_number(text: str, *, lowest: int, highest: int) -> int | None:
    """The number that ``text`` writes in plain digits, where it lies within the bounds."""
    text = text.strip()
    if not text.isascii() or not text.isdigit() or len(text) > len(str(highest)):
        return None
    return int(text) if lowest <= int(text) <= highest else None


def woven(rows: Sequence[Row], moved: Moved | None) -> list[Row | Moved]:
    """The rows of a list with the undo where the line stood."""
    found: list[Row | Moved] = list(rows)
    if moved is not None:
        found.insert(moved.place, moved)
    return found
