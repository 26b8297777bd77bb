"""The stream of actions, imports and favourites, to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import Shopper
from shop.actions.models import Action, Favourite, ImportBatch, Kind
from shop.actions.sources import PLACES
from shop.administration import ReadOnlyAdmin
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from django.http import HttpRequest


class PanelFilter(admin.SimpleListFilter):
    """By panel; the choices are known, so that no list of millions is searched for them."""

    title = _("panel")
    parameter_name = "panel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002 - Django's signature
        """Every panel and list."""
        return [(place, place.replace("_", " ")) for place in sorted(PLACES)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:  # noqa: ARG002 - Django's signature
        """Actions from that panel."""
        return queryset.filter(panel=self.value()) if self.value() else queryset


class SearchedByIds(ReadOnlyAdmin):
    """Rows of shoppers and items, found by the whole public id of either.

    The ids are looked up first: a join to both tables would read the whole stream.
    """

    search_fields = ("item__item_id", "shopper__user_id")
    search_help_text = _("Whole item id or whole user id")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:  # noqa: ARG002 - Django's signature
        """The rows of the item or shopper with that id."""
        word = search_term.strip()
        if not word:
            return queryset, False
        items = list(Item.objects.filter(item_id=word).values_list("pk", flat=True))
        shoppers = list(Shopper.objects.filter(user_id=word).values_list("pk", flat=True))
        return queryset.filter(Q(item__in=items) | Q(shopper__in=shoppers)), False


@admin.register(Action)
class ActionAdmin(SearchedByIds):
    """What shoppers did, latest first. Nobody writes history by hand."""

    list_display = ("time", "kind_word", "item", "shopper", "panel", "position", "bundle", "value", "undone_at")
    list_display_links = ("time",)
    list_filter = ("kind", PanelFilter, "simulated", ("undone_at", admin.EmptyFieldListFilter))
    list_select_related = ("item", "shopper")
    ordering = ("-id",)
    sortable_by = ()

    @admin.display(description=_("kind"))
    def kind_word(self, action: Action) -> str:
        """The kind in words."""
        return str(Kind(action.kind).label)


@admin.register(Favourite)
class FavouriteAdmin(SearchedByIds):
    """What shoppers have saved."""

    list_display = ("created_at", "item", "shopper")
    list_select_related = ("item", "shopper")
    ordering = ("-id",)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """Which files of actions came in."""

    list_display = ("started_at", "file_name", "rows", "published")
    ordering = ("-id",)
