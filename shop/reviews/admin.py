"""Reviews, for those who decide which are shown. The words are the shopper's: nobody else changes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shop.administration import AnyModelAdmin, BoundedPaginator
from shop.reviews.models import Review
from shop.reviews.services import reviews_delete, reviews_moderate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

START_LENGTH = 120


@admin.register(Review)
class ReviewAdmin(AnyModelAdmin):
    """What waits comes first in the filter; publishing and rejecting work on one or on many."""

    list_display = ("start", "stars", "item", "signature", "verified", "status", "created_at")
    list_filter = ("status", "stars", "verified", "created_at")
    list_select_related = ("item",)
    list_per_page = 50
    show_full_result_count = False
    paginator = BoundedPaginator
    search_fields = ("item__item_id", "item__title", "title", "text", "author")
    search_help_text = _("Item, or words of the review")
    actions = ("publish", "reject")
    fields = (
        "item",
        "stars",
        "title",
        "text",
        "author",
        "verified",
        "order_line",
        "status",
        "created_at",
        "changed_at",
    )
    readonly_fields = tuple(name for name in fields if name != "status")

    @admin.display(description=_("review"), ordering="text")
    def start(self, review: Review) -> str:
        """How it begins."""
        words = f"{review.title}: {review.text}" if review.title else review.text
        return words if len(words) <= START_LENGTH else f"{words[:START_LENGTH]}…"

    @admin.display(description=_("author"), ordering="author")
    def signature(self, review: Review) -> str:
        """Who is said to have written it."""
        return review.signature

    @admin.action(description=_("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Show the chosen reviews."""
        self._moderate(request, queryset, Review.Status.PUBLISHED)

    @admin.action(description=_("Do not publish"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        """Take the chosen reviews out of sight; their authors still see them."""
        self._moderate(request, queryset, Review.Status.REJECTED)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Shoppers alone write reviews."""
        return False

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001 - Django's signature
        """Change the status alone, and the item's stars with it."""
        reviews_moderate([obj.pk], Review.Status(obj.status))

    def delete_model(self, request: HttpRequest, obj: Review) -> None:  # noqa: ARG002 - Django's signature
        """Delete one, and count the item's stars anew."""
        reviews_delete([obj.pk])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:  # noqa: ARG002 - Django's signature
        """Delete several, and count the stars of their items anew."""
        reviews_delete(queryset.values_list("pk", flat=True))

    def _moderate(self, request: HttpRequest, queryset: QuerySet[Review], status: Review.Status) -> None:
        changed = reviews_moderate(queryset.values_list("pk", flat=True), status)
        text = ngettext("%(count)d review changed.", "%(count)d reviews changed.", changed) % {"count": changed}
        self.message_user(request, text, messages.SUCCESS)
