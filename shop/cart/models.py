"""What a shopper means to buy now, and what they keep for later; guests included."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import Shopper
from shop.catalogue.models import Item

HIGHEST_QUANTITY = 99


class CartLine(models.Model):
    """So many of one item in one shopper's cart. The lines of a shopper are the cart.

    The item is the very row that is bought: of an item with variants, the
    variant. ``price_when_added`` is the price the shopper knows of: the one of
    the moment they added it, or of the moment they said they had seen another.
    ``joined`` marks what came from another device at sign-in, until they have
    seen that.
    """

    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE, related_name="cart_lines")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="cart_lines")
    quantity = models.PositiveSmallIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_QUANTITY)]
    )
    price_when_added = models.DecimalField(_("price when added"), max_digits=12, decimal_places=2)
    joined = models.BooleanField(_("joined at sign-in"), default=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="cart_line_once_per_item", fields=["shopper", "item"]),
            models.CheckConstraint(
                name="cart_quantity_in_bounds", condition=Q(quantity__gte=1, quantity__lte=HIGHEST_QUANTITY)
            ),
            models.CheckConstraint(name="cart_price_not_negative", condition=Q(price_when_added__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.item_id}"


class KeptLine(models.Model):
    """So many of one item that a shopper keeps for later: beside the cart, never part of an order.

    A table of its own, so that whoever reads the cart cannot take it for
    something to buy. An item is in the cart or kept, not both.
    """

    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE, related_name="kept_lines")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="kept_lines")
    quantity = models.PositiveSmallIntegerField(
        _("quantity"), default=1, validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_QUANTITY)]
    )
    price_when_added = models.DecimalField(_("price when added"), max_digits=12, decimal_places=2)
    kept_at = models.DateTimeField(_("kept"), auto_now_add=True)

    class Meta:
        verbose_name = _("kept line")
        verbose_name_plural = _("kept lines")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="kept_line_once_per_item", fields=["shopper", "item"]),
            models.CheckConstraint(
                name="kept_quantity_in_bounds", condition=Q(quantity__gte=1, quantity__lte=HIGHEST_QUANTITY)
            ),
            models.CheckConstraint(name="kept_price_not_negative", condition=Q(price_when_added__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.item_id}, later"
