"""The home page, and what machines ask of the shop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.static import serve

from shop.catalogue.models import Item
from shop.catalogue.overview import catalogue_overview
from shop.storefront import health

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

YEAR_SECONDS = 31_536_000
# Names of pictures hold the checksum of their content, so a file never changes under its name.
MEDIA_CACHE = f"public, max-age={YEAR_SECONDS}, immutable"
PRIVATE_PLACES = (
    "/account/",
    "/admin/",
    "/api/",
    "/cart/",
    "/checkout/",
    "/favourites/",
    "/orders/",
    "/panels/",
    "/search/",
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The window: one thing in good light, shelves, the rooms of the shop."""
    overview = catalogue_overview()
    featured = (
        Item.objects.available().for_cards().filter(pk=overview.featured_id).first() if overview.featured_id else None
    )
    return render(request, "storefront/home.html", {"featured": featured, "overview": overview})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django calls every view with the request
    """The process is alive; says nothing about what it needs."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django calls every view with the request
    """Whether everything the shop needs is there: 200, or 503 with what is missing."""
    found = health.problems()
    # What is wrong may name paths and hosts: that goes to the log, not to whoever asks.
    for name, problem in found.items():
        if problem:
            logger.warning("not ready, %s: %s", name, problem)
    words = {name: "failed" if problem else "ok" for name, problem in found.items()}
    return JsonResponse(words, status=503 if any(found.values()) else 200)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django calls every view with the request
    """Search engines may read everything that is the same for everyone."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {place}" for place in PRIVATE_PLACES),
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('storefront:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Uploaded pictures, where no web server in front serves them.

    Nothing outside ``MEDIA_ROOT``, and nothing hidden in it: an import keeps its notes there.
    """
    if any(step.startswith(".") for step in path.split("/")):
        raise Http404
    try:
        response: HttpResponseBase = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except SuspiciousFileOperation as error:
        raise Http404 from error
    response.headers["Cache-Control"] = MEDIA_CACHE
    # Whatever the file claims to be, a browser runs nothing of it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
