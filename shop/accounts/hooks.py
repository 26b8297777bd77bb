"""What other rooms do when two shoppers turn out to be one, or one asks for their data or to be forgotten.

Rooms register handlers when Django starts (``AppConfig.ready``); ``shop.accounts``
calls them without knowing who they are. All handlers of one event run in one
transaction: either everything of a guest moves over, or nothing does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.db import IntegrityError, transaction

from shop.accounts.models import Shopper


class MergeHandler(Protocol):
    """Moves what one room holds of ``guest`` over to ``account``."""

    def __call__(self, *, guest: Shopper, account: Shopper) -> None:
        """Called inside the transaction of the merge; may raise to call it off."""


ForgetHandler = Callable[[Shopper], None]
# Rows by the name of their section; a row holds plain values that JSON knows, times as datetime, prices as Decimal.
ExportHandler = Callable[[Shopper], dict[str, list[dict[str, Any]]]]

_merge_handlers: list[MergeHandler] = []
_forget_handlers: list[ForgetHandler] = []
_export_handlers: list[ExportHandler] = []


def on_merge(handler: MergeHandler) -> MergeHandler:
    """Have ``handler`` called whenever a guest signs in. Registering twice changes nothing."""
    if handler not in _merge_handlers:
        _merge_handlers.append(handler)
    return handler


def on_forget(handler: ForgetHandler) -> ForgetHandler:
    """Have ``handler`` called with a shopper whose data is about to be erased.

    What its room must keep it keeps without the shopper and without what is personal.
    """
    if handler not in _forget_handlers:
        _forget_handlers.append(handler)
    return handler


def on_export(handler: ExportHandler) -> ExportHandler:
    """Have ``handler`` asked for everything one room holds of a shopper who wants to see it.

    It gives sections of rows, such as ``{"favourites": [{"item": "7", "saved_at": …}]}``.
    Sections of one name from several rooms are joined.
    """
    if handler not in _export_handlers:
        _export_handlers.append(handler)
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
    try:
        return _merge(guest, account)
    except IntegrityError:
        # Another browser of the account wrote at this moment what the guest has too; now the handlers see it.
        return _merge(guest, account)


def _merge(guest: Shopper, account: Shopper) -> bool:
    with transaction.atomic():
        claimed = Shopper.objects.filter(pk=guest.pk, merged_into=None, account=None).update(merged_into=account)
        if not claimed:
            return False
        guest.merged_into = account
        for handler in _merge_handlers:
            handler(guest=guest, account=account)
    return True


def export(shopper: Shopper) -> dict[str, list[dict[str, Any]]]:
    """Everything that all rooms hold of ``shopper``, by section."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for handler in _export_handlers:
        for name, rows in handler(shopper).items():
            sections.setdefault(name, []).extend(rows)
    return sections


def forget(shopper: Shopper) -> None:
    """Let every room erase what it holds of ``shopper``, in one transaction."""
    with transaction.atomic():
        for handler in _forget_handlers:
            handler(shopper)
