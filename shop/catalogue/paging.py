"""Lists in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.http import Http404

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from shop.catalogue.models import Item, ItemQuerySet

Row = TypeVar("Row", bound=Model)

ITEMS_PER_PAGE = 24
MOST_DIGITS = 9


def page_of(request: HttpRequest, rows: QuerySet[Row], *, per_page: int = ITEMS_PER_PAGE) -> Page[Row]:
    """The page of ``rows`` that ``?page=`` names; two queries.

    Raises:
        Http404: there is no such page; a search engine must not collect empty ones.
    """
    paginator: Paginator[Row] = Paginator(rows, per_page)
    return paginator.page(_page_number(request, paginator))


class KeyPaginator(Paginator[int]):
    """Pages of items whose keys are known already; only those of the page that is asked for are read."""

    def __init__(self, keys: Sequence[int], items: ItemQuerySet, *, per_page: int = ITEMS_PER_PAGE) -> None:
        """Page through ``keys`` in their order.

        Args:
            keys: Of all items.
            items: Where the items of a page are read from, with all that a card needs.
            per_page: Items on a page.
        """
        super().__init__(keys, per_page)
        self._items = items

    def items_page(self, request: HttpRequest) -> Page[Item]:
        """The page that ``?page=`` names; one query. What was taken away meanwhile is left out.

        Raises:
            Http404: there is no such page.
        """
        page = self.page(_page_number(request, self))
        keys = list(page.object_list)
        found = {item.pk: item for item in self._items.order_by().filter(pk__in=keys)}
        return Page([found[key] for key in keys if key in found], page.number, self)  # type: ignore[arg-type]  # pages of items by their keys


def _page_number(request: HttpRequest, paginator: Paginator[Any]) -> int:
    number = request.GET.get("page", "1")
    if not number.isascii() or not number.isdigit() or len(number) > MOST_DIGITS:
        raise Http404
    if not 1 <= int(number) <= paginator.num_pages:
        raise Http404
    return int(number)
