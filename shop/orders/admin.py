"""The desk where orders are worked on: sent, delivered, cancelled, and what comes back.

Rows are read, never edited. What may be done next stands on the page of an
order or a return as buttons, and goes through the same services as everything
else, so staff cannot take a step that does not exist either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shop.administration import ReadOnlyAdmin
from shop.orders.fulfilment import order_cancel, order_deliver, order_send
from shop.orders.models import Order, OrderLine, Payment, ReturnLine, ReturnRequest
from shop.orders.payments.base import PaymentError, PaymentTimedOut
from shop.orders.returns import return_amount, return_approve, return_receive, return_reject
from shop.orders.settling import refund_ask_again
from shop.orders.workflow import ORDER_STEPS, RETURN_STEPS, IllegalStep

if TYPE_CHECKING:
    from decimal import Decimal

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from django.utils.functional import Promise

    Inline = admin.TabularInline[Any, Any]
else:
    Inline = admin.TabularInline

MOST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class DeskStep:
    """One thing staff can do with a row.

    Attributes:
        name: What addresses call it.
        status: The status it leads to.
        label: What the button says.
        take: Does it, with what staff wrote.
        words: Label of the field to write in; empty where there is nothing to write.
        longest: How much fits into the field.
    """

    name: str
    status: str
    label: str | Promise
    take: Callable[[Any, str], None]
    words: str | Promise = ""
    longest: int = MOST_WORDS


class ReadOnlyInline(Inline):
    """Rows that belong to what is looked at, as they were written."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Nothing is changed by hand."""
        return False


class OrderLineInline(ReadOnlyInline):
    """What was ordered."""

    model = OrderLine
    fields = ("item", "title", "quantity", "price", "line_total", "from_stock")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("total"))
    def line_total(self, line: OrderLine) -> Decimal:
        """Price times quantity."""
        return line.total

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderLine]:
        """With the items, in the same query."""
        return super().get_queryset(request).select_related("item")


class PaymentInline(ReadOnlyInline):
    """Every attempt to pay, and what was given back."""

    model = Payment
    fields = ("created_at", "provider", "reference", "amount", "outcome", "asked_at", "attempts")
    readonly_fields = fields


class ReturnLineInline(ReadOnlyInline):
    """What is to come back."""

    model = ReturnLine
    fields = ("title", "quantity", "line_total")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("title"))
    def title(self, returned: ReturnLine) -> str:
        """Of the line of the order."""
        return returned.line.title

    @admin.display(description=gettext_lazy("total"))
    def line_total(self, returned: ReturnLine) -> Decimal:
        """What these pieces cost."""
        return returned.total

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReturnLine]:
        """With the lines of the order, in the same query."""
        return super().get_queryset(request).select_related("line")


class DeskAdmin(ReadOnlyAdmin):
    """A read-only admin whose rows go from status to status.

    Subclasses name the steps and which status may follow which.
    """

    change_form_template = "admin/orders/desk.html"
    desk_steps: ClassVar[Sequence[DeskStep]] = ()
    order_of_steps: ClassVar[Any] = {}

    def may_take_steps(self, request: HttpRequest) -> bool:
        """Whoever may change rows may take them on."""
        return bool(request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}"))

    def next_steps(self, row: Any) -> list[DeskStep]:
        """What can be done with a row as it stands."""
        return [step for step in self.desk_steps if step.status in self.order_of_steps[row.status]]

    def get_urls(self) -> list[URLPattern]:
        """One more address for each row: the one its buttons send to."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        own = path("<int:pk>/step/<str:name>/", self.admin_site.admin_view(require_POST(self.step_view)), name=name)
        return [own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row with its buttons."""
        row = self.get_object(request, object_id)
        steps = self.next_steps(row) if row is not None and self.may_take_steps(request) else []
        return super().change_view(request, object_id, form_url, {"desk_steps": steps, **(extra_context or {})})

    def step_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Take one step with one row, and say what became of it."""
        if not self.may_take_steps(request):
            raise PermissionDenied
        step = next((step for step in self.desk_steps if step.name == name), None)
        if step is None:
            raise Http404
        row = get_object_or_404(self.model, pk=pk)
        if self.take(request, step, row, words=request.POST.get("words", "").strip()[: step.longest]):
            self.message_user(request, _("Done."), messages.SUCCESS)
        return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk]))

    def take(self, request: HttpRequest, step: DeskStep, row: Any, *, words: str = "") -> bool:
        """Take one step with one row; where it cannot be, say why."""
        try:
            step.take(row, words)
        except IllegalStep:
            text = _("%(row)s: this cannot be done as it stands, or was done before.")
            self.message_user(request, text % {"row": row}, messages.WARNING)
        except PaymentTimedOut:
            text = _("%(row)s: the payment provider has not confirmed the refund. It stays due and is asked for again.")
            self.message_user(request, text % {"row": row}, messages.WARNING)
        except PaymentError as error:
            text = _("%(row)s stays as it is: the refund was refused (%(reason)s).")
            words_of = {"row": row, "reason": str(error) or type(error).__name__}
            self.message_user(request, text % words_of, messages.ERROR)
        else:
            return True
        return False

    def take_all(self, request: HttpRequest, name: str, rows: QuerySet[Any]) -> None:
        """Take one step with many rows, one by one; says how many went and which did not."""
        step = next(step for step in self.desk_steps if step.name == name)
        taken = sum(self.take(request, step, row) for row in rows)
        if taken:
            self.message_user(request, _("Done: %(count)d.") % {"count": taken}, messages.SUCCESS)


@admin.register(Order)
class OrderAdmin(DeskAdmin):
    """Orders, latest first: looked at, sent, delivered, cancelled."""

    list_display = ("number", "created_at", "status", "name", "email", "order_total", "currency", "shipping_method")
    list_filter = ("status", "shipping_method", "created_at")
    search_fields = ("=number", "email", "name")
    search_help_text = gettext_lazy("Whole number, or part of a name or e-mail address")
    ordering = ("-id",)
    view_on_site = False  # the page of an order is the shopper's alone
    fieldsets = (
        (None, {"fields": ("number", "status", "created_at", "paid_at", "sent_at", "delivered_at", "cancelled_at")}),
        (gettext_lazy("Delivery"), {"fields": ("name", "street", "postcode", "city", "country", "tracking")}),
        (gettext_lazy("Shopper"), {"fields": ("shopper", "email", "language", "forgotten_at")}),
        (
            gettext_lazy("Sums"),
            {"fields": ("order_total", "currency", "shipping_method", "shipping_price", "tax_rate", "tax_amount")},
        ),
    )
    inlines: ClassVar = [OrderLineInline, PaymentInline]
    actions = ("send", "deliver", "cancel")
    order_of_steps = ORDER_STEPS
    desk_steps = (
        DeskStep(
            "send",
            Order.Status.SENT,
            gettext_lazy("Sent"),
            lambda order, words: order_send(order, tracking=words),
            words=gettext_lazy("Tracking number or address"),
            longest=300,
        ),
        DeskStep(
            "deliver", Order.Status.DELIVERED, gettext_lazy("Delivered"), lambda order, _words: order_deliver(order)
        ),
        DeskStep(
            "cancel",
            Order.Status.CANCELLING,
            gettext_lazy("Cancel and refund"),
            lambda order, _words: order_cancel(order),
        ),
        DeskStep(
            "ask-again",
            Order.Status.CANCELLED,
            gettext_lazy("Ask for the refund again"),
            lambda order, _words: refund_ask_again(order),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """With the lines, for the totals."""
        return super().get_queryset(request).prefetch_related("lines")

    @admin.display(description=gettext_lazy("total"))
    def order_total(self, order: Order) -> Decimal:
        """What it costs in all."""
        return order.total

    def has_step_permission(self, request: HttpRequest) -> bool:
        """Whoever may change orders may take them on."""
        return self.may_take_steps(request)

    @admin.action(description=gettext_lazy("Mark as sent"), permissions=["step"])
    def send(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """The parcels of the chosen orders left the house, without tracking."""
        self.take_all(request, "send", queryset)

    @admin.action(description=gettext_lazy("Mark as delivered"), permissions=["step"])
    def deliver(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """The parcels of the chosen orders arrived."""
        self.take_all(request, "deliver", queryset)

    @admin.action(description=gettext_lazy("Cancel and refund"), permissions=["step"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Cancel the chosen orders one by one."""
        self.take_all(request, "cancel", queryset)


@admin.register(ReturnRequest)
class ReturnRequestAdmin(DeskAdmin):
    """What shoppers want to send back: looked at, decided, refunded when it arrives."""

    list_display = ("order", "created_at", "status", "reason", "amount")
    list_filter = ("status", "reason", "created_at")
    list_select_related = ("order",)
    search_fields = ("=order__number", "order__email", "order__name")
    search_help_text = gettext_lazy("Whole number of the order, or part of a name or e-mail address")
    ordering = ("-id",)
    fields = (
        "order",
        "status",
        "reason",
        "words",
        "answer",
        "to_give_back",
        "created_at",
        "decided_at",
        "refunded_at",
    )
    readonly_fields = fields
    inlines: ClassVar = [ReturnLineInline]
    order_of_steps = RETURN_STEPS
    desk_steps = (
        DeskStep(
            "approve",
            ReturnRequest.Status.APPROVED,
            gettext_lazy("Approve"),
            lambda request, words: return_approve(request, answer=words),
            words=gettext_lazy("Answer for the letter, such as where to send it"),
        ),
        DeskStep(
            "reject",
            ReturnRequest.Status.REJECTED,
            gettext_lazy("Reject"),
            lambda request, words: return_reject(request, answer=words),
            words=gettext_lazy("Answer for the letter: why not"),
        ),
        DeskStep(
            "refund",
            ReturnRequest.Status.REFUNDING,
            gettext_lazy("Received: put back on sale and refund"),
            lambda request, _words: return_receive(request),
        ),
        DeskStep(
            "ask-again",
            ReturnRequest.Status.REFUNDED,
            gettext_lazy("Ask for the refund again"),
            lambda request, _words: refund_ask_again(request),
        ),
    )

    @admin.display(description=gettext_lazy("to give back"))
    def to_give_back(self, request: ReturnRequest) -> Decimal:
        """What was given back, or would be now."""
        return return_amount(request) if request.amount is None else request.amount
