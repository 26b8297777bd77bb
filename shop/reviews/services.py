"""Writing, deleting and moderating reviews; the stars on the item always agree with what is published.

Whoever changes what is published locks the item's row first, so of two
moderators at the same moment the second counts what the first has done.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction
from django.db.models import Avg, Count, F, Q, Sum
from django.utils.translation import gettext as _

from shop.accounts.models import Shopper, shoppers_of
from shop.catalogue.models import Item
from shop.orders.models import Order, OrderLine, ReturnRequest
from shop.reviews.models import Review

if TYPE_CHECKING:
    from collections.abc import Iterable

WRITINGS_PER_WINDOW = 10
WINDOW_SECONDS = 60 * 60
HUNDREDTH = Decimal("0.01")


class TooManyReviews(Exception):
    """The shopper has written a lot within the hour. The message is for them."""

    def __init__(self) -> None:
        super().__init__(_("That is a lot of reviews for one hour. Please go on a little later."))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody says of an item.

    Attributes:
        stars: 1 to 5.
        text: In their words, never empty.
        title: The gist of it.
        author: The name to show, empty for none.
    """

    stars: int
    text: str
    title: str = ""
    author: str = ""


def review_write(*, shopper: Shopper, item: Item, opinion: Opinion) -> Review:
    """Keep what a shopper says of an item, in the place of what they said before; it waits to be looked at.

    Saying the same again changes nothing, so a published review stays published.

    Raises:
        TooManyReviews: see the class.
    """
    _count_writing(shopper)
    with transaction.atomic():
        head = Item.objects.select_for_update(of=("self",)).get(pk=item.head_key)
        review = Review.objects.filter(item=head, shopper=shopper).first() or Review(item=head, shopper=shopper)
        if review.pk and opinion == _opinion_of(review):
            return review
        review.stars, review.text = opinion.stars, opinion.text
        review.title, review.author = opinion.title, opinion.author
        review.order_line = purchase_of(shopper=shopper, item=head)
        review.verified = review.order_line is not None
        review.status = Review.Status.PENDING
        review.save()
        _ratings_refresh([head.pk])
    return review


def review_delete(*, shopper: Shopper, item: Item) -> bool:
    """Take a shopper's review of an item back; whether there was one."""
    return bool(_reviews_delete(Q(shopper=shopper, item=item.head_key)))


def reviews_delete(keys: Iterable[int]) -> int:
    """Delete reviews by their database keys; how many there were."""
    return _reviews_delete(Q(pk__in=list(keys)))


def reviews_forget(shopper: Shopper) -> None:
    """Erase what somebody who asked to be forgotten wrote."""
    _reviews_delete(shoppers_of(shopper))


def reviews_moderate(keys: Iterable[int], status: Review.Status) -> int:
    """Publish reviews, or take them out of sight; how many changed."""
    with transaction.atomic():
        chosen = Review.objects.filter(pk__in=list(keys)).exclude(status=status)
        items = _locked_items(chosen.values_list("item_id", flat=True))
        changed = chosen.update(status=status)
        _ratings_refresh(items)
    return changed


def purchase_of(*, shopper: Shopper, item: Item) -> OrderLine | None:
    """The line with which the shopper bought the item, in whichever size: paid for, not cancelled, not all sent back."""
    paid = Order.objects.filter(shoppers_of(shopper), paid_at__isnull=False, cancelled_at=None)
    lines = OrderLine.objects.filter(Q(item=item.head_key) | Q(item__variant_of=item.head_key), order__in=paid)
    back = Sum("returns__quantity", filter=Q(returns__request__status=ReturnRequest.Status.REFUNDED), default=0)
    return lines.annotate(back=back).filter(back__lt=F("quantity")).order_by("-pk").first()


def reviews_of_order_check(order: Order) -> None:
    """Look again whether reviews on the strength of this order are by somebody who bought: it may be undone."""
    for review in Review.objects.filter(order_line__order=order).select_related("shopper", "item"):
        line = purchase_of(shopper=review.shopper, item=review.item)
        Review.objects.filter(pk=review.pk).update(order_line=line, verified=line is not None)


def _opinion_of(review: Review) -> Opinion:
    return Opinion(stars=review.stars, text=review.text, title=review.title, author=review.author)


def _reviews_delete(condition: Q) -> int:
    with transaction.atomic():
        chosen = Review.objects.filter(condition)
        items = _locked_items(chosen.values_list("item_id", flat=True))
        deleted, _by_model = chosen.delete()
        _ratings_refresh(items)
    return deleted


def _locked_items(keys: Iterable[int]) -> list[int]:
    """Lock the items' rows in the order of their keys."""
    items = Item.objects.select_for_update(of=("self",)).filter(pk__in=set(keys)).order_by("pk")
    return list(items.values_list("pk", flat=True))


def _ratings_refresh(item_keys: Iterable[int]) -> None:
    """Count what is published of these items, which the caller has locked."""
    for key in item_keys:
        found = Review.objects.published().filter(item=key).aggregate(average=Avg("stars"), count=Count("pk"))
        average = None
        if found["average"] is not None:
            average = Decimal(str(found["average"])).quantize(HUNDREDTH, rounding=ROUND_HALF_UP)
        Item.objects.filter(pk=key).update(rating_average=average, rating_count=found["count"])


def _count_writing(shopper: Shopper) -> None:
    """Let so many reviews pass within the window, then no more."""
    key = f"reviews:written:{shopper.pk}"
    cache.add(key, 0, timeout=WINDOW_SECONDS)
    try:
        written = cache.incr(key)
    except ValueError:  # it ran out between the two lines
        written = 1
        cache.set(key, written, timeout=WINDOW_SECONDS)
    if written > WRITINGS_PER_WINDOW:
        raise TooManyReviews
