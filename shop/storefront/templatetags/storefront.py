"""What the shop's templates need beyond Django's own tags."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from babel.numbers import format_currency
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from shop.catalogue.pictures import rendition_url, srcset
from shop.catalogue.structured_data import absolute
from shop.catalogue.titles import dated_title
from shop.catalogue.value_names import value_name as name_of_value
from shop.storefront.title_cards import card_html, item_card, place_card

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.core.paginator import Page
    from django.http import HttpRequest
    from django.template.context import Context

    from shop.catalogue.models import Item, ItemImage
    from shop.catalogue.overview import Place

register = template.Library()

# Characters that could end a script element, as JSON escapes them.
SCRIPT_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
FALLBACK_WIDTH = 640
SENTENCE_ENDS = (". ", "。", "! ", "? ", "！", "？", "\n")
SENTENCE_LENGTH = 160
SOCIAL_LOCALES = {"en": "en_GB", "zh-hans": "zh_CN"}


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """A price in the shop's currency, written as the language of the page writes it."""
    if amount is None:
        return _("Price on request")
    locale = to_locale(get_language() or settings.LANGUAGE_CODE)
    return str(format_currency(amount, currency or settings.CURRENCY, locale=locale))


@register.filter
def first_sentence(text: str) -> str:
    """The first sentence of a text, cut at a word where it is very long."""
    text = text.strip()
    ends = [text.index(mark) + 1 for mark in SENTENCE_ENDS if mark in text]
    return Truncator(text[: min(ends, default=len(text))].strip()).chars(SENTENCE_LENGTH)


@register.filter
def after_first_sentence(text: str) -> str:
    """What follows the first sentence, if it is shown whole; else the whole text."""
    first = first_sentence(text)
    return text.strip()[len(first) :].strip() if text.strip().startswith(first) else text.strip()


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the drawings in ``inc/sprite.html``; always beside words, so hidden from screen readers."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#icon-{}"/></svg>', name)


@register.simple_tag
def picture(
    image: ItemImage | None, *, sizes: str, alt: str = "", eager: bool = False, whole: bool = False
) -> SafeString:
    """A picture in the widths it was saved in, or the drawn placeholder.

    Args:
        image: The picture, or ``None``.
        sizes: How wide it stands on the page, as the attribute ``sizes`` says it.
        alt: What it shows; empty where its name stands beside it.
        eager: Whether it stands above the fold: loaded at once and first.
        whole: Whether it is a picture to its very edges, as posters are, and must not melt into the frame.
    """
    if not image:  # a missing step on the way to it resolves to the empty string
        return _placeholder(alt)
    loading = mark_safe('fetchpriority="high"') if eager else mark_safe('loading="lazy"')
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}" decoding="async" {}{}>',
        rendition_url(image, FALLBACK_WIDTH),
        srcset(image),
        sizes,
        image.width or 1,
        image.height or 1,
        alt,
        loading,
        mark_safe(' class="whole"') if whole else "",
    )


@register.filter
def has_year(title: str) -> bool:
    """Whether a title ends with a year, as films' do; their pictures are posters."""
    return bool(dated_title(title).year)


@register.simple_tag
def cover(item: Item | None, *, sizes: str, alt: str = "", eager: bool = False) -> SafeString:
    """An item's first picture, or its head's, or the title card drawn for it; the arguments are those of ``picture``."""
    shown = item.shown_cover if item else None
    if not item or shown:
        whole = bool(item and has_year(item.title))
        return picture(shown, sizes=sizes, alt=alt, eager=eager, whole=whole)
    return card_html(item_card(item), alt=alt)


@register.simple_tag
def place_cover(place: Place, *, sizes: str) -> SafeString:
    """The picture that stands for a category, or a drawn card in its colour; its name stands beside it."""
    if place.cover:
        return picture(place.cover, sizes=sizes, whole=has_year(place.cover.item.title))
    return card_html(place_card(place))


def _placeholder(alt: str) -> SafeString:
    words = format_html('role="img" aria-label="{}"', alt) if alt else mark_safe('aria-hidden="true"')
    return format_html('<svg class="placeholder" viewBox="0 0 48 48" {}><use href="#icon-placeholder"/></svg>', words)


@register.filter
def one_panel(shelves: SafeString, panel: str) -> SafeString:
    """One shelf of several that were filled together, for pages that set them apart."""
    found = re.search(rf'<section\b[^>]*data-panel="{re.escape(panel)}".*?</section>', shelves, re.DOTALL)
    return mark_safe(found[0] if found else "")  # noqa: S308 - a whole element of what was safe already


@register.simple_tag(takes_context=True)
def saved(context: Context, item: Item) -> bool:
    """Whether the visitor has saved ``item``; the same one query for all hearts of the page."""
    bar = context.get("bar")
    return bar is not None and item.pk in bar.favourite_keys


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's own query string with some values changed; ``None`` or empty takes one out."""
    request = cast("HttpRequest", context["request"])
    values = request.GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    return f"?{values.urlencode()}" if values else request.path


@register.simple_tag
def page_numbers(page: Page[Any]) -> list[int | str]:
    """The numbers to show of many pages: the ends, the current one and its neighbours, gaps as an ellipsis."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Structured data as a script element whose text cannot end it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(SCRIPT_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


@register.simple_tag
def picture_url(image: ItemImage, width: int) -> str:
    """The address of one rendition, for previews in other places than pages."""
    return rendition_url(image, width)


@register.filter
def full_address(path: str) -> str:
    """A path of this shop with its scheme and host before it, for other sites."""
    return absolute(path)


@register.simple_tag
def icon_address() -> str:
    """The shop's mark as a picture, with its full address: what stands for a page that shows no thing."""
    return absolute(static("images/icon-512.png"))


@register.filter
def social_locale(language: str) -> str:
    """A language as previews in other places name it: ``en_GB``, ``zh_CN``."""
    return SOCIAL_LOCALES.get(language, to_locale(language))


@register.filter
def price_with(items: Iterable[Item], first: Item) -> Decimal:
    """What ``first`` and ``items`` cost together, one of each."""
    return sum((item.price for item in (first, *items) if item.price is not None), Decimal("0.00"))


@register.filter
def value_name(value: str) -> str:
    """What a colour, a material or a property is called in the language of the page."""
    return name_of_value(str(value))
