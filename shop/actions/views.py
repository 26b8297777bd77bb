"""Favourites: the page, and the heart on every card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from shop.accounts.returning import return_address
from shop.accounts.visitors import visitor_of
from shop.actions.models import Favourite
from shop.actions.services import favourite_add, favourite_remove
from shop.actions.sources import source_of
from shop.catalogue.models import Item
from shop.catalogue.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_safe
def favourites(request: HttpRequest) -> HttpResponse:
    """What the visitor saved, the latest first."""
    shopper = visitor_of(request).shopper
    items = Item.objects.none()
    if shopper is not None:
        items = Item.objects.published().for_cards().filter(favourites__shopper=shopper).order_by("-favourites__id")
    return render(request, "actions/favourites.html", {"page": page_of(request, items)})


@require_POST
def favourite_toggle(request: HttpRequest) -> HttpResponse:
    """Save an item, or take it back where it is saved. A fragment for HTMX, else back to the page."""
    item = get_object_or_404(Item.objects.published(), item_id=request.POST.get("item_id", ""))
    shopper = visitor_of(request).require_shopper()
    saved = not Favourite.objects.filter(shopper=shopper, item=item).exists()
    if saved:
        favourite_add(shopper=shopper, item=item, source=source_of(request))
        sentence = _("%(item)s is in your favourites.") % {"item": item.name}
    else:
        favourite_remove(shopper=shopper, item=item)
        sentence = _("%(item)s is no longer in your favourites.") % {"item": item.name}
    address = reverse("actions:favourites")
    if not request.headers.get("HX-Request"):
        messages.success(request, sentence)
        return redirect(return_address(request, default=address))
    context = {"sentence": sentence, "link": address if saved else "", "link_words": _("See them")}
    response = render(request, "inc/changes.html", context)
    return trigger_client_event(response, "favourite-changed", {"item": item.item_id, "saved": saved})
