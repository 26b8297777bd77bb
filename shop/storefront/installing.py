"""What makes the shop a thing on a home screen: its manifest, and the worker that keeps pages for later.

The worker (``service_worker.js`` beside this file) keeps the product pages
somebody looked at, so that they can be read without a connection, and nothing
else that is theirs: no cart, no account, no order. Its version is made of the
addresses of the files it keeps, so a new release always brings a new worker.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

# (size in pixels, whether the drawing keeps clear of what a round or squircle mask cuts off)
ICONS = ((192, False), (512, False), (512, True))
WORKER = Path(__file__).with_name("service_worker.js")
PAPER = "#fbfaf7"
PAGES_KEPT = 24
PICTURES_KEPT = 160
KEPT_FILES = (
    "css/frame.css",
    "css/product-page.css",
    "js/offline.js",
    "images/favicon.svg",
    "fonts/newsreader/newsreader-latin-500.woff2",
    "fonts/source-sans-3/source-sans-3-latin.woff2",
)


def manifest() -> dict[str, Any]:
    """The web app manifest, in the language of the request."""
    return {
        "id": "/",
        "name": "Vitrine",
        "short_name": "Vitrine",
        "description": _("Things chosen with care, and shelves that arrange themselves to your taste."),
        "lang": get_language() or settings.LANGUAGE_CODE,
        "start_url": reverse("storefront:home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["shopping"],
        "icons": [
            {
                "src": static(f"images/icon-{size}{'-maskable' if maskable else ''}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "maskable" if maskable else "any",
            }
            for size, maskable in ICONS
        ],
        "shortcuts": [
            {"name": _("Favourites"), "url": reverse("actions:favourites")},
            {"name": _("Cart"), "url": reverse("cart:cart")},
        ],
    }


def service_worker() -> str:
    """The worker's source after its settings: its version, the files it keeps, and which pages."""
    offline = reverse("storefront:offline")
    files = [offline, *(static(name) for name in KEPT_FILES)]
    source = WORKER.read_text(encoding="utf-8")
    values = {
        "version": hashlib.sha256(f"{source}{files}".encode()).hexdigest()[:12],
        "files": files,
        "offline": offline,
        "kept": "/items/",
        "account": reverse("accounts:account"),
        "static": settings.STATIC_URL,
        "media": settings.MEDIA_URL,
        "pagesKept": PAGES_KEPT,
        "picturesKept": PICTURES_KEPT,
    }
    return f"const SETTINGS = {json.dumps(values)};\n{source}"
