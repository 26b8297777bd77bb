"""Changing a password, and getting a new one for a forgotten one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from shop.accounts import letters
from shop.accounts.forms import NewPasswordForm, PasswordChangeForm, PasswordResetForm
from shop.accounts.throttle import letter_allowed
from shop.accounts.views import UNPROCESSABLE, account_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from shop.accounts.models import User

GONE = 410


@login_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_change(request: HttpRequest) -> HttpResponse:
    """Another password; every other browser is signed out by it, this one stays."""
    form = PasswordChangeForm(request, account_of(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():  # no password without its letter
            user = form.save()
            letters.password_changed(user)
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is changed. All other browsers are signed out."))
        return redirect("accounts:access")
    return render(
        request, "accounts/password_change.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password. The answer is the same whether there is an account or not."""
    form = PasswordResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if letter_allowed(request, email):
            letters.password_reset_send(email)
        return redirect("accounts:password-reset-sent")
    return render(request, "accounts/password_reset.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200)


@never_cache
@require_safe
def password_reset_sent(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/password_reset_sent.html")


@method_decorator(never_cache, name="dispatch")
class PasswordReset(PasswordResetConfirmView):
    """The new password, by the link of a letter.

    Django keeps the token in the session and out of the address of the page.
    Whoever got here reads what is sent to the account: its address is
    confirmed by that.
    """

    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("accounts:sign-in")

    def get_form_class(self) -> Any:
        """One field instead of two: what was typed can be looked at, and a slip is mended by another letter."""
        return NewPasswordForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Set the password, confirm the address, and tell the owner."""
        with transaction.atomic():  # no password without its letter
            response = super().form_valid(form)
            user = cast("User", self.user)
            if user.email_verified_at is None:
                user.email_verified_at = timezone.now()
                user.save(update_fields=["email_verified_at"])
            letters.password_changed(user)
        messages.success(self.request, _("Your password is changed. Please sign in with it."))
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """The form again, with what is wrong."""
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> HttpResponse:
        """A link that no longer works leads to a page that says what to do."""
        if not context["validlink"]:
            return render(self.request, "accounts/link_invalid.html", {"what": "password"}, status=GONE)
        return super().render_to_response(context, **response_kwargs)
