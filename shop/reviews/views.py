"""All reviews of an item, and the form to write one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shop.accounts.visitors import visitor_of
from shop.catalogue.models import Item
from shop.catalogue.paging import page_of
from shop.reviews.forms import ReviewForm
from shop.reviews.models import FEWEST_STARS, MOST_STARS, Review
from shop.reviews.selectors import star_counts
from shop.reviews.services import TooManyReviews, review_delete, review_write

if TYPE_CHECKING:
    from django.http import HttpRequest

PER_PAGE = 20


@require_safe
def reviews(request: HttpRequest, item_id: str) -> HttpResponse:
    """Every published review of an item, latest first, in pages; ``?stars=`` leaves those with so many."""
    item = _item(item_id)
    published = Review.objects.filter(item=item).published()
    by_stars = dict(published.order_by().values_list("stars").annotate(number=Count("pk")))
    stars = _stars_wanted(request)
    found = published.filter(stars=stars) if stars else published
    context = {
        "item": item,
        "page": page_of(request, found.order_by("-created_at", "-id"), per_page=PER_PAGE),
        "stars": stars,
        "counts": star_counts(by_stars),
        "total": sum(by_stars.values()),
    }
    return render(request, "reviews/reviews.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, item_id: str) -> HttpResponse:
    """Write a review of an item, or change one's own."""
    item = _item(item_id)
    shopper = visitor_of(request).shopper
    own = Review.objects.filter(item=item, shopper=shopper).first() if shopper else None
    form = ReviewForm(request.POST or None, review=own)
    if request.method == "POST" and form.is_valid():
        try:
            review = review_write(shopper=visitor_of(request).require_shopper(), item=item, opinion=form.opinion())
        except TooManyReviews as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _written_words(review))
            return redirect(f"{item.get_absolute_url()}#reviews")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "reviews/write.html", {"item": item, "own": own, "form": form}, status=status)


@login_required
@require_POST
def delete(request: HttpRequest, item_id: str) -> HttpResponse:
    """Take one's own review back."""
    item = _item(item_id)
    shopper = visitor_of(request).shopper
    if shopper is None or not review_delete(shopper=shopper, item=item):
        raise Http404
    messages.success(request, _("Your review is deleted."))
    return redirect(f"{item.get_absolute_url()}#reviews")


def _item(item_id: str) -> Item:
    """The item that the address names; reviews are of heads."""
    return get_object_or_404(Item.objects.listed().select_related("category", "cover"), item_id=item_id)


def _written_words(review: Review) -> str:
    if review.is_published:
        return _("Your review is as it was.")
    return _("Thank you. We read every review before it is shown.")


def _stars_wanted(request: HttpRequest) -> int | None:
    """The stars that the address asks for; what is no number of stars counts as absent."""
    wanted = request.GET.get("stars", "")
    return next((stars for stars in range(FEWEST_STARS, MOST_STARS + 1) if wanted == str(stars)), None)
