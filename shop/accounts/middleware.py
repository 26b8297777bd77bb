"""Finds out who is visiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from shop.accounts.visitors import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class VisitorMiddleware:
    """Attach ``request.visitor`` and send the visitor's cookies; costs no query by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the visitor, let the page be made, then set what cookies it asked for."""
        visitor = Visitor(request)
        cast("Any", request).visitor = visitor
        response = self.get_response(request)
        visitor.finish(response)
        return response
