"""What other rooms do when two shoppers turn out to be one, or when one asks to be forgotten.

Rooms register handlers when Django starts (``AppConfig.ready``); ``shop.accounts``
calls them without knowing who they are. All handlers of one event run in one
transaction: either everything of a guest moves over, or nothing does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from django.db import transaction

from shop.accounts.models import Shopper


class MergeHandler(Protocol):
    """Moves what one room holds of ``guest`` over to ``account``."""

    def __call__(self, *, guest: Shopper, account: Shopper) -> None:
        """Called inside the transaction of the merge; may raise to call it off."""


ForgetHandler = Callable[[Shopper], None]

_merge_handlers: list[MergeHandler] = []
_forget_handlers: list[ForgetHandler] = []


def on_merge(handler: MergeHandler) -> MergeHandler:
    """Have ``handler`` called whenever a guest signs in. Registering twice changes nothing."""
    if handler not in _merge_handlers:
        _merge_handlers.append(handler)
    return handler


def on_forget(handler: ForgetHandler) -> ForgetHandler:
    """Have ``handler`` called with a shopper whose data is about to be erased."""
    if handler not in _forget_handlers:
        _forget_handlers.append(handler)
    return handler


def merge(*, guest: Shopper, account: Shopper) -> bool:
    """Make ``guest`` the anonymous past of ``account``.

    The row of the guest is claimed by one guarded update, so of two sign-ins
    at the same moment one merges and the other does nothing.

    Returns:
        Whether this call did it; ``False`` where the guest has been merged before.

    Raises:
        ValueError: ``guest`` has an account of its own, or is ``account``.
    """
    if guest.pk == account.pk or guest.account_id is not None:
        raise ValueError(f"shopper {guest} has an account; only guests can be merged")
    with transaction.atomic():
        claimed = Shopper.objects.filter(pk=guest.pk, merged_into=None, account=None).update(merged_into=account)
        if not claimed:
            return False
        guest.merged_into = account
        for handler in _merge_handlers:
            handler(guest=guest, account=account)
    return True


def forget(shopper: Shopper) -> None:
    """Let every room erase what it holds of ``shopper``, in one transaction."""
    with transaction.atomic():
        for handler in _forget_handlers:
            handler(shopper)
