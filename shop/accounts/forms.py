"""Forms to sign in and to sign up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import User
from shop.accounts.services import EmailTaken, account_create
from shop.accounts.throttle import SignInAttempts, TooManyAttempts

if TYPE_CHECKING:
    from django.http import HttpRequest

EMAIL_WIDGET = forms.EmailInput(attrs={"autocomplete": "email", "autocapitalize": "none"})


class SignInForm(AuthenticationForm):
    """E-mail address and password; ``get_user()`` after validation. Needs the request to count failures."""

    username = forms.EmailField(label=_("E-mail address"), widget=EMAIL_WIDGET)
    password = forms.CharField(
        label=_("Password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    error_messages = {  # noqa: RUF012 - Django declares it without ClassVar
        "invalid_login": _("This e-mail address and password don't belong together. Please look at both again."),
        "inactive": _("This account is closed."),
        "too_many": _("Too many attempts. Please wait a quarter of an hour and try again."),
    }

    def clean_username(self) -> str:
        """E-mail addresses are kept in lower case."""
        return str(self.cleaned_data["username"]).lower()

    def clean(self) -> dict[str, Any]:
        """Check the password, unless this account was tried too often."""
        request: HttpRequest | None = self.request
        if request is None or not self.cleaned_data.get("username"):
            return super().clean()
        attempts = SignInAttempts(request, str(self.cleaned_data["username"]))
        try:
            attempts.check()
            cleaned = super().clean()
        except TooManyAttempts as error:
            raise ValidationError(self.error_messages["too_many"], code="too_many") from error
        except ValidationError:
            attempts.failed()
            raise
        attempts.succeeded()
        return cleaned


class SignUpForm(forms.Form):
    """E-mail address and a password that Django's validators accept; ``save()`` makes the account."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=EMAIL_WIDGET)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean_email(self) -> str:
        """Lower case; taken addresses are refused here already, so that the form can say so."""
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exists():
            raise self._taken()
        return email

    def clean(self) -> dict[str, Any]:
        """Hold the password against the validators, which want to know the address."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        password = cleaned.get("password")
        if password:
            try:
                validate_password(password, User(email=cleaned.get("email", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned

    def save(self) -> User | None:
        """The new account; ``None``, with the error on the form, where somebody was quicker."""
        try:
            return account_create(email=self.cleaned_data["email"], password=self.cleaned_data["password"])
        except EmailTaken:
            self.add_error("email", self._taken())
            return None

    @staticmethod
    def _taken() -> ValidationError:
        return ValidationError(_("There is an account with this e-mail address already."), code="taken")
