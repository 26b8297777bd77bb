"""Orders, their lines and their payments."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import Shopper
from shop.catalogue.models import Item

NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER_LENGTH = 10


def new_order_number() -> str:
    """An order number that cannot be guessed and is easy to read out: no 0/O, no 1/I."""
    return "".join(secrets.choice(NUMBER_ALPHABET) for _place in range(NUMBER_LENGTH))


class Order(models.Model):
    """What a shopper bought, at the prices of that moment."""

    class Status(models.TextChoices):
        """Where the order stands."""

        PENDING = "pending", _("waiting for payment")
        PAID = "paid", _("paid")
        CANCELLED = "cancelled", _("cancelled")
        DECLINED = "declined", _("payment declined")

    number = models.CharField(_("number"), max_length=20, unique=True, default=new_order_number, editable=False)
    shopper = models.ForeignKey(Shopper, on_delete=models.PROTECT, related_name="orders", verbose_name=_("shopper"))
    checkout_token = models.UUIDField(
        _("checkout"), unique=True, null=True, blank=True, editable=False, help_text=_("One checkout form, one order.")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=200)
    street = models.CharField(_("street and number"), max_length=300)
    postcode = models.CharField(_("postcode"), max_length=20)
    city = models.CharField(_("city"), max_length=200)
    country = models.CharField(_("country"), max_length=100)
    currency = models.CharField(_("currency"), max_length=3)
    created_at = models.DateTimeField(_("placed"), auto_now_add=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(name="order_pending", fields=["created_at"], condition=Q(status="pending")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="order_status_known",
                condition=Q(status__in=["pending", "paid", "cancelled", "declined"]),
            ),
            models.CheckConstraint(name="order_paid_has_time", condition=~Q(status="paid") | Q(paid_at__isnull=False)),
            models.CheckConstraint(
                name="order_cancelled_has_time", condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("orders:order", kwargs={"number": self.number})

    @property
    def total(self) -> Decimal:
        """The sum of the lines, in ``currency``."""
        return sum((line.total for line in self.lines.all()), Decimal("0.00"))


class OrderLine(models.Model):
    """So many of one item at one price. The title is kept even if the item goes."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.SET_NULL, null=True, related_name="order_lines")
    title = models.CharField(_("title"), max_length=500)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2)
    quantity = models.PositiveSmallIntegerField(_("quantity"))
    from_stock = models.BooleanField(
        _("taken from stock"),
        default=False,
        help_text=_("The item was stock-managed; cancelling gives the pieces back."),
    )

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="order_line_once_per_item", fields=["order", "item"]),
            models.CheckConstraint(name="order_line_quantity_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(name="order_line_price_not_negative", condition=Q(price__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.title}"

    @property
    def total(self) -> Decimal:
        """Price times quantity."""
        return self.price * self.quantity


class Payment(models.Model):
    """One attempt to pay for an order through one provider."""

    class Outcome(models.TextChoices):
        """What the provider said."""

        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        REFUNDED = "refunded", _("refunded")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payments")
    provider = models.CharField(_("provider"), max_length=40)
    reference = models.CharField(_("reference"), max_length=100)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    created_at = models.DateTimeField(_("tried"), auto_now_add=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payment_outcome_known", condition=Q(outcome__in=["accepted", "declined", "refunded"])
            ),
            models.CheckConstraint(name="payment_amount_not_negative", condition=Q(amount__gte=0)),
            models.UniqueConstraint(name="payment_accepted_once", fields=["order"], condition=Q(outcome="accepted")),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.outcome} {self.amount}"
