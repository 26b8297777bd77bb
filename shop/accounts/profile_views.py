"""What somebody tells of themselves: profile and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.accounts.addresses import (
    MOST_ADDRESSES,
    TooManyAddresses,
    address_change,
    address_remove,
    address_save,
    address_use_first,
    addresses_of,
)
from shop.accounts.profile_forms import AddressForm, ProfileForm
from shop.accounts.returning import return_address
from shop.accounts.views import UNPROCESSABLE, account_of
from shop.accounts.visitors import visitor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from shop.accounts.models import Address


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, and what the shop may know besides; all of it may stay empty."""
    shopper = visitor_of(request).shopper
    form = ProfileForm(request.POST or None, user=account_of(request), instance=shopper)
    if request.method == "POST" and form.is_valid():
        form.instance = visitor_of(request).require_shopper()
        form.save_profile()
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


@login_required
@never_cache
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """The addresses that are kept for the next order."""
    return render(request, "accounts/addresses.html", {"addresses": addresses_of(visitor_of(request).shopper)})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: HttpRequest) -> HttpResponse:
    """Keep another address."""
    form = AddressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            address_save(shopper=visitor_of(request).require_shopper(), **form.cleaned_data)
        except TooManyAddresses:
            form.add_error(
                None,
                _("You keep %(most)s addresses already. Please remove one first.") % {"most": MOST_ADDRESSES},
            )
        else:
            messages.success(request, _("The address is kept for your next order."))
            return redirect(return_address(request, default="accounts:addresses"))
    return render(request, "accounts/address.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_edit(request: HttpRequest, key: int) -> HttpResponse:
    """Mend an address. Orders that were sent there keep it as it was."""
    address = _own_address(request, key)
    form = AddressForm(request.POST or None, instance=address)
    if request.method == "POST" and form.is_valid():
        address_change(form.instance)
        if form.cleaned_data["make_default"]:
            address_use_first(form.instance)
        messages.success(request, _("The address is changed."))
        return redirect("accounts:addresses")
    context = {"form": form, "address": address}
    return render(request, "accounts/address.html", context, status=UNPROCESSABLE if form.errors else 200)


@login_required
@require_POST
def address_delete(request: HttpRequest, key: int) -> HttpResponse:
    """Keep an address no longer."""
    address_remove(_own_address(request, key))
    messages.success(request, _("The address is no longer kept."))
    return redirect("accounts:addresses")


@login_required
@require_POST
def address_default(request: HttpRequest, key: int) -> HttpResponse:
    """Offer an address before the others."""
    address_use_first(_own_address(request, key))
    messages.success(request, _("This address is used first from now on."))
    return redirect("accounts:addresses")


def _own_address(request: HttpRequest, key: int) -> Address:
    return get_object_or_404(addresses_of(visitor_of(request).shopper), pk=key)
