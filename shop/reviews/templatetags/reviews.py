"""Stars, and the reviews of a product page: ``{% stars item %}``, ``{% product_reviews item as reviews %}``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.reviews import selectors
from shop.reviews.models import MOST_STARS

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from shop.catalogue.models import Item

register = template.Library()

WIDTH, HEIGHT = 100, 20


@register.simple_tag
def stars(item: Item) -> SafeString | str:
    """The average of an item's published reviews as stars, with their number; nothing where there are none."""
    if item.rating_average is None:
        return ""
    average = number_format(round(item.rating_average, 1), 1)
    count = ngettext("%(count)s review", "%(count)s reviews", item.rating_count) % {
        "count": number_format(item.rating_count, force_grouping=True)
    }
    return format_html(
        '<span class="rating">{}<span aria-hidden="true" class="figures">{}</span><span class="figures">{}</span></span>',
        _drawing(item.rating_average, _("%(average)s of %(most)d stars") % {"average": average, "most": MOST_STARS}),
        average,
        count,
    )


@register.simple_tag
def stars_given(number: int) -> SafeString:
    """The stars of one review."""
    return _drawing(Decimal(number), _("%(number)d of %(most)d stars") % {"number": number, "most": MOST_STARS})


@register.simple_tag(takes_context=True)
def product_reviews(context: template.RequestContext, item: Item) -> selectors.ProductReviews:
    """What the page of ``item`` shows of its reviews."""
    return selectors.product_reviews(cast("HttpRequest", context["request"]), item)


def _drawing(average: Decimal, words: str) -> SafeString:
    """Five stars, as many of them full as ``average`` says; the inner drawing is cut off at its width."""
    return format_html(
        '<svg class="stars" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img" aria-label="{2}">'
        '<use class="stars-off" href="#icon-stars" width="{0}" height="{1}"/>'
        '<svg width="{3}" height="{1}"><use href="#icon-stars" width="{0}" height="{1}"/></svg></svg>',
        WIDTH,
        HEIGHT,
        words,
        round(WIDTH * float(average) / MOST_STARS),
    )
