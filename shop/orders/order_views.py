"""The pages of orders that were placed: one, all, cancelling, ordering again, sending back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.accounts.visitors import visitor_of
from shop.actions.sources import source_of
from shop.cart.sentences import enumeration
from shop.orders.errors import ReturnRefused
from shop.orders.forms import ReturnForm
from shop.orders.fulfilment import Reorder, order_again, order_cancel
from shop.orders.links import KEY, opens_order, remember_opened
from shop.orders.models import Order
from shop.orders.paying import order_release, orders_expire_pending
from shop.orders.payments.base import PaymentError, PaymentTimedOut
from shop.orders.returns import may_be_returned, return_ask, return_deadline, returnable_lines
from shop.orders.selectors import may_act, own_order, visible_order
from shop.orders.services import orders_of
from shop.orders.shipping import shipping_methods
from shop.orders.workflow import IllegalStep

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ORDERS_PER_PAGE = 10
MOST_DIGITS = 6
UNPROCESSABLE = 422


@never_cache
@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """What was ordered and where it stands; for whoever placed it, or opened it by a link."""
    key = request.GET.get(KEY)
    if key is not None and opens_order(number, key):
        remember_opened(request, number)
        return redirect("orders:order", number=number)  # the key does not stay in the address
    orders_expire_pending()
    found = visible_order(request, number)
    waiting = found.waiting_payment
    context = {
        "order": found,
        "waiting": waiting,
        "may_act": may_act(request, found),
        "owed_back": Order.objects.owed_back().filter(pk=found.pk).exists(),
        "times": _delivery_times(found),
        "returns": list(found.returns.all()),
        "may_return": may_be_returned(found) and bool(returnable_lines(found)),
        "return_deadline": return_deadline(found),
    }
    return render(request, "orders/order.html", context)


@login_required
@never_cache
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """All orders of an account, the latest first, in pages."""
    orders = orders_of(visitor_of(request).shopper).placed().with_lines()
    paginator: Paginator[Order] = Paginator(orders, ORDERS_PER_PAGE)
    number = request.GET.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        raise Http404
    if not 1 <= int(number) <= paginator.num_pages:
        raise Http404
    return render(request, "orders/history.html", {"page": paginator.page(int(number))})


@require_POST
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel an order: money back, pieces back on the shelf."""
    found = own_order(request, number)
    try:
        order_cancel(found)
    except IllegalStep:
        messages.error(request, _("This order cannot be cancelled any more."))
    except PaymentTimedOut:
        words = _("The order is being cancelled. The refund is not confirmed yet; we go on asking for it.")
        messages.warning(request, words)
    except PaymentError:
        messages.error(request, _("The refund did not go through, so the order stands. Please try again later."))
    else:
        messages.success(request, _("The order is cancelled and your money is on its way back."))
    return redirect(found)


@require_POST
def give_up(request: HttpRequest, number: str) -> HttpResponse:
    """Give up an order that waits for the shopper's bank; its pieces go on sale again."""
    found = own_order(request, number)
    if order_release(found):
        messages.success(request, _("The order is given up and nothing was charged. Your cart is as it was."))
    else:
        messages.error(request, _("This order waits for no payment any more."))
    return redirect(found)


@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Put what an order held into the cart, and say what could not be had."""
    found = visible_order(request, number)
    reorder = order_again(order=found, shopper=visitor_of(request).require_shopper(), source=source_of(request))
    _tell(request, reorder)
    return redirect("cart:cart" if reorder.added else found)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """Ask to send things back."""
    found = own_order(request, number)
    lines = returnable_lines(found)
    if not may_be_returned(found) or not lines:
        messages.error(request, _("The things of this order cannot be sent back, or not any more."))
        return redirect(found)
    form = ReturnForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            return_ask(
                order=found,
                quantities=form.quantities(),
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
            )
        except ReturnRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("We have your wish to send things back and write to you soon."))
            return redirect(found)
    context = {"order": found, "form": form, "deadline": return_deadline(found)}
    return render(request, "orders/return.html", context, status=UNPROCESSABLE if form.errors else 200)


def _delivery_times(found: Order) -> str:
    """How long the parcel takes that is still to come; empty where none is, or where it goes a way of former times."""
    if found.status not in {Order.Status.PAID, Order.Status.SENT}:
        return ""
    return next((method.times for method in shipping_methods() if method.code == found.shipping_method), "")


def _tell(request: HttpRequest, reorder: Reorder) -> None:
    if reorder.added:
        words = ngettext(
            "%(count)d thing of the order is in your cart, at the price of today.",
            "%(count)d things of the order are in your cart, at the prices of today.",
            len(reorder.added),
        )
        messages.success(request, words % {"count": len(reorder.added)})
    if reorder.limited:
        names = enumeration([change.item.choice_name for change in reorder.limited])
        messages.warning(request, _("Fewer are left than you had ordered of: %(items)s.") % {"items": names})
    if reorder.missing:
        names = enumeration(reorder.missing)
        messages.warning(request, _("Not to be had any more: %(items)s.") % {"items": names})
