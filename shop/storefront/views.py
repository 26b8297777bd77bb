"""The home page, and what machines ask of the shop."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django.views.static import serve

from shop.accounts.returning import return_address
from shop.catalogue.models import Item
from shop.catalogue.overview import catalogue_overview
from shop.storefront import health, installing
from shop.storefront.languages import UnknownLanguage, language_choose
from shop.storefront.structured_data import website_data

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
    "/recommendations/",
    "/search/",
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The window: one thing in good light, shelves, the rooms of the shop."""
    overview = catalogue_overview()
    featured = (
        Item.objects.available().for_cards().filter(pk=overview.featured_id).first() if overview.featured_id else None
    )
    context = {"featured": featured, "overview": overview, "structured_data": website_data()}
    return render(request, "storefront/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """How the shop works: where the shelves come from, what is remembered, how to have it forgotten."""
    return render(request, "storefront/about.html")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the pages, and stay on the page; an unknown one changes nothing."""
    try:
        language_choose(request, request.POST.get("language", ""))
    except UnknownLanguage:
        logger.info("a language the shop does not speak was asked for")
    return HttpResponseRedirect(return_address(request, default=reverse("storefront:home")))


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django calls every view with the request
    """What a browser needs to put the shop on a home screen."""
    return JsonResponse(installing.manifest(), content_type="application/manifest+json")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django calls every view with the request
    """The worker that keeps pages for later; at the root, because it may only see what lies below its own address."""
    response = HttpResponse(installing.service_worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What stands in for a page while there is no connection; says nothing about whoever looks at it."""
    return render(request, "storefront/offline.html")


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
