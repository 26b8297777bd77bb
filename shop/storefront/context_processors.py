"""What every page needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from shop.storefront.bar import bar_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, object]:
    """The bar, and the page's one full address. Costs nothing until a template uses it."""
    return {"bar": bar_of(request), "site_url": settings.SITE_URL}
