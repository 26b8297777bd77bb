"""What rooms that come after orders do when a purchase is undone: cancelled, or sent back."""

from __future__ import annotations

from collections.abc import Callable

from shop.orders.models import Order

UndoneHandler = Callable[[Order], None]

_undone_handlers: list[UndoneHandler] = []


def on_undone(handler: UndoneHandler) -> UndoneHandler:
    """Have ``handler`` called with an order that was cancelled or of which pieces came back.

    It is called inside that transaction. Registering twice changes nothing.
    """
    if handler not in _undone_handlers:
        _undone_handlers.append(handler)
    return handler


def undone(order: Order) -> None:
    """Tell every room that purchases of ``order`` no longer stand."""
    for handler in _undone_handlers:
        handler(order)
