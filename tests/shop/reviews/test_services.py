"""Writing, moderating and deleting reviews, and the stars that follow."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from shop.accounts import hooks
from shop.catalogue.models import Item
from shop.orders.fulfilment import order_cancel
from shop.orders.models import OrderLine
from shop.orders.returns import return_approve, return_ask, return_receive
from shop.reviews import services
from shop.reviews.models import Review
from shop.reviews.services import (
    Opinion,
    TooManyReviews,
    purchase_of,
    review_delete,
    review_write,
    reviews_delete,
    reviews_moderate,
)
from tests.concurrency import run_together
from tests.factories import ItemFactory, OrderFactory, OrderLineFactory, ReviewFactory, ShopperFactory

pytestmark = pytest.mark.django_db

PUBLISHED, REJECTED, PENDING = Review.Status.PUBLISHED, Review.Status.REJECTED, Review.Status.PENDING


def rating(item: Item) -> tuple[Decimal | None, int]:
    item.refresh_from_db()
    return item.rating_average, item.rating_count


def publish(*stars: int, item: Item | None = None) -> Item:
    """An item with published reviews of so many stars."""
    found: Item = item or ItemFactory.create()
    made = [ReviewFactory.create(item=found, stars=number).pk for number in stars]
    reviews_moderate(made, PUBLISHED)
    return found


def bought(item: Item, **order: Any) -> OrderLine:
    line: OrderLine = OrderLineFactory.create(
        item=item, order=OrderFactory.create(**{"status": "paid", "paid_at": timezone.now()} | order)
    )
    return line


def test_a_review_waits_and_counts_only_once_it_is_published() -> None:
    item, shopper = ItemFactory.create(), ShopperFactory.create()
    review = review_write(shopper=shopper, item=item, opinion=Opinion(stars=5, text="Good."))
    assert (review.status, review.verified) == (PENDING, False)
    assert rating(item) == (None, 0)
    assert reviews_moderate([review.pk], PUBLISHED) == 1
    assert rating(item) == (Decimal("5.00"), 1)
    assert reviews_moderate([review.pk], PUBLISHED) == 0
    assert reviews_moderate([review.pk], REJECTED) == 1
    assert rating(item) == (None, 0)


@pytest.mark.parametrize(("stars", "average"), [((5, 4), "4.50"), ((5, 4, 4), "4.33"), ((5, 5, 4), "4.67")])
def test_the_average_is_rounded_to_hundredths(stars: tuple[int, ...], average: str) -> None:
    assert rating(publish(*stars)) == (Decimal(average), len(stars))


def test_a_changed_review_waits_again_and_takes_its_stars_along() -> None:
    item = publish(1)
    review = publish(5, item=item).reviews.get(stars=5)
    opinion = Opinion(stars=3, text="On second thoughts.", title="Hm", author="Ada")
    changed = review_write(shopper=review.shopper, item=item, opinion=opinion)
    assert (changed.pk, changed.status, changed.stars) == (review.pk, PENDING, 3)
    assert rating(item) == (Decimal("1.00"), 1)


def test_saying_the_same_again_changes_nothing() -> None:
    item = publish(4)
    review = item.reviews.get()
    same = review_write(shopper=review.shopper, item=item, opinion=Opinion(stars=4, text=review.text))
    assert same.status == PUBLISHED
    assert rating(item) == (Decimal("4.00"), 1)


def test_a_review_of_a_variant_is_one_of_its_head() -> None:
    head = ItemFactory.create()
    variant = ItemFactory.create(variant_of=head, variant_name="S")
    shopper = ShopperFactory.create()
    line = bought(variant, shopper=shopper)
    review = review_write(shopper=shopper, item=variant, opinion=Opinion(stars=5, text="Fits."))
    assert (review.item, review.verified, review.order_line) == (head, True, line)
    assert review_delete(shopper=shopper, item=variant)


def test_only_a_paid_order_of_ones_own_that_stands_is_a_purchase() -> None:
    item = ItemFactory.create()
    shopper = ShopperFactory.create()
    for wrong in (
        {"shopper": ShopperFactory.create()},
        {"shopper": shopper, "paid_at": None, "status": "pending"},
        {"shopper": shopper, "status": "cancelled", "cancelled_at": timezone.now()},
    ):
        bought(item, **wrong)
    bought(ItemFactory.create(), shopper=shopper)
    assert purchase_of(shopper=shopper, item=item) is None
    as_guest = bought(item, shopper=ShopperFactory.create(merged_into=shopper))
    assert purchase_of(shopper=shopper, item=item) == as_guest


def send_back(line: OrderLine, quantity: int) -> None:
    request = return_ask(order=line.order, quantities={line.pk: quantity}, reason="damaged")
    return_approve(request)
    return_receive(request)


def test_who_sends_all_pieces_back_has_not_bought() -> None:
    now, shopper = timezone.now(), ShopperFactory.create()
    line = bought(ItemFactory.create(), shopper=shopper, status="delivered", sent_at=now, delivered_at=now)
    OrderLine.objects.filter(pk=line.pk).update(quantity=2)
    assert line.item is not None
    review = review_write(shopper=shopper, item=line.item, opinion=Opinion(stars=5, text="Good."))
    for pieces_back, verified in ((1, True), (2, False)):
        send_back(line, 1)
        review.refresh_from_db()
        assert (review.verified, review.order_line is not None) == (verified, verified), pieces_back
        assert (purchase_of(shopper=shopper, item=line.item) == line) is verified


def test_who_cancels_has_not_bought_unless_they_did_before() -> None:
    item, shopper = ItemFactory.create(), ShopperFactory.create()
    before, last = bought(item, shopper=shopper), bought(item, shopper=shopper)
    review = review_write(shopper=shopper, item=item, opinion=Opinion(stars=5, text="Good."))
    for cancelled, left in ((last, before), (before, None)):
        order_cancel(cancelled.order)
        review.refresh_from_db()
        assert (review.order_line, review.verified) == (left, left is not None)


def test_who_deletes_takes_the_stars_along() -> None:
    item = publish(5, 1)
    review = item.reviews.get(stars=1)
    assert review_delete(shopper=review.shopper, item=item)
    assert not review_delete(shopper=review.shopper, item=item)
    assert rating(item) == (Decimal("5.00"), 1)
    assert reviews_delete(item.reviews.values_list("pk", flat=True)) == 1
    assert rating(item) == (None, 0)


def test_who_is_forgotten_wrote_nothing() -> None:
    item = publish(5, 1)
    review = item.reviews.get(stars=1)
    hooks.forget(review.shopper)
    assert list(item.reviews.values_list("stars", flat=True)) == [5]
    assert rating(item) == (Decimal("5.00"), 1)


def test_ones_reviews_are_among_ones_data() -> None:
    review = ReviewFactory.create(item__item_id="cup", title="Fine", author="Ada")
    ReviewFactory.create()
    (row,) = hooks.export(review.shopper)["reviews"]
    assert row == {
        "item": "cup",
        "stars": 4,
        "title": "Fine",
        "text": "Does what it should.",
        "author": "Ada",
        "verified": False,
        "status": "pending",
        "created_at": review.created_at,
    }


def test_nobody_writes_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "WRITINGS_PER_WINDOW", 2)
    shopper, opinion = ShopperFactory.create(), Opinion(stars=5, text="Buy it.")
    for _number in range(2):
        review_write(shopper=shopper, item=ItemFactory.create(), opinion=opinion)
    with pytest.raises(TooManyReviews):
        review_write(shopper=shopper, item=ItemFactory.create(), opinion=opinion)
    assert Review.objects.count() == 2
    review_write(shopper=ShopperFactory.create(), item=ItemFactory.create(), opinion=opinion)


def test_one_review_for_each_shopper_and_item_within_bounds() -> None:
    review = ReviewFactory.create()
    for wrong in (
        {"shopper": review.shopper, "item": review.item},
        {"stars": 0},
        {"stars": 6},
        {"text": ""},
        {"status": "maybe"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewFactory.create(**wrong)


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_once_count_each_others_reviews() -> None:
    item = ItemFactory.create()
    keys = [ReviewFactory.create(item=item, stars=stars).pk for stars in (1, 2, 4, 5)]
    assert run_together(*(partial(reviews_moderate, [key], PUBLISHED) for key in keys)) == [1, 1, 1, 1]
    assert rating(item) == (Decimal("3.00"), 4)


@pytest.mark.usefixtures("file_database")
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_makes_one_review() -> None:
    item, shopper = ItemFactory.create(), ShopperFactory.create()
    write = partial(review_write, shopper=shopper, item=item, opinion=Opinion(stars=5, text="Good."))
    results = run_together(write, write)
    assert [type(result) for result in results] == [Review, Review]
    assert Review.objects.count() == 1
