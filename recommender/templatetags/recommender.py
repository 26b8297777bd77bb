"""All that shop templates know of recommendations.

``{% panels "similar also_liked" item=item %}`` and ``{% photo_search_link %}``.
"""

from __future__ import annotations

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from recommender import photo_search
from recommender.panels import shelves
from shop.catalogue.models import Item

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(
    context: template.RequestContext, names: str, item: Item | None = None, size: int | None = None
) -> SafeString:
    """Render the panels named in ``names`` (separated by blanks), their cards fetched in one query.

    Args:
        context: The page's; its ``request`` tells whose cart and history count.
        names: Such as ``"for_you trending recently_viewed"``.
        item: What the page is about, for panels about an item.
        size: Cards per panel; each panel's own number unless told.
    """
    filled = shelves(context["request"], names.split(), items=[item] if item is not None else [], size=size)
    shelf_template = get_template("recommender/shelf.html")
    pieces = []
    for shelf in filled:
        with context.push(panel=shelf.panel, title=shelf.title, sentence=shelf.sentence, cards=shelf.cards):
            pieces.append(shelf_template.template.render(context))  # type: ignore[attr-defined]
    return mark_safe("".join(pieces))  # noqa: S308 - rendered templates, escaped there


@register.simple_tag
def photo_search_link() -> SafeString:
    """A camera that leads to search by photo; nothing where the model that is served cannot look at photos."""
    if not photo_search.is_open():
        return SafeString()
    return format_html(
        '<a class="search-photo" href="{}" aria-label="{}"><svg class="icon" aria-hidden="true">'
        '<use href="#icon-camera"/></svg></a>',
        reverse("recommender:photo"),
        _("Search by photo"),
    )
