"""The orders in which lists of items can be shown.

Every ordering ends with the primary key, one of another room too once
``stable_order`` has seen to it, so that pages never show an item twice or leave
one out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from shop.catalogue.hooks import Ordering, registered_orderings

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models.expressions import OrderBy
    from django.http import HttpRequest

    from shop.catalogue.models import ItemQuerySet


def _by(*fields: str | OrderBy) -> Callable[[ItemQuerySet, HttpRequest], ItemQuerySet]:
    def order(items: ItemQuerySet, request: HttpRequest) -> ItemQuerySet:  # noqa: ARG001 - other orderings look at it
        return items.order_by(*fields)

    return order


RELEVANCE = Ordering("relevance", _("Best match"), _by("relevance", "-created_at", "-id"))
OWN_ORDERINGS = (
    Ordering("newest", _("Newest"), _by("-created_at", "-id")),
    Ordering("price", _("Price, low to high"), _by(F("price").asc(nulls_last=True), "id")),
    Ordering("-price", _("Price, high to low"), _by(F("price").desc(nulls_last=True), "id")),
    Ordering("name", _("Name"), _by("title", "id")),
)


def stable_order(ordering: Ordering, items: ItemQuerySet, request: HttpRequest) -> ItemQuerySet:
    """``items`` in an order in which no two stand equal, whatever the ordering itself forgets."""
    ordered = ordering.order(items, request)
    by = ordered.query.order_by
    return ordered if {"pk", "-pk", "id", "-id"}.intersection(map(str, by)) else ordered.order_by(*by, "pk")


def catalogue_orderings() -> tuple[Ordering, ...]:
    """The shop's own orderings, newest first, then what other rooms have registered."""
    return OWN_ORDERINGS + registered_orderings()


def chosen_ordering(request: HttpRequest, orderings: tuple[Ordering, ...]) -> Ordering:
    """The ordering that ``?sort=`` names, else the first."""
    wanted = request.GET.get("sort")
    return next((ordering for ordering in orderings if ordering.name == wanted), orderings[0])
