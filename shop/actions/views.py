"""Favourites: the page, and the heart on every card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

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
from shop.actions.selectors import SavedItems, favourite_keys
from shop.actions.services import favourite_add, favourite_remove
from shop.actions.sources import source_of
from shop.catalogue.models import Item
from shop.catalogue.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_safe
def favourites(request: HttpRequest) -> HttpResponse:
    """What the visitor saved, the latest first; ``?removed=`` names what they have just taken out."""
    page = page_of(request, cast("Any", SavedItems(request)))
    return render(request, "actions/favourites.html", {"page": page, "removed": _removed(request)})


@require_POST
def favourite_toggle(request: HttpRequest) -> HttpResponse:
    """Save an item, or take it back where it is saved. A fragment for HTMX, else back to the page.

    A variant stands for its head: that is what is saved.
    """
    found = Item.objects.published().select_related("variant_of")
    item = get_object_or_404(found, item_id=request.POST.get("item_id", "")).head
    shopper = visitor_of(request).require_shopper()
    saved = not Favourite.objects.filter(shopper=shopper, item=item).exists()
    if saved:
        favourite_add(shopper=shopper, item=item, source=source_of(request))
    else:
        favourite_remove(shopper=shopper, item=item)
    if not request.headers.get("HX-Request"):
        return _back(request, item, saved=saved)
    address = reverse("actions:favourites")
    context = {
        "sentence": _saved_words(item, saved=saved),
        "link": address if saved else "",
        "link_words": _("See them"),
        "undo_heart": None if saved else item,
    }
    response = render(request, "inc/changes.html", context)
    return trigger_client_event(response, "favourite-changed", {"item": item.item_id, "saved": saved})


def _back(request: HttpRequest, item: Item, *, saved: bool) -> HttpResponse:
    """To the page the heart stood on; the page of favourites offers to put back what has left it."""
    own = reverse("actions:favourites")
    address = return_address(request, default=own)
    if not saved and address.partition("?")[0] == own:
        return redirect(f"{own}?{urlencode({'removed': item.item_id})}")
    messages.success(request, _saved_words(item, saved=saved))
    return redirect(address)


def _saved_words(item: Item, *, saved: bool) -> str:
    sentence = _("%(item)s is in your favourites.") if saved else _("%(item)s is no longer in your favourites.")
    return sentence % {"item": item.name}


def _removed(request: HttpRequest) -> Item | None:
    """The item that has just been taken out, while it can be put back; no query on any other visit."""
    item_id = request.GET.get("removed", "")
    item = Item.objects.published().filter(item_id=item_id).first() if item_id else None
    return item if item is not None and item.pk not in favourite_keys(request) else None
