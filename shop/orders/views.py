"""Checkout, and the page of an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.accounts.visitors import visitor_of
from shop.actions.sources import source_of
from shop.cart.selectors import cart_summary
from shop.orders.forms import CheckoutForm
from shop.orders.payments.base import PaymentDeclined, PaymentUnavailable, RefundRefused
from shop.orders.services import CannotBeCancelled, OrderRefused, order_cancel, order_place, orders_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from shop.accounts.models import Shopper
    from shop.cart.selectors import CartSummary
    from shop.orders.models import Order

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """One calm page: where to, how to pay, what it comes to."""
    shopper = visitor_of(request).shopper
    if request.method == "POST" and shopper is not None:
        return _place(request, shopper)
    summary = cart_summary(shopper)
    if not summary.can_check_out:
        return redirect("cart:cart")
    account = visitor_of(request).account
    form = CheckoutForm(total=summary.total, initial={"email": account.email if account else ""})
    return _checkout_page(request, form, summary)


@never_cache
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """What was ordered and where it stands; for the shopper who ordered it alone."""
    return render(request, "orders/order.html", {"order": _own_order(request, number)})


@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel an order: money back, pieces back on the shelf."""
    found = _own_order(request, number)
    try:
        order_cancel(found)
    except CannotBeCancelled:
        messages.error(request, _("This order cannot be cancelled any more."))
    except (RefundRefused, PaymentUnavailable):
        messages.error(request, _("The refund did not go through, so the order stands. Please try again later."))
    else:
        messages.success(request, _("The order is cancelled and your money is on its way back."))
    return redirect(found)


def _place(request: HttpRequest, shopper: Shopper) -> HttpResponse:
    """Order what the form says, or show it again with what stood in the way."""
    form = CheckoutForm(request.POST)
    if not form.is_valid():
        return _checkout_page(request, form, cart_summary(shopper))
    try:
        placed = order_place(
            shopper=shopper,
            address=form.address(),
            method=form.cleaned_data["method"],
            token=form.cleaned_data["token"],
            expected_total=form.cleaned_data["expected_total"],
            source=source_of(request),
        )
    except OrderRefused as refusal:
        problem = str(refusal)
    except PaymentDeclined:
        problem = _("The payment was declined and nothing was charged. Your cart is as it was; try another way to pay.")
    except PaymentUnavailable:
        problem = _("This shop cannot take this payment at the moment. Nothing was charged; your cart is as it was.")
    else:
        return redirect(placed)
    summary = cart_summary(shopper)
    if not summary.can_check_out:
        messages.error(request, problem)
        return redirect("cart:cart")
    # The shopper sees the new total now: sending the form again agrees to it.
    data = request.POST.copy()
    data["expected_total"] = str(summary.total)
    form = CheckoutForm(data)
    form.full_clean()
    form.add_error(None, problem)
    return _checkout_page(request, form, summary)


def _checkout_page(request: HttpRequest, form: CheckoutForm, summary: CartSummary) -> HttpResponse:
    context = {"form": form, "cart": summary}
    return render(request, "orders/checkout.html", context, status=UNPROCESSABLE if form.errors else 200)


def _own_order(request: HttpRequest, number: str) -> Order:
    orders = orders_of(visitor_of(request).shopper).prefetch_related("lines__item__cover")
    return get_object_or_404(orders, number=number)
