"""The page of the cart and its forms.

Every form answers twice: with the contents of the page anew for HTMX, and with
a redirect for browsers without JavaScript.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from shop.accounts.returning import return_address
from shop.accounts.visitors import visitor_of
from shop.actions.sources import source_of
from shop.cart import keeping, services
from shop.cart.hooks import delivery_estimate
from shop.cart.models import HIGHEST_QUANTITY
from shop.cart.moves import HIGHEST_PLACE, Move, Moved, moved_of, whole_number, woven
from shop.cart.selectors import cart_summary, kept_entries
from shop.cart.sentences import (
    added_words,
    addition_words,
    joined_words,
    limited_words,
    moved_words,
    quantity_words,
    settled_words,
)
from shop.cart.services import NOT_RECORDED, CannotBeBought, VariantNeeded
from shop.catalogue.models import Item

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from shop.accounts.models import Shopper

# A form that adds several things at once comes from one shelf.
HIGHEST_SEVERAL = 20


class QuantityUnclear(ValueError):
    """What was typed is no quantity a cart can hold. The message is for the shopper."""

    def __init__(self) -> None:
        super().__init__(_("Please give a quantity from 1 to %(highest)d.") % {"highest": HIGHEST_QUANTITY})


@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    """What the visitor means to buy, and what they keep for later."""
    return render(request, "cart/cart.html", _contents(request))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put an item into the cart. A fragment for HTMX, else back to the page it stands on."""
    item = _item_of(request)
    try:
        change = services.cart_add(
            shopper=visitor_of(request).require_shopper(),
            item=item,
            quantity=_quantity_of(request),
            source=source_of(request),
        )
    except VariantNeeded as refusal:
        return _variants_first(request, refusal)
    except (CannotBeBought, QuantityUnclear) as refusal:
        return _answer(request, str(refusal), done=False)
    return _answer(request, added_words(change), done=True)


@require_POST
def add_several(request: HttpRequest) -> HttpResponse:
    """Put one each of several items into the cart, and tell which could not be had."""
    wanted = request.POST.getlist("item_id")[:HIGHEST_SEVERAL]
    found = {item.item_id: item for item in Item.objects.filter(item_id__in=wanted)}
    items = [found[item_id] for item_id in dict.fromkeys(wanted) if item_id in found]
    if not items:
        raise Http404
    addition = services.cart_add_several(
        shopper=visitor_of(request).require_shopper(), items=items, source=source_of(request)
    )
    return _answer(request, addition_words(addition), done=bool(addition.changes))


@require_POST
def update(request: HttpRequest) -> HttpResponse:
    """Change how many of an item are in the cart; 0 takes it out."""
    item, shopper = _item_of(request), _shopper_of(request)
    try:
        quantity = _quantity_of(request, lowest=0)
        change = services.cart_set_quantity(shopper=shopper, item=item, quantity=quantity)
    except (CannotBeBought, QuantityUnclear) as refusal:
        return _changed(request, problem=str(refusal))
    if quantity == 0:
        return _changed(request, moved=_moved(request, Move.REMOVED, item, 1))
    return _changed(request, problem=limited_words(change) if change.limited else "", told=quantity_words(change))


@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take an item out of the cart."""
    item, shopper = _item_of(request), _shopper_of(request)
    removed = services.cart_remove(shopper=shopper, item=item)
    quantity = _field(request, "quantity", lowest=1, highest=HIGHEST_QUANTITY)
    return _changed(request, moved=_moved(request, Move.REMOVED, item, quantity) if removed else None)


@require_POST
def put_back(request: HttpRequest) -> HttpResponse:
    """Undo ``remove``. No action is recorded: it was when the item was added."""
    item, shopper = _item_of(request), _shopper_of(request)
    try:
        services.cart_add(shopper=shopper, item=item, quantity=_quantity_of(request), source=NOT_RECORDED)
    except (CannotBeBought, QuantityUnclear) as refusal:
        return _changed(request, problem=str(refusal))
    return _changed(request, told=_back_words(item), focus=item.pk)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep an item of the cart for later."""
    item, shopper = _item_of(request), _shopper_of(request)
    kept = keeping.line_keep(shopper=shopper, item=item)
    if _undoes(request):
        return _changed(request, told=_back_words(item), focus=item.pk)
    quantity = _field(request, "quantity", lowest=1, highest=HIGHEST_QUANTITY)
    return _changed(request, moved=_moved(request, Move.KEPT, item, quantity) if kept else None)


@require_POST
def to_cart(request: HttpRequest) -> HttpResponse:
    """Put a kept item into the cart."""
    item, shopper = _item_of(request), _shopper_of(request)
    try:
        change = keeping.kept_to_cart(shopper=shopper, item=item)
    except CannotBeBought as refusal:
        return _changed(request, problem=str(refusal))
    if change is None:
        return _changed(request)
    problem = limited_words(change) if change.limited else ""
    if _undoes(request):
        return _changed(request, problem=problem, told=_back_words(item), focus=item.pk)
    return _changed(request, moved=_moved(request, Move.CARTED, item, change.quantity), problem=problem)


@require_POST
def drop(request: HttpRequest) -> HttpResponse:
    """Keep an item no longer."""
    item, shopper = _item_of(request), _shopper_of(request)
    dropped = keeping.kept_remove(shopper=shopper, item=item)
    quantity = _field(request, "quantity", lowest=1, highest=HIGHEST_QUANTITY)
    return _changed(request, moved=_moved(request, Move.DROPPED, item, quantity) if dropped else None)


@require_POST
def keep_again(request: HttpRequest) -> HttpResponse:
    """Undo ``drop``."""
    item, shopper = _item_of(request), _shopper_of(request)
    try:
        keeping.kept_put_back(shopper=shopper, item=item, quantity=_quantity_of(request))
    except (CannotBeBought, QuantityUnclear) as refusal:
        return _changed(request, problem=str(refusal))
    return _changed(request, told=_back_words(item), focus=item.pk)


@require_POST
def see(request: HttpRequest) -> HttpResponse:
    """The visitor has seen which prices changed and what was joined."""
    services.cart_see(_shopper_of(request))
    return _changed(request)


@require_POST
def settle(request: HttpRequest) -> HttpResponse:
    """Put aside what cannot be ordered, so that the rest can."""
    settlement = keeping.cart_settle(_shopper_of(request))
    return _changed(request, told=settled_words(settlement), shown=True)


def _contents(request: HttpRequest, moved: Moved | None = None) -> dict[str, Any]:
    """Everything the page of the cart shows; two queries."""
    shopper = visitor_of(request).shopper
    summary, kept = cart_summary(shopper), kept_entries(shopper)
    if request.method != "POST":
        moved = moved_of(request.GET.dict(), lines=summary.lines, kept=kept)
    from_cart = moved is not None and moved.from_cart
    estimate = delivery_estimate(summary.total) if summary.total else None
    return {
        "cart": summary,
        "rows": woven(summary.lines, moved if from_cart else None),
        "kept_rows": woven(kept, None if from_cart else moved),
        "kept_count": len(kept),
        "moved_words": moved_words(moved) if moved else "",
        "joined_words": joined_words(summary.joined) if summary.joined else "",
        "delivery": estimate,
        "sum_total": summary.total + (estimate.price if estimate else 0),
    }


def _changed(  # noqa: PLR0913 - what an answer may consist of
    request: HttpRequest,
    *,
    moved: Moved | None = None,
    problem: str = "",
    told: str = "",
    shown: bool = False,
    focus: int | None = None,
) -> HttpResponse:
    """The page after a change.

    Args:
        request: The form.
        moved: The line that left its list; it can be undone.
        problem: What did not go as wished; always shown.
        told: What happened, for those who cannot see it.
        shown: Whether ``told`` is shown to everybody.
        focus: Where the focus goes when what had it is gone: the key of an item, else the title of the page.
    """
    if not request.headers.get("HX-Request"):
        if problem:
            messages.warning(request, problem)
        elif shown and told:
            messages.success(request, told)
        return redirect(moved.address() if moved else reverse("cart:cart"))
    context = _contents(request, moved)
    context |= {
        "fragment": True,
        "focus": focus,
        "sentence": problem or (told if shown else ""),
        "told": "" if problem or shown else told or context["moved_words"],
    }
    return render(request, "cart/inc/changed.html", context)


def _item_of(request: HttpRequest) -> Item:
    """The item the form names; unpublished ones too, because they may have to leave the cart."""
    return get_object_or_404(Item, item_id=request.POST.get("item_id", ""))


def _shopper_of(request: HttpRequest) -> Shopper:
    """The visitor's shopper; who has none has no cart to change."""
    shopper = visitor_of(request).shopper
    if shopper is None:
        raise Http404
    return shopper


def _quantity_of(request: HttpRequest, *, lowest: int = 1) -> int:
    """The quantity typed, one more or less where a button of the stepper was pressed.

    Raises:
        QuantityUnclear: it is none.
    """
    quantity = whole_number(request.POST.get("quantity", "1"), lowest=lowest, highest=HIGHEST_QUANTITY)
    step = {"-1": -1, "1": 1}.get(request.POST.get("step", ""), 0)
    if quantity is None or quantity + step > HIGHEST_QUANTITY:
        raise QuantityUnclear
    return max(1, quantity + step) if step else quantity


def _field(request: HttpRequest, name: str, *, lowest: int, highest: int) -> int:
    """A number that the page itself put into the form; the lowest where it was tampered with."""
    number = whole_number(request.POST.get(name, ""), lowest=lowest, highest=highest)
    return lowest if number is None else number


def _undoes(request: HttpRequest) -> bool:
    """Whether the form is the undo of its opposite: what it brings back needs no undo of its own."""
    return "undo" in request.POST


def _moved(request: HttpRequest, move: Move, item: Item, quantity: int) -> Moved:
    place = _field(request, "place", lowest=0, highest=HIGHEST_PLACE)
    return Moved(move=move, item=item, quantity=quantity, place=place)


def _back_words(item: Item) -> str:
    return _("%(item)s is back.") % {"item": item.choice_name}


def _variants_first(request: HttpRequest, refusal: VariantNeeded) -> HttpResponse:
    """The page of the item is where its variants are chosen."""
    address = refusal.item.get_absolute_url()
    if not request.headers.get("HX-Request"):
        messages.info(request, str(refusal))
        return redirect(address)
    context = {"sentence": str(refusal), "link": address, "link_words": _("Choose")}
    return render(request, "inc/changes.html", context)


def _answer(request: HttpRequest, sentence: str, *, done: bool) -> HttpResponse:
    """What became of adding something, told on whatever page that was."""
    address = reverse("cart:cart")
    if not request.headers.get("HX-Request"):
        messages.add_message(request, messages.SUCCESS if done else messages.ERROR, sentence)
        return redirect(return_address(request, default=address))
    context = {"sentence": sentence, "link": address if done else "", "link_words": _("See cart")}
    return render(request, "inc/changes.html", context)
