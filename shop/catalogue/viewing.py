"""Tells other rooms that a visitor looks at an item, without knowing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

    from shop.catalogue.models import Item

ViewedHandler = Callable[["HttpRequest", "Item"], object]

_viewed_handlers: list[ViewedHandler] = []


def on_item_viewed(handler: ViewedHandler) -> None:
    """Have ``handler`` called for every product page that is shown. It must neither wait nor raise."""
    if handler not in _viewed_handlers:
        _viewed_handlers.append(handler)


def item_viewed(request: HttpRequest, item: Item) -> None:
    """Tell everyone registered that the visitor looks at ``item``."""
    for handler in _viewed_handlers:
        handler(request, item)
