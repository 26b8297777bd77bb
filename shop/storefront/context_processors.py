"""What every page needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from shop.storefront.bar import bar_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def shop(request: HttpRequest) -> dict[str, object]:
    """The bar, the shop's full address, whether pages are kept. Costs nothing until a template uses it.

    While the shop is being worked on nothing is kept: its files change under the same names.
    """
    return {"bar": bar_of(request), "site_url": settings.SITE_URL, "keeps_pages": not settings.DEBUG}
