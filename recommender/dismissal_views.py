"""Not for me: said on a card, taken back in its place, and all of it on a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from recommender.dismissals import dismissal_add, dismissal_remove
from recommender.panel_kinds import PANEL_KINDS
from shop.accounts.returning import return_address
from shop.accounts.visitors import visitor_of
from shop.catalogue.models import Item
from shop.catalogue.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@require_safe
def dismissals(request: HttpRequest) -> HttpResponse:
    """Everything the visitor said is not for them, the latest first, each with a way to take that back."""
    visitor = visitor_of(request)
    items = Item.objects.none()
    if visitor.shopper is not None:
        items = (
            Item.objects.listed().for_cards().filter(dismissals__shopper=visitor.shopper).order_by("-dismissals__id")
        )
    context = {"page": page_of(request, items), "in_use": visitor.personalised}
    return render(request, "recommender/dismissals.html", context)


@require_POST
def dismiss(request: HttpRequest) -> HttpResponse:
    """Say that an item is not for the visitor. HTMX gets what stands in the card's place, others go back to the page."""
    item = _item(request)
    dismissal_add(shopper=visitor_of(request).require_shopper(), item=item)
    sentence = _("%(item)s is not shown to you again.") % {"item": item.name}
    if not request.headers.get("HX-Request"):
        link = format_html('<a href="{}">{}</a>', reverse("recommender:dismissals"), _("All that is not for you"))
        messages.success(request, format_html("{} {}", sentence, link))
        return redirect(return_address(request, default=reverse("recommender:dismissals")))
    context = {"item": item, "panel": _panel(request), "sentence": sentence}
    return render(request, "recommender/inc/dismissed.html", context)


@require_POST
def dismiss_undo(request: HttpRequest) -> HttpResponse:
    """Take it back; whoever never said anything has nothing to take back, which is as good."""
    item = _item(request)
    shopper = visitor_of(request).shopper
    if shopper is not None:
        dismissal_remove(shopper=shopper, item=item)
    sentence = _("%(item)s may be shown to you again.") % {"item": item.name}
    if not request.headers.get("HX-Request"):
        messages.success(request, sentence)
        return redirect(return_address(request, default=reverse("recommender:dismissals")))
    return render(request, "recommender/inc/said.html", {"panel": _panel(request), "sentence": sentence})


def _item(request: HttpRequest) -> Item:
    """The published item that a form names."""
    return get_object_or_404(Item.objects.published(), item_id=request.POST.get("item_id", ""))


def _panel(request: HttpRequest) -> str:
    """The panel that the card stands in; empty where the form names none that exists."""
    panel = request.POST.get("panel", "")
    return panel if panel in PANEL_KINDS else ""
