"""What the bar of every page shows of the visitor's own things."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from shop.actions.selectors import favourite_keys
from shop.cart.glance import cart_glance
from shop.catalogue.overview import Overview, Place, catalogue_overview

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Branch:
    """A category at the top of the tree and those right below it, as the menu shows them."""

    place: Place
    below: list[Place]


class Bar:
    """Read when a template asks for it, at most once a request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def overview(self) -> Overview:
        """The catalogue at a glance."""
        return catalogue_overview()

    @cached_property
    def branches(self) -> list[Branch]:
        """The two upper levels of the category tree."""
        return [Branch(place, self.overview.below(place.path)) for place in self.overview.roots]

    @cached_property
    def favourite_keys(self) -> frozenset[int]:
        """Primary keys of the items the visitor saved: the count, and every heart of the page, in one query."""
        return favourite_keys(self._request)

    @cached_property
    def favourite_count(self) -> int:
        """How many items the visitor saved."""
        return len(self.favourite_keys)

    @cached_property
    def cart_count(self) -> int:
        """How many pieces are in the visitor's cart."""
        return cart_glance(self._request).pieces


def bar_of(request: HttpRequest) -> Bar:
    """The bar of this request; the same one however often a template is rendered within it."""
    holder = cast("Any", request)
    if not hasattr(holder, "storefront_bar"):
        holder.storefront_bar = Bar(request)
    return cast("Bar", holder.storefront_bar)
