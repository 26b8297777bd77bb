"""Addresses that open an order for whoever holds them: in letters, and on the way back from a bank.

A guest has no account to sign in to. The signed key in the link says that its
holder got the letter; once it was used, the browser may open the order without
it, until it signs out. The key on the way back from a bank passes through more
hands: who comes with it may see the order, and do nothing with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare

if TYPE_CHECKING:
    from django.http import HttpRequest

    from shop.orders.models import Order

KEY = "key"
_LETTER_SALT = "shop.orders.letter"
_BANK_SALT = "shop.orders.bank"
_OPENED = "opened_orders"
_SEEN = "seen_orders"
_MOST_OPENED = 20


def order_link(order: Order) -> str:
    """The full address of an order's page for a letter."""
    query = urlencode({KEY: _sign(order.number, _LETTER_SALT)})
    return f"{settings.SITE_URL}{order.get_absolute_url()}?{query}"


def payment_return_link(order: Order, *, site: str) -> str:
    """The full address to which a bank sends the shopper back. ``site`` is the shop's address as the browser sees it."""
    path = reverse("orders:payment", kwargs={"number": order.number})
    return f"{site.rstrip('/')}{path}?{urlencode({KEY: _sign(order.number, _BANK_SALT)})}"


def opens_order(number: str, key: str) -> bool:
    """Whether ``key`` is the one of this order's letters."""
    return constant_time_compare(_sign(number, _LETTER_SALT), key)


def comes_from_bank(number: str, key: str) -> bool:
    """Whether ``key`` is the one of this order's way back from a bank."""
    return constant_time_compare(_sign(number, _BANK_SALT), key)


def remember_opened(request: HttpRequest, number: str) -> None:
    """Let this browser open the order without the key from now on."""
    _remember(request, _OPENED, number)


def remember_seen(request: HttpRequest, number: str) -> None:
    """Let this browser see the order from now on, and no more than see."""
    _remember(request, _SEEN, number)


def was_opened(request: HttpRequest, number: str) -> bool:
    """Whether this browser opened the order by its key before."""
    return number in request.session.get(_OPENED, [])


def was_seen(request: HttpRequest, number: str) -> bool:
    """Whether this browser came back from the order's bank before."""
    return number in request.session.get(_SEEN, [])


def _remember(request: HttpRequest, name: str, number: str) -> None:
    known = [other for other in request.session.get(name, []) if other != number]
    request.session[name] = [*known, number][-_MOST_OPENED:]


def _sign(number: str, salt: str) -> str:
    return signing.Signer(salt=salt).signature(number)
