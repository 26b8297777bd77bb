"""Forms to sign in and up, and to change how one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import User
from shop.accounts.services import EmailTaken, account_create
from shop.accounts.throttle import SignInAttempts, TooManyAttempts, taken_answers

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

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
    """E-mail address and a password that Django's validators accept; ``save()`` makes the account.

    Give it the request, so that nobody can walk through addresses to see which are taken.
    """

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=EMAIL_WIDGET)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request = request
        self.fields["password"].help_text = _password_rules()

    def clean_email(self) -> str:
        """Lower case; taken addresses are refused here already, so that the form can say so."""
        email = str(self.cleaned_data["email"]).lower()
        answers = taken_answers(self._request) if self._request is not None else None
        if answers is not None and answers.used_up:
            raise ValidationError(SignInForm.error_messages["too_many"], code="too_many")
        if User.objects.filter(email=email).exists():
            if answers is not None:
                answers.take()
            raise self._taken()
        return email

    def clean(self) -> dict[str, Any]:
        """Hold the password against the validators, which want to know the address."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        _check_password(self, "password", User(email=cleaned.get("email", "")))
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


class CurrentPasswordForm(forms.Form):
    """Asks for the password again, before something that cannot be taken back. Tries are counted as at sign-in."""

    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self._attempts = SignInAttempts(request, user.email)

    def clean_password(self) -> str:
        """The password of the account."""
        password = str(self.cleaned_data["password"])
        try:
            self._attempts.check()
        except TooManyAttempts as error:
            raise ValidationError(SignInForm.error_messages["too_many"], code="too_many") from error
        if not self.user.check_password(password):
            self._attempts.failed()
            raise ValidationError(_("This is not the password of your account."), code="wrong_password")
        self._attempts.succeeded()
        return password


class EmailChangeForm(CurrentPasswordForm):
    """Another e-mail address for the account; it counts once the letter there was answered."""

    email = forms.EmailField(label=_("New e-mail address"), max_length=254, widget=EMAIL_WIDGET)

    field_order = ("email", "password")

    def clean_email(self) -> str:
        """Lower case. Whether somebody has it already is told there, not here."""
        email = str(self.cleaned_data["email"]).lower()
        if email == self.user.email:
            raise ValidationError(_("This is your address already."), code="same")
        return email


class _NewPassword(forms.Form):
    """A new password that Django's validators accept; ``save()`` sets it."""

    user: User
    new_password = forms.CharField(
        label=_("New password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password"].help_text = _password_rules()

    def clean(self) -> dict[str, Any]:
        """Hold the password against the validators, which want to know whose it is."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        _check_password(self, "new_password", self.user)
        return cleaned

    def save(self) -> User:
        """The user with the new password."""
        self.user.set_password(self.cleaned_data["new_password"])
        self.user.save(update_fields=["password"])
        return self.user


class NewPasswordForm(_NewPassword):
    """One new password, for somebody whom a letter has let in."""

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user


class PasswordChangeForm(_NewPassword, CurrentPasswordForm):
    """The password as it is and as it shall be."""

    field_order = ("password", "new_password")


class PasswordResetForm(forms.Form):
    """The address to which a link for a new password goes. Says nothing about whether there is an account."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=EMAIL_WIDGET)

    def clean_email(self) -> str:
        """E-mail addresses are kept in lower case."""
        return str(self.cleaned_data["email"]).lower()


def _password_rules() -> SafeString:
    """One line for each rule; the words are chosen when the form is shown."""
    rules: SafeString = password_validators_help_text_html()
    return rules


def _check_password(form: forms.Form, field: str, user: User) -> None:
    """Add what the validators say about the password in ``field`` to the form."""
    password = form.cleaned_data.get(field)
    if password:
        try:
            validate_password(password, user)
        except ValidationError as error:
            form.add_error(field, error)
