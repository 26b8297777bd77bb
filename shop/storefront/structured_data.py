"""Facts about the shop itself for search engines, as schema.org JSON-LD."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from shop.catalogue.structured_data import CONTEXT, absolute


def website_data() -> list[dict[str, Any]]:
    """The shop as an ``Organization``, and its pages as a ``WebSite`` with a search of its own."""
    home = absolute(reverse("storefront:home"))
    shop = f"{home}#shop"
    return [
        {
            "@context": CONTEXT,
            "@type": "Organization",
            "@id": shop,
            "name": "Vitrine",
            "url": home,
            "logo": absolute(static("images/icon-512.png")),
        },
        {
            "@context": CONTEXT,
            "@type": "WebSite",
            "name": "Vitrine",
            "url": home,
            "publisher": {"@id": shop},
            "inLanguage": [code for code, _name in settings.LANGUAGES],
            "potentialAction": {
                "@type": "SearchAction",
                "target": f"{absolute(reverse('search:search'))}?q={{search_term_string}}",
                "query-input": "required name=search_term_string",
            },
        },
    ]
