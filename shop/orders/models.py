"""Orders, their lines, their payments, and what is sent back."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import Shopper, shoppers_of
from shop.catalogue.models import Item
from shop.orders.shipping import shipping_label

if TYPE_CHECKING:
    from datetime import datetime

NUMBER_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER_LENGTH = 10


def new_order_number() -> str:
    """An order number that cannot be guessed and is easy to read out: no 0/O, no 1/I."""
    return "".join(secrets.choice(NUMBER_ALPHABET) for _place in range(NUMBER_LENGTH))


class OrderQuerySet(models.QuerySet["Order"]):
    """Vocabulary for finding orders."""

    def of(self, shopper: Shopper) -> OrderQuerySet:
        """Those of one shopper, and those they placed as a guest before signing in."""
        return self.filter(shoppers_of(shopper))

    def placed(self) -> OrderQuerySet:
        """Orders that came about: not the attempts that were never paid."""
        return self.exclude(status__in=[Order.Status.DECLINED, Order.Status.EXPIRED])

    def owed_back(self) -> OrderQuerySet:
        """Orders that were given up, whose money came all the same and has not gone back yet."""
        came = Payment.objects.filter(outcome=Payment.Outcome.ACCEPTED, amount__gt=0)
        returned = Payment.objects.filter(outcome=Payment.Outcome.REFUNDED)
        return self.given_up().filter(pk__in=came.values("order")).exclude(pk__in=returned.values("order"))

    def given_up(self) -> OrderQuerySet:
        """Orders that came to nothing, whether money came for them or not."""
        return self.filter(status__in=[Order.Status.DECLINED, Order.Status.EXPIRED])

    def with_lines(self) -> OrderQuerySet:
        """With all that a page shows of the lines, in one query for each table."""
        return self.prefetch_related("lines__item__cover", "lines__item__variant_of__cover")


class Order(models.Model):
    """What a shopper bought, at the prices, the tax and the delivery of that moment.

    Which status may follow which is said in ``shop.orders.workflow``. The
    shopper is empty, and so are name and address, where somebody asked to be
    forgotten: the books keep the order without them.
    """

    class Status(models.TextChoices):
        """Where the order stands."""

        PENDING = "pending", _("waiting for payment")
        PAID = "paid", _("paid")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("delivered")
        CANCELLING = "cancelling", _("being cancelled")
        CANCELLED = "cancelled", _("cancelled")
        DECLINED = "declined", _("payment declined")
        EXPIRED = "expired", _("not paid")

    number = models.CharField(_("number"), max_length=20, unique=True, default=new_order_number, editable=False)
    shopper = models.ForeignKey(
        Shopper, on_delete=models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("shopper")
    )
    checkout_token = models.UUIDField(
        _("checkout"), unique=True, null=True, blank=True, editable=False, help_text=_("One checkout form, one order.")
    )
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    email = models.EmailField(_("e-mail address"), blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    street = models.CharField(_("street and number"), max_length=300, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("city"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en", help_text=_("Of the letters about it."))
    recorded = models.BooleanField(
        _("recorded"), default=True, editable=False, help_text=_("Whether its purchases may become actions.")
    )
    currency = models.CharField(_("currency"), max_length=3)
    shipping_method = models.CharField(_("delivery"), max_length=20, blank=True)
    shipping_price = models.DecimalField(_("price of delivery"), max_digits=12, decimal_places=2, default=Decimal(0))
    tax_rate = models.DecimalField(_("tax in percent"), max_digits=5, decimal_places=2, default=Decimal(0))
    tax_amount = models.DecimalField(_("tax included"), max_digits=12, decimal_places=2, default=Decimal(0))
    tracking = models.CharField(
        _("tracking"), max_length=300, blank=True, help_text=_("Number or address under which the parcel is found.")
    )
    created_at = models.DateTimeField(_("placed"), auto_now_add=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("forgotten at"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

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
                condition=Q(
                    status__in=[
                        "pending",
                        "paid",
                        "sent",
                        "delivered",
                        "cancelling",
                        "cancelled",
                        "declined",
                        "expired",
                    ],
                ),
            ),
            models.CheckConstraint(
                name="order_paid_has_time",
                condition=~Q(status__in=["paid", "sent", "delivered", "cancelling"]) | Q(paid_at__isnull=False),
            ),
            models.CheckConstraint(
                name="order_sent_has_time",
                condition=~Q(status__in=["sent", "delivered"]) | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="order_delivered_has_time", condition=~Q(status="delivered") | Q(delivered_at__isnull=False)
            ),
            models.CheckConstraint(
                name="order_cancelled_has_time", condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False)
            ),
            models.CheckConstraint(name="order_shipping_not_negative", condition=Q(shipping_price__gte=0)),
            models.CheckConstraint(name="order_tax_not_negative", condition=Q(tax_rate__gte=0, tax_amount__gte=0)),
            models.CheckConstraint(
                name="order_has_shopper_or_is_forgotten",
                condition=Q(shopper__isnull=False) | Q(forgotten_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The order's page."""
        return reverse("orders:order", kwargs={"number": self.number})

    @property
    def items_total(self) -> Decimal:
        """The sum of the lines, in ``currency``."""
        return sum((line.total for line in self.lines.all()), Decimal("0.00"))

    @property
    def total(self) -> Decimal:
        """What is charged: the lines and the delivery; the tax is part of both."""
        return self.items_total + self.shipping_price

    @property
    def shipping_label(self) -> str:
        """The name of the way of delivery; empty for orders from before there was a choice."""
        return shipping_label(self.shipping_method)

    @property
    def waiting_payment(self) -> Payment | None:
        """The payment that waits for the shopper's bank, while the order waits for it."""
        if self.status != self.Status.PENDING:
            return None
        return self.payments.filter(outcome=Payment.Outcome.WAITING).first()


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


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Vocabulary for finding payments."""

    def due(self) -> PaymentQuerySet:
        """Refunds that are to go back, and of which nobody knows yet that they did."""
        return self.filter(outcome=Payment.Outcome.DUE)

    def unattended(self, *, before: datetime) -> PaymentQuerySet:
        """Of those the ones that nobody asks the provider for: not any more, or since ``before``."""
        return self.due().filter(Q(asked_at=None) | Q(asked_at__lt=before))


class Payment(models.Model):
    """One movement of money for an order through one provider, or one attempt.

    A refund is written down as due before the provider is asked for it, and
    becomes refunded by its answer; ``shop.orders.refunds`` says how.
    """

    class Outcome(models.TextChoices):
        """What the provider said."""

        WAITING = "waiting", _("waiting for the shopper's bank")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        TIMED_OUT = "timed_out", _("no answer")
        DUE = "due", _("refund due")
        REFUNDED = "refunded", _("refunded")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="payments")
    request = models.ForeignKey(
        "ReturnRequest",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="refunds",
        verbose_name=_("return"),
        help_text=_("Of refunds: for what came back. Empty: for the whole order."),
    )
    provider = models.CharField(_("provider"), max_length=100)
    reference = models.CharField(_("reference"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    step_address = models.CharField(
        _("second step"), max_length=2000, blank=True, editable=False, help_text=_("Where the shopper confirms it.")
    )
    created_at = models.DateTimeField(_("tried"), auto_now_add=True)
    asked_at = models.DateTimeField(
        _("asked for"), null=True, blank=True, help_text=_("Of refunds that are due: since when somebody waits.")
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, help_text=_("Of refunds."))

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(name="payment_due", fields=["asked_at"], condition=Q(outcome="due"))]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="payment_outcome_known",
                condition=Q(outcome__in=["waiting", "accepted", "declined", "timed_out", "due", "refunded"]),
            ),
            models.CheckConstraint(name="payment_amount_not_negative", condition=Q(amount__gte=0)),
            models.UniqueConstraint(name="payment_accepted_once", fields=["order"], condition=Q(outcome="accepted")),
            models.UniqueConstraint(name="payment_waiting_once", fields=["order"], condition=Q(outcome="waiting")),
            models.UniqueConstraint(name="payment_due_once", fields=["order"], condition=Q(outcome="due")),
            models.UniqueConstraint(
                name="payment_return_refunded_once",
                fields=["request"],
                condition=Q(request__isnull=False, outcome__in=["due", "refunded"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.outcome} {self.amount}"


class ReturnRequest(models.Model):
    """A shopper's wish to send things back, and what became of it."""

    class Status(models.TextChoices):
        """Where it stands; what may follow what is said in ``shop.orders.workflow``."""

        REQUESTED = "requested", _("asked for")
        APPROVED = "approved", _("approved, waiting for the parcel")
        REJECTED = "rejected", _("rejected")
        REFUNDING = "refunding", _("received, refund under way")
        REFUNDED = "refunded", _("received and refunded")

    class Reason(models.TextChoices):
        """Why things come back."""

        CHANGED_MIND = "changed_mind", _("It isn't what I want after all")
        DAMAGED = "damaged", _("It came damaged or doesn't work")
        NOT_AS_SHOWN = "not_as_shown", _("It isn't as shown or described")
        WRONG_ITEM = "wrong_item", _("It isn't what I ordered")
        TOO_LATE = "too_late", _("It came too late")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="returns", verbose_name=_("order"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.REQUESTED)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    words = models.TextField(_("in the shopper's words"), blank=True, max_length=1000)
    answer = models.TextField(_("answer"), blank=True, max_length=1000, help_text=_("Goes into the letter."))
    amount = models.DecimalField(_("given back"), max_digits=12, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    refunded_at = models.DateTimeField(_("refunded"), null=True, blank=True)

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="return_status_known",
                condition=Q(status__in=["requested", "approved", "rejected", "refunding", "refunded"]),
            ),
            models.CheckConstraint(
                name="return_refunding_has_amount", condition=~Q(status="refunding") | Q(amount__isnull=False)
            ),
            models.CheckConstraint(
                name="return_refunded_has_amount",
                condition=~Q(status="refunded") | Q(amount__isnull=False, refunded_at__isnull=False),
            ),
            models.CheckConstraint(name="return_amount_not_negative", condition=Q(amount=None) | Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.status}"


class ReturnLine(models.Model):
    """So many pieces of one line of an order that come back."""

    request = models.ForeignKey(ReturnRequest, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="returns", verbose_name=_("line"))
    quantity = models.PositiveSmallIntegerField(_("quantity"))

    class Meta:
        verbose_name = _("returned line")
        verbose_name_plural = _("returned lines")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="return_line_once", fields=["request", "line"]),
            models.CheckConstraint(name="return_line_quantity_positive", condition=Q(quantity__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.line_id}"

    @property
    def total(self) -> Decimal:
        """What these pieces cost."""
        return self.line.price * self.quantity
