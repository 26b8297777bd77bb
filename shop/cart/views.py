"""The cart's page and its three forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop.accounts.returning import return_address
from shop.accounts.visitors import visitor_of
from shop.actions.sources import source_of
from shop.cart.models import HIGHEST_QUANTITY
from shop.cart.selectors import cart_summary
from shop.cart.services import CannotBeBought, cart_add, cart_remove, cart_set_quantity
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from shop.accounts.models import Shopper
    from shop.cart.services import CartChange


class QuantityUnclear(ValueError):
    """What was typed is no quantity a cart can hold. The message is for the shopper."""

    def __init__(self) -> None:
        super().__init__(_("Please give a quantity from 1 to %(highest)d.") % {"highest": HIGHEST_QUANTITY})


@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    """What the visitor means to buy."""
    return render(request, "cart/cart.html", {"cart": cart_summary(visitor_of(request).shopper)})


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put an item into the cart. A fragment for HTMX, else back to the page it stands on."""
    item = _item_of(request)
    try:
        quantity = _quantity_of(request)
        change = cart_add(
            shopper=visitor_of(request).require_shopper(), item=item, quantity=quantity, source=source_of(request)
        )
    except (CannotBeBought, QuantityUnclear) as refusal:
        return _answer(request, str(refusal), done=False)
    return _answer(request, _added_words(change), done=True)


@require_POST
def update(request: HttpRequest) -> HttpResponse:
    """Change how many of an item are in the cart; 0 takes it out."""
    item = _item_of(request)
    try:
        quantity = _quantity_of(request, lowest=0)
        change = cart_set_quantity(shopper=_shopper_of(request), item=item, quantity=quantity)
    except (CannotBeBought, QuantityUnclear) as refusal:
        messages.error(request, str(refusal))
    else:
        if change.limited:
            messages.warning(request, _limited_words(change))
    return redirect("cart:cart")


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take an item out of the cart."""
    item = _item_of(request)
    if cart_remove(shopper=_shopper_of(request), item=item):
        messages.success(request, _("%(item)s is out of your cart.") % {"item": item.name})
    return redirect("cart:cart")


def _item_of(request: HttpRequest) -> Item:
    """The item the form names; unpublished ones too, because they may have to leave the cart."""
    return get_object_or_404(Item, item_id=request.POST.get("item_id", ""))


def _shopper_of(request: HttpRequest) -> Shopper:
    """The visitor's shopper; who has none has no cart to change."""
    shopper = visitor_of(request).shopper
    if shopper is None:
        raise Http404
    return shopper


def _quantity_of(request: HttpRequest, *, lowest: int = 1) -> int:
    text = request.POST.get("quantity", "1").strip()
    if not text.isascii() or not text.isdigit() or not lowest <= int(text[:9]) <= HIGHEST_QUANTITY:
        raise QuantityUnclear
    return int(text)


def _added_words(change: CartChange) -> str:
    return _limited_words(change) if change.limited else _("%(item)s is in your cart.") % {"item": change.item.name}


def _limited_words(change: CartChange) -> str:
    words = {"item": change.item.name, "count": change.quantity}
    return _("There are no more of %(item)s; your cart holds %(count)d.") % words


def _answer(request: HttpRequest, sentence: str, *, done: bool) -> HttpResponse:
    address = reverse("cart:cart")
    if not request.headers.get("HX-Request"):
        messages.add_message(request, messages.SUCCESS if done else messages.ERROR, sentence)
        return redirect(return_address(request, default=address))
    context = {"sentence": sentence, "link": address if done else "", "link_words": _("See cart")}
    return render(request, "inc/changes.html", context)
