"""The two ways a parcel travels: what they cost and how long they take.

All of it is the owner's, set in the environment (``SHIPPING_…``, see
docs/orders.md) and nowhere else; pages and letters ask here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

STANDARD = "standard"
EXPRESS = "express"
NOTHING = Decimal("0.00")

LABELS: dict[str, str | Promise] = {STANDARD: _("Standard delivery"), EXPRESS: _("Express delivery")}


class UnknownShipping(ValueError):
    """The shop does not send things that way."""


@dataclass(frozen=True, slots=True)
class ShippingMethod:
    """One way to send a parcel.

    Attributes:
        code: What forms and orders call it.
        price: What it costs.
        free_from: The sum of the things from which it costs nothing; ``None`` where it always costs.
        fastest: Days it takes at least.
        slowest: Days it takes at most.
    """

    code: str
    price: Decimal
    free_from: Decimal | None
    fastest: int
    slowest: int

    @property
    def label(self) -> str:
        """Its name in the language of the page."""
        return str(LABELS[self.code])

    @property
    def times(self) -> str:
        """How long it takes, as a sentence."""
        if self.fastest == self.slowest:
            return ngettext("With you in %(days)d day.", "With you in %(days)d days.", self.slowest) % {
                "days": self.slowest
            }
        span = {"fastest": self.fastest, "slowest": self.slowest}
        return gettext("With you in %(fastest)d to %(slowest)d days.") % span

    def price_for(self, items: Decimal) -> Decimal:
        """What it costs to send things that cost ``items`` together."""
        return NOTHING if self.free_from is not None and items >= self.free_from else self.price


def shipping_methods() -> tuple[ShippingMethod, ...]:
    """All ways, the usual one first."""
    return tuple(
        ShippingMethod(
            code=code,
            price=settings.SHIPPING_PRICES[code],
            free_from=(settings.SHIPPING_FREE_FROM or None) if code == STANDARD else None,
            fastest=settings.SHIPPING_DAYS[code][0],
            slowest=settings.SHIPPING_DAYS[code][1],
        )
        for code in (STANDARD, EXPRESS)
    )


def shipping_method(code: str) -> ShippingMethod:
    """The way with this code.

    Raises:
        UnknownShipping: there is none.
    """
    for method in shipping_methods():
        if method.code == code:
            return method
    raise UnknownShipping(code)


@dataclass(frozen=True, slots=True)
class ShippingOffer:
    """What the usual way costs for some things.

    Attributes:
        method: The usual way; ``method.times`` says how long it takes.
        price: What it costs for them; 0 where it is free.
        missing: How much more of things makes it free; 0 where it is, or never will be.
    """

    method: ShippingMethod
    price: Decimal
    missing: Decimal


def shipping_offer(items: Decimal) -> ShippingOffer:
    """What the usual way costs for things that cost ``items`` together."""
    method = shipping_methods()[0]
    price = method.price_for(items)
    missing = method.free_from - items if price and method.free_from is not None else NOTHING
    return ShippingOffer(method=method, price=price, missing=missing)


def shipping_label(code: str) -> str:
    """The name of the way an order went; of a way that is offered no longer, too."""
    return str(LABELS.get(code, code))
