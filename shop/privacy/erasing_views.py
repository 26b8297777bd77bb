"""Erasing one action, all of them, or everything the shop knows of somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shop.accounts import letters
from shop.accounts.forgetting import StaffAccount, shopper_forget
from shop.accounts.forms import CurrentPasswordForm
from shop.accounts.returning import return_address
from shop.accounts.services import sign_out
from shop.accounts.visitors import visitor_of
from shop.actions.erasing import action_erase, actions_erase, actions_of
from shop.actions.history import clicks_unremember

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

UNPROCESSABLE = 422


@require_POST
def erase_one(request: HttpRequest, key: int) -> HttpResponse:
    """Erase one action. For HTMX a line in its place that takes the focus, else back to the list."""
    shopper = visitor_of(request).shopper
    item_id = action_erase(shopper=shopper, key=key) if shopper is not None else None
    if item_id is None:
        raise Http404
    clicks_unremember(request, item_id)
    if request.headers.get("HX-Request"):
        return render(request, "privacy/inc/erased.html")
    messages.success(request, _("That is erased. Your shelves know no longer of it."))
    return redirect(return_address(request, default="privacy:data"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase_all(request: HttpRequest) -> HttpResponse:
    """Erase every recorded action, once that was confirmed; favourites, cart, orders and account stay."""
    visitor = visitor_of(request)
    if request.method != "POST":
        return render(request, "privacy/erase_all.html", {"count": actions_of(visitor.shopper).count()})
    erased = actions_erase(shopper=visitor.shopper) if visitor.shopper is not None else 0
    visitor.forget_cookies()
    messages.success(
        request,
        ngettext("%(number)d action is erased.", "%(number)d actions are erased.", erased) % {"number": erased},
    )
    return redirect("privacy:data")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Close the account, or have a guest forgotten. An account's password is asked for first."""
    visitor = visitor_of(request)
    user = visitor.account
    form = CurrentPasswordForm(request, user, request.POST or None) if user is not None else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            with transaction.atomic():  # the letter exists exactly when it is true
                if visitor.account is not None or visitor.shopper is not None:
                    shopper_forget(visitor.require_shopper())
                if user is not None:
                    letters.account_closed(user.email, language=user.language)
        except StaffAccount:
            problem = _("This account keeps the shop. Its rights must be taken away in the admin first.")
        else:
            return _good_bye(request)
        if form is None:
            messages.error(request, problem)
        else:
            form.add_error(None, problem)
    return render(
        request,
        "privacy/delete.html",
        {"form": form},
        status=UNPROCESSABLE if form is not None and form.errors else 200,
    )


def _good_bye(request: HttpRequest) -> HttpResponse:
    """Leave nothing in the browser either."""
    sign_out(request)
    messages.success(request, _("You are forgotten here. Nothing in this browser leads back to you."))
    return redirect("storefront:home")
