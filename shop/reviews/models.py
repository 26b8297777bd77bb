"""Reviews: what one shopper says of one item."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import Shopper
from shop.catalogue.models import Item
from shop.orders.models import OrderLine

FEWEST_STARS, MOST_STARS = 1, 5
LONGEST_TITLE, LONGEST_TEXT, LONGEST_AUTHOR = 120, 4000, 60


class ReviewQuerySet(models.QuerySet["Review"]):
    """Vocabulary for choosing reviews."""

    def published(self) -> ReviewQuerySet:
        """Reviews that everybody may read."""
        return self.filter(status=Review.Status.PUBLISHED)

    def visible_to(self, shopper: Shopper | None) -> ReviewQuerySet:
        """Reviews that everybody may read, and the shopper's own."""
        return (
            self.published() if shopper is None else self.filter(Q(status=Review.Status.PUBLISHED) | Q(shopper=shopper))
        )


class Review(models.Model):
    """Stars and words of one shopper about one item: never a variant, always its head.

    Nobody but its author sees a review before the shop has published it, and a
    changed one is looked at anew. ``verified`` says that the author had bought
    the item when they wrote.
    """

    class Status(models.TextChoices):
        """What the shop has decided."""

        PENDING = "pending", _("to be looked at")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("not published")

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("item"))
    shopper = models.ForeignKey(Shopper, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("shopper"))
    order_line = models.ForeignKey(
        OrderLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("bought as")
    )
    stars = models.PositiveSmallIntegerField(
        _("stars"), validators=[MinValueValidator(FEWEST_STARS), MaxValueValidator(MOST_STARS)]
    )
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    text = models.TextField(_("review"), max_length=LONGEST_TEXT)
    author = models.CharField(_("name shown with it"), max_length=LONGEST_AUTHOR, blank=True)
    verified = models.BooleanField(_("verified purchase"), default=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering: ClassVar = ["-created_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="review_once_per_shopper", fields=["item", "shopper"]),
            models.CheckConstraint(
                name="review_stars_in_range", condition=Q(stars__gte=FEWEST_STARS, stars__lte=MOST_STARS)
            ),
            models.CheckConstraint(
                name="review_status_known", condition=Q(status__in=["pending", "published", "rejected"])
            ),
            models.CheckConstraint(name="review_says_something", condition=~Q(text="")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["item", "status", "-created_at"], name="review_by_item"),
            models.Index(fields=["status", "created_at"], name="review_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.stars}/{MOST_STARS} {self.title or self.text[:40]}"

    @property
    def signature(self) -> str:
        """Who is said to have written it."""
        return self.author or gettext("A shopper")

    @property
    def is_published(self) -> bool:
        """Everybody may read it."""
        return self.status == self.Status.PUBLISHED
