"""Facts about a page for search engines, as schema.org JSON-LD.

Only plain dictionaries are made here; the template tag ``json_ld`` writes them
escaped, so that no text of an item can end the script element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from shop.catalogue.pictures import rendition_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shop.catalogue.models import Item, ItemImage

CONTEXT = "https://schema.org"
PICTURE_WIDTH = 1200


def absolute(path: str) -> str:
    """The full address of ``path`` on this shop; an address that is full already stays."""
    return path if path.startswith(("http://", "https://")) else f"{settings.SITE_URL}{path}"


def product_data(item: Item, images: Sequence[ItemImage]) -> dict[str, Any]:
    """A ``Product`` with its offer; an item without a price has none."""
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Product",
        "name": item.name,
        "sku": item.item_id,
        "url": absolute(item.get_absolute_url()),
    }
    if item.words:
        data["description"] = item.words
    if images:
        data["image"] = [absolute(rendition_url(image, PICTURE_WIDTH)) for image in images]
    if item.brand:
        data["brand"] = {"@type": "Brand", "name": item.brand}
    if item.colour:
        data["color"] = item.colour
    if item.price is not None:
        data["offers"] = {
            "@type": "Offer",
            "url": absolute(item.get_absolute_url()),
            "price": str(item.price),
            "priceCurrency": settings.CURRENCY,
            "availability": f"{CONTEXT}/{'OutOfStock' if item.sold_out else 'InStock'}",
        }
    return data


def breadcrumbs_data(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """A ``BreadcrumbList`` of names and paths, from the top down."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": absolute(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }
