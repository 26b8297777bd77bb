"""Signing up, in and out, and the page of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.accounts import letters, services
from shop.accounts.addresses import addresses_of
from shop.accounts.forms import SignInForm, SignUpForm
from shop.accounts.returning import return_address
from shop.accounts.throttle import letter_allowed
from shop.accounts.visitors import visitor_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from shop.accounts.models import User

UNPROCESSABLE = 422


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by e-mail address and password; what was done as a guest comes along."""
    address = return_address(request, default=reverse("storefront:home"))
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.sign_in(request, form.get_user())
        return redirect(address)
    return render(
        request, "accounts/sign_in.html", {"form": form, "next": address}, status=UNPROCESSABLE if form.errors else 200
    )


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Make an account and sign in with it at once; a letter asks to confirm the address, which nothing waits for."""
    address = return_address(request, default=reverse("storefront:home"))
    form = SignUpForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        if user is not None:
            services.sign_in(request, user)
            if letter_allowed(request, user.email):
                letters.verification_send(user)
            messages.success(
                request,
                _("Welcome. What you saved as a guest is still here. A letter to %(email)s asks you to confirm it.")
                % {"email": user.email},
            )
            return redirect(address)
    return render(
        request, "accounts/sign_up.html", {"form": form, "next": address}, status=UNPROCESSABLE if form.errors else 200
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; nothing in the browser leads back to the account."""
    services.sign_out(request)
    messages.success(request, _("You are signed out."))
    return redirect("storefront:home")


@login_required
@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Everything one has here, at a glance."""
    shopper = visitor_of(request).shopper
    return render(request, "accounts/account.html", {"shopper": shopper, "address": addresses_of(shopper).first()})


@login_required
@never_cache
@require_safe
def access(request: HttpRequest) -> HttpResponse:
    """How one signs in: address and password."""
    return render(request, "accounts/access.html")


def account_of(request: HttpRequest) -> User:
    """Who is signed in; for views that ask for it."""
    return cast("User", request.user)
