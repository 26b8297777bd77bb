"""The checkout, and the way back from a bank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from shop.accounts.addresses import TooManyAddresses, address_save, addresses_of
from shop.accounts.visitors import visitor_of
from shop.actions.sources import source_of
from shop.cart.selectors import cart_summary
from shop.orders.errors import OrderRefused
from shop.orders.forms import CheckoutForm
from shop.orders.links import KEY, comes_from_bank, remember_seen, was_seen
from shop.orders.models import Order
from shop.orders.paying import PENDING_LIFETIME, orders_expire_pending, payment_resume
from shop.orders.payments.base import PaymentDeclined, PaymentTimedOut, PaymentUnavailable, PaymentUndecided
from shop.orders.selectors import attempt_of, may_act, waiting_order
from shop.orders.services import order_of_form, order_place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from shop.accounts.models import Shopper
    from shop.cart.selectors import CartSummary
    from shop.orders.services import CheckoutWish

UNPROCESSABLE = 422
AGAIN = "again"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """One calm page: where to, how it travels, how to pay, what it comes to."""
    shopper = visitor_of(request).shopper
    if request.method == "POST" and shopper is not None:
        return _update(request, shopper) if "update" in request.POST else _place(request, shopper)
    orders_expire_pending()
    summary = cart_summary(shopper)
    if not summary.can_check_out:
        waiting = waiting_order(shopper)
        return redirect(waiting or "cart:cart")
    return _checkout_page(request, _form(request, summary, initial=_initial(request)), summary)


@never_cache
@require_safe
def checkout_sum(request: HttpRequest) -> HttpResponse:
    """What it comes to with another way of delivery; a fragment."""
    summary = cart_summary(visitor_of(request).shopper)
    form = _form(request, summary, initial={"shipping": request.GET.get("shipping", "")})
    return render(request, "orders/inc/sum.html", {"form": form, "cart": summary})


@never_cache
@require_GET
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """Where a bank sends the shopper back to. The address is signed; loading it twice changes nothing more."""
    if not comes_from_bank(number, request.GET.get(KEY, "")):
        raise Http404
    # Of somebody who was forgotten meanwhile, too: money that comes for it has to go back.
    order = get_object_or_404(Order, number=number)
    # It may be another browser than the one that ordered: the one that the bank's own programme opened.
    if order.created_at > timezone.now() - PENDING_LIFETIME:
        remember_seen(request, number)
    try:
        payment_resume(order=order, answer=request.GET.dict())
    except PaymentDeclined:
        messages.error(request, _declined_words())
        if may_act(request, order):
            return redirect(f"{reverse('orders:checkout')}?{AGAIN}={number}")
    except (PaymentUndecided, PaymentTimedOut, PaymentUnavailable):
        messages.info(
            request, _("Your bank has not told us yet how it ended. Nothing is lost: please look again soon.")
        )
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    visible = order.forgotten_at is None and (was_seen(request, number) or may_act(request, order))
    return redirect(order if visible else "storefront:home")


def _update(request: HttpRequest, shopper: Shopper) -> HttpResponse:
    """Show the form as it is filled in, with the totals of the chosen delivery; nothing is checked yet."""
    summary = cart_summary(shopper)
    if not summary.can_check_out:
        return redirect("cart:cart")
    filled = {name: value for name, value in request.POST.items() if name != "expected_total"}
    return _checkout_page(request, _form(request, summary, initial=filled), summary)


def _place(request: HttpRequest, shopper: Shopper) -> HttpResponse:
    """Order what the form says, or show it again with what stood in the way."""
    summary = cart_summary(shopper)
    form = _form(request, summary, data=request.POST)
    if not form.is_valid():
        placed = order_of_form(shopper, form.cleaned_data.get("token"))
        if placed is not None:
            return redirect(_next_address(placed))
        return _checkout_page(request, form, summary) if summary.can_check_out else redirect("cart:cart")
    wish = form.wish()
    try:
        placed = order_place(
            shopper=shopper, wish=wish, source=source_of(request), site=request.build_absolute_uri("/")
        )
    except OrderRefused as refusal:
        problem = str(refusal)
    except PaymentDeclined:
        problem = _declined_words()
    except PaymentTimedOut:
        problem = _(
            "No answer came from the payment, so we stopped: you were not charged. Should the money arrive after all, "
            "it goes back by itself. Your cart is as it was."
        )
    except PaymentUnavailable:
        problem = _unavailable_words()
    else:
        _keep_address(request, shopper, form, wish)
        return redirect(_next_address(placed))
    return _refused(request, shopper, problem)


def _refused(request: HttpRequest, shopper: Shopper, problem: str) -> HttpResponse:
    """The form again, with what stood in the way; the cart, where it can no longer be ordered as it is."""
    summary = cart_summary(shopper)
    if not summary.can_check_out:
        messages.error(request, problem)
        return redirect("cart:cart")
    # The shopper sees the new total now: sending the form again agrees to it.
    form = _form(request, summary, data=request.POST)
    data = request.POST.copy()
    data["expected_total"] = str(form.totals.total)
    form = _form(request, summary, data=data)
    form.full_clean()
    form.add_error(None, problem)
    return _checkout_page(request, form, summary)


def _form(
    request: HttpRequest,
    summary: CartSummary,
    *,
    data: Mapping[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
) -> CheckoutForm:
    visitor = visitor_of(request)
    return CheckoutForm(
        data,
        initial=initial,
        items_total=summary.total,
        addresses=list(addresses_of(visitor.shopper)),
        may_keep=visitor.account is not None,
    )


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What is known already: of the account, or of an attempt that was not paid."""
    visitor = visitor_of(request)
    attempt = attempt_of(visitor.shopper, request.GET.get(AGAIN, ""))
    if attempt is None:
        return {"email": visitor.account.email} if visitor.account else {}
    known = {name: getattr(attempt, name) for name in ("email", "name", "street", "postcode", "city", "country")}
    return known | {"shipping": attempt.shipping_method}


def _checkout_page(request: HttpRequest, form: CheckoutForm, summary: CartSummary) -> HttpResponse:
    form.focus_first_error()
    context = {"form": form, "cart": summary, "waiting": waiting_order(visitor_of(request).shopper)}
    return render(request, "orders/checkout.html", context, status=UNPROCESSABLE if form.errors else 200)


def _keep_address(request: HttpRequest, shopper: Shopper, form: CheckoutForm, wish: CheckoutWish) -> None:
    if not form.wants_to_keep:
        return
    address = wish.address
    try:
        address_save(
            shopper=shopper,
            name=address.name,
            street=address.street,
            postcode=address.postcode,
            city=address.city,
            country=address.country,
        )
    except TooManyAddresses:
        messages.warning(request, _("The address was not kept: your account holds as many as it can."))


def _next_address(order: Order) -> str:
    """The bank's page where the payment waits for it, else the order's."""
    waiting = order.waiting_payment
    return waiting.step_address if waiting else order.get_absolute_url()


def _declined_words() -> str:
    return _("The payment was declined and nothing was charged. Your cart is as it was; try another way to pay.")


def _unavailable_words() -> str:
    return _("This shop cannot take this payment at the moment. Nothing was charged; your cart is as it was.")
