"""Reading reviews: for a product page in one query, for its search engines, for their authors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Case, Count, IntegerField, Q, Value, When, Window
from django.utils.formats import date_format

from shop.accounts.models import Shopper, shoppers_of
from shop.accounts.visitors import visitor_of
from shop.reviews.models import FEWEST_STARS, MOST_STARS, Review

if TYPE_CHECKING:
    from django.http import HttpRequest

    from shop.catalogue.models import Item

ON_A_PRODUCT_PAGE = 4


@dataclass(frozen=True, slots=True)
class StarCount:
    """How many gave so many stars. ``share`` is in percent of all, rounded down."""

    stars: int
    count: int
    share: int


@dataclass(frozen=True, slots=True)
class ProductReviews:
    """What a product page shows of its reviews.

    Attributes:
        shown: The latest published ones, without the visitor's own.
        own: The visitor's own, whether published or not.
        counts: How many gave five stars, four …
        total: How many are published.
    """

    shown: tuple[Review, ...] = ()
    own: Review | None = None
    counts: tuple[StarCount, ...] = field(default_factory=lambda: star_counts({}))
    total: int = 0

    @property
    def more(self) -> bool:
        """Whether there are published ones that the page does not show."""
        own_published = self.own is not None and self.own.is_published
        return self.total > len(self.shown) + own_published


def product_reviews(request: HttpRequest, item: Item) -> ProductReviews:
    """The reviews on the page of ``item``; read once a request, in one query, in none where there can be none."""
    holder = cast("Any", request)
    if not hasattr(holder, "product_reviews"):
        visitor = visitor_of(request)
        shopper = visitor.shopper if visitor.account else None
        holder.product_reviews = _read(item, shopper) if item.rating_count or shopper else ProductReviews()
    return cast("ProductReviews", holder.product_reviews)


def star_counts(by_stars: dict[int, int]) -> tuple[StarCount, ...]:
    """How many gave so many stars, five first."""
    total = sum(by_stars.values())
    return tuple(
        StarCount(stars, by_stars.get(stars, 0), 100 * by_stars.get(stars, 0) // total if total else 0)
        for stars in range(MOST_STARS, FEWEST_STARS - 1, -1)
    )


def review_facts(request: HttpRequest, item: Item) -> dict[str, Any]:
    """What schema.org is told of an item's reviews: the published ones alone."""
    if not item.rating_count:
        return {}
    reviews = product_reviews(request, item)
    own = (reviews.own,) if reviews.own is not None and reviews.own.is_published else ()
    return {
        "aggregateRating": {
            "@type": "AggregateRating",
            "ratingValue": str(item.rating_average),
            "reviewCount": item.rating_count,
            "bestRating": MOST_STARS,
            "worstRating": FEWEST_STARS,
        },
        "review": [_review_data(review) for review in (*own, *reviews.shown)],
    }


def reviews_export(shopper: Shopper) -> dict[str, list[dict[str, Any]]]:
    """Everything a shopper wrote, for them to see."""
    reviews = Review.objects.filter(shoppers_of(shopper)).select_related("item").order_by("pk")
    return {
        "reviews": [
            {
                "item": review.item.item_id,
                "stars": review.stars,
                "title": review.title,
                "text": review.text,
                "author": review.author,
                "verified": review.verified,
                "status": review.status,
                "created_at": review.created_at,
            }
            for review in reviews
        ]
    }


def _read(item: Item, shopper: Shopper | None) -> ProductReviews:
    """One query: the visitor's own review first, then the latest, each with the counts of all.

    The counts are windows over everything the WHERE lets through, which LIMIT does not cut.
    """
    published = Q(status=Review.Status.PUBLISHED)
    mine = When(shopper=shopper, then=Value(0)) if shopper else When(pk__in=[], then=Value(0))
    counts = {
        f"with_{stars}": Window(Count("pk", filter=published & Q(stars=stars)))
        for stars in range(FEWEST_STARS, MOST_STARS + 1)
    }
    rows = list(
        Review.objects.filter(item=item)
        .visible_to(shopper)
        .annotate(place=Case(mine, default=Value(1), output_field=IntegerField()), **counts)
        .order_by("place", "-created_at", "-id")[: ON_A_PRODUCT_PAGE + 1]
    )
    if not rows:
        return ProductReviews()
    by_stars = {stars: int(getattr(rows[0], f"with_{stars}")) for stars in range(FEWEST_STARS, MOST_STARS + 1)}
    own = rows[0] if shopper is not None and rows[0].shopper_id == shopper.pk else None
    shown = rows[1:] if own else rows[:ON_A_PRODUCT_PAGE]
    return ProductReviews(shown=tuple(shown), own=own, counts=star_counts(by_stars), total=sum(by_stars.values()))


def _review_data(review: Review) -> dict[str, Any]:
    data = {
        "@type": "Review",
        "author": {"@type": "Person", "name": review.signature},
        "datePublished": date_format(review.created_at, "Y-m-d"),
        "reviewRating": {"@type": "Rating", "ratingValue": review.stars, "bestRating": MOST_STARS},
        "reviewBody": review.text,
    }
    return data | ({"name": review.title} if review.title else {})
