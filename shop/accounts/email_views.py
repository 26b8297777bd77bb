"""Confirming an e-mail address, and changing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shop.accounts import letters
from shop.accounts.forms import EmailChangeForm
from shop.accounts.returning import return_address
from shop.accounts.throttle import letter_allowed
from shop.accounts.views import UNPROCESSABLE, account_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

GONE = 410


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of a letter leads: one button. Nothing happens by opening it; mail programs do that too."""
    try:
        claim = letters.email_claim(token)
        if request.method != "POST":
            return render(request, "accounts/email_confirm.html", {"claim": claim})
        letters.email_confirm(claim)
    except letters.LinkInvalid:
        return render(request, "accounts/link_invalid.html", {"what": "email"}, status=GONE)
    except letters.AddressTaken:
        messages.error(request, _("Another account has this address by now, so nothing was changed."))
        return redirect("accounts:account")
    messages.success(request, _("Your address %(email)s is confirmed.") % {"email": claim.email})
    return redirect("accounts:account")


@login_required
@require_POST
def verification_send(request: HttpRequest) -> HttpResponse:
    """Send the letter that confirms the account's address once more."""
    user = account_of(request)
    if user.email_verified_at is not None:
        messages.info(request, _("Your address is confirmed already."))
    elif letter_allowed(request, user.email):
        letters.verification_send(user)
        messages.success(request, _("A new link is on its way to %(email)s.") % {"email": user.email})
    else:
        messages.warning(
            request, _("Several letters are on their way already. Please look into your spam folder, or wait an hour.")
        )
    return redirect(return_address(request, default="accounts:account"))


@login_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email_change(request: HttpRequest) -> HttpResponse:
    """Ask for another address; it is taken once the letter there was answered."""
    user = account_of(request)
    form = EmailChangeForm(request, user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if letter_allowed(request, email):
            letters.email_change_send(user, email)
            messages.success(
                request,
                _("We sent a link to %(email)s. Open it, and that is your address from then on.") % {"email": email},
            )
            return redirect("accounts:access")
        form.add_error(None, _("Several letters were sent already. Please wait an hour and try again."))
    return render(request, "accounts/email_change.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)
