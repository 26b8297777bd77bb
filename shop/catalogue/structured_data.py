"""Facts about a page for search engines, as schema.org JSON-LD.

Only plain dictionaries are made here; the template tag ``json_ld`` writes them
escaped, so that no text of an item can end the script element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from shop.catalogue.choices import choice_query
from shop.catalogue.pictures import rendition_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shop.catalogue.choices import Product
    from shop.catalogue.models import Item, ItemImage

CONTEXT = "https://schema.org"
PICTURE_WIDTH = 1200


def absolute(path: str) -> str:
    """The full address of ``path`` on this shop; an address that is full already stays."""
    return path if path.startswith(("http://", "https://")) else f"{settings.SITE_URL}{path}"


def product_data(
    product: Product, images: Sequence[ItemImage], facts: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """A ``Product`` with an offer for each choice that has a price.

    Args:
        product: Head and choices.
        images: The pictures on the page.
        facts: Further properties, from other rooms.
    """
    head = product.head
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Product",
        "name": head.name,
        "sku": head.item_id,
        "url": absolute(head.get_absolute_url()),
    }
    if head.words:
        data["description"] = head.words
    if images:
        data["image"] = [absolute(rendition_url(image, PICTURE_WIDTH)) for image in images]
    if head.brand:
        data["brand"] = {"@type": "Brand", "name": head.brand}
    if head.colour:
        data["color"] = head.colour
    offers = [_offer(product, row) for row in product.offers]
    if offers:
        data["offers"] = offers if len(offers) > 1 else offers[0]
    return data | dict(facts or {})


def _offer(product: Product, row: Item) -> dict[str, Any]:
    """What one row costs, and whether it can be had."""
    offer = {
        "@type": "Offer",
        "url": absolute(product.head.get_absolute_url()),
        "price": str(row.price),
        "priceCurrency": settings.CURRENCY,
        "availability": f"{CONTEXT}/{'OutOfStock' if row.stock == 0 else 'InStock'}",
    }
    if product.choices:
        offer |= {"name": row.choice_name, "sku": row.item_id, "url": f"{offer['url']}{choice_query(row)}"}
    return offer


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
