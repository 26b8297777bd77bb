"""All that shop templates know of recommendations.

``{% panels "similar also_liked" item=item %}``, ``{% not_for_me_address %}`` and ``{% photo_search_link %}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import template
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from recommender import photo_search
from recommender.panel_kinds import PANEL_KINDS
from recommender.panels import Shelf, shelves
from shop.catalogue.models import Item

register = template.Library()


class Shelves(SafeString):
    """Filled shelves as HTML.

    Attributes:
        together: What really was bought together with the item, of those that can be put into the cart as they are.
    """

    together: tuple[Item, ...] = ()


@register.simple_tag(takes_context=True)
def panels(
    context: template.RequestContext,
    names: str,
    item: Item | None = None,
    size: int | None = None,
    *,
    items: Sequence[Item] = (),
) -> SafeString:
    """Render the panels named in ``names`` (separated by blanks), their cards fetched in one query.

    Args:
        context: The page's; its ``request`` tells whose cart and history count.
        names: Such as ``"for_you trending recently_viewed"``.
        item: What the page is about, for panels about an item.
        size: Cards per panel; each panel's own number unless told.
        items: What the page is about where that is several things, such as a cart for ``bought_together``.
    """
    about = [item] if item is not None else list(items)
    filled = shelves(context["request"], names.split(), items=about, size=size)
    shelf_template = get_template("recommender/shelf.html")
    pieces = []
    for shelf in filled:
        with context.push(
            panel=shelf.panel,
            title=shelf.title,
            sentence=shelf.sentence,
            cards=shelf.cards,
            dismissible=shelf.dismissible,
        ):
            pieces.append(shelf_template.template.render(context))  # type: ignore[attr-defined]
    html = Shelves("".join(pieces))  # rendered templates, escaped there
    html.together = _together(filled)
    return html


@register.simple_tag
def not_for_me_address() -> str:
    """The page of everything the visitor said is not for them."""
    return reverse("recommender:dismissals")


@register.simple_tag
def photo_search_link() -> SafeString:
    """A camera that leads to search by photo; nothing where the model that is served cannot look at photos.

    Its script lets a photo be dropped onto the form it stands in, or pasted there.
    """
    if not photo_search.is_open():
        return SafeString()
    return format_html(
        '<a class="search-photo" href="{}" aria-label="{}" title="{}"><svg class="icon" aria-hidden="true">'
        '<use href="#icon-camera"/></svg></a><script type="module" src="{}"></script>',
        reverse("recommender:photo"),
        _("Search by photo"),
        _("Search by photo: choose one, or drop or paste it here"),
        static("js/photo.js"),
    )


def _together(filled: Iterable[Shelf]) -> tuple[Item, ...]:
    """The items to offer in one go: not what the shelf was filled up with, nor what must be chosen a size of."""
    return tuple(
        card.item
        for shelf in filled
        if shelf.panel == "bought_together"
        for card in shelf.cards
        if card.recommendation.reason.source in PANEL_KINDS["bought_together"].own
        and card.item.can_be_bought
        and not getattr(card.item, "has_variants", False)
    )
