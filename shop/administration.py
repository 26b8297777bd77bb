"""What the admin pages of all rooms share: reading without changing, and lists that stay quick."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator

if TYPE_CHECKING:
    from django.http import HttpRequest

    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyPaginator = Paginator[Any]
else:
    AnyModelAdmin = admin.ModelAdmin
    AnyPaginator = Paginator

COUNTED_ROWS = 10_000


class BoundedPaginator(AnyPaginator):
    """Counts no further than ``COUNTED_ROWS``: a list of millions opens as fast as one of hundreds."""

    @cached_property
    def count(self) -> int:
        """The number of rows, or ``COUNTED_ROWS`` where there are more."""
        return int(self.object_list.order_by()[:COUNTED_ROWS].count())  # type: ignore[attr-defined]  # always a query set


class ReadOnlyAdmin(AnyModelAdmin):
    """Rows that staff may look at; the shop alone writes them."""

    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody adds rows by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody changes rows by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nobody deletes rows by hand."""
        return False
