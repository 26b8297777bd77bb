"""The letters about an account: confirming an address, a forgotten password, and what has changed.

Links in letters are signed, work for a limited time, and stop working once what
they are about has changed. They lead to a page with a button: programs that
look at mail open links too, and must not confirm anything by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from shop.accounts.models import Shopper, User
from shop.mail.services import letters_forget, mail_pretend, mail_send

EMAIL_SALT = "shop.accounts.email"
SECONDS_PER_HOUR = 3600


class LinkInvalid(Exception):
    """The link is too old, was altered, or what it is about has changed since."""


class AddressTaken(Exception):
    """Another account has been given the address in the meantime."""


@dataclass(frozen=True, slots=True)
class EmailClaim:
    """What a link says: this account is to have this address.

    Attributes:
        user: The account.
        email: The address the letter went to; the account's own, or the one it shall get.
    """

    user: User
    email: str

    @property
    def is_change(self) -> bool:
        """Whether the account has another address so far."""
        return self.email != self.user.email


def verification_send(user: User) -> None:
    """Ask whoever reads the account's address to confirm it."""
    _send(user.email, "verify_email", {"link": _email_link(user, user.email)}, user)


def email_change_send(user: User, email: str) -> None:
    """Ask whoever reads ``email`` whether it shall be the account's address.

    Where another account has the address, its owner is told instead. Whoever
    asked sees no difference.
    """
    if User.objects.filter(email=email).exclude(pk=user.pk).exists():
        _send(email, "email_taken", {"link": _address("accounts:sign-in")}, user)
        return
    _send(email, "change_email", {"link": _email_link(user, email), "old": user.email}, user)


def email_claim(token: str) -> EmailClaim:
    """What a link from a letter says.

    Raises:
        LinkInvalid: see the class.
    """
    try:
        claim = signing.loads(token, salt=EMAIL_SALT, max_age=settings.EMAIL_LINK_SECONDS)
        user = User.objects.get(pk=claim["user"], email=claim["from"], is_active=True)
    except (signing.BadSignature, User.DoesNotExist) as error:
        raise LinkInvalid from error
    return EmailClaim(user=user, email=claim["to"])


def email_confirm(claim: EmailClaim) -> User:
    """Believe what the link says: the address is the account's, and somebody reads what goes there.

    The old address is told when it is replaced.

    Raises:
        AddressTaken: see the class.
        LinkInvalid: the account's address has changed since the link was opened.
    """
    try:
        with transaction.atomic():
            changed = User.objects.filter(pk=claim.user.pk, email=claim.user.email).update(
                email=claim.email, email_verified_at=timezone.now()
            )
            if not changed:
                raise LinkInvalid
            if claim.is_change:
                _send(claim.user.email, "email_changed", {"new": claim.email}, claim.user)
    except IntegrityError as error:
        raise AddressTaken from error
    return User.objects.get(pk=claim.user.pk)


def password_reset_send(email: str) -> None:
    """Send a link for a new password, if there is an account with that address.

    Otherwise the same is done with a letter to nobody, so that the time of the answer tells nothing either.
    """
    found = User.objects.filter(email=email, is_active=True).first()
    known = found is not None and found.has_usable_password()
    user = found if found is not None and known else User(pk=0, email=email)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    link = _address("accounts:password-reset-confirm", uidb64=uid, token=default_token_generator.make_token(user))
    hours = settings.PASSWORD_RESET_TIMEOUT // SECONDS_PER_HOUR
    if known:
        _send(user.email, "password_reset", {"link": link, "hours": hours}, user)
    else:
        mail_pretend(template="password_reset", context=_context(email, {"link": link, "hours": hours}))


def password_changed(user: User) -> None:
    """Tell the owner of an account that its password is another one now, in case it was not them."""
    _send(user.email, "password_changed", {"link": _address("accounts:password-reset")}, user)


def letters_of_account_forget(shopper: Shopper) -> None:
    """Throw away the letters about the account of somebody who is forgotten that have not left yet."""
    if shopper.account is not None:
        letters_forget(_about(shopper.account))


def account_closed(email: str, *, language: str) -> None:
    """Say good-bye to somebody whose account is gone; it is about nobody, and goes out after they are forgotten."""
    mail_send(to=email, template="account_closed", context={"email": email}, language=language or None)


def _email_link(user: User, email: str) -> str:
    token = signing.dumps({"user": user.pk, "from": user.email, "to": email}, salt=EMAIL_SALT)
    return _address("accounts:email-confirm", token=token)


def _address(name: str, **parts: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, kwargs=parts)}"


def _send(to: str, template: str, context: dict[str, Any], user: User) -> None:
    """In the language of the account, else in the one of the page that asked for it."""
    mail_send(
        to=to,
        template=template,
        context=_context(to, context),
        language=user.language or None,
        about=_about(user),
    )


def _context(to: str, more: dict[str, Any]) -> dict[str, Any]:
    return {"email": to, "days": settings.EMAIL_LINK_SECONDS // (24 * SECONDS_PER_HOUR), **more}


def _about(user: User) -> str:
    """By what the letters about an account are found while they wait."""
    return f"account {user.pk}"
