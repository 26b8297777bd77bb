"""The desk of the outbox: which letters wait, and which were given up.

What a letter says is not shown. It may hold a link to a new password, which is
for the recipient alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy, ngettext

from shop.administration import ReadOnlyAdmin
from shop.mail.models import Letter
from shop.mail.services import letters_retry

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """Letters that have not left: looked at, and tried again."""

    list_display = ("template", "recipient", "problem", "attempts", "created_at", "failed_at")
    list_filter = (("failed_at", admin.EmptyFieldListFilter), "template")
    search_fields = ("=recipient",)
    search_help_text = gettext_lazy("Whole e-mail address")
    fields = (
        "template",
        "recipient",
        "subject",
        "language",
        "created_at",
        "attempts",
        "next_attempt_at",
        "failed_at",
        "problem",
    )
    actions = ("try_again",)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Whoever may change letters may have them tried again."""
        return bool(request.user.has_perm("mail.change_letter"))

    @admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        """Have the chosen letters tried from the start; those that still wait are left as they are."""
        count = letters_retry(queryset)
        words = ngettext("%(count)d letter is tried again.", "%(count)d letters are tried again.", count)
        self.message_user(request, words % {"count": count}, messages.SUCCESS if count else messages.WARNING)
