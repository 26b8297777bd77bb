"""Search by photo: an upload in, the nearest items that can be had out.

The page and the API share everything here. An upload is looked at once: it is
never written anywhere by the shop, and what Django puts aside while a large
request arrives goes with the request.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommender.explanations import Explanation, shares_of
from recommender.panels import SERVING_ERRORS, Card, Shelf
from recommender.photos import open_photo
from recommender.session import NoPictureEncoder, Session, get_session
from shop.accounts.throttle import Allowance, client_address
from shop.catalogue.models import Item
from shop.catalogue.picture_files import PictureRefused

if TYPE_CHECKING:
    from django.http import HttpRequest
    from PIL.Image import Image

    from recommender.types import Recommendation

logger = logging.getLogger(__name__)

PANEL = "photo"
FIELD = "photo"
# Named one by one: asked for these, a telephone that takes photos in a kind of its own sends a JPEG.
ACCEPTED = "image/jpeg,image/png,image/webp,image/gif,image/avif,image/bmp,image/tiff"
# From one address, in so many seconds.
SEARCHES = 30
WINDOW_SECONDS = 60
# Some of what looks alike is sold out or gone; so many times more is asked for at first.
SPARE = 3
# What open_photo can say, where the collector of sentences finds it.
PROBLEMS = (
    gettext_noop("the file is empty"),
    gettext_noop("files ending in {ending} are not taken as pictures"),
    gettext_noop("the file is larger than {most:,} bytes"),
    gettext_noop("it has more than {most:,} pixels"),
    gettext_noop("{width} × {height} pixels are more than {most:,}"),
    gettext_noop("{width} × {height} pixels are too few; {least} across are the least"),
    gettext_noop("it is not a picture"),
    gettext_noop("it is damaged or cut short"),
)


class PhotoSearchRefused(Exception):
    """A search by photo cannot be answered.

    Attributes:
        status: What to answer with.
        words: What happened and what to do, for the visitor.
        headers: To send along.
    """

    def __init__(self, status: HTTPStatus, words: str, **headers: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.headers = headers


def is_open() -> bool:
    """Whether the model that is served can look at photos."""
    return get_session().sees_pictures


def refuse_long_body(request: HttpRequest) -> None:
    """Refuse a request by its announced length, before any of it is read.

    What is too large for a photo but not absurd is read and then told from, because a browser that is cut off
    while it sends shows no answer at all.

    Raises:
        PhotoSearchRefused: it is absurdly long.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isascii() and length.isdigit() and int(length) > 2 * settings.PICTURE_MAX_BYTES:
        raise _too_large()


def search(request: HttpRequest, k: int) -> Shelf:
    """The items that look most like the photo in the request and can be had, best first; one query for them.

    Raises:
        PhotoSearchRefused: with the status and the words to answer with.
    """
    refuse_long_body(request)
    _count_search(request)
    session = get_session()
    if not session.sees_pictures:
        raise _closed()
    return _nearest(session, _photo(request), k)


def _photo(request: HttpRequest) -> Image:
    """The photo of a request, decoded."""
    try:
        upload = request.FILES.get(FIELD)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise PhotoSearchRefused(
            HTTPStatus.BAD_REQUEST, _("The photo did not arrive whole. Please send it again.")
        ) from None
    if not isinstance(upload, UploadedFile):
        raise PhotoSearchRefused(HTTPStatus.BAD_REQUEST, _("Choose a photo first."))
    if (upload.size or 0) > settings.PICTURE_MAX_BYTES:
        raise _too_large()
    try:
        return open_photo(upload, name=upload.name or "")
    except PictureRefused as refused:
        words = _("This photo cannot be used: %(problem)s.") % {"problem": problem_words(refused)}
        raise PhotoSearchRefused(HTTPStatus.UNPROCESSABLE_ENTITY, words) from refused


def problem_words(refused: PictureRefused) -> str:
    """Why a photo was refused, in the language of the page; what a decoder says of itself helps nobody here."""
    pattern = _(refused.pattern.partition(" (")[0])
    return pattern.format(**refused.values) if refused.values else pattern


def _nearest(session: Session, picture: Image, k: int) -> Shelf:
    """Ask for more until there are ``k`` that can be had, or no more."""
    wanted = k * (1 + SPARE)
    while True:
        found = _looks_like(session, picture, wanted)
        items = {
            item.item_id: item
            for item in Item.objects.available().for_cards().filter(item_id__in=[one.item_id for one in found])
        }
        if len(items) >= k or len(found) < wanted:
            break
        wanted *= 8
    chosen = [one for one in found if one.item_id in items][:k]
    return Shelf(
        panel=PANEL,
        title=_("What comes closest"),
        sentence=_("Judged by your photo alone."),
        bundle=session.version,
        cards=tuple(
            Card(
                item=items[one.item_id],
                reason=_("Next closest to your photo") if position else _("Closest to your photo"),
                recommendation=one,
                panel=PANEL,
                position=position,
                why=Explanation(shares=shares_of(one.reason)),
            )
            for position, one in enumerate(chosen)
        ),
    )


def _looks_like(session: Session, picture: Image, k: int) -> list[Recommendation]:
    """What looks like the picture; what the session fills up with is no answer to a search."""
    try:
        found = session.looks_like(picture, k)
    except NoPictureEncoder:
        raise _closed() from None
    except SERVING_ERRORS as error:
        logger.exception("Model version %s could not look at a photo.", session.version)
        raise _closed() from error
    return [one for one in found if one.reason.source == "looks"]


def _count_search(request: HttpRequest) -> None:
    """Count one more search from this address; like sign-in, per process unless ``REDIS_URL`` is set.

    Raises:
        PhotoSearchRefused: that was one too many.
    """
    searches = Allowance("photo-search", client_address(request), most=SEARCHES, seconds=WINDOW_SECONDS)
    if not searches.take():
        words = _("That were many photos in a short time. Please wait a minute.")
        raise PhotoSearchRefused(HTTPStatus.TOO_MANY_REQUESTS, words, **{"Retry-After": str(WINDOW_SECONDS)})


def too_large_words() -> str:
    """What to say of a photo with too many bytes."""
    return _("This photo is too large; up to %(size)s are fine.") % {"size": filesizeformat(settings.PICTURE_MAX_BYTES)}


def _too_large() -> PhotoSearchRefused:
    return PhotoSearchRefused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large_words())


def _closed() -> PhotoSearchRefused:
    words = _("The shop has not learned to look at photos yet. It can once its model has been trained with pictures.")
    return PhotoSearchRefused(HTTPStatus.SERVICE_UNAVAILABLE, words)
