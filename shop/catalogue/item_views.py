"""The product page, and the addresses that lead to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from shop.catalogue.choices import VARIANT_PARAMETER, choice_query, pictures_read, product_read
from shop.catalogue.hooks import product_facts
from shop.catalogue.models import Item
from shop.catalogue.overview import catalogue_overview
from shop.catalogue.structured_data import breadcrumbs_data, product_data
from shop.catalogue.viewing import item_viewed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from shop.catalogue.choices import Product
    from shop.catalogue.models import ItemImage

FRAGMENT = "product"


@require_safe
def item(request: HttpRequest, item_id: str, slug: str) -> HttpResponse:
    """The product page; HTMX, choosing a variant, gets the product alone without what stands around it.

    A wrong or old slug is redirected to the right one. A server decodes
    ``%2F`` before Django sees the address, so the address of the item ``a/b``
    without its slug looks like that of ``a`` with one.
    """
    product = product_read(item_id, wanted=request.GET.get(VARIANT_PARAMETER, ""))
    if product is None:
        return _redirected(Item.objects.published().filter(item_id=item_id).first()) or item_short(
            request, f"{item_id}/{slug}"
        )
    if product.head.slug != slug:
        return _to_right_address(request, product.head)
    images = pictures_read(product)
    context = {"item": product.head, "product": product, "chosen": product.chosen, "images": images}
    if request.headers.get("HX-Target") == FRAGMENT:
        response = render(request, "catalogue/inc/product.html", context | {"swapped": True})
    else:
        item_viewed(request, product.head)
        response = render(request, "catalogue/item.html", context | _surroundings(request, product, images))
    patch_vary_headers(response, ["HX-Target"])
    return response


@require_safe
def item_short(request: HttpRequest, item_id: str) -> HttpResponse:
    """An address without the slug leads to the one with it; that of a variant to its head's, where it is chosen."""
    found = get_object_or_404(Item.objects.published(), item_id=item_id)
    return _redirected(found) or _to_right_address(request, found)


def _surroundings(request: HttpRequest, product: Product, images: Sequence[ItemImage]) -> dict[str, Any]:
    """What the whole page needs besides the product."""
    head = product.head
    way = catalogue_overview().way_to(head.category.path) if head.category else []
    crumbs = [(place.title, place.get_absolute_url()) for place in way]
    return {
        "above": way,
        "canonical_path": head.get_absolute_url(),
        "structured_data": [
            product_data(product, images, product_facts(request, head)),
            breadcrumbs_data([*crumbs, (head.name, head.get_absolute_url())]),
        ],
    }


def _redirected(found: Item | None) -> HttpResponse | None:
    """A variant is shown on its head's page. Not for ever: it may become an item of its own."""
    if found is None or found.variant_of is None or not found.variant_of.published:
        return None
    return redirect(found.variant_of.get_absolute_url() + choice_query(found))


def _to_right_address(request: HttpRequest, found: Item) -> HttpResponsePermanentRedirect:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(found.get_absolute_url() + (f"?{query}" if query else ""))
