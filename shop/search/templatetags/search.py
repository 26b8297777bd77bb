"""Marks in templates what was searched for: ``{% highlighted item.name %}``, ``{% snippet item %}``.

Both look for ``marker`` in the page's context; where there is none they change nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.safestring import SafeString

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
def snippet(context: Context, item: Item) -> str:
    """Why an item was found whose name doesn't say it: the place in its description, marked."""
    marker = context.get("marker")
    if not marker or any(marker.places(item.name)):
        return SafeString()
    found: SafeString = marker.snippet(item.words)
    return found
