"""What other rooms and wings may add to the catalogue, without the catalogue knowing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shop.catalogue.models import Item

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest
    from django.utils.functional import Promise

    from shop.catalogue.models import ItemQuerySet

    ProductFacts = Callable[[HttpRequest, Item], dict[str, Any]]
    Order = Callable[[ItemQuerySet, HttpRequest], ItemQuerySet]
    Offered = Callable[[HttpRequest], bool]


def offered_always(request: HttpRequest) -> bool:  # noqa: ARG001 - other orderings look at it
    """For orderings that suit every visitor."""
    return True


@dataclass(frozen=True, slots=True)
class Ordering:
    """A way to sort a list of items.

    Attributes:
        name: As it stands in the address: ``?sort=<name>``.
        label: As a shopper reads it.
        order: Sorts a query set for one request.
        offered: Whether to offer it to the visitor of a request; always, unless told.
    """

    name: str
    label: str | Promise
    order: Order
    offered: Offered = offered_always


_orderings: dict[str, Ordering] = {}


def register_ordering(name: str, label: str | Promise, function: Order, *, offered: Offered = offered_always) -> None:
    """Offer one more way to sort lists of items; a name registered before is replaced.

    Args:
        name: As it stands in the address: ``?sort=<name>``.
        label: As a shopper reads it.
        function: Sorts a query set for one request.
        offered: Tells whether to offer it to the visitor of a request, without a query of its own.
    """
    _orderings[name] = Ordering(name=name, label=label, order=function, offered=offered)


def registered_orderings() -> tuple[Ordering, ...]:
    """The additional ways to sort, in the order they were registered."""
    return tuple(_orderings.values())


_product_facts: list[ProductFacts] = []


def on_product_facts(function: ProductFacts) -> ProductFacts:
    """Have ``function`` asked for more properties of an item's schema.org ``Product``, such as what people say of it."""
    if function not in _product_facts:
        _product_facts.append(function)
    return function


def product_facts(request: HttpRequest, item: Item) -> dict[str, Any]:
    """What other rooms add to the ``Product`` of an item."""
    return {name: value for function in _product_facts for name, value in function(request, item).items()}


def items_changed_since(moment: datetime | None) -> ItemQuerySet:
    """The feed of changed items, oldest change first; all items where ``moment`` is ``None``.

    It is read by polling: an update counts as soon as it is committed, whether
    a form, an import or an order made it. Readers keep the ``updated_at`` of
    the last item they saw and ask again from there; items of that very moment
    are told again, so that none is missed.
    """
    items = Item.objects.order_by("updated_at", "pk")
    return items if moment is None else items.filter(updated_at__gte=moment)
