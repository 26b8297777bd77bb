"""The language of the pages: chosen by the visitor, remembered by the browser and by the account.

The first visit follows the browser's own wish (``Accept-Language``). A choice is
kept in a cookie, which Django's ``LocaleMiddleware`` reads before anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from shop.accounts.visitors import visitor_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from shop.accounts.models import User


class UnknownLanguage(Exception):
    """The shop has no pages in this language."""


def language_choose(request: HttpRequest, code: str) -> None:
    """Remember the visitor's choice, in this browser and, when signed in, with the account.

    Raises:
        UnknownLanguage: ``code`` is not among the shop's languages.
    """
    if code not in dict(settings.LANGUAGES):
        raise UnknownLanguage(code)
    visitor = visitor_of(request)
    visitor.leave_cookie(settings.LANGUAGE_COOKIE_NAME, code)
    account = visitor.account
    if account is not None and account.language != code:
        account.language = code
        account.save(update_fields=["language"])


@receiver(user_logged_in)
def bring_language(*, request: HttpRequest | None, user: User, **_others: Any) -> None:
    """A browser in which nothing was chosen yet speaks the account's language once somebody signs in."""
    if request is None or settings.LANGUAGE_COOKIE_NAME in request.COOKIES or not user.language:
        return
    if hasattr(cast("Any", request), "visitor"):
        visitor_of(request).leave_cookie(settings.LANGUAGE_COOKIE_NAME, user.language)
