"""Orders: to look at, and to cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.administration import ReadOnlyAdmin
from shop.orders.models import Order, OrderLine, Payment
from shop.orders.payments.base import PaymentError
from shop.orders.services import CannotBeCancelled, order_cancel

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet
    from django.http import HttpRequest

    LineInlineBase = admin.TabularInline[OrderLine, Order]
    PaymentInlineBase = admin.TabularInline[Payment, Order]
else:
    LineInlineBase = PaymentInlineBase = admin.TabularInline


class OrderLineInline(LineInlineBase):
    """What was ordered."""

    model = OrderLine
    fields = ("item", "title", "quantity", "price", "line_total", "from_stock")
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description=gettext_lazy("total"))
    def line_total(self, line: OrderLine) -> Decimal:
        """Price times quantity."""
        return line.total

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """An order stays as it was placed."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        """With the items, in the same query."""
        return super().get_queryset(request).select_related("item")


class PaymentInline(PaymentInlineBase):
    """Every attempt to pay, and what was given back."""

    model = Payment
    fields = ("created_at", "provider", "reference", "amount", "outcome")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Payments are made by paying."""
        return False


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """Orders, latest first. Cancelling is the one thing staff may do."""

    list_display = ("number", "created_at", "status", "name", "email", "order_total", "currency")
    list_filter = ("status", "created_at")
    search_fields = ("=number", "email", "name")
    search_help_text = gettext_lazy("Whole number, or part of a name or e-mail address")
    ordering = ("-id",)
    inlines: ClassVar = [OrderLineInline, PaymentInline]
    actions = ("cancel",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """With the lines, for the totals."""
        return super().get_queryset(request).prefetch_related("lines")

    @admin.display(description=gettext_lazy("total"))
    def order_total(self, order: Order) -> Decimal:
        """What it costs in all."""
        return order.total

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        """Whoever may change orders may cancel them."""
        return bool(request.user.has_perm("orders.change_order"))

    @admin.action(description=gettext_lazy("Cancel and refund"), permissions=["cancel"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Cancel the chosen orders one by one; says which could not be."""
        cancelled = 0
        for order in queryset:
            try:
                order_cancel(order)
            except CannotBeCancelled:
                text = _("Order %(number)s cannot be cancelled: it is not paid, or was cancelled before.")
                self.message_user(request, text % {"number": order.number}, messages.WARNING)
            except PaymentError as error:
                text = _("Order %(number)s stays: the refund was refused (%(reason)s).")
                self.message_user(
                    request, text % {"number": order.number, "reason": error or type(error).__name__}, messages.ERROR
                )
            else:
                cancelled += 1
        if cancelled:
            self.message_user(request, _("Cancelled: %(count)d.") % {"count": cancelled}, messages.SUCCESS)
