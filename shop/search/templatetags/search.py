"""Marks in templates what was searched for: ``{% highlighted item.name %}``, ``{% found_in item %}``.

Both look for ``marker`` in the page's context; where there is none they change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString

from shop.search.highlighting import snippet

if TYPE_CHECKING:
    from django.template.context import Context

    from shop.catalogue.models import Item

register = template.Library()


@register.simple_tag(takes_context=True)
def highlighted(context: Context, text: str) -> str:
    """A text with the words that were searched for marked; without a search the text itself."""
    marker = context.get("marker")
    return marker.marked(text) if marker else text


@register.simple_tag(takes_context=True)
def found_in(context: Context, item: Item) -> str:
    """Why an item was found, where neither its name nor its category says it: the place in its description, marked."""
    marker = context.get("marker")
    if not marker:
        return SafeString()
    kind = item.category.title if item.category else item.tag
    return snippet(marker, item.words, known=f"{item.name} {kind}")
