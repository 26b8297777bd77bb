"""Categories that moved are still found where they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve

from shop.catalogue.models import Category
from shop.storefront.models import FormerCategoryPath

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

NOT_FOUND = 404


@receiver(pre_save, sender=Category)
def remember_path(*, instance: Category, **_others: Any) -> None:
    """Keep the path a category leaves; what moves back no longer needs a redirect."""
    before = Category.objects.filter(pk=instance.pk).values_list("path", flat=True).first() if instance.pk else None
    if before is None or before == instance.path:
        return
    FormerCategoryPath.objects.update_or_create(path=before, defaults={"category": instance})
    FormerCategoryPath.objects.filter(path=instance.path).delete()


class MovedCategoryMiddleware:
    """Answer a category's former address with its present one; costs a query only where nothing was found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the page be made; where there is none, see whether it moved."""
        response = self.get_response(request)
        if response.status_code != NOT_FOUND or request.method not in {"GET", "HEAD"}:
            return response
        moved_to = _present_address(request.path_info)
        if moved_to is None:
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(moved_to + (f"?{query}" if query else ""))


def _present_address(address: str) -> str | None:
    try:
        found = resolve(address)
    except Resolver404:
        return None
    if found.view_name != "catalogue:category":
        return None
    former = FormerCategoryPath.objects.select_related("category").filter(path=found.kwargs["path"]).first()
    return former.category.get_absolute_url() if former else None
