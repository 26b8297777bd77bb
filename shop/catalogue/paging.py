"""Lists in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.core.paginator import Paginator
from django.http import Http404

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.db.models import Model, QuerySet
    from django.http import HttpRequest

Row = TypeVar("Row", bound="Model")

ITEMS_PER_PAGE = 24
MOST_DIGITS = 9


def page_of(request: HttpRequest, rows: QuerySet[Row], *, per_page: int = ITEMS_PER_PAGE) -> Page[Row]:
    """The page of ``rows`` that ``?page=`` names; two queries.

    Raises:
        Http404: there is no such page; a search engine must not collect empty ones.
    """
    paginator: Paginator[Row] = Paginator(rows, per_page)
    number = request.GET.get("page", "1")
    if not number.isascii() or not number.isdigit() or len(number) > MOST_DIGITS:
        raise Http404
    if not 1 <= int(number) <= paginator.num_pages:
        raise Http404
    return paginator.page(int(number))
