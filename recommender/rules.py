"""What a page may show, whatever the models say.

A model knows the past; a page is about now. The rules stand between the two:
nothing sold out, nothing unpublished, never the item the page is about, never
what the visitor already has in the cart or said is not for them, and no item twice on one page while
there is something else to show.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol


class Showable(Protocol):
    """The part of an item that the rules look at."""

    @property
    def item_id(self) -> str:
        """Its public id."""

    @property
    def published(self) -> bool:
        """Whether it may be seen at all."""

    @property
    def sold_out(self) -> bool:
        """Whether none is left."""


@dataclass(frozen=True, slots=True)
class PageRules:
    """What is known when a page is put together.

    Attributes:
        subjects: The items the page is about; they are not recommended on their own page.
        in_cart: What the visitor is about to buy anyway.
        dismissed: What the visitor said is not for them.
        purchased: What the visitor has bought; left out of what is meant for them personally.
    """

    subjects: frozenset[str] = frozenset()
    in_cart: frozenset[str] = frozenset()
    dismissed: frozenset[str] = frozenset()
    purchased: frozenset[str] = frozenset()

    def never(self, *, personal: bool) -> frozenset[str]:
        """Ids that must not be candidates; ``personal`` panels leave out purchases too."""
        always = self.subjects | self.in_cart | self.dismissed
        return always | self.purchased if personal else always


def may_show(item: Showable, *, never: Collection[str]) -> bool:
    """Whether ``item`` may stand in a panel now."""
    return item.published and not item.sold_out and item.item_id not in never
