"""Where a form leads when it's done: back to the page it was on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.http import HttpRequest


def return_address(request: HttpRequest, *, default: str) -> str:
    """The address in ``next``, where it is one of this shop; else ``default``. Nobody is sent to a stranger.

    It must be a path from the root, as the shop's own forms write it: what is
    relative would lead somewhere else from every page, and ``redirect`` takes
    a bare word for the name of a view.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if allowed and wanted.startswith("/") else default
