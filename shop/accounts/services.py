"""Making accounts, signing in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import login, logout
from django.db import IntegrityError, transaction

from shop.accounts import hooks
from shop.accounts.addresses import address_save, addresses_of
from shop.accounts.models import Shopper, User
from shop.accounts.visitors import Visitor, shopper_for, visitor_of

if TYPE_CHECKING:
    from django.http import HttpRequest


class EmailTaken(Exception):
    """There is an account with this e-mail address already."""


def account_create(*, email: str, password: str) -> User:
    """Make an account and the shopper behind it.

    Raises:
        EmailTaken: another account has the address, in whatever case.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password)
            Shopper.objects.create(account=user)
    except IntegrityError as error:
        raise EmailTaken(email) from error
    return user


def sign_in(request: HttpRequest, user: User) -> None:
    """Sign ``user`` in; what they did here as a guest becomes theirs, in one transaction.

    The session is renewed and the visitor key retired, so neither an old
    session id nor the old cookie speaks for the account.
    """
    visitor = visitor_of(request)
    guest = _guest_of(visitor)
    with transaction.atomic():
        account = shopper_for(account=user, key=visitor.key)
        _bring_decisions(visitor, account)
        if guest is not None:
            hooks.merge(guest=guest, account=account)
    # Named because a user who has just signed up has not been through authenticate().
    login(request, user, backend="shop.accounts.backends.ShopperBackend")
    visitor.rotate()


def sign_out(request: HttpRequest) -> None:
    """Sign out and leave nothing in the browser that leads back to the account."""
    visitor = visitor_of(request)
    logout(request)
    visitor.rotate()
    visitor.forget_cookies()


def _bring_decisions(visitor: Visitor, account: Shopper) -> None:
    """What was decided in this browser before signing in counts for the account, where nothing was decided there."""
    if visitor.account is None and visitor.answer and not account.consent:
        account.consent = visitor.answer
        account.save(update_fields=["consent"])


def _guest_of(visitor: Visitor) -> Shopper | None:
    """The guest behind the visitor's key.

    Made where the browser has a key but no row yet: clicks under this key may
    still wait in the buffer, and must find the guest merged when they arrive.
    """
    if visitor.account is not None or visitor.is_new:
        return None
    guest = visitor.shopper or shopper_for(account=None, key=visitor.key)
    return guest if guest.merged_into_id is None and guest.account_id is None else None


__all__ = ["EmailTaken", "account_create", "address_save", "addresses_of", "sign_in", "sign_out"]
