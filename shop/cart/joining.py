"""The cart when somebody signs in, asks what is kept of them, or asks to be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.urls import reverse

from shop.accounts.models import shoppers_of
from shop.accounts.returning import return_address
from shop.accounts.visitors import visitor_of
from shop.cart.models import CartLine, KeptLine
from shop.cart.sentences import joined_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from shop.accounts.models import Shopper, User


def cart_merge(*, guest: Shopper, account: Shopper) -> None:
    """At sign-in: the larger quantity of each item stays; what is kept for later is kept once.

    Where both had a cart, the lines that came from the guest are marked until
    the shopper has seen them. What is in the cart now is not kept for later.
    """
    # Held: a line that goes in another browser at this moment is gone for both or for neither.
    held = CartLine.objects.select_for_update()
    own: Mapping[int, CartLine] = {line.item_id: line for line in held.filter(shopper=account)}
    CartLine.objects.filter(shopper=account, joined=True).update(joined=False)
    for line in held.filter(shopper=guest):
        twin = own.get(line.item_id)
        if twin is None:
            line.shopper = account
            line.joined = bool(own)
            line.save(update_fields=["shopper", "joined"])
            continue
        if line.quantity > twin.quantity:
            twin.quantity = line.quantity
            twin.joined = True
            twin.save(update_fields=["quantity", "joined"])
        line.delete()
    _kept_merge(guest=guest, account=account)


def _kept_merge(*, guest: Shopper, account: Shopper) -> None:
    kept = KeptLine.objects.filter(shopper=account).values("item")
    KeptLine.objects.filter(shopper=guest, item__in=kept).delete()
    KeptLine.objects.filter(shopper=guest).update(shopper=account)
    in_cart = CartLine.objects.filter(shopper=account).values("item")
    KeptLine.objects.filter(shopper=account, item__in=in_cart).delete()


def tell_what_was_joined(sender: Any, *, request: HttpRequest, user: User, **_kwargs: Any) -> None:  # noqa: ARG001 - the signature of Django's signal
    """Say at sign-in what came into the account's cart from this device; one query, none for an unknown browser.

    Where the sign-in leads to the cart, that tells it itself.
    """
    # A sign-in that no browser asked for, as by Django's test client, has no visitor.
    if not hasattr(request, "visitor") or visitor_of(request).is_new:
        return
    if return_address(request, default="").partition("?")[0] == reverse("cart:cart"):
        return
    lines = list(CartLine.objects.filter(shopper__account=user, joined=True).select_related("item"))
    if lines:
        messages.info(request, joined_words(lines), fail_silently=True)


def cart_forget(shopper: Shopper) -> None:
    """Erase the cart, and what is kept for later, of a shopper who asked to be forgotten."""
    for lines in (CartLine, KeptLine):
        lines.objects.filter(shoppers_of(shopper)).delete()


def cart_export(shopper: Shopper) -> dict[str, list[dict[str, Any]]]:
    """What is in the cart and what is kept for later, for a shopper who wants to see it; two queries."""
    in_cart = CartLine.objects.filter(shoppers_of(shopper)).select_related("item").order_by("id")
    kept = KeptLine.objects.filter(shoppers_of(shopper)).select_related("item").order_by("id")
    return {
        "cart": [{**_exported(line), "added_at": line.added_at} for line in in_cart],
        "kept_for_later": [{**_exported(line), "kept_at": line.kept_at} for line in kept],
    }


def _exported(line: CartLine | KeptLine) -> dict[str, Any]:
    return {
        "item": line.item.item_id,
        "title": line.item.title,
        "variant": line.item.variant_name,
        "quantity": line.quantity,
        "price_when_added": line.price_when_added,
    }
