"""What the cart says to shoppers, in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.lists import format_list
from django.conf import settings
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from shop.cart.moves import Move

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shop.cart.keeping import CartSettlement
    from shop.cart.models import CartLine
    from shop.cart.moves import Moved
    from shop.cart.selectors import CartEntry
    from shop.cart.services import CartAddition, CartChange


def enumeration(names: Sequence[str]) -> str:
    """Several names as the language of the page joins them: ``a, b and c``."""
    return format_list(list(names), locale=to_locale(get_language() or settings.LANGUAGE_CODE))


def added_words(change: CartChange) -> str:
    """What became of "Add to cart"."""
    return (
        limited_words(change) if change.limited else _("%(item)s is in your cart.") % {"item": change.item.choice_name}
    )


def limited_words(change: CartChange) -> str:
    """Fewer than wished for."""
    words = {"item": change.item.choice_name, "count": change.quantity}
    return _("There are no more of %(item)s; your cart holds %(count)d.") % words


def quantity_words(change: CartChange) -> str:
    """What became of a change of quantity, for those who cannot see it."""
    words = {"item": change.item.choice_name, "count": change.quantity}
    return _("Quantity of %(item)s: %(count)d.") % words


def addition_words(addition: CartAddition) -> str:
    """What became of "Add all to cart"."""
    added = [change.item.choice_name for change in addition.changes]
    refused = [item.choice_name for item in addition.refused]
    words = {"added": enumeration(added), "refused": enumeration(refused)}
    if not refused:
        return ngettext("%(added)s is in your cart.", "%(added)s are in your cart.", len(added)) % words
    if not added:
        return (
            ngettext(
                "%(refused)s cannot be bought at the moment.",
                "%(refused)s cannot be bought at the moment.",
                len(refused),
            )
            % words
        )
    return _("In your cart: %(added)s. Not for sale at the moment: %(refused)s.") % words


def moved_words(moved: Moved) -> str:
    """What became of a line that left its list."""
    sentences = {
        Move.REMOVED: _("%(item)s is out of your cart."),
        Move.KEPT: _("%(item)s is kept for later."),
        Move.CARTED: _("%(item)s is in your cart."),
        Move.DROPPED: _("%(item)s is no longer kept."),
    }
    return sentences[moved.move] % {"item": moved.item.choice_name}


def settled_words(settlement: CartSettlement) -> str:
    """What was done so that the cart can be ordered."""
    kept = ngettext(
        "%(count)d thing that cannot be bought now is kept for later.",
        "%(count)d things that cannot be bought now are kept for later.",
        settlement.kept,
    ) % {"count": settlement.kept}
    lowered = ngettext(
        "%(count)d quantity is lowered to what is left.",
        "%(count)d quantities are lowered to what is left.",
        settlement.lowered,
    ) % {"count": settlement.lowered}
    return " ".join(words for words, count in ((kept, settlement.kept), (lowered, settlement.lowered)) if count)


def joined_words(lines: Sequence[CartLine | CartEntry]) -> str:
    """What came from another cart at sign-in."""
    parts = [_("%(item)s (%(count)d)") % {"item": line.item.choice_name, "count": line.quantity} for line in lines]
    words = {"items": enumeration(parts)}
    return _("Your cart from this device was joined with the one of your account: %(items)s.") % words
